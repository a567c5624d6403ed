package main

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/db75a6f2/downhill"
	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/train"
)

// task is the training that is killed: of the real digits, with all that a checkpoint has
// to keep.
type task struct {
	checkpoint, model string // files
	every, epochs     int
}

// run trains, from the checkpoint on if there is one, and writes the model.
func (t task) run() error {
	rng := rand.NewPCG(1, 2)
	trainSet, testSet, err := data.Digits().SplitByClass(rng, 0.8)
	if err != nil {
		return err
	}
	if err := data.Standardise(trainSet, testSet); err != nil {
		return err
	}
	net := layers.NewSequential(
		layers.NewDense[float32](rng, 64, 64),
		layers.NewReLU[float32](),
		layers.NewDropout[float32](rng, 0.2),
		layers.NewDense[float32](rng, 64, 10),
	)
	const batch, rate = 32, 2e-3
	steps := t.epochs * ((trainSet.Len() + batch - 1) / batch)
	_, err = train.Fit(context.Background(), net, trainSet, train.Options[float32]{
		Loss:       layers.SoftmaxCrossEntropy[float32]{},
		Optimizer:  &telling{AdamW: optim.NewAdamW(net.Params(), rate)},
		Epochs:     t.epochs,
		BatchSize:  batch,
		Rand:       rng,
		Validation: testSet,
		Patience:   t.epochs, // so that the best weights are kept
		Schedule:   optim.Cosine(rate, 20, steps),
		ClipNorm:   5,
		Checkpoint: train.Checkpoint{Path: t.checkpoint, Every: t.every},
	})
	if err != nil {
		return fmt.Errorf("kernels %s: %w", downhill.Kernel(), err)
	}
	return train.Save(t.model, net)
}

// telling prints how many steps were behind it when it took its first here.
type telling struct {
	*optim.AdamW[float32]
	told bool
}

func (o *telling) Step() {
	if !o.told {
		o.told = true
		fmt.Println(o.State().Steps)
	}
	o.AdamW.Step()
}
