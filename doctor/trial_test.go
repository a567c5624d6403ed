package doctor

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/db75a6f2/downhill/layers"
)

func TestScales(t *testing.T) {
	namedFirst(t, []fault{
		{"data/scale", raw(wine), 0.05, nothing},
		{"data/scale", raw(cancer), 0.05, nothing},
		{"data/scale", raw(digits), 0.1, func(c *Case[float32]) { scaleBy(c.Train.X.Data, 16) }},
		{"labels/scale", curve, 0.1, func(c *Case[float32]) {
			for i := range c.Train.Y.Data {
				c.Train.Y.Data[i] = 3000 + 1000*c.Train.Y.Data[i]
			}
		}},
		{"labels/scale", curve, 0.1, func(c *Case[float32]) { scaleBy(c.Train.Y.Data, 1e-5) }},
		{"labels/scale", curve, 0.01, func(c *Case[float32]) { // prices in full
			c.Loss = perElement(huber)
			for i, v := range c.Train.Y.Data {
				c.Train.Y.Data[i] = float32(math.Round(4e5 + 1e5*float64(v)))
			}
		}},
	})
}

// TestStill: trained as in inference, Dropout drops neither values nor gradients.
func TestStill(t *testing.T) {
	k := iris(t).standardised(t)
	plain := k.net(1, 2, 16, relu)
	l := plain.Layers()
	dropping := layers.NewSequential(l[0], l[1], layers.NewDropout[float32](rand.NewPCG(1, 1), 0.5), l[2])
	gradients := func(net *layers.Sequential[float32]) []float32 {
		gradient(net, k.loss, k.train.X, k.train.Y)
		return slices.Clone(net.Params()[0].Grad().Data)
	}
	if !slices.Equal(gradients(copyOf(dropping)), gradients(plain)) {
		t.Error("the gradients are others than without Dropout")
	}
}
