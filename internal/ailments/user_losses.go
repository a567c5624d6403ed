package ailments

import (
	"fmt"
	"math"

	"github.com/db75a6f2/downhill/tensor"
)

// The mistakes that people make in losses.
const (
	wrongSign     mistake = 100 + iota // target - pred
	notMean                            // the gradient of the sum, the value of the mean
	factorTwo                          // of a square that is not there
	noTwo                              // of the square that is there
	clipsOneSide                       // the derivative clips the prediction and not the target
	firstRowOnly                       // the gradient of one sample
	forgetsTarget                      // pred for pred - target
	returnsZero                        // the gradient is never set
)

// ownLoss is a loss as people write it, with a gradient of its own.
type ownLoss[T tensor.Float] struct {
	made mistake
	// terms returns the loss of a row p of predictions for a row t of targets, and
	// sets g to its derivative.
	terms func(g, p, t []float64, made mistake) float64
}

func (l ownLoss[T]) Loss(grad, pred, target *tensor.Tensor[T]) float64 {
	if grad == nil {
		grad = new(tensor.Tensor[T])
	}
	grad.Resize(pred.Rows, pred.Cols)
	total := 0.0
	g := make([]float64, pred.Cols)
	for i := range pred.Rows {
		total += l.terms(g, doubles(pred.Row(i)), doubles(target.Row(i)), l.made)
		for j, v := range g {
			grad.Set(i, j, T(l.mistaken(v, i, pred.Rows)))
		}
	}
	return total / float64(pred.Rows)
}

// mistaken is a derivative v of row i of so many as it comes into the gradient.
func (l ownLoss[T]) mistaken(v float64, i, rows int) float64 {
	switch l.made {
	case wrongSign:
		v = -v
	case notMean:
		return v
	case factorTwo:
		v *= 2
	case noTwo:
		v /= 2
	case firstRowOnly:
		if i > 0 {
			return 0
		}
	case returnsZero:
		return 0
	}
	return v / float64(rows)
}

func (l ownLoss[T]) Check(cols int, target *tensor.Tensor[T]) error {
	if target.Cols != cols {
		return fmt.Errorf("target has %d columns, pred %d", target.Cols, cols)
	}
	return nil
}

func doubles[T tensor.Float](x []T) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// ownSquare is the squared error, summed over the columns.
func ownSquare[T tensor.Float](made mistake) ownLoss[T] {
	return ownLoss[T]{made, func(g, p, t []float64, made mistake) (loss float64) {
		for j := range p {
			d := p[j] - t[j]
			loss += d * d
			g[j] = 2 * d
			if made == forgetsTarget {
				g[j] = 2 * p[j]
			}
		}
		return loss
	}}
}

// ownAbsolute is the absolute error, rounded off below a difference of corner as Huber
// does it.
func ownAbsolute[T tensor.Float](corner float64) ownLoss[T] {
	return ownLoss[T]{none, func(g, p, t []float64, _ mistake) (loss float64) {
		for j := range p {
			d := p[j] - t[j]
			if math.Abs(d) < corner {
				loss += d * d / (2 * corner)
				g[j] = d / corner
				continue
			}
			loss += math.Abs(d) - corner/2
			g[j] = math.Copysign(1, d)
		}
		return loss
	}}
}

// ownSoftmax is the cross-entropy of logits with one-hot targets.
func ownSoftmax[T tensor.Float](made mistake) ownLoss[T] {
	return ownLoss[T]{made, func(g, p, t []float64, made mistake) (loss float64) {
		top, sum := p[tensor.ArgMax(p)], 0.0
		for j, z := range p {
			g[j] = math.Exp(z - top)
			sum += g[j]
		}
		for j := range g {
			g[j] /= sum
			loss -= t[j] * math.Log(g[j]+1e-300)
			if made != forgetsTarget {
				g[j] -= t[j]
			}
		}
		return loss
	}}
}

// ownLog is the cross-entropy of probabilities with one-hot targets, kept off 0.
func ownLog[T tensor.Float](made mistake) ownLoss[T] {
	return ownLoss[T]{made, func(g, p, t []float64, made mistake) (loss float64) {
		for j := range p {
			q := p[j] + 1e-12
			loss -= t[j] * math.Log(q)
			g[j] = -t[j] / q
		}
		return loss
	}}
}

// ownBinary is the cross-entropy of one probability, clipped at 1e-10.
func ownBinary[T tensor.Float](made mistake) ownLoss[T] {
	const clip = 1e-10
	clipped := func(p float64) float64 { return min(max(p, clip), 1-clip) }
	return ownLoss[T]{made, func(g, p, t []float64, made mistake) (loss float64) {
		for j := range p {
			q, y := clipped(p[j]), t[j]
			loss -= y*math.Log(q) + (1-y)*math.Log(1-q)
			if made != clipsOneSide && q != p[j] {
				g[j] = 0
				continue
			}
			g[j] = (q - y) / (q * (1 - q))
		}
		return loss
	}}
}
