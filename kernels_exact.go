package downhill

// exact is the specification of every assembly kernel, to the bit: the profile
// fma in plain Go. It is also the way to get an amd64 result on any machine.
var exact = set{
	name:  "exact",
	fused: true,
	f32: kernels[float32]{
		strips: []strip[float32]{{min: 1, max: 16, rows: 1, tiles: tilesExact[float32]}},
		mr:     1, nr: 16, lanes: 16, mc: 64, kc: kb, deep: kb, nc: 256, unpacked: 1 << 18, straight: never, one: []float32{1},
		plain:   plain32,
		axpy:    axpyExact[float32],
		dot:     dotExact[float32],
		exp:     func(dst, x []float32) { each(dst, x, exp32, true) },
		log:     func(dst, x []float32) { each(dst, x, log32, true) },
		sigmoid: func(dst, x []float32) { each(dst, x, sigmoid32, true) },
		tanh:    func(dst, x []float32) { each(dst, x, tanh32, true) },
	},
	f64: kernels[float64]{
		strips: []strip[float64]{{min: 1, max: 16, rows: 1, tiles: tilesExact[float64]}},
		mr:     1, nr: 16, lanes: 16, mc: 64, kc: kb, deep: kb, nc: 256, unpacked: 1 << 17, straight: never, one: []float64{1},
		plain:   plain64,
		axpy:    axpyExact[float64],
		dot:     dotExact[float64],
		exp:     func(dst, x []float64) { each(dst, x, exp64, true) },
		log:     func(dst, x []float64) { each(dst, x, log64, true) },
		sigmoid: func(dst, x []float64) { each(dst, x, sigmoid64, true) },
		tanh:    func(dst, x []float64) { each(dst, x, tanh64, true) },
	},
}

// tilesExact says what a run of tiles is: for every element of C and every block
// of kb k's one chain of fused multiply-adds from 0, then a join with C.
func tilesExact[T Float](tiles, rows, cols, k int, alpha T, a []T, rs, cs int, b []T, ldb int, c []T, ldc int, add bool, lower int) {
	for i := range tiles*rows + lower*(rows-1) {
		c := c[i*ldc:][:cols]
		for p := 0; p < k; p += kb {
			var acc [16]T
			for q := p; q < min(p+kb, k); q++ {
				x := a[i*rs+q*cs]
				for j, v := range b[q*ldb:][:cols] {
					acc[j&15] = exactFMA(x, v, acc[j&15])
				}
			}
			for j := range c {
				if add || p > 0 {
					c[j] = exactFMA(alpha, acc[j&15], c[j])
				} else {
					c[j] = alpha * acc[j&15]
				}
			}
		}
	}
}

func axpyExact[T Float](alpha T, x, y []T) {
	for i, v := range x {
		y[i] = exactFMA(alpha, v, y[i])
	}
}

func dotExact[T Float](x, y []T) T {
	var s [16]T
	for i, v := range x {
		s[i&15] = exactFMA(v, y[i], s[i&15])
	}
	return tree(&s)
}
