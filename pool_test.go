package downhill

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// tally counts how often each row was done.
type tally []atomic.Int32

func (t tally) Do(lo, hi int) {
	for i := lo; i < hi; i++ {
		t[i].Add(1)
	}
}

const plenty = 1e9 // operations, so that Split splits

// setThreads allows so many threads, on fewer cores too.
func setThreads(t *testing.T, n int) {
	before, had := runtime.GOMAXPROCS(n), cores
	cores = n
	t.Cleanup(func() { runtime.GOMAXPROCS(before); cores = had })
}

// TestSplit: every row is done exactly once, whatever the sizes, also when Splits nest
// or run beside each other.
func TestSplit(t *testing.T) {
	for _, threads := range []int{1, 2, 3, 8} {
		setThreads(t, threads)
		for _, n := range []int{0, 1, 2, 7, 100, 1001} {
			for range 50 {
				rows := make(tally, n)
				Split(n, plenty, rows)
				for i := range rows {
					if c := rows[i].Load(); c != 1 {
						t.Fatalf("%d threads, %d rows: row %d was done %d times", threads, n, i, c)
					}
				}
			}
		}
	}
	var group sync.WaitGroup
	for range 16 {
		group.Add(1)
		go func() {
			defer group.Done()
			for range 100 {
				inner := make(tally, 50)
				Split(10, plenty, nest{inner})
				for i := range inner {
					if c := inner[i].Load(); c != 10 {
						t.Errorf("row %d was done %d times, want 10", i, c)
					}
				}
			}
		}()
	}
	group.Wait()
}

// TestSplitAnyWork: whatever the caller says of the work, each row is done once.
func TestSplitAnyWork(t *testing.T) {
	setThreads(t, 2)
	for _, work := range []float64{-1, 0, 1e5, 1e300, math.Inf(1), math.NaN()} {
		rows := make(tally, 10)
		Split(10, work, rows)
		for i := range rows {
			if c := rows[i].Load(); c != 1 {
				t.Fatalf("work %v: row %d was done %d times", work, i, c)
			}
		}
	}
}

// TestSplitWaits: the row that a worker does is done when Split returns, and once, though
// the worker takes its time.
func TestSplitWaits(t *testing.T) {
	setThreads(t, 2)
	if runtime.GOMAXPROCS(0) < 2 {
		t.Skip("no threads")
	}
	for range 5 {
		m := &meeting{rows: make(tally, 2)}
		Split(2, plenty, m)
		if a, b := m.rows[0].Load(), m.rows[1].Load(); a != 1 || b != 1 {
			t.Fatalf("the caller's row was done %d times, the worker's %d times", a, b)
		}
	}
}

// TestSplitHuge: nothing wraps, however many rows there are.
func TestSplitHuge(t *testing.T) {
	setThreads(t, 3)
	for _, n := range []int{math.MaxInt, math.MaxInt - 1, math.MaxInt - 100} {
		var rows ranges
		Split(n, plenty, &rows)
		if rows.sum.Load() != int64(n) || rows.bad.Load() {
			t.Errorf("%d rows: %d were done", n, rows.sum.Load())
		}
	}
}

// ranges adds up the rows of its chunks.
type ranges struct {
	sum atomic.Int64
	bad atomic.Bool
}

func (r *ranges) Do(lo, hi int) {
	r.sum.Add(int64(hi) - int64(lo))
	if lo < 0 || lo >= hi {
		r.bad.Store(true)
	}
}

// TestSplitGoexit: a Do that ends its goroutine ends the program, rather than leave the caller
// waiting.
func TestSplitGoexit(t *testing.T) {
	if os.Getenv("DOWNHILL_TEST_GOEXIT") != "" {
		setThreads(t, 2)
		for range 100 { // until a worker has come for the second row
			Split(2, plenty, exits{&meeting{rows: make(tally, 2)}})
		}
		return
	}
	self := exec.Command(os.Args[0], "-test.run=^TestSplitGoexit$", "-test.timeout=60s")
	self.Env = append(os.Environ(), "DOWNHILL_TEST_GOEXIT=1")
	out, err := self.CombinedOutput()
	if ended := new(exec.ExitError); err != nil && !errors.As(err, &ended) {
		t.Skip("this program cannot start itself: ", err) // under an emulator
	}
	if err == nil || !strings.Contains(string(out), "panic: downhill: Split: Do panicked or ended its goroutine") {
		t.Errorf("%v: %s", err, out)
	}
}

// exits is a meeting whose second row ends its goroutine, unless that is the caller's.
type exits struct{ *meeting }

func (e exits) Do(lo, hi int) {
	if lo > 0 && !e.begun.Load() {
		e.begun.Store(true)
		runtime.Goexit()
	}
	e.meeting.Do(lo, hi)
}

// meeting is done by two threads: the first row waits until the second has begun, which
// then is slow.
type meeting struct {
	begun atomic.Bool
	rows  tally
}

func (m *meeting) Do(lo, hi int) {
	if lo == 0 {
		for patience := time.Now().Add(10 * time.Second); !m.begun.Load() && time.Now().Before(patience); {
			runtime.Gosched()
		}
	} else {
		m.begun.Store(true)
		time.Sleep(5 * time.Millisecond)
	}
	m.rows.Do(lo, hi)
}

// nest splits rows within each of its own.
type nest struct{ rows tally }

func (n nest) Do(lo, hi int) {
	for range hi - lo {
		Split(len(n.rows), plenty, n.rows)
	}
}

// TestSplitPanic: a panic in the caller's own part comes through, and the next Split
// works as if nothing had happened.
func TestSplitPanic(t *testing.T) {
	setThreads(t, 1)
	region := func(job Rows) {
		pool.begin()
		defer pool.end()
		pool.run(10, 1, 0, job)
	}
	if got := panicOf(func() { region(panics{}) }); got != "as told" {
		t.Fatalf("panic is %q", got)
	}
	rows := make(tally, 10)
	region(rows)
	for i := range rows {
		if rows[i].Load() != 1 {
			t.Fatalf("row %d was done %d times", i, rows[i].Load())
		}
	}
}

type panics struct{}

func (panics) Do(lo, hi int) { panic("as told") }

// TestThreadsBits: the number of threads does not show, to the bit, on products large
// enough to be split in every way.
func TestThreadsBits(t *testing.T) {
	if testing.Short() {
		t.Skip("large products")
	}
	rng := rand.New(rand.NewPCG(27, 28))
	for _, size := range [][3]int{{300, 300, 300}, {32, 128, 784}, {784, 128, 64}, {2, 4000, 400}, {4000, 3, 400}, {100, 700, 700},
		{64, 784, 128}, {128, 10, 64}, {64, 10, 128}, {1, 128, 784}, {10, 1000, 300}} {
		for _, beta := range []float32{0, 0.7} {
			for _, tA := range transposes {
				for _, tB := range transposes {
					p := newProduct(rng, tA, tB, size[0], size[1], size[2], 1, beta, 0)
					setThreads(t, 1)
					want := p.run(of[float32](active))
					for _, threads := range []int{2, 3, 8} {
						setThreads(t, threads)
						for range 3 {
							if i := firstDiff(p.run(of[float32](active)), want); i >= 0 {
								t.Fatalf("%v on %d threads: differs at %d", p, threads, i)
							}
						}
					}
				}
			}
		}
	}
}

// TestStorm multiplies from many goroutines while the world stops all the time.
func TestStorm(t *testing.T) {
	setThreads(t, max(2, runtime.GOMAXPROCS(0)))
	rng := rand.New(rand.NewPCG(29, 30))
	p := newProduct(rng, NoTrans, Trans, 150, 170, 260, float32(1), 0, 0) // large enough to be split
	want := p.run(of[float32](active))
	stop := make(chan struct{})
	var storm, group sync.WaitGroup
	storm.Add(1)
	go func() {
		defer storm.Done()
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	}()
	for range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			for range 10 {
				if i := firstDiff(p.run(of[float32](active)), want); i >= 0 {
					t.Errorf("differs at %d", i)
				}
			}
		}()
	}
	group.Wait()
	close(stop)
	storm.Wait()
}

// TestWorkersEnd: no goroutine is left behind.
func TestWorkersEnd(t *testing.T) {
	setThreads(t, 4)
	Split(1000, plenty, make(tally, 1000))
	for range 1000 {
		if pool.alive.Load() == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d workers are alive after a second", pool.alive.Load())
}

// TestAllocations: nothing is allocated once buffers are warm, on any path.
func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	t.Run("float32", testAllocations[float32])
	t.Run("float64", testAllocations[float64])
}

func testAllocations[T Float](t *testing.T) {
	setThreads(t, 2)
	rng := rand.New(rand.NewPCG(31, 32))
	x := random[T](rng, 200)
	y := make([]T, 200)
	var rows Rows = make(tally, 100)
	factors := AdamFactors[T]{Root: 1, Eps: 1}
	calls := map[string]func(){
		"Axpy":        func() { Axpy(0.5, x, y) },
		"Tanh":        func() { Tanh(y, x) },
		"Dot":         func() { Dot(x, y) },
		"Softmax":     func() { Softmax(y, x) },
		"SoftmaxRows": func() { var m, logs [20]T; SoftmaxRows(m[:], logs[:], y, x) },
		"AddRow":      func() { AddRow(y, 20, 10, 10, x[:10]) },
		"AdamW":       func() { AdamW(y[:50], y[50:100], y[100:150], x[:50], &factors) },
		"SumRows":     func() { SumRows(y[:10], 20, 10, x, 10, 0) },
		"Split":       func() { Split(100, plenty, rows) },
	}
	sizes := map[string][3]int{"small": {4, 16, 2}, "on two threads": {160, 160, 160}, "packed": {128, 600, 600}}
	if testing.Short() {
		sizes = map[string][3]int{"small": {4, 16, 2}}
	}
	for name, size := range sizes {
		for _, tB := range transposes {
			p := newProduct(rng, NoTrans, tB, size[0], size[1], size[2], T(1), T(0), 0)
			calls["Gemm "+name+fmt.Sprint(tB)] = func() {
				Gemm(p.tA, p.tB, p.m, p.n, p.k, p.alpha, p.a, p.lda, p.b, p.ldb, p.beta, p.c, p.ldc)
			}
		}
	}
	for name, call := range calls {
		for range 20 {
			call()
		}
		if n := testing.AllocsPerRun(20, call); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}
