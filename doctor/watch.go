package doctor

import (
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// Watch looks on while a network trains and says what keeps its loss from falling. It is
// a train.Watcher:
//
//	w := doctor.NewWatch[float32]()
//	result, err := train.Fit(ctx, net, set, train.Options[float32]{..., Watch: w})
//	w.Report().WriteText(os.Stdout)
//
// and a loop written by hand calls Begin once and Step in every step, between Backward
// and the optimiser's Step.
//
// It notes the loss of every step, and in some steps samples of the activations, the
// gradients and the weights, so seldom that the cost stays below 3 % of the training
// (go test -run "^$" -bench Watched ./doctor). A rule on units or gradients warns only while
// the loss is still high and does not fall: in a network that has learnt, dead units and
// small gradients are as they should be.
//
// A Watch changes nothing that it looks at, and belongs to the goroutine that trains.
type Watch[T tensor.Float] struct {
	// Every is the number of steps from one look to the next. 0 chooses it by how much
	// work a look is beside a step.
	Every int
	// OnFinding, if not nil, is called with each finding of a rule when it first
	// appears. While training goes on, a finding has to stand for some time before.
	OnFinding func(Finding)

	net  *layers.Sequential[T]
	loss layers.Loss[T]
	opt  optim.Optimizer[T]

	steps, next int  // steps seen, and the number from 1 of the next one to look at
	looked      bool // in the step before
	course      lossCourse
	constant    constantOutput[T]
	epochs      []epochLoss
	units       []unitWatch[T]
	flows       []flow[T]
	outputs     outputWatch[T]
	inputs      float64  // largest absolute value of the batch last looked at
	broken      *Finding // where NaN or Inf first appeared

	judged    int             // the step of the last judgement
	suspected map[string]int  // the rules that it found, with the step since which they stand
	told      map[string]bool // the rules that OnFinding knows
}

// NewWatch returns a Watch that has seen nothing yet. Its fields may be set before
// training.
func NewWatch[T tensor.Float]() *Watch[T] { return &Watch[T]{} }

// Begin says what is going to be trained. With the network that it has seen before, a
// Watch goes on where it was, unless that was where something was no longer finite. Else
// it forgets what it has seen.
func (w *Watch[T]) Begin(net *layers.Sequential[T], loss layers.Loss[T], optimizer optim.Optimizer[T]) {
	if w.net != net || w.broken != nil {
		*w = Watch[T]{Every: w.Every, OnFinding: w.OnFinding, net: net, next: 1, told: map[string]bool{}}
		w.units, w.flows = watchUnits(net), watchFlows(net)
	}
	w.loss, w.opt = loss, optimizer
	if l, ok := any(loss).(layers.BinaryCrossEntropyProb[T]); ok {
		w.outputs.clip = float64(l.Clip)
	}
}

// Wants reports whether the next Step looks at gradients.
func (w *Watch[T]) Wants() bool { return w.steps+1 >= w.next && w.broken == nil }

// Step notes a step: x is the batch, y its targets, loss its loss. It comes after
// Backward and before the weights change. It panics if there was no Begin.
func (w *Watch[T]) Step(x, y *tensor.Tensor[T], loss float64) {
	if w.net == nil {
		panic("doctor: Watch: Step without a Begin before it")
	}
	w.steps++
	if w.broken != nil {
		return
	}
	if w.looked {
		w.looked = false
		for i := range w.flows {
			w.flows[i].compare()
		}
	}
	if !finite(loss) {
		w.broken = w.findBroken(x, y, loss)
		w.tell(*w.broken)
		return
	}
	w.course.add(loss, x.Rows)
	if w.steps <= firstTargets {
		w.constant.see(y, firstTargets)
	}
	if w.steps >= w.next {
		w.look(x, y, loss)
	}
}

// look samples what the net holds, and sets the next step to look at.
func (w *Watch[T]) look(x, y *tensor.Tensor[T], loss float64) {
	if w.steps > firstTargets {
		w.constant.see(y, maxTargets)
	}
	w.inputs = largestOf(x.Data[:min(len(x.Data), 4096)])
	for i := range w.units {
		w.units[i].look(w.net.Output(w.units[i].layer))
	}
	for i := range w.flows {
		if w.flows[i].look() {
			continue
		}
		if w.broken = w.brokenGradient(loss); w.broken != nil {
			w.tell(*w.broken)
			return
		}
	}
	w.looked = true
	w.outputs.look(w.pred(), y, loss)
	// The first looks come early.
	w.next = w.steps + min(3*w.steps, w.gap(x.Rows))
	if w.OnFinding != nil && w.steps >= w.judged+w.judged/4+16 {
		w.judge()
	}
}

// pred is the output of the last Forward.
func (w *Watch[T]) pred() *tensor.Tensor[T] { return w.net.Output(len(w.net.Layers()) - 1) }

// gap is the number of steps between looks at batches of the given size. It counts work
// and not time, so that the same training is looked at in the same steps everywhere. The
// unit is about a nanosecond of a fast core.
func (w *Watch[T]) gap(rows int) int {
	if w.Every > 0 {
		return w.Every
	}
	const share = 0.01
	step, look := 400.0, 800.0
	for _, p := range w.net.Params() {
		n := float64(len(p.Value.Data))
		step += n * (0.2 + 0.06*float64(rows))
		look += 0.5*n + 50 // a gradient that is written down, and read by the optimiser
	}
	for i := range w.units {
		step += 100 + 0.2*float64(rows*w.units[i].width)
		look += 100 + float64(min(rows, sampleRows)*min(w.units[i].width, sampleUnits))
	}
	look += float64(len(w.flows)) * 10 * sampleWeights
	return max(32, int(look/(share*step)))
}

// Epoch notes the losses of an epoch, validation NaN if there is none.
func (w *Watch[T]) Epoch(loss, validation float64) {
	w.epochs = append(w.epochs, epochLoss{loss, validation})
}

// judge calls OnFinding with the faults that the judgement before has found too, and with
// other findings that have stood for the second half of the training so far.
func (w *Watch[T]) judge() {
	w.judged = w.steps
	now := map[string]int{}
	for _, f := range w.Report() {
		since, before := w.suspected[f.Rule]
		if !before {
			since = w.steps
		}
		now[f.Rule] = since
		if before && (f.Severity == Fault || w.steps >= 2*since) {
			w.tell(f)
		}
	}
	w.suspected = now
}

func (w *Watch[T]) tell(f Finding) {
	if w.OnFinding != nil && !w.told[f.Rule] {
		w.told[f.Rule] = true
		w.OnFinding(f)
	}
}

// Report returns what there is to find by now, the likeliest cause first. It may be
// asked at any time between steps.
func (w *Watch[T]) Report() Report {
	if w.net == nil {
		return nil
	}
	if w.broken != nil {
		return Report{*w.broken}
	}
	s := w.symptoms()
	if f, ok := w.plateau(s); ok {
		return Report{f}
	}
	var r Report
	for _, rule := range []func(symptoms) (Finding, bool){
		w.rising, w.dead, w.saturated, w.updateRatio, w.exploding, w.vanishing,
		w.alwaysSame, w.oscillating, w.stuck, w.overfitting,
	} {
		f, ok := rule(s)
		if !ok {
			continue
		}
		r = append(r, f)
		s.explained = s.explained || f.Severity >= Warning
	}
	return r
}
