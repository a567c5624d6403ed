package doctor

import (
	"testing"
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
