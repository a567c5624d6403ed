// Command pauses measures how long a stop of the world takes, such as the garbage
// collector needs, while a large product is computed: Go cannot stop a thread within
// the assembly, only between two calls of it. Beside it stands what a stop takes while
// loops run that can be stopped anywhere, which is the machine's share. The command
// fails if a goroutine is left a second after the last product.
//
//	go run ./bench/pauses -n 1000 -size 2048
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/db75a6f2/downhill"
)

func main() {
	n := flag.Int("n", 1000, "how many stops to time")
	size := flag.Int("size", 2048, "rows and columns of the matrices")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "pauses: unexpected argument", flag.Arg(0))
		os.Exit(2)
	}
	if err := run(os.Stdout, *n, *size); err != nil {
		fmt.Fprintln(os.Stderr, "pauses:", err)
		os.Exit(1)
	}
}

// run measures and writes what it finds to out.
func run(out io.Writer, n, size int) error {
	if n < 1 || size < 1 || size > 1<<14 {
		return fmt.Errorf("want -n above 0 and -size from 1 to %d, have %d and %d", 1<<14, n, size)
	}
	before, threads := runtime.NumGoroutine(), runtime.GOMAXPROCS(0)
	a, b, c := make([]float32, size*size), make([]float32, size*size), make([]float32, size*size)
	multiply := func() {
		downhill.Gemm(downhill.NoTrans, downhill.NoTrans, size, size, size, 1, a, size, b, size, 0, c, size)
	}
	multiply()   // its buffers are there
	runtime.GC() // so that none begins by itself, whose end a stop would wait for
	var products, loops []time.Duration
	for len(products) < n {
		round := min(100, n-len(products)) // in turns, since the machine changes
		products = measure(products, round, 1, multiply)
		loops = measure(loops, round, threads, func() {})
	}
	fmt.Fprintf(out, "%d stops of the world on %d threads, kernels %s\n", n, threads, downhill.Kernel())
	fmt.Fprintf(out, "%-24s %s\n", fmt.Sprintf("Gemm %dx%dx%d:", size, size, size), summary(products))
	fmt.Fprintf(out, "%-24s %s\n", "loops of nothing:", summary(loops))

	time.Sleep(time.Second)
	left := runtime.NumGoroutine() - before
	fmt.Fprintf(out, "%d goroutines left after a second\n", left)
	if left > 0 {
		return fmt.Errorf("%d goroutines are left", left)
	}
	return nil
}

// measure appends the times of n stops while so many goroutines do job over and over,
// and returns when those have ended.
func measure(stops []time.Duration, n, goroutines int, job func()) []time.Duration {
	var enough atomic.Bool
	var group sync.WaitGroup
	for range goroutines {
		group.Add(1)
		go func() {
			defer group.Done()
			for !enough.Load() {
				job()
			}
		}()
	}
	var stats runtime.MemStats
	for range n {
		time.Sleep(time.Millisecond)
		start := time.Now()
		runtime.ReadMemStats(&stats) // stops the world, and does little then
		stops = append(stops, time.Since(start))
	}
	enough.Store(true)
	group.Wait()
	return stops
}

// summary sorts stops. A percentile is the least of them that so many do not exceed.
func summary(stops []time.Duration) string {
	slices.Sort(stops)
	at := func(percent int) float64 { return stops[(len(stops)*percent+99)/100-1].Seconds() * 1e6 }
	return fmt.Sprintf("median %.1f us, 99th percentile %.1f us, maximum %.1f us", at(50), at(99), at(100))
}
