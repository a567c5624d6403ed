package layers

import (
	"strconv"

	"github.com/db75a6f2/downhill"
	"github.com/db75a6f2/downhill/tensor"
)

// ReLU is y = x where x > 0 (or NaN), else 0.
type ReLU[T tensor.Float] struct{ elementwise[T] }

// NewReLU returns a ReLU layer.
func NewReLU[T tensor.Float]() *ReLU[T] {
	return &ReLU[T]{elementwise[T]{"relu", downhill.ReLU[T], downhill.ReLUGrad[T]}}
}

// Sigmoid is y = 1/(1+exp(-x)). As the last layer of a classifier it is better
// left out: see [BinaryCrossEntropy].
type Sigmoid[T tensor.Float] struct{ elementwise[T] }

// NewSigmoid returns a sigmoid layer.
func NewSigmoid[T tensor.Float]() *Sigmoid[T] {
	return &Sigmoid[T]{elementwise[T]{"sigmoid", downhill.Sigmoid[T], func(dx, dy, y []T) {
		for i, v := range y {
			dx[i] = dy[i] * (v * (1 - v))
		}
	}}}
}

// Tanh is the hyperbolic tangent.
type Tanh[T tensor.Float] struct{ elementwise[T] }

// NewTanh returns a tanh layer.
func NewTanh[T tensor.Float]() *Tanh[T] {
	return &Tanh[T]{elementwise[T]{"tanh", downhill.Tanh[T], func(dx, dy, y []T) {
		for i, v := range y {
			dx[i] = dy[i] * ((1 - v) * (1 + v))
		}
	}}}
}

// LeakyReLU is y = x where x > 0 (or NaN), else slope*x.
type LeakyReLU[T tensor.Float] struct {
	elementwise[T]
	slope T
}

// NewLeakyReLU returns a leaky ReLU with the given slope below 0, usually 0.01. It
// panics unless 0 < slope < 1 (Maas et al., "Rectifier Nonlinearities Improve
// Neural Network Acoustic Models", 2013).
func NewLeakyReLU[T tensor.Float](slope T) *LeakyReLU[T] {
	if !(slope > 0 && slope < 1) {
		panic("layers: NewLeakyReLU: slope is " + number(slope) + ", want 0 < slope < 1")
	}
	// A factor from a table, since a branch on the sign of what may be either is a guess.
	factors := [2]T{1, slope}
	forward := func(dst, x []T) {
		for i, v := range x {
			dst[i] = v * factors[below(v)]
		}
	}
	backward := func(dx, dy, y []T) {
		for i, v := range y {
			dx[i] = dy[i] * factors[below(v)]
		}
	}
	return &LeakyReLU[T]{elementwise[T]{"leakyrelu " + number(slope), forward, backward}, slope}
}

// below is 1 where v <= 0, else 0.
func below[T tensor.Float](v T) (n uint8) {
	if v <= 0 {
		n = 1
	}
	return n
}

// Slope returns the slope below 0.
func (l *LeakyReLU[T]) Slope() T { return l.slope }

// number is a float in a panic message or a description.
func number[T tensor.Float](v T) string {
	if f, ok := any(v).(float32); ok {
		return strconv.FormatFloat(float64(f), 'g', -1, 32)
	}
	return strconv.FormatFloat(float64(v), 'g', -1, 64)
}

// elementwise is a layer without parameters whose derivative follows from its
// output.
type elementwise[T tensor.Float] struct {
	name     string
	forward  func(y, x []T)
	backward func(dx, dy, y []T) // dx may be dy
}

// Forward implements Layer. y may be x.
func (e *elementwise[T]) Forward(y, x *tensor.Tensor[T]) {
	y.Resize(x.Rows, x.Cols)
	e.forward(y.Data, x.Data)
}

// Backward implements Layer. It does not need x, and dx may be dy.
func (e *elementwise[T]) Backward(dx, dy, x, y *tensor.Tensor[T]) {
	if dx == nil {
		return
	}
	if dy.Rows != y.Rows || dy.Cols != y.Cols {
		panic("layers: " + e.name + ": Backward: dy is " + shape(dy) + ", y is " + shape(y))
	}
	dx.Resize(y.Rows, y.Cols)
	e.backward(dx.Data, dy.Data, y.Data)
}

// Params returns none.
func (e *elementwise[T]) Params() []*tensor.Param[T] { return nil }

// Describe returns the layer's kind in lower case, and its slope if it has one.
func (e *elementwise[T]) Describe() string { return e.name }

// biased is what Dense followed by this layer does to its products, some rows at a time
// that stay in the cache.
func (e *elementwise[T]) biased(z *tensor.Tensor[T], bias []T) {
	const elements = 4096
	some := z.Rows
	if len(z.Data) > elements {
		some = max(1, elements/z.Cols)
	}
	for lo := 0; lo < z.Rows; lo += some {
		part := z.Data[lo*z.Cols : min(z.Rows, lo+some)*z.Cols]
		downhill.AddRow(part, min(z.Rows, lo+some)-lo, z.Cols, z.Cols, bias)
		e.forward(part, part)
	}
}
