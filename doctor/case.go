package doctor

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// Case is what the doctor looks at. Net, Loss and Train are needed.
type Case[T tensor.Float] struct {
	Net  *layers.Sequential[T]
	Loss layers.Loss[T]
	// Optimizer is what the network is to be trained by. Nil leaves out what depends on
	// it. Its learning rate is examined as it is: where training sets it by a schedule,
	// set the largest rate of that before.
	Optimizer optim.Optimizer[T]
	// Train is what the network is to learn from, and Validation, if not nil, what it
	// is to be measured by.
	Train, Validation *data.Set[T]
	// BatchSize is the number of samples in a step, 32 if 0.
	BatchSize int
}

// check says what keeps the doctor from looking at all: a mistake in how it is called,
// not in the network.
func (c *Case[T]) check() error {
	switch {
	case c.Net == nil:
		return errors.New("doctor: Case.Net is nil")
	case len(c.Net.Layers()) == 0:
		return errors.New("doctor: Case.Net has no layers")
	case c.Loss == nil:
		return errors.New("doctor: Case.Loss is nil")
	case c.BatchSize < 0:
		return fmt.Errorf("doctor: Case.BatchSize is %d", c.BatchSize)
	}
	if err := checkSet("Train", c.Train); err != nil || c.Validation == nil {
		return err
	}
	if err := checkSet("Validation", c.Validation); err != nil {
		return err
	}
	if v, t := c.Validation.X.Cols, c.Train.X.Cols; v != t {
		return fmt.Errorf("doctor: Case.Validation has %d columns of X, Case.Train has %d", v, t)
	}
	return nil
}

// checkSet says what a set lacks.
func checkSet[T tensor.Float](name string, s *data.Set[T]) error {
	switch {
	case s == nil || s.X == nil || s.Y == nil || s.X.Rows == 0 || s.X.Cols == 0 || s.Y.Cols == 0:
		return fmt.Errorf("doctor: Case.%s is empty: it needs rows of X and of Y", name)
	case s.X.Rows != s.Y.Rows:
		return fmt.Errorf("doctor: Case.%s has %d rows of X and %d of Y", name, s.X.Rows, s.Y.Rows)
	}
	return nil
}

// still is a layer as it is in inference: what it draws at random in training it does
// not draw, so that every Forward gives the same.
type still[T tensor.Float] struct{ layers.Layer[T] }

// Backward passes on what Forward has passed on, of a layer that is the identity in
// inference: Dropout's own would drop gradients of values that were not dropped.
func (still[T]) Backward(dx, dy, x, y *tensor.Tensor[T]) {
	if dx != nil {
		dx.Copy(dy)
	}
}

// copyOf returns a network of the same layers, sharing their parameters, that leaves the
// activations of net alone and is deterministic: layers that differ in training are as
// they are in inference. Its layers are net's, in the same places.
func copyOf[T tensor.Float](net *layers.Sequential[T]) *layers.Sequential[T] {
	var all []layers.Layer[T]
	for _, l := range net.Layers() {
		if _, ok := l.(layers.Trainer[T]); ok {
			l = still[T]{l}
		}
		all = append(all, l)
	}
	return sequence(all)
}

// sequence is a network of layers whose parameters keep the names that they have.
func sequence[T tensor.Float](all []layers.Layer[T]) *layers.Sequential[T] {
	names := map[*tensor.Param[T]]string{}
	for _, l := range all {
		for _, p := range l.Params() {
			names[p] = p.Name
		}
	}
	net := layers.NewSequential(all...)
	for p, name := range names {
		p.SetPrefix("") // leaves the layer's own name, which every name ends with
		p.SetPrefix(strings.TrimSuffix(name, p.Name))
	}
	return net
}

// name says which layer of a network it is, such as "layer 2 (dense 128 10)".
func name[T tensor.Float](net *layers.Sequential[T], i int) string {
	if d, ok := net.Layers()[i].(layers.Describer); ok {
		return fmt.Sprintf("layer %d (%s)", i, d.Describe())
	}
	return fmt.Sprintf("layer %d (%T)", i, net.Layers()[i])
}

// snapshot is the state of an optimiser and of the parameters of a network and the
// optimiser, to go back to.
type snapshot[T tensor.Float] struct {
	params []*tensor.Param[T]
	values []tensor.Tensor[T]
	grads  []*tensor.Tensor[T] // nil where there was none
	opt    optim.Optimizer[T]
	lr     float64
	state  optim.State[T]
}

// take returns a snapshot of net and opt, which may be nil.
func take[T tensor.Float](net *layers.Sequential[T], opt optim.Optimizer[T]) *snapshot[T] {
	s := &snapshot[T]{params: slices.Clone(net.Params()), opt: opt}
	if opt != nil {
		for _, p := range opt.Params() {
			if !slices.Contains(s.params, p) {
				s.params = append(s.params, p)
			}
		}
	}
	for _, p := range s.params {
		s.values = append(s.values, *new(tensor.Tensor[T]).Copy(p.Value))
		var g *tensor.Tensor[T]
		if p.HasGrad() {
			g = new(tensor.Tensor[T]).Copy(p.Grad())
		}
		s.grads = append(s.grads, g)
	}
	if opt != nil {
		s.lr = opt.LR()
		s.state = cloneState(opt.State())
	}
	return s
}

// restore goes back, to the bit.
func (s *snapshot[T]) restore() {
	for i, p := range s.params {
		p.Value.Copy(&s.values[i])
		p.ClearGrad()
		if s.grads[i] != nil {
			p.Grad().Copy(s.grads[i])
		}
	}
	if s.opt != nil {
		s.opt.SetLR(s.lr)
		*s.opt.State() = cloneState(&s.state)
	}
}

func cloneState[T tensor.Float](s *optim.State[T]) optim.State[T] {
	c := optim.State[T]{Steps: s.Steps, Scalars: append([]float64(nil), s.Scalars...)}
	for _, m := range s.Moments {
		var copies []tensor.Tensor[T]
		for i := range m {
			copies = append(copies, *new(tensor.Tensor[T]).Copy(&m[i]))
		}
		c.Moments = append(c.Moments, copies)
	}
	return c
}

// finite reports whether v is neither NaN nor infinite. It compares, since v-v may be fused
// with the product that v comes from, and is then not 0.
func finite[T tensor.Float](v T) bool { return math.Abs(float64(v)) <= math.MaxFloat64 }
