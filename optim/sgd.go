package optim

import (
	"github.com/db75a6f2/downhill"
	"github.com/db75a6f2/downhill/tensor"
)

// SGD is stochastic gradient descent: w -= lr*g, with momentum and weight decay if
// they are set (Polyak 1964; Nesterov 1983; in the form of Sutskever et al., "On the
// importance of initialization and momentum in deep learning", ICML 2013).
//
//	g += WeightDecay*w
//	v = Momentum*v + g
//	w -= lr*v, or with Nesterov: w -= lr*(g + Momentum*v)
type SGD[T tensor.Float] struct {
	// The options, to be set before the first Step. The zero values are plain SGD.
	Momentum    float64 // usually 0.9
	Nesterov    bool    // with Momentum 0 it makes no difference
	WeightDecay float64 // usually 1e-4

	base[T]
}

// NewSGD returns plain SGD for params with the given learning rate. It panics on a
// rate that is negative, NaN or infinite.
func NewSGD[T tensor.Float](params []*tensor.Param[T], lr float64) *SGD[T] {
	return &SGD[T]{base: newBase("NewSGD", params, lr)}
}

// Step implements Optimizer.
func (s *SGD[T]) Step() {
	s.begin("SGD")
	if s.Momentum != 0 {
		s.moments(1)
	}
	s.each(s)
}

func (s *SGD[T]) update(i, lo, hi int) {
	w, g := s.params[i].Value.Data[lo:hi], s.params[i].Grad().Data[lo:hi]
	if decay := T(s.WeightDecay); decay != 0 {
		downhill.Axpy(decay, w, g)
	}
	if mu := T(s.Momentum); mu != 0 {
		v := s.state.Moments[0][i].Data[lo:hi]
		downhill.Scal(mu, v)
		downhill.Add(v, v, g)
		if s.Nesterov {
			downhill.Axpy(mu, v, g)
		} else {
			g = v
		}
	}
	downhill.Axpy(-T(s.lr), g, w)
}

// State implements Optimizer.
func (s *SGD[T]) State() *State[T] {
	if s.Momentum != 0 {
		s.moments(1)
	}
	return &s.state
}
