package layers

import "github.com/db75a6f2/downhill/tensor"

// Layer is one step of a network. It owns its parameters and nothing else: the
// network keeps what passes between layers, so one layer may stand in a network
// twice, and any number of goroutines may run it forward.
//
// A type that is to be one says so where the compiler can name what is missing:
//
//	var _ layers.Layer[float32] = (*mine)(nil)
//
// The optional methods of [Trainer], [Sizer], [Describer] and [Replicator] are
// looked for once, when a network is built. layertest.Check tests a layer.
type Layer[T tensor.Float] interface {
	// Forward computes y from x, a row for each sample: it gives y its size and
	// writes it, and changes nothing else.
	Forward(y, x *tensor.Tensor[T])

	// Backward adds the gradients of the parameters and computes dx, the gradient
	// with respect to x, from dy, that with respect to y. x and y are those of the
	// Forward before. It gives dx its size; a nil dx is not wanted. It may
	// overwrite dy, and must not change x or y. Gradients are sums over the rows:
	// a mean is the loss's business.
	Backward(dx, dy, x, y *tensor.Tensor[T])

	// Params returns the parameters, always the same ones in the same order. No two have
	// one Name, which a network puts the layer's index before. A layer that is made of
	// others therefore names theirs when it is made, those of the first "0.weight" and of
	// the second "1.weight", so that in place 3 of a network they are "3.0.weight" and
	// "3.1.weight", as in PyTorch. Should they have stood in a network already, it begins
	// with SetPrefix(""):
	//
	//	p.SetPrefix("")
	//	p.Name = "0." + p.Name
	Params() []*tensor.Param[T]
}

// Trainer is a Layer that does something else in training than in inference, like
// Dropout. Sequential.Forward calls ForwardTrain, Predict calls Forward. Such a
// layer has a state and may stand in a network only once.
type Trainer[T tensor.Float] interface {
	Layer[T]
	ForwardTrain(y, x *tensor.Tensor[T])
}

// Sizer is a layer that knows its widths. Widths that do not meet fail when the
// network is built: a layer that is no Sizer is taken to keep the width.
type Sizer interface {
	Size() (in, out int)
}

// Describer is a layer that can say what it is: its kind and numbers, in one line such as
// "dense 64 128". Two layers that say the same are the same but for their parameters.
type Describer interface {
	Describe() string
}

// Replicator is a layer whose Forward needs memory of its own. Each Predictor runs
// a replica that shares the parameters.
type Replicator[T tensor.Float] interface {
	Layer[T]
	Replica() Layer[T]
}
