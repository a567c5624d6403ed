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
// pointer to a value that is kept, not a fresh one. A panic or a runtime.Goexit in Do on another
// thread ends the program, like any panic in a goroutine.
func Split(n int, work float64, job Rows) {
	if n <= 0 {
		return
	}
	parts := pool.parts(work)
	if parts == 1 || !pool.begin() {
		job.Do(0, n)
		return
	}
	defer pool.end()
	pool.run(n, (n-1)/parts+1, job)
}

const (
	// Work is counted in operations that the machine does some 100 of in a
	// nanosecond.
	coldWork   = 5e6   // from which a second thread pays if it must be woken, which takes some 10-50 us
	threadWork = 0.5e6 // for each further thread
	partWork   = 10e6  // of a part, where a thread gets more than one

	// A worker that finds no work polls this often, some 50-100 us, then ends. A
	// goroutine is as cheap to start as a parked one is to wake, so between bursts
	// of work nothing is left behind.
	polls = 100_000
	// Between polls it lets other goroutines run, this often.
	pollsPerYield = 2_000
)

// hotWork is the work from which a second thread pays if it is awake.
var hotWork = pays(cpu)

func pays(cpu features) float64 {
	if cpu&mesh != 0 {
		return 0.2e6
	}
	return 0.12e6
}

// workers is the one parallel region of the program and the threads that help
// with it. A region is a number of chunks. Whoever comes takes one: the caller the
// first that is left, a worker the last, so that over many like regions a thread
// finds in its cache what it used before. The caller takes all that nobody else
// does, so a late worker costs nothing.
type workers struct {
	busy  atomic.Bool  // a region runs
	alive atomic.Int32 // goroutines in work
	alone atomic.Int64 // operations that would have paid for more threads than were awake
	vain  atomic.Int32 // how often in a row a worker found nothing to do at all

	_ [64]byte
	// What a worker needs to begin is in one line of the cache.
	state    atomic.Uint64 // number of the region << 32 | first chunk left << 16 | end of those left
	n, chunk int           // fixed, like job, while the region runs
	job      Rows
	_        [64]byte
	done     atomic.Int64 // chunks that workers have done, ever
	_        [64]byte
}

var pool workers

// cores are what threads can run on at the same time. More threads than that would wait
// for each other.
var cores = runtime.NumCPU()

// maxThreads is the number of threads that a region may have.
func maxThreads() int { return min(runtime.GOMAXPROCS(0), cores) }

// parts says into how many parts work operations are worth splitting: 1, or as many
// for each thread, a few where there is much work so that a slow thread does not
// hold up the rest.
func (w *workers) parts(work float64) int {
	if !(work >= hotWork) || w.busy.Load() {
		return 1
	}
	threads := int(w.alive.Load()) + 1
	if want := 2 + int(min(work/threadWork, 1<<13)); threads < want && (work >= coldWork || w.often(work)) {
		threads = min(want, maxThreads())
	}
	if threads == 1 {
		return 1
	}
	each := int(min(4, 1+work/float64(partWork*float64(threads))))
	return min(threads*each, 1<<15)
}

// often counts work that found too few threads awake. It says yes once so much has
// come that waking some for the next is cheap beside it: more and more if workers come
// in vain, because the system runs them where it should run the caller.
func (w *workers) often(work float64) bool {
	if w.alone.Add(int64(work)) < int64(coldWork)<<w.vain.Load() {
		return false
	}
	w.alone.Store(0)
	return true
}

// begin makes the caller the owner of the region until end, unless there is one.
func (w *workers) begin() bool { return w.busy.CompareAndSwap(false, true) }

// end gives the region back. It leaves job as it is while there are workers: to write what
// they have just read costs as much as to hand them work.
func (w *workers) end() {
	w.busy.Store(false)
	w.forget()
}

// forget lets go of the memory that the last region was about, once there are no workers
// any more: the last of them does, or the owner of a region that outlasts them.
func (w *workers) forget() {
	if w.alive.Load() == 0 && w.begin() {
		w.job = nil
		shared32, shared64 = gemm[float32]{}, gemm[float64]{}
		w.busy.Store(false)
	}
}

// run does job's rows 0..n in chunks of the given size. The caller owns the region.
func (w *workers) run(n, chunk int, job Rows) {
	chunks := (n-1)/chunk + 1
	w.job, w.n, w.chunk = job, n, chunk
	until := w.done.Load() + int64(chunks-1)
	w.state.Store((w.state.Load()>>32+1)<<32 | 1<<16 | uint64(chunks)) // the first is taken
	defer func() { w.join(until) }()
	if int(w.alive.Load()) < chunks-1 {
		w.wake(chunks - 1)
	}
	w.do(0)
	for {
		i, ok := w.take(true)
		if !ok {
			break
		}
		until--
		w.do(i)
	}
}

// do does chunk i of the region.
func (w *workers) do(i int) {
	lo := i * w.chunk
	w.job.Do(lo, lo+min(w.chunk, w.n-lo))
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

// join waits until workers have done so many chunks: those that the caller has not. If
// one of its own panicked, it first takes back those that nobody has begun.
func (w *workers) join(until int64) {
	for s := w.state.Load(); s>>16&0xffff != s&0xffff; s = w.state.Load() {
		if w.state.CompareAndSwap(s, s&^0xffffffff) {
			until -= int64(s&0xffff) - int64(s>>16&0xffff)
		}
	}
	for n := 1; w.done.Load() < until; n++ {
		if n%pollsPerYield == 0 {
			runtime.Gosched()
		}
	}
}

// take takes a chunk, if one is left, by compare-and-swap on the region's number and
// the chunks left at once: so a worker that looked at an earlier region takes nothing.
// The region cannot end before the chunk is done, so job, n and chunk are its own.
func (w *workers) take(caller bool) (i int, ok bool) {
	for {
		s := w.state.Load()
		first, end := int(s>>16&0xffff), int(s&0xffff)
		if first == end {
			return 0, false
		}
		if caller {
			if w.state.CompareAndSwap(s, s+1<<16) {
				return first, true
			}
			continue
		}
		nearer()
		if w.state.CompareAndSwap(s, s-1) {
			return end - 1, true
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
		if i, ok := pool.take(false); ok {
			pool.do(i)
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
