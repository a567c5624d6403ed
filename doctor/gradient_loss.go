package doctor

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// lossCheck is the examination of a loss.
type lossCheck[T tensor.Float] struct {
	loss    layers.Loss[T]
	pred, y *tensor.Tensor[T]
	mistakes
	// straight: there are predictions beyond the loss's clip, where its gradient is not
	// that of the clipped function but leads back.
	straight bool
}

// run examines the loss at the predictions, at others that lie between 0 and 1, where
// nothing is saturated, and at exactly 0 and 1.
func (c *lossCheck[T]) run() {
	src := rand.NewPCG(1, 2)
	middle := clone(c.pred)
	for i := range middle.Data {
		middle.Data[i] = T(0.1 + 0.8*rand.New(src).Float64())
	}
	clip := c.findClip(0)
	if clip == 0 {
		clip = c.findClip(1)
	}
	factor, right := c.at(middle, src, clip)
	if len(c.mistakes) == 0 {
		factor, right = c.at(c.pred, src, clip)
	}
	if right && clip > 0 {
		c.checkClip(0, clip, factor)
		c.checkClip(1, clip, factor)
	}
}

// value is the loss and its gradient at pred. A panic, such as of a loss that takes no
// prediction beyond 1, gives NaN.
func (c *lossCheck[T]) value(pred *tensor.Tensor[T]) (v float64, grad vector) {
	defer func() {
		if recover() != nil {
			v, grad = math.NaN(), make(vector, len(pred.Data))
		}
	}()
	var g tensor.Tensor[T]
	own, y := clone(pred), clone(c.y)
	v = c.loss.Loss(&g, own, y)
	if !sameBits(own.Data, pred.Data) || !sameBits(y.Data, c.y.Data) {
		c.add(mistake{rule: "gradient/input-changed", tensors: []string{"pred or target"}, evidence: []string{"they are not what they were before Loss"},
			cause: "the loss changes what it is handed", cure: "let Loss write to grad only"})
	}
	if len(g.Data) != len(pred.Data) {
		c.add(mistake{rule: "gradient/missing", tensors: []string{"grad"}, evidence: []string{fmt.Sprintf("grad is %dx%d, pred %dx%d", g.Rows, g.Cols, pred.Rows, pred.Cols)},
			cause: "the loss gives no gradient", cure: "give grad the shape of pred and set it, where it is not nil"})
		return v, make(vector, len(pred.Data))
	}
	return v, toVector(g.Data)
}

// at compares the gradient at pred with differences and names its mistake. It returns
// by which factor the gradient is off, and whether that is all that is wrong with it.
func (c *lossCheck[T]) at(pred *tensor.Tensor[T], src rand.Source, clip float64) (factor float64, right bool) {
	before, p := len(c.mistakes), clone(pred)
	v, grad := c.value(p)
	if !finite(v) || len(c.mistakes) > before {
		return 1, false
	}
	noise := 2 * epsilon[T]() * (1 + math.Abs(v))
	k := compare(p.Data, grad, choose(len(p.Data), 2*sampled, src), noise, func() vector {
		moved, _ := c.value(p)
		return vector{moved - v}
	})
	if clip > 0 { // close to it, checkClip judges; a clip of the target as well changes little elsewhere
		k.slack = max(k.slack, 1e-3)
		for i, e := range k.index {
			switch p := float64(pred.Data[e]); {
			case min(p, 1-p) < max(10*clip, 1e4*epsilon[T]()):
				k.off[i], c.straight = math.Inf(1), true
			case min(p, 1-p) < 1e-4: // less than a difference needs; compareNear has steps that fit
				k.off[i] = math.Inf(1)
			}
		}
	}
	if _, wrong := k.worst(); !wrong {
		return 1, true
	}
	a, n := k.certain()
	of := []quantity{{"batch", float64(pred.Rows)}, {"outputs", float64(pred.Cols)}}
	m := mistake{tensors: []string{"grad"}, evidence: []string{k.evidence("grad")}}
	switch {
	case grad.largest() == 0:
		m.rule, m.cause, m.cure = "gradient/zero", "the gradient is 0 where it should not be", "look for what is never set, or set in a copy"
	case math.IsNaN(grad.dot(grad)):
		m.rule, m.cause, m.cure = "gradient/wrong", "the gradient is NaN or Inf", "look for a division by 0 or a logarithm in the derivative"
	case math.Abs(a.cosine(n)) > aligned[T]():
		factor = a.ratio(n)
		c.scaled("grad", factor, same[T](), of, cureOfLoss)
		return factor, true
	default:
		m.rule, m.cause, m.cure = "gradient/wrong", "the gradient of the loss is wrong, and not in a way that has a name", "derive the value that Loss returns by hand, and compare the element named"
	}
	c.add(m)
	return 1, false
}

// target is what the target of element (i, j) wants, if the loss is one of
// probabilities.
func (c *lossCheck[T]) target(i, j int) float64 {
	if c.y.Cols == c.pred.Cols {
		return float64(c.y.At(i, j))
	}
	if c.y.Cols == 1 && int(c.y.At(i, 0)) == j {
		return 1
	}
	return 0
}

// saturated is every prediction at 0 or at 1.
func (c *lossCheck[T]) saturated(at float64) *tensor.Tensor[T] {
	p := clone(c.pred)
	for i := range p.Data {
		p.Data[i] = T(at)
	}
	return p
}

// inward is a prediction at a distance from 0 or 1.
func inward(at, distance float64) float64 {
	if at == 1 {
		return 1 - distance
	}
	return distance
}

// findClip looks for where a loss stops growing as a wrong prediction comes closer to 0
// or to 1: only one that has a logarithm is steep there, and only a clipped one is flat
// and finite in the end. It returns 0 if it finds none.
func (c *lossCheck[T]) findClip(at float64) (clip float64) {
	p := c.saturated(at)
	end, _ := c.value(p)
	if !finite(end) {
		return 0
	}
	for i := range p.Rows {
		for j := range p.Cols {
			if math.Abs(c.target(i, j)-at) < 0.5 {
				continue
			}
			loss := func(distance float64) float64 {
				p.Set(i, j, T(inward(at, distance)))
				v, _ := c.value(p)
				p.Set(i, j, T(at))
				return v
			}
			if !(end-loss(1e-3) > 0.5/float64(len(p.Data))) {
				return 0
			}
			for d := 1e-4; d > 1e-30 && T(inward(at, d)) != T(at); d /= 10 {
				if loss(d) == end {
					return d
				}
			}
			return 0
		}
	}
	return 0
}

// checkClip looks at the gradient where predictions are exactly 0 or 1, and close to
// it. A sample that is surely wrong may be led back or be left alone; one that is right
// has nothing to learn. factor is by what the gradient is off elsewhere.
func (c *lossCheck[T]) checkClip(at, clip, factor float64) {
	p := c.saturated(at)
	end, grad := c.value(p)
	if !finite(end) {
		return
	}
	n := float64(len(p.Data))
	for e, t := range c.targets() {
		a := grad[e] / factor * n
		move := func(to float64) float64 {
			p.Data[e] = T(to)
			v, _ := c.value(p)
			p.Data[e] = T(at)
			return v
		}
		outside := inward(at, -1e-3)
		switch toward := t - at; {
		case !finite(a):
			c.addClip(fmt.Sprintf("where a prediction is %v and its target %v, the gradient is %v, and the loss is finite", at, t, grad[e]))
		case min(math.Abs(t), math.Abs(1-t)) > 1e-3: // not sure of either
		case math.Abs(toward) < 1e-3 && math.Abs(a) > 0.01 && move(outside) == end:
			c.addClip(fmt.Sprintf("where a prediction is %v and its target %v, the loss is flat, clipped at %.0e, and the gradient is %.4g", at, t, clip, grad[e]))
		case math.Abs(toward) > 0.5:
			if a*toward > 0.01 {
				c.addClip(fmt.Sprintf("where a prediction is %v and its target %v, the gradient %.4g leads away from it", at, t, grad[e]))
			}
			c.compareNear(at, p, e, factor, move)
		}
	}
}

// targets are those of all predictions.
func (c *lossCheck[T]) targets() (all vector) {
	for i := range c.pred.Rows {
		for j := range c.pred.Cols {
			all = append(all, c.target(i, j))
		}
	}
	return all
}

// compareNear compares the gradient of one wrong prediction with differences closer and
// closer to 0 or 1, until the loss is flat: a derivative that is clipped sooner or later
// than the loss shows.
func (c *lossCheck[T]) compareNear(at float64, p *tensor.Tensor[T], e int, factor float64, move func(float64) float64) {
	end, _ := c.value(p)
	for d := 1e-2; d > 1e-14 && (at == 0 || d > 1e4*epsilon[T]()); d /= 10 {
		v := move(inward(at, d))
		right, left := (v-move(inward(at, d*1.125)))/(d/8), (move(inward(at, d*0.875))-v)/(d/8)
		if v == end || !(left > 0 && math.Abs(right-left) < 0.3*left) { // flat, or the clip's kink
			continue
		}
		p.Data[e] = T(inward(at, d))
		_, grad := c.value(p)
		p.Data[e] = T(at)
		numeric := (right + left) / 2
		if at == 0 {
			numeric = -numeric
		}
		if analytic := grad[e] / factor; !(math.Abs(analytic-numeric) < 0.3*math.Abs(numeric)) {
			c.addClip(fmt.Sprintf("where a prediction is %v away from %v and its target is not, the gradient is %.4g, the difference quotient %.4g", d, at, grad[e], numeric*factor))
			return
		}
	}
}

func (c *lossCheck[T]) addClip(evidence string) {
	for _, m := range c.mistakes {
		if m.rule == "gradient/clip" && len(m.evidence) > 2 {
			return
		}
	}
	c.add(mistake{rule: "gradient/clip", tensors: []string{"grad"}, evidence: []string{evidence},
		cause: "the derivative is not clipped as the loss is, so the gradient is wrong where predictions are saturated",
		cure:  "clip prediction and target alike in both, or better, let the network end in logits and take layers.BinaryCrossEntropy"})
}
