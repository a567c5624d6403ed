package downhill

import "sync/atomic"

// Work is counted in operations that the machine does some 100 of in a nanosecond.
const (
	leastWork  = 0.06e6 // from which a second thread may pay if it is awake
	coldWork   = 5e6    // from which it pays if it must be woken, which takes some 10-50 us
	threadWork = 0.5e6  // from which it always pays if it is awake; for each further thread
	partWork   = 10e6   // of a part, where a thread gets more than one
)

// worth learns from how much work on a second thread pays. The CPU's name does not tell: what one
// core wrote takes 50 ns to another, or 250 where they share no cache, and a virtual machine is moved
// from one pair of cores to the other while it runs.
type worth struct {
	least   atomic.Int64 // the operations from which it pays, if more than leastWork; at most threadWork
	alone   atomic.Int64 // operations that would have paid for more threads than were awake
	vain    atomic.Int32 // how often in a row a worker found nothing to do at all
	regions uint32       // that might have taught something; this and seen are their owner's
	seen    int64        // until, when the last one began
}

// parts says into how many parts work operations are worth splitting: 1, or as many for each thread,
// a few where there is much work so that a slow thread does not hold up the rest.
func (w *workers) parts(work float64) int {
	if !(work >= leastWork) || w.busy.Load() {
		return 1
	}
	// What did not pay is tried in one of 64 spells of some 0.2 ms: long enough to wake a worker.
	if work < float64(w.least.Load()) && uint32(ticks()>>19)*0x9e3779b1>>26 != 0 {
		return 1
	}
	threads, want := int(w.alive.Load())+1, 2+int(min(work/threadWork, 1<<13))
	if threads < want && (work >= coldWork || w.often(work)) {
		threads = maxThreads()
	}
	threads = min(threads, want)
	if threads == 1 {
		return 1
	}
	each := int(min(4, 1+work/float64(partWork*float64(threads))))
	return min(threads*each, 1<<15)
}

// often counts work that found too few threads awake. It says yes once so much has
// come that waking some for the next is cheap beside it: more and more if workers come
// in vain, because the system runs them where it should run the caller.
func (w *worth) often(work float64) bool {
	if w.alone.Add(int64(work)) < int64(coldWork)<<w.vain.Load() {
		return false
	}
	w.alone.Store(0)
	return true
}

// teaches says whether a region in so many chunks is one to learn from, provided that workers are awake
// and came to the one before: each that is a trial, and every seventeenth, so that it is not the same
// one of each training step.
func (w *workers) teaches(work float64, chunks int) bool {
	if chunks != 2 || work >= threadWork {
		return false
	}
	came := w.until != w.seen && w.alive.Load() > 0
	w.seen = w.until
	w.regions++
	return came && (w.regions%17 == 0 || work < float64(w.least.Load()))
}

// learn is told of a region in two chunks how long its owner worked and then waited for a worker's
// chunk, or that no worker came. One thread would have worked about twice as long and not waited: so half
// of the least work takes as long as the wait.
//
// It goes much further down in a step than up, and so finds what one wait in 15 stays below:
// disturbances make waits longer, not shorter.
func (w *worth) learn(work float64, worked, waited int64, helped bool) {
	least, seen := max(float64(w.least.Load()), leastWork), threadWork
	if helped { // whoever moved to a core whose clock is behind has seen nothing unusual
		seen = min(seen, work*float64(waited)/float64(max(worked, 1)))
	}
	w.least.Store(int64(max(leastWork, least/2, min(seen, least*1.05))))
}
