package train

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// TestFitAgain: a training that was interrupted, has ended, or is to go on for longer goes
// on in the same program too, where the optimiser has another rate than it began with.
func TestFitAgain(t *testing.T) {
	for _, name := range []string{"schedule", "chacha", "adamw"} {
		t.Run(name, func(t *testing.T) {
			longer := func(r *training[float32]) { variants[name](r); r.opts.Epochs = 5 }
			straight := newTraining(longer)
			result, err := straight.run(t, "", 0)
			if err != nil {
				t.Fatal(err)
			}
			want := straight.everything(result)
			path := filepath.Join(t.TempDir(), "checkpoint")
			r := newTraining(variants[name])
			if _, err := r.run(t, path, 7); !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			for _, epochs := range []int{3, 3, 5} {
				r.opts.Epochs = epochs
				at := 0
				if epochs == 5 {
					at = 3
				}
				if _, err = r.run(t, path, at); err != nil && !errors.Is(err, context.Canceled) {
					t.Fatal(err)
				}
			}
			r = newTraining(longer) // in another program at last
			if result, err = r.run(t, path, 0); err != nil {
				t.Fatal(err)
			}
			if got := r.everything(result); got != want {
				t.Errorf("in pieces:\n%s\nat a stretch:\n%s", got, want)
			}
		})
	}
}

// TestFewerEpochs: a training is not taken for one of fewer epochs than it has begun.
func TestFewerEpochs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint")
	if _, err := newTraining(variants["plain"]).run(t, path, 11); !errors.Is(err, context.Canceled) { // in epoch 3
		t.Fatal(err)
	}
	for _, epochs := range []int{0, 1, 2} {
		r := newTraining(func(r *training[float32]) { r.opts.Epochs = epochs })
		refused(t, r, path, "of a training that has gone beyond Options.Epochs: it has ended epoch 2, and taken ")
	}
}

// TestFitFurther: a network that has been trained keeps what it knows of its inputs and
// classes, or Fit says what is missing.
func TestFitFurther(t *testing.T) {
	set := spots[float64](30, 1)
	if err := data.Standardise(set); err != nil {
		t.Fatal(err)
	}
	net, o := plan[float64](5)
	mustFit(t, net, set, o)
	more := spots[float64](60, 2)
	more.Classes = nil
	loss, accuracy := Evaluate(net, more, o.Loss) // raw

	_, err := Fit(t.Context(), net, more, o)
	wantError(t, err, "train: Fit: training set: it is not standardised as what the network was trained on was; see Fit")
	raw := slices.Clone(more.X.Data)
	if net.Standardise.Apply(more.X); slices.Equal(more.X.Data, raw) {
		t.Fatal("standardised, the samples are what they were")
	}
	more.Standardised = net.Standardise
	if l, a := Evaluate(net, more, o.Loss); l != loss || a != accuracy {
		t.Errorf("loss %v and accuracy %v of the raw set, %v and %v of the standardised one", loss, accuracy, l, a)
	}
	mustFit(t, net, more, o)
	if net.Standardise != set.Standardised || !slices.Equal(net.Classes, set.Classes) {
		t.Errorf("the network has %v and %q", net.Standardise, net.Classes)
	}

	other := spots[float64](30, 3)
	if err := data.Standardise(other); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if r := recover(); r != "train: Evaluate: the set is not standardised as the network's training set was" {
			t.Errorf("the panic is %v", r)
		}
	}()
	Evaluate(net, other, o.Loss)
}

// TestClassesTakenOver: the network takes over names that fit its outputs.
func TestClassesTakenOver(t *testing.T) {
	three, two := []string{"a", "b", "c"}, []string{"no", "yes"}
	for _, c := range []struct {
		outputs     int
		names, want []string
	}{{3, three, three}, {1, two, two}, {1, three, nil}, {3, nil, nil}} {
		set := spots[float64](30, 1)
		set.Classes = c.names
		net := layers.MLP[float64](rand.NewPCG(1, 2), 2, c.outputs)
		set.Y = tensor.New[float64](30, c.outputs)
		mustFit(t, net, set, Options[float64]{Loss: layers.MeanSquaredError[float64]{}, Optimizer: optim.NewSGD(net.Params(), 0.1), Epochs: 1})
		if !slices.Equal(net.Classes, c.want) || net.Check() != nil {
			t.Errorf("%d outputs and the names %q: the network has %q (%v)", c.outputs, c.names, net.Classes, net.Check())
		}
	}
}

// TestBestWeights: with Patience they are in the network however training ends.
func TestBestWeights(t *testing.T) {
	enough := errors.New("good enough")
	for name, c := range map[string]struct {
		change func(o *Options[float64], cancel func())
		want   error
	}{
		"out of epochs": {func(o *Options[float64], cancel func()) {}, nil},
		"diverged": {func(o *Options[float64], cancel func()) {
			o.Schedule = func(step int) float64 { return []float64{0.5, 1e300}[min(step/20, 1)] }
		}, ErrDiverged},
		"OnEpoch's error": {func(o *Options[float64], cancel func()) {
			o.OnEpoch = func(e Epoch) error {
				if o.Optimizer.SetLR(20); e.Number == 4 {
					return enough
				}
				return nil
			}
		}, enough},
		"cancelled": {func(o *Options[float64], cancel func()) {
			o.OnEpoch = func(e Epoch) error {
				if o.Optimizer.SetLR(20); e.Number == 4 {
					cancel()
				}
				return nil
			}
		}, context.Canceled},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		net, o := plan[float64](8)
		o.Validation, o.Patience = spots[float64](20, 2), 8
		c.change(&o, cancel)
		result, err := Fit(ctx, net, spots[float64](50, 1), o)
		if !errors.Is(err, c.want) {
			t.Fatalf("%s: the error is %v", name, err)
		}
		best := result.History[result.Best].ValidationLoss
		if loss, _ := Evaluate(net, o.Validation, o.Loss); loss != best {
			t.Errorf("%s: the network has the validation loss %v, the best one is %v", name, loss, best)
		}
	}
}

// overflowing is a loss that is not finite where the predictions are large.
type overflowing struct {
	layers.SoftmaxCrossEntropy[float64]
}

func (o overflowing) Loss(grad, pred, target *tensor.Tensor[float64]) float64 {
	if slices.Max(pred.Data) > 50 {
		return math.Inf(1)
	}
	return o.SoftmaxCrossEntropy.Loss(grad, pred, target)
}

// TestDivergesInValidation: the last step may be the one too many.
func TestDivergesInValidation(t *testing.T) {
	net, o := plan[float64](3)
	o.Loss, o.BatchSize, o.Validation = overflowing{}, 50, spots[float64](20, 2)
	o.Optimizer.SetLR(1e4)
	result, err := Fit(t.Context(), net, spots[float64](50, 1), o)
	if !errors.Is(err, ErrDiverged) || !strings.Contains(err.Error(), "epoch 1, validation") || len(result.History) != 1 || result.Best != -1 {
		t.Errorf("the error is %v, the result %+v", err, result)
	}
}

// TestGradientsBefore: those that lie in the network when Fit begins do not count.
func TestGradientsBefore(t *testing.T) {
	fit := func(before bool) []float32 {
		net, o := plan[float32](1)
		if before {
			net.Forward(tensor.From(1, 2, []float32{1, 2}))
			net.Backward(tensor.From(1, 3, []float32{1, 2, 3}))
		}
		mustFit(t, net, spots[float32](50, 1), o)
		return weights(net)
	}
	if !slices.Equal(fit(true), fit(false)) {
		t.Error("other weights after a Backward before")
	}
}

// TestSettings: what a loss or an optimiser says of itself goes as deep as its exported
// fields do.
func TestSettings(t *testing.T) {
	type inner struct {
		Smoothing float64
		hidden    int
	}
	type outer struct {
		inner
		On      inner
		Weights []float32
		Names   [2]string
		F       func()
		Next    *inner
	}
	a := outer{On: inner{0.5, 1}, Weights: []float32{1, 2}, Names: [2]string{"a", "b"}, F: func() {}, Next: &inner{}}
	if got, want := settings(&a), "*train.outer Smoothing=0 On.Smoothing=0.5 Weights[0]=1 Weights[1]=2 Names[0]=a Names[1]=b"; got != want {
		t.Errorf("the settings are %q, want %q", got, want)
	}
	if got, want := settings(optim.NewSGD[float32](nil, 1)), "*optim.SGD[float32] Momentum=0 Nesterov=false WeightDecay=0"; got != want {
		t.Errorf("the settings are %q, want %q", got, want)
	}
	net, o := plan[float32](1)
	adamw := optim.NewAdamW(net.Params(), 0.01)
	o.Optimizer = adamw
	before := settings(adamw)
	if mustFit(t, net, spots[float32](50, 1), o); settings(adamw) != before {
		t.Errorf("after some steps the settings are %q, before them %q", settings(adamw), before)
	}
	if got, want := settings(layers.SoftmaxCrossEntropy[float64]{}), "layers.SoftmaxCrossEntropy[float64]"; got != want {
		t.Errorf("the settings are %q, want %q", got, want)
	}
}
