package doctor

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// Examine looks at a case before training and says why its loss will not fall, or
// returns an empty report. It reads the data and the labels, looks at the layers and the
// loss, checks the gradients, and trains on at most 512 rows for at most 400 steps, as
// it is and then with one thing changed at a time. What comes of a threshold alone is a
// [Note]: to be more, the change that mends it has to make the loss fall clearly more, or
// for weights start clearly nearer to chance. Only of the validation set, which no trial
// can judge, a threshold is enough for a [Warning].
// What is mended stays so for the trials after it, so that later rules see what is left.
//
// The network's parameters and gradients and the optimiser are as before when it
// returns, to the bit. It draws from no random source but its own. Layers that differ in
// training, such as Dropout, are tried as they are in inference. Where that is more than
// to pass the input on, as of batch normalisation, a Note says so and nothing is tried.
//
// The error is that of a case that cannot be examined (Net, Loss or Train missing, a set
// whose parts do not belong together, a layer that gives something else each time, a loss
// that does not take a nil grad), or ctx's.
func Examine[T tensor.Float](ctx context.Context, c Case[T]) (Report, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	e := newExam(ctx, c)
	defer e.snap.restore()
	if err := e.run(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(e.report, func(a, b Finding) int { return int(b.Severity - a.Severity) })
	return e.report, nil
}

// exam is one call of Examine.
type exam[T tensor.Float] struct {
	Case[T]
	ctx    context.Context
	net    *layers.Sequential[T] // copyOf Case.Net
	opt    optim.Optimizer[T]    // Case.Optimizer, or one of our own
	snap   *snapshot[T]
	report Report

	rows   []int // of Train, drawn for the trials
	x, y   *tensor.Tensor[T]
	cols   int // of the network's output
	kind   lossKind
	inputs []*tensor.Tensor[T] // of every layer, and the network's output, at the start
	traits []trait
	chance float64 // loss of the best constant output on y
	floor  float64 // and of y itself
	steps  int     // of a trial
	base   change[T]
	now    outcome // of base
	scaled *scaling[T]
}

const (
	maxRows = 512
	seed    = 1
)

func newExam[T tensor.Float](ctx context.Context, c Case[T]) *exam[T] {
	if c.BatchSize == 0 {
		c.BatchSize = 32
	}
	e := &exam[T]{Case: c, ctx: ctx, net: copyOf(c.Net), opt: c.Optimizer}
	if e.opt == nil {
		e.opt = optim.NewAdamW(e.net.Params(), 3e-3)
	}
	e.snap = take(c.Net, e.opt)
	e.rows = e.sample(min(c.Train.Len(), maxRows))
	e.x = new(tensor.Tensor[T]).Gather(c.Train.X, e.rows)
	e.y = new(tensor.Tensor[T]).Gather(c.Train.Y, e.rows)
	e.BatchSize = min(c.BatchSize, len(e.rows))
	weights := 0
	for _, p := range c.Net.Params() {
		weights += len(p.Value.Data)
	}
	e.steps = min(400, max(100, 400_000_000/(6*max(1, weights)*e.BatchSize)))
	return e
}

// run goes through the stages. Each works on what those before it have left in order.
func (e *exam[T]) run() error {
	if e.lintInputs(); e.found(Fault) {
		return nil
	}
	if err := e.forward(); err != nil || e.found(Fault) {
		return err
	}
	if e.lintLabels(); e.found(Fault) {
		return nil
	}
	if err := e.lossWithoutGradient(); err != nil {
		return err
	}
	e.lintSplit()
	e.chance, e.floor = bounds(e.Loss, e.cols, e.y)
	e.static()
	if len(e.net.Params()) == 0 || !e.optimizer() {
		return nil
	}
	if wrong, err := e.gradients(); wrong || err != nil {
		return err
	}
	if i := e.trainer(); i >= 0 {
		e.add("layers/trainer", Note, name(e.Net, i), "it is a layers.Trainer, and in inference not the identity",
			"What it does in training it does not do in inference, so nothing was tried by training: scales, weights and learning rate were not looked at.",
			"Watch it train, or examine the network without this layer.")
		e.firstLoss()
		return nil
	}
	if e.notDescent() {
		return nil
	}
	e.now = e.try(change[T]{})
	e.relation()
	e.mendLoss()
	e.symmetry()
	// A finding of the trials says more than what the first loss looks like, so it comes
	// first.
	for _, stage := range []struct {
		run func()
		due func(outcome) bool
	}{
		{e.scales, outcome.high}, {e.initial, outcome.suspect}, {e.wildWeights, outcome.untaught},
		{e.saturatedLoss, outcome.poor}, {e.tooLarge, outcome.poor}, {e.tooSmall, outcome.poor}, {e.step, outcome.poor},
		{e.cannotLearn, outcome.poor},
	} {
		if e.ctx.Err() == nil && stage.due(e.now) {
			stage.run()
		}
	}
	e.firstLoss()
	return nil
}

// gradients has the gradients checked, and says whether they are wrong: all that comes
// later would only see the consequences.
func (e *exam[T]) gradients() (wrong bool, err error) {
	n := min(16, len(e.rows))
	x, y := e.x.Slice(0, n), e.y.Slice(0, n)
	found, err := Gradients(e.Net, e.Loss, &x, &y)
	if err != nil {
		return false, err
	}
	e.report = append(e.report, found...)
	if worst, any := found.Worst(); any && worst == Fault {
		return true, nil
	}
	return false, nil
}

// trainer returns the first layer that trials cannot pass, or -1: in inference, as they
// are made, its Backward has no ForwardTrain to belong to, and it is not the identity.
func (e *exam[T]) trainer() int {
	for i, l := range e.Net.Layers() {
		if _, ok := l.(layers.Trainer[T]); ok && (!e.traits[i].identity || len(l.Params()) > 0) {
			return i
		}
	}
	return -1
}

// lossWithoutGradient says if the loss does not take a nil grad, as it must.
func (e *exam[T]) lossWithoutGradient() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("doctor: the loss %T panics where grad is nil, which means that only the value is wanted: %v", e.Loss, r)
		}
	}()
	e.Loss.Loss(nil, e.inputs[len(e.inputs)-1], e.y)
	return nil
}

// add adds a finding.
func (e *exam[T]) add(rule string, s Severity, where, evidence, cause, cure string) {
	e.report = append(e.report, Finding{Rule: rule, Severity: s, Where: where, Evidence: evidence, Cause: cause, Cure: cure})
}

// found reports whether there is a finding of at least that severity.
func (e *exam[T]) found(s Severity) bool {
	worst, any := e.report.Worst()
	return any && worst >= s
}

// mended adopts a change that the trial alt has confirmed, and returns how bad it was
// without.
func (e *exam[T]) mended(c change[T], alt outcome) Severity {
	s := Warning
	if !(e.now.share() <= 0.9*min(1, e.now.start())) { // also where it starts at NaN
		s = Fault
	}
	e.base, e.now = c, alt
	return s
}

// compared is the evidence of a trial beside that of the network as it is.
func (e *exam[T]) compared(alt outcome, what string) string {
	return fmt.Sprintf("%d steps: loss %s as it is, %s %s", e.steps, e.now, alt, what)
}

// short is a number for people.
func short(v float64) string {
	if v != 0 && math.Abs(v) < 1e6 && math.Abs(v) >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}
