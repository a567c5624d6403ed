package ailments

import (
	"math"
	"math/rand/v2"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/tensor"
)

// series is windows of so many values of a series that swings, in order, and the value
// after each.
func series[T tensor.Float](seed uint64, n, lags int) *data.Set[T] {
	r := rand.New(rand.NewPCG(seed, 14))
	values := make([]T, n+lags)
	last := 0.0
	for i := range values {
		last = r.NormFloat64() - 0.7*last
		values[i] = T(last)
	}
	set := &data.Set[T]{X: tensor.New[T](n, lags), Y: tensor.From(n, 1, values[lags:])}
	for i := range n {
		copy(set.X.Row(i), values[i:])
	}
	return set
}

// counts is whole numbers about 4, a linear function of as many columns but for rounding.
func counts[T tensor.Float](seed uint64, n, cols int) *data.Set[T] {
	return drawn[T](seed, n, cols, func(r *rand.Rand, i int, x []float64) float64 {
		y := 4.0
		for j := range x {
			x[j] = r.NormFloat64()
			y += 2 * x[j] / math.Sqrt(float64(cols))
		}
		return max(0, math.Round(y))
	})
}

// parity has all rows of so many bits, each as -1 or 1, and whether an odd number is 1.
func parity[T tensor.Float](bits int) *data.Set[T] {
	return drawn[T](1, 1<<bits, bits, func(_ *rand.Rand, i int, x []float64) float64 {
		odd := 0
		for j := range x {
			bit := i >> j & 1
			odd ^= bit
			x[j] = float64(2*bit - 1)
		}
		return float64(odd)
	})
}

// shares is probabilities, of which the logit is a linear function of as many columns.
func shares[T tensor.Float](seed uint64, n, cols int) *data.Set[T] {
	return drawn[T](seed, n, cols, func(r *rand.Rand, i int, x []float64) float64 {
		z := 0.0
		for j := range x {
			x[j] = r.NormFloat64()
			z += 3 * x[j] / math.Sqrt(float64(cols))
		}
		return 1 / (1 + math.Exp(-z))
	})
}
