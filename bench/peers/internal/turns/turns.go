// Package turns times contenders in turn, block by block, so that all see the same
// clock and the same neighbours.
package turns

import (
	"runtime"
	"syscall"
	"time"

	"github.com/db75a6f2/downhill/bench"
	"github.com/db75a6f2/downhill/bench/peers/internal/stats"
)

// Pace says how long things are timed.
type Pace struct {
	warmUp time.Duration // of a contender
	blocks int           // of each contender, alternating
	block  time.Duration
	enough time.Duration // time in blocks after which a contender needs no further one
}

var (
	Full  = Pace{20 * time.Millisecond, 4, 20 * time.Millisecond, 500 * time.Millisecond}
	Quick = Pace{5 * time.Millisecond, 1, 5 * time.Millisecond, 0}
)

const (
	batch = time.Millisecond     // what is timed at once takes at least this
	wake  = 2 * time.Millisecond // of calls at the start of a block wake the threads, untimed
)

// Side is one of the contenders.
type Side struct {
	// Time makes so many calls and returns what they took.
	Time func(calls int) (time.Duration, error)
	// Do runs a block of them.
	Do func(block func())

	calls int           // of a batch
	took  []float64     // seconds a call took, for each batch
	spent time.Duration // in blocks
}

// Clock makes a Time of calls in this process.
func Clock(run func(calls int) error) func(calls int) (time.Duration, error) {
	return func(calls int) (time.Duration, error) {
		began := time.Now()
		err := run(calls)
		return time.Since(began), err
	}
}

// Directly is a Do that is nothing special.
func Directly(block func()) { block() }

// Median is the seconds that a call took, the median of the batches.
func (x *Side) Median() float64 { return stats.Median(x.took) }

// Take warms the sides up and times them. It returns the ceiling in GFLOP/s, of float32
// multiply-adds on so many threads, the higher of those before and after.
func Take(p Pace, threads int, sides ...*Side) (ceiling float64, err error) {
	runtime.GC()
	do := func(x *Side, work func(Pace) error) {
		if err == nil {
			x.Do(func() { err = work(p) })
			Settle()
		}
	}
	for _, x := range sides {
		do(x, x.warmUp)
	}
	ceiling = bench.Ceiling(threads)
	for range p.blocks {
		for _, x := range sides {
			if len(x.took) == 0 || x.spent < p.enough {
				do(x, x.block)
			}
		}
	}
	return max(ceiling, bench.Ceiling(threads)), err
}

// warmUp sizes the batch as well.
func (x *Side) warmUp(p Pace) error {
	x.calls = 1
	for began := time.Now(); ; {
		t, err := x.Time(x.calls)
		if err != nil {
			return err
		}
		if t < batch {
			x.calls *= 2
		} else if time.Since(began) >= p.warmUp {
			return nil
		}
	}
}

func (x *Side) block(p Pace) error {
	if x.calls > 1 {
		for began := time.Now(); time.Since(began) < wake; {
			if _, err := x.Time(x.calls); err != nil {
				return err
			}
		}
	}
	for spent := time.Duration(0); spent < p.block; {
		t, err := x.Time(x.calls)
		if err != nil {
			return err
		}
		x.took = append(x.took, t.Seconds()/float64(x.calls))
		spent += t
		x.spent += t
	}
	return nil
}

// Settle waits until no thread of the process works. The idle threads of a pool spin
// for some milliseconds before they sleep and would take the second core from whoever
// comes next.
func Settle() {
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
