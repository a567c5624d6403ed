package doctor

import (
	"fmt"
	"math"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// outputWatch is what the network's outputs were in the last looks.
type outputWatch[T tensor.Float] struct {
	clip    float64 // of the loss, if known
	equal   int     // looks in a row in which every row was the same, of batches with different targets
	value   float64 // one of the outputs then
	matches int     // looks in a row in which the loss was a share of -ln(eps)
	match   clipMatch
}

// clipMatch is a loss that is share * -ln(eps).
type clipMatch struct {
	loss, share, eps float64
	ones             float64 // share of outputs that are saturated at 1
	targets          float64 // share of targets that are 1
}

// usualClips are values that people clip a probability at.
var usualClips = [...]float64{1e-7, 1e-8, 1e-10, 1e-12, 1e-15, 1e-16, 1e-6, 1e-5}

// look compares the outputs with the targets and the loss of this batch.
func (o *outputWatch[T]) look(pred, y *tensor.Tensor[T], loss float64) {
	if pred.Rows > 1 && !sameRows(y) {
		o.value = float64(pred.Data[0])
		if o.equal++; !sameRows(pred) {
			o.equal = 0
		}
	}
	m, ok := o.clipped(pred, y, loss)
	if !ok {
		o.matches = 0
		return
	}
	o.match = m
	o.matches++
}

// sameRows reports whether the rows of t are equal but for rounding, by a sample.
func sameRows[T tensor.Float](t *tensor.Tensor[T]) bool {
	first := t.Row(0)
	for i := 1; i < min(t.Rows, sampleRows); i++ {
		for j, v := range t.Row(i) {
			if a, b := float64(v), float64(first[j]); math.Abs(a-b) > 1e-6*max(1e-6, math.Abs(a), math.Abs(b)) {
				return false
			}
		}
	}
	return true
}

// clipped says whether all outputs are saturated and the batch's loss is what a clip
// makes of those that are wrong.
func (o *outputWatch[T]) clipped(pred, y *tensor.Tensor[T], loss float64) (m clipMatch, ok bool) {
	if pred.Rows != y.Rows || pred.Cols != y.Cols || len(pred.Data) == 0 {
		return m, false
	}
	n := float64(len(pred.Data))
	wrong, missed := 0.0, 0.0 // elements; those whose target is 1
	for i, p := range pred.Data {
		one := p > 1-1e-4
		if !(one && p <= 1) && !(p < 1e-4 && p >= 0) {
			return m, false
		}
		t := y.Data[i] == 1
		if !t && y.Data[i] != 0 {
			return m, false
		}
		if one {
			m.ones += 1 / n
		}
		if t {
			m.targets += 1 / n
		}
		if one != t {
			wrong++
			if t {
				missed++
			}
		}
	}
	clips := usualClips[:]
	if o.clip > 0 {
		clips = []float64{o.clip}
	}
	m.loss = loss
	// The mean over all outputs, the sum over those of a row, and what a categorical
	// loss takes: the missed ones.
	for _, m.share = range []float64{wrong / n, wrong / float64(pred.Rows), missed / float64(pred.Rows)} {
		for _, m.eps = range clips {
			if m.share > 0 && math.Abs(loss+m.share*math.Log(m.eps)) < 0.005*loss {
				return m, true
			}
		}
	}
	return m, false
}

// String is the sum.
func (m clipMatch) String() string {
	end := "0 or 1"
	switch {
	case m.ones == 0:
		end = "0"
	case m.ones > 1-1e-9:
		end = "1"
	}
	wrong := -math.Log(m.eps)
	return fmt.Sprintf("%.3f = %.3f x %.3f: every output is saturated at %s, and %.0f %% of the targets are 1; %.3f = -ln(%.0e)", m.loss, m.share, wrong, end, 100*m.targets, wrong, m.eps)
}

// plateau finds a loss that a clip holds where it is: every output is saturated, those
// that are wrong cost -ln(eps) each, and the gradient through the clip is 0.
func (w *Watch[T]) plateau(s symptoms) (Finding, bool) {
	m := w.outputs.match
	if w.outputs.matches < 3 || m.share < 0.05 || !(s.chance > 0) || m.loss < s.chance {
		return Finding{}, false
	}
	f := Finding{
		Rule:     "watch/plateau",
		Severity: Fault,
		Where:    name(w.net, len(w.net.Layers())-1),
		Evidence: m.String(),
		Cause:    "the loss clips probabilities, and no gradient comes through the clip: an output that is surely wrong stays so",
		Cure:     "let the network end in logits, without sigmoid or softmax, and take a loss on logits: layers.BinaryCrossEntropy or layers.SoftmaxCrossEntropy",
	}
	if _, ours := any(w.loss).(layers.BinaryCrossEntropyProb[T]); ours {
		f.Cure = "drop the last sigmoid and take layers.BinaryCrossEntropy for layers.BinaryCrossEntropyProb"
	}
	return f, true
}

// alwaysSame finds a network that gives the same for every sample.
func (w *Watch[T]) alwaysSame(s symptoms) (Finding, bool) {
	if w.outputs.equal < 3 || s.explained || !s.stalled {
		return Finding{}, false
	}
	return Finding{
		Rule:     "watch/always-same",
		Severity: Fault,
		Where:    name(w.net, len(w.net.Layers())-1),
		Evidence: fmt.Sprintf("in %d looks in a row every sample of the batch got the same output, such as %.4g; %s", w.outputs.equal, w.outputs.value, s.level()),
		Cause:    "the output does not depend on the input: what differs between the samples is lost on the way, or the weights are all 0",
		Cure:     "see that the input differs from row to row, and start with tensor.HeNormal weights that are not 0",
	}, true
}
