package optim

import (
	"math"
	"slices"
	"testing"

	"github.com/db75a6f2/downhill/tensor"
)

// param returns a parameter with the given gradient, or without one.
func param[T tensor.Float](grad ...T) *tensor.Param[T] {
	p := tensor.NewParam[T]("w", 1, max(1, len(grad)))
	if len(grad) > 0 {
		copy(p.Grad().Data, grad)
	}
	return p
}

func TestLearningRate(t *testing.T) {
	params := []*tensor.Param[float32]{param[float32]()}
	for _, o := range []Optimizer[float32]{NewSGD(params, 0.1), NewAdamW(params, 0.1)} {
		if o.LR() != 0.1 {
			t.Errorf("%T: the rate is %v", o, o.LR())
		}
		for _, lr := range []float64{0, 0.25} {
			if o.SetLR(lr); o.LR() != lr {
				t.Errorf("%T: the rate is %v, want %v", o, o.LR(), lr)
			}
		}
	}
	for bad, shown := range map[float64]string{-1: "-1", math.NaN(): "NaN", math.Inf(1): "+Inf", math.Inf(-1): "-Inf"} {
		sgd := NewSGD(params, 0.1)
		wantPanic(t, "optim: SetLR: learning rate is "+shown, func() { sgd.SetLR(bad) })
		if sgd.LR() != 0.1 {
			t.Errorf("a refused rate of %v leaves %v", bad, sgd.LR())
		}
		wantPanic(t, "optim: NewSGD: learning rate is "+shown, func() { NewSGD(params, bad) })
		wantPanic(t, "optim: NewAdamW: learning rate is "+shown, func() { NewAdamW(params, bad) })
	}
}

func TestSetLRIsTheRateOfTheNextStep(t *testing.T) {
	p := param[float64](1)
	sgd := NewSGD([]*tensor.Param[float64]{p}, 1)
	sgd.SetLR(0.25)
	sgd.Step()
	if got := p.Value.Data[0]; got != -0.25 {
		t.Errorf("the step is %v, want -0.25", got)
	}
}

func TestStepWithoutGradient(t *testing.T) {
	params := []*tensor.Param[float32]{param[float32](), param[float32]()}
	for name, o := range map[string]Optimizer[float32]{"SGD": NewSGD(params, 0.1), "AdamW": NewAdamW(params, 0.1)} {
		want := "optim: " + name + ": Step, but no parameter has a gradient; Backward comes first"
		wantPanic(t, want, o.Step)
		params[1].Grad().Data[0] = 1
		o.Step() // one is enough,
		if params[1].HasGrad() || params[1].Value.Data[0] == 0 || params[0].Value.Data[0] != 0 {
			t.Errorf("%s: the values are %v and %v", name, params[0].Value.Data, params[1].Value.Data)
		}
		wantPanic(t, want, o.Step) // for one step
		if steps := o.State().Steps; steps != 1 {
			t.Errorf("%s: %d steps", name, steps)
		}
	}
}

func TestClipNorm(t *testing.T) {
	t.Run("float32", func(t *testing.T) { testClipNorm[float32](t, 1e-6) })
	t.Run("float64", func(t *testing.T) { testClipNorm[float64](t, 1e-14) })
}

// The gradients have norm 7: 4 + 9 + 36 = 49.
func testClipNorm[T tensor.Float](t *testing.T, tolerance float64) {
	grads := func(params []*tensor.Param[T]) []T {
		return slices.Concat(params[0].Grad().Data, params[2].Grad().Data)
	}
	for _, limit := range []float64{0.5, 6.9, 7.1, 100} {
		params := []*tensor.Param[T]{param[T](2, -3), param[T](), param[T](6)}
		if norm := ClipNorm(params, limit); norm != 7 {
			t.Errorf("limit %v: the norm is %v", limit, norm)
		}
		for i, want := range []float64{2, -3, 6} {
			if limit < 7 {
				want *= limit / (7 + 1e-6)
			}
			if got := float64(grads(params)[i]); math.Abs(got-want) > tolerance*math.Abs(want) {
				t.Errorf("limit %v: the gradients are %v", limit, grads(params))
			}
		}
		if params[1].HasGrad() {
			t.Errorf("limit %v: a parameter without a gradient has one now", limit)
		}
	}
}

func TestClipNormOfNonFinite(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		params := []*tensor.Param[float64]{param(3.0, bad), param(1e10)}
		norm := ClipNorm(params, 1)
		if norm <= math.MaxFloat64 {
			t.Errorf("the norm of %v is %v", bad, norm)
		}
		if params[0].Grad().Data[0] != 3 || params[1].Grad().Data[0] != 1e10 {
			t.Errorf("beside %v the gradients become %v and %v", bad, params[0].Grad().Data, params[1].Grad().Data)
		}
	}
}

func TestClipNormOfNegativeLimit(t *testing.T) {
	p := param(3.0)
	func() {
		defer func() { recover() }()
		ClipNorm([]*tensor.Param[float64]{p}, -1)
	}()
	if g := p.Grad().Data[0]; g < 0 {
		t.Errorf("the gradient has turned round: %v", g)
	}
}
