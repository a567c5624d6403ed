package downhill

import "math"

// The functions of one element, in a fixed order of operations: the assembly
// follows it instruction by instruction. Only fma depends on the profile.

// each sets dst to f of every x.
func each[T Float](dst, x []T, f func(x T, fused bool) T, fused bool) {
	for i, v := range x {
		dst[i] = f(v, fused)
	}
}

// exp32 is exp(x): x = n*ln 2 + r with |r| <= ln(2)/2, then (1 + p(r)) * 2^n. ln 2
// is split so that n*hi is exact, and p is that of Cephes' expf (S. Moshier).
func exp32(x float32, fused bool) float32 {
	const (
		log2e = 1.44269504088896341
		hi    = 0.693145751953125
		lo    = 1.428606765330187e-06
		round = 3 << 22 // 1.5*2^23: adding it rounds to an integer, held in the low bits
	)
	if x > 89 {
		x = 89 // exp is +Inf from 88.8
	}
	if x < -104 {
		x = -104 // exp rounds to 0 from -103.98
	}
	t := fma(x, log2e, round, fused)
	n := t - round
	r := fma(n, -hi, x, fused)
	r = fma(n, -lo, r, fused)
	q := fma(1.9875691500e-4, r, 1.3981999507e-3, fused)
	q = fma(q, r, 8.3334519073e-3, fused)
	q = fma(q, r, 4.1665795894e-2, fused)
	q = fma(q, r, 1.6666665459e-1, fused)
	q = fma(q, r, 5.0000001201e-1, fused)
	rr := float32(r * r)
	p := fma(rr, q, r, fused) + 1
	// 2^n in two factors: it may itself be too large or too small for a float32,
	// and of the two products only the second rounds.
	k := int32(math.Float32bits(t)) - int32(math.Float32bits(round))
	return p * pow2f(k>>1) * pow2f(k-k>>1)
}

// pow2f is 2^n for -127 < n < 128.
func pow2f(n int32) float32 { return math.Float32frombits(uint32(n+127) << 23) }

// exp64 is exp(x) like exp32, with the Taylor polynomial of degree 13.
func exp64(x float64, fused bool) float64 {
	const (
		log2e = 1.44269504088896341
		hi    = 0x1.62e42fee00000p-1
		lo    = 0x1.a39ef35793c76p-33
		round = 3 << 51
	)
	if x > 710 {
		x = 710 // exp is +Inf from 709.79
	}
	if x < -746 {
		x = -746 // exp rounds to 0 from -745.14
	}
	t := fma(x, log2e, round, fused)
	n := t - round
	r := fma(n, -hi, x, fused)
	r = fma(n, -lo, r, fused)
	q := fma(1.0/6227020800, r, 1.0/479001600, fused)
	q = fma(q, r, 1.0/39916800, fused)
	q = fma(q, r, 1.0/3628800, fused)
	q = fma(q, r, 1.0/362880, fused)
	q = fma(q, r, 1.0/40320, fused)
	q = fma(q, r, 1.0/5040, fused)
	q = fma(q, r, 1.0/720, fused)
	q = fma(q, r, 1.0/120, fused)
	q = fma(q, r, 1.0/24, fused)
	q = fma(q, r, 1.0/6, fused)
	q = fma(q, r, 1.0/2, fused)
	rr := float64(r * r)
	p := fma(rr, q, r, fused) + 1
	k := int32(math.Float64bits(t))
	return p * pow2(k>>1) * pow2(k-k>>1)
}

// pow2 is 2^n for -1023 < n < 1024.
func pow2(n int32) float64 { return math.Float64frombits(uint64(n+1023) << 52) }

// log32 is log(x) after fdlibm (Sun Microsystems, 1993; float by I. L. Taylor):
// x = 2^k * (1+f) with 1+f between sqrt(1/2) and sqrt(2), s = f/(2+f), and log(1+f)
// = f - f*f/2 + s*(f*f/2 + R(s*s)).
func log32(x float32, fused bool) float32 {
	const (
		hi   = 6.9313812256e-01
		lo   = 9.0580006145e-06
		half = 0x3f3504f3 // the bits of sqrt(1/2)
	)
	switch {
	case x < 0:
		return float32(math.NaN())
	case x == 0:
		return float32(math.Inf(-1))
	case x != x || x > math.MaxFloat32:
		return x
	}
	k := float32(-127)
	if x < 0x1p-126 {
		x *= 0x1p25
		k = -127 - 25
	}
	u := math.Float32bits(x) + (0x3f800000 - half)
	k += float32(u >> 23)
	f := math.Float32frombits(u&0x7fffff+half) - 1
	s := f / (f + 2)
	z := float32(s * s)
	w := float32(z * z)
	r := fma(w, fma(w, 0.24279078841, 0.40000972152, fused), float32(z*fma(w, 0.28498786688, 0.66666662693, fused)), fused)
	h := float32(float32(0.5*f) * f)
	y := fma(s, h+r, float32(k*lo), fused)
	return fma(k, hi, (y-h)+f, fused)
}

// log64 is log(x) like log32.
func log64(x float64, fused bool) float64 {
	const (
		hi   = 6.93147180369123816490e-01
		lo   = 1.90821492927058770002e-10
		half = 0x3fe6a09e667f3bcd
	)
	switch {
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	case x != x || x > math.MaxFloat64:
		return x
	}
	k := -1023.0
	if x < 0x1p-1022 {
		x *= 0x1p54
		k = -1023 - 54
	}
	u := math.Float64bits(x) + (0x3ff0000000000000 - half)
	k += float64(u >> 52)
	f := math.Float64frombits(u&0xfffffffffffff+half) - 1
	s := f / (f + 2)
	z := float64(s * s)
	w := float64(z * z)
	even := fma(w, 1.531383769920937332e-01, 2.222219843214978396e-01, fused)
	even = fma(w, even, 3.999999999940941908e-01, fused)
	odd := fma(w, 1.479819860511658591e-01, 1.818357216161805012e-01, fused)
	odd = fma(w, odd, 2.857142874366239149e-01, fused)
	odd = fma(w, odd, 6.666666666666735130e-01, fused)
	r := fma(w, even, float64(z*odd), fused)
	h := float64(float64(0.5*f) * f)
	y := fma(s, h+r, float64(k*lo), fused)
	return fma(k, hi, (y-h)+f, fused)
}

// sigmoid32 is 1/(1+exp(-x)), as e/(1+e) with e = exp(x) below 0 so that small
// results keep their digits.
func sigmoid32(x float32, fused bool) float32 {
	e := exp32(-abs32(x), fused)
	if x < 0 {
		return e / (e + 1)
	}
	return 1 / (e + 1)
}

// sigmoid64 is 1/(1+exp(-x)) like sigmoid32.
func sigmoid64(x float64, fused bool) float64 {
	e := exp64(-math.Abs(x), fused)
	if x < 0 {
		return e / (e + 1)
	}
	return 1 / (e + 1)
}

// tanh32 is tanh(x): the odd polynomial of Cephes' tanhf up to 0.625, beyond it
// 1 - 2/(exp(2|x|)+1).
func tanh32(x float32, fused bool) float32 {
	a := abs32(x)
	if a < 0.625 {
		z := float32(x * x)
		p := fma(-5.70498872745e-3, z, 2.06390887954e-2, fused)
		p = fma(p, z, -5.37397155531e-2, fused)
		p = fma(p, z, 1.33314422036e-1, fused)
		p = fma(p, z, -3.33332819422e-1, fused)
		return copysign32(fma(float32(p*z), a, a, fused), x)
	}
	return copysign32(1-2/(exp32(a+a, fused)+1), x)
}

// tanh64 is tanh(x) like tanh32, with the rational function of Cephes' tanh.
func tanh64(x float64, fused bool) float64 {
	a := math.Abs(x)
	if a < 0.625 {
		z := float64(x * x)
		p := fma(-9.64399179425052238628e-1, z, -9.92877231001918586564e1, fused)
		p = fma(p, z, -1.61468768441708447952e3, fused)
		q := fma(z+1.12811678491632931402e2, z, 2.23548839060100448583e3, fused)
		q = fma(q, z, 4.84406305325125486048e3, fused)
		return math.Copysign(fma(float64(p/q)*z, a, a, fused), x)
	}
	return math.Copysign(1-2/(exp64(a+a, fused)+1), x)
}

func abs32(x float32) float32 { return float32(math.Abs(float64(x))) }

func copysign32(x, sign float32) float32 {
	return float32(math.Copysign(float64(x), float64(sign)))
}
