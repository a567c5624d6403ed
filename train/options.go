package train

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// Options say how to train. Loss, Optimizer and Epochs are needed.
type Options[T tensor.Float] struct {
	Loss      layers.Loss[T]
	Optimizer optim.Optimizer[T]
	// Epochs is how often to go through the set. 0 checks everything and trains
	// nothing.
	Epochs int
	// BatchSize is the number of samples in a step, 32 if 0. The last batch of an
	// epoch may be short; a size above the set's is one batch of all.
	BatchSize int
	// Rand shuffles the samples each epoch. Nil keeps their order.
	Rand rand.Source

	// Validation, if not nil, is evaluated after each epoch. It must have been
	// standardised like the training set.
	Validation *data.Set[T]
	// Patience, if not 0, ends training after so many epochs without a validation
	// loss below the best one. However training ends, Fit then leaves the weights of the
	// best epoch in the network.
	Patience int

	// Schedule, if not nil, gives the learning rate of every step.
	Schedule optim.Schedule
	// ClipNorm, if not 0, bounds the norm of each step's gradients, see
	// optim.ClipNorm.
	ClipNorm float64

	// Checkpoint, if its Path is not empty, lets training go on after an interruption.
	Checkpoint Checkpoint

	// Progress, if not nil, gets a bar on a terminal, which keeps to NO_COLOR, and
	// one plain line an epoch elsewhere.
	Progress io.Writer
	// OnEpoch, if not nil, is called after each epoch but one that diverges, and after an interruption perhaps
	// once more for an epoch that was not in the checkpoint yet. An error ends training
	// and is what Fit returns.
	OnEpoch func(Epoch) error
	// Watch, if not nil, looks on. The weights come out the same to the bit. After an
	// interruption it begins anew.
	Watch Watcher[T]
}

// Epoch is what one epoch came to. Accuracies are from 0 to 1; what was not measured
// is NaN.
type Epoch struct {
	Number   int     // from 1
	Loss     float64 // mean over the epoch's steps, as the weights changed
	Accuracy float64 // likewise; NaN unless the loss is a layers.Scorer

	ValidationLoss, ValidationAccuracy float64

	LR      float64 // learning rate of the last step
	Seconds float64 // validation included
}

// Result is what training came to.
type Result struct {
	History []Epoch // epochs that ran to their end
	Best    int     // index in History of the lowest validation loss, or -1 without one
	Steps   int     // in all, those of an unfinished epoch included
	Stopped bool    // by Patience
}

// ErrDiverged is the error of a loss that is NaN or infinite. Fit stops at the first
// one, before the step that would carry it into the weights; in validation, after the
// epoch. What the very last step does to the weights, only a validation shows.
var ErrDiverged = errors.New("the loss is not finite")

// check says what is wrong with the options, the set or their fit to the network.
func (o *Options[T]) check(net *layers.Sequential[T], set *data.Set[T]) error {
	switch {
	case o.Loss == nil:
		return errors.New("Options.Loss is nil")
	case o.Optimizer == nil:
		return errors.New("Options.Optimizer is nil")
	case o.Epochs < 0:
		return fmt.Errorf("Options.Epochs is %d", o.Epochs)
	case o.BatchSize < 0:
		return fmt.Errorf("Options.BatchSize is %d", o.BatchSize)
	case o.Patience < 0:
		return fmt.Errorf("Options.Patience is %d", o.Patience)
	case o.Patience > 0 && o.Validation == nil:
		return errors.New("Options.Patience needs a Validation set")
	case !(o.ClipNorm >= 0) || math.IsInf(o.ClipNorm, 1):
		return fmt.Errorf("Options.ClipNorm is %v", o.ClipNorm)
	}
	if c := o.Checkpoint; c.Every < 0 || c.Interval < 0 || c.Path == "" && c != (Checkpoint{}) {
		return fmt.Errorf("Options.Checkpoint has Path %q, Every %d and Interval %v", c.Path, c.Every, c.Interval)
	}
	if err := checkSet(net, set, o.Loss); err != nil {
		return fmt.Errorf("training set: %w", err)
	}
	if net.Standardise != nil && !sameAffine(net.Standardise, set.Standardised) {
		return errors.New("training set: it is not standardised as what the network was trained on was; see Fit")
	}
	if differ(net.Classes, set.Classes) {
		return fmt.Errorf("training set: the classes are %q, those of the network %q; see Fit", set.Classes, net.Classes)
	}
	if err := checkOptimizer(o.Optimizer); err != nil {
		return err
	}
	if len(o.Optimizer.Params()) == 0 {
		return errors.New("Options.Optimizer has no parameters")
	}
	mine := map[*tensor.Param[T]]bool{}
	for _, p := range net.Params() {
		mine[p] = true
	}
	for _, p := range o.Optimizer.Params() {
		if !mine[p] {
			return fmt.Errorf("Options.Optimizer is for another network: it has a parameter %q that this one has not", p.Name)
		}
	}
	if o.Validation == nil {
		return nil
	}
	if a, b := set.Classes, o.Validation.Classes; differ(a, b) {
		return fmt.Errorf("validation set: the classes are %q, those of the training set %q", b, a)
	}
	if a, b := net.Classes, o.Validation.Classes; differ(a, b) {
		return fmt.Errorf("validation set: the classes are %q, those of the network %q; see Fit", b, a)
	}
	if err := checkSet(net, o.Validation, o.Loss); err != nil {
		return fmt.Errorf("validation set: %w", err)
	}
	if !sameAffine(set.Standardised, o.Validation.Standardised) {
		return errors.New("validation set: it is not standardised as the training set is; data.Standardise(train, validation) does both")
	}
	return nil
}

// differ reports whether both are known, and are others or in another order.
func differ(a, b []string) bool { return len(a) > 0 && len(b) > 0 && !slices.Equal(a, b) }

// checkOptimizer says which option of an optimiser would make the weights NaN or carry them away.
func checkOptimizer[T tensor.Float](o optim.Optimizer[T]) error {
	below := func(limit float64, name string, v float64) error {
		if v >= 0 && v < limit {
			return nil
		}
		return fmt.Errorf("Options.Optimizer has %s %v, want 0 to below %v", name, v, limit)
	}
	inf := math.Inf(1)
	switch o := o.(type) {
	case *optim.SGD[T]:
		return cmp.Or(below(inf, "Momentum", o.Momentum), below(inf, "WeightDecay", o.WeightDecay))
	case *optim.AdamW[T]:
		return cmp.Or(below(1, "Beta1", o.Beta1), below(1, "Beta2", o.Beta2), below(inf, "Eps", o.Eps), below(inf, "WeightDecay", o.WeightDecay))
	}
	return nil
}

// checkSet says what keeps net from learning from set.
func checkSet[T tensor.Float](net *layers.Sequential[T], set *data.Set[T], loss layers.Loss[T]) error {
	if err := set.Check(); err != nil {
		return err
	}
	if in := width(net); in > 0 && in != set.X.Cols {
		return fmt.Errorf("%d columns, but the network takes %d", set.X.Cols, in)
	}
	cols := outputs(net, set)
	if n := len(set.Classes); n > 0 && cols > 1 && n != cols {
		return fmt.Errorf("%d classes, but the network has %d outputs", n, cols)
	}
	return loss.Check(cols, set.Y)
}

// outputs is the number of columns that the network gives for a sample.
func outputs[T tensor.Float](net *layers.Sequential[T], set *data.Set[T]) int {
	one := set.X.Slice(0, 1)
	return net.Predictor().Forward(&one).Cols
}

// width is the number of columns that a network takes, as its first Sizer has it, or
// 0. What comes before that, such as Dropout, keeps the width.
func width[T tensor.Float](net *layers.Sequential[T]) int {
	for _, l := range net.Layers() {
		if s, ok := l.(layers.Sizer); ok {
			in, _ := s.Size()
			return in
		}
	}
	return 0
}

func sameAffine[T tensor.Float](a, b *tensor.Affine[T]) bool {
	if a == nil || b == nil {
		return a == b
	}
	if len(a.Mean) != len(b.Mean) {
		return false
	}
	for j := range a.Mean {
		if a.Mean[j] != b.Mean[j] || a.Scale[j] != b.Scale[j] {
			return false
		}
	}
	return true
}
