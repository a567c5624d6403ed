package doctor

import (
	"math"

	"github.com/db75a6f2/downhill/tensor"
)

// estimate is a derivative taken from differences, and how far off it may be: by
// rounding, by the step's size, or by a kink such as ReLU's at 0, where no derivative
// is wrong.
type estimate struct{ value, off float64 }

// epsilon is the distance from 1 to the next number of type T.
func epsilon[T tensor.Float]() float64 {
	if isFloat32[T]() {
		return 0x1p-23
	}
	return 0x1p-52
}

func isFloat32[T tensor.Float]() bool {
	_, ok := any(T(0)).(float32)
	return ok
}

// derivative estimates how the sum of f's numbers rises with *v, which it leaves as it
// was. f gives how far each is above what it is at *v, the sum known to within noise; it
// may return the same memory every time.
//
// It takes central differences with smaller and smaller steps until three agree, and of
// those the ones that agree best: the right step depends on the scale of what is behind
// f, which nobody knows. A slope that is not the same to the left and to the right, and
// does not become so with a smaller step, is a kink: any slope between the two is right,
// for each of f's numbers by itself.
func derivative[T tensor.Float](v *T, noise float64, f func() vector) estimate {
	first, shrink, steps, agree := 0x1p-7, 8.0, 8, 1e-8
	if isFloat32[T]() {
		first, shrink, steps, agree = 0x1p-2, 4, 10, 1e-4
	}
	was := *v
	defer func() { *v = was }()
	best := estimate{0, math.Inf(1)}
	var up, slopes, bends, gaps vector // of each of f's numbers
	h := first * max(1, math.Abs(float64(was)))
	for k := range steps {
		*v = was + T(h)
		above := float64(*v) - float64(was)
		up = append(up[:0], f()...)
		*v = was - T(h)
		below := float64(was) - float64(*v)
		rounding := noise / h
		slope, off := 0.0, rounding
		for i, down := range f() {
			s, b := (up[i]-down)/(above+below), math.Abs(up[i]/above+down/below)
			slope += s
			if k == 0 {
				slopes, bends, gaps = append(slopes, s), append(bends, b), append(gaps, math.Inf(1))
				continue
			}
			gap := math.Abs(s - slopes[i])
			off += 4 * max(gap, gaps[i]/(shrink*shrink)) // two may agree by chance
			if b > bends[i]/3 {
				off += b
			}
			slopes[i], bends[i], gaps[i] = s, b, gap
		}
		if k > 1 && off < best.off { // never for a NaN
			best = estimate{slope, off}
			if off <= agree*math.Abs(slope)+2*rounding {
				break
			}
		}
		h /= shrink
	}
	return best
}

// comparison is a tensor's gradient from Backward beside that from differences, for
// some of its elements.
type comparison struct {
	index    []int // of the elements
	size     int   // how many the tensor has
	analytic vector
	numeric  vector
	off      vector  // how far off numeric may be
	slack    float64 // how much of the tensor's largest an element may be off
}

// compare estimates some derivatives of the sum of f's numbers, which are to be those of
// analytic, with respect to the elements of x.
func compare[T tensor.Float](x []T, analytic vector, indices []int, noise float64, f func() vector) *comparison {
	c := &comparison{index: indices, size: len(x), slack: 1e-6}
	if isFloat32[T]() {
		c.slack = 3e-3
	}
	for _, i := range indices {
		e := derivative(&x[i], noise, f)
		c.analytic, c.numeric, c.off = append(c.analytic, analytic[i]), append(c.numeric, e.value), append(c.off, e.off)
	}
	return c
}

// scale is the largest derivative that is certain.
func (c *comparison) scale() float64 {
	s := 0.0
	for i, n := range c.numeric {
		if c.off[i] < 0.1*math.Abs(n) {
			s = max(s, math.Abs(n))
		}
	}
	return s
}

// worst returns the place, in c's slices, of the element that is most surely wrong, and
// false if all are right.
func (c *comparison) worst() (at int, wrong bool) {
	scale, most := c.scale(), 1.0
	for i, n := range c.numeric {
		if math.IsInf(c.off[i], 1) {
			continue
		}
		excess := math.Abs(c.analytic[i]-n) / (c.slack*scale + c.off[i])
		if math.IsNaN(c.analytic[i]) || math.IsInf(c.analytic[i], 0) {
			excess = math.Inf(1)
		}
		if excess > most {
			at, most, wrong = i, excess, true
		}
	}
	return at, wrong
}

// certain returns both gradients at the elements whose differences can be relied on.
func (c *comparison) certain() (analytic, numeric vector) {
	limit := 0.01 * c.scale()
	for i, n := range c.numeric {
		if c.off[i] <= limit {
			analytic, numeric = append(analytic, c.analytic[i]), append(numeric, n)
		}
	}
	return analytic, numeric
}

// vector is a list of numbers in float64, whatever the network's type.
type vector []float64

func toVector[T tensor.Float](x []T) vector {
	v := make(vector, len(x))
	for i := range x {
		v[i] = float64(x[i])
	}
	return v
}

func (v vector) dot(w vector) float64 {
	sum := 0.0
	for i := range v {
		sum += v[i] * w[i]
	}
	return sum
}

func (v vector) norm() float64 { return math.Sqrt(v.dot(v)) }

// largest is the largest absolute value.
func (v vector) largest() float64 {
	m := 0.0
	for _, x := range v {
		m = max(m, math.Abs(x))
	}
	return m
}

// cosine of the angle between v and w, NaN if one of them is 0.
func (v vector) cosine(w vector) float64 { return v.dot(w) / (v.norm() * w.norm()) }

// ratio is the factor by which v is w, if it is a multiple of w.
func (v vector) ratio(w vector) float64 { return v.dot(w) / w.dot(w) }

// plus returns v + f*w.
func (v vector) plus(f float64, w vector) vector {
	sum := make(vector, len(v))
	for i := range v {
		sum[i] = v[i] + f*w[i]
	}
	return sum
}

// near reports whether v is w to within tolerance times w's largest.
func (v vector) near(w vector, tolerance float64) bool {
	limit := tolerance * max(w.largest(), v.largest())
	for i := range v {
		if !(math.Abs(v[i]-w[i]) <= limit) {
			return false
		}
	}
	return true
}
