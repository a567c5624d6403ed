package downhill

import "math"

// generic is the portable set, in the profile muladd.
var generic = set{
	name: "generic",
	f32: kernels[float32]{
		strips: []strip[float32]{
			{min: 4, max: 4, rows: 2, tiles: tiles2x4[float32]},
			{min: 1, max: 3, rows: 2, tiles: tilesNarrow[float32]},
		},
		mr: 2, nr: 4, lanes: 4, mc: 64, kc: kb, deep: kb, nc: 256, unpacked: 1 << 18, straight: never, one: []float32{1},
		plain:   plain32,
		axpy:    axpyMulAdd[float32],
		dot:     dotMulAdd[float32],
		exp:     func(dst, x []float32) { each(dst, x, exp32, false) },
		log:     func(dst, x []float32) { each(dst, x, log32, false) },
		sigmoid: func(dst, x []float32) { each(dst, x, sigmoid32, false) },
		tanh:    func(dst, x []float32) { each(dst, x, tanh32, false) },
	},
	f64: kernels[float64]{
		strips: []strip[float64]{
			{min: 4, max: 4, rows: 2, tiles: tiles2x4[float64]},
			{min: 1, max: 3, rows: 2, tiles: tilesNarrow[float64]},
		},
		mr: 2, nr: 4, lanes: 4, mc: 64, kc: kb, deep: kb, nc: 256, unpacked: 1 << 17, straight: never, one: []float64{1},
		plain:   plain64,
		axpy:    axpyMulAdd[float64],
		dot:     dotMulAdd[float64],
		exp:     func(dst, x []float64) { each(dst, x, exp64, false) },
		log:     func(dst, x []float64) { each(dst, x, log64, false) },
		sigmoid: func(dst, x []float64) { each(dst, x, sigmoid64, false) },
		tanh:    func(dst, x []float64) { each(dst, x, tanh64, false) },
	},
}

// plain32 and plain64 are the operations without a multiply-add: the same in both
// profiles.
var (
	plain32 = plain[float32]{scal[float32], add[float32], mul[float32], shift[float32], div[float32], relu[float32], reluGrad[float32], adam[float32], sum[float32], max16[float32], transpose[float32], gather[float32], fetch[float32]}
	plain64 = plain[float64]{scal[float64], add[float64], mul[float64], shift[float64], div[float64], relu[float64], reluGrad[float64], adam[float64], sum[float64], max16[float64], transpose[float64], gather[float64], fetch[float64]}
)

// tiles2x4 keeps 2 x 4 elements of C in variables: as many as every CPU's
// registers hold beside the operands.
func tiles2x4[T Float](tiles, rows, cols, k int, alpha T, a []T, rs, cs int, b []T, ldb int, c []T, ldc int, add bool, lower int) {
	if rows != 2 {
		tilesNarrow(tiles, rows, cols, k, alpha, a, rs, cs, b, ldb, c, ldc, add, lower)
		return
	}
	if lower > 0 {
		tilesNarrow(lower, 1, cols, k, alpha, a[2*tiles*rs:], rs, cs, b, ldb, c[2*tiles*ldc:], ldc, add, 0)
	}
	for t := range tiles {
		for p := 0; p < k; p += kb {
			var s00, s01, s02, s03, s10, s11, s12, s13 T
			a0, a1 := a[2*t*rs+p*cs:], a[(2*t+1)*rs+p*cs:]
			for q := range min(kb, k-p) {
				x, y, v := a0[q*cs], a1[q*cs], b[(p+q)*ldb:][:4:4]
				s00 += T(x * v[0])
				s01 += T(x * v[1])
				s02 += T(x * v[2])
				s03 += T(x * v[3])
				s10 += T(y * v[0])
				s11 += T(y * v[1])
				s12 += T(y * v[2])
				s13 += T(y * v[3])
			}
			join(c[2*t*ldc:][:4], alpha, [4]T{s00, s01, s02, s03}, add || p > 0)
			join(c[(2*t+1)*ldc:][:4], alpha, [4]T{s10, s11, s12, s13}, add || p > 0)
		}
	}
}

// tilesNarrow does what tiles2x4 does not: single rows, and up to 4 columns.
func tilesNarrow[T Float](tiles, rows, cols, k int, alpha T, a []T, rs, cs int, b []T, ldb int, c []T, ldc int, add bool, lower int) {
	for i := range tiles*rows + lower*(rows-1) {
		for p := 0; p < k; p += kb {
			var s [4]T
			for q := p; q < min(p+kb, k); q++ {
				x := a[i*rs+q*cs]
				for j, v := range b[q*ldb:][:cols] {
					s[j&3] += T(x * v)
				}
			}
			join(c[i*ldc:][:cols], alpha, s, add || p > 0)
		}
	}
}

// join sets c to alpha*s, or adds it.
func join[T Float](c []T, alpha T, s [4]T, add bool) {
	for j := range c {
		if add {
			c[j] += T(alpha * s[j&3])
		} else {
			c[j] = alpha * s[j&3]
		}
	}
}

func axpyMulAdd[T Float](alpha T, x, y []T) {
	for i, v := range x {
		y[i] += T(alpha * v)
	}
}

func dotMulAdd[T Float](x, y []T) T {
	var s [16]T
	for i, v := range x {
		s[i&15] += T(v * y[i])
	}
	return tree(&s)
}

func scal[T Float](alpha T, x []T) {
	for i := range x {
		x[i] *= alpha
	}
}

func add[T Float](dst, x, y []T) {
	for i, v := range x {
		dst[i] = v + y[i]
	}
}

func mul[T Float](dst, x, y []T) {
	for i, v := range x {
		dst[i] = v * y[i]
	}
}

func shift[T Float](dst, x []T, y T) {
	for i, v := range x {
		dst[i] = v + y
	}
}

func div[T Float](dst, x []T, y T) {
	for i, v := range x {
		dst[i] = v / y
	}
}

func relu[T Float](dst, x []T) {
	for i, v := range x {
		if v <= 0 {
			v = 0
		}
		dst[i] = v
	}
}

func reluGrad[T Float](dx, dy, y []T) {
	for i, v := range y {
		if v <= 0 {
			dx[i] = 0
		} else {
			dx[i] = dy[i]
		}
	}
}

func adam[T Float](w, m, v, g []T, f *AdamFactors[T]) {
	for i, d := range g {
		m[i] = T(f.Beta1*m[i]) + T(f.Rest1*d)
		v[i] = T(f.Beta2*v[i]) + T(T(f.Rest2*d)*d)
		step := m[i] / (sqrt(v[i])/f.Root + f.Eps)
		w[i] = T(f.Keep*w[i]) - T(f.Rate*step)
	}
}

// sqrt is exact for float32 too: rounding the float64 root rounds the root itself.
func sqrt[T Float](x T) T { return T(math.Sqrt(float64(x))) }

func sum[T Float](x []T) T {
	var s [16]T
	for i, v := range x {
		s[i&15] += v
	}
	return tree(&s)
}

// tree adds the 16 lanes of a sum: the upper half to the lower until one is left.
func tree[T Float](s *[16]T) T {
	for n := 8; n > 0; n /= 2 {
		for i := range n {
			s[i] += s[i+n]
		}
	}
	return s[0]
}

// max16 has lanes only so that of a +0 and a -0 every kernel finds the same.
func max16[T Float](x []T) T {
	var m [16]T
	for i := range m {
		m[i] = -inf[T]()
	}
	for i, v := range x {
		if v != v {
			return v
		}
		if v > m[i&15] {
			m[i&15] = v
		}
	}
	for n := 8; n > 0; n /= 2 {
		for i := range n {
			if m[i+n] > m[i] {
				m[i] = m[i+n]
			}
		}
	}
	return m[0]
}

func inf[T Float]() T { return T(math.Inf(1)) }
