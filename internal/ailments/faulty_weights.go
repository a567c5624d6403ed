package ailments

import (
	"math"
	"math/rand/v2"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// begun passes the dense layers through f unless the program is mended.
func begun[T tensor.Float](mended bool, all []layers.Layer[T], f func(weight, bias *tensor.Tensor[T])) []layers.Layer[T] {
	if mended {
		return all
	}
	return weighted(all, f)
}

// normal sets weights to draws of the given deviation.
func normal[T tensor.Float](deviation float64) func(weight, bias *tensor.Tensor[T]) {
	src := rand.NewPCG(21, 21)
	return func(weight, _ *tensor.Tensor[T]) { tensor.Normal(weight.Data, deviation, src) }
}

// weightFaults are in the first weights and biases.
func weightFaults() []Program {
	return []Program{
		{"digits: weights of 0", []string{"init/zero", "init/symmetric"}, func(mended bool) Subject {
			all := begun(mended, stack(relu[float32], 64, 32, 10), func(w, _ *tensor.Tensor[float32]) { fill(w, 0) })
			return program(standard(digits[float32]()), layers.SoftmaxCrossEntropy[float32]{}, 0.1, all...)
		}, nil},
		{"waves: weights of 0", []string{"init/zero", "init/symmetric"}, func(mended bool) Subject {
			all := begun(mended, stack(tanh[float64], 2, 16, 1), func(w, _ *tensor.Tensor[float64]) { fill(w, 0) })
			return program(waves[float64](5, 300), layers.MeanSquaredError[float64]{}, 0.1, all...)
		}, nil},
		{"digits: all weights alike", []string{"init/symmetric"}, func(mended bool) Subject {
			all := begun(mended, stack(relu[float32], 64, 32, 10), func(w, _ *tensor.Tensor[float32]) { fill(w, 0.05) })
			return program(standard(digits[float32]()), layers.SoftmaxCrossEntropy[float32]{}, 0.1, all...)
		}, nil},
		{"spirals: all weights alike", []string{"init/symmetric"}, func(mended bool) Subject {
			all := begun(mended, stack(tanh[float64], 2, 32, 32, 2), func(w, _ *tensor.Tensor[float64]) { fill(w, 0.3) })
			return program(spirals[float64](2, 300), layers.SoftmaxCrossEntropy[float64]{}, 0.2, all...)
		}, nil},
		{"digits: tanh with weights of deviation 1", []string{"init/large", "init/saturated", "start/loss"}, func(mended bool) Subject {
			all := begun(mended, stack(tanh[float32], 64, 32, 32, 10), normal[float32](1))
			return program(standard(digits[float32]()), layers.SoftmaxCrossEntropy[float32]{}, 0.05, all...)
		}, nil},
		{"waves: randn * 6/sqrt(in*out), biases too", []string{"init/large", "init/bias", "start/loss"}, func(mended bool) Subject {
			src := rand.NewPCG(22, 22)
			all := begun(mended, stack(relu[float64], 2, 12, 12, 1), func(w, b *tensor.Tensor[float64]) {
				deviation := 6 / math.Sqrt(float64(w.Rows*w.Cols))
				tensor.Normal(w.Data, deviation, src)
				tensor.Normal(b.Data, deviation, src)
			})
			return program(waves[float64](11, 300), layers.MeanSquaredError[float64]{}, 0.1, all...)
		}, nil},
		{"breast cancer: weights of deviation 3 and a clipped loss", []string{"init/large", "start/plateau", "start/loss", "init/saturated"}, func(mended bool) Subject {
			all := begun(mended, append(stack(relu[float64], 30, 32, 32, 1), sigmoid[float64]()), normal[float64](3))
			return program(standard(cancer[float64]()), ownBinary[float64](none), 0.1, all...)
		}, nil},
		{"spirals: tanh with weights of deviation 15", []string{"init/large", "init/saturated", "start/loss"}, func(mended bool) Subject {
			all := begun(mended, stack(tanh[float64], 2, 16, 16, 2), normal[float64](15))
			return program(spirals[float64](3, 300), layers.SoftmaxCrossEntropy[float64]{}, 0.1, all...)
		}, nil},
		{"wine: sigmoids, only the first weights of deviation 30", []string{"init/saturated", "init/large"}, func(mended bool) Subject {
			all := stack(sigmoid[float32], 13, 16, 3)
			if !mended {
				normal[float32](30)(all[0].(*layers.Dense[float32]).Weight().Value, nil)
			}
			return program(standard(wine[float32]()), layers.SoftmaxCrossEntropy[float32]{}, 0.3, all...)
		}, nil},
		{"digits: weights of deviation 1e-3, deep", []string{"init/small"}, func(mended bool) Subject {
			all := begun(mended, stack(relu[float32], 64, 32, 32, 32, 10), normal[float32](1e-3))
			return program(standard(digits[float32]()), layers.SoftmaxCrossEntropy[float32]{}, 0.1, all...)
		}, nil},
		{"waves: weights of deviation 1e-4", []string{"init/small"}, func(mended bool) Subject {
			all := begun(mended, stack(tanh[float64], 2, 24, 24, 1), normal[float64](1e-4))
			return program(waves[float64](6, 300), layers.MeanSquaredError[float64]{}, 0.1, all...)
		}, nil},
		{"wine: hidden biases of -100", []string{"init/dead", "init/bias"}, func(mended bool) Subject {
			all := begun(mended, stack(relu[float32], 13, 16, 16, 3), func(_, b *tensor.Tensor[float32]) {
				if b.Cols == 16 {
					fill(b, -100)
				}
			})
			return program(standard(wine[float32]()), layers.SoftmaxCrossEntropy[float32]{}, 0.1, all...)
		}, nil},
		{"iris: first biases of -10", []string{"init/dead", "init/bias"}, func(mended bool) Subject {
			all := stack(relu[float64], 4, 16, 3)
			if !mended {
				fill(all[0].(*layers.Dense[float64]).Bias().Value, -10)
			}
			return program(standard(iris[float64]()), layers.SoftmaxCrossEntropy[float64]{}, 0.1, all...)
		}, nil},
		{"moons: biases of 50", []string{"init/bias", "init/saturated", "start/loss"}, func(mended bool) Subject {
			all := begun(mended, stack(tanh[float64], 2, 16, 2), func(_, b *tensor.Tensor[float64]) { fill(b, 50) })
			return program(moons[float64](10, 200), layers.SoftmaxCrossEntropy[float64]{}, 0.3, all...)
		}, nil},
		{"line: biases of deviation 30", []string{"init/bias", "start/loss"}, func(mended bool) Subject {
			src := rand.NewPCG(24, 24)
			all := begun(mended, stack(relu[float32], 5, 16, 1), func(_, b *tensor.Tensor[float32]) { tensor.Normal(b.Data, 30, src) })
			return program(line[float32](7, 300, 5), layers.MeanSquaredError[float32]{}, 0.05, all...)
		}, nil},
	}
}
