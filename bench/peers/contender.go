package main

import (
	"github.com/db75a6f2/downhill"
	"github.com/db75a6f2/downhill/bench/peers/internal/turns"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// product computes C = op(A)*op(B) so many times over; false says that the library
// does not do this shape. The loop is on the library's side, because going from Go to
// C costs a part of the smallest product that can be seen.
type product[T downhill.Float] func(calls int, s shape, a, b, c []T) bool

// contender is a library. A nil function says that it has no such type.
type contender struct {
	f32 product[float32]
	f64 product[float64]
	// do runs a block of products.
	do func(block func())
}

func ours() contender {
	return contender{f32: downhillGemm[float32], f64: downhillGemm[float64], do: turns.Directly}
}

func downhillGemm[T downhill.Float](calls int, s shape, a, b, c []T) bool {
	tA, tB := downhill.Transpose(s.TA), downhill.Transpose(s.TB)
	for range calls {
		downhill.Gemm(tA, tB, s.M, s.N, s.K, 1, a, s.lda(), b, s.ldb(), 0, c, s.N)
	}
	return true
}

func gonumBLAS() contender {
	var g gonum.Implementation
	letter := map[bool]blas.Transpose{false: blas.NoTrans, true: blas.Trans}
	return contender{
		f32: func(calls int, s shape, a, b, c []float32) bool {
			tA, tB := letter[s.TA], letter[s.TB]
			for range calls {
				g.Sgemm(tA, tB, s.M, s.N, s.K, 1, a, s.lda(), b, s.ldb(), 0, c, s.N)
			}
			return true
		},
		f64: func(calls int, s shape, a, b, c []float64) bool {
			tA, tB := letter[s.TA], letter[s.TB]
			for range calls {
				g.Dgemm(tA, tB, s.M, s.N, s.K, 1, a, s.lda(), b, s.ldb(), 0, c, s.N)
			}
			return true
		},
		do: turns.Directly,
	}
}
