package doctor

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// change is what a trial does differently. The zero value changes nothing.
type change[T tensor.Float] struct {
	net     *layers.Sequential[T]
	loss    layers.Loss[T]
	x, y    *tensor.Tensor[T]
	opt     optim.Optimizer[T]
	lr      float64
	weights func() // changes the weights of the snapshot
	after   func() // looks at the trained network
}

// outcome is the loss in a trial, on the rows that it trains on: before, after, and the
// mean over its batches. Chance is the loss of the best constant output, and floor that of
// the targets themselves, which is not 0 for a cross-entropy of fractions.
type outcome struct{ first, last, mean, chance, floor float64 }

// share is the last loss above the floor as a share of chance: 1 is nothing learnt, and
// what is not finite is infinite.
func (o outcome) share() float64 {
	if s := o.of(o.last); !math.IsNaN(s) {
		return s
	}
	return math.Inf(1)
}

// start is the first loss as a share of chance.
func (o outcome) start() float64 { return o.of(o.first) }

// of is a loss as a share of chance.
func (o outcome) of(loss float64) float64 { return (loss - o.floor) / (o.chance - o.floor) }

// wild reports whether on the way the loss was worse than that of knowing nothing.
func (o outcome) wild() bool { return !(o.of(o.mean) <= 1.5) }

// poor reports whether the loss is high and does not fall, or falls from the sky. A
// network that has learnt before is left in peace unless it forgets.
func (o outcome) poor() bool {
	if o.start() < 0.5 {
		return o.share() > 0.7
	}
	return o.wild() || !(o.share() <= 0.7*min(1, o.start()))
}

// high reports whether the loss falls, if it does, to nowhere near 0. That is not yet
// poor, but may be a sign of a scale that is wild.
func (o outcome) high() bool {
	return o.poor() || o.start() >= 0.5 && o.share() > 0.3
}

// suspect reports whether the loss is high, or begins far above chance.
func (o outcome) suspect() bool { return o.high() || o.start() > 2.5 }

// untaught reports whether the network begins with no better than chance, as one that
// has not been trained does.
func (o outcome) untaught() bool { return o.start() > 0.9 }

// better reports whether a trial has learnt something, and clearly more than another,
// or without its detour.
func (o outcome) better(than outcome) bool {
	if math.IsInf(o.chance, 1) || o.share() >= 0.97 || !(o.share() <= 1.5*than.share()) && o.share() > 0.1 {
		return false
	}
	if than.wild() && o.mean < 0.5*than.mean {
		return true
	}
	clearly := 0.7
	if !than.poor() {
		clearly = 0.4
	}
	return o.share() < clearly*than.share()
}

// String returns the losses, such as "2.31 -> 0.62".
func (o outcome) String() string {
	s := short(o.first) + " -> " + short(o.last)
	if o.wild() && o.mean > 2*max(o.first, o.last) {
		s += " by way of " + short(o.mean)
	}
	return s
}

// try trains from the snapshot with c's changes: the same rows in the same batches in
// every trial. It leaves the snapshot in place.
func (e *exam[T]) try(c change[T]) outcome {
	e.snap.restore()
	defer e.snap.restore()
	net, loss, x, y := cmp.Or(c.net, e.net), lossOr(c.loss, e.Loss), cmp.Or(c.x, e.x), cmp.Or(c.y, e.y)
	opt := e.opt
	if c.opt != nil {
		opt = c.opt
	}
	if c.lr != 0 {
		opt.SetLR(c.lr)
	}
	if c.weights != nil {
		c.weights()
	}
	o := outcome{first: lossOf(net, loss, x, y), chance: e.chance, floor: e.floor}
	if c.loss != nil || c.y != nil {
		o.chance, o.floor = bounds(loss, net.Output(len(net.Layers())-1).Cols, y)
	}
	rng := rand.New(rand.NewPCG(seed, 1))
	order := rng.Perm(x.Rows)
	batch := min(e.BatchSize, x.Rows)
	var bx, by, grad tensor.Tensor[T]
	measured := 0
	for step, next := 0, 0; step < e.steps; step++ {
		if e.ctx.Err() != nil {
			return outcome{math.NaN(), math.NaN(), math.NaN(), o.chance, o.floor}
		}
		if next+batch > len(order) {
			rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			next = 0
		}
		rows := order[next : next+batch]
		next += batch
		l := loss.Loss(&grad, net.Forward(bx.Gather(x, rows)), by.Gather(y, rows))
		if math.IsNaN(l) || math.IsInf(l, 0) {
			o.last, o.mean = l, l
			return o
		}
		o.mean += l / float64(e.steps)
		net.Backward(&grad)
		opt.Step()
		clearGrads(net)
		// The mean of the last few losses does not depend on where an oscillation is
		// caught.
		if left := e.steps - 1 - step; left <= 12 && left%4 == 0 {
			o.last += lossOf(net, loss, x, y)
			measured++
		}
	}
	o.last /= float64(measured)
	if c.after != nil {
		c.after()
	}
	return o
}

// lossOf is the loss on all rows, as the weights are.
func lossOf[T tensor.Float](net *layers.Sequential[T], loss layers.Loss[T], x, y *tensor.Tensor[T]) float64 {
	return loss.Loss(nil, net.Forward(x), y)
}

// gradient sets the gradients of net to those of the loss on all rows, and returns it.
func gradient[T tensor.Float](net *layers.Sequential[T], loss layers.Loss[T], x, y *tensor.Tensor[T]) float64 {
	clearGrads(net)
	var grad tensor.Tensor[T]
	l := loss.Loss(&grad, net.Forward(x), y)
	net.Backward(&grad)
	return l
}

func clearGrads[T tensor.Float](net *layers.Sequential[T]) {
	for _, p := range net.Params() {
		p.ClearGrad()
	}
}

// standardised returns x with every column brought to mean 0 and deviation 1; a constant
// one becomes 0.
func standardised[T tensor.Float](x *tensor.Tensor[T]) *tensor.Tensor[T] {
	z := tensor.New[T](x.Rows, x.Cols)
	for j, m := range columns(x) {
		if m.deviation == 0 {
			continue
		}
		for i := range x.Rows {
			z.Data[i*x.Cols+j] = T((float64(x.At(i, j)) - m.mean) / m.deviation)
		}
	}
	return z
}

// moments are the mean and the standard deviation of some numbers.
type moments struct{ mean, deviation float64 }

// columns returns the moments of each column of x.
func columns[T tensor.Float](x *tensor.Tensor[T]) []moments {
	all := make([]moments, x.Cols)
	for j := range all {
		var sum, squares float64
		first := float64(x.At(0, j)) // a constant column has deviation 0, not rounding
		for i := range x.Rows {
			d := float64(x.At(i, j)) - first
			sum += d
			squares += d * d
		}
		n := float64(x.Rows)
		all[j] = moments{first + sum/n, math.Sqrt(max(0, squares/n-sum/n*(sum/n)))}
	}
	return all
}

// fresh returns a function that draws the weights of the network anew: He where ReLU or
// its kin follows, else Xavier, and biases of 0.
func (e *exam[T]) fresh(seed uint64) func() {
	return func() {
		src := rand.NewPCG(seed, 2)
		for _, w := range e.weights() {
			if w.bias {
				clear(w.Value.Data)
			} else {
				tensor.Normal(w.Value.Data, math.Sqrt(w.variance()), src)
			}
		}
	}
}

// shuffled returns y with its rows in another order.
func shuffled[T tensor.Float](y *tensor.Tensor[T], seed uint64) *tensor.Tensor[T] {
	return new(tensor.Tensor[T]).Gather(y, rand.New(rand.NewPCG(seed, 3)).Perm(y.Rows))
}

// bounds returns the losses that a trial is measured by, of outputs of cols columns.
// Chance is that of the best output that is the same for all rows: of the classes' shares
// or the targets' means. It is infinite, which keeps all rules of thumb quiet, if that is
// no measure: for a loss that has no such output, or goes below 0. Floor is that of the
// targets, which no output gets below: 0 but for cross-entropies of fractions.
func bounds[T tensor.Float](loss layers.Loss[T], cols int, y *tensor.Tensor[T]) (chance, floor float64) {
	shares := make([]float64, cols)
	if y.Cols == cols {
		for j, m := range columns(y) {
			shares[j] = m.mean
		}
	} else {
		for _, v := range y.Data {
			if c := int(v); c >= 0 && c < cols {
				shares[c] += 1 / float64(len(y.Data))
			}
		}
	}
	kind := kindOf(loss, cols, y)
	chance = leastLoss(loss, kind, cols, y, func(i int) float64 { return shares[i%cols] })
	if kind == squares || kind == otherLoss {
		if chance > 0 {
			return chance, 0
		}
		return math.Inf(1), 0
	}
	if y.Cols == cols {
		floor = leastLoss(loss, kind, cols, y, func(i int) float64 { return float64(y.Data[i]) })
	}
	if !(chance-floor > 1e-6) { // all rows have the same targets
		return math.Inf(1), 0
	}
	return chance, floor
}

// leastLoss is the loss of outputs that say p for element i: as it is, as a logarithm or
// as a logit, whichever the loss takes, and of a loss of which that is not known the
// least.
func leastLoss[T tensor.Float](loss layers.Loss[T], kind lossKind, cols int, y *tensor.Tensor[T], p func(i int) float64) float64 {
	same := func(p float64) float64 { return p }
	share := func(p float64) float64 { return min(max(p, 1e-7), 1-1e-7) } // a loss may not clip it
	log := func(p float64) float64 { return math.Log(max(p, 1e-9)) }
	logit := func(p float64) float64 { return math.Log(max(p, 1e-9) / max(1-p, 1e-9)) }
	forms := []func(p float64) float64{same, log, logit}
	switch kind {
	case squares:
		forms = forms[:1]
	case classShares, binaryShares:
		forms = []func(p float64) float64{share}
	case classLogits:
		forms = forms[1:2]
	case binaryLogits:
		forms = forms[2:]
	}
	least := math.Inf(1)
	pred := tensor.New[T](y.Rows, cols)
	for _, f := range forms {
		for i := range pred.Data {
			pred.Data[i] = T(f(p(i)))
		}
		if l := loss.Loss(nil, pred, y); l < least {
			least = l
		}
	}
	return least
}

// againstShuffled trains fresh weights on the labels and on the labels in random order,
// and reports whether the first are learnt better.
func (e *exam[T]) againstShuffled() (text string, better bool) {
	x := e.x
	if e.traits[0].known { // else it may look them up in a table
		x = standardised(x)
	}
	with := func(y *tensor.Tensor[T]) outcome {
		return e.try(change[T]{x: x, y: y, opt: optim.NewAdamW(e.net.Params(), 3e-3), weights: e.fresh(1)})
	}
	own, others := with(e.y), with(shuffled(e.y, 1))
	for order := range uint64(2) {
		if o := with(shuffled(e.y, order+2)); o.share() < others.share() {
			others = o
		}
	}
	text = fmt.Sprintf("%d steps: loss %s with the labels, %s with the best of 3 random orders of them", e.steps, own, others)
	return text, own.share() < 0.9*others.share()
}

// scaling is a change of scale that did not help by itself, and its finding in case
// that it does with another learning rate.
type scaling[T tensor.Float] struct {
	change  change[T]
	finding Finding
}

// scales looks at the scale of inputs and of targets that are numbers, and tries them
// standardised.
func (e *exam[T]) scales() {
	wildX, evidenceX := wild(e.x, e.Train.Columns)
	wildX = wildX && e.traits[0].known // else they may be places in a table
	var wildY bool
	var evidenceY string
	if e.kind == squares || e.kind == otherLoss && e.classes(e.y) == nil {
		wildY, evidenceY = wild(e.y, nil)
	}
	x := Finding{Rule: "data/scale", Where: "Train.X", Evidence: evidenceX, Cause: "The inputs are wildly scaled: large columns drown the others and make steps too long.",
		Cure: "data.Standardise(train, validation) before training."}
	y := Finding{Rule: "labels/scale", Where: "Train.Y", Evidence: evidenceY, Cause: "The targets are large or far from 0: the outputs and gradients have to be, too.",
		Cure: "Subtract the training targets' mean and divide by their deviation; undo it in predictions."}
	for _, try := range []struct {
		x, y bool
		what string
	}{{true, false, "with standardised inputs"}, {false, true, "with standardised targets"}, {true, true, "with both standardised"}} {
		if try.x && !wildX || try.y && !wildY {
			continue
		}
		c := e.base
		var found []Finding
		if try.x {
			c.x = standardised(e.x)
			found = append(found, x)
		}
		if try.y {
			c.y = standardised(e.y)
			found = append(found, y)
		}
		e.scaled = &scaling[T]{c, found[0]}
		alt := e.try(c)
		if !alt.better(e.now) {
			continue
		}
		text := e.compared(alt, try.what)
		s := e.mended(c, alt)
		for _, f := range found {
			f.Severity = s
			f.Evidence += "; " + text
			e.report = append(e.report, f)
		}
		e.scaled = nil
		return
	}
}

// wild reports whether the columns of x are far from the scale of 1, or one is much
// larger than the others. Either may do no harm.
func wild[T tensor.Float](x *tensor.Tensor[T], names []string) (bool, string) {
	var sizes []float64
	square := 0.0
	for _, m := range columns(x) {
		size := math.Hypot(m.mean, m.deviation)
		sizes = append(sizes, size)
		square += size * size / float64(x.Cols)
	}
	largest := slices.Max(sizes)
	at := slices.Index(sizes, largest)
	slices.Sort(sizes)
	median := sizes[len(sizes)/2]
	rms := math.Sqrt(square)
	return rms > 10 || rms < 0.03 || largest > 100*median,
		fmt.Sprintf("the largest column, %s, is about %s, the median one %s", column(at, names), short(largest), short(median))
}
