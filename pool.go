package downhill

import (
	"runtime"
	"sync/atomic"
)

// Rows is work on rows that can be done in any order and at the same time. Do
// does rows lo to hi-1.
type Rows interface {
	Do(lo, hi int)
}

// Split does rows 0 to n-1 of job, on up to GOMAXPROCS threads if the whole is
// worth it: work says about how many floating-point operations it takes. Every
// row is done exactly once, and all are done when Split returns.
//
// The threads are the same that Gemm uses. One region runs on them at a time: a
// Split inside a Split, or beside another goroutine's, does all its rows itself,
// since the other cores are busy then. Split allocates nothing itself; give it a
// pointer to a value that is kept, not a fresh one. A panic in Do on another
// thread ends the program, like any panic in a goroutine.
func Split(n int, work float64, job Rows) {
	if n <= 0 {
		return
	}
	parts := pool.parts(work)
	if parts == 1 {
		job.Do(0, n)
		return
	}
	pool.run(n, (n+parts-1)/parts, job)
}

const (
	hotWork  = 0.25e6 // operations from which a second thread pays if it is awake
	coldWork = 5e6    // and if it must be woken, which takes some 10-50 us
	partWork = 0.1e6  // operations in the smallest part worth handing over

	// A worker that finds no work polls this often, some 50-100 us, then ends. A
	// goroutine is as cheap to start as a parked one is to wake, so between bursts
	// of work nothing is left behind.
	polls = 100_000
	// Between polls it lets other goroutines run, this often.
	pollsPerYield = 2_000
)

// workers is the one parallel region of the program and the threads that help
// with it. A region is a number of chunks; whoever comes takes the next one, and
// the caller takes chunks too, so a late worker costs nothing.
type workers struct {
	busy  atomic.Bool  // a region runs
	alive atomic.Int32 // goroutines in work

	_     [64]byte
	state atomic.Uint64 // number of the region << 32 | chunks not yet taken
	_     [64]byte
	open  atomic.Int64 // chunks not yet done
	_     [64]byte

	// Fixed while a chunk of the region is open.
	job      Rows
	n, chunk int
}

var pool workers

// parts says into how many parts work operations are worth splitting: 1, or
// some for each thread so that a slow one does not hold up the rest.
func (w *workers) parts(work float64) int {
	if work < hotWork || work < coldWork && w.alive.Load() == 0 || w.busy.Load() {
		return 1
	}
	threads := runtime.GOMAXPROCS(0)
	if threads == 1 {
		return 1
	}
	return int(min(4*float64(threads), work/partWork))
}

// run does job's rows 0..n in chunks of the given size.
func (w *workers) run(n, chunk int, job Rows) {
	chunks := (n + chunk - 1) / chunk
	if chunks == 1 || !w.busy.CompareAndSwap(false, true) {
		job.Do(0, n)
		return
	}
	w.job, w.n, w.chunk = job, n, chunk
	w.open.Store(int64(chunks))
	region := w.state.Load()>>32 + 1
	w.state.Store(region<<32 | uint64(chunks))
	defer w.end()
	for want := min(runtime.GOMAXPROCS(0), chunks) - 1; int(w.alive.Load()) < want; {
		w.alive.Add(1)
		go work()
	}
	for w.help() {
	}
}

// end waits for the chunks that workers took. If the caller's own chunk
// panicked, it first takes back those that nobody has begun.
func (w *workers) end() {
	s := w.state.Load()
	for !w.state.CompareAndSwap(s, s&^0xffffffff) {
		s = w.state.Load()
	}
	w.open.Add(-int64(uint32(s)))
	for n := 1; w.open.Load() > 0; n++ {
		if n%pollsPerYield == 0 {
			runtime.Gosched()
		}
	}
	w.job = nil
	w.busy.Store(false)
}

// help does one chunk, if one is left. A chunk is taken by compare-and-swap on
// the region's number and the count at once, so a worker that looked at an
// earlier region takes nothing; and the region cannot end before the chunk is
// done, so job, n and chunk are its own.
func (w *workers) help() bool {
	s := w.state.Load()
	left := int(uint32(s))
	if left == 0 {
		return false
	}
	if !w.state.CompareAndSwap(s, s-1) {
		return true
	}
	defer w.open.Add(-1)
	lo := (left - 1) * w.chunk
	w.job.Do(lo, min(w.n, lo+w.chunk))
	return true
}

// work is a worker: it helps until it has found nothing to do for a while.
func work() {
	for idle := 1; idle <= polls; idle++ {
		if pool.help() {
			idle = 0
		}
		if idle%pollsPerYield == 0 {
			runtime.Gosched()
		}
	}
	pool.alive.Add(-1)
}
