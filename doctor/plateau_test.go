package doctor

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// byHand is a layer with its activation in it, as people write it, whose backward pass
// takes act'(dy) for dy*act'(z) and sums dy into the bias.
type byHand struct {
	weight, bias *tensor.Param[float64]
	sigmoid      bool
}

func newByHand(src rand.Source, in, out int, sigmoid bool) *byHand {
	d := &byHand{tensor.NewParam[float64]("weight", in, out), tensor.NewParam[float64]("bias", 1, out), sigmoid}
	tensor.Normal(d.weight.Value.Data, 6/math.Sqrt(float64(in*out)), src)
	tensor.Normal(d.bias.Value.Data, 6/math.Sqrt(float64(in*out)), src)
	return d
}

func (d *byHand) Forward(y, x *tensor.Tensor[float64]) {
	tensor.MatMul(y, x, d.weight.Value)
	tensor.AddRow(y, d.bias.Value)
	for i, z := range y.Data {
		if d.sigmoid {
			y.Data[i] = 1 / (1 + math.Exp(-z))
		} else {
			y.Data[i] = max(z, 0)
		}
	}
}

func (d *byHand) Backward(dx, dy, x, y *tensor.Tensor[float64]) {
	dz := new(tensor.Tensor[float64]).Copy(dy)
	for i, g := range dy.Data {
		if s := 1 / (1 + math.Exp(-g)); d.sigmoid {
			dz.Data[i] = s * (1 - s)
		} else if g > 0 {
			dz.Data[i] = 1
		} else {
			dz.Data[i] = 0
		}
	}
	dw := d.weight.Grad()
	tensor.TMatMul(dw, x, dz, 1)
	tensor.SumRows(d.bias.Grad(), dy, 1)
	for i := range dw.Data {
		dw.Data[i] /= float64(x.Cols)
	}
	if dx != nil {
		tensor.MatMulT(dx, dz, d.weight.Value)
	}
}

func (d *byHand) Params() []*tensor.Param[float64] {
	return []*tensor.Param[float64]{d.weight, d.bias}
}

// clippedByHand is binary cross-entropy, clipped at 1e-10 in the prediction only.
type clippedByHand struct{}

func (clippedByHand) Loss(grad, pred, target *tensor.Tensor[float64]) float64 {
	if grad != nil {
		grad.Resize(pred.Rows, pred.Cols)
	}
	sum := 0.0
	for i, p := range pred.Data {
		p = min(max(p, 1e-10), 1-1e-10)
		t := target.Data[i]
		sum -= t*math.Log(p) + (1-t)*math.Log(1-p)
		if grad != nil {
			grad.Data[i] = (p - t) / (p * (1 - p))
		}
	}
	return sum / float64(pred.Rows)
}

func (clippedByHand) Check(cols int, target *tensor.Tensor[float64]) error { return nil }

// TestPlateau: the network of examples/stuck sticks at 0.4 or 0.6 of -ln(1e-10).
func TestPlateau(t *testing.T) {
	for seed := range uint64(5) {
		rng := rand.NewPCG(seed, 0)
		x, y := tensor.New[float64](100, 4), tensor.New[float64](100, 1)
		tensor.Normal(x.Data, 1, rng)
		for i := range 40 {
			y.Data[i] = 1
			x.Row(i)[0] += 2
		}
		net := layers.NewSequential[float64](newByHand(rng, 4, 8, false), newByHand(rng, 8, 1, true))
		sgd := optim.NewSGD(net.Params(), 0.01)
		w := NewWatch[float64]()
		w.Begin(net, clippedByHand{}, sgd)
		var grad tensor.Tensor[float64]
		for range 500 {
			l := clippedByHand{}.Loss(&grad, net.Forward(x), y)
			net.Backward(&grad)
			w.Step(x, y, l)
			sgd.Step()
		}
		r := w.Report()
		zeros := "9.210 = 0.400 x 23.026: every output is saturated at 0, and 40 % of the targets are 1; 23.026 = -ln(1e-10)"
		ones := "13.816 = 0.600 x 23.026: every output is saturated at 1, and 40 % of the targets are 1; 23.026 = -ln(1e-10)"
		if len(r) != 1 || r[0].Rule != "watch/plateau" || r[0].Severity != Fault || (r[0].Evidence != zeros && r[0].Evidence != ones) {
			t.Errorf("seed %d: %v", seed, r)
		}
	}
}

// TestClipped: which losses are what a clip makes, and which are not.
func TestClipped(t *testing.T) {
	pred := tensor.From(4, 1, []float32{0, 0, 1, 1})
	y := tensor.From(4, 1, []float32{1, 0, 1, 0})
	for _, c := range []struct {
		loss float64
		eps  float64
	}{{0.5 * 16.118, 1e-7}, {0.5 * 23.026, 1e-10}, {0.25 * 34.539, 1e-15}, {8.5, 0}, {0, 0}, {math.Log(2), 0}} {
		var o outputWatch[float32]
		m, ok := o.clipped(pred, y, c.loss)
		if ok != (c.eps > 0) || ok && m.eps != c.eps {
			t.Errorf("loss %v: %+v, %v", c.loss, m, ok)
		}
	}
	var o outputWatch[float32]
	pred.Data[0] = 0.1
	if m, ok := o.clipped(pred, y, 0.5*16.118); ok {
		t.Errorf("not saturated, but %+v", m)
	}
	// Categorical: a missed row costs -ln(eps).
	rows, hot := tensor.From(2, 2, []float32{1, 0, 1, 0}), tensor.From(2, 2, []float32{1, 0, 0, 1})
	if m, ok := o.clipped(rows, hot, 0.5*16.118); !ok || !strings.HasPrefix(m.String(), "8.059 = 0.500 x 16.118") {
		t.Errorf("%+v, %v", m, ok)
	}
}
