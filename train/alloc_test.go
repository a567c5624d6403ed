package train

import (
	"math/rand/v2"
	"testing"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

func TestStepAllocatesNothing(t *testing.T) {
	t.Run("float32", testStepAllocatesNothing[float32])
	t.Run("float64", testStepAllocatesNothing[float64])
}

func testStepAllocatesNothing[T tensor.Float](t *testing.T) {
	for name, optimizer := range map[string]func([]*tensor.Param[T]) optim.Optimizer[T]{
		"SGD": func(p []*tensor.Param[T]) optim.Optimizer[T] { return optim.NewSGD(p, 0.1) },
		"momentum": func(p []*tensor.Param[T]) optim.Optimizer[T] {
			sgd := optim.NewSGD(p, 0.1)
			sgd.Momentum, sgd.Nesterov, sgd.WeightDecay = 0.9, true, 1e-4
			return sgd
		},
		"AdamW": func(p []*tensor.Param[T]) optim.Optimizer[T] { return optim.NewAdamW(p, 1e-3) },
	} {
		net, set := digitsNet[T](t)
		o := optimizer(net.Params())
		loss := layers.SoftmaxCrossEntropy[T]{}
		grad := new(tensor.Tensor[T])
		x, y := set.X.Slice(0, 32), set.Y.Slice(0, 32)
		step := func() {
			loss.Loss(grad, net.Forward(&x), &y)
			net.Backward(grad)
			optim.ClipNorm(net.Params(), 1)
			o.Step()
		}
		step()
		if n := testing.AllocsPerRun(20, step); n != 0 {
			t.Errorf("%s: a step allocates %v times", name, n)
		}
	}
}

func TestInferenceAllocatesNothing(t *testing.T) {
	t.Run("float32", testInferenceAllocatesNothing[float32])
	t.Run("float64", testInferenceAllocatesNothing[float64])
}

func testInferenceAllocatesNothing[T tensor.Float](t *testing.T) {
	net, set := digitsNet[T](t)
	p := net.Predictor()
	var dst tensor.Tensor[T]
	for _, rows := range []int{1, 300} {
		x := set.X.Slice(0, rows)
		for name, predict := range map[string]func(){
			"Sequential": func() { net.Predict(&dst, &x) },
			"Predictor":  func() { p.Predict(&x) },
		} {
			predict()
			if n := testing.AllocsPerRun(20, predict); n != 0 {
				t.Errorf("%s.Predict of %d rows allocates %v times", name, rows, n)
			}
		}
	}
}

// TestWideStepAllocatesNothing: nor does a step of a network that is no longer small.
func TestWideStepAllocatesNothing(t *testing.T) {
	rng := rand.NewPCG(1, 2)
	net := layers.MLP[float32](rng, 64, 200, 150, 10)
	loss := layers.SoftmaxCrossEntropy[float32]{}
	grad := new(tensor.Tensor[float32])
	x, y := data.Digits().X.Slice(0, 150), data.Digits().Y.Slice(0, 150)
	step := func() {
		loss.Loss(grad, net.Forward(&x), &y)
		net.BackwardStep(grad, 0.1)
	}
	step()
	if n := testing.AllocsPerRun(20, step); n != 0 {
		t.Errorf("a step allocates %v times", n)
	}
}

// digitsNet is a network for the digits, which it standardises, and the raw digits.
func digitsNet[T tensor.Float](t *testing.T) (*layers.Sequential[T], *data.Set[T]) {
	rng := rand.NewPCG(1, 2)
	net := layers.NewSequential(
		layers.NewDense[T](rng, 64, 32),
		layers.NewReLU[T](),
		layers.NewDropout[T](rng, 0.1),
		layers.NewDense[T](rng, 32, 16),
		layers.NewTanh[T](),
		layers.NewDense[T](rng, 16, 10),
	)
	set := data.Convert[T](data.Digits())
	known := set.Subset([]int{0, 1, 2, 3})
	if err := data.Standardise(known); err != nil {
		t.Fatal(err)
	}
	net.Standardise = known.Standardised
	return net, set
}

func TestEpochOfFitAllocatesNothing(t *testing.T) {
	set := spots[float32](50, 1)
	allocs := func(epochs int) float64 {
		return testing.AllocsPerRun(3, func() {
			net, o := plan[float32](epochs)
			mustFit(t, net, set, o)
		})
	}
	// The history grows now and then.
	if n := allocs(200) - allocs(100); n > 10 {
		t.Errorf("100 more epochs allocate %v times", n)
	}
}
