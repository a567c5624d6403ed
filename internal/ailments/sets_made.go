package ailments

import (
	"math"
	"math/rand/v2"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/tensor"
)

// moons is two half circles that reach into each other, n points of 2 classes.
func moons[T tensor.Float](seed uint64, n int) *data.Set[T] {
	return drawn[T](seed, n, 2, func(r *rand.Rand, i int, x []float64) float64 {
		c, a := i%2, math.Pi*r.Float64()
		x[0], x[1] = math.Cos(a), math.Sin(a)
		if c == 1 {
			x[0], x[1] = 1-x[0], 0.5-x[1]
		}
		x[0] = (x[0] - 0.5 + 0.1*r.NormFloat64()) / 0.87
		x[1] = (x[1] - 0.25 + 0.1*r.NormFloat64()) / 0.5
		return float64(c)
	})
}

// spirals is two arms of one turn around each other, n points of 2 classes.
func spirals[T tensor.Float](seed uint64, n int) *data.Set[T] {
	return drawn[T](seed, n, 2, func(r *rand.Rand, i int, x []float64) float64 {
		c, s := i%2, math.Sqrt(r.Float64())
		a := 2*math.Pi*s + math.Pi*float64(c)
		x[0] = 2 * (s*math.Cos(a) + 0.03*r.NormFloat64())
		x[1] = 2 * (s*math.Sin(a) + 0.03*r.NormFloat64())
		return float64(c)
	})
}

// blobs is n points of as many classes, around centres at distance 2 or so of each other.
func blobs[T tensor.Float](seed uint64, n, cols, classes int) *data.Set[T] {
	r := rand.New(rand.NewPCG(seed, 11))
	centres := make([]float64, cols*classes)
	for i := range centres {
		centres[i] = 1.5 * r.NormFloat64()
	}
	return drawn[T](seed, n, cols, func(r *rand.Rand, i int, x []float64) float64 {
		c := i % classes
		for j := range x {
			x[j] = centres[c*cols+j] + 0.7*r.NormFloat64()
		}
		return float64(c)
	})
}

// rare is two overlapping clouds of points, of which the second has one point in 20.
func rare[T tensor.Float](seed uint64, n, cols int) *data.Set[T] {
	return rareOf[T](seed, n, cols, 20)
}

// rareOf is rare with one point of so many in the second cloud.
func rareOf[T tensor.Float](seed uint64, n, cols, of int) *data.Set[T] {
	return drawn[T](seed, n, cols, func(r *rand.Rand, i int, x []float64) float64 {
		c := 0.0
		if i%of == 0 {
			c = 1
		}
		for j := range x {
			x[j] = c*1.5 + r.NormFloat64()
		}
		return c
	})
}

// xor is the four corners of a square, of which opposite ones are of a class, each twice.
func xor[T tensor.Float]() *data.Set[T] {
	return drawn[T](1, 8, 2, func(_ *rand.Rand, i int, x []float64) float64 {
		a, b := i%2, i/2%2
		x[0], x[1] = float64(2*a-1), float64(2*b-1)
		return float64(a ^ b)
	})
}

// line is a linear function of as many columns, with some noise; its values have
// deviation 1.
func line[T tensor.Float](seed uint64, n, cols int) *data.Set[T] {
	return drawn[T](seed, n, cols, func(r *rand.Rand, i int, x []float64) float64 {
		y := 0.1 * r.NormFloat64()
		for j := range x {
			x[j] = r.NormFloat64()
			y += x[j] * math.Cos(float64(j)) * math.Sqrt(2/float64(cols))
		}
		return y
	})
}

// waves is a smooth function of two columns that is not linear, from -1.5 to 1.5.
func waves[T tensor.Float](seed uint64, n int) *data.Set[T] {
	return drawn[T](seed, n, 2, func(r *rand.Rand, i int, x []float64) float64 {
		x[0], x[1] = 3.4*r.Float64()-1.7, 3.4*r.Float64()-1.7
		return math.Sin(2*x[0]) + 0.5*x[0]*x[1]/1.5 + 0.05*r.NormFloat64()
	})
}

// houses is prices of some 100,000 to 500,000 by area, rooms, age and distance, all in
// the units people use.
func houses[T tensor.Float](n int) *data.Set[T] {
	set := drawn[T](1, n, 4, func(r *rand.Rand, i int, x []float64) float64 {
		x[0] = 4000 + 13000*r.Float64() // square feet of land
		x[1] = 2 + math.Floor(6*r.Float64())
		x[2] = 60 * r.Float64()
		x[3] = 1 + 20*r.Float64()
		return 60000 + 15*x[0] + 20000*x[1] - 800*x[2] - 3000*x[3] + 10000*r.NormFloat64()
	})
	set.Columns = []string{"area", "rooms", "age", "distance"}
	return set
}

// drawn is n samples that f draws one by one: it sets the inputs x of sample i, and
// returns its target. The samples are shuffled.
func drawn[T tensor.Float](seed uint64, n, cols int, f func(r *rand.Rand, i int, x []float64) float64) *data.Set[T] {
	set := &data.Set[T]{X: tensor.New[T](n, cols), Y: tensor.New[T](n, 1)}
	r, x := rand.New(rand.NewPCG(seed, 13)), make([]float64, cols)
	for i := range n {
		set.Y.Data[i] = T(f(r, i, x))
		for j, v := range x {
			set.X.Set(i, j, T(v))
		}
	}
	return shuffled(set)
}

// standardTargets brings the targets of a set to mean 0 and deviation 1.
func standardTargets[T tensor.Float](set *data.Set[T]) *data.Set[T] {
	mean, deviation := moments(set.Y.Data)
	return relabelled(set, func(_ int, v T) T { return T((float64(v) - mean) / deviation) })
}

// moments is the mean and the deviation of x.
func moments[T tensor.Float](x []T) (mean, deviation float64) {
	for _, v := range x {
		mean += float64(v) / float64(len(x))
	}
	for _, v := range x {
		d := float64(v) - mean
		deviation += d * d / float64(len(x))
	}
	return mean, math.Sqrt(deviation)
}
