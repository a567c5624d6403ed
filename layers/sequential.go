package layers

import (
	"strconv"

	"github.com/db75a6f2/downhill"
	"github.com/db75a6f2/downhill/internal/spare"
	"github.com/db75a6f2/downhill/tensor"
)

// Sequential is a network of layers, each feeding the next. It owns what training
// needs between them: the outputs of the last Forward and the gradients of the last
// Backward.
//
// A Sequential is trained from one goroutine. [Sequential.Predict] and any number
// of [Predictor]s may run beside each other, but not beside training.
type Sequential[T tensor.Float] struct {
	// Standardise, if not nil, is what raw inputs undergo before the first layer:
	// Predict applies it, Forward expects rows that have undergone it. train.Fit
	// sets it from the training set.
	Standardise *tensor.Affine[T]
	// Classes are the names of the classes, in the order of the outputs, or none.
	Classes []string

	layers  []Layer[T]
	params  []*tensor.Param[T]
	names   []string          // of params in a file: their own change when a layer moves to another network
	owners  []Layer[T]        // the first layer that has each of params
	aliases map[string]string // names of params that stand in the network again, and what names calls them
	steps   []step[T]
	first   int                 // the first step with parameters; nobody needs gradients below it
	x       *tensor.Tensor[T]   // the input of the last Forward
	dx      [2]tensor.Tensor[T] // gradients between steps, in turn

	spare spare.List[Predictor[T]]
}

// step is a layer, or a Dense with the activation after it, and its output. Fused,
// the sums before the activation are not kept.
type step[T tensor.Float] struct {
	index int // of the layer in the network
	layer Layer[T]
	train Trainer[T]      // layer, if it is one
	dense *Dense[T]       // layer, if it is one
	act   *elementwise[T] // the activation after dense, or nil
	y     tensor.Tensor[T]
}

// fusible returns the layer if it is one of the activations here, or nil. A type that
// embeds one is not: it may have a Forward of its own.
func fusible[T tensor.Float](l Layer[T]) *elementwise[T] {
	switch l := l.(type) {
	case *ReLU[T]:
		return &l.elementwise
	case *LeakyReLU[T]:
		return &l.elementwise
	case *Sigmoid[T]:
		return &l.elementwise
	case *Tanh[T]:
		return &l.elementwise
	}
	return nil
}

// NewSequential returns a network of the given layers. It names their parameters
// as PyTorch does, "0.weight", "0.bias", "2.weight" and so on by the layer's index.
//
// A layer that stands in the network twice shares its weights with itself; they
// count once in Params and have the names of the first place. NewSequential panics
// if the widths of neighbours do not meet, if a Trainer stands there twice, and if
// two parameters of a layer have one name.
func NewSequential[T tensor.Float](layers ...Layer[T]) *Sequential[T] {
	for i, l := range layers {
		if l == nil {
			panic("layers: NewSequential: layer " + strconv.Itoa(i) + " is nil")
		}
	}
	if wrong := widths(layers); wrong != "" {
		panic("layers: NewSequential: " + wrong)
	}
	layers = append([]Layer[T](nil), layers...) // the caller may change theirs
	s := &Sequential[T]{layers: layers, aliases: map[string]string{}}
	known := map[*tensor.Param[T]]string{}
	trainers := map[Trainer[T]]bool{}
	for i := 0; i < len(layers); i++ {
		st := step[T]{index: i, layer: layers[i]}
		s.addParams(i, known)
		if len(s.params) == 0 {
			s.first = len(s.steps) + 1
		}
		if t, ok := st.layer.(Trainer[T]); ok {
			if trainers[t] {
				panic("layers: NewSequential: layer " + describe(layers, i) + " stands there before; it has a state, so make it another one")
			}
			trainers[t] = true
			st.train = t
		}
		if st.dense, _ = st.layer.(*Dense[T]); st.dense != nil && i+1 < len(layers) {
			if st.act = fusible(layers[i+1]); st.act != nil {
				i++
			}
		}
		s.steps = append(s.steps, st)
	}
	return s
}

// widths says which layer takes another width than the last Sizer gives, if one does.
func widths[T tensor.Float](layers []Layer[T]) (wrong string) {
	last, width := -1, 0
	for i, l := range layers {
		sizer, ok := l.(Sizer)
		if !ok {
			continue
		}
		in, out := sizer.Size()
		if last >= 0 && in != width {
			return "layer " + describe(layers, i) + " takes " + strconv.Itoa(in) +
				" values, but layer " + describe(layers, last) + " gives " + strconv.Itoa(width)
		}
		last, width = i, out
	}
	return ""
}

// describe names layer i in a message.
func describe[T tensor.Float](layers []Layer[T], i int) string {
	if d, ok := layers[i].(Describer); ok {
		return strconv.Itoa(i) + " (" + d.Describe() + ")"
	}
	return strconv.Itoa(i)
}

// Layers returns the layers. The slice belongs to the network.
func (s *Sequential[T]) Layers() []Layer[T] { return s.layers }

// Params returns the parameters in the order of the layers, each once. The slice
// belongs to the network; to append to it makes another one.
func (s *Sequential[T]) Params() []*tensor.Param[T] { return s.params[:len(s.params):len(s.params)] }

// Forward runs the network in training, Dropout and all, on a batch of rows (which
// have been standardised if the network's data are) and returns its output. The
// output belongs to the network and holds until the next Forward; x must stay as it
// is until Backward. A network without layers returns x.
func (s *Sequential[T]) Forward(x *tensor.Tensor[T]) *tensor.Tensor[T] {
	s.x = x
	for i := range s.steps {
		st := &s.steps[i]
		switch {
		case st.act != nil:
			st.dense.linear(&st.y, x)
			st.act.biased(&st.y, st.dense.bias.Value.Data)
		case st.train != nil:
			st.train.ForwardTrain(&st.y, x)
		default:
			st.layer.Forward(&st.y, x)
		}
		x = &st.y
	}
	return x
}

// Backward adds the gradients of all parameters, given that of the loss with
// respect to the output of the last Forward. It may overwrite dy. It panics if
// there was no Forward or dy has not its output's shape.
func (s *Sequential[T]) Backward(dy *tensor.Tensor[T]) { s.backward(dy, false, 0) }

// BackwardStep is Backward followed by a step of plain gradient descent, w -= lr*g for
// every parameter, to the same bits, but the gradients of Dense layers are never
// written down: they go into the weights as they leave the registers. No parameter has
// a gradient afterwards. train.Fit takes it where the optimiser is a plain optim.SGD.
func (s *Sequential[T]) BackwardStep(dy *tensor.Tensor[T], lr T) {
	shared := len(s.aliases) > 0
	s.backward(dy, !shared, lr)
	if shared {
		descend(s.params, lr)
	}
}

// backward is Backward, and with update BackwardStep.
func (s *Sequential[T]) backward(dy *tensor.Tensor[T], update bool, lr T) {
	if s.x == nil {
		panic("layers: Sequential: Backward without a Forward before it")
	}
	if out := s.input(len(s.steps)); dy.Rows != out.Rows || dy.Cols != out.Cols {
		panic("layers: Sequential: Backward: dy is " + shape(dy) + ", the output is " + shape(out))
	}
	for i := len(s.steps) - 1; i >= s.first; i-- {
		st, x := &s.steps[i], s.input(i)
		var dx *tensor.Tensor[T]
		if i > s.first {
			dx = &s.dx[i%2]
		}
		if st.act != nil {
			st.act.Backward(dy, dy, nil, &st.y)
		}
		switch {
		case st.dense == nil:
			st.layer.Backward(dx, dy, x, &st.y)
			if update {
				descend(st.layer.Params(), lr)
			}
		case update:
			st.dense.backwardStep(dx, dy, x, lr)
		default:
			st.dense.Backward(dx, dy, x, nil)
		}
		dy = dx
	}
}

// descend is w -= lr*g for every parameter that has a gradient, which it clears.
func descend[T tensor.Float](params []*tensor.Param[T], lr T) {
	for _, p := range params {
		if p.HasGrad() {
			downhill.Axpy(-lr, p.Grad().Data, p.Value.Data)
			p.ClearGrad()
		}
	}
}

// input is the input of step i, or the output of the network for the step after the
// last.
func (s *Sequential[T]) input(i int) *tensor.Tensor[T] {
	if i == 0 {
		return s.x
	}
	return &s.steps[i-1].y
}

// Output returns what layer i gave in the last Forward, a row for each sample. It
// belongs to the network, and to the caller only where it had to be computed again:
// for a Dense that is fused with its activation, from its weights and its input as they
// are now, so ask before the step and the next batch. It panics if there is no such layer
// or was no Forward.
func (s *Sequential[T]) Output(i int) *tensor.Tensor[T] {
	if s.x == nil || i < 0 || i >= len(s.layers) {
		panic("layers: Sequential: Output of layer " + strconv.Itoa(i) + " of " + strconv.Itoa(len(s.layers)) + ", or no Forward before it")
	}
	for j := range s.steps {
		st := &s.steps[j]
		last := st.index
		if st.act != nil {
			last++
		}
		if i == last {
			return &st.y
		}
		if i < last {
			z := new(tensor.Tensor[T])
			st.dense.Forward(z, s.input(j))
			return z
		}
	}
	return nil
}
