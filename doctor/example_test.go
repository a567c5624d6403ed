package doctor_test

import (
	"context"
	"fmt"
	"log"
	"math/rand/v2"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/doctor"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// A learning rate of 30 is too much for plain SGD. The doctor tries a smaller one before
// it says so.
func ExampleExamine() {
	rng := rand.NewPCG(1, 2)
	set := data.Digits()
	if err := data.Standardise(set); err != nil {
		log.Fatal(err)
	}
	net := layers.MLP[float32](rng, 64, 32, 10)
	report, err := doctor.Examine(context.Background(), doctor.Case[float32]{
		Net: net, Loss: layers.SoftmaxCrossEntropy[float32]{}, Optimizer: optim.NewSGD(net.Params(), 30), Train: set,
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range report {
		if f.Severity >= doctor.Warning {
			fmt.Printf("%s: %s\n%s\n", f.Rule, f.Cause, f.Cure)
		}
	}
	// Output:
	// lr/too-large: The learning rate is too large: steps go beyond the valley.
	// lr 30 -> 0.9
}

// divided is a Dense that divides its gradients by the number of its inputs.
type divided struct{ *layers.Dense[float64] }

func (h divided) Backward(dx, dy, x, y *tensor.Tensor[float64]) {
	h.Dense.Backward(dx, dy, x, y)
	for _, p := range h.Params() {
		for i := range p.Grad().Data {
			p.Grad().Data[i] /= float64(x.Cols)
		}
	}
}

// A layer of one's own that divides its gradients by the number of features.
func ExampleGradients() {
	net := layers.NewSequential[float64](divided{layers.NewDense[float64](rand.NewPCG(1, 2), 4, 3)})
	x, y := tensor.New[float64](5, 4), tensor.New[float64](5, 3)
	tensor.Normal(x.Data, 1, rand.NewPCG(3, 4))
	report, err := doctor.Gradients(net, layers.MeanSquaredError[float64]{}, x, y)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range report {
		fmt.Print(f)
	}
	// Output:
	// fault: the gradient is 0.25 times what it should be, a factor of 1/features with features = 4
	//   where: layer 0 (dense 4 3), weight, bias
	//   seen:  weight is 0.25 times what differences give; bias is 0.25 times what differences give
	//   cure:  drop the division by features: a layer sums over the rows and divides by nothing, since the loss has taken the mean over the batch
	//   rule:  gradient/scaled
}
