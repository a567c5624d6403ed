package bench

import (
	"fmt"
	"testing"

	"github.com/db75a6f2/downhill"
	"github.com/db75a6f2/downhill/tensor"
)

func BenchmarkBackward(b *testing.B) {
	benchmarkBackward[float32](b)
	benchmarkBackward[float64](b)
}

// benchmarkBackward times what Dense.Backward is made of, each by itself, as it is after
// ClearGrad: without adding to a gradient that is there already.
func benchmarkBackward[T downhill.Float](b *testing.B) {
	const batch = 64
	for _, d := range []struct{ in, out int }{{784, 128}, {128, 10}, {512, 512}} {
		x, w, dy := filled[T](batch, d.in), filled[T](d.in, d.out), filled[T](batch, d.out)
		var dw, dx, db tensor.Tensor[T]
		products := 2 * batch * float64(d.in) * float64(d.out)
		for _, g := range []struct {
			name  string
			flops float64 // 0 for the sum, which multiplies nothing
			do    func()
		}{
			{"dW", products, func() { tensor.TMatMul(&dw, x, dy, 0) }},
			{"dX", products, func() { tensor.MatMulT(&dx, dy, w) }},
			{"db", 0, func() { tensor.SumRows(&db, dy, 0) }},
		} {
			name := fmt.Sprintf("type=%s/grad=%s/in=%d/out=%d/batch=%d", typeName[T](), g.name, d.in, d.out, batch)
			onThreads(b, name, func(b *testing.B, threads int) {
				before := ceilingOf[T](threads)
				for b.Loop() {
					g.do()
				}
				if g.flops > 0 {
					report(b, g.flops, before, ceilingOf[T](threads))
				} else {
					perElement(b, len(dy.Data))
				}
			})
		}
	}
}

// filled is a matrix of random numbers.
func filled[T downhill.Float](rows, cols int) *tensor.Tensor[T] {
	return tensor.From(rows, cols, random[T](rows*cols))
}
