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

// optimizer looks at what the optimiser updates. It reports whether trials can be made.
func (e *exam[T]) optimizer() (trains bool) {
	if e.Optimizer == nil {
		return true
	}
	own := e.Optimizer.Params()
	var missing []string
	for _, p := range e.Net.Params() {
		if !slices.Contains(own, p) {
			missing = append(missing, p.Name)
		}
	}
	switch n := len(e.Net.Params()); {
	case len(missing) == n:
		e.add("optimizer/params", Fault, "Optimizer", fmt.Sprintf("none of its %d parameters is the network's", len(own)),
			"The optimiser updates another network.", "Make it from net.Params().")
		return false
	case len(missing) > 0:
		e.add("optimizer/params", Warning, "Optimizer", fmt.Sprintf("%d of %d parameters are missing: %v", len(missing), n, missing),
			"The optimiser does not have all parameters: the others stay as they are.", "Make it from net.Params(), unless they are frozen on purpose.")
	}
	var foreign []string
	for _, p := range own {
		if !slices.Contains(e.Net.Params(), p) {
			foreign = append(foreign, p.Name)
		}
	}
	if len(foreign) > 0 {
		e.add("optimizer/params", Warning, "Optimizer", fmt.Sprintf("%d of its %d parameters are not the network's: %v", len(foreign), len(own), foreign),
			"The optimiser updates another network too.", "Make it from net.Params(), unless it is to train both.")
	}
	if e.Optimizer.LR() == 0 {
		s := Fault
		if e.annealed(outcome{first: lossOf(e.net, e.Loss, e.x, e.y), chance: e.chance, floor: e.floor}) {
			s = Note
		}
		e.add("lr/zero", s, "Optimizer", "the learning rate is 0", "Nothing is learnt with a learning rate of 0.",
			"Set a learning rate: 0.1 for SGD, 1e-3 for AdamW. Where a schedule sets it, examine with the largest that it gives.")
		return false
	}
	return true
}

// annealed reports whether the optimiser has trained already, to a loss clearly below
// chance: its rate may be that of the end of a schedule.
func (e *exam[T]) annealed(o outcome) bool {
	return e.Optimizer.State().Steps > 0 && !o.untaught()
}

// notDescent looks for a gradient that leads up however short the step. With
//
//	rho = (L(w) - L(w - eta*g)) / (eta * |g|^2)
//
// a right gradient has rho near 1 for small eta, and a step that is only too long has a
// rho that falls in proportion to eta. Below 0 and steady, it is the gradient.
func (e *exam[T]) notDescent() bool {
	var rho []float64
	for _, part := range []float64{1e-5, 3e-5, 1e-4} { // of the loss, to be gained
		l := gradient(e.net, e.Loss, e.x, e.y)
		norm, size := 0.0, 0.0
		for _, p := range e.net.Params() {
			for i, g := range p.Grad().Data {
				norm += float64(g) * float64(g)
				size += float64(p.Value.Data[i]) * float64(p.Value.Data[i])
			}
		}
		eta := part * l / norm
		// Where next to nothing leads down, as in a dead network, the step is no short one.
		if !(l > 0.1*e.chance) || math.IsInf(norm, 0) || !(eta*math.Sqrt(norm) < 0.1*math.Sqrt(size)) {
			e.snap.restore()
			return false
		}
		for _, p := range e.net.Params() {
			for i, g := range p.Grad().Data {
				p.Value.Data[i] -= T(eta * float64(g))
			}
		}
		rho = append(rho, (l-lossOf(e.net, e.Loss, e.x, e.y))/(part*l))
		e.snap.restore()
	}
	low, high := slices.Min(rho), slices.Max(rho)
	if !(high < -0.1 && low > 1.5*high) {
		return false
	}
	e.add("gradient/not-descent", Fault, "Backward", fmt.Sprintf("steps against the gradient that should lower the loss raise it: descent ratio %s, %s, %s for ever longer steps, where 1 is right", short(rho[0]), short(rho[1]), short(rho[2])),
		"The gradient leads up however short the step, so it is wrong: it is not the learning rate.", "Look for a sign in the Backward of a layer or in the gradient of the loss.")
	return true
}

// firstStep takes the first step of the base on all rows at a learning rate. Rho is its
// descent ratio: how much of what the gradient promises it keeps. Moved is by how much it
// changes the parameter that it changes most, as a share of that, or 0 if those that it changes are 0.
// Promised is what the gradient promises: less than 0 if the step leads up, and 0 if there is none.
func (e *exam[T]) firstStep(lr float64) (rho, moved, promised float64) {
	e.snap.restore()
	defer e.snap.restore()
	net, loss, x, y := e.applied()
	l := gradient(net, loss, x, y)
	var before, grads []tensor.Tensor[T]
	for _, p := range net.Params() {
		before = append(before, *new(tensor.Tensor[T]).Copy(p.Value))
		grads = append(grads, *new(tensor.Tensor[T]).Copy(p.Grad()))
	}
	e.opt.SetLR(lr)
	e.opt.Step()
	for i, p := range net.Params() {
		step, size := 0.0, 0.0
		for j, v := range p.Value.Data {
			w := float64(before[i].Data[j])
			d := w - float64(v)
			promised += d * float64(grads[i].Data[j])
			step += d * d
			size += w * w
		}
		if size > 0 {
			moved = max(moved, math.Sqrt(step/size))
		}
	}
	return (l - lossOf(net, loss, x, y)) / promised, moved, promised
}

// applied makes the changes of the base, on top of the snapshot, and returns what it
// trains.
func (e *exam[T]) applied() (net *layers.Sequential[T], loss layers.Loss[T], x, y *tensor.Tensor[T]) {
	c := e.base
	if c.weights != nil {
		c.weights()
	}
	return cmp.Or(c.net, e.net), lossOr(c.loss, e.Loss), cmp.Or(c.x, e.x), cmp.Or(c.y, e.y)
}

func lossOr[T tensor.Float](l, other layers.Loss[T]) layers.Loss[T] {
	if l != nil {
		return l
	}
	return other
}

// sharpness estimates the largest eigenvalue of the Hessian at the start of the base, by
// power iteration on differences of gradients. Plain gradient descent needs a learning
// rate below 2 over it. It is NaN if the iteration does not find a positive one.
func (e *exam[T]) sharpness() float64 {
	e.snap.restore()
	defer e.snap.restore()
	net, loss, x, y := e.applied()
	params := net.Params()
	flat := func(of func(p *tensor.Param[T]) []T) (all []float64) {
		for _, p := range params {
			for _, v := range of(p) {
				all = append(all, float64(v))
			}
		}
		return all
	}
	norm := func(v []float64) float64 {
		sum := 0.0
		for _, f := range v {
			sum += f * f
		}
		return math.Sqrt(sum)
	}
	values := func(p *tensor.Param[T]) []T { return p.Value.Data }
	grads := func(p *tensor.Param[T]) []T { return p.Grad().Data }
	gradient(net, loss, x, y)
	w, g := flat(values), flat(grads)
	rng := rand.New(rand.NewPCG(seed, 6))
	v := make([]float64, len(w))
	for i := range v {
		v[i] = rng.Float64() - 0.5
	}
	step := 1e-3 * max(norm(w), 1e-3)
	lambda := math.NaN()
	for range 10 {
		scale, k := step/norm(v), 0
		for _, p := range params {
			for i := range p.Value.Data {
				p.Value.Data[i] = T(w[k] + scale*v[k])
				k++
			}
		}
		gradient(net, loss, x, y)
		along := 0.0
		moved := flat(grads)
		for i := range moved {
			moved[i] = (moved[i] - g[i]) / step
			along += moved[i] * v[i] * scale / step
		}
		v, lambda = moved, along
		if n := norm(v); n == 0 || math.IsNaN(n) || math.IsInf(n, 0) {
			break
		}
	}
	if lambda > 0 {
		return lambda
	}
	return math.NaN()
}

// tooLarge tries smaller learning rates.
func (e *exam[T]) tooLarge() {
	if e.Optimizer == nil {
		return
	}
	lr := e.Optimizer.LR()
	bases := []change[T]{e.base}
	if e.scaled != nil {
		bases = append(bases, e.scaled.change)
	}
	for i, base := range bases {
		for factor := 10.0; factor <= 1e6; factor *= 10 {
			c := base
			c.lr = lr / factor
			alt := e.try(c)
			if !alt.better(e.now) {
				continue
			}
			// The best of the neighbours is what to suggest.
			for _, f := range []float64{factor / 3.16, factor * 3.16, factor * 10} {
				d := base
				d.lr = lr / f
				if o := e.try(d); o.share() < 0.8*alt.share() {
					c, alt = d, o
				}
			}
			rate := rounded(c.lr)
			evidence := e.compared(alt, "with lr "+short(rate))
			now, _, _ := e.firstStep(lr)
			then, _, _ := e.firstStep(c.lr)
			evidence += fmt.Sprintf("; descent ratio of the first step %s at lr %s, %s at lr %s (1 is right, below 0 the loss goes up)", short(now), short(lr), short(then), short(rate))
			if _, ok := e.Optimizer.(*optim.SGD[T]); ok {
				if s := e.sharpness(); !math.IsNaN(s) {
					evidence += fmt.Sprintf("; curvature %s, plain descent is stable below lr %s", short(s), short(2/s))
				}
			}
			// What falls all the same is a matter of taste, but for one that falls less
			// far after a detour.
			s := Note
			if !(e.now.share() <= 0.8*min(1, e.now.start())) || e.now.wild() && alt.share() < 0.5*e.now.share() {
				s = e.mended(c, alt)
			}
			if i > 0 {
				f := e.scaled.finding
				f.Severity = s
				e.report = append(e.report, f)
			}
			e.add("lr/too-large", s, "Optimizer, learning rate", evidence, "The learning rate is too large: steps go beyond the valley.", fmt.Sprintf("lr %s -> %s", short(lr), short(rate)))
			return
		}
	}
}

// rounded is v to one digit.
func rounded(v float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	return math.Round(v/unit) * unit
}

// tooSmall tries larger learning rates, if the loss hardly moves. Ten times as much is a
// matter of patience; only more is a mistake.
func (e *exam[T]) tooSmall() {
	start := e.now.start()
	if e.Optimizer == nil || e.found(Fault) || start < 0.5 || start-e.now.share() > 0.05*start {
		return
	}
	lr := e.Optimizer.LR()
	least := 0.0
	var best outcome
	var at change[T]
	for factor := 10.0; factor <= 1e7; factor *= 10 {
		c := e.base
		c.lr = lr * factor
		alt := e.try(c)
		if least > 0 && !(alt.share() < 0.8*best.share()) {
			break
		}
		if alt.better(e.now) {
			if least == 0 {
				least = factor
			}
			best, at = alt, c
		}
	}
	if least == 0 {
		return
	}
	rate := rounded(at.lr)
	// A network may be slow for other reasons, such as many sigmoids. Where the rate is
	// the reason, steps are tiny: some 1e-3 of the weights is usual.
	_, moved, _ := e.firstStep(lr)
	evidence := e.compared(best, "with lr "+short(rate))
	if moved > 0 {
		evidence += fmt.Sprintf("; the first step moves no parameter by more than %s of itself", short(moved))
	}
	s := Note
	if least >= 100 && moved > 0 && moved < 1e-4 && !e.annealed(e.now) {
		s = e.mended(at, best)
	}
	e.add("lr/too-small", s, "Optimizer, learning rate", evidence, "The learning rate is too small: the loss hardly moves.", fmt.Sprintf("lr %s -> %s", short(lr), short(rate)))
}

// step looks at what the optimiser makes of right gradients: whether its weight decay outweighs
// them, and whether one of the user's own goes down them at all.
func (e *exam[T]) step() {
	if e.Optimizer == nil || e.found(Warning) {
		return
	}
	var decay *float64
	switch o := e.Optimizer.(type) {
	case *optim.SGD[T]:
		decay = &o.WeightDecay
	case *optim.AdamW[T]:
		decay = &o.WeightDecay
	default:
		e.ownStep()
		return
	}
	was := *decay
	if was == 0 {
		return
	}
	*decay = 0
	defer func() { *decay = was }()
	if alt := e.try(e.base); alt.better(e.now) {
		e.add("optimizer/weight-decay", e.mended(e.base, alt), "Optimizer, weight decay", e.compared(alt, "with WeightDecay 0"),
			"The weight decay pulls the weights to 0 faster than the gradients move them.", fmt.Sprintf("WeightDecay %s -> 1e-4 for SGD, 0.01 for AdamW, or 0", short(was)))
	}
}

// ownStep looks at the first step of an optimiser of the user's own, which should lead down the
// gradient, if AdamW with the same gradients learns.
func (e *exam[T]) ownStep() {
	_, _, promised := e.firstStep(e.Optimizer.LR())
	if !(promised <= 0) {
		return
	}
	c := e.base
	c.opt = optim.NewAdamW(e.net.Params(), 1e-3)
	alt := e.try(c)
	if !alt.better(e.now) {
		return
	}
	seen := e.compared(alt, "with AdamW at 1e-3")
	if promised == 0 {
		e.add("optimizer/step", Fault, "Optimizer", seen+"; the first step changes no parameter", "The optimiser changes nothing.", "Look whether its Step has the parameters and their gradients.")
		return
	}
	e.add("optimizer/step", Fault, "Optimizer", seen+"; the first step leads up the gradient", "The optimiser goes up, not down.", "Look at the sign in its Step: w -= lr*g.")
}

// cannotLearn looks at a network that does not learn for none of the reasons before:
// whether its output depends on its input, and whether it can learn a few rows by heart.
func (e *exam[T]) cannotLearn() {
	if e.found(Warning) {
		return
	}
	if out := e.output(); out.Rows > 1 && allAlike(out) && e.staysConstant() {
		e.add("learn/ignores-input", Fault, e.firstConstant(), fmt.Sprintf("all %d rows give the output %v, and one output after training", out.Rows, out.Row(0)),
			"The output is the same whatever the input.", "Look at the Forward of that layer, and whether its units are dead.")
		return
	}
	// Few enough that the network has the room for them, and all different.
	weights := 0
	for _, p := range e.net.Params() {
		weights += len(p.Value.Data)
	}
	n := min(16, weights/(4*e.cols), e.x.Rows)
	for _, x := range e.inputs[:len(e.inputs)-1] { // all rows pass through the narrowest layer
		n = min(n, x.Cols)
	}
	if n < 2 {
		return
	}
	var x, y tensor.Tensor[T]
	rows := e.distinct(n)
	x.Gather(cmp.Or(e.base.x, e.x), rows)
	y.Gather(e.y, rows)
	chance, floor := bounds(e.Loss, e.cols, &y)
	if !(chance-floor > 0.2*(e.chance-e.floor)) || math.IsInf(chance, 1) {
		return
	}
	var best outcome
	for i, lr := range []float64{0, 1e-3, 1e-2, 0.1} {
		c := change[T]{x: &x, y: &y, lr: lr}
		if lr > 0 {
			c.opt = optim.NewAdamW(e.net.Params(), lr)
		}
		steps := e.steps
		e.steps = max(e.steps, 400)
		o := e.try(c)
		e.steps = steps
		if i == 0 || o.share() < best.share() {
			best = o
		}
	}
	if best.share() > 0.6 {
		e.add("learn/cannot-overfit", Warning, "Net", fmt.Sprintf("%d rows alone, 400 steps, the best of several rates and of AdamW: loss %s, chance is %s, the targets themselves %s", len(rows), best, short(chance), short(floor)),
			"The network cannot even learn a few rows by heart.", "Look for a layer that loses its input, dead units, or targets that the last layer cannot give.")
	}
}

// allAlike reports whether all rows of an output are alike.
func allAlike[T tensor.Float](out *tensor.Tensor[T]) bool {
	return !slices.ContainsFunc(columns(out), func(m moments) bool { return !(m.deviation <= 1e-7*math.Abs(m.mean)) })
}

// staysConstant reports whether the output is the same for all rows after a trial, too. A last
// layer of zeros starts like that, and learns.
func (e *exam[T]) staysConstant() (stays bool) {
	c := e.base
	net, x := cmp.Or(c.net, e.net), cmp.Or(c.x, e.x)
	c.after = func() { stays = allAlike(net.Forward(x)) }
	e.try(c)
	return stays
}

// distinct returns up to n of the rows with inputs that all differ.
func (e *exam[T]) distinct(n int) (rows []int) {
	for i := range e.x.Rows {
		if !slices.ContainsFunc(rows, func(j int) bool { return slices.Equal(e.x.Row(i), e.x.Row(j)) }) {
			if rows = append(rows, i); len(rows) == n {
				break
			}
		}
	}
	return rows
}

// firstConstant names the first layer whose output does not depend on the input.
func (e *exam[T]) firstConstant() string {
	for i, y := range e.inputs[1:] {
		if allAlike(y) {
			return name(e.Net, i)
		}
	}
	return "Net"
}
