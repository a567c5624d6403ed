package doctor

import (
	"fmt"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

const (
	sampleRows  = 32  // of a batch, in a look at a layer's outputs
	sampleUnits = 128 // of a layer
)

// unitKind says what a layer's outputs can show.
type unitKind int

const (
	anyUnit     unitKind = iota // a layer of the user's: judged by its values
	reluUnit                    // 0 or above
	sigmoidUnit                 // from 0 to 1
	tanhUnit                    // from -1 to 1
)

// unitWatch is what the outputs of a hidden layer were in the last looks. A window of
// looks ends when it has seen enough samples, and is what the rules go by.
type unitWatch[T tensor.Float] struct {
	layer int
	kind  unitKind
	width int

	alive     []bool // by sampled unit: it was not 0 for a sample in this window
	low, high T      // of all values in this window, and 0
	flat      int    // values near the ends
	values    int
	rows      int
	looks     int

	windows         int // ended ones
	deadAtFirst     float64
	dead, saturated float64 // shares of the units, and of the values, in the last window
}

// watchUnits returns a unitWatch for each hidden layer that has something to show. Dense
// has no limits, and a LeakyReLU no dead side. A Trainer zeroes units on purpose. Zeros
// before the first parameter come from the data.
func watchUnits[T tensor.Float](net *layers.Sequential[T]) (all []unitWatch[T]) {
	trained := false
	for i, l := range net.Layers() {
		trained = trained || len(l.Params()) > 0
		if i == len(net.Layers())-1 || !trained {
			continue
		}
		u := unitWatch[T]{layer: i}
		switch l.(type) {
		case *layers.Dense[T], *layers.LeakyReLU[T], layers.Trainer[T]:
			continue
		case *layers.ReLU[T]:
			u.kind = reluUnit
		case *layers.Sigmoid[T]:
			u.kind = sigmoidUnit
		case *layers.Tanh[T]:
			u.kind = tanhUnit
		}
		all = append(all, u)
	}
	return all
}

// look adds some rows and units of the layer's output.
func (u *unitWatch[T]) look(y *tensor.Tensor[T]) {
	if y.Rows == 0 || y.Cols == 0 {
		return
	}
	if u.width != y.Cols {
		u.width = y.Cols
		u.alive = make([]bool, min(y.Cols, sampleUnits))

		u.begin()
	}
	rows, units := min(y.Rows, sampleRows), len(u.alive)
	stride := u.width / units
	for i := range rows {
		row := y.Row(i)
		switch u.kind {
		case reluUnit:
			for k := range u.alive {
				u.alive[k] = u.alive[k] || row[k*stride] != 0
			}
		case sigmoidUnit:
			for k := range units {
				if v := row[k*stride]; v < 0.01 || v > 0.99 {
					u.flat++
				}
			}
		case tanhUnit:
			for k := range units {
				if v := row[k*stride]; v < -0.98 || v > 0.98 {
					u.flat++
				}
			}
		case anyUnit:
			for k := range u.alive {
				v := row[k*stride]
				u.alive[k] = u.alive[k] || v != 0
				u.low, u.high = min(u.low, v), max(u.high, v)
				if d := max(v, -v); d < 1e-6 || d > 1-1e-6 {
					u.flat++
				}
			}
		}
	}
	u.rows += rows
	u.values += rows * units
	if u.looks++; u.looks >= 2 && u.rows >= 64 {
		u.end()
	}
}

func (u *unitWatch[T]) begin() {
	clear(u.alive)
	u.low, u.high, u.flat, u.values, u.rows, u.looks = 0, 0, 0, 0, 0, 0
}

// end ends a window.
func (u *unitWatch[T]) end() {
	dead := 0
	for _, a := range u.alive {
		if !a {
			dead++
		}
	}
	u.dead, u.saturated = float64(dead)/float64(len(u.alive)), 0
	switch flat := float64(u.flat) / float64(u.values); u.kind {
	case sigmoidUnit, tanhUnit:
		u.dead, u.saturated = 0, flat
	case anyUnit:
		// All between 0 and 1, or -1 and 1, and there are ones. Zeros alone are those
		// of a ReLU.
		if u.low >= -1 && u.high <= 1 && (u.high > 1-1e-6 || u.low < -1+1e-6) {
			u.saturated = flat
		}
	}
	if u.windows == 0 {
		u.deadAtFirst = u.dead
	}
	u.windows++
	u.begin()
}

// dead finds ReLUs that are 0 for every sample: no gradient goes through them, so they
// stay as they are (Lu et al., "Dying ReLU and Initialization", 2019).
func (w *Watch[T]) dead(s symptoms) (Finding, bool) {
	var worst *unitWatch[T]
	for i := range w.units {
		if u := &w.units[i]; u.windows > 0 && u.dead >= 0.5 && (worst == nil || u.dead > worst.dead) {
			worst = u
		}
	}
	if worst == nil || s.explained || !s.long {
		return Finding{}, false
	}
	f := Finding{
		Rule:     "watch/dead-relu",
		Severity: Note,
		Where:    name(w.net, worst.layer),
		Evidence: fmt.Sprintf("%.0f %% of its units are 0 for every sample of several batches; %s", 100*worst.dead, s.level()),
		Cause:    "units that are never above 0 get no gradient and cannot learn",
	}
	if s.stalled {
		if f.Severity = Warning; worst.dead > 0.95 {
			f.Severity = Fault
		}
	}
	if below := w.flowBelow(worst.layer); below != nil && below.weight.median() == 0 {
		f.Cause = "the weights of " + name(w.net, below.layer) + " are all 0, and so is what comes out: no gradient goes through"
		f.Cure = "start with tensor.HeNormal weights"
	} else if worst.deadAtFirst < 0.5 {
		f.Cause = "steps too large have pushed units below 0 for every sample; they get no gradient and cannot come back"
		f.Cure = s.lower(10) + ", and start again from fresh weights"
	} else {
		f.Cure = "start the biases at 0 and the weights with tensor.HeNormal, standardise the input with data.Standardise, or take layers.NewLeakyReLU"
	}
	return f, true
}

// flowBelow is the flow of the last layer with parameters below layer i.
func (w *Watch[T]) flowBelow(i int) (below *flow[T]) {
	for k := range w.flows {
		if f := &w.flows[k]; f.layer <= i && f.weight.full() {
			below = f
		}
	}
	return below
}

// saturated finds sigmoids and tanhs that are at their ends for nearly every sample,
// where the derivative is next to 0.
func (w *Watch[T]) saturated(s symptoms) (Finding, bool) {
	if s.explained || !s.stalled {
		return Finding{}, false
	}
	for i := range w.units { // the first, since what follows it gets the same values always
		u := &w.units[i]
		if u.windows == 0 || u.saturated < 0.8 {
			continue
		}
		return Finding{
			Rule:     "watch/saturated",
			Severity: Warning,
			Where:    name(w.net, u.layer),
			Evidence: fmt.Sprintf("%.0f %% of its values are at the ends, where the derivative is below a twentieth of its largest; %s", 100*u.saturated, s.level()),
			Cause:    "the sums before the activation are far too large: next to no gradient goes through",
			Cure:     "standardise the input with data.Standardise, and start with smaller weights: tensor.XavierNormal(dense.Weight().Value, src)",
		}, true
	}
	return Finding{}, false
}
