package layers

import "github.com/db75a6f2/downhill/tensor"

// Predictor runs a network forward, in inference, on buffers of its own: two
// activations, whatever the network's depth. It is for one goroutine; any number of
// them share the weights of one network.
type Predictor[T tensor.Float] struct {
	net    *Sequential[T]
	layers []Layer[T] // of the network's steps, or their replicas
	buf    [2]tensor.Tensor[T]
	rows   tensor.Tensor[T] // the part of its input that Sequential.Predict is at
}

// Predictor returns a new predictor for the network.
func (s *Sequential[T]) Predictor() *Predictor[T] {
	p := &Predictor[T]{net: s}
	for i := range s.steps {
		l := s.steps[i].layer
		if r, ok := l.(Replicator[T]); ok {
			l = r.Replica()
		}
		p.layers = append(p.layers, l)
	}
	return p
}

// Predict returns the network's outputs for raw rows, which it standardises first
// if the network's data were. The result belongs to the predictor and holds until
// its next call.
func (p *Predictor[T]) Predict(x *tensor.Tensor[T]) *tensor.Tensor[T] {
	if p.net.Standardise != nil {
		x = p.buf[1].Copy(x)
		p.net.Standardise.Apply(x)
	}
	return p.Forward(x)
}

// Forward is Predict for rows that have been standardised already, such as those of
// a data set.
func (p *Predictor[T]) Forward(x *tensor.Tensor[T]) *tensor.Tensor[T] {
	for i, l := range p.layers {
		y := &p.buf[i%2]
		if st := &p.net.steps[i]; st.act != nil {
			st.dense.linear(y, x)
			st.act.biased(y, st.dense.bias.Value.Data)
		} else {
			l.Forward(y, x)
		}
		x = y
	}
	return x
}

// Class returns the class that a row of outputs names: the index of the largest one or,
// for a single one, whether it is above 0, a logit, or above 0.5, if it comes from a
// Sigmoid at the network's end. It panics on an empty row.
func (s *Sequential[T]) Class(outputs []T) int {
	if len(outputs) != 1 {
		return tensor.ArgMax(outputs)
	}
	var limit T
	if n := len(s.layers); n > 0 {
		if _, ok := s.layers[n-1].(*Sigmoid[T]); ok {
			limit = 0.5
		}
	}
	if outputs[0] > limit {
		return 1
	}
	return 0
}

// predictRows is the number of rows that Predict runs at a time, so that what it
// keeps does not grow with the number of rows it is given.
const predictRows = 256

// Predict sets dst to the network's outputs for the raw rows of x, like
// [Predictor.Predict]. Any number of goroutines may call it. Once warm, it allocates
// nothing. dst must not be x.
func (s *Sequential[T]) Predict(dst, x *tensor.Tensor[T]) {
	if dst == x || len(dst.Data) > 0 && len(x.Data) > 0 && &dst.Data[0] == &x.Data[0] {
		panic("layers: Predict: dst is x")
	}
	p := s.spare.Take(0)
	if p == nil {
		p = s.Predictor()
	}
	if x.Rows <= predictRows {
		dst.Copy(p.Predict(x))
	} else {
		for lo := 0; lo < x.Rows; lo += predictRows {
			p.rows = x.Slice(lo, min(x.Rows, lo+predictRows))
			y := p.Predict(&p.rows)
			dst.Resize(x.Rows, y.Cols)
			copy(dst.Data[lo*y.Cols:], y.Data)
		}
		p.rows = tensor.Tensor[T]{}
	}
	s.spare.Give(0, p)
}
