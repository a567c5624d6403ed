package main

import (
	"encoding/json"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"syscall"
	"time"
	"unsafe"

	"github.com/db75a6f2/downhill"
	"github.com/db75a6f2/downhill/bench"
)

// row is one figure: a library's rate on a shape in one process.
type row struct {
	Rival   string // whose process it is
	Library string // the rival, or "downhill" beside it
	Type    string
	Shape   string
	Threads int
	Round   int
	Rate    float64 // GFLOP/s, median of the batches
	Ceiling float64 // GFLOP/s of multiply-adds alone, for the type, around it
	Correct bool
}

const project = "downhill"

// pace says how long things are timed.
type pace struct {
	warmUp time.Duration // of a contender on a shape
	blocks int           // of each contender, alternating
	block  time.Duration
	enough time.Duration // time in blocks after which a contender needs no further one
}

var (
	full  = pace{20 * time.Millisecond, 4, 20 * time.Millisecond, 500 * time.Millisecond}
	quick = pace{5 * time.Millisecond, 1, 5 * time.Millisecond, 0}
)

const (
	batch = time.Millisecond     // what is timed at once takes at least this
	wake  = 2 * time.Millisecond // of calls at the start of a block wake the threads, untimed
)

// duels times a rival and Downhill on all shapes, alternating, and writes the rows.
func duels(w io.Writer, name string, rival contender, all []shape, threads, round int, p pace) error {
	out := json.NewEncoder(w)
	us := ours()
	for _, s := range all {
		base := row{Rival: name, Shape: s.ID, Threads: threads, Round: round}
		rows := duel(base, s, rival.f32, us.f32, rival.do, us.do, p)
		rows = append(rows, duel(base, s, rival.f64, us.f64, rival.do, us.do, p)...)
		for _, r := range rows {
			if err := out.Encode(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// duel times one shape in one type. It returns no rows if the rival does not do it.
func duel[T downhill.Float](base row, s shape, rival, us product[T], rivalDo, usDo func(func()), p pace) []row {
	if rival == nil {
		return nil
	}
	a, b, c := random[T](1, s.M*s.K), random[T](2, s.K*s.N), make([]T, s.M*s.N)
	sides := [2]*side{
		{run: func(calls int) bool { return rival(calls, s, a, b, c) }, do: rivalDo},
		{run: func(calls int) bool { return us(calls, s, a, b, c) }, do: usDo},
	}
	runtime.GC()
	for _, x := range sides {
		for i := range c {
			c[i] = T(math.NaN())
		}
		x.do(func() { x.able = x.run(1) })
		if !x.able {
			return nil
		}
		x.correct = check(s, a, b, c)
		x.do(func() { x.warmUp(p) })
		settle()
	}
	ceiling := bench.Ceiling(base.Threads)
	for range p.blocks {
		for _, x := range sides {
			if len(x.took) == 0 || x.spent < p.enough {
				x.do(func() { x.block(p) })
				settle()
			}
		}
	}
	ceiling = max(ceiling, bench.Ceiling(base.Threads))

	rows := []row{base, base}
	for i, x := range sides {
		rows[i].Library = [2]string{base.Rival, project}[i]
		rows[i].Type = typeName[T]()
		rows[i].Rate = s.flops() / median(x.took) / 1e9
		rows[i].Ceiling = ceiling * 4 / float64(unsafe.Sizeof(T(0)))
		rows[i].Correct = x.correct
	}
	return rows
}

// side is one of the two contenders of a duel.
type side struct {
	run           func(calls int) bool
	do            func(func())
	able, correct bool
	calls         int           // of a batch
	took          []float64     // seconds a call took, for each batch
	spent         time.Duration // in blocks
}

func (x *side) time() time.Duration {
	began := time.Now()
	x.run(x.calls)
	return time.Since(began)
}

// warmUp sizes the batch as well.
func (x *side) warmUp(p pace) {
	x.calls = 1
	for began := time.Now(); ; {
		if t := x.time(); t < batch {
			x.calls *= 2
		} else if time.Since(began) >= p.warmUp {
			return
		}
	}
}

func (x *side) block(p pace) {
	if x.calls > 1 {
		for began := time.Now(); time.Since(began) < wake; {
			x.time()
		}
	}
	for spent := time.Duration(0); spent < p.block; {
		t := x.time()
		x.took = append(x.took, t.Seconds()/float64(x.calls))
		spent += t
		x.spent += t
	}
}

// settle waits until no thread of the process works. The idle threads of a pool spin
// for some milliseconds before they sleep and would take the second core from whoever
// comes next.
func settle() {
	for range 100 {
		began, cpu := time.Now(), cpuTime()
		time.Sleep(2 * time.Millisecond)
		if cpuTime()-cpu < time.Since(began)/10 {
			return
		}
	}
}

// cpuTime is what all threads of the process have used so far.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// check compares elements of C with sums in float64.
func check[T downhill.Float](s shape, a, b, c []T) bool {
	tolerance := 1e-13 * math.Sqrt(float64(s.K))
	if unsafe.Sizeof(T(0)) == 4 {
		tolerance = 6e-5 * math.Sqrt(float64(s.K))
	}
	ar, ac, br, bc := s.lda(), 1, s.ldb(), 1
	if s.TA {
		ar, ac = 1, s.lda()
	}
	if s.TB {
		br, bc = 1, s.ldb()
	}
	for q := range 200 {
		i, j := q*7919%s.M, q*104729%s.N // primes, so that they come all over C
		sum := 0.0
		for p := range s.K {
			sum += float64(a[i*ar+p*ac]) * float64(b[p*br+j*bc])
		}
		if !(math.Abs(float64(c[i*s.N+j])-sum) <= tolerance) {
			return false
		}
	}
	return true
}

func random[T downhill.Float](seed uint64, n int) []T {
	rng := rand.New(rand.NewPCG(seed, 0))
	x := make([]T, n)
	for i := range x {
		x[i] = T(rng.Float64() - 0.5)
	}
	return x
}

func typeName[T downhill.Float]() string {
	if unsafe.Sizeof(T(0)) == 4 {
		return "float32"
	}
	return "float64"
}

func median(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	x = slices.Sorted(slices.Values(x))
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}
