package tensor_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/db75a6f2/downhill/tensor"
)

// A destination takes the size of what it receives.
func ExampleMatMul() {
	x := tensor.From(1, 2, []float32{1, 2})
	w := tensor.From(2, 3, []float32{
		1, 10, 100,
		2, 20, 200,
	})
	var y tensor.Tensor[float32]
	tensor.MatMul(&y, x, w)
	fmt.Println(y.Rows, y.Cols, y.Data)
	// Output: 1 3 [5 50 500]
}

// A gradient is there when something was added to it, and gone after ClearGrad.
func ExampleParam() {
	w := tensor.NewParam[float64]("w", 1, 2)
	w.Grad().Data[0] += 3
	w.Grad().Data[0] += 4
	fmt.Println(w.HasGrad(), w.Grad().Data)
	w.ClearGrad()
	fmt.Println(w.HasGrad(), w.Grad().Data)
	// Output:
	// true [7 0]
	// false [0 0]
}

func ExampleHeNormal() {
	w := tensor.New[float64](50, 200)
	tensor.HeNormal(w, rand.NewPCG(1, 2))
	variance := 0.0
	for _, v := range w.Data {
		variance += v * v / float64(len(w.Data))
	}
	fmt.Printf("variance %.2f, 2/fan-in is %.2f\n", variance, 2.0/50)
	// Output: variance 0.04, 2/fan-in is 0.04
}
