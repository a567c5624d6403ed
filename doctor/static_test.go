package doctor

import (
	"math/rand/v2"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

func TestStatic(t *testing.T) {
	src := rand.NewPCG(3, 3)
	namedFirst(t, []fault{
		{"loss/last-activation", cancer, 0.1, func(c *Case[float32]) { rebuild(c, append(c.Net.Layers(), sigmoid())...) }},
		{"loss/last-activation", digits, 0.1, func(c *Case[float32]) { rebuild(c, append(c.Net.Layers(), relu())...) }},
		{"loss/last-activation", cancer, 0.1, func(c *Case[float32]) { c.Loss = layers.BinaryCrossEntropyProb[float32]{} }},
		{"loss/last-activation", curve, 0.1, func(c *Case[float32]) { rebuild(c, append(c.Net.Layers(), relu())...) }},
		{"layers/no-activation", digits, 0.1, func(c *Case[float32]) {
			rebuild(c, layers.NewDense[float32](src, 64, 32), layers.NewDense[float32](src, 32, 10))
		}},
		{"layers/doubled-activation", digits, 0.1, func(c *Case[float32]) {
			rebuild(c, layers.NewDense[float32](src, 64, 32), sigmoid(), sigmoid(), layers.NewDense[float32](src, 32, 10))
		}},
		{"layers/one-output-softmax", cancer, 0.1, func(c *Case[float32]) { c.Loss = layers.SoftmaxCrossEntropy[float32]{} }},
	})
}

// clipped is a user's own binary cross-entropy of probabilities.
type clipped struct{}

func (clipped) Loss(grad, pred, target *tensor.Tensor[float32]) float64 {
	return layers.BinaryCrossEntropyProb[float32]{Clip: 1e-6}.Loss(grad, pred, target)
}
func (clipped) Check(int, *tensor.Tensor[float32]) error { return nil }

// summed is a user's own loss of squares, summed over the columns.
type summed struct{}

func (summed) Loss(grad, pred, target *tensor.Tensor[float32]) float64 {
	return float64(pred.Cols) * layers.MeanSquaredError[float32]{}.Loss(grad, pred, target)
}
func (summed) Check(int, *tensor.Tensor[float32]) error { return nil }

// TestActivationKinds: what a loss and a layer are is known by what they do.
func TestActivationKinds(t *testing.T) {
	y := tensor.From(4, 1, []float32{0, 1, 1, 0})
	if k := kindOf[float32](clipped{}, 1, y); k != binaryShares {
		t.Errorf("a clipped cross-entropy is of kind %v", k)
	}
	if k := kindOf[float32](summed{}, 2, tensor.From(2, 2, []float32{0.5, -3, 1, 4})); k != squares {
		t.Errorf("summed squares are of kind %v", k)
	}
	x := tensor.New[float32](4, 5)
	for want, l := range map[shape]layers.Layer[float32]{positive: relu(), probability: sigmoid(), symmetric: tanh(), anywhere: leaky()} {
		tr := traitOf(l, x)
		if !tr.known || !tr.each || tr.affine || tr.act != want {
			t.Errorf("%T has the traits %+v", l, tr)
		}
	}
	if tr := traitOf[float32](layers.NewDense[float32](rand.NewPCG(1, 1), 5, 5), x); !tr.affine || tr.each || !tr.weights {
		t.Errorf("Dense has the traits %+v", tr)
	}
}
