package downhill

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// The largest errors in units in the last place, as the package documentation promises
// them.
const (
	ulpExp     = 1.1
	ulpLog     = 0.9
	ulpTanh    = 1.4
	ulpSigmoid = 2.5
)

// TestFunctions32 samples the bit patterns of float32 against float64 arithmetic.
func TestFunctions32(t *testing.T) {
	stride := uint64(6101)
	if testing.Short() || raceEnabled {
		stride = 610_007
	}
	for _, s := range usable() {
		k := &s.f32
		for _, f := range []struct {
			name  string
			do    func(dst, x []float32)
			want  func(float64) float64
			limit float64
		}{
			{"exp", k.exp, math.Exp, ulpExp}, {"log", k.log, math.Log, ulpLog},
			{"tanh", k.tanh, math.Tanh, ulpTanh}, {"sigmoid", k.sigmoid, sigmoid, ulpSigmoid},
		} {
			worst, at := 0.0, float32(0)
			x, y := make([]float32, 0, 4096), make([]float32, 4096)
			flush := func() {
				f.do(y[:len(x)], x)
				for i, v := range x {
					if u := ulps(float64(y[i]), f.want(float64(v)), -149, 24); !(u <= worst) {
						worst, at = u, v
					}
				}
				x = x[:0]
			}
			for b := uint64(0); b < 1<<32; b += stride {
				x = append(x, math.Float32frombits(uint32(b)))
				if len(x) == cap(x) {
					flush()
				}
			}
			flush()
			t.Logf("%s %s float32: at most %.3f ulp, at %v", s.name, f.name, worst, at)
			if !(worst <= f.limit) {
				t.Errorf("%s: %s(%v) is %.3f ulp off, want %v", s.name, f.name, at, worst, f.limit)
			}
		}
	}
}

func sigmoid(x float64) float64 {
	if x < 0 {
		return math.Exp(x) / (1 + math.Exp(x))
	}
	return 1 / (1 + math.Exp(-x))
}

// TestFunctions64 compares float64 with big.Float of 200 bits.
func TestFunctions64(t *testing.T) {
	n := 1500
	if testing.Short() || raceEnabled {
		n = 100
	}
	rng := rand.New(rand.NewPCG(37, 38))
	one := bigOf(1)
	bigSigmoid := func(x *big.Float) *big.Float { return quo(one, add2(one, bigExp(neg(x)))) }
	bigTanh := func(x *big.Float) *big.Float {
		e := bigExp(add2(x, x))
		return quo(add2(e, neg(one)), add2(e, one))
	}
	span := func(lo, hi float64) func() float64 { return func() float64 { return lo + (hi-lo)*rng.Float64() } }
	anyPositive := func() float64 { return math.Float64frombits(rng.Uint64() % math.Float64bits(math.Inf(1))) }
	for _, f := range []struct {
		name  string
		do    func(*kernels[float64]) func(dst, x []float64)
		want  func(*big.Float) *big.Float
		draw  []func() float64
		limit float64
	}{
		{"exp", func(k *kernels[float64]) func(dst, x []float64) { return k.exp }, bigExp, []func() float64{span(-745, 709.7), span(-1, 1)}, ulpExp},
		{"log", func(k *kernels[float64]) func(dst, x []float64) { return k.log }, bigLog, []func() float64{anyPositive, span(0.5, 2)}, ulpLog},
		{"tanh", func(k *kernels[float64]) func(dst, x []float64) { return k.tanh }, bigTanh, []func() float64{span(-20, 20), span(-1, 1)}, ulpTanh},
		{"sigmoid", func(k *kernels[float64]) func(dst, x []float64) { return k.sigmoid }, bigSigmoid, []func() float64{span(-740, 40), span(-5, 5)}, ulpSigmoid},
	} {
		var x, want []float64
		var exactly []*big.Float
		for range n {
			for _, draw := range f.draw {
				v := draw()
				x = append(x, v)
				exactly = append(exactly, f.want(bigOf(v)))
			}
		}
		for _, b := range exactly {
			v, _ := b.Float64()
			want = append(want, v)
		}
		for _, s := range usable() {
			y := make([]float64, len(x))
			f.do(&s.f64)(y, x)
			worst, at := 0.0, 0.0
			for i := range y {
				// What float64 cannot hold of the exact result counts as well.
				rest, _ := new(big.Float).Sub(exactly[i], bigOf(want[i])).Float64()
				if u := ulpsApart(y[i]-want[i]-rest, want[i], -1074, 53); !(u <= worst) {
					worst, at = u, x[i]
				}
			}
			t.Logf("%s %s float64: at most %.3f ulp, at %v", s.name, f.name, worst, at)
			if !(worst <= f.limit) {
				t.Errorf("%s: %s(%v) is %.3f ulp off, want %v", s.name, f.name, at, worst, f.limit)
			}
		}
	}
}

// ulps is how far got is from want in units of the last place of a format with the
// given smallest exponent and precision.
func ulps(got, want float64, smallest, precision int) float64 {
	largest := math.Ldexp(2-math.Ldexp(1, 1-precision), 127)
	switch {
	case want != want || got != got:
		if want != want && got != got {
			return 0
		}
		return math.Inf(1)
	case math.IsInf(got, 0) && math.Abs(want) > largest:
		return 0
	}
	return ulpsApart(got-want, want, smallest, precision)
}

func ulpsApart(difference, want float64, smallest, precision int) float64 {
	_, e := math.Frexp(want)
	return math.Abs(difference) / math.Ldexp(1, max(e-precision, smallest))
}

// TestFunctionValues pins what is exact.
func TestFunctionValues(t *testing.T) {
	eachSet(t, testFunctionValues[float32], testFunctionValues[float64])
}

func testFunctionValues[T Float](t *testing.T, s *set, k *kernels[T]) {
	inf, nan := inf[T](), inf[T]()-inf[T]()
	minus0 := T(math.Copysign(0, -1))
	for _, f := range []struct {
		name string
		do   func(dst, x []T)
		x, y []T
	}{
		{"exp", k.exp, []T{0, minus0, inf, -inf, nan, 1e4, -1e4}, []T{1, 1, inf, 0, nan, inf, 0}},
		{"log", k.log, []T{1, 0, minus0, -1, -inf, inf, nan}, []T{0, -inf, -inf, nan, nan, inf, nan}},
		{"sigmoid", k.sigmoid, []T{0, minus0, inf, -inf, nan}, []T{0.5, 0.5, 1, 0, nan}},
		{"tanh", k.tanh, []T{0, minus0, inf, -inf, nan, 50, -50}, []T{0, minus0, 1, -1, nan, 1, -1}},
		{"relu", k.relu, []T{1, 0, minus0, -1, -inf, inf, nan}, []T{1, 0, 0, 0, 0, inf, nan}},
	} {
		got := make([]T, len(f.x))
		f.do(got, f.x)
		if i := firstDiff(got, f.y); i >= 0 {
			t.Errorf("%s(%v) is %v, want %v", f.name, f.x[i], got[i], f.y[i])
		}
	}
	dx := make([]T, 4)
	k.reluGrad(dx, []T{inf, inf, 2, 3}, []T{0, 1, nan, minus0})
	if i := firstDiff(dx, []T{0, inf, 2, 0}); i >= 0 {
		t.Errorf("reluGrad is %v", dx)
	}
}

// Functions in 200 bits, from series.

const bigPrecision = 200

func bigOf(x float64) *big.Float { return new(big.Float).SetPrec(bigPrecision).SetFloat64(x) }

func add2(x, y *big.Float) *big.Float  { return new(big.Float).Add(x, y) }
func times(x, y *big.Float) *big.Float { return new(big.Float).Mul(x, y) }
func quo(x, y *big.Float) *big.Float   { return new(big.Float).Quo(x, y) }
func neg(x *big.Float) *big.Float      { return new(big.Float).Neg(x) }

// bigExp is the Taylor series of x/2^12, squared twelve times.
func bigExp(x *big.Float) *big.Float {
	const halvings = 12
	r := new(big.Float).SetMantExp(x, -halvings).SetPrec(bigPrecision + 40)
	sum, term := bigOf(1).SetPrec(bigPrecision+40), bigOf(1).SetPrec(bigPrecision+40)
	for n := 1.0; n < 60; n++ {
		term = quo(times(term, r), bigOf(n))
		sum = add2(sum, term)
	}
	for range halvings {
		sum = times(sum, sum)
	}
	return sum
}

// bigLog is Newton's method on exp, from float64's logarithm. math.Log is given the
// fraction only, since on amd64 it is wrong for subnormal numbers.
func bigLog(x *big.Float) *big.Float {
	f, _ := x.Float64()
	fraction, exponent := math.Frexp(f)
	y := bigOf(math.Log(fraction) + float64(exponent)*math.Ln2).SetPrec(bigPrecision + 40)
	for range 3 {
		y = add2(y, add2(quo(x, bigExp(y)), bigOf(-1)))
	}
	return y
}
