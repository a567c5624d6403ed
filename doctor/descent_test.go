package doctor

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

func TestDescent(t *testing.T) {
	src := rand.NewPCG(3, 3)
	namedFirst(t, []fault{
		{"lr/too-large", digits, 30, nothing},
		{"lr/too-large", curve, 5, nothing},
		{"lr/too-large", wine, 100, nothing},
		{"lr/too-large", cancer, 1, func(c *Case[float32]) { c.Optimizer = optim.NewAdamW(c.Net.Params(), 3) }},
		{"lr/too-small", digits, 1e-5, nothing},
		{"lr/too-small", cancer, 1e-6, nothing},
		{"lr/zero", iris, 0, nothing},
		{"optimizer/params", iris, 0.1, func(c *Case[float32]) { c.Optimizer = optim.NewSGD(dense(c, 2).Params(), 0.1) }},
		{"optimizer/weight-decay", digits, 0.1, func(c *Case[float32]) { c.Optimizer.(*optim.SGD[float32]).WeightDecay = 1 }},
		{"optimizer/weight-decay", digits, 0.1, func(c *Case[float32]) { c.Optimizer.(*optim.SGD[float32]).WeightDecay = 30 }},
		{"optimizer/weight-decay", digits, 0.1, func(c *Case[float32]) {
			a := optim.NewAdamW(c.Net.Params(), 1e-3)
			a.WeightDecay, c.Optimizer = 100, a
		}},
		{"optimizer/step", digits, 0.1, func(c *Case[float32]) { c.Optimizer = ownSteps{c.Optimizer, 1} }},
		{"optimizer/step", digits, 0.1, func(c *Case[float32]) { c.Optimizer = ownSteps{c.Optimizer, 0} }},
		{"learn/ignores-input", iris, 0.1, func(c *Case[float32]) {
			rebuild(c, layers.NewDense[float32](src, 4, 8), blind{}, layers.NewDense[float32](src, 8, 3))
		}},
	})
}

// ownSteps is an optimiser that a user could write, with a factor that should be -1.
type ownSteps struct {
	optim.Optimizer[float32]
	factor float32
}

func (o ownSteps) Step() {
	for _, p := range o.Params() {
		for i, g := range p.Grad().Data {
			p.Value.Data[i] += o.factor * float32(o.LR()) * g
		}
	}
}

// blind is a layer that forgets its input.
type blind struct{}

func (blind) Forward(y, x *tensor.Tensor[float32]) {
	y.Resize(x.Rows, x.Cols)
	for i := range y.Data {
		y.Data[i] = 0.5
	}
}
func (blind) Backward(dx, dy, x, y *tensor.Tensor[float32]) {
	if dx != nil {
		clear(dx.Resize(x.Rows, x.Cols).Data)
	}
}
func (blind) Params() []*tensor.Param[float32] { return nil }

// zeroStart is a softmax regression of zeros, and n rows of three classes whose means are so far from
// that of the others.
func zeroStart(n int, far float32) (*layers.Sequential[float32], *data.Set[float32]) {
	net := layers.MLP[float32](rand.NewPCG(1, 1), 4, 3)
	clear(net.Params()[0].Value.Data)
	return net, rowsOf(n, 4, func(r *rand.Rand, i int, x []float32) float64 {
		for j := range x {
			x[j] = float32(r.NormFloat64())
		}
		x[i%3] += far
		return float64(i % 3)
	})
}

// TestZeroStart: a softmax regression of zeros gives one output before it is trained, and learns what
// there is to be learnt of classes that overlap.
func TestZeroStart(t *testing.T) {
	net, set := zeroStart(3000, 0.6)
	r := examine(t, Case[float32]{Net: net, Loss: layers.SoftmaxCrossEntropy[float32]{}, Optimizer: optim.NewSGD(net.Params(), 0.1), Train: set})
	if len(r) > 0 && r[0].Severity >= Warning {
		t.Error(text(r))
	}
}

// TestOwnOptimizer: an optimiser of the user's own that goes down is not accused, though its rate is low
// and all weights begin at 0.
func TestOwnOptimizer(t *testing.T) {
	net, set := zeroStart(1500, 4)
	for _, f := range examine(t, Case[float32]{Net: net, Loss: layers.SoftmaxCrossEntropy[float32]{}, Optimizer: ownSteps{optim.NewSGD(net.Params(), 1e-4), -1}, Train: set}) {
		if f.Rule == "optimizer/step" || f.Severity >= Warning {
			t.Error(text(Report{f}))
		}
	}
}

// TestSharpness: of mean squares under y = x*w, x of n rows, the Hessian is 2*x^T*x/n.
func TestSharpness(t *testing.T) {
	d := layers.NewDense[float32](rand.NewPCG(1, 1), 2, 1)
	x := tensor.From(4, 2, []float32{3, 0, -3, 0, 0, 1, 0, -1})
	net := layers.NewSequential[float32](d)
	e := newExam(context.Background(), Case[float32]{Net: net, Loss: layers.MeanSquaredError[float32]{}, Train: &data.Set[float32]{X: x, Y: tensor.New[float32](4, 1)}})
	if got := e.sharpness(); math.Abs(got-9) > 0.05 {
		t.Errorf("the largest eigenvalue is %v, want 9", got)
	}
}

// exploding is a loss that cannot be trained by.
type exploding struct {
	layers.MeanSquaredError[float32]
}

func (l exploding) Loss(grad, pred, target *tensor.Tensor[float32]) float64 {
	if grad != nil {
		return math.Inf(1)
	}
	return l.MeanSquaredError.Loss(nil, pred, target)
}

// TestAllDiverge: where every trial diverges, the evidence has the loss before it.
func TestAllDiverge(t *testing.T) {
	k := curve(t).standardised(t)
	e := newExam(t.Context(), Case[float32]{Net: k.net(1, 2, 64, relu), Loss: exploding{}, Train: k.train})
	if err := e.forward(); err != nil {
		t.Fatal(err)
	}
	e.cannotLearn()
	if len(e.report) != 1 || e.report[0].Rule != "learn/cannot-overfit" || strings.Contains(e.report[0].Evidence, "loss 0 ->") {
		t.Errorf("it says\n%v", text(e.report))
	}
}
