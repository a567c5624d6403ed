package doctor

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/data"
)

func TestLint(t *testing.T) {
	namedFirst(t, []fault{
		{"data/nan", digits, 0.1, func(c *Case[float32]) { c.Train.X.Set(3, 4, float32(math.NaN())) }},
		{"data/inf", digits, 0.1, func(c *Case[float32]) { c.Train.X.Set(3, 4, float32(math.Inf(1))) }},
		{"data/duplicate-rows-across-split", wine, 0.1, func(c *Case[float32]) { c.Validation = c.Train.Subset([]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}) }},
		{"data/split-scale", digits, 0.1, func(c *Case[float32]) {
			_, c.Validation = data.Digits().Split(rand.NewPCG(1, 2), 0.8)
		}},
		{"data/raw", digits, 0.1, func(c *Case[float32]) {
			c.Net.Standardise = c.Train.Standardised
			c.Train, _ = data.Digits().Split(rand.NewPCG(1, 2), 0.8)
			c.Validation = nil
		}},
		{"labels/range", digits, 0.1, func(c *Case[float32]) {
			for i := range c.Train.Y.Data {
				c.Train.Y.Data[i]++
			}
		}},
		{"labels/range", cancer, 0.1, func(c *Case[float32]) {
			for i, v := range c.Train.Y.Data {
				c.Train.Y.Data[i] = 2*v - 1
			}
		}},
		{"labels/one-class", iris, 0.1, func(c *Case[float32]) { clear(c.Train.Y.Data) }},
	})
}

// TestNumbersAreNoClasses: whole numbers are classes only for a loss of classes.
func TestNumbersAreNoClasses(t *testing.T) {
	k := task{train: counts(), loss: perElement(absolute), outputs: 1}
	for i := range k.train.Y.Data {
		k.train.Y.Data[i] += 2 // none is of class 0 or 1
	}
	net := k.net(1, 2, 32, relu)
	for _, f := range examine(t, Case[float32]{Net: net, Loss: k.loss, Train: k.train}) {
		if strings.HasPrefix(f.Rule, "labels/") {
			t.Errorf("%v", f)
		}
	}
}
