//go:build gc && !purego && !noasm

package bench

import (
	"sync"
	"time"

	"github.com/db75a6f2/downhill"
)

// Ceiling returns the GFLOP/s that float32 multiply-adds on registers reach on so many
// threads at once, in bursts of about a millisecond: with the vectors that the kernel
// set in use has, or 0 if it is not assembly. That of float64 is half of it.
func Ceiling(threads int) float64 {
	loop, lanes := fmaAVX2, 8
	switch downhill.Kernel() {
	case "avx512":
		loop, lanes = fmaAVX512, 16
	case "avx2":
	default:
		return 0
	}
	const rounds, chains = 200_000, 12
	best := 0.0
	for range 3 {
		var group sync.WaitGroup
		began := time.Now()
		for range threads {
			group.Add(1)
			go func() {
				defer group.Done()
				loop(rounds)
			}()
		}
		group.Wait()
		flops := float64(2 * rounds * chains * lanes * threads)
		best = max(best, flops/float64(time.Since(began).Nanoseconds()))
	}
	return best
}

// fmaAVX2 does 12 independent multiply-adds of 8 float32 a round.
//
//go:noescape
func fmaAVX2(rounds int)

// fmaAVX512 does 12 independent multiply-adds of 16 float32 a round.
//
//go:noescape
func fmaAVX512(rounds int)
