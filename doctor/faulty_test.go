package doctor

import (
	"math"
	"math/rand/v2"
	"strings"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// faulty is a set of mistakes that a layer or loss makes, by name; the first five are
// those of examples/stuck.
type faulty string

const (
	clipsOneSide     = "clips one side,"
	derivesUpstream  = "derives upstream,"
	biasFromUpstream = "bias from upstream,"
	dividesByWidth   = "divides by width,"
	updatesFirst     = "updates first,"

	updatesInPlace = "updates in place,"
	allFaults      = clipsOneSide + derivesUpstream + biasFromUpstream + dividesByWidth + updatesFirst
)

func (f faulty) has(name string) bool { return strings.Contains(string(f), name) }

// act is an activation and its derivative.
type act struct{ f, d func(float64) float64 }

var (
	reluAct = act{func(z float64) float64 { return max(z, 0) }, func(z float64) float64 {
		if z > 0 {
			return 1
		}
		return 0
	}}
	sigmoidAct = act{logistic, func(z float64) float64 { return logistic(z) * (1 - logistic(z)) }}
	tanhAct    = act{math.Tanh, func(z float64) float64 { return 1 - math.Tanh(z)*math.Tanh(z) }}
	noAct      = act{func(z float64) float64 { return z }, func(float64) float64 { return 1 }}
)

func logistic(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// userDense is a layer with its activation in it, as people write it.
type userDense[T tensor.Float] struct {
	faulty
	weight, bias *tensor.Param[T]
	act          act
	lr           float64
	kept         tensor.Tensor[T] // the x of the last Forward, of a layer that keeps it
}

func newUserDense[T tensor.Float](f faulty, src rand.Source, in, out int, lr float64, a act) *userDense[T] {
	d := &userDense[T]{faulty: f, weight: tensor.NewParam[T]("weight", in, out), bias: tensor.NewParam[T]("bias", 1, out), act: a, lr: lr}
	tensor.XavierNormal(d.weight.Value, src)
	return d
}

func (d *userDense[T]) Params() []*tensor.Param[T] { return []*tensor.Param[T]{d.weight, d.bias} }

func (d *userDense[T]) sums(z, x *tensor.Tensor[T]) {
	tensor.MatMul(z, x, d.weight.Value)
	tensor.AddRow(z, d.bias.Value)
}

func (d *userDense[T]) Forward(y, x *tensor.Tensor[T]) {
	d.kept.Copy(x)
	d.sums(y, x)
	for i, z := range y.Data {
		y.Data[i] = T(d.act.f(float64(z)))
	}
	if d.has("forward writes x,") {
		x.Data[0]++
	}
}

// derived is dz of one element.
func (d *userDense[T]) derived(dy, z float64) float64 {
	switch {
	case d.has(derivesUpstream):
		return d.act.d(dy)
	case d.has("ignores upstream,"):
		return d.act.d(z)
	case d.has("derives output,"):
		return dy * d.act.d(d.act.f(z))
	case d.has("no derivative,"):
		return dy
	case d.has("clips gradient,"):
		return max(-0.3, min(0.3, dy)) * d.act.d(z)
	}
	return dy * d.act.d(z)
}

func (d *userDense[T]) Backward(dx, dy, x, y *tensor.Tensor[T]) {
	if d.has("keeps x,") {
		x = &d.kept
	}
	var z, dz tensor.Tensor[T]
	d.sums(&z, x)
	dz.Copy(dy)
	for i, g := range dy.Data {
		dz.Data[i] = T(d.derived(float64(g), float64(z.Data[i])))
	}
	beta := T(1)
	if d.has("overwrites,") {
		beta = 0
	}
	dw, db := new(tensor.Tensor[T]).Resize(x.Cols, dy.Cols), new(tensor.Tensor[T]).Resize(1, dy.Cols)
	if !d.has("no weight,") {
		dw = d.weight.Grad()
	}
	if !d.has("no bias,") {
		db = d.bias.Grad()
	}
	switch {
	case d.has("transposes weight,"):
		tensor.TMatMul(dw, &dz, x, beta)
	case d.has("last row,"):
		lastX, last := x.Slice(x.Rows-1, x.Rows), dz.Slice(x.Rows-1, x.Rows)
		tensor.TMatMul(dw, &lastX, &last, beta)
	default:
		tensor.TMatMul(dw, x, &dz, beta)
	}
	if d.has(biasFromUpstream) {
		tensor.SumRows(db, dy, beta)
	} else if !d.has("zero bias,") {
		tensor.SumRows(db, &dz, beta)
	}
	by := T(1)
	switch {
	case d.has(dividesByWidth):
		by = T(x.Cols)
	case d.has("divides by batch,"):
		by = T(x.Rows)
	case d.has("divides by both,"):
		by = T(x.Rows * x.Cols)
	case d.has("sign,"):
		by = -1
	}
	for i := range dw.Data {
		dw.Data[i] /= by
	}
	for i := range db.Data {
		db.Data[i] /= by
	}
	w := new(tensor.Tensor[T]).Copy(d.weight.Value)
	if d.has(updatesFirst) {
		for i, g := range dw.Data {
			w.Data[i] -= T(d.lr) * g
		}
	}
	if d.has(updatesInPlace) {
		for i, g := range dw.Data {
			d.weight.Value.Data[i] -= T(d.lr) * g
		}
		w.Copy(d.weight.Value)
	}
	switch {
	case dx == nil || d.has("no dx,"):
	case d.has("dx untransposed,"):
		tensor.MatMul(dx, &dz, w)
	case d.has("dx from dy,"):
		tensor.MatMulT(dx, dy, w)
	default:
		tensor.MatMulT(dx, &dz, w)
	}
	if d.has("dx halved,") && dx != nil {
		for i := range dx.Data {
			dx.Data[i] /= 2
		}
	}
	if d.has("backward writes y,") {
		y.Data[0]++
	}
}

// userLoss is binary cross-entropy of probabilities, clipped.
type userLoss[T tensor.Float] struct {
	faulty
	clip float64
}

func (l userLoss[T]) clipped(p float64) float64 { return min(max(p, l.clip), 1-l.clip) }

func (l userLoss[T]) Loss(grad, pred, target *tensor.Tensor[T]) float64 {
	if grad == nil {
		grad = new(tensor.Tensor[T])
	}
	grad.Resize(pred.Rows, pred.Cols)
	sum := 0.0
	for i, raw := range pred.Data {
		t, p := float64(target.Data[i]), l.clipped(float64(raw))
		sum -= t*math.Log(p) + (1-t)*math.Log(1-p)
		switch {
		case l.has("unclipped,"):
			p = float64(raw)
		case l.has("clips early,"):
			p = min(max(p, 1e-4), 1-1e-4)
			t = min(max(t, 1e-4), 1-1e-4)
		case !l.has(clipsOneSide):
			t = l.clipped(t)
		}
		g := (p - t) / (p * (1 - p))
		if l.has("sign,") {
			g = -g
		}
		if !l.has(dividesByWidth) {
			g /= float64(pred.Rows)
		}
		if l.has("divides twice,") {
			g /= float64(pred.Rows)
		}
		grad.Data[i] = T(g)
	}
	return sum / float64(pred.Rows)
}

func (l userLoss[T]) Check(cols int, target *tensor.Tensor[T]) error {
	return layers.BinaryCrossEntropyProb[T]{}.Check(cols, target)
}

// stuckNet is the network of examples/stuck, and stuckBatch what it learns from.
func stuckNet[T tensor.Float](f faulty, seed uint64, lr float64) *layers.Sequential[T] {
	src := rand.NewPCG(seed, 1)
	return layers.NewSequential[T](
		newUserDense[T](f, src, 4, 8, lr, reluAct),
		newUserDense[T](f, src, 8, 1, lr, sigmoidAct),
	)
}

func stuckBatch[T tensor.Float](seed uint64) (x, y *tensor.Tensor[T]) {
	x, y = tensor.New[T](100, 4), tensor.New[T](100, 1)
	tensor.Normal(x.Data, 1, rand.NewPCG(seed, 0))
	for i := range y.Data {
		if r := x.Row(i); r[0]-2*r[1]+1.5*r[2]+0.5*r[3] > 0.5 {
			y.Data[i] = 1
		}
	}
	return x, y
}
