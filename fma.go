package downhill

import (
	"math"
	"unsafe"
)

// fma is x*y + z in either profile: rounded once if fused, else after the product
// and after the sum. The conversion T(x*y) keeps the compiler from fusing them.
func fma[T Float](x, y, z T, fused bool) T {
	if !fused {
		return T(x*y) + z
	}
	return exactFMA(x, y, z)
}

// exactFMA is x*y + z rounded once.
//
// The product of two float32 is exact in float64, and rounding the float64 sum a
// second time to float32 goes wrong only where that sum lies half-way between two
// float32, or below their normal range. There the sum is first rounded to odd,
// which makes the second rounding right (Boldo and Melquiond, "Emulation of a FMA
// and Correctly Rounded Sums", IEEE Transactions on Computers 57, 2008).
func exactFMA[T Float](x, y, z T) T {
	a, b, c := float64(x), float64(y), float64(z)
	if unsafe.Sizeof(z) == 8 {
		return T(math.FMA(a, b, c))
	}
	s := a*b + c
	if u := math.Float64bits(s); (u&0x1fffffff == 0x10000000 || u>>52&0x7ff < 1023-126+1) && s != 0 {
		s = sumToOdd(s, a*b, c)
	}
	return T(s)
}

// sumToOdd is p+c rounded to odd: the exact sum if it is a float64, else of the
// two around it the one with an odd last bit. s is the sum rounded to nearest.
func sumToOdd(s, p, c float64) float64 {
	pp := s - c // TwoSum (Knuth): s + err is p + c exactly
	err := (p - pp) + (c - (s - pp))
	u := math.Float64bits(s)
	if err == 0 || u&1 == 1 {
		return s
	}
	if (err > 0) == (s > 0) {
		return math.Float64frombits(u + 1)
	}
	return math.Float64frombits(u - 1)
}
