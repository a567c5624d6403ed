package layers

import (
	"math/rand/v2"

	"github.com/db75a6f2/downhill/tensor"
)

// MLP returns a multilayer perceptron: Dense layers of the given widths, input
// first, with a ReLU between each two. It ends in logits. It panics on fewer than
// two widths and on a width below 1.
//
//	net := layers.MLP[float32](rng, 64, 128, 10)
func MLP[T tensor.Float](src rand.Source, widths ...int) *Sequential[T] {
	if len(widths) < 2 {
		panic("layers: MLP: want at least the widths of input and output")
	}
	var all []Layer[T]
	for i := 1; i < len(widths); i++ {
		if i > 1 {
			all = append(all, NewReLU[T]())
		}
		all = append(all, NewDense[T](src, widths[i-1], widths[i]))
	}
	return NewSequential(all...)
}
