package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/db75a6f2/downhill/bench/peers/internal/turns"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/train"
)

// course is how one training went.
type course struct {
	Rival    string // whose process it is
	Library  string // the rival, or "downhill" beside it
	Threads  int
	Seed     uint64
	Epochs   int
	Seconds  float64 // of training
	Accuracy float64 // on the test set, at the end
	Reached  int     // the epoch after which the target was reached, or 0
	ToTarget float64 // seconds of training until then
}

func (c *course) epoch(took time.Duration, accuracy, target float64) {
	c.Epochs++
	c.Seconds += took.Seconds()
	c.Accuracy = accuracy
	if c.Reached == 0 && accuracy >= target {
		c.Reached, c.ToTarget = c.Epochs, c.Seconds
	}
}

// races trains a rival and Downhill from every seed, and writes how it went.
func races(out *json.Encoder, rival player, t task, threads, seeds int) error {
	for seed := uint64(1); seed <= uint64(seeds); seed++ {
		theirs := course{Rival: rival.name, Library: rival.name, Threads: threads, Seed: seed}
		us := course{Rival: rival.name, Library: ourFit, Threads: threads, Seed: seed}
		if err := race(rival, t, &theirs, &us); err != nil {
			return fmt.Errorf("%s, seed %d: %w", rival.name, seed, err)
		}
		for _, c := range []course{theirs, us} {
			if err := out.Encode(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// race trains both from the same weights, epoch by epoch in turn: the rival's turn comes
// when train.Fit calls OnEpoch, while Downhill's clock stands.
func race(rival player, t task, theirs, us *course) error {
	src := rand.NewPCG(us.Seed, 0)
	net := layers.MLP[float32](src, t.widths...)
	p := problem{
		workload: t.workload, lr: taskRate, seed: us.Seed, params: copied(net.Params()),
		pool: samples{t.train.X.Data, t.train.Y.Data, t.batch},
		test: samples{t.test.X.Data, t.test.Y.Data, t.batch},
	}
	if err := agree(p, []player{rival}); err != nil {
		return err
	}
	if err := rival.start(p); err != nil {
		return err
	}
	loss := layers.SoftmaxCrossEntropy[float32]{}
	turns.Settle()
	began := time.Now()
	_, err := train.Fit(context.Background(), net, t.train, train.Options[float32]{
		Loss:      loss,
		Optimizer: optim.NewSGD(net.Params(), taskRate),
		Epochs:    t.epochs,
		BatchSize: t.batch,
		Rand:      src,
		OnEpoch: func(train.Epoch) error {
			took := time.Since(began)
			_, accuracy := train.Evaluate(net, t.test, loss)
			us.epoch(took, accuracy, t.target)
			turns.Settle()
			err := turn(rival, t, theirs)
			turns.Settle()
			began = time.Now()
			return err
		},
	})
	return err
}

// turn is the rival's epoch.
func turn(rival player, t task, c *course) (err error) {
	rival.do(func() {
		var took time.Duration
		var accuracy float64
		if took, err = rival.epoch(); err != nil {
			return
		}
		if accuracy, err = rival.accuracy(); err == nil {
			c.epoch(took, accuracy, t.target)
		}
	})
	return err
}
