package conformance

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/db75a6f2/downhill"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
	"gonum.org/v1/gonum/blas/testblas"
)

// double is Downhill's Gemm as gonum's BLAS interface wants it.
type double struct{}

func (double) Dgemm(tA, tB blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	downhill.Gemm(transpose(tA), transpose(tB), m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}

// single computes in float32, in which the suite's data are exact.
type single struct{}

func (single) Dgemm(tA, tB blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	c32 := to32(c)
	downhill.Gemm(transpose(tA), transpose(tB), m, n, k, float32(alpha), to32(a), lda, to32(b), ldb, float32(beta), c32, ldc)
	for i, v := range c32 {
		c[i] = float64(v)
	}
}

func transpose(t blas.Transpose) downhill.Transpose { return t != blas.NoTrans }

func to32(x []float64) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v)
	}
	return y
}

func TestDgemm(t *testing.T) { testblas.TestDgemm(t, double{}) }
func TestSgemm(t *testing.T) { testblas.TestDgemm(t, single{}) }

// TestAgainstGonum compares larger products than the suite has with gonum's.
func TestAgainstGonum(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		m, n, k := 1+rng.IntN(150), 1+rng.IntN(150), 1+rng.IntN(400)
		tA, tB := blas.NoTrans, blas.NoTrans
		lda, ldb := k, n
		if rng.IntN(2) == 1 {
			tA, lda = blas.Trans, m
		}
		if rng.IntN(2) == 1 {
			tB, ldb = blas.Trans, k
		}
		draw := func(n int) []float64 {
			x := make([]float64, n)
			for i := range x {
				x[i] = rng.Float64() - 0.5
			}
			return x
		}
		a, b, want := draw(m*k), draw(k*n), draw(m*n)
		got := append([]float64(nil), want...)
		double{}.Dgemm(tA, tB, m, n, k, 0.7, a, lda, b, ldb, -1.3, got, n)
		gonum.Implementation{}.Dgemm(tA, tB, m, n, k, 0.7, a, lda, b, ldb, -1.3, want, n)
		for i := range want {
			if !(math.Abs(got[i]-want[i]) <= 1e-13) {
				t.Fatalf("%c%c %dx%dx%d: element %d is %v, gonum has %v", tA, tB, m, n, k, i, got[i], want[i])
			}
		}
	}
}
