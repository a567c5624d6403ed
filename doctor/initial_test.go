package doctor

import (
	"testing"
)

func TestInitial(t *testing.T) {
	namedFirst(t, []fault{
		{"init/zero", digits, 0.1, func(c *Case[float32]) {
			clear(dense(c, 0).Weight().Value.Data)
			clear(dense(c, 2).Weight().Value.Data)
		}},
		{"init/symmetric", cancer, 0.1, func(c *Case[float32]) {
			for _, i := range []int{0, 2} {
				w := dense(c, i).Weight().Value.Data
				for j := range w {
					w[j] = 0.05
				}
			}
		}},
		{"init/large", digits, 0.1, func(c *Case[float32]) {
			scaleBy(dense(c, 0).Weight().Value.Data, 8)
			scaleBy(dense(c, 2).Weight().Value.Data, 8)
		}},
		{"init/large", wine, 0.02, func(c *Case[float32]) {
			scaleBy(dense(c, 0).Weight().Value.Data, 10)
			scaleBy(dense(c, 2).Weight().Value.Data, 10)
		}},
		{"init/small", digits, 0.1, func(c *Case[float32]) {
			c.Net = task{train: c.Train, outputs: 10}.net(2, 4, 64, relu)
			c.Optimizer = sgd(c.Net, 0.1)
			for i := range 4 {
				scaleBy(dense(c, 2*i).Weight().Value.Data, 0.05)
			}
		}},
		{"init/bias", digits, 0.1, func(c *Case[float32]) {
			b := dense(c, 0).Bias().Value.Data
			for i := range b {
				b[i] = -30
			}
		}},
		{"init/dead", raw(digits), 0.01, func(c *Case[float32]) {
			w := dense(c, 0).Weight().Value.Data
			for i, v := range w {
				w[i] = min(v, -v)
			}
		}},
	})
}
