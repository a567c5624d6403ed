package ailments

import (
	"math/rand/v2"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// maker makes an activation.
type maker[T tensor.Float] func() layers.Layer[T]

func relu[T tensor.Float]() layers.Layer[T]    { return layers.NewReLU[T]() }
func leaky[T tensor.Float]() layers.Layer[T]   { return layers.NewLeakyReLU[T](0.01) }
func tanh[T tensor.Float]() layers.Layer[T]    { return layers.NewTanh[T]() }
func sigmoid[T tensor.Float]() layers.Layer[T] { return layers.NewSigmoid[T]() }

// stack returns dense layers of the given widths with an activation between each two.
// ReLU and its like get weights by He, others by Xavier.
func stack[T tensor.Float](act maker[T], widths ...int) []layers.Layer[T] {
	return stackFrom(rand.NewPCG(1, 1), act, widths...)
}

// stackFrom is stack with weights from src.
func stackFrom[T tensor.Float](src rand.Source, act maker[T], widths ...int) []layers.Layer[T] {
	var all []layers.Layer[T]
	for i := 1; i < len(widths); i++ {
		d := layers.NewDense[T](src, widths[i-1], widths[i])
		if i > 1 {
			all = append(all, act())
		}
		switch act().(type) {
		case *layers.Tanh[T], *layers.Sigmoid[T]:
			tensor.XavierNormal(d.Weight().Value, src)
		}
		all = append(all, d)
	}
	return all
}

// weighted passes every dense layer's weight and bias to f and returns the layers.
func weighted[T tensor.Float](all []layers.Layer[T], f func(weight, bias *tensor.Tensor[T])) []layers.Layer[T] {
	for _, l := range all {
		if d, ok := l.(*layers.Dense[T]); ok {
			f(d.Weight().Value, d.Bias().Value)
		}
	}
	return all
}

// fill sets all of t to v.
func fill[T tensor.Float](t *tensor.Tensor[T], v T) {
	for i := range t.Data {
		t.Data[i] = v
	}
}
