package train

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// spots are n points of the plane around three centres, which are far from each other:
// three classes that a small network can tell apart.
func spots[T tensor.Float](n int, seed uint64) *data.Set[T] {
	rng := rand.New(rand.NewPCG(seed, 0))
	s := &data.Set[T]{X: tensor.New[T](n, 2), Y: tensor.New[T](n, 1), Classes: []string{"red", "green", "blue"}}
	for i := range n {
		c := i % 3
		centre := [3][2]float64{{-1, 0}, {1, 0}, {0, 2}}[c]
		for j := range 2 {
			s.X.Set(i, j, T(centre[j]+0.6*(rng.Float64()-0.5)))
		}
		s.Y.Set(i, 0, T(c))
	}
	return s
}

// plan is a network for spots and how to train it: 4 steps an epoch on 50 of them.
func plan[T tensor.Float](epochs int) (*layers.Sequential[T], Options[T]) {
	rng := rand.NewPCG(1, 2)
	net := layers.MLP[T](rng, 2, 8, 3)
	return net, Options[T]{
		Loss:      layers.SoftmaxCrossEntropy[T]{},
		Optimizer: optim.NewSGD(net.Params(), 0.5),
		Epochs:    epochs,
		BatchSize: 16,
		Rand:      rng,
	}
}

func mustFit[T tensor.Float](t *testing.T, net *layers.Sequential[T], set *data.Set[T], o Options[T]) *Result {
	t.Helper()
	r, err := Fit(t.Context(), net, set, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// weights is a copy of all parameters of a network.
func weights[T tensor.Float](net *layers.Sequential[T]) (w []T) {
	for _, p := range net.Params() {
		w = append(w, p.Value.Data...)
	}
	return w
}

func TestFit(t *testing.T) {
	t.Run("float32", testFit[float32])
	t.Run("float64", testFit[float64])
}

func testFit[T tensor.Float](t *testing.T) {
	set := spots[T](50, 1)
	net, o := plan[T](10)
	r := mustFit(t, net, set, o)
	if len(r.History) != 10 || r.Steps != 40 || r.Best != -1 || r.Stopped {
		t.Errorf("%d epochs, %d steps, best %d, stopped %v", len(r.History), r.Steps, r.Best, r.Stopped)
	}
	for i, e := range r.History {
		if e.Number != i+1 || e.LR != 0.5 || !(e.Seconds >= 0) {
			t.Errorf("epoch %d is %+v", i+1, e)
		}
		if !math.IsNaN(e.ValidationLoss) || !math.IsNaN(e.ValidationAccuracy) {
			t.Errorf("epoch %d has a validation: %+v", i+1, e)
		}
	}
	first, last := r.History[0], r.History[9]
	if !(last.Loss < first.Loss/4) || last.Accuracy != 1 {
		t.Errorf("it begins with %+v and ends with %+v", first, last)
	}
	if _, accuracy := Evaluate(net, spots[T](30, 2), o.Loss); accuracy != 1 {
		t.Errorf("accuracy %v on points that it has not seen", accuracy)
	}
}

// Fit is the loop of the package documentation, with the same bits.
func TestFitIsTheLoop(t *testing.T) {
	t.Run("float32", testFitIsTheLoop[float32])
	t.Run("float64", testFitIsTheLoop[float64])
}

func testFitIsTheLoop[T tensor.Float](t *testing.T) {
	const epochs = 3
	set := spots[T](50, 1)
	schedule := optim.Cosine(0.5, 2, 4*epochs)
	net, o := plan[T](epochs)
	o.Optimizer.(*optim.SGD[T]).Momentum = 0.9
	o.Schedule, o.ClipNorm = schedule, 0.5
	r := mustFit(t, net, set, o)

	byHand, hand := plan[T](epochs)
	sgd := hand.Optimizer.(*optim.SGD[T])
	sgd.Momentum = 0.9
	xent := layers.SoftmaxCrossEntropy[T]{}
	batches := data.NewBatcher(set, hand.Rand, hand.BatchSize)
	grad := new(tensor.Tensor[T])
	steps := 0
	for number := range epochs {
		var loss float64
		right := 0
		for x, y := range batches.Epoch() {
			sgd.SetLR(schedule(steps))
			pred := byHand.Forward(x)
			loss += float64(xent.Loss(grad, pred, y) * float64(x.Rows))
			right += xent.Right(pred, y)
			byHand.Backward(grad)
			optim.ClipNorm(byHand.Params(), 0.5)
			sgd.Step()
			steps++
		}
		e := r.History[number]
		if e.Loss != loss/50 || e.Accuracy != float64(right)/50 || e.LR != sgd.LR() {
			t.Errorf("epoch %d is %+v, want loss %v, accuracy %v, rate %v", number+1, e, loss/50, float64(right)/50, sgd.LR())
		}
	}
	if r.Steps != steps {
		t.Errorf("%d steps, want %d", r.Steps, steps)
	}
	if !slices.Equal(weights(net), weights(byHand)) {
		t.Error("the weights are not those of the loop")
	}
}

func TestBatchSizes(t *testing.T) {
	for size, steps := range map[int]int{0: 2, 1: 50, 7: 8, 50: 1, 1000: 1} {
		net, o := plan[float32](1)
		o.BatchSize = size
		if r := mustFit(t, net, spots[float32](50, 1), o); r.Steps != steps {
			t.Errorf("batches of %d: %d steps, want %d", size, r.Steps, steps)
		}
	}
}

// Without a source of randomness the samples come in their order.
func TestFitWithoutRand(t *testing.T) {
	set := spots[float32](10, 1)
	net, o := plan[float32](2)
	o.Rand = nil
	seen := new(watcher)
	o.Loss = seen
	mustFit(t, net, set, o)
	if want := append(slices.Clone(set.Y.Data), set.Y.Data...); !slices.Equal(seen.targets, want) {
		t.Errorf("the targets come as %v, want %v", seen.targets, want)
	}
}

// watcher is a loss that keeps the targets it is given.
type watcher struct {
	layers.SoftmaxCrossEntropy[float32]
	targets []float32
}

func (w *watcher) Loss(grad, pred, target *tensor.Tensor[float32]) float64 {
	w.targets = append(w.targets, target.Data...)
	return w.SoftmaxCrossEntropy.Loss(grad, pred, target)
}

func TestFitTakesOver(t *testing.T) {
	set := spots[float64](30, 1)
	net, o := plan[float64](0)
	if err := data.Standardise(set); err != nil {
		t.Fatal(err)
	}
	before := weights(net)
	r := mustFit(t, net, set, o)
	if len(r.History) != 0 || r.Steps != 0 || r.Best != -1 || r.Stopped {
		t.Errorf("no epochs come to %+v", r)
	}
	if !slices.Equal(weights(net), before) {
		t.Error("no epochs change the weights")
	}
	if net.Standardise != set.Standardised || !slices.Equal(net.Classes, set.Classes) {
		t.Errorf("the network has %v and %q", net.Standardise, net.Classes)
	}
}

func TestRegression(t *testing.T) {
	set := spots[float64](50, 1)
	for i := range set.Len() {
		set.Y.Data[i] = set.X.At(i, 0) - 2*set.X.At(i, 1)
	}
	rng := rand.NewPCG(1, 2)
	net := layers.MLP[float64](rng, 2, 1)
	r := mustFit(t, net, set, Options[float64]{
		Loss:       layers.MeanSquaredError[float64]{},
		Optimizer:  optim.NewSGD(net.Params(), 0.1),
		Epochs:     60,
		BatchSize:  10,
		Rand:       rng,
		Validation: set,
	})
	last := r.History[59]
	if last.Loss > 1e-6 || last.ValidationLoss > 1e-6 {
		t.Errorf("the losses are %v and %v", last.Loss, last.ValidationLoss)
	}
	if !math.IsNaN(last.Accuracy) || !math.IsNaN(last.ValidationAccuracy) {
		t.Errorf("a regression has accuracies: %+v", last)
	}
	if w := weights(net); math.Abs(w[0]-1) > 1e-3 || math.Abs(w[1]+2) > 1e-3 || math.Abs(w[2]) > 1e-3 {
		t.Errorf("the weights are %v, want 1, -2, 0", w)
	}
}

func TestEvaluate(t *testing.T) {
	set := spots[float64](600, 1) // more than are evaluated at a time
	net, o := plan[float64](1)
	mustFit(t, net, set.Subset([]int{0, 1, 2}), o)
	loss, accuracy := Evaluate(net, set, o.Loss)

	pred := net.Predictor().Forward(set.X)
	want := o.Loss.Loss(new(tensor.Tensor[float64]), pred, set.Y)
	right := 0
	for i := range set.Len() {
		if net.Class(pred.Row(i)) == int(set.Y.Data[i]) {
			right++
		}
	}
	if math.Abs(loss-want) > 1e-14*want || accuracy != float64(right)/600 || right == 0 || right == 600 {
		t.Errorf("loss %v and accuracy %v, want %v and %v", loss, accuracy, want, float64(right)/600)
	}
	if loss, accuracy := Evaluate(net, set.Subset(nil), o.Loss); !math.IsNaN(loss) || !math.IsNaN(accuracy) {
		t.Errorf("no samples have loss %v and accuracy %v", loss, accuracy)
	}
}

// Validation is in inference: a Dropout drops nothing.
func TestValidation(t *testing.T) {
	set, unseen := spots[float32](50, 1), spots[float32](20, 2)
	_, o := plan[float32](3)
	rng := rand.NewPCG(1, 2)
	net := layers.NewSequential(
		layers.NewDense[float32](rng, 2, 8),
		layers.NewReLU[float32](),
		layers.NewDropout[float32](rng, 0.5),
		layers.NewDense[float32](rng, 8, 3),
	)
	o.Optimizer = optim.NewSGD(net.Params(), 0.1)
	o.Validation = unseen
	o.OnEpoch = func(e Epoch) error {
		if loss, accuracy := Evaluate(net, unseen, o.Loss); e.ValidationLoss != loss || e.ValidationAccuracy != accuracy {
			t.Errorf("epoch %d has %v and %v, want %v and %v", e.Number, e.ValidationLoss, e.ValidationAccuracy, loss, accuracy)
		}
		return nil
	}
	r := mustFit(t, net, set, o)
	best := 0
	for i, e := range r.History {
		if e.ValidationLoss < r.History[best].ValidationLoss {
			best = i
		}
	}
	if r.Best != best || r.Stopped {
		t.Errorf("best is %d, want %d; stopped %v", r.Best, best, r.Stopped)
	}
}

// recorder is an optimiser that keeps the rate of each step and the norm of its
// gradients, and the weights after the last one.
type recorder struct {
	optim.Optimizer[float64]
	net          *layers.Sequential[float64]
	rates, norms []float64
	last         []float64
}

func (r *recorder) Step() {
	var squares float64
	for _, p := range r.Params() {
		for _, g := range p.Grad().Data {
			squares += g * g
		}
	}
	r.norms = append(r.norms, math.Sqrt(squares))
	r.rates = append(r.rates, r.LR())
	r.Optimizer.Step()
	r.last = weights(r.net)
}

func TestSchedule(t *testing.T) {
	net, o := plan[float64](3)
	rec := &recorder{Optimizer: o.Optimizer, net: net}
	o.Optimizer = rec
	o.Schedule = func(step int) float64 { return 1 / float64(step+2) }
	r := mustFit(t, net, spots[float64](50, 1), o)
	for step, rate := range rec.rates {
		if rate != 1/float64(step+2) {
			t.Errorf("the rate of step %d is %v", step, rate)
		}
	}
	for i, e := range r.History {
		if want := 1 / float64(4*i+5); e.LR != want {
			t.Errorf("the rate of epoch %d is %v, want %v", i+1, e.LR, want)
		}
	}
}

func TestClipNorm(t *testing.T) {
	largest := func(clip float64) float64 {
		net, o := plan[float64](1)
		rec := &recorder{Optimizer: o.Optimizer, net: net}
		o.Optimizer, o.ClipNorm = rec, clip
		mustFit(t, net, spots[float64](50, 1), o)
		return slices.Max(rec.norms)
	}
	if free := largest(0); free < 0.2 {
		t.Fatalf("the norm is only %v without a limit", free)
	}
	if norm := largest(0.1); norm > 0.1 || norm < 0.0999 {
		t.Errorf("the norm is %v, for a limit of 0.1", norm)
	}
}
