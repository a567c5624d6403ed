package main

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// workload is what is timed: a step of training, or inference, on a batch. Hidden layers
// end in ReLU. Several outputs are logits under softmax cross-entropy, one is a number
// under the mean squared error.
type workload struct {
	name      string
	widths    []int
	batch     int
	inference bool
}

var workloads = []workload{
	{"a32", []int{784, 128, 10}, 32, false},
	{"a64", []int{784, 128, 10}, 64, false},
	{"a256", []int{784, 128, 10}, 256, false},
	{"b128", []int{784, 512, 512, 10}, 128, false},
	{"c4", []int{2, 16, 1}, 4, false},
	{"infer-1", []int{784, 128, 10}, 1, true},
	{"infer-256", []int{784, 128, 10}, 256, true},
	{"infer-tiny", []int{16, 32, 1}, 1, true},
}

// network is the widths as people write them: 784-128-10.
func (w workload) network() string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(w.widths), "[]"), " ", "-")
}

// flops are the operations of the products: forward and, in training, the gradients of
// the weights and those of all inputs but the first layer's.
func (w workload) flops() float64 {
	flops := 0.0
	for i := 1; i < len(w.widths); i++ {
		product := 2 * float64(w.batch) * float64(w.widths[i-1]) * float64(w.widths[i])
		flops += product
		if !w.inference {
			flops += product
			if i > 1 {
				flops += product
			}
		}
	}
	return flops
}

// problem is what every contender gets: a network's first weights and what it learns from.
type problem struct {
	workload
	lr     float32
	seed   uint64
	params [][]float32 // the weight, in x out, and the bias of each layer in turn
	pool   samples
	test   samples // none where nobody asks for the accuracy
}

// samples are rows of inputs, and for each a class number or a target.
type samples struct {
	x, y []float32
	rows int // of a batch
}

// batch is batch i of those that fill the samples, in turn.
func (s samples) batch(i int) (x, y []float32) {
	cols := len(s.x) / len(s.y)
	i = i % (len(s.y) / s.rows) * s.rows
	return s.x[i*cols : (i+s.rows)*cols], s.y[i : i+s.rows]
}

// poolSize is the number of random samples; the batches are slices of the pool.
const poolSize = 2048

// newProblem makes a workload's weights, and a pool of random samples. The rate is low, so
// that steps without number leave the weights finite.
func newProblem(w workload) problem {
	src := rand.NewPCG(1, 2)
	p := problem{workload: w, lr: 0.01, seed: 1, params: copied(layers.MLP[float32](src, w.widths...).Params())}
	p.pool = samples{make([]float32, poolSize*w.widths[0]), make([]float32, poolSize), w.batch}
	tensor.Uniform(p.pool.x, 1, src)
	if p.outputs() == 1 {
		tensor.Uniform(p.pool.y, 1, src)
		return p
	}
	for i := range p.pool.y {
		p.pool.y[i] = float32(src.Uint64() % uint64(p.outputs()))
	}
	return p
}

func copied(params []*tensor.Param[float32]) [][]float32 {
	var all [][]float32
	for _, p := range params {
		all = append(all, append([]float32(nil), p.Value.Data...))
	}
	return all
}

func (p problem) outputs() int { return p.widths[len(p.widths)-1] }

// loss is the one that the network is trained for.
func (p problem) loss() layers.Loss[float32] {
	if p.outputs() == 1 {
		return layers.MeanSquaredError[float32]{}
	}
	return layers.SoftmaxCrossEntropy[float32]{}
}

// lossOf is the loss of outputs for the first batch of the pool.
func (p problem) lossOf(outputs []float32) (float64, error) {
	if len(outputs) != p.batch*p.outputs() {
		return 0, fmt.Errorf("%d outputs for a batch of %d, want %d", len(outputs), p.batch, p.batch*p.outputs())
	}
	_, y := p.pool.batch(0)
	return p.loss().Loss(nil, tensor.From(p.batch, p.outputs(), outputs), tensor.From(p.batch, 1, y)), nil
}
