package bench

import (
	"fmt"
	"testing"

	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// BenchmarkUpdate times the step of an optimiser on the weights of one layer.
func BenchmarkUpdate(b *testing.B) {
	for _, size := range []struct{ in, out int }{{784, 128}, {1024, 1024}} {
		param := tensor.NewParam[float32]("weight", size.in, size.out)
		params := []*tensor.Param[float32]{param}
		momentum := optim.NewSGD(params, 1e-9)
		momentum.Momentum = 0.9
		for _, o := range []struct {
			name string
			optim.Optimizer[float32]
		}{{"sgd", optim.NewSGD(params, 1e-9)}, {"momentum", momentum}, {"adamw", optim.NewAdamW(params, 1e-9)}} {
			onThreads(b, fmt.Sprintf("opt=%s/weights=%dx%d", o.name, size.in, size.out), func(b *testing.B, threads int) {
				copy(param.Grad().Data, random[float32](size.in*size.out))
				b.ReportAllocs()
				for b.Loop() {
					param.GradTo() // it is still there
					o.Step()
				}
				perElement(b, size.in*size.out)
			})
		}
	}
}
