package train

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("the error is %v\nwant          %s", err, want)
	}
}

func TestFitErrors(t *testing.T) {
	type options = Options[float64]
	type set = data.Set[float64]
	other := spots[float64](20, 2)
	if err := data.Standardise(other); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		change func(*options, *set)
		want   string
	}{
		{func(o *options, _ *set) { o.Loss = nil }, "Options.Loss is nil"},
		{func(o *options, _ *set) { o.Optimizer = nil }, "Options.Optimizer is nil"},
		{func(o *options, _ *set) { o.Epochs = -1 }, "Options.Epochs is -1"},
		{func(o *options, _ *set) { o.BatchSize = -1 }, "Options.BatchSize is -1"},
		{func(o *options, _ *set) { o.Patience = -1 }, "Options.Patience is -1"},
		{func(o *options, _ *set) { o.Patience = 1 }, "Options.Patience needs a Validation set"},
		{func(o *options, _ *set) { o.ClipNorm = -1 }, "Options.ClipNorm is -1"},
		{func(o *options, _ *set) { o.ClipNorm = math.NaN() }, "Options.ClipNorm is NaN"},
		{func(o *options, _ *set) { o.ClipNorm = math.Inf(1) }, "Options.ClipNorm is +Inf"},

		{func(_ *options, s *set) { *s = *s.Subset(nil) }, "training set: the set is empty"},
		{func(_ *options, s *set) { *s = set{} }, "training set: the set is empty"},
		{func(_ *options, s *set) { s.X.Set(7, 1, math.NaN()) }, "training set: row 7, column 1 is NaN"},
		{func(_ *options, s *set) {
			s.Columns = []string{"width", "height"}
			s.X.Set(19, 0, math.Inf(1))
		}, "training set: row 19, column 0 (width) is +Inf"},
		{func(_ *options, s *set) { s.Y = tensor.New[float64](3, 1) }, "training set: 20 rows of X, 3 of Y"},
		{func(_ *options, s *set) { s.Y.Set(5, 0, math.NaN()) }, "training set: row 5: the target is NaN"},
		{func(_ *options, s *set) { s.Y.Set(5, 0, 3) },
			"training set: layers: SoftmaxCrossEntropy: target of row 5 is 3, want a class from 0 to 2"},
		{func(_ *options, s *set) { s.Y.Set(19, 0, -1) },
			"training set: layers: SoftmaxCrossEntropy: target of row 19 is -1, want a class from 0 to 2"},
		{func(_ *options, s *set) { s.Y.Set(0, 0, 0.5) },
			"training set: layers: SoftmaxCrossEntropy: target of row 0 is 0.5, want a class from 0 to 2"},
		{func(_ *options, s *set) { s.Y = tensor.New[float64](20, 2) },
			"training set: layers: SoftmaxCrossEntropy: target is 20x2, pred has 3 columns"},
		{func(o *options, _ *set) { o.Loss = layers.MeanSquaredError[float64]{} },
			"training set: layers: MeanSquaredError: target is 20x1, pred has 3 columns"},
		{func(_ *options, s *set) { s.X = tensor.New[float64](20, 5) }, "training set: 5 columns, but the network takes 2"},

		{func(_ *options, s *set) { *s = set{} }, "training set: the set is empty"},

		{func(o *options, _ *set) { o.Validation = other.Subset(nil) }, "validation set: the set is empty"},
		{func(o *options, _ *set) {
			o.Validation = spots[float64](3, 2)
			o.Validation.X.Set(2, 1, math.NaN())
		}, "validation set: row 2, column 1 is NaN"},
		{func(o *options, _ *set) {
			o.Validation = spots[float64](3, 2)
			o.Validation.Y.Set(1, 0, 3)
		}, "validation set: layers: SoftmaxCrossEntropy: target of row 1 is 3, want a class from 0 to 2"},
		{func(o *options, _ *set) {
			o.Validation = &set{X: tensor.New[float64](4, 3), Y: tensor.New[float64](4, 1)}
		}, "validation set: 3 columns, but the network takes 2"},
		{func(o *options, _ *set) { o.Validation = other }, notAlike},
		{func(o *options, s *set) { o.Validation, s.Standardised = spots[float64](3, 2), other.Standardised }, notAlike},
		{func(o *options, s *set) {
			o.Validation = other
			if err := data.Standardise(s); err != nil {
				t.Fatal(err)
			}
		}, notAlike},
	} {
		// Even if there is nothing to train.
		for _, epochs := range []int{3, 0} {
			net, o := plan[float64](epochs)
			s := spots[float64](20, 1)
			c.change(&o, s)
			before := weights(net)
			r, err := Fit(t.Context(), net, s, o)
			wantError(t, err, "train: Fit: "+c.want)
			if r != nil || !slices.Equal(weights(net), before) || net.Classes != nil || net.Standardise != nil {
				t.Errorf("%s: something was begun", c.want)
			}
		}
	}
}

const notAlike = "validation set: it is not standardised as the training set is; data.Standardise(train, validation) does both"

// Alike is by value: a set that was read from a file has its own copy.
func TestStandardisedAlike(t *testing.T) {
	set, unseen := spots[float64](20, 1), spots[float64](20, 2)
	if err := data.Standardise(set, unseen); err != nil {
		t.Fatal(err)
	}
	a := set.Standardised
	unseen.Standardised = &tensor.Affine[float64]{Mean: slices.Clone(a.Mean), Scale: slices.Clone(a.Scale)}
	net, o := plan[float64](1)
	o.Validation = unseen
	mustFit(t, net, set, o)

	unseen.Standardised.Scale[1]++
	_, err := Fit(t.Context(), net, set, o)
	wantError(t, err, "train: Fit: "+notAlike)
}

// One column of logits is for BinaryCrossEntropy, whose targets are of one column too.
func TestFitNamesTheOtherLoss(t *testing.T) {
	net, o := plan[float64](1)
	net = layers.MLP[float64](rand.NewPCG(1, 2), 2, 1)
	_, err := Fit(t.Context(), net, spots[float64](20, 1), o)
	wantError(t, err, "train: Fit: training set: layers: SoftmaxCrossEntropy: pred has one column, whose softmax is always 1; for two classes take BinaryCrossEntropy")
}

func TestFitWithTheOptimizerOfAnotherNetwork(t *testing.T) {
	net, _ := plan[float32](1)
	_, o := plan[float32](1)
	if _, err := Fit(t.Context(), net, spots[float32](20, 1), o); err == nil {
		t.Error("no error")
	}
}

func TestFitColumnsBelowAnElementwiseLayer(t *testing.T) {
	_, o := plan[float32](1)
	net := layers.NewSequential[float32](layers.NewDropout[float32](o.Rand, 0.1), layers.NewDense[float32](o.Rand, 5, 3))
	o.Optimizer = optim.NewSGD(net.Params(), 0.1)
	_, err := Fit(t.Context(), net, spots[float32](20, 1), o)
	wantError(t, err, "train: Fit: training set: 2 columns, but the network takes 5")
}

func TestFitWithOtherClassNames(t *testing.T) {
	net, o := plan[float32](1)
	o.Validation = spots[float32](20, 2)
	o.Validation.Classes = []string{"blue", "green", "red"}
	if _, err := Fit(t.Context(), net, spots[float32](20, 1), o); err == nil {
		t.Error("no error")
	}
}

func TestFitWithTooFewClassNames(t *testing.T) {
	net, o := plan[float32](1)
	set := spots[float32](20, 1)
	set.Classes = set.Classes[:2]
	if _, err := Fit(t.Context(), net, set, o); err == nil {
		t.Error("no error")
	}
}

// The rate is infinite in float32. Either it is refused, or the weights stay finite.
func TestRateTooLargeForFloat32(t *testing.T) {
	net, o := plan[float32](1)
	defer func() {
		recover()
		for _, v := range weights(net) {
			if v-v != 0 {
				t.Fatalf("the weights are %v", weights(net))
			}
		}
	}()
	o.Optimizer.SetLR(1e39)
	Fit(t.Context(), net, spots[float32](50, 1), o)
}

// TestClasses: a network that knows its classes is not trained on, or evaluated by, others or
// their other order.
func TestClasses(t *testing.T) {
	set := spots[float64](20, 1)
	net, o := plan[float64](1)
	mustFit(t, net, set, o)
	mustFit(t, net, set, o)
	turned := *set
	turned.Classes = slices.Clone(set.Classes)
	slices.Reverse(turned.Classes)
	_, err := Fit(t.Context(), net, &turned, o)
	wantError(t, err, `train: Fit: training set: the classes are ["blue" "green" "red"], those of the network ["red" "green" "blue"]; see Fit`)
	defer func() {
		if r := recover(); r != `train: Evaluate: the classes of the set are ["blue" "green" "red"], those of the network ["red" "green" "blue"]` {
			t.Errorf("Evaluate panics with %v", r)
		}
	}()
	Evaluate(net, &turned, o.Loss)
}

// TestScheduleWithoutRate: a schedule that gives no learning rate ends the training with an error.
func TestScheduleWithoutRate(t *testing.T) {
	for _, bad := range []float64{math.NaN(), -1, math.Inf(1)} {
		net, o := plan[float64](3)
		o.Schedule = func(step int) float64 {
			if step == 1 {
				return bad
			}
			return 0.1
		}
		r, err := Fit(t.Context(), net, spots[float64](20, 1), o)
		wantError(t, err, fmt.Sprintf("train: Fit: epoch 1: Options.Schedule gives %v for step 1", bad))
		if r == nil || r.Steps != 1 {
			t.Errorf("the result is %+v", r)
		}
	}
}

// TestValidationClasses: of a network that knows its classes, other than a training set that does not.
func TestValidationClasses(t *testing.T) {
	set := spots[float64](20, 1)
	net, o := plan[float64](1)
	mustFit(t, net, set, o)
	unnamed, turned := *set, *spots[float64](20, 2)
	unnamed.Classes = []string{}
	turned.Classes = slices.Clone(set.Classes)
	slices.Reverse(turned.Classes)
	o.Validation = &turned
	before := weights(net)
	_, err := Fit(t.Context(), net, &unnamed, o)
	wantError(t, err, `train: Fit: validation set: the classes are ["blue" "green" "red"], those of the network ["red" "green" "blue"]; see Fit`)
	if !slices.Equal(weights(net), before) {
		t.Error("it has begun")
	}
}

// TestUnfitOptimizer: options of an optimiser that would make the weights NaN are errors.
func TestUnfitOptimizer(t *testing.T) {
	for want, o := range map[string]func(p []*tensor.Param[float64]) optim.Optimizer[float64]{
		"Momentum -5, want 0 to below +Inf": func(p []*tensor.Param[float64]) optim.Optimizer[float64] {
			o := optim.NewSGD(p, 0.1)
			o.Momentum = -5
			return o
		},
		"WeightDecay +Inf, want 0 to below +Inf": func(p []*tensor.Param[float64]) optim.Optimizer[float64] {
			o := optim.NewSGD(p, 0.1)
			o.WeightDecay = math.Inf(1)
			return o
		},
		"Beta1 1, want 0 to below 1": func(p []*tensor.Param[float64]) optim.Optimizer[float64] {
			o := optim.NewAdamW(p, 0.1)
			o.Beta1 = 1
			return o
		},
		"Beta2 NaN, want 0 to below 1": func(p []*tensor.Param[float64]) optim.Optimizer[float64] {
			o := optim.NewAdamW(p, 0.1)
			o.Beta2 = math.NaN()
			return o
		},
		"Eps -1, want 0 to below +Inf": func(p []*tensor.Param[float64]) optim.Optimizer[float64] {
			o := optim.NewAdamW(p, 0.1)
			o.Eps = -1
			return o
		},
	} {
		net, opts := plan[float64](1)
		opts.Optimizer = o(net.Params())
		_, err := Fit(t.Context(), net, spots[float64](20, 1), opts)
		wantError(t, err, "train: Fit: Options.Optimizer has "+want)
	}
}
