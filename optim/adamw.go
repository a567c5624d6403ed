package optim

import (
	"math"

	"github.com/db75a6f2/downhill"
	"github.com/db75a6f2/downhill/tensor"
)

// AdamW is Adam with decoupled weight decay (Kingma and Ba, "Adam: A Method for
// Stochastic Optimization", ICLR 2015; Loshchilov and Hutter, "Decoupled Weight Decay
// Regularization", ICLR 2019):
//
//	w -= lr*WeightDecay*w
//	m = Beta1*m + (1-Beta1)*g
//	v = Beta2*v + (1-Beta2)*g*g
//	w -= lr * m/(1-Beta1^t) / (sqrt(v/(1-Beta2^t)) + Eps)
//
// With WeightDecay 0 it is Adam. t counts the steps of the optimiser, where PyTorch counts those
// of each parameter: one that first has a gradient after many steps moves by up to
// (1-Beta1)/sqrt(1-Beta2), some 3, times lr at first. Another AdamW for such ones has its own t.
type AdamW[T tensor.Float] struct {
	// The options, to be set before the first Step.
	Beta1, Beta2 float64 // 0.9, 0.999
	Eps          float64 // 1e-8
	WeightDecay  float64 // 0.01

	factors downhill.AdamFactors[T] // of the step under way
	base[T]
}

// NewAdamW returns AdamW for params with the given learning rate, usually 1e-3, and
// PyTorch's defaults for the rest. It panics on a rate that is negative, NaN or
// infinite.
func NewAdamW[T tensor.Float](params []*tensor.Param[T], lr float64) *AdamW[T] {
	a := &AdamW[T]{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: 0.01, base: newBase("NewAdamW", params, lr)}
	a.state.Scalars = []float64{1, 1}
	return a
}

// Step implements Optimizer.
func (a *AdamW[T]) Step() {
	a.begin("AdamW")
	a.moments(2)
	// The powers of the betas are running products: math.Pow differs between CPUs.
	power := a.state.Scalars
	power[0] = float64(power[0] * a.Beta1)
	power[1] = float64(power[1] * a.Beta2)
	a.factors = downhill.AdamFactors[T]{
		Beta1: T(a.Beta1), Rest1: T(1 - a.Beta1),
		Beta2: T(a.Beta2), Rest2: T(1 - a.Beta2),
		Keep: T(1 - float64(a.lr*a.WeightDecay)), Rate: T(a.lr / (1 - power[0])),
		Root: T(math.Sqrt(1 - power[1])), Eps: T(a.Eps),
	}
	a.each(a)
}

func (a *AdamW[T]) update(i, lo, hi int) {
	p, m := a.params[i], a.state.Moments
	downhill.AdamW(p.Value.Data[lo:hi], m[0][i].Data[lo:hi], m[1][i].Data[lo:hi], p.Grad().Data[lo:hi], &a.factors)
}

// State implements Optimizer.
func (a *AdamW[T]) State() *State[T] {
	a.moments(2)
	return &a.state
}
