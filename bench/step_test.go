package bench

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// networks are those whose steps are timed: widths and batch.
var networks = []struct {
	name   string
	widths []int
	batch  int
}{
	{"a32", []int{784, 128, 10}, 32},
	{"a64", []int{784, 128, 10}, 64},
	{"a256", []int{784, 128, 10}, 256},
	{"b128", []int{784, 512, 512, 10}, 128},
	{"c4", []int{2, 16, 1}, 4},
}

// stepFlops are the operations of a step's products: forward, the gradients of the
// weights, and those of all inputs but the first layer's.
func stepFlops(widths []int, batch int) float64 {
	flops := 0.0
	for i := 1; i < len(widths); i++ {
		product := 2 * float64(batch) * float64(widths[i-1]) * float64(widths[i])
		flops += 2 * product
		if i > 1 {
			flops += product
		}
	}
	return flops
}

// BenchmarkStep times a step of plain SGD, forward, loss, backward and update, in two
// loops: by hand, and with the update in the pass backward as train.Fit has it.
func BenchmarkStep(b *testing.B) {
	for _, n := range networks {
		for _, loop := range []string{"hand", "fit"} {
			onThreads(b, fmt.Sprintf("net=%s/batch=%d/loop=%s", n.name, n.batch, loop), func(b *testing.B, threads int) {
				step := trainingStep(n.widths, n.batch, loop == "fit")
				before := Ceiling(threads)
				b.ReportAllocs()
				for b.Loop() {
					step()
				}
				flops := stepFlops(n.widths, n.batch)
				after := Ceiling(threads)
				report(b, flops, before, after)
				b.ReportMetric(float64(n.batch)*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
				if ceiling := max(before, after); ceiling > 0 {
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(flops/ceiling), "x-limit")
				}
			})
		}
	}
}

// trainingStep is a step of a new network on a batch of its own.
func trainingStep(widths []int, batch int, fit bool) func() {
	src := rand.NewPCG(1, 2)
	net := layers.MLP[float32](src, widths...)
	sgd := optim.NewSGD(net.Params(), 0.01)
	x := tensor.New[float32](batch, widths[0])
	tensor.Uniform(x.Data, 1, src)
	y := tensor.New[float32](batch, 1)
	var loss layers.Loss[float32] = layers.MeanSquaredError[float32]{}
	if out := widths[len(widths)-1]; out > 1 {
		loss = layers.SoftmaxCrossEntropy[float32]{}
		for i := range y.Data {
			y.Data[i] = float32(i % out)
		}
	}
	grad := new(tensor.Tensor[float32])
	return func() {
		loss.Loss(grad, net.Forward(x), y)
		if fit {
			net.BackwardStep(grad, 0.01)
		} else {
			net.Backward(grad)
			sgd.Step()
		}
	}
}

// BenchmarkModels times steps of several networks at once, each trained by a goroutine
// of its own: the rate is that of all of them together.
func BenchmarkModels(b *testing.B) {
	for _, models := range []int{1, 2, 4, 16} {
		onThreads(b, fmt.Sprintf("net=a64/models=%d", models), func(b *testing.B, threads int) {
			const batch = 64
			widths := []int{784, 128, 10}
			var steps atomic.Int64
			var group sync.WaitGroup
			var all []func()
			for range models {
				step := trainingStep(widths, batch, true)
				step() // takes its memory
				all = append(all, step)
			}
			before := Ceiling(threads)
			b.ReportAllocs()
			b.ResetTimer()
			for _, step := range all {
				group.Add(1)
				go func() {
					defer group.Done()
					for steps.Add(1) <= int64(b.N) {
						step()
					}
				}()
			}
			group.Wait()
			b.StopTimer()
			report(b, stepFlops(widths, batch), before, Ceiling(threads))
			b.ReportMetric(batch*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}
