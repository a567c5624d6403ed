package optim

import (
	"math"

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
// With WeightDecay 0 it is Adam.
type AdamW[T tensor.Float] struct {
	// The options, to be set before the first Step.
	Beta1, Beta2 float64 // 0.9, 0.999
	Eps          float64 // 1e-8
	WeightDecay  float64 // 0.01

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
	a.moments(2)
	// The powers of the betas are running products: math.Pow differs between CPUs.
	power := a.state.Scalars
	power[0] = float64(power[0] * a.Beta1)
	power[1] = float64(power[1] * a.Beta2)
	var (
		beta1, rest1 = T(a.Beta1), T(1 - a.Beta1)
		beta2, rest2 = T(a.Beta2), T(1 - a.Beta2)
		keep         = T(1 - float64(a.lr*a.WeightDecay))
		rate         = T(a.lr / (1 - power[0]))
		root         = T(math.Sqrt(1 - power[1]))
		eps          = T(a.Eps)
	)
	a.each("AdamW", func(i int, w, g []T) {
		m, v := a.state.Moments[0][i].Data, a.state.Moments[1][i].Data
		for j, d := range g {
			m[j] = T(beta1*m[j]) + T(rest1*d)
			v[j] = T(beta2*v[j]) + T(T(rest2*d)*d)
			step := m[j] / (sqrt(v[j])/root + eps)
			w[j] = T(keep*w[j]) - T(rate*step)
		}
	})
}

// State implements Optimizer.
func (a *AdamW[T]) State() *State[T] {
	a.moments(2)
	return &a.state
}

// sqrt is exact for float32 too: rounding the float64 root rounds the root itself.
func sqrt[T tensor.Float](x T) T { return T(math.Sqrt(float64(x))) }
