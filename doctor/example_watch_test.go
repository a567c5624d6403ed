package doctor_test

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/doctor"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
	"github.com/db75a6f2/downhill/train"
)

// A Watch looks on while train.Fit trains. Here every ReLU was put out by its bias.
func ExampleWatch() {
	rng := rand.NewPCG(1, 2)
	digits := data.Digits()
	if err := data.Standardise(digits); err != nil {
		fmt.Println(err)
		return
	}
	first := layers.NewDense[float32](rng, 64, 32)
	for i := range first.Bias().Value.Data {
		first.Bias().Value.Data[i] = -100
	}
	net := layers.NewSequential(first, layers.NewReLU[float32](), layers.NewDense[float32](rng, 32, 10))

	w := doctor.NewWatch[float32]()
	_, err := train.Fit(context.Background(), net, digits, train.Options[float32]{
		Loss:      layers.SoftmaxCrossEntropy[float32]{},
		Optimizer: optim.NewSGD(net.Params(), 0.1),
		Epochs:    5,
		Rand:      rng,
		Watch:     w,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range w.Report() {
		fmt.Printf("%v: %s, %s: %s\n", f.Severity, f.Rule, f.Where, f.Cause)
	}
	// Output:
	// fault: watch/dead-relu, layer 1 (relu): units that are never above 0 get no gradient and cannot learn
}

// A loop written by hand needs two lines more.
func ExampleWatch_Step() {
	rng := rand.NewPCG(1, 2)
	set := data.Digits()
	net := layers.MLP[float32](rng, 64, 32, 10)
	loss := layers.SoftmaxCrossEntropy[float32]{}
	sgd := optim.NewSGD(net.Params(), 30)

	w := doctor.NewWatch[float32]()
	w.Begin(net, loss, sgd)
	var grad tensor.Tensor[float32]
	for range 3 {
		for x, y := range set.Batches(rng, 32) {
			l := loss.Loss(&grad, net.Forward(x), y)
			net.Backward(&grad)
			w.Step(x, y, l)
			sgd.Step()
		}
	}
	for _, f := range w.Report() {
		fmt.Println(f.Cause)
		fmt.Println(f.Cure)
	}
	// Output:
	// steps too large have pushed units below 0 for every sample; they get no gradient and cannot come back
	// learning rate 30 -> 3, and start again from fresh weights
}
