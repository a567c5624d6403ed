package main

import (
	"math/rand/v2"

	"github.com/db75a6f2/downhill/bench/peers/internal/turns"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// Downhill, by the loop that its training is timed with.
const (
	ourFit  = "downhill"      // that of train.Fit: Forward, Loss, BackwardStep
	ourHand = "downhill-hand" // by hand: Forward, Loss, Backward, SGD.Step
)

// ours returns Downhill as a contender, with one of the two loops.
func ours(loop string) *local {
	return &local{thread: turns.Directly, begin: func(p problem) (network, error) {
		net := layers.MLP[float32](rand.NewPCG(0, 0), p.widths...)
		for i, param := range net.Params() {
			copy(param.Value.Data, p.params[i])
		}
		return &downhillNet{net: net, loss: p.loss(), sgd: optim.NewSGD(net.Params(), float64(p.lr)), byHand: loop == ourHand}, nil
	}}
}

type downhillNet struct {
	net        *layers.Sequential[float32]
	loss       layers.Loss[float32]
	sgd        *optim.SGD[float32]
	byHand     bool
	x, y       tensor.Tensor[float32] // the batch
	grad, outs tensor.Tensor[float32]
}

func (d *downhillNet) batch(s samples, i int) {
	x, y := s.batch(i)
	d.x = tensor.Tensor[float32]{Rows: s.rows, Cols: len(x) / s.rows, Data: x}
	d.y = tensor.Tensor[float32]{Rows: s.rows, Cols: 1, Data: y}
}

func (d *downhillNet) train(s samples, first, calls int) (loss float32) {
	for i := first; i < first+calls; i++ {
		d.batch(s, i)
		loss = float32(d.loss.Loss(&d.grad, d.net.Forward(&d.x), &d.y))
		if d.byHand {
			d.net.Backward(&d.grad)
			d.sgd.Step()
		} else {
			d.net.BackwardStep(&d.grad, float32(d.sgd.LR()))
		}
	}
	return loss
}

func (d *downhillNet) infer(s samples, first, calls int) []float32 {
	for i := first; i < first+calls; i++ {
		d.batch(s, i)
		d.net.Predict(&d.outs, &d.x)
	}
	return d.outs.Data
}

func (*downhillNet) free() {}
