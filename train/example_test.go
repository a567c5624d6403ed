package train_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
	"github.com/db75a6f2/downhill/train"
)

// Exclusive or: the smallest problem for which a network needs a hidden layer.
func ExampleFit() {
	set := &data.Set[float64]{
		X: tensor.From(4, 2, []float64{0, 0, 0, 1, 1, 0, 1, 1}),
		Y: tensor.From(4, 1, []float64{0, 1, 1, 0}),
	}
	rng := rand.NewPCG(1, 2)
	net := layers.MLP[float64](rng, 2, 16, 1)
	result, err := train.Fit(context.Background(), net, set, train.Options[float64]{
		Loss:      layers.BinaryCrossEntropy[float64]{},
		Optimizer: optim.NewSGD(net.Params(), 0.5),
		Epochs:    500,
		Rand:      rng,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	var logits tensor.Tensor[float64]
	net.Predict(&logits, set.X)
	for i := range set.Len() {
		fmt.Println(set.X.Row(i), net.Class(logits.Row(i)))
	}
	fmt.Println(result.Steps, "steps")
	// Output:
	// [0 0] 0
	// [0 1] 1
	// [1 0] 1
	// [1 1] 0
	// 500 steps
}

// Training ends when the validation loss has not fallen for three epochs, and the
// network is the one of the best epoch.
func ExampleOptions_patience() {
	rng := rand.NewPCG(2, 2)
	digits := data.Digits()
	trainSet, validation := digits.Split(rng, 0.2)
	if err := data.Standardise(trainSet, validation); err != nil {
		fmt.Println(err)
		return
	}
	net := layers.MLP[float32](rng, 64, 64, 10)
	result, err := train.Fit(context.Background(), net, trainSet, train.Options[float32]{
		Loss:       layers.SoftmaxCrossEntropy[float32]{},
		Optimizer:  optim.NewAdamW(net.Params(), 0.01),
		Epochs:     1000,
		Rand:       rng,
		Validation: validation,
		Patience:   3,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	best := result.History[result.Best]
	fmt.Println("stopped:", result.Stopped)
	fmt.Println("epochs since the best one:", len(result.History)-best.Number)
	fmt.Println("above 90 %:", best.ValidationAccuracy > 0.9)
	// Output:
	// stopped: true
	// epochs since the best one: 3
	// above 90 %: true
}

// A learning rate that is too high makes the loss overflow.
func ExampleErrDiverged() {
	rng := rand.NewPCG(1, 2)
	net := layers.MLP[float32](rng, 64, 32, 10)
	_, err := train.Fit(context.Background(), net, data.Digits(), train.Options[float32]{
		Loss:      layers.SoftmaxCrossEntropy[float32]{},
		Optimizer: optim.NewSGD(net.Params(), 1e30),
		Epochs:    1,
		Rand:      rng,
	})
	if errors.Is(err, train.ErrDiverged) {
		fmt.Println("try a lower learning rate")
	}
	// Output: try a lower learning rate
}

// Training that is interrupted goes on where it was, and comes to the same weights.
func ExampleFit_checkpoint() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	// fit is a program that trains for six epochs. It may be stopped after some of them.
	fit := func(stopAfter int, checkpoint train.Checkpoint) (*train.Result, *layers.Sequential[float32], error) {
		ctx, stop := context.WithCancel(context.Background())
		defer stop()
		rng, digits := rand.NewPCG(1, 2), data.Digits()
		if err := data.Standardise(digits); err != nil {
			return nil, nil, err
		}
		net := layers.MLP[float32](rng, 64, 32, 10)
		result, err := train.Fit(ctx, net, digits, train.Options[float32]{
			Loss:       layers.SoftmaxCrossEntropy[float32]{},
			Optimizer:  optim.NewSGD(net.Params(), 0.1),
			Epochs:     6,
			Rand:       rng,
			Checkpoint: checkpoint,
			OnEpoch: func(e train.Epoch) error {
				if e.Number == stopAfter {
					stop() // as Ctrl-C may
				}
				return nil
			},
		})
		return result, net, err
	}

	file := train.Checkpoint{Path: filepath.Join(dir, "checkpoint"), Interval: time.Minute}
	_, _, err = fit(2, file)
	fmt.Println(err)
	result, net, err := fit(0, file)
	fmt.Println(len(result.History), "epochs", err)

	_, straight, _ := fit(0, train.Checkpoint{})
	fmt.Println("the same weights:", slices.Equal(net.Params()[0].Value.Data, straight.Params()[0].Value.Data))
	// Output:
	// context canceled
	// 6 epochs <nil>
	// the same weights: true
}
