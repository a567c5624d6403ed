package layertest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// faulty is a Dense with a tanh in it, as people write it, with the mistakes that
// people make.
type faulty struct {
	*layers.Dense[float64]
	z     tensor.Tensor[float64]
	fault string
}

func (f *faulty) Forward(y, x *tensor.Tensor[float64]) {
	f.Dense.Forward(&f.z, x)
	if f.fault == "adds to y" {
		y.Resize(f.z.Rows, f.z.Cols)
		for i, v := range f.z.Data {
			y.Data[i] += math.Tanh(v)
		}
		return
	}
	layers.NewTanh[float64]().Forward(y, &f.z)
}

func (f *faulty) Backward(dx, dy, x, y *tensor.Tensor[float64]) {
	var dz tensor.Tensor[float64]
	dz.Copy(dy)
	for i, v := range y.Data {
		switch f.fault {
		case "derivative of the upstream gradient":
			v = dy.Data[i]
		case "derivative left out":
			v = 0
		case "sign":
			dz.Data[i] *= -1
		}
		dz.Data[i] *= 1 - v*v
	}
	if f.fault == "divided by the features" {
		for i := range dz.Data {
			dz.Data[i] /= float64(x.Cols)
		}
	}
	if f.fault == "divided by the batch" {
		for i := range dz.Data {
			dz.Data[i] /= float64(max(1, x.Rows))
		}
	}
	if f.fault == "gradient not added" {
		for _, p := range f.Params() {
			p.ClearGrad()
		}
	}
	if dx != nil && f.fault == "adds to dx" {
		var own tensor.Tensor[float64]
		f.Dense.Backward(&own, &dz, x, nil)
		dx.Resize(own.Rows, own.Cols)
		for i, v := range own.Data {
			dx.Data[i] += v
		}
		return
	}
	f.Dense.Backward(dx, &dz, x, nil)
	switch f.fault {
	case "bias from dy":
		tensor.SumRows(f.Bias().Grad(), dy, 0)
	case "x changed":
		if len(x.Data) > 0 {
			x.Data[0]++
		}
	case "y changed":
		if len(y.Data) > 0 {
			y.Data[0]++
		}
	}
	if dx != nil && f.fault == "weights updated first" {
		w := f.Weight()
		for i, g := range w.Grad().Data {
			w.Value.Data[i] -= 0.01 * g
		}
		tensor.MatMulT(dx, &dz, w.Value)
	}
}

// record is a testing.TB that keeps what a test complains of.
type record struct {
	testing.TB
	errors []string
}

func (r *record) Helper()                      {}
func (r *record) Errorf(f string, args ...any) { r.errors = append(r.errors, fmt.Sprintf(f, args...)) }

// TestFaults: Check finds every fault, and none where there is none.
func TestFaults(t *testing.T) {
	for fault, want := range map[string]string{
		"":                                    "",
		"derivative of the upstream gradient": "gradient of x",
		"derivative left out":                 "gradient of weight",
		"sign":                                "gradient of bias",
		"divided by the features":             "gradient of weight",
		"divided by the batch":                "gradient of weight",
		"bias from dy":                        "gradient of bias",
		"gradient not added":                  "Backward must add",
		"weights updated first":               "another result the second time",
		"x changed":                           "changed x",
		"y changed":                           "changed y",
		"adds to y":                           "what y held before",
		"adds to dx":                          "what dx held before",
	} {
		var r record
		Check(&r, &faulty{Dense: layers.NewDense[float64](rand.NewPCG(1, 2), 4, 3), fault: fault}, 4)
		all := strings.Join(r.errors, "\n")
		if (all == "") != (want == "") || !strings.Contains(all, want) {
			t.Errorf("fault %q: it says %q, want it to speak of %q", fault, all, want)
		}
	}
}

// TestTrainer: what draws at random in training is refused, and not called faulty.
func TestTrainer(t *testing.T) {
	var r record
	Check(&r, layers.NewDropout[float64](rand.NewPCG(1, 2), 0.5), 4)
	if len(r.errors) != 1 || !strings.Contains(r.errors[0], "is a layers.Trainer") {
		t.Errorf("it says %q", r.errors)
	}
}
