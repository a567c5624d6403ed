package doctor

import (
	"fmt"
	"math"
	"strconv"
)

// epochLoss is the mean loss of an epoch and that of the validation set after it.
type epochLoss struct{ train, validation float64 }

// symptoms are what the rules of a Watch have in common.
type symptoms struct {
	long      bool    // the course is long enough to judge by
	stalled   bool    // long, still high, and not falling: the gate of the rules on units and gradients
	explained bool    // an earlier rule has found a cause that this one would only repeat
	chance    float64 // loss of the best constant output, NaN if unknown
	high      float64 // chance, or the first loss if that is unknown
	noise     float64 // relative standard deviation between chunks of the loss of a constant output, NaN if unknown
	lr        float64 // learning rate, NaN if unknown

	first, recent, best float64
	bestStep, steps     int
}

// symptoms reads the course of the loss.
func (w *Watch[T]) symptoms() symptoms {
	c := &w.course
	s := symptoms{chance: math.NaN(), noise: math.NaN(), lr: math.NaN(), first: c.first, steps: c.steps}
	if w.opt != nil {
		s.lr = w.opt.LR()
	}
	if len(c.blocks) == 0 {
		return s
	}
	w.constant.level(w.loss, w.pred().Cols, c.batch)
	s.chance, s.noise = w.constant.loss, w.constant.noise
	if s.high = s.chance; !(s.high > 0) {
		s.high = c.first
	}
	s.recent = c.recent()
	s.best, s.bestStep = c.best()
	s.long = c.long()
	s.stalled = s.long && !c.falling() && s.recent > 0.85*s.high
	return s
}

// level says where the loss is.
func (s symptoms) level() string {
	if math.IsNaN(s.chance) {
		return fmt.Sprintf("the loss is %.4g and was %.4g at first", s.recent, s.first)
	}
	return fmt.Sprintf("the loss is %.4g, the same output for every sample would cost %.4g", s.recent, s.chance)
}

// lower is the cure of steps that are too large by about the given factor, higher that
// of steps too small.
func (s symptoms) lower(factor float64) string {
	if s.lr > 0 {
		return fmt.Sprintf("learning rate %.3g -> %.3g", s.lr, s.lr/factor)
	}
	return fmt.Sprintf("divide the learning rate by %.0f", factor)
}

func (s symptoms) higher(factor float64) string {
	if s.lr > 0 {
		return fmt.Sprintf("learning rate %.3g -> %.3g", s.lr, s.lr*factor)
	}
	return fmt.Sprintf("multiply the learning rate by %.0f", factor)
}

// rate is the learning rate in brackets, if known.
func (s symptoms) rate() string {
	if math.IsNaN(s.lr) {
		return ""
	}
	return " (it is " + strconv.FormatFloat(s.lr, 'g', 3, 64) + ")"
}

// rising finds a loss that is worse than at first and than that of a constant output, or
// that had been low and went up again.
func (w *Watch[T]) rising(s symptoms) (Finding, bool) {
	if s.explained || len(w.course.blocks) < 8 {
		return Finding{}, false
	}
	f := Finding{Rule: "watch/rising", Severity: Fault, Where: "loss", Cure: s.lower(10)}
	now := w.course.blocks[len(w.course.blocks)-1].loss
	switch {
	case s.long && s.recent > 1.5*max(s.first, s.high),
		min(s.recent, now) > 100*max(s.first, s.high): // and it need not be watched for long
		f.Evidence = fmt.Sprintf("it was %.4g in the first steps; after %d steps, %s", s.first, s.steps, s.level())
		f.Cause = "the loss rises: the steps are too large, or the gradient has the wrong sign"
		f.Cure += "; if it still rises, doctor.Gradients looks for a wrong gradient"
	case s.long && s.noise < 0.3 && s.best < 0.5*s.high && s.recent > 0.9*s.high && !w.course.falling():
		f.Severity = Warning
		f.Evidence = fmt.Sprintf("it was down at %.4g by step %d; after %d steps, %s", s.best, s.bestStep, s.steps, s.level())
		f.Cause = "the loss had fallen and has gone up again for good: a step was too large, and what was learnt is lost"
		f.Cure += ", or Options.ClipNorm: 1"
	default:
		return Finding{}, false
	}
	return f, true
}

// oscillating finds a loss that jumps by half of itself between one set of 64 samples
// and the next, is high and does not fall. Samples differ, but means of so many do not
// by that much, nor four times as much as those of a constant output.
func (w *Watch[T]) oscillating(s symptoms) (Finding, bool) {
	if s.explained || !s.long || w.course.falling() || s.recent < 0.3*s.high {
		return Finding{}, false
	}
	jump := w.course.jump()
	if !(jump > s.recent*max(0.5, 4*s.noise)) {
		return Finding{}, false
	}
	return Finding{
		Rule:     "watch/oscillating",
		Severity: Warning,
		Where:    "loss",
		Evidence: fmt.Sprintf("it goes up and down by %.3g from one %s to the next and does not fall; %s", jump, w.course.unit(), s.level()),
		Cause:    "the loss oscillates: the steps overshoot",
		Cure:     s.lower(10),
	}, true
}

// stuck finds a loss that has not left the level of a constant output, or its first one.
func (w *Watch[T]) stuck(s symptoms) (Finding, bool) {
	if s.explained || !s.stalled || s.recent < 0.93*s.high || s.best < 0.85*s.high {
		return Finding{}, false
	}
	f := Finding{
		Rule:     "watch/stuck",
		Severity: Warning,
		Where:    "loss",
		Evidence: fmt.Sprintf("it was %.4g in the first steps; after %d steps, %s", s.first, s.steps, s.level()),
		Cause:    "the loss does not fall: the network has learnt next to nothing that depends on the input, unless there is no more to be learnt",
		Cure:     "see by doctor.Examine whether the gradient or the data are wrong; if neither, " + s.higher(10),
	}
	return f, true
}

// overfitting finds a validation loss that has risen for long while that of training
// fell. It is a Warning if the network has never done better on new samples than a
// constant output, and does far worse now: it is as if the labels were others' ones.
func (w *Watch[T]) overfitting(s symptoms) (Finding, bool) {
	var all []epochLoss
	for _, e := range w.epochs {
		if e.validation-e.validation == 0 {
			all = append(all, e)
		}
	}
	n, k := len(all), max(3, len(all)/10)
	if n < 10 {
		return Finding{}, false
	}
	// Means of a few epochs, since the losses jump.
	at, best := 0, math.Inf(1)
	for i := 0; i+3 <= n; i++ {
		if v := medianBy(all[i:i+3], epochLoss.onNew); v < best {
			at, best = i+1, v
		}
	}
	now := medianBy(all[n-k:], epochLoss.onNew)
	then, train := all[at].train, medianBy(all[n-k:], epochLoss.onKnown)
	if n-1-at < max(5, n/5) || now < 1.1*best || train > 0.95*then {
		return Finding{}, false
	}
	f := Finding{
		Rule:     "watch/overfitting",
		Severity: Note,
		Where:    "validation loss",
		Evidence: fmt.Sprintf("lowest, %.4g, at epoch %d; at epoch %d it is %.4g, while the training loss went from %.4g to %.4g", best, at+1, n, now, then, train),
		Cause:    "the network learns the samples by heart",
		Cure:     fmt.Sprintf("stop earlier (Options.Patience: %d), add layers.NewDropout or weight decay, or get more samples", max(5, n/10)),
	}
	if rows := float64(max(w.course.batch, chunkRows)); s.noise*math.Sqrt(rows/chunkRows) < 0.25 && best > 0.95*s.high && now > 1.5*s.high {
		f.Severity = Warning
		f.Evidence += fmt.Sprintf("; the same output for every sample would cost %.4g", s.high)
		f.Cause += ", and nothing that holds for new ones"
		f.Cure = "see whether the labels belong to the rows; if they do, " + f.Cure
	}
	return f, true
}

func (e epochLoss) onNew() float64   { return e.validation }
func (e epochLoss) onKnown() float64 { return e.train }
