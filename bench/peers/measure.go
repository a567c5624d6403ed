package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"unsafe"

	"github.com/db75a6f2/downhill"
	"github.com/db75a6f2/downhill/bench/peers/internal/turns"
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

// duels times a rival and Downhill on all shapes, alternating, and writes the rows.
func duels(w io.Writer, name string, rival contender, all []shape, threads, round int, p turns.Pace) error {
	out := json.NewEncoder(w)
	us := ours()
	for _, s := range all {
		base := row{Rival: name, Shape: s.ID, Threads: threads, Round: round}
		rows, err := duel(base, s, player[float32]{rival.f32, rival.do}, player[float32]{us.f32, us.do}, p)
		if err != nil {
			return err
		}
		more, err := duel(base, s, player[float64]{rival.f64, rival.do}, player[float64]{us.f64, us.do}, p)
		if err != nil {
			return err
		}
		rows = append(rows, more...)
		for _, r := range rows {
			if err := out.Encode(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// player is a contender's product in one type.
type player[T downhill.Float] struct {
	run product[T]
	do  func(func())
}

// duel times one shape in one type. It returns no rows if the rival does not do it.
func duel[T downhill.Float](base row, s shape, rival, us player[T], p turns.Pace) ([]row, error) {
	if rival.run == nil {
		return nil, nil
	}
	a, b, c := random[T](1, s.M*s.K), random[T](2, s.K*s.N), make([]T, s.M*s.N)
	var sides [2]*turns.Side
	rows := []row{base, base}
	rows[0].Library, rows[1].Library = base.Rival, project
	for i, x := range []player[T]{rival, us} {
		for i := range c {
			c[i] = T(math.NaN())
		}
		able := false
		x.do(func() { able = x.run(1, s, a, b, c) })
		if !able {
			return nil, nil
		}
		rows[i].Correct = check(s, a, b, c)
		sides[i] = &turns.Side{
			Do: func(block func()) {
				x.do(block)
				rows[i].Correct = check(s, a, b, c) && rows[i].Correct
			},
			Time: turns.Clock(func(calls int) error {
				if !x.run(calls, s, a, b, c) {
					return fmt.Errorf("%s refuses %s, which it did at first", rows[i].Library, s.ID)
				}
				return nil
			}),
		}
	}
	ceiling, err := turns.Take(p, base.Threads, sides[:]...)
	if err != nil {
		return nil, err
	}
	for i, x := range sides {
		rows[i].Type = typeName[T]()
		rows[i].Rate = s.flops() / x.Median() / 1e9
		rows[i].Ceiling = ceiling * 4 / float64(unsafe.Sizeof(T(0)))
	}
	return rows, nil
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
		at := q * 104729 % (s.M * s.N) // a prime, so that they come all over C
		i, j := at/s.N, at%s.N
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
