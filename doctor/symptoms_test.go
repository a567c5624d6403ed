package doctor

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// TestSymptoms: rules on the course of the loss, of made-up losses. A constant output
// costs ln 2.
func TestSymptoms(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	noise := func() float64 { return 1 + 0.1*rng.NormFloat64() }
	for _, c := range []struct {
		name, want, text string
		steps            int
		loss             func(i int) float64
	}{
		{"falls", "", "", 1000, func(i int) float64 { return 0.7 * noise() * math.Exp(-float64(i)/300) }},
		{"has fallen", "", "", 5000, func(i int) float64 { return (0.1 + 0.6*math.Exp(-float64(i)/100)) * noise() }},
		{"falls late", "", "", 1000, func(i int) float64 { return 0.7 * noise() / (1 + math.Exp(float64(i-700)/100)) }},
		{"falls from far above", "", "", 400, func(i int) float64 { return 50 * noise() * math.Exp(-float64(i)/200) }},
		{"too short to judge", "", "", 30, func(i int) float64 { return 0.7 }},
		{"low, with spikes", "", "", 1000, func(i int) float64 {
			if i > 300 && i%50 == 0 {
				return 3
			}
			return 0.7 * noise() * math.Exp(-float64(i)/100)
		}},
		{"rises", "watch/rising", "it was 0.7", 500, func(i int) float64 { return 0.7 + 0.01*float64(i) }},
		{"rises at once", "watch/rising", "it was 0.7", 12, func(i int) float64 { return 0.7 * math.Pow(3, float64(i)) }},
		{"falls and rises", "watch/rising", "by step 2", 900, func(i int) float64 {
			if i < 450 {
				return 0.1 * noise()
			}
			return 0.69 * noise()
		}},
		{"sticks", "watch/stuck", "after 500 steps, the loss is 0.6", 500, func(i int) float64 { return 0.69 * noise() }},
		{"sticks far above", "watch/stuck", "the same output for every sample would cost 0.6", 500, func(i int) float64 { return 5 * noise() }},
		{"swings", "watch/oscillating", "goes up and down by 0.8", 500, func(i int) float64 { return 0.1 + 0.8*float64(i%2) }},
	} {
		w, x, y := fakeWatch()
		for i := range c.steps {
			w.Step(x, y, c.loss(i))
		}
		r := w.Report()
		if c.want == "" && len(r) > 0 || c.want != "" && (len(r) != 1 || r[0].Rule != c.want || !strings.Contains(r[0].Evidence, c.text)) {
			t.Errorf("%s: want %q with %q, have %v", c.name, c.want, c.text, r)
		}
	}
}

// fakeWatch is a Watch of a network that is not trained, and a batch: half of the
// targets are 1.
func fakeWatch() (w *Watch[float64], x, y *tensor.Tensor[float64]) {
	rng := rand.NewPCG(1, 2)
	net := layers.NewSequential[float64](layers.NewDense[float64](rng, 3, 1))
	x, y = tensor.New[float64](64, 3), tensor.New[float64](64, 1)
	tensor.Normal(x.Data, 1, rng)
	for i := range y.Data {
		y.Data[i] = float64(i % 2)
	}
	w = NewWatch[float64]()
	w.Begin(net, layers.BinaryCrossEntropy[float64]{}, nil)
	net.Forward(x)
	return w, x, y
}

// TestOverfitting: rules on the losses of epochs.
func TestOverfitting(t *testing.T) {
	for _, c := range []struct {
		name       string
		validation func(e float64) float64
		want       bool
		severity   Severity
	}{
		{"none", func(e float64) float64 { return math.NaN() }, false, Note},
		{"falls", func(e float64) float64 { return 0.6 * math.Exp(-e/20) }, false, Note},
		{"flat", func(e float64) float64 { return 0.3 + 0.3*math.Exp(-e/3) }, false, Note},
		{"rises after a fall", func(e float64) float64 { return 0.2 + 0.01*math.Abs(e-10) }, true, Note},
		{"far above a constant output, after a fall", func(e float64) float64 { return 0.2 + 0.05*math.Abs(e-10) }, true, Note},
		{"only rises", func(e float64) float64 { return 0.7 + 0.03*e }, true, Warning},
	} {
		w, x, y := fakeWatch()
		for e := range 60 {
			loss := 0.7 * math.Exp(-float64(e)/20)
			for range 5 {
				w.Step(x, y, loss)
			}
			w.Epoch(loss, c.validation(float64(e)))
		}
		r := w.Report()
		if len(r) > 0 != c.want || c.want && (r[0].Rule != "watch/overfitting" || r[0].Severity != c.severity) {
			t.Errorf("%s: %v", c.name, r)
		}
	}
}

// TestConstantOutput: the best constant output of every loss.
func TestConstantOutput(t *testing.T) {
	column := func(v ...float64) *tensor.Tensor[float64] { return tensor.From(len(v), 1, v) }
	rows := func(times int, v ...float64) (all []float64) {
		for range times {
			all = append(all, v...)
		}
		return all
	}
	for _, c := range []struct {
		name string
		loss layers.Loss[float64]
		cols int
		y    *tensor.Tensor[float64]
		want float64
	}{
		{"classes", layers.SoftmaxCrossEntropy[float64]{}, 4, column(rows(40, 0, 1, 2, 3)...), math.Log(4)},
		{"imbalanced", layers.BinaryCrossEntropy[float64]{}, 1, column(rows(40, 0, 0, 0, 1)...), -0.75*math.Log(0.75) - 0.25*math.Log(0.25)},
		{"probabilities", layers.BinaryCrossEntropyProb[float64]{}, 1, column(rows(40, 0, 1)...), math.Ln2},
		{"one-hot", layers.SoftmaxCrossEntropy[float64]{}, 2, tensor.From(80, 2, rows(40, 1, 0, 0, 1)), math.Ln2},
		{"numbers", layers.MeanSquaredError[float64]{}, 1, column(rows(40, 100, 104)...), 4},
		{"one class so far", layers.BinaryCrossEntropy[float64]{}, 1, column(rows(40, 0)...), math.NaN()},
		{"too few", layers.MeanSquaredError[float64]{}, 1, column(1, 2, 3), math.NaN()},
	} {
		var o constantOutput[float64]
		o.see(c.y, maxTargets)
		o.level(c.loss, c.cols, 32)
		if !(math.Abs(o.loss-c.want) < 1e-6) && !math.IsNaN(c.want) || math.IsNaN(c.want) != math.IsNaN(o.loss) {
			t.Errorf("%s: %v, want %v", c.name, o.loss, c.want)
		}
	}
}
