package ailments

import (
	"context"
	"math"
	"math/rand/v2"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/doctor"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// Subject is what the doctor is shown, whatever the type of its elements.
type Subject interface {
	// Examine is doctor.Examine.
	Examine(ctx context.Context) (doctor.Report, error)
	// Watch trains for about the given number of steps with the doctor looking on, and
	// returns what it has seen.
	Watch(ctx context.Context, steps int) (doctor.Report, error)
	// Learn trains for the given number of steps, without the doctor, and returns the
	// loss before and after: +Inf for one that is not finite or cannot be computed.
	Learn(steps int) (before, after float64)
}

// subject is a Subject with elements of T.
type subject[T tensor.Float] struct {
	doctor.Case[T]
	// What Learn measures by, where it is not Train and Loss: the labels as they
	// should be, and the loss as it should be.
	truth   *data.Set[T]
	measure layers.Loss[T]
	unit    float64 // that Learn's losses are divided by, 1 if 0
}

// program returns a subject of the given layers that is trained by plain SGD.
func program[T tensor.Float](set *data.Set[T], loss layers.Loss[T], lr float64, all ...layers.Layer[T]) *subject[T] {
	net := layers.NewSequential(all...)
	return &subject[T]{Case: doctor.Case[T]{
		Net: net, Loss: loss, Optimizer: optim.NewSGD(net.Params(), lr), Train: set, BatchSize: 32,
	}}
}

// by sets the optimiser.
func (s *subject[T]) by(o optim.Optimizer[T]) *subject[T] {
	s.Optimizer = o
	return s
}

// Learn implements Subject.
func (s *subject[T]) Learn(steps int) (before, after float64) {
	before = s.loss()
	if !s.steps(steps) {
		return before, math.Inf(1)
	}
	return before, s.loss()
}

// steps trains, and returns false where the layers, the loss or the optimiser refuse
// what they are given.
func (s *subject[T]) steps(n int) (done bool) {
	defer func() {
		if recover() != nil {
			done = false
		}
	}()
	var grad tensor.Tensor[T]
	batches := data.NewBatcher(s.Train, rand.NewPCG(3, 3), s.BatchSize)
	for n > 0 {
		for x, y := range batches.Epoch() {
			s.Loss.Loss(&grad, s.Net.Forward(x), y)
			s.Net.Backward(&grad)
			s.Optimizer.Step()
			for _, p := range s.Net.Params() {
				p.ClearGrad()
			}
			if n--; n == 0 {
				break
			}
		}
	}
	return true
}

// loss is the loss of the whole set, in inference.
func (s *subject[T]) loss() (loss float64) {
	defer func() {
		if recover() != nil || math.IsNaN(loss) {
			loss = math.Inf(1)
		}
	}()
	set, measure := s.Train, s.Loss
	if s.truth != nil {
		set = s.truth
	}
	if s.measure != nil {
		measure = s.measure
	}
	loss = measure.Loss(nil, s.Net.Predictor().Forward(set.X), set.Y)
	if s.unit != 0 {
		loss /= s.unit
	}
	return loss
}
