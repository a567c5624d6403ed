package downhill

import (
	"testing"
	"time"
	"unsafe"
)

// told are two threads that so often saw a region whose owner worked for 100 ticks and waited for
// some more.
func told(times int, work float64, waited int64) *workers {
	w := new(workers)
	w.alive.Store(1)
	for range times {
		w.learn(work, 100, waited, true)
	}
	return w
}

// TestWorth: where handing over takes long, small work is left to one thread, and no larger than that.
func TestWorth(t *testing.T) {
	if n := told(0, 0, 0).parts(leastWork); n != 2 {
		t.Errorf("before anything is known: %d parts, want 2", n)
	}
	for _, c := range []struct {
		waited int64
		least  float64
	}{{10, leastWork}, {50, leastWork}, {100, 1e5}, {250, 2.5e5}, {100_000, 4 * learnWork}} {
		w := told(100, 1e5, c.waited)
		if got := float64(w.least.Load()); got < c.least*0.99 || got > c.least*1.01 {
			t.Errorf("100 of work, then %d of waiting, at 100,000 operations: it pays from %v, want %v", c.waited, got, c.least)
		}
		if n := w.parts(4 * learnWork); n != 2 {
			t.Errorf("much work in %d parts, want 2", n)
		}
	}
}

// TestWorthTries: work that did not pay is tried now and then, since that may have changed.
func TestWorthTries(t *testing.T) {
	if ticks() == 0 {
		t.Skip("there is no clock, so nothing is ever learned")
	}
	w := told(100, 1e5, 1000)
	var parts [3]int
	for end := time.Now().Add(10 * time.Second); parts[1] == 0 || parts[2] == 0; {
		parts[w.parts(1e5)]++
		if time.Now().After(end) {
			t.Fatalf("in 10 s it was not split %d times, and split %d times", parts[1], parts[2])
		}
	}
	for range 10 {
		w.learn(1e5, 100, 10, true)
	}
	if n := w.parts(leastWork); n != 2 {
		t.Errorf("when threads are near again: %d parts, want 2", n)
	}
}

// TestWorthSteady: it goes by most regions, not by those that were disturbed or where a clock is
// of no use. If no worker ever comes in time, work is left to one thread.
func TestWorthSteady(t *testing.T) {
	w := told(100, 1e5, 50)
	for i := range 1000 {
		if i%3 == 0 {
			w.learn(1e5, 100, 100_000, i%2 == 0)
		} else {
			w.learn(1e5, 100, 50, true)
		}
		w.learn(1e5, 0, 100, true)
		w.learn(1e5, 100, -100, true)
		if n := w.parts(1e5); n != 2 {
			t.Fatalf("after %d disturbances: %d parts, want 2", i/3+1, n)
		}
	}
	for range 100 {
		w.learn(1e5, 100, 0, false)
	}
	if got := w.least.Load(); got != 4*learnWork {
		t.Errorf("without workers it pays from %d, want %v", got, 4*learnWork)
	}
}

// TestWorthTeaches: a region after one to which no worker came says nothing; of others, one in 16
// does, and each that is a trial.
func TestWorthTeaches(t *testing.T) {
	w := told(0, 0, 0)
	count := func(work float64, chunks int, done func(i int) int64) (n int) {
		for i := range 160 {
			if w.teaches(work, chunks, done(i)) {
				n++
			}
		}
		return n
	}
	helped, alone := func(i int) int64 { return int64(i + 1) }, func(int) int64 { return 160 }
	for _, c := range []struct {
		what   string
		work   float64
		chunks int
		done   func(int) int64
		want   int
	}{{"work of two chunks", 1e5, 2, helped, 10}, {"more chunks", 1e5, 4, helped, 0}, {"too much work", 2 * learnWork, 2, helped, 0},
		{"no worker came", 1e5, 2, alone, 0}} {
		if n := count(c.work, c.chunks, c.done); n != c.want {
			t.Errorf("%s: %d of 160 regions teach, want %d", c.what, n, c.want)
		}
	}
	w = told(100, 1e5, 1000)
	if n := count(1e5, 2, helped); n != 160 {
		t.Errorf("trials: %d of 160 teach, want all", n)
	}
}

// TestOneLine: what a worker needs first does not begin in one line of the cache and end in another,
// as the linker puts the variable at a multiple of 32.
func TestOneLine(t *testing.T) {
	first, size := unsafe.Offsetof(pool.state), unsafe.Offsetof(pool.job)+unsafe.Sizeof(pool.job)-unsafe.Offsetof(pool.state)
	if first%32 != 0 || size > 32 {
		t.Errorf("%d bytes from %d on", size, first)
	}
}
