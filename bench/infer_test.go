package bench

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// inferFlops are the operations of the products of a prediction.
func inferFlops(widths []int, batch int) (flops float64) {
	for i := 1; i < len(widths); i++ {
		flops += 2 * float64(batch) * float64(widths[i-1]) * float64(widths[i])
	}
	return flops
}

// BenchmarkInfer times Predict. Beside the rates, single samples report percentiles of
// the time of a call (the clock itself takes some 40 ns of each).
func BenchmarkInfer(b *testing.B) {
	for _, n := range []struct {
		widths []int
		batch  int
	}{{[]int{784, 128, 10}, 1}, {[]int{784, 128, 10}, 256}, {[]int{16, 32, 1}, 1}} {
		onThreads(b, fmt.Sprintf("net=%d-%d-%d/batch=%d", n.widths[0], n.widths[1], n.widths[2], n.batch), func(b *testing.B, threads int) {
			net, x, y := inference(n.widths, n.batch)
			before := Ceiling(threads)
			b.ReportAllocs()
			for b.Loop() {
				net.Predict(y, x)
			}
			report(b, inferFlops(n.widths, n.batch), before, Ceiling(threads))
			b.ReportMetric(float64(n.batch)*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
			if n.batch == 1 {
				percentiles(b, func() { net.Predict(y, x) })
			}
		})
	}
}

// BenchmarkInferShared times a thousand goroutines that share a model: the rate is that
// of all of them together.
func BenchmarkInferShared(b *testing.B) {
	for _, widths := range [][]int{{784, 128, 10}, {16, 32, 1}} {
		onThreads(b, fmt.Sprintf("net=%d-%d-%d/batch=1", widths[0], widths[1], widths[2]), func(b *testing.B, threads int) {
			net, x, _ := inference(widths, 1)
			b.ReportAllocs()
			b.SetParallelism(1000 / threads)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				y := new(tensor.Tensor[float32])
				for pb.Next() {
					net.Predict(y, x)
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}

// inference is a network, and an input and an output for it.
func inference(widths []int, batch int) (net *layers.Sequential[float32], x, y *tensor.Tensor[float32]) {
	src := rand.NewPCG(1, 2)
	net = layers.MLP[float32](src, widths...)
	x, y = tensor.New[float32](batch, widths[0]), new(tensor.Tensor[float32])
	tensor.Uniform(x.Data, 1, src)
	net.Predict(y, x)
	return net, x, y
}

// percentiles reports those of the time that a call takes.
func percentiles(b *testing.B, call func()) {
	times := make([]time.Duration, 20_000)
	for i := range times {
		start := time.Now()
		call()
		times[i] = time.Since(start)
	}
	slices.Sort(times)
	for _, p := range []struct {
		share float64
		name  string
	}{{0.5, "p50-ns"}, {0.99, "p99-ns"}, {0.999, "p99.9-ns"}} {
		b.ReportMetric(float64(times[int(p.share*float64(len(times)))].Nanoseconds()), p.name)
	}
}
