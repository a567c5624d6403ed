package doctor

import (
	"fmt"
	"math"
	"slices"

	"github.com/db75a6f2/downhill/tensor"
)

// largestByChance is what the mean square of n draws of variance 1 exceeds once in 700
// times if they are normal, and less often if they are uniform: the cube root of a
// chi-square is all but normal (Wilson and Hilferty, "The distribution of chi-square",
// PNAS 17, 1931).
func largestByChance(n int) float64 {
	v := 2 / (9 * float64(n))
	c := 1 - v + 3*math.Sqrt(v)
	return c * c * c
}

// meanSquare is that of the weight's numbers.
func (w weight[T]) meanSquare() float64 {
	sum := 0.0
	for _, v := range w.Value.Data {
		sum += float64(v) * float64(v)
	}
	return sum / float64(len(w.Value.Data))
}

// multiple is the mean square as a multiple of He's variance, the largest that is
// customary.
func (w weight[T]) multiple() float64 { return w.meanSquare() * float64(w.in) / 2 }

// deviation is how far the numbers are spread about their mean.
func (w weight[T]) deviation() float64 {
	n := len(w.Value.Data)
	return columns(&tensor.Tensor[T]{Rows: n, Cols: 1, Data: w.Value.Data})[0].deviation
}

// loose reports whether biases are drawn, and from further around than is customary: from
// -1/sqrt(in) to 1/sqrt(in), as in PyTorch. All being alike is no draw.
func (w weight[T]) loose() bool {
	n := len(w.Value.Data)
	if !w.bias || n < 2 {
		return false
	}
	variance := w.deviation() * w.deviation() * float64(n) / float64(n-1)
	return variance*3*float64(w.in) > largestByChance(n-1)
}

// tooLargeWeights returns the weights that no customary draw explains, and the loose
// biases of hidden layers beside them: those of the last may have been set from the
// targets. A gain and chance may make few numbers 4 times as large as He's. Where biases
// are loose it was no gain, so that chance alone has to explain them.
func (e *exam[T]) tooLargeWeights() (large []weight[T]) {
	var biases []weight[T]
	for _, w := range e.weights() {
		if e.hidden(w) && w.loose() {
			biases = append(biases, w)
		}
	}
	for _, w := range e.weights() {
		if r := w.ratio(); !w.bias && w.multiple() >= 4 && (r > maxRatio || r > 1 && biases != nil) {
			large = append(large, w)
		}
	}
	if large == nil {
		return nil
	}
	return append(large, biases...)
}

// wildWeights names weights that are too large although no trial tells, because the
// network learns all the same. It takes three things together: no customary draw is so
// large, the network knows no more than chance, and fresh weights do not start like that.
// A trained network may have such weights, but is better than chance.
func (e *exam[T]) wildWeights() {
	if e.base.weights != nil || len(e.tooLargeWeights()) == 0 {
		return
	}
	f, _ := e.suspectWeights()
	seen, ok := e.wildStart()
	if f.Rule != "init/large" || !ok {
		return
	}
	f.Severity = Warning
	f.Evidence += "; " + seen
	e.report = append(e.report, f)
}

// wildStart compares the start with that of fresh weights: the loss, or else the share of
// a hidden layer's outputs that are saturated. The loss is that of shuffled targets, since
// a network of few units, fresh as it is, may be right by luck.
func (e *exam[T]) wildStart() (evidence string, ok bool) {
	const draws = 9
	var losses []float64
	saturated := make([]float64, len(e.traits)) // mean over the draws
	for i := range uint64(draws) {
		l, shares := e.startWith(e.fresh(i + 1))
		losses = append(losses, l)
		for j, s := range shares {
			saturated[j] += s / draws
		}
	}
	slices.Sort(losses)
	fresh := losses[draws/2]
	loss, shares := e.startWith(func() {})
	if chance := e.now.chance; loss > 1.5*chance && loss-chance > 2*(fresh-chance) {
		return fmt.Sprintf("against shuffled targets the loss is %s, with fresh weights (He, Xavier) %s, the median of %d draws", short(loss), short(fresh), draws), true
	}
	for i, s := range shares[:len(shares)-1] {
		if s > 0.5 && saturated[i] < 0.25 {
			return fmt.Sprintf("%.0f %% of the outputs of layer %d are saturated, with fresh weights (He, Xavier) %.0f %%, the mean of %d draws", 100*s, i, 100*saturated[i], draws), true
		}
	}
	return "", false
}

// startWith is what the base's outputs with other weights cost against shuffled targets,
// and what share of each layer's outputs is saturated.
func (e *exam[T]) startWith(weights func()) (shuffledLoss float64, saturated []float64) {
	e.snap.restore()
	defer e.snap.restore()
	net, loss, x, y := e.applied()
	weights()
	shuffledLoss = lossOf(net, loss, x, shuffled(y, 1))
	for i := range net.Layers() {
		saturated = append(saturated, saturation(net.Output(i), e.traits[i].act))
	}
	return shuffledLoss, saturated
}

// saturation is the share of a sigmoid's or a tanh's outputs that are at an end of its
// range.
func saturation[T tensor.Float](y *tensor.Tensor[T], act shape) float64 {
	if act != probability && act != symmetric {
		return 0
	}
	n := 0
	for _, v := range y.Data {
		if w := float64(v); w > 0.99 || act == probability && w < 0.01 || w < -0.99 {
			n++
		}
	}
	return float64(n) / float64(len(y.Data))
}
