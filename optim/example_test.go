package optim_test

import (
	"fmt"

	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// A loss of (w-3)^2 has its minimum at 3.
func Example() {
	w := tensor.NewParam[float64]("w", 1, 1)
	sgd := optim.NewSGD([]*tensor.Param[float64]{w}, 0.1)
	sgd.Momentum = 0.5
	for range 50 {
		w.Grad().Data[0] = 2 * (w.Value.Data[0] - 3)
		sgd.Step()
	}
	fmt.Printf("%.3f\n", w.Value.Data[0])
	// Output: 3.000
}

func ExampleCosine() {
	rate := optim.Cosine(0.1, 2, 6)
	for step := range 7 {
		fmt.Printf("%.4f ", rate(step))
	}
	// Output: 0.0500 0.1000 0.1000 0.0854 0.0500 0.0146 0.0000
}

func ExampleStepDecay() {
	rate := optim.StepDecay(0.1, 0.5, 2)
	for step := range 6 {
		fmt.Printf("%.3f ", rate(step))
	}
	// Output: 0.100 0.100 0.050 0.050 0.025 0.025
}

func ExampleClipNorm() {
	w := tensor.NewParam[float64]("w", 1, 2)
	copy(w.Grad().Data, []float64{30, 40})
	norm := optim.ClipNorm([]*tensor.Param[float64]{w}, 1)
	fmt.Printf("%.0f, now %.2f\n", norm, w.Grad().Data)
	// Output: 50, now [0.60 0.80]
}
