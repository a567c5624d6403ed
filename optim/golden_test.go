package optim_test

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// The steps and batches of golden.py, and the learning rates.
const (
	goldenSteps = 20
	sgdRate     = 0.1
	adamRate    = 0.01
)

var goldenBatches = []struct{ lo, hi int }{{0, 8}, {8, 16}, {16, 21}}

// goldenCase is a case of golden.py. What is left out is plain SGD, ReLU between
// the first two layers, cross-entropy with classes.
type goldenCase[T tensor.Float] struct {
	name      string
	optimizer func([]*tensor.Param[T]) optim.Optimizer[T]
	hidden    layers.Layer[T]
	last      []layers.Layer[T]
	loss      layers.Loss[T]
	target    string
	clip      float64
}

func goldenCases[T tensor.Float]() []goldenCase[T] {
	sgd := func(momentum float64, nesterov bool, decay float64) func([]*tensor.Param[T]) optim.Optimizer[T] {
		return func(params []*tensor.Param[T]) optim.Optimizer[T] {
			s := optim.NewSGD(params, sgdRate)
			s.Momentum, s.Nesterov, s.WeightDecay = momentum, nesterov, decay
			return s
		}
	}
	adamw := func(decay float64) func([]*tensor.Param[T]) optim.Optimizer[T] {
		return func(params []*tensor.Param[T]) optim.Optimizer[T] {
			a := optim.NewAdamW(params, adamRate)
			a.WeightDecay = decay
			return a
		}
	}
	cases := []goldenCase[T]{
		{name: "sgd"},
		{name: "momentum", optimizer: sgd(0.9, false, 0)},
		{name: "nesterov", optimizer: sgd(0.9, true, 0)},
		{name: "momentum-decay", optimizer: sgd(0.9, false, 0.01)},
		{name: "nesterov-decay", optimizer: sgd(0.9, true, 0.01)},
		{name: "adam", optimizer: adamw(0)},
		{name: "adamw", optimizer: adamw(0.01)},
		{name: "clip", clip: 0.9},
		{name: "distribution", target: "distributions"},
		{name: "bce-logits", loss: layers.BinaryCrossEntropy[T]{}, target: "probabilities"},
		{name: "bce", loss: layers.BinaryCrossEntropyProb[T]{}, target: "probabilities", last: []layers.Layer[T]{layers.NewSigmoid[T]()}},
		{name: "mse", loss: layers.MeanSquaredError[T]{}, target: "values"},
		{name: "sigmoid", hidden: layers.NewSigmoid[T]()},
		{name: "leaky-relu", hidden: layers.NewLeakyReLU[T](0.01)},
	}
	for i := range cases {
		c := &cases[i]
		if c.optimizer == nil {
			c.optimizer = sgd(0, false, 0)
		}
		if c.hidden == nil {
			c.hidden = layers.NewReLU[T]()
		}
		if c.loss == nil {
			c.loss = layers.SoftmaxCrossEntropy[T]{}
		}
		if c.target == "" {
			c.target = "classes"
		}
	}
	return cases
}

// TestGolden repeats trainings that PyTorch has done. The bounds are 100 and 30
// times what the worst matrix needs: rounding in another order, and nothing else.
func TestGolden(t *testing.T) {
	golden := readGolden(t)
	if want := 1 + 2*len(goldenCases[float64]()); len(golden) != want {
		t.Errorf("golden.txt has %d cases, want %d: the start, and those of this test in both types", len(golden), want)
	}
	t.Run("float64", func(t *testing.T) { testGolden[float64](t, golden, "float64/", 1e-13) })
	t.Run("float32", func(t *testing.T) { testGolden[float32](t, golden, "float32/", 1e-5) })
}

func testGolden[T tensor.Float](t *testing.T, golden map[string]matrices, prefix string, bound float64) {
	for _, c := range goldenCases[T]() {
		t.Run(c.name, func(t *testing.T) {
			want := golden[prefix+c.name]
			got := c.train(golden["start"])
			if len(got) != len(want) {
				t.Fatalf("golden.txt has %d matrices, want %d", len(want), len(got))
			}
			worst := 0.0
			for _, name := range slices.Sorted(maps.Keys(want)) {
				d := deviation(got[name], want[name])
				if !(d <= bound) {
					t.Errorf("%s deviates by %.2g", name, d)
				}
				worst = max(worst, d)
			}
			t.Logf("deviates by %.2g", worst)
		})
	}
}

// train takes the steps of golden.py and returns the matrices that it writes.
func (c *goldenCase[T]) train(start matrices) matrices {
	src := rand.NewPCG(1, 2)
	net := layers.NewSequential(append([]layers.Layer[T]{
		layers.NewDense[T](src, 5, 7), c.hidden,
		layers.NewDense[T](src, 7, 6), layers.NewTanh[T](),
		layers.NewDense[T](src, 6, 3),
	}, c.last...)...)
	params := net.Params()
	for _, p := range params {
		*p.Value = *as[T](torchOrder(p, start[p.Name]))
	}
	optimizer := c.optimizer(params)
	x, y := as[T](start["x"]), as[T](start[c.target])
	got := matrices{"losses": tensor.New[float64](1, goldenSteps)}
	if c.clip > 0 {
		got["norms"] = tensor.New[float64](1, goldenSteps)
	}
	var grad tensor.Tensor[T]
	for step := range goldenSteps {
		b := goldenBatches[step%len(goldenBatches)]
		bx, by := x.Slice(b.lo, b.hi), y.Slice(b.lo, b.hi)
		got["losses"].Data[step] = c.loss.Loss(&grad, net.Forward(&bx), &by)
		net.Backward(&grad)
		if c.clip > 0 {
			got["norms"].Data[step] = optim.ClipNorm(params, c.clip)
		}
		if step == 0 {
			for _, p := range params {
				got[p.Name+".grad"] = torchOrder(p, as[float64](p.Grad()))
			}
		}
		optimizer.Step()
	}
	for _, p := range params {
		got[p.Name] = torchOrder(p, as[float64](p.Value))
	}
	return got
}

// torchOrder brings the value or gradient of p from Dense's order to that of
// PyTorch or back: weights are transposed, biases are not.
func torchOrder[T tensor.Float](p *tensor.Param[T], m *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	if !strings.HasSuffix(p.Name, ".weight") {
		return m
	}
	t := tensor.New[float64](m.Cols, m.Rows)
	for i := range m.Rows {
		for j := range m.Cols {
			t.Set(j, i, m.At(i, j))
		}
	}
	return t
}

// as returns a copy of m with elements of type T.
func as[T, S tensor.Float](m *tensor.Tensor[S]) *tensor.Tensor[T] {
	t := tensor.New[T](m.Rows, m.Cols)
	for i, v := range m.Data {
		t.Data[i] = T(v)
	}
	return t
}

// deviation is the largest difference between two matrices, divided by the largest
// magnitude in want; infinite if the shapes differ.
func deviation(got, want *tensor.Tensor[float64]) float64 {
	if got == nil || got.Rows != want.Rows || got.Cols != want.Cols {
		return math.Inf(1)
	}
	var diff, scale float64
	for i, w := range want.Data {
		diff = max(diff, math.Abs(got.Data[i]-w))
		scale = max(scale, math.Abs(w))
	}
	return diff / scale
}
