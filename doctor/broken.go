package doctor

import (
	"fmt"
	"math"

	"github.com/db75a6f2/downhill/tensor"
)

// findBroken finds where NaN or Inf first appeared, once the loss is not finite: in the
// input, then layer by layer in the weights that the steps before have made and in what
// the layer makes of its input, then in the loss.
func (w *Watch[T]) findBroken(x, y *tensor.Tensor[T], loss float64) *Finding {
	f := &Finding{Rule: "watch/nan", Severity: Fault}
	s := w.symptoms()
	w.inputs = largestOf(x.Data)
	begin := fmt.Sprintf("the loss is %v at step %d", loss, w.steps)
	if i := firstBad(x.Data); i >= 0 {
		f.Where = fmt.Sprintf("input, row %d of the batch, column %d", i/x.Cols, i%x.Cols)
		f.Evidence = fmt.Sprintf("%s, this value is %v", begin, x.Data[i])
		f.Cause = "the input has values that are not numbers"
		f.Cure = "drop or fill such rows; data.Set.Check finds them"
		return f
	}
	if at := w.highestBadParam(); at != "" {
		f.Where = at
		f.Evidence = fmt.Sprintf("%s; the step before had made these weights NaN or infinite, %s", begin, w.course.lately())
		f.Cause = "a gradient was not finite though the loss was, or the weights have grown beyond every bound"
		f.Cure = s.lower(10) + ", or Options.ClipNorm: 1; if the loss did not rise before, the derivative of this layer or of what follows it divides by 0"
		if w.grew(s) {
			f.Cause = "the weights have grown beyond every bound: the steps are too large"
			f.Cure = w.smaller(s)
		}
		return f
	}
	size := 0.0
	for _, p := range w.net.Params() {
		size = max(size, largestOf(p.Value.Data))
	}
	for i := range w.net.Layers() {
		out := w.net.Output(i).Data
		k := firstBad(out)
		if k < 0 {
			continue
		}
		f.Where = name(w.net, i)
		before := largestOf(x.Data)
		if i > 0 {
			before = largestOf(w.net.Output(i - 1).Data)
		}
		f.Evidence = fmt.Sprintf("%s; the first value that is not finite, %v, is this layer's, from inputs of at most %.3g and weights of at most %.3g; %s", begin, out[k], before, size, w.course.lately())
		f.Cause = "this layer makes of finite inputs and weights what is not finite: an exp that overflows, a division by 0, a root or logarithm of what is not positive"
		f.Cure = "bound what goes into it, as softmax subtracts the largest of a row before exp"
		if w.grew(s) || size > 1e6 {
			f.Cause = "the weights have grown until this layer overflows: the steps are too large"
			f.Cure = w.smaller(s)
		}
		return f
	}
	if i := firstBad(y.Data); i >= 0 {
		f.Where = fmt.Sprintf("targets, row %d of the batch", i/y.Cols)
		f.Evidence = fmt.Sprintf("%s, this target is %v", begin, y.Data[i])
		f.Cause = "the targets have values that are not numbers"
		f.Cure = "drop or fill such rows; data.Set.Check finds them"
		return f
	}
	pred := w.pred().Data
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range pred {
		low, high = min(low, float64(v)), max(high, float64(v))
	}
	f.Where = "loss"
	f.Evidence = fmt.Sprintf("%s, of outputs from %.3g to %.3g; %s", begin, low, high, w.course.lately())
	switch {
	case w.grew(s) || max(high, -low) > 1e15:
		f.Cause = "the outputs have grown until the loss overflows: the steps are too large"
		f.Cure = w.smaller(s)
	case low >= 0 && high <= 1:
		f.Cause = "the loss takes the logarithm of a probability that has become 0"
		f.Cure = "let the network end in logits, and take layers.BinaryCrossEntropy or layers.SoftmaxCrossEntropy"
	default:
		f.Cause = "the loss is not finite though all outputs are: it divides by 0, overflows, or takes a root or logarithm of what is not positive"
		f.Cure = "if it takes probabilities, give it a sigmoid or softmax before, or take a loss on logits: layers.BinaryCrossEntropy, layers.SoftmaxCrossEntropy"
	}
	return f
}

// highestBadParam names the last of the parameters that are not finite, or is empty.
// Gradients come from above, so there it began.
func (w *Watch[T]) highestBadParam() string {
	for i := len(w.net.Layers()) - 1; i >= 0; i-- {
		for _, p := range w.net.Layers()[i].Params() {
			if firstBad(p.Value.Data) >= 0 {
				return name(w.net, i) + ", " + p.Name
			}
		}
	}
	return ""
}

// brokenGradient is the finding of a gradient that is not finite while the loss is, or nil
// if all are. The gradient comes from above, so the last such layer tells where it began.
func (w *Watch[T]) brokenGradient(loss float64) *Finding {
	s := w.symptoms()
	f := &Finding{
		Rule:     "watch/nan",
		Severity: Fault,
		Evidence: fmt.Sprintf("at step %d the loss is still %.4g, but this gradient is NaN or infinite", w.steps, loss),
		Cure:     "look for a division, root, logarithm or exp there; doctor.Gradients compares a backward pass with differences",
	}
	at, bad, above := -1, "", -1 // the layer, its parameter, and the next one with a gradient that is finite
	for i := len(w.net.Layers()) - 1; i >= 0 && at < 0; i-- {
		for _, p := range w.net.Layers()[i].Params() {
			switch {
			case !p.HasGrad():
			case firstBad(p.Grad().Data) >= 0:
				at, bad = i, p.Name
			case at < 0:
				above = i
			}
		}
	}
	if at < 0 {
		return nil
	}
	f.Where = fmt.Sprintf("gradient of %s, %s", name(w.net, at), bad)
	if above > at {
		f.Evidence += ", and that of " + name(w.net, above) + " is finite"
		f.Cause = "it begins in Backward of " + name(w.net, at+1)
		if above > at+1 {
			f.Cause += " or of what follows, up to layer " + fmt.Sprint(above)
		}
	} else {
		f.Cause = "it begins in the gradient of the loss, or in Backward of " + name(w.net, at) + " or of what follows it"
	}
	f.Evidence += "; " + w.course.lately()
	if w.grew(s) {
		f.Cause = "the weights have grown until the gradient overflows: the steps are too large"
		f.Cure = w.smaller(s)
	}
	return f
}

// smaller is the cure of steps so large that the numbers overflow.
func (w *Watch[T]) smaller(s symptoms) string {
	if w.inputs > 20 {
		return fmt.Sprintf("standardise the input with data.Standardise, it goes up to %.4g; then, if need be, %s", w.inputs, s.lower(10))
	}
	return s.lower(10) + ", or Options.ClipNorm: 1"
}

// grew reports whether the loss was far above its first level in the last steps.
func (w *Watch[T]) grew(s symptoms) bool {
	if w.course.steps < 2 {
		return false
	}
	return w.course.tail[(w.course.steps-1)%len(w.course.tail)] > 10*max(w.course.start, s.high)
}

// firstBad is the index of the first value that is NaN or infinite, or -1.
func firstBad[T tensor.Float](v []T) int {
	for i, x := range v {
		if !finite(x) {
			return i
		}
	}
	return -1
}

// largestOf is the largest absolute value.
func largestOf[T tensor.Float](v []T) float64 {
	var m T
	for _, x := range v {
		m = max(m, x, -x)
	}
	return float64(m)
}
