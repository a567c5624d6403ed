package main

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// fault is a mistake in the network of the question, by its number there.
type fault int

const (
	clipsOneSide     fault = 1 + iota // the loss's derivative clips the prediction and not the target
	derivesUpstream                   // backward takes act'(dy) for dy*act'(z)
	biasFromUpstream                  // the bias gradient sums dy, not what went through act'
	wildWeights                       // weights and biases are randn * 6/sqrt(in*out)
	dividesByWidth                    // gradients are divided by the number of features, not by the batch
	updatesFirst                      // weights change before dx is formed from them
)

var faultNames = map[fault]string{
	clipsOneSide:     "dloss clips the prediction and not the target",
	derivesUpstream:  "backward takes act'(dy) instead of dy * act'(z)",
	biasFromUpstream: "the bias gradient is summed from dy",
	wildWeights:      "weights and biases start as randn * 6/sqrt(in*out)",
	dividesByWidth:   "gradients are divided by the number of features, and not by the batch",
	updatesFirst:     "weights change before dx is formed from them",
}

type faults map[fault]bool

// question returns the network as it was asked about, 4-8-1 with ReLU and sigmoid,
// with the given faults and the others mended.
func question(f faults, src rand.Source, lr float64) *layers.Sequential[float64] {
	return layers.NewSequential[float64](
		newDense(f, src, 4, 8, lr, relu, reluDerivative),
		newDense(f, src, 8, 1, lr, sigmoid, sigmoidDerivative),
	)
}

// dense is a layer with its activation in it, as people write it.
type dense struct {
	faults
	weight, bias    *tensor.Param[float64]
	act, derivative func(float64) float64
	lr              float64
}

func newDense(f faults, src rand.Source, in, out int, lr float64, act, derivative func(float64) float64) *dense {
	d := &dense{f, tensor.NewParam[float64]("weight", in, out), tensor.NewParam[float64]("bias", 1, out), act, derivative, lr}
	if f[wildWeights] {
		scale := 6 / math.Sqrt(float64(in*out))
		tensor.Normal(d.weight.Value.Data, scale, src)
		tensor.Normal(d.bias.Value.Data, scale, src)
	} else {
		tensor.XavierNormal(d.weight.Value, src)
	}
	return d
}

// sums is z = x*W + b.
func (d *dense) sums(z, x *tensor.Tensor[float64]) {
	tensor.MatMul(z, x, d.weight.Value)
	tensor.AddRow(z, d.bias.Value)
}

func (d *dense) Forward(y, x *tensor.Tensor[float64]) {
	d.sums(y, x)
	for i, z := range y.Data {
		y.Data[i] = d.act(z)
	}
}

func (d *dense) Backward(dx, dy, x, y *tensor.Tensor[float64]) {
	var z, dz tensor.Tensor[float64]
	d.sums(&z, x)
	dz.Copy(dy)
	for i, g := range dy.Data {
		if d.faults[derivesUpstream] {
			dz.Data[i] = d.derivative(g)
		} else {
			dz.Data[i] = g * d.derivative(z.Data[i])
		}
	}
	dw, db := d.weight.Grad(), d.bias.Grad()
	tensor.TMatMul(dw, x, &dz, 1)
	if d.faults[biasFromUpstream] {
		tensor.SumRows(db, dy, 1)
	} else {
		tensor.SumRows(db, &dz, 1)
	}
	if d.faults[dividesByWidth] {
		divide(dw.Data, x.Cols)
		divide(db.Data, x.Cols)
	}
	if dx == nil {
		return
	}
	w := new(tensor.Tensor[float64]).Copy(d.weight.Value)
	if d.faults[updatesFirst] { // what Step is going to make of them
		for i, g := range dw.Data {
			w.Data[i] -= d.lr * g
		}
	}
	tensor.MatMulT(dx, &dz, w)
}

func (d *dense) Params() []*tensor.Param[float64] { return []*tensor.Param[float64]{d.weight, d.bias} }

func relu(z float64) float64    { return max(z, 0) }
func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

func reluDerivative(z float64) float64 {
	if z > 0 {
		return 1
	}
	return 0
}

func sigmoidDerivative(z float64) float64 { return sigmoid(z) * (1 - sigmoid(z)) }

// clippedLoss is binary cross-entropy of probabilities, clipped at 1e-10.
type clippedLoss struct{ faults }

const clip = 1e-10

func clipped(p float64) float64 { return min(max(p, clip), 1-clip) }

func (l clippedLoss) Loss(grad, pred, target *tensor.Tensor[float64]) float64 {
	if grad == nil {
		grad = new(tensor.Tensor[float64])
	}
	grad.Resize(pred.Rows, pred.Cols)
	sum := 0.0
	for i, p := range pred.Data {
		t := target.Data[i]
		p = clipped(p)
		sum -= t*math.Log(p) + (1-t)*math.Log(1-p)
		if !l.faults[clipsOneSide] {
			t = clipped(t)
		}
		grad.Data[i] = (p - t) / (p * (1 - p))
	}
	if !l.faults[dividesByWidth] {
		divide(grad.Data, pred.Rows)
	}
	return sum / float64(pred.Rows)
}

func (l clippedLoss) Check(cols int, target *tensor.Tensor[float64]) error {
	return layers.BinaryCrossEntropyProb[float64]{}.Check(cols, target)
}

func divide(x []float64, n int) {
	for i := range x {
		x[i] /= float64(n)
	}
}

// samples are 100 points of 4 features, of which the 40 furthest along a slanted
// direction, give or take some noise, are positive.
func samples(src rand.Source) *data.Set[float64] {
	const n, positive = 100, 40
	x, noise := tensor.New[float64](n, 4), make([]float64, n)
	tensor.Normal(x.Data, 1, src)
	tensor.Normal(noise, 0.3, src)
	along := func(i int) float64 {
		r := x.Row(i)
		return r[0] - 2*r[1] + 1.5*r[2] + 0.5*r[3] + noise[i]
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(along(j), along(i)) })
	y := tensor.New[float64](n, 1)
	for _, i := range order[:positive] {
		y.Data[i] = 1
	}
	return &data.Set[float64]{X: x, Y: y}
}
