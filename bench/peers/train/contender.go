package main

import (
	"math/rand/v2"
	"time"

	"github.com/db75a6f2/downhill/tensor"
)

// contender is a library that trains a network.
type contender interface {
	// start begins with a problem, and forgets the one before.
	start(p problem) error
	// check returns the losses of two training steps on the first batch, or that of the
	// outputs for it.
	check() ([]float64, error)
	// run takes so many steps, on the batches of the pool in turn.
	run(calls int) (time.Duration, error)
	// epoch trains on all of the pool, shuffled.
	epoch() (time.Duration, error)
	// accuracy is the share of the test samples whose class the network names.
	accuracy() (float64, error)
	// do runs a block of the above on the thread that suits the library, and waits until
	// its own process, if it has one, rests.
	do(block func())
	close() error
}

// network is one that lives in this process.
type network interface {
	// train takes so many steps on batches of the samples in turn, and returns the loss
	// of the last one.
	train(s samples, first, calls int) float32
	// infer returns the outputs for the last of so many batches.
	infer(s samples, first, calls int) []float32
	free()
}

// local is a contender in this process.
type local struct {
	begin  func(problem) (network, error)
	thread func(block func())

	p     problem
	net   network
	next  int // batch of the pool
	order []int
	src   *rand.Rand
}

func (c *local) start(p problem) (err error) {
	c.close()
	c.p, c.next, c.src = p, 0, rand.New(rand.NewPCG(p.seed, 0))
	c.order = c.src.Perm(len(p.pool.y))
	c.net, err = c.begin(p)
	return err
}

func (c *local) check() ([]float64, error) {
	if c.p.inference {
		loss, err := c.p.lossOf(c.net.infer(c.p.pool, 0, 1))
		return []float64{loss}, err
	}
	before := float64(c.net.train(c.p.pool, 0, 1))
	return []float64{before, float64(c.net.train(c.p.pool, 0, 1))}, nil
}

func (c *local) run(calls int) (time.Duration, error) {
	began := time.Now()
	if c.p.inference {
		c.net.infer(c.p.pool, c.next, calls)
	} else {
		c.net.train(c.p.pool, c.next, calls)
	}
	c.next += calls
	return time.Since(began), nil
}

func (c *local) epoch() (time.Duration, error) {
	began := time.Now()
	c.src.Shuffle(len(c.order), func(i, j int) { c.order[i], c.order[j] = c.order[j], c.order[i] })
	in, size := c.p.widths[0], c.p.batch
	x, y := make([]float32, size*in), make([]float32, size)
	for lo := 0; lo < len(c.order); lo += size {
		rows := c.order[lo:min(len(c.order), lo+size)]
		for i, r := range rows {
			copy(x[i*in:(i+1)*in], c.p.pool.x[r*in:])
			y[i] = c.p.pool.y[r]
		}
		c.net.train(samples{x[:len(rows)*in], y[:len(rows)], len(rows)}, 0, 1)
	}
	return time.Since(began), nil
}

func (c *local) accuracy() (float64, error) {
	in, out, all, right := c.p.widths[0], c.p.outputs(), c.p.test, 0
	for lo := 0; lo < len(all.y); lo += c.p.batch {
		hi := min(len(all.y), lo+c.p.batch)
		y := c.net.infer(samples{all.x[lo*in : hi*in], all.y[lo:hi], hi - lo}, 0, 1)
		for i, class := range all.y[lo:hi] {
			if tensor.ArgMax(y[i*out:(i+1)*out]) == int(class) {
				right++
			}
		}
	}
	return float64(right) / float64(len(all.y)), nil
}

func (c *local) do(block func()) { c.thread(block) }

func (c *local) close() error {
	if c.net != nil {
		c.net.free()
	}
	c.net = nil
	return nil
}
