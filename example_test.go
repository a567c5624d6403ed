package downhill_test

import (
	"fmt"

	"github.com/db75a6f2/downhill"
)

// A product of two small matrices, 2x3 and 3x2.
func ExampleGemm() {
	a := []float64{
		1, 2, 3,
		4, 5, 6,
	}
	b := []float64{
		7, 8,
		9, 10,
		11, 12,
	}
	c := make([]float64, 4)
	downhill.Gemm(downhill.NoTrans, downhill.NoTrans, 2, 2, 3, 1, a, 3, b, 2, 0, c, 2)
	fmt.Println(c[:2])
	fmt.Println(c[2:])
	// Output:
	// [58 64]
	// [139 154]
}

// The gradient of a weight, x^T * dy, added to what is there.
func ExampleGemm_transposed() {
	x := []float64{ // 2 samples of 3 inputs
		1, 2, 3,
		4, 5, 6,
	}
	dy := []float64{10, 100} // one output each
	dw := []float64{0.5, 0.5, 0.5}
	downhill.Gemm(downhill.Trans, downhill.NoTrans, 3, 1, 2, 1, x, 3, dy, 1, 1, dw, 1)
	fmt.Println(dw)
	// Output: [410.5 520.5 630.5]
}

func ExampleSoftmax() {
	x := []float64{1000, 1000, 1000, 1000}
	logSumExp := downhill.Softmax(x, x)
	fmt.Printf("%.2f %.4f\n", x, logSumExp)
	// Output: [0.25 0.25 0.25 0.25] 1001.3863
}

// lengths computes the length of each row of a matrix.
type lengths struct {
	rows [][]float64
	out  []float64
}

func (l *lengths) Do(lo, hi int) {
	for i := lo; i < hi; i++ {
		l.out[i] = downhill.Dot(l.rows[i], l.rows[i])
	}
}

func ExampleSplit() {
	job := &lengths{rows: [][]float64{{3, 4}, {5, 12}}, out: make([]float64, 2)}
	downhill.Split(len(job.rows), 1e3, job)
	fmt.Println(job.out)
	// Output: [25 169]
}
