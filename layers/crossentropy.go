package layers

import (
	"errors"
	"math"
	"strconv"

	"github.com/db75a6f2/downhill"
	"github.com/db75a6f2/downhill/tensor"
)

// SoftmaxCrossEntropy is the loss of a classifier that ends in logits, one for each
// class: the mean over the batch of -log(softmax(pred)[class]). The target is one
// column of class numbers from 0, or a distribution over the classes in each row,
// such as a one-hot row.
//
// It takes logits because softmax and logarithm in one neither overflow nor
// saturate, and have the plain gradient softmax(pred) - target. PyTorch calls it
// CrossEntropyLoss.
type SoftmaxCrossEntropy[T tensor.Float] struct{}

const softmaxName = "SoftmaxCrossEntropy"

// Loss implements Loss.
func (l SoftmaxCrossEntropy[T]) Loss(grad, pred, target *tensor.Tensor[T]) float64 {
	grad = begin(l, softmaxName, grad, pred, target)
	var total float64
	var largest, logSum [64]T
	for lo := 0; lo < pred.Rows; lo += len(largest) {
		hi := min(pred.Rows, lo+len(largest))
		downhill.SoftmaxRows(largest[:hi-lo], logSum[:hi-lo], grad.Data[lo*pred.Cols:hi*pred.Cols], pred.Data[lo*pred.Cols:hi*pred.Cols])
		for i := lo; i < hi; i++ {
			total += l.row(grad.Row(i), pred.Row(i), target.Row(i), largest[i-lo], logSum[i-lo])
		}
	}
	return mean(total, grad.Data, pred.Rows)
}

// row makes of g, the softmax of p, the gradient of a row's loss, and returns that loss.
// m is the largest p, and logSum the logarithm of the sum of exp(p-m).
func (SoftmaxCrossEntropy[T]) row(g, p, t []T, m, logSum T) (loss float64) {
	if len(t) == 1 {
		class := int(t[0])
		g[class]--
		return float64(m - p[class] + logSum)
	}
	var sum T // 1, but for rounding
	for j, v := range t {
		if v != 0 {
			loss += float64(v * (m - p[j] + logSum))
		}
		sum += v
	}
	for j, v := range t {
		g[j] = T(g[j]*sum) - v
	}
	return loss
}

// Check implements Loss.
func (SoftmaxCrossEntropy[T]) Check(cols int, target *tensor.Tensor[T]) error {
	if cols == 1 {
		return errors.New("layers: " + softmaxName + ": pred has one column, whose softmax is always 1; for two classes take BinaryCrossEntropy")
	}
	if target.Cols != 1 && target.Cols != cols {
		return wantCols(softmaxName, cols, target)
	}
	for i := range target.Rows {
		row := target.Row(i)
		if len(row) == 1 {
			if v := row[0]; !(v >= 0 && v < T(cols)) || v != T(int(v)) {
				return badTarget(softmaxName, i, v, "a class from 0 to "+strconv.Itoa(cols-1))
			}
			continue
		}
		var sum float64
		for _, v := range row {
			if !(v >= 0 && v <= 1) {
				return badTarget(softmaxName, i, v, "a probability")
			}
			sum += float64(v)
		}
		if sum < 0.999 || sum > 1.001 {
			return badTarget(softmaxName, i, T(sum), "probabilities that sum to 1")
		}
	}
	return nil
}

// Right implements Scorer: the largest logit is at the class, or at the most
// probable one.
func (SoftmaxCrossEntropy[T]) Right(pred, target *tensor.Tensor[T]) int {
	n := 0
	for i := range pred.Rows {
		t := target.Row(i)
		class := int(t[0])
		if len(t) > 1 {
			class = tensor.ArgMax(t)
		}
		if tensor.ArgMax(pred.Row(i)) == class {
			n++
		}
	}
	return n
}

// BinaryCrossEntropy is the loss of yes-or-no classifiers that end in logits: the
// mean over the batch and the columns of -(t*log(s) + (1-t)*log(1-s)) with s =
// sigmoid(pred). The target has pred's shape, with the probability of yes, mostly 0
// or 1.
//
// It takes logits because a sigmoid before the loss loses what a confident logit
// says: it rounds to 0 or 1, the logarithm needs a clip, and the gradient is 0 where
// it should be largest. PyTorch calls it BCEWithLogitsLoss.
type BinaryCrossEntropy[T tensor.Float] struct{}

// Loss implements Loss, as max(z, 0) - t*z + log(1+exp(-|z|)).
func (l BinaryCrossEntropy[T]) Loss(grad, pred, target *tensor.Tensor[T]) float64 {
	g := begin(l, "BinaryCrossEntropy", grad, pred, target).Data
	for i, z := range pred.Data {
		g[i] = -max(z, -z)
	}
	downhill.Exp(g, g)
	for i := range g {
		g[i]++
	}
	downhill.Log(g, g)
	var total float64
	for i, z := range pred.Data {
		total += float64(max(z, 0) - T(target.Data[i]*z) + g[i])
	}
	downhill.Sigmoid(g, pred.Data)
	for i, t := range target.Data {
		g[i] -= t
	}
	return mean(total, g, len(g))
}

// Check implements Loss.
func (BinaryCrossEntropy[T]) Check(cols int, target *tensor.Tensor[T]) error {
	return checkProbabilities("BinaryCrossEntropy", cols, target)
}

// Right implements Scorer: every logit of the row is above 0 where the target is
// above one half, and only there.
func (BinaryCrossEntropy[T]) Right(pred, target *tensor.Tensor[T]) int {
	return rightSides(pred, target, 0)
}

// BinaryCrossEntropyProb is BinaryCrossEntropy of probabilities, such as a sigmoid
// layer gives: the mean of -(t*log(p) + (1-t)*log(1-p)), with p and 1-p not let
// below Clip. [BinaryCrossEntropy] is better; this one is for networks that end in
// a sigmoid because they must.
//
// The gradient is that of this very function, so it is 0 where the clip holds: a
// saturated output does not learn, and costs -log(Clip) if it is wrong. What is no probability,
// since the sigmoid was forgotten, makes the loss NaN.
type BinaryCrossEntropyProb[T tensor.Float] struct {
	Clip T // 1e-7 if 0, and below 0.5
}

// Loss implements Loss.
func (l BinaryCrossEntropyProb[T]) Loss(grad, pred, target *tensor.Tensor[T]) float64 {
	g := begin(l, "BinaryCrossEntropyProb", grad, pred, target).Data
	clip := l.Clip
	if clip == 0 {
		clip = 1e-7
	}
	var total float64
	for i, p := range pred.Data {
		g[i] = max(p, clip)
	}
	downhill.Log(g, g)
	for i, t := range target.Data {
		total -= float64(t * g[i])
	}
	for i, p := range pred.Data {
		g[i] = max(1-p, clip)
	}
	downhill.Log(g, g)
	for i, t := range target.Data {
		total -= float64((1 - t) * g[i])
	}
	for i, p := range pred.Data {
		t, d := target.Data[i], T(0)
		if !(p >= 0 && p <= 1) {
			d = T(math.NaN())
			total = math.NaN()
		}
		if !(p <= clip) {
			d -= t / p
		}
		if !(1-p <= clip) {
			d += (1 - t) / (1 - p)
		}
		g[i] = d
	}
	return mean(total, g, len(g))
}

// Check implements Loss.
func (l BinaryCrossEntropyProb[T]) Check(cols int, target *tensor.Tensor[T]) error {
	if !(l.Clip >= 0 && l.Clip < 0.5) {
		return errors.New("layers: BinaryCrossEntropyProb: Clip is " + number(l.Clip) + ", want 0 or above and below 0.5")
	}
	return checkProbabilities("BinaryCrossEntropyProb", cols, target)
}

// Right implements Scorer: every probability of the row is above one half where the
// target is, and only there.
func (BinaryCrossEntropyProb[T]) Right(pred, target *tensor.Tensor[T]) int {
	return rightSides(pred, target, 0.5)
}

// checkProbabilities wants targets in pred's shape from 0 to 1.
func checkProbabilities[T tensor.Float](name string, cols int, target *tensor.Tensor[T]) error {
	if target.Cols != cols {
		return wantCols(name, cols, target)
	}
	for i, v := range target.Data {
		if !(v >= 0 && v <= 1) {
			return badTarget(name, i/cols, v, "a probability from 0 to 1")
		}
	}
	return nil
}

// rightSides counts the rows whose every prediction is on its target's side of the
// threshold.
func rightSides[T tensor.Float](pred, target *tensor.Tensor[T], threshold T) int {
	n := 0
	for i := range pred.Rows {
		right := 1
		t := target.Row(i)
		for j, v := range pred.Row(i) {
			if (v > threshold) != (t[j] > 0.5) {
				right = 0
			}
		}
		n += right
	}
	return n
}

// mean divides a gradient by n and returns total/n. It divides, rather than multiply
// by 1/n, so that each element is rounded once.
func mean[T tensor.Float](total float64, grad []T, n int) float64 {
	if n == 0 {
		return 0
	}
	downhill.Div(grad, grad, T(n))
	return total / float64(n)
}
