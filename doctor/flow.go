package doctor

import (
	"fmt"
	"math"
	"slices"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

const sampleWeights = 64 // of a layer, in a look

// flow is how the gradient and the weights of a layer were in the last looks, by samples
// of its largest parameter.
type flow[T tensor.Float] struct {
	layer  int
	param  *tensor.Param[T]
	places []int // of the sampled elements
	kept   []T   // the elements at the last look, before the step
	waits  bool  // kept is to be compared with what the step made of it

	gradient, weight, update recent // root mean squares; update is relative to weight
}

// watchFlows returns a flow for each layer with parameters, where it first stands.
func watchFlows[T tensor.Float](net *layers.Sequential[T]) (all []flow[T]) {
	seen := map[*tensor.Param[T]]bool{}
	for i, l := range net.Layers() {
		var p *tensor.Param[T]
		for _, q := range l.Params() {
			if !seen[q] && (p == nil || len(q.Value.Data) > len(p.Value.Data)) {
				p = q
			}
			seen[q] = true
		}
		if p == nil || len(p.Value.Data) == 0 {
			continue
		}
		n := len(p.Value.Data)
		f := flow[T]{layer: i, param: p}
		// Steps of the golden ratio spread over rows and columns alike.
		for k := range min(n, sampleWeights) {
			at := k
			if n > sampleWeights {
				_, share := math.Modf(float64(k) * 0.6180339887498949)
				at = int(share * float64(n))
			}
			f.places = append(f.places, at)
		}
		f.kept = make([]T, len(f.places))
		all = append(all, f)
	}
	return all
}

// look samples the gradient and the weights, and reports whether the squares of the
// gradient are finite.
func (f *flow[T]) look() bool {
	if !f.param.HasGrad() {
		return true
	}
	var gg, ww float64
	g, w := f.param.Grad().Data, f.param.Value.Data
	for k, at := range f.places {
		f.kept[k] = w[at]
		gg += float64(g[at]) * float64(g[at])
		ww += float64(w[at]) * float64(w[at])
	}
	n := float64(len(f.places))
	f.gradient.add(math.Sqrt(gg / n))
	f.weight.add(math.Sqrt(ww / n))
	f.waits = true
	return finite(gg)
}

// compare looks at what the step after the last look has done.
func (f *flow[T]) compare() {
	if !f.waits {
		return
	}
	f.waits = false
	sum := 0.0
	for k, at := range f.places {
		d := float64(f.param.Value.Data[at]) - float64(f.kept[k])
		sum += d * d
	}
	if w := f.weight.last(); w > 0 {
		f.update.add(math.Sqrt(sum/float64(len(f.places))) / w)
	}
}

// recent is the last few of some numbers.
type recent struct {
	values [5]float64
	n      int
}

func (r *recent) add(v float64) {
	r.values[r.n%len(r.values)] = v
	r.n++
}

func (r *recent) last() float64 { return r.values[(r.n-1)%len(r.values)] }

// full reports whether there are enough numbers to go by.
func (r *recent) full() bool { return r.n >= len(r.values) }

func (r *recent) median() float64 {
	v := r.values
	slices.Sort(v[:])
	return v[len(v)/2]
}

// all returns whether every number is v.
func (r *recent) all(v float64) bool {
	return r.full() && r.values == [5]float64{v, v, v, v, v}
}

// vanishing finds gradients that get lost on the way down: those of the first layer are
// a thousandth of the last layer's or less (Hochreiter 1991; the figure is AutoTrainer's,
// Zhang et al., ICSE 2021).
func (w *Watch[T]) vanishing(s symptoms) (Finding, bool) {
	first, last, ok := w.ends()
	if !ok || s.explained || !s.stalled || first.gradient.median() == 0 || !(first.gradient.median() < 1e-3*last.gradient.median()) {
		return Finding{}, false
	}
	return Finding{
		Rule:     "watch/vanishing",
		Severity: Warning,
		Where:    name(w.net, first.layer),
		Evidence: fmt.Sprintf("root mean square of the gradient is %.1e here and %.1e in %s; %s", first.gradient.median(), last.gradient.median(), name(w.net, last.layer), s.level()),
		Cause:    "the gradient vanishes on its way down: the first layers do not learn",
		Cure:     "take layers.NewReLU between the layers, with tensor.HeNormal weights, or fewer layers",
	}, true
}

// exploding finds gradients that grow a thousandfold on the way down.
func (w *Watch[T]) exploding(s symptoms) (Finding, bool) {
	first, last, ok := w.ends()
	if !ok || s.explained || !s.stalled || !(first.gradient.median() > 1e3*last.gradient.median()) || last.gradient.median() == 0 {
		return Finding{}, false
	}
	return Finding{
		Rule:     "watch/exploding",
		Severity: Warning,
		Where:    name(w.net, first.layer),
		Evidence: fmt.Sprintf("root mean square of the gradient is %.1e here and %.1e in %s; %s", first.gradient.median(), last.gradient.median(), name(w.net, last.layer), s.level()),
		Cause:    "the gradient explodes on its way down: weights are too large",
		Cure:     "start with tensor.HeNormal or XavierNormal weights and standardised input; set Options.ClipNorm to 1 if it must be so deep",
	}, true
}

// ends are the flows of the first and the last layer, if there are two to compare.
func (w *Watch[T]) ends() (first, last *flow[T], ok bool) {
	n := len(w.flows)
	if n < 2 || !w.flows[0].gradient.full() || !w.flows[n-1].gradient.full() {
		return nil, nil, false
	}
	return &w.flows[0], &w.flows[n-1], true
}

// updateRatio finds steps that hardly change the weights, or throw them about: about a
// thousandth is usual (Karpathy, cs231n).
func (w *Watch[T]) updateRatio(s symptoms) (Finding, bool) {
	if s.explained || !s.stalled {
		return Finding{}, false
	}
	for i := range w.flows {
		f := &w.flows[i]
		if f.update.all(0) && f.gradient.median() > 0 {
			return Finding{
				Rule:     "watch/update-ratio",
				Severity: Fault,
				Where:    name(w.net, f.layer) + ", " + f.param.Name,
				Evidence: fmt.Sprintf("not one of %d sampled elements changed in %d looks, though their gradient has a root mean square of %.1e", len(f.places), f.update.n, f.gradient.median()),
				Cause:    "the optimiser does not change these weights",
				Cure:     "hand all of net.Params() to the optimiser, and see that its learning rate is not 0" + s.rate(),
			}, true
		}
	}
	small, large := math.Inf(1), math.Inf(-1)
	var where *flow[T]
	for i := range w.flows {
		f := &w.flows[i]
		if !f.update.full() {
			return Finding{}, false
		}
		m := f.update.median()
		if small = min(small, m); m > large {
			large, where = m, f
		}
	}
	f := Finding{Rule: "watch/update-ratio", Severity: Warning}
	switch {
	case where == nil || large == 0: // no gradient: not for the optimiser to answer
		return Finding{}, false
	case large < 1e-5:
		f.Where = "every layer"
		f.Evidence = fmt.Sprintf("a step changes the weights by %.1e to %.1e of their size, about 1e-3 is usual; %s", small, large, s.level())
		f.Cause = "the steps are far too small to get anywhere"
		f.Cure = s.higher(math.Pow(10, math.Round(math.Log10(1e-3/large))))
	case large > 0.1:
		f.Where = name(w.net, where.layer) + ", " + where.param.Name
		f.Evidence = fmt.Sprintf("a step changes the weights by %.2g of their size, about 1e-3 is usual; %s", large, s.level())
		f.Cause = "the steps are far too large: each undoes what the others have learnt"
		f.Cure = s.lower(10)
	default:
		return Finding{}, false
	}
	return f, true
}
