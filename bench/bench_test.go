package bench

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"unsafe"

	"github.com/db75a6f2/downhill"
)

// onThreads runs a benchmark on one thread and on two, where there are two.
func onThreads(b *testing.B, name string, run func(b *testing.B, threads int)) {
	for threads := 1; threads <= min(2, runtime.NumCPU()); threads++ {
		b.Run(fmt.Sprintf("%s/threads=%d", name, threads), func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(threads))
			run(b, threads)
		})
	}
}

// report adds the rate of an operation of so many floating-point operations, and its
// share of the ceiling just before and after it.
func report(b *testing.B, flops float64, before, after float64) {
	rate := flops * float64(b.N) / float64(b.Elapsed().Nanoseconds())
	b.ReportMetric(rate, "GFLOP/s")
	if ceiling := max(before, after); ceiling > 0 {
		b.ReportMetric(rate/ceiling, "of-ceiling")
	}
}

// perElement adds the rate of an operation on so many elements.
func perElement(b *testing.B, elements int) {
	b.ReportMetric(float64(elements)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "elements/ns")
}

func typeName[T downhill.Float]() string {
	if unsafe.Sizeof(T(0)) == 4 {
		return "float32"
	}
	return "float64"
}

// ceilingOf is the ceiling for T.
func ceilingOf[T downhill.Float](threads int) float64 {
	return Ceiling(threads) * 4 / float64(unsafe.Sizeof(T(0)))
}

func random[T downhill.Float](n int) []T {
	rng := rand.New(rand.NewPCG(1, 2))
	x := make([]T, n)
	for i := range x {
		x[i] = T(rng.Float64() - 0.5)
	}
	return x
}

// The shapes that networks are made of, and squares.
var shapes = []struct {
	op      string
	m, n, k int
}{
	{"NN", 32, 32, 32}, {"NN", 64, 64, 64}, {"NN", 96, 96, 96}, {"NN", 128, 128, 128}, {"NN", 256, 256, 256},
	{"NN", 384, 384, 384}, {"NN", 512, 512, 512}, {"NN", 1024, 1024, 1024}, {"NN", 2048, 2048, 2048},
	{"NN", 1, 128, 784}, {"NN", 8, 128, 784}, {"NN", 32, 128, 784}, {"NN", 64, 128, 784}, // forward
	{"NN", 128, 128, 784}, {"NN", 256, 128, 784},
	{"NN", 64, 10, 128}, {"NN", 64, 512, 512}, {"NN", 256, 1024, 1024}, // head, hidden layers
	{"TN", 784, 128, 64}, {"NT", 64, 784, 128}, // dW, dX
	{"TN", 128, 10, 64}, {"NT", 64, 128, 10}, // dW and dX of a head
}

func BenchmarkGemm(b *testing.B) {
	benchmarkGemm[float32](b)
	benchmarkGemm[float64](b)
}

func benchmarkGemm[T downhill.Float](b *testing.B) {
	for _, s := range shapes {
		name := fmt.Sprintf("type=%s/op=%s/m=%d/n=%d/k=%d", typeName[T](), s.op, s.m, s.n, s.k)
		onThreads(b, name, func(b *testing.B, threads int) {
			tA, tB, lda, ldb := downhill.NoTrans, downhill.NoTrans, s.k, s.n
			if s.op[0] == 'T' {
				tA, lda = downhill.Trans, s.m
			}
			if s.op[1] == 'T' {
				tB, ldb = downhill.Trans, s.k
			}
			x, y, z := random[T](s.m*s.k), random[T](s.k*s.n), make([]T, s.m*s.n)
			before := ceilingOf[T](threads)
			for b.Loop() {
				downhill.Gemm(tA, tB, s.m, s.n, s.k, 1, x, lda, y, ldb, 0, z, s.n)
			}
			report(b, 2*float64(s.m)*float64(s.n)*float64(s.k), before, ceilingOf[T](threads))
		})
	}
}

func BenchmarkVector(b *testing.B) {
	benchmarkVector[float32](b)
	benchmarkVector[float64](b)
}

// benchmarkVector reports elements a nanosecond, on vectors that stay in the cache.
func benchmarkVector[T downhill.Float](b *testing.B) {
	const n = 2048
	x, y := random[T](n), random[T](n)
	for i := range y {
		y[i] += 1.5 // for Log
	}
	dst := make([]T, n)
	for _, op := range []struct {
		name string
		do   func()
	}{
		{"axpy", func() { downhill.Axpy(1e-9, x, dst) }}, {"add", func() { downhill.Add(dst, x, y) }},
		{"relu", func() { downhill.ReLU(dst, x) }}, {"relugrad", func() { downhill.ReLUGrad(dst, x, y) }},
		{"exp", func() { downhill.Exp(dst, x) }}, {"log", func() { downhill.Log(dst, y) }},
		{"sigmoid", func() { downhill.Sigmoid(dst, x) }}, {"tanh", func() { downhill.Tanh(dst, x) }},
		{"softmax", func() { downhill.Softmax(dst, x) }}, {"sum", func() { downhill.Sum(x) }}, {"dot", func() { downhill.Dot(x, y) }},
	} {
		b.Run(fmt.Sprintf("type=%s/op=%s/n=%d", typeName[T](), op.name, n), func(b *testing.B) {
			for b.Loop() {
				op.do()
			}
			perElement(b, n)
		})
	}
}
