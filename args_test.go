package downhill

import (
	"math"
	"testing"
)

// TestGemmArguments: every bad argument panics, in a fixed order, with one line that
// names it.
func TestGemmArguments(t *testing.T) {
	x := make([]float32, 12)
	type args struct {
		tA, tB        Transpose
		m, n, k       int
		a, b, c       []float32
		lda, ldb, ldc int
		alpha, beta   float32
	}
	good := args{m: 2, n: 3, k: 4, a: x[:8], lda: 4, b: make([]float32, 12), ldb: 3, c: make([]float32, 6), ldc: 3, alpha: 1}
	for _, c := range []struct {
		spoil func(*args)
		want  string
	}{
		{func(a *args) {}, ""},
		{func(a *args) { a.m = -1 }, "downhill: Gemm: m is -1"},
		{func(a *args) { a.n = -2 }, "downhill: Gemm: n is -2"},
		{func(a *args) { a.k = -3 }, "downhill: Gemm: k is -3"},
		{func(a *args) { a.lda = 3 }, "downhill: Gemm: lda is 3, but a is 2x4"},
		{func(a *args) { a.tA, a.lda = Trans, 1 }, "downhill: Gemm: lda is 1, but a is 4x2"},
		{func(a *args) { a.ldb = 2 }, "downhill: Gemm: ldb is 2, but b is 4x3"},
		{func(a *args) { a.tB, a.ldb = Trans, 3 }, "downhill: Gemm: ldb is 3, but b is 3x4"},
		{func(a *args) { a.ldc = 2 }, "downhill: Gemm: ldc is 2, but c is 2x3"},
		{func(a *args) { a.a = a.a[:7] }, "downhill: Gemm: a has 7 elements, too few for 2x4 with lda 4"},
		{func(a *args) { a.b = a.b[:11] }, "downhill: Gemm: b has 11 elements, too few for 4x3 with ldb 3"},
		{func(a *args) { a.c = a.c[:5] }, "downhill: Gemm: c has 5 elements, too few for 2x3 with ldc 3"},
		{func(a *args) { a.lda = math.MaxInt }, "downhill: Gemm: a has 8 elements, too few for 2x4 with lda " + itoa(math.MaxInt)},
		{func(a *args) { a.ldc = math.MaxInt/2 + 2 }, "downhill: Gemm: c has 6 elements, too few for 2x3 with ldc " + itoa(math.MaxInt/2+2)},
		{func(a *args) { a.m, a.lda = math.MaxInt, 4 }, "downhill: Gemm: a has 8 elements, too few for " + itoa(math.MaxInt) + "x4 with lda 4"},
		{func(a *args) { a.c = a.a }, "downhill: Gemm: c shares its memory with a or b"},
		{func(a *args) { a.c = a.b }, "downhill: Gemm: c shares its memory with a or b"},
		{func(a *args) { a.b = a.a; a.k = 2; a.lda = 2 }, ""},
		{func(a *args) { a.m, a.a, a.c = 0, nil, nil }, ""},
		{func(a *args) { a.n, a.b, a.c = 0, nil, nil }, ""},
		{func(a *args) { a.k, a.a, a.b = 0, nil, nil }, ""},
		{func(a *args) { a.alpha, a.a, a.b = 0, nil, nil }, ""},
	} {
		a := good
		c.spoil(&a)
		got := panicOf(func() {
			Gemm(a.tA, a.tB, a.m, a.n, a.k, a.alpha, a.a, a.lda, a.b, a.ldb, a.beta, a.c, a.ldc)
		})
		if got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
