package train

import (
	"fmt"
	"math"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// evaluateRows is the number of samples evaluated at a time.
const evaluateRows = 256

// Evaluate runs net, in inference, over a set and returns the mean loss and the share of
// right answers: NaN unless the loss is a layers.Scorer. A raw set, whose Standardised is
// nil, is standardised as the network's training set was, in a copy. Evaluate panics if the
// set does not fit the network, has been standardised otherwise or has other classes, and returns
// NaN for an empty one.
func Evaluate[T tensor.Float](net *layers.Sequential[T], set *data.Set[T], loss layers.Loss[T]) (mean, accuracy float64) {
	if differ(net.Classes, set.Classes) {
		panic(fmt.Sprintf("train: Evaluate: the classes of the set are %q, those of the network %q", set.Classes, net.Classes))
	}
	scorer, _ := loss.(layers.Scorer[T])
	p := net.Predictor()
	predict := p.Forward
	if set.Standardised == nil {
		predict = p.Predict
	} else if net.Standardise != nil && !sameAffine(set.Standardised, net.Standardise) {
		panic("train: Evaluate: the set is not standardised as the network's training set was")
	}
	var grad tensor.Tensor[T]
	var total float64
	right := 0
	for lo := 0; lo < set.Len(); lo += evaluateRows {
		hi := min(set.Len(), lo+evaluateRows)
		x, y := set.X.Slice(lo, hi), set.Y.Slice(lo, hi)
		pred := predict(&x)
		total += float64(loss.Loss(&grad, pred, &y) * float64(hi-lo))
		if scorer != nil {
			right += scorer.Right(pred, &y)
		}
	}
	accuracy = math.NaN()
	if scorer != nil {
		accuracy = float64(right) / float64(set.Len())
	}
	return total / float64(set.Len()), accuracy
}
