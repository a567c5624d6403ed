package train

import (
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// Watcher looks on while a network trains, as doctor.Watch does. It must change neither
// the network nor the optimiser, and keep none of the tensors that it is shown.
//
// Fit calls it, and a loop written by hand can call it likewise:
//
//	w.Begin(net, loss, sgd)
//	for x, y := range batches.Epoch() {
//		l := loss.Loss(&grad, net.Forward(x), y)
//		net.Backward(&grad)
//		w.Step(x, y, l)
//		sgd.Step()
//	}
type Watcher[T tensor.Float] interface {
	// Begin comes before the first step.
	Begin(net *layers.Sequential[T], loss layers.Loss[T], optimizer optim.Optimizer[T])
	// Wants reports whether the next Step is to find gradients in the parameters.
	// Where it does not, Fit may never write them down.
	Wants() bool
	// Step comes in every step after Forward and, if there are to be gradients,
	// Backward, before these are clipped and the weights change. x is the batch, y its
	// targets and loss its loss. If loss is not finite there are no gradients, and no
	// step follows.
	Step(x, y *tensor.Tensor[T], loss float64)
	// Epoch comes after every epoch with its mean loss and that of the validation set,
	// NaN if there is none.
	Epoch(loss, validation float64)
}
