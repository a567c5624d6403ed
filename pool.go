package downhill

import (
	"math"
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
// pointer to a value that is kept, not a fresh one. A panic or a runtime.Goexit in Do on another
// thread ends the program, like any panic in a goroutine.
func Split(n int, work float64, job Rows) {
	if n <= 0 {
		return
	}
	parts := pool.parts(work)
	chunk := (n-1)/parts + 1
	if parts == 1 || chunk > math.MaxInt32 || !pool.begin() { // state has 32 bits for a chunk
		job.Do(0, n)
		return
	}
	defer pool.end()
	pool.run(n, chunk, work, job)
}

const (
	// A worker that finds no work polls this often, some 50-100 us, then ends. A
	// goroutine is as cheap to start as a parked one is to wake, so between bursts
	// of work nothing is left behind.
	polls = 100_000
	// Between polls it lets other goroutines run, this often.
	pollsPerYield = 2_000
)

// workers is the one parallel region of the program and the threads that help
// with it. A region is a number of chunks. Whoever comes takes one: the caller the
// first that is left, a worker the last, so that over many like regions a thread
// finds in its cache what it used before. The caller takes all that nobody else
// does, so a late worker costs nothing.
type workers struct {
	busy  atomic.Bool  // a region runs
	alive atomic.Int32 // goroutines in work
	until int64        // what done is once the region is; its owner's
	worth

	_ [80]byte
	// What a worker needs to begin is in one line of the cache: 32 bytes that begin at a multiple
	// of 32, as the variable does on amd64.
	state atomic.Uint64 // rows of a chunk << 32 | first chunk left << 16 | end of those left
	n     int           // rows; fixed, like job, while the region runs
	job   Rows
	_     [64]byte
	done  atomic.Int64 // chunks that workers have done, ever
	_     [64]byte
}

var pool workers

// cores are what threads can run on at the same time. More threads than that would wait
// for each other.
var cores = runtime.NumCPU()

// maxThreads is the number of threads that a region may have.
func maxThreads() int { return min(runtime.GOMAXPROCS(0), cores) }

// begin makes the caller the owner of the region until end, unless there is one.
func (w *workers) begin() bool { return w.busy.CompareAndSwap(false, true) }

// end gives the region back, when workers have done what they took. It leaves job as it is while
// there are workers: to write what they have just read costs as much as to hand them work.
func (w *workers) end() {
	w.join()
	w.busy.Store(false)
	w.forget()
}

// forget lets go of the memory that the last region was about, once there are no workers
// any more: the last of them does, or the owner of a region that outlasts them.
func (w *workers) forget() {
	if w.alive.Load() == 0 && w.begin() {
		w.job = nil
		current = gemm[float64]{}
		w.busy.Store(false)
	}
}

// run does job's rows 0..n, which are so much work, in chunks of the given size, all but what workers
// have taken when it returns. The caller owns the region.
func (w *workers) run(n, chunk int, work float64, job Rows) {
	chunks := (n-1)/chunk + 1
	before, begun := w.until, int64(0)
	if w.teaches(work, chunks) {
		begun = ticks()
	}
	w.until += int64(chunks - 1)
	w.n, w.job = n, job
	w.state.Store(uint64(chunk)<<32 | 1<<16 | uint64(chunks)) // the first is taken
	if int(w.alive.Load()) < chunks-1 {
		w.wake(chunks - 1)
	}
	job.Do(0, min(chunk, n))
	for {
		lo, hi, ok := w.take(true)
		if !ok {
			break
		}
		w.until--
		job.Do(lo, hi)
	}
	if begun != 0 {
		ended := ticks()
		w.join()
		w.learn(work, ended-begun, ticks()-ended, w.until > before)
	}
}

// wake starts workers until there are as many as wanted, or one for each thread
// beside the caller's.
func (w *workers) wake(want int) {
	want = min(want, maxThreads()-1)
	for int(w.alive.Load()) < want {
		w.alive.Add(1)
		go work()
	}
}

// join waits for the workers' chunks. If one of the owner's panicked, it first takes back those that
// nobody has begun.
func (w *workers) join() {
	for s := w.state.Load(); s>>16&0xffff != s&0xffff; s = w.state.Load() {
		if w.state.CompareAndSwap(s, s&^0xffffffff) {
			w.until -= int64(s&0xffff) - int64(s>>16&0xffff)
		}
	}
	for n := 1; w.done.Load() < w.until; n++ {
		if n%pollsPerYield == 0 {
			runtime.Gosched()
		}
	}
}

// take takes a chunk, if one is left, by compare-and-swap on what is left and returns its rows.
// The region cannot end before the chunk is done, so n and job are its own. If the worker had looked
// at an earlier region that had as much left, it does not matter: it takes a chunk of this one.
func (w *workers) take(caller bool) (lo, hi int, ok bool) {
	for {
		s := w.state.Load()
		i, end, left := int(s>>16&0xffff), int(s&0xffff), s+1<<16
		if i == end {
			return 0, 0, false
		}
		if !caller {
			i, left = end-1, s-1
			nearer()
		}
		if w.state.CompareAndSwap(s, left) {
			chunk := int(s >> 32)
			lo = i * chunk
			return lo, lo + min(chunk, w.n-lo), true
		}
	}
}

// work is a worker: it helps until it has found nothing to do for a while.
func work() {
	helped, ended := false, false
	defer func() {
		if !ended { // whoever waits for its chunk would wait forever
			panic("downhill: Split: Do panicked or ended its goroutine")
		}
	}()
	for idle := 0; idle < polls; {
		if lo, hi, ok := pool.take(false); ok {
			pool.job.Do(lo, hi)
			pool.done.Add(1)
			helped, idle = true, 0
			continue
		}
		if idle++; idle%pollsPerYield == 0 {
			runtime.Gosched()
		}
	}
	if helped {
		pool.vain.Store(0)
	} else if pool.vain.Load() < 6 {
		pool.vain.Add(1)
	}
	pool.alive.Add(-1)
	pool.forget()
	ended = true
}
