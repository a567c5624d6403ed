package layers_test

import (
	"math/rand/v2"
	"testing"

	"github.com/db75a6f2/downhill/internal/gradcheck"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/layers/layertest"
	"github.com/db75a6f2/downhill/tensor"
)

func TestDense(t *testing.T) {
	layertest.Check(t, layers.NewDense[float64](rand.NewPCG(1, 1), 4, 3), 4)
	layertest.Check(t, layers.NewDense[float64](rand.NewPCG(1, 1), 1, 1), 1)
}
func TestReLU(t *testing.T)      { layertest.Check(t, layers.NewReLU[float64](), 7) }
func TestLeakyReLU(t *testing.T) { layertest.Check(t, layers.NewLeakyReLU[float64](0.1), 7) }
func TestSigmoid(t *testing.T)   { layertest.Check(t, layers.NewSigmoid[float64](), 7) }
func TestTanh(t *testing.T)      { layertest.Check(t, layers.NewTanh[float64](), 7) }

// TestDeep checks the gradients of deep networks under every loss, fused activations
// and a layer that stands there twice included.
func TestDeep(t *testing.T) {
	src := rand.NewPCG(3, 4)
	shared := layers.NewDense[float64](src, 6, 6)
	hidden := func() []layers.Layer[float64] {
		return []layers.Layer[float64]{
			layers.NewDense[float64](src, 4, 6), layers.NewTanh[float64](),
			shared, layers.NewLeakyReLU[float64](0.2),
			shared, layers.NewSigmoid[float64](), layers.NewTanh[float64](),
			layers.NewDense[float64](src, 6, 5), layers.NewReLU[float64](),
		}
	}
	batch := tensor.New[float64](8, 4)
	tensor.Normal(batch.Data, 1, src)
	classes := tensor.From(8, 1, []float64{0, 1, 2, 2, 1, 0, 0, 2})
	chances := tensor.New[float64](8, 3)
	for i := range chances.Rows {
		copy(chances.Row(i), []float64{0.2, 0.5, 0.3})
	}
	for _, c := range []struct {
		name   string
		end    []layers.Layer[float64]
		loss   layers.Loss[float64]
		target *tensor.Tensor[float64]
	}{
		{"classes", nil, layers.SoftmaxCrossEntropy[float64]{}, classes},
		{"distribution", nil, layers.SoftmaxCrossEntropy[float64]{}, chances},
		{"logits", nil, layers.BinaryCrossEntropy[float64]{}, chances},
		{"probabilities", []layers.Layer[float64]{layers.NewSigmoid[float64]()}, layers.BinaryCrossEntropyProb[float64]{}, chances},
		{"numbers", nil, layers.MeanSquaredError[float64]{}, chances},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := append(hidden(), layers.NewDense[float64](src, 5, 3))
			net := layers.NewSequential(append(all, c.end...)...)
			for _, g := range gradcheck.Network(net, c.loss, batch, c.target) {
				if i, off := g.Worst(); off > layertest.Tolerance {
					t.Errorf("gradient of %s: element %d is %v, the difference quotient %v", g.Name, i, g.Analytic[i], g.Numeric[i])
				}
			}
		})
	}
}
