package layers_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/internal/gradcheck"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/layers/layertest"
	"github.com/db75a6f2/downhill/tensor"
)

type matrix = *tensor.Tensor[float64]

func from(rows, cols int, v ...float64) matrix { return tensor.From(rows, cols, v) }

func drawn(rows, cols int, deviation float64) matrix {
	t := tensor.New[float64](rows, cols)
	tensor.Normal(t.Data, deviation, rand.NewPCG(5, 6))
	return t
}

func TestLossGradients(t *testing.T) {
	half := tensor.New[float64](6, 3)
	for i := range half.Data {
		half.Data[i] = 0.05 + float64(i)/20
	}
	for _, c := range []struct {
		name         string
		loss         layers.Loss[float64]
		pred, target matrix
	}{
		{"classes", layers.SoftmaxCrossEntropy[float64]{}, drawn(6, 3, 3), from(6, 1, 0, 1, 2, 2, 1, 0)},
		{"distribution", layers.SoftmaxCrossEntropy[float64]{}, drawn(2, 3, 3), from(2, 3, 0.2, 0.5, 0.3, 0, 1, 0)},
		{"sum not quite 1", layers.SoftmaxCrossEntropy[float64]{}, drawn(1, 3, 3), from(1, 3, 0.5, 0.3, 0.1991)},
		{"logits", layers.BinaryCrossEntropy[float64]{}, drawn(6, 3, 5), half},
		{"probabilities", layers.BinaryCrossEntropyProb[float64]{}, new(tensor.Tensor[float64]).Copy(half), half},
		{"clipped", layers.BinaryCrossEntropyProb[float64]{Clip: 0.1}, from(4, 1, 0.02, 0.99, 0.2, 0.5), from(4, 1, 1, 0, 1, 0)},
		{"numbers", layers.MeanSquaredError[float64]{}, drawn(6, 3, 2), half},
	} {
		g := gradcheck.Loss(c.loss, c.pred, c.target)
		if i, off := g.Worst(); off > layertest.Tolerance {
			t.Errorf("%s: element %d of the gradient is %v, the difference quotient %v", c.name, i, g.Analytic[i], g.Numeric[i])
		}
		if value, with := c.loss.Loss(nil, c.pred, c.target), c.loss.Loss(new(tensor.Tensor[float64]), c.pred, c.target); value != with {
			t.Errorf("%s: %v without a gradient, %v with one", c.name, value, with)
		}
	}
}

// TestLossValues checks values that can be worked out by hand.
func TestLossValues(t *testing.T) {
	xent := layers.SoftmaxCrossEntropy[float64]{}
	bce := layers.BinaryCrossEntropy[float64]{}
	prob := layers.BinaryCrossEntropyProb[float64]{Clip: 1e-10}
	mse := layers.MeanSquaredError[float64]{}
	always := func(p float64) matrix { // for 100 samples of which 40 are 1
		m := tensor.New[float64](100, 1)
		for i := range m.Data {
			m.Data[i] = p
		}
		return m
	}
	labels := tensor.New[float64](100, 1)
	for i := range 40 {
		labels.Data[i] = 1
	}
	for _, c := range []struct {
		name string
		got  float64
		want float64
	}{
		{"uniform logits cost ln 10", xent.Loss(nil, tensor.New[float64](4, 10), from(4, 1, 0, 3, 9, 1)), math.Log(10)},
		{"a shift of all logits costs nothing", xent.Loss(nil, from(1, 3, 1e4+1, 1e4+2, 1e4+3), from(1, 1, 2)), math.Log(1 + math.Exp(-1) + math.Exp(-2))},
		{"a shift by more than a logarithm can be added to costs nothing", xent.Loss(nil, from(1, 3, 1e17, 1e17, 1e17), from(1, 1, 2)), math.Log(3)},
		{"the same with a distribution", xent.Loss(nil, from(1, 2, 1e17, 1e17), from(1, 2, 0.25, 0.75)), math.Ln2},
		{"a sure and wrong answer costs the distance", xent.Loss(nil, from(1, 2, 1e4, -1e4), from(1, 1, 1)), 2e4},
		{"one-hot is the class", xent.Loss(nil, from(1, 2, 1, 3), from(1, 2, 0, 1)), math.Log(1 + math.Exp(-2))},
		{"a logit of 0 costs ln 2", bce.Loss(nil, from(2, 1, 0, 0), from(2, 1, 0, 1)), math.Ln2},
		{"a large and wrong logit costs itself", bce.Loss(nil, from(2, 1, 1e4, -1e4), from(2, 1, 0, 1)), 1e4},
		{"always no, 40 % yes, is the plateau at 9.210", prob.Loss(nil, always(0), labels), 9.210340371976182},
		{"always yes, 40 % yes, is the plateau at 13.816", prob.Loss(nil, always(1), labels), 13.815510557964274},
		{"squares are averaged over rows and columns", mse.Loss(nil, from(2, 2, 1, 2, 3, 4), from(2, 2, 0, 0, 0, 0)), 7.5},
		{"nothing costs nothing", mse.Loss(nil, tensor.New[float64](0, 2), tensor.New[float64](0, 2)), 0},
	} {
		if math.Abs(c.got-c.want) > 1e-11*math.Abs(c.want) {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
}

// TestLossInfinities: no finite logit gives a NaN.
func TestLossInfinities(t *testing.T) {
	for _, z := range []float32{0, 1e-30, 88, 104, 1e4, 3e38} {
		for _, z := range []float32{z, -z} {
			for _, class := range []float32{0, 1} {
				pred, target, grad := tensor.From(1, 1, []float32{z}), tensor.From(1, 1, []float32{class}), new(tensor.Tensor[float32])
				loss := layers.BinaryCrossEntropy[float32]{}.Loss(grad, pred, target)
				if !(loss >= 0 && loss <= 3.1e38) || !(grad.Data[0] >= -1 && grad.Data[0] <= 1) {
					t.Errorf("logit %v, target %v: loss %v, gradient %v", z, class, loss, grad.Data[0])
				}
			}
		}
	}
}

// TestNoProbability: what is no probability has no cost, rather than a negative one.
func TestNoProbability(t *testing.T) {
	for _, p := range []float64{-0.1, 1.1, 5, math.Inf(1), math.NaN()} {
		grad := new(tensor.Tensor[float64])
		loss := layers.BinaryCrossEntropyProb[float64]{}.Loss(grad, from(2, 1, 0.5, p), from(2, 1, 0, 1))
		if loss == loss || grad.Data[1] == grad.Data[1] {
			t.Errorf("%v: loss %v, gradient %v", p, loss, grad.Data)
		}
	}
}

func TestRight(t *testing.T) {
	xent, bce, prob := layers.SoftmaxCrossEntropy[float64]{}, layers.BinaryCrossEntropy[float64]{}, layers.BinaryCrossEntropyProb[float64]{}
	for _, c := range []struct {
		name      string
		got, want int
	}{
		{"classes", xent.Right(from(3, 2, 1, 2, 2, 1, 0, 9), from(3, 1, 1, 1, 1)), 2},
		{"one-hot", xent.Right(from(2, 2, 1, 2, 2, 1), from(2, 2, 0, 1, 0, 1)), 1},
		{"logits", bce.Right(from(4, 1, 1, -1, 1, -1), from(4, 1, 1, 0, 0, 1)), 2},
		{"several labels", bce.Right(from(2, 2, 1, -1, 1, 1), from(2, 2, 1, 0, 1, 0)), 1},
		{"probabilities", prob.Right(from(2, 1, 0.4, 0.6), from(2, 1, 0, 1)), 2},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d right, want %d", c.name, c.got, c.want)
		}
	}
}

// TestBadTargets: Check says what is wrong and where, and Loss panics with it.
func TestBadTargets(t *testing.T) {
	nan := math.NaN()
	xent, bce, mse := layers.SoftmaxCrossEntropy[float64]{}, layers.BinaryCrossEntropy[float64]{}, layers.MeanSquaredError[float64]{}
	for _, c := range []struct {
		loss   layers.Loss[float64]
		cols   int
		target matrix
		want   string
	}{
		{xent, 10, from(2, 1, 3, 10), "layers: SoftmaxCrossEntropy: target of row 1 is 10, want a class from 0 to 9"},
		{xent, 10, from(1, 1, -1), "layers: SoftmaxCrossEntropy: target of row 0 is -1, want a class from 0 to 9"},
		{xent, 10, from(1, 1, 2.5), "layers: SoftmaxCrossEntropy: target of row 0 is 2.5, want a class from 0 to 9"},
		{xent, 10, from(1, 1, nan), "layers: SoftmaxCrossEntropy: target of row 0 is NaN, want a class from 0 to 9"},
		{xent, 3, from(1, 2, 0, 1), "layers: SoftmaxCrossEntropy: target is 1x2, pred has 3 columns"},
		{xent, 3, from(1, 3, 0, 1, 1), "layers: SoftmaxCrossEntropy: target of row 0 is 2, want probabilities that sum to 1"},
		{xent, 3, from(1, 3, 0, 1.5, -0.5), "layers: SoftmaxCrossEntropy: target of row 0 is 1.5, want a probability"},
		{xent, 1, from(1, 1, 0), "layers: SoftmaxCrossEntropy: pred has one column, whose softmax is always 1; for two classes take BinaryCrossEntropy"},
		{bce, 1, from(1, 1, -1), "layers: BinaryCrossEntropy: target of row 0 is -1, want a probability from 0 to 1"},
		{bce, 2, from(2, 1, 0, 1), "layers: BinaryCrossEntropy: target is 2x1, pred has 2 columns"},
		{layers.BinaryCrossEntropyProb[float64]{Clip: -1}, 1, from(1, 1, 0), "layers: BinaryCrossEntropyProb: Clip is -1, want 0 or above and below 0.5"},
		{layers.BinaryCrossEntropyProb[float64]{Clip: nan}, 1, from(1, 1, 0), "layers: BinaryCrossEntropyProb: Clip is NaN, want 0 or above and below 0.5"},
		{mse, 1, from(2, 1, 0, nan), "layers: MeanSquaredError: target of row 1 is NaN, want a finite number"},
		{mse, 2, from(1, 1, 0), "layers: MeanSquaredError: target is 1x1, pred has 2 columns"},
	} {
		err := c.loss.Check(c.cols, c.target)
		if err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
		if got := panicOf(func() { c.loss.Loss(nil, tensor.New[float64](c.target.Rows, c.cols), c.target) }); got != c.want {
			t.Errorf("Loss panics with %q, want %q", got, c.want)
		}
	}
	pred := from(2, 1, 0.5, 0.5)
	for _, loss := range []layers.Loss[float64]{bce, mse} {
		if got := panicOf(func() { loss.Loss(pred, pred, from(2, 1, 0, 1)) }); !strings.HasSuffix(got, "grad is pred or target") {
			t.Errorf("%T: %q", loss, got)
		}
	}
	want := "layers: MeanSquaredError: pred is 3x1, target is 2x1"
	if got := panicOf(func() { mse.Loss(nil, tensor.New[float64](3, 1), from(2, 1, 0, 0)) }); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// panicOf is what f panics with, or "".
func panicOf(f func()) (message string) {
	defer func() {
		if r := recover(); r != nil {
			message = r.(string)
		}
	}()
	f()
	return ""
}

// TestClassIsRight: the class that a network names is the one that its loss counts as right.
func TestClassIsRight(t *testing.T) {
	src := rand.NewPCG(1, 2)
	for name, c := range map[string]struct {
		net  *layers.Sequential[float64]
		loss layers.Scorer[float64]
	}{
		"classes": {layers.MLP[float64](src, 4, 8, 3), layers.SoftmaxCrossEntropy[float64]{}},
		"logits":  {layers.MLP[float64](src, 4, 8, 1), layers.BinaryCrossEntropy[float64]{}},
		"probabilities": {layers.NewSequential[float64](layers.NewDense[float64](src, 4, 8), layers.NewReLU[float64](),
			layers.NewDense[float64](src, 8, 1), layers.NewSigmoid[float64]()), layers.BinaryCrossEntropyProb[float64]{}},
	} {
		var y tensor.Tensor[float64]
		c.net.Predict(&y, drawn(100, 4, 1))
		count := map[int]int{}
		for i := range y.Rows {
			row := y.Slice(i, i+1)
			class := c.net.Class(row.Data)
			count[class]++
			if c.loss.Right(&row, from(1, 1, float64(class))) != 1 {
				t.Errorf("%s: the class of %v is %d, which the loss calls wrong", name, row.Data, class)
			}
		}
		if len(count) < 2 {
			t.Errorf("%s: the classes are %v", name, count)
		}
	}
}
