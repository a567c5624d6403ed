package downhill

import (
	"math"
	"math/rand/v2"
	"testing"
)

// values are numbers at which something changes: signs, limits, subnormals.
func values[T Float]() []T {
	v := []float64{0, math.Copysign(0, -1), 1, -1, 0.5, 0.625, -0.625, 0.6249999, 9, 10, 88.7, 88.73, 89, 90, -87.3, -87.4, -103.9, -104, -105,
		709.7, 709.8, 710, -708, -745, -746, 1e-3, 1e-8, 1e-20, 1e-38, 1e-39, -1e-39, 1e-45, 5e-324, 1e-310, 3e38, 1e300, -1e300,
		math.Sqrt2, math.Sqrt2 / 2, math.E, math.Inf(1), math.Inf(-1), math.NaN()}
	var x []T
	for _, f := range v {
		x = append(x, T(f))
	}
	return x
}

func testVectorBits[T Float](t *testing.T, s *set, kern *kernels[T]) {
	rng := rand.New(rand.NewPCG(3, 4))
	spec := of[T](&generic)
	if s.fused {
		spec = of[T](&exact)
	}
	special := values[T]()
	draw := func(n int) []T {
		x := random[T](rng, n)
		for i := range x {
			switch rng.IntN(8) {
			case 0:
				x[i] = special[rng.IntN(len(special))]
			case 1, 2, 3:
				x[i] *= 100
			}
		}
		return x
	}
	finite := func(n int) []T { return random[T](rng, n) }
	unary := []struct {
		name      string
		got, want func(dst, x []T)
	}{
		{"relu", kern.relu, spec.relu}, {"exp", kern.exp, spec.exp}, {"log", kern.log, spec.log},
		{"sigmoid", kern.sigmoid, spec.sigmoid}, {"tanh", kern.tanh, spec.tanh},
		{"scal", func(dst, x []T) { copy(dst, x); kern.scal(0.7, dst) }, func(dst, x []T) { copy(dst, x); spec.scal(0.7, dst) }},
		{"shift", func(dst, x []T) { kern.shift(dst, x, 0.7) }, func(dst, x []T) { spec.shift(dst, x, 0.7) }},
		{"div", func(dst, x []T) { kern.div(dst, x, 0.7) }, func(dst, x []T) { spec.div(dst, x, 0.7) }},
	}
	binary := []struct {
		name      string
		got, want func(dst, x, y []T)
	}{
		{"add", kern.add, spec.add}, {"mul", kern.mul, spec.mul}, {"reluGrad", kern.reluGrad, spec.reluGrad},
		{"axpy", func(dst, x, y []T) { copy(dst, y); kern.axpy(0.7, x, dst) }, func(dst, x, y []T) { copy(dst, y); spec.axpy(0.7, x, dst) }},
	}
	reduce := []struct {
		name      string
		got, want func(x, y []T) T
	}{
		{"sum", func(x, _ []T) T { return kern.sum(x) }, func(x, _ []T) T { return spec.sum(x) }},
		{"max", func(x, _ []T) T { return kern.max(x) }, func(x, _ []T) T { return spec.max(x) }},
		{"dot", kern.dot, spec.dot},
	}
	for n := range 200 {
		for _, draw := range []func(int) []T{draw, finite} {
			x, y := draw(n), draw(n)
			got, want := make([]T, n+1), make([]T, n+1)
			got[n], want[n] = canary, canary
			for _, f := range unary {
				f.got(got[:n], x)
				f.want(want[:n], x)
				if i := firstDiff(got, want); i >= 0 {
					t.Fatalf("%s: n %d: of x[%d] = %v it is %v, want %v", f.name, n, i, x[i], got[i], want[i])
				}
			}
			for _, f := range binary {
				f.got(got[:n], x, y)
				f.want(want[:n], x, y)
				if i := firstDiff(got, want); i >= 0 {
					t.Fatalf("%s: n %d: of %v and %v at %d it is %v, want %v", f.name, n, x[i], y[i], i, got[i], want[i])
				}
			}
			for _, f := range reduce {
				if got, want := f.got(x, y), f.want(x, y); bitsOf(got) != bitsOf(want) {
					t.Fatalf("%s: n %d: it is %v, want %v", f.name, n, got, want)
				}
			}
		}
	}
}

func TestVectorBits(t *testing.T) { eachSet(t, testVectorBits[float32], testVectorBits[float64]) }
