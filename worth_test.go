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
	setThreads(t, 2)
	if n := told(0, 0, 0).parts(leastWork); n != 2 {
		t.Errorf("before anything is known: %d parts, want 2", n)
	}
	for _, c := range []struct {
		waited int64
		least  float64
	}{{10, leastWork}, {50, leastWork}, {100, 1e5}, {250, 2.5e5}, {100_000, threadWork}} {
		w := told(100, 1e5, c.waited)
		if got := float64(w.least.Load()); got != c.least {
			t.Errorf("100 of work, then %d of waiting, at 100,000 operations: it pays from %v, want %v", c.waited, got, c.least)
		}
		if n := w.parts(threadWork); n != 2 {
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

// TestWorthSteady: it goes by most regions, not by those that were disturbed or that saw two clocks.
// If no worker ever comes in time, work is left to one thread.
func TestWorthSteady(t *testing.T) {
	w := told(100, 1e5, 50)
	for i := range 1000 {
		if i%3 == 0 {
			w.learn(1e5, 100, 100_000, i%2 == 0)
		} else {
			w.learn(1e5, 100, 50, true)
		}
		if n := w.parts(1e5); n != 2 {
			t.Fatalf("after %d disturbances: %d parts, want 2", i/3+1, n)
		}
	}
	if w = told(100, 1e5, 250); w.least.Load() != 2.5e5 {
		t.Fatalf("it pays from %d, want 250,000", w.least.Load())
	}
	if w.learn(1e5, 100, 0, true); w.least.Load() != 1.25e5 {
		t.Errorf("after one short wait it pays from %d, want 125,000", w.least.Load())
	}
	w = told(100, 1e5, 50)
	for _, times := range [][2]int64{{0, 100}, {-100, 1 << 62}, {100, -100}, {0, 0}} {
		w.learn(1e5, times[0], times[1], true)
		if least := w.least.Load(); least < leastWork || least > 1e5 {
			t.Errorf("after %d of work and %d of waiting it pays from %d", times[0], times[1], least)
		}
	}
	for range 100 {
		w.learn(1e5, 100, 0, false)
	}
	if got := w.least.Load(); got != threadWork {
		t.Errorf("without workers it pays from %d, want %v", got, threadWork)
	}
}

// TestWorthTeaches: a region after one to which no worker came says nothing; of others, one in 17
// does, and each that is a trial.
func TestWorthTeaches(t *testing.T) {
	var w *workers
	count := func(work float64, chunks int, helps bool) (n int) {
		for range 16 * 17 {
			if w.teaches(work, chunks) {
				n++
			}
			if helps {
				w.until++
			}
		}
		return n
	}
	for _, c := range []struct {
		what   string
		learnt int64 // how long was waited before, for 100 of work
		work   float64
		chunks int
		helps  bool
		want   int
	}{
		{"two chunks", 10, 1e5, 2, true, 16},
		{"trials", 1000, 1e5, 2, true, 272},
		{"one chunk", 10, 1e5, 1, true, 0},
		{"more chunks", 10, 1e5, 4, true, 0},
		{"much work", 10, threadWork, 2, true, 0},
		{"no worker comes", 10, 1e5, 2, false, 0},
		{"no worker comes to trials", 1000, 1e5, 2, false, 1}, // one had come before
	} {
		w = told(100, 1e5, c.learnt)
		w.until = 5
		if n := count(c.work, c.chunks, c.helps); n != c.want {
			t.Errorf("%s: %d of 272 regions teach, want %d", c.what, n, c.want)
		}
	}
	w.alive.Store(0)
	if n := count(1e5, 2, true); n != 0 {
		t.Errorf("with no worker awake %d regions teach", n)
	}
}

// TestLayout: what a worker needs first does not begin in one line of the cache and end in another,
// as the linker puts the variable at a multiple of 32; and a float32 product lies in current as a
// float64 one does, its pointers too.
func TestLayout(t *testing.T) {
	first, size := unsafe.Offsetof(pool.state), unsafe.Offsetof(pool.job)+unsafe.Sizeof(pool.job)-unsafe.Offsetof(pool.state)
	if first%32 != 0 || size > 32 {
		t.Errorf("%d bytes from %d on", size, first)
	}
	g := shared[float32]()
	if unsafe.Offsetof(g.alpha) != unsafe.Offsetof(current.alpha) || unsafe.Sizeof(*g) > unsafe.Sizeof(current) {
		t.Errorf("%d bytes of a float32 product, then alpha, %d in all; of a float64 one %d and %d",
			unsafe.Offsetof(g.alpha), unsafe.Sizeof(*g), unsafe.Offsetof(current.alpha), unsafe.Sizeof(current))
	}
}
