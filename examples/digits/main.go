// Command digits trains a network on 1,797 handwritten digits and reports how well
// it reads a fifth of them that it has not seen. It writes the course of the loss to
// loss.svg. Interrupted, it goes on where it was when it is started again.
//
//	go run ./examples/digits
//	go run ./examples/digits -seed 7 -epochs 50 -hidden 256 -lr 0.02
//	go run ./examples/digits -model digits.safetensors   keeps the network, for examples/embed
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/signal"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/train"
)

func main() {
	var o options
	flag.Uint64Var(&o.seed, "seed", 1, "of the split, the weights and the order of the samples")
	flag.IntVar(&o.epochs, "epochs", 30, "how often to go through the training set")
	flag.IntVar(&o.batch, "batch", 32, "samples in a step")
	flag.IntVar(&o.hidden, "hidden", 128, "units between input and output")
	flag.Float64Var(&o.lr, "lr", 0.05, "learning rate")
	flag.StringVar(&o.svg, "svg", "loss.svg", "file for the picture of the loss; empty for none")
	flag.StringVar(&o.model, "model", "", "file for the network; empty for none")
	flag.StringVar(&o.checkpoint, "checkpoint", "digits.checkpoint", "file to go on from after an interruption; empty for none")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "digits: unexpected argument", flag.Arg(0))
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, os.Stderr, o); err != nil {
		fmt.Fprintln(os.Stderr, "digits:", err)
		os.Exit(1)
	}
}

type options struct {
	seed                  uint64
	epochs, batch, hidden int
	lr                    float64
	svg, model            string
	checkpoint            string
}

// run trains, and writes what came of it to out and its progress to progress.
func run(ctx context.Context, out, progress io.Writer, o options) error {
	if o.hidden < 1 || !(o.lr >= 0 && o.lr < 1e6) {
		return fmt.Errorf("want -hidden above 0 and -lr from 0 to a million, have %d and %v", o.hidden, o.lr)
	}
	rng := rand.NewPCG(o.seed, 0)
	trainSet, testSet, err := data.Digits().SplitByClass(rng, 0.8)
	if err != nil {
		return err
	}
	if err := data.Standardise(trainSet, testSet); err != nil {
		return err
	}
	if _, err := os.Stat(o.checkpoint); err == nil {
		fmt.Fprintf(progress, "there is a checkpoint to go on from, %s\n", o.checkpoint)
	}
	net := layers.MLP[float32](rng, 64, o.hidden, 10)
	sgd := optim.NewSGD(net.Params(), o.lr)
	sgd.Momentum, sgd.WeightDecay = 0.9, 1e-3
	result, err := train.Fit(ctx, net, trainSet, train.Options[float32]{
		Loss:       layers.SoftmaxCrossEntropy[float32]{},
		Optimizer:  sgd,
		Epochs:     o.epochs,
		BatchSize:  o.batch,
		Rand:       rng,
		Validation: testSet,
		Checkpoint: train.Checkpoint{Path: o.checkpoint},
		Progress:   progress,
	})
	if err != nil && err == ctx.Err() && o.checkpoint != "" {
		return fmt.Errorf("interrupted; the same command goes on from %s, and begins anew if that is removed (%w)", o.checkpoint, err)
	}
	if err != nil {
		return err
	}
	if o.svg != "" {
		if err := os.WriteFile(o.svg, lossSVG(result.History), 0o644); err != nil {
			return err
		}
	}
	if o.model != "" {
		if err := train.Save(o.model, net); err != nil {
			return err
		}
	}
	report(out, net, testSet)
	if err := os.Remove(o.checkpoint); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
