package doctor

import (
	"math/rand/v2"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
)

func TestRelation(t *testing.T) {
	namedFirst(t, []fault{
		{"labels/shifted", digits, 0.1, func(c *Case[float32]) {
			y := c.Train.Y.Data
			copy(y, append(append([]float32(nil), y[1:]...), y[0]))
		}},
		{"labels/shifted", curve, 0.1, func(c *Case[float32]) {
			y := c.Train.Y.Data
			copy(y, append(append([]float32(nil), y[1:]...), y[0]))
		}},
		{"labels/unrelated", cancer, 0.1, func(c *Case[float32]) { c.Train.Y = shuffled(c.Train.Y, 3) }},
		{"labels/unrelated", digits, 0.1, func(c *Case[float32]) { c.Train.Y = shuffled(c.Train.Y, 3) }},
	})
}

// TestOneSoftLabel: one label in 5,000 that is no class, outside the sample, is no class among numbers.
func TestOneSoftLabel(t *testing.T) {
	set := rowsOf(5000, 4, func(r *rand.Rand, i int, x []float32) float64 {
		for j := range x {
			x[j] = float32(r.NormFloat64())
		}
		return float64(r.IntN(2))
	})
	set.Y.Data[4000] = 0.5
	net := layers.MLP[float32](rand.NewPCG(1, 1), 4, 16, 1)
	r := examine(t, Case[float32]{Net: net, Loss: layers.BinaryCrossEntropy[float32]{}, Optimizer: optim.NewSGD(net.Params(), 0.1), Train: set})
	if len(r) == 0 || r[0].Rule != "labels/unrelated" {
		t.Error(text(r))
	}
}
