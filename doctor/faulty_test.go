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

// userAct is an activation alone.
type userAct[T tensor.Float] struct {
	faulty
	act act
}

func (a userAct[T]) Params() []*tensor.Param[T] { return nil }

func (a userAct[T]) Forward(y, x *tensor.Tensor[T]) {
	y.Resize(x.Rows, x.Cols)
	for i, v := range x.Data {
		y.Data[i] = T(a.act.f(float64(v)))
	}
}

func (a userAct[T]) Backward(dx, dy, x, y *tensor.Tensor[T]) {
	if dx == nil {
		return
	}
	dx.Resize(x.Rows, x.Cols)
	d := userDense[T]{faulty: a.faulty, act: a.act}
	for i, z := range x.Data {
		dx.Data[i] = T(d.derived(float64(dy.Data[i]), float64(z)))
		if a.has(dividesByWidth) {
			dx.Data[i] /= T(x.Cols)
		}
	}
}

// userTurned is y = softmax(x*W^T), with the weight outputs x inputs and no bias.
type userTurned[T tensor.Float] struct {
	faulty
	weight *tensor.Param[T]
}

func newUserTurned[T tensor.Float](f faulty, src rand.Source, in, out int) *userTurned[T] {
	l := &userTurned[T]{f, tensor.NewParam[T]("w", out, in)}
	tensor.XavierNormal(l.weight.Value, src)
	return l
}

func (l *userTurned[T]) Params() []*tensor.Param[T] { return []*tensor.Param[T]{l.weight} }

func (l *userTurned[T]) Forward(y, x *tensor.Tensor[T]) {
	tensor.MatMulT(y, x, l.weight.Value)
	for i := range y.Rows {
		row, sum := y.Row(i), 0.0
		most := row[tensor.ArgMax(row)]
		for j, z := range row {
			row[j] = T(math.Exp(float64(z - most)))
			sum += float64(row[j])
		}
		for j := range row {
			row[j] /= T(sum)
		}
	}
}

func (l *userTurned[T]) Backward(dx, dy, x, y *tensor.Tensor[T]) {
	dz := new(tensor.Tensor[T]).Copy(dy)
	for i := range y.Rows {
		mean := 0.0
		for j, p := range y.Row(i) {
			mean += float64(p) * float64(dy.At(i, j))
		}
		for j, p := range y.Row(i) {
			if !l.has("no derivative,") {
				dz.Set(i, j, T(float64(p)*(float64(dy.At(i, j))-mean)))
			}
		}
	}
	g := l.weight.Grad()
	tensor.TMatMul(g, dz, x, 1)
	if l.has(dividesByWidth) {
		for i := range g.Data {
			g.Data[i] /= T(x.Cols)
		}
	}
	if dx != nil {
		tensor.MatMul(dx, dz, l.weight.Value)
	}
}

// userNorm gives every column mean 0 and deviation 1 over the batch, then a gain: a
// layer in which a row's output depends on the others.
type userNorm[T tensor.Float] struct {
	faulty
	gain *tensor.Param[T]
}

func newUserNorm[T tensor.Float](f faulty, width int) *userNorm[T] {
	l := &userNorm[T]{f, tensor.NewParam[T]("gain", 1, width)}
	for i := range l.gain.Value.Data {
		l.gain.Value.Data[i] = T(1 + 0.1*float64(i))
	}
	return l
}

func (l *userNorm[T]) Params() []*tensor.Param[T] { return []*tensor.Param[T]{l.gain} }

func (l *userNorm[T]) column(x *tensor.Tensor[T], j int) (mean, deviation float64) {
	for i := range x.Rows {
		mean += float64(x.At(i, j)) / float64(x.Rows)
	}
	square := 0.01
	for i := range x.Rows {
		d := float64(x.At(i, j)) - mean
		square += d * d / float64(x.Rows)
	}
	return mean, math.Sqrt(square)
}

func (l *userNorm[T]) Forward(y, x *tensor.Tensor[T]) {
	y.Resize(x.Rows, x.Cols)
	for j := range x.Cols {
		mean, deviation := l.column(x, j)
		for i := range x.Rows {
			y.Set(i, j, T((float64(x.At(i, j))-mean)/deviation)*l.gain.Value.Data[j])
		}
	}
}

func (l *userNorm[T]) Backward(dx, dy, x, y *tensor.Tensor[T]) {
	if dx != nil {
		dx.Resize(x.Rows, x.Cols)
	}
	g := l.gain.Grad()
	for j := range x.Cols {
		mean, deviation := l.column(x, j)
		n, sum, cross := float64(x.Rows), 0.0, 0.0
		for i := range x.Rows {
			h := (float64(x.At(i, j)) - mean) / deviation
			sum += float64(dy.At(i, j)) / n
			cross += h * float64(dy.At(i, j)) / n
		}
		g.Data[j] += T(cross * n)
		for i := range x.Rows {
			h := (float64(x.At(i, j)) - mean) / deviation
			if l.has("forgets mean,") {
				sum = 0
			}
			if dx != nil {
				dx.Set(i, j, T((float64(dy.At(i, j))-sum-h*cross)*float64(l.gain.Value.Data[j])/deviation))
			}
		}
	}
}

// userLookup has a row of its table for every whole number.
type userLookup[T tensor.Float] struct{ table *tensor.Param[T] }

func (l userLookup[T]) Params() []*tensor.Param[T] { return []*tensor.Param[T]{l.table} }

func (l userLookup[T]) row(v T) int { return max(0, min(l.table.Value.Rows-1, int(v))) }

func (l userLookup[T]) Forward(y, x *tensor.Tensor[T]) {
	y.Resize(x.Rows, l.table.Value.Cols)
	for i, v := range x.Data {
		copy(y.Row(i), l.table.Value.Row(l.row(v)))
	}
}

func (l userLookup[T]) Backward(dx, dy, x, y *tensor.Tensor[T]) {
	g := l.table.Grad()
	for i, v := range x.Data {
		for j, d := range dy.Row(i) {
			g.Row(l.row(v))[j] += d
		}
	}
	if dx != nil {
		clear(dx.Resize(x.Rows, x.Cols).Data)
	}
}
