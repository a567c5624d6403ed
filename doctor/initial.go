package doctor

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/db75a6f2/downhill/tensor"
)

// weight is a parameter that is the matrix or the bias of a layer from in to out values.
type weight[T tensor.Float] struct {
	*tensor.Param[T]
	layer, in, out int
	bias, relu     bool // relu: what follows halves the variance
}

// variance is what He et al. (ICCV 2015) give the layer, or Glorot and Bengio (AISTATS
// 2010) where no ReLU follows.
func (w weight[T]) variance() float64 {
	if w.relu {
		return 2 / float64(w.in)
	}
	return 2 / float64(w.in+w.out)
}

// ratio is the mean square of the weight, as a share of what it should be. That of few
// numbers is moved towards 1 by what chance may have done.
func (w weight[T]) ratio() float64 {
	if m := w.multiple(); m > 1 {
		return max(1, m/largestByChance(len(w.Value.Data)))
	}
	chance := 1 + 3*math.Sqrt(2/float64(len(w.Value.Data)))
	return min(1, w.meanSquare()/min(2/float64(w.in+w.out), 1/(3*float64(w.in)))*chance)
}

// maxRatio is the ratio above which weights may be too large: TheDeepChecker's limit. The
// gain of 5/3 that PyTorch recommends for tanh makes 2.8 of 1, before chance is taken off.
const maxRatio = 2.7

// equalUnits reports whether all units of the layer have the same weights.
func (w weight[T]) equalUnits() bool {
	v := w.Value
	if w.bias || w.out < 2 {
		return false
	}
	for i := range v.Rows {
		for j := range v.Cols {
			same := v.At(i, 0)
			if v.Rows != w.in {
				same = v.At(0, j)
			}
			if d := float64(v.At(i, j) - same); math.Abs(d) > 1e-6*math.Abs(float64(same)) {
				return false
			}
		}
	}
	return true
}

// weights returns the matrices and biases of the network, as far as they can be told
// from their shapes.
func (e *exam[T]) weights() (all []weight[T]) {
	for i, l := range e.net.Layers() {
		in, out := e.inputs[i].Cols, e.inputs[i+1].Cols
		matrix := false
		act := e.traits[i]
		for j := i + 1; act.act == anywhere && j < len(e.traits) && !e.traits[j].weights; j++ {
			act = e.traits[j]
		}
		relu := act.act == positive || !act.affine && act.each && act.act == anywhere
		for _, p := range l.Params() {
			v := p.Value
			w := weight[T]{p, i, in, out, false, relu}
			named := strings.HasSuffix(p.Name, "bias") || strings.HasSuffix(p.Name, ".b")
			switch {
			case !named && !matrix && (v.Rows == in && v.Cols == out || v.Rows == out && v.Cols == in):
				matrix = true
			case len(v.Data) == out && (named || matrix):
				w.bias = true
			default:
				continue
			}
			all = append(all, w)
		}
	}
	return all
}

// initial looks at the weights that the network starts from, and tries others.
func (e *exam[T]) initial() {
	if e.base.weights != nil {
		return
	}
	f, ok := e.suspectWeights()
	if !ok {
		return
	}
	c := e.base
	what, mend := "with fresh weights (He, Xavier)", e.fresh(1)
	if f.Rule == "init/bias" {
		what, mend = "with biases of 0", e.clearBiases
	}
	c.weights = mend
	alt := e.try(c)
	if !e.calmer(alt) {
		return
	}
	if c.weights = e.fresh(2); f.Rule != "init/bias" && !e.calmer(e.try(c)) { // a lucky draw
		return
	}
	c.weights = mend
	f.Evidence += "; " + e.compared(alt, what)
	f.Severity = e.mended(c, alt)
	e.report = append(e.report, f)
}

// calmer reports whether a trial is better than the base, or starts near chance where
// that starts far above: then the loss may fall, but the first of it is what should not
// have been there.
func (e *exam[T]) calmer(alt outcome) bool {
	return alt.better(e.now) ||
		e.now.share() > 1 && alt.share() < 1.05 && alt.share() < 0.7*e.now.share() ||
		e.now.start() > 2.5 && alt.start() < 2 && alt.first < 0.6*e.now.first && alt.share() < 1.05
}

func (e *exam[T]) clearBiases() {
	for _, w := range e.weights() {
		if w.bias {
			clear(w.Value.Data)
		}
	}
}

// suspectWeights returns the likeliest thing that is wrong with the initial weights.
func (e *exam[T]) suspectWeights() (f Finding, ok bool) {
	all := e.weights()
	places := func(match func(w weight[T]) bool, evidence func(w weight[T]) string) bool {
		var where, seen []string
		for _, w := range all {
			if match(w) {
				where = append(where, name(e.Net, w.layer)+", "+w.Name)
				seen = append(seen, w.Name+" "+evidence(w))
			}
		}
		f.Where, f.Evidence = strings.Join(where, "; "), strings.Join(seen, ", ")
		return len(where) > 0
	}
	rms := func(w weight[T]) float64 { return math.Sqrt(w.meanSquare()) }
	variance := func(w weight[T]) string {
		if w.bias {
			return fmt.Sprintf("is drawn with a deviation of %s, %s at most is customary", short(w.deviation()), short(1/math.Sqrt(3*float64(w.in))))
		}
		return fmt.Sprintf("has a mean square of %s, %s times He's or Xavier's %s", short(w.meanSquare()), short(w.meanSquare()/w.variance()), short(w.variance()))
	}
	tooLarge := e.tooLargeWeights()
	large := func(w weight[T]) bool {
		return !w.bias && w.ratio() > maxRatio || slices.ContainsFunc(tooLarge, func(v weight[T]) bool { return v.Param == w.Param })
	}
	const draw = "Draw the weights by tensor.HeNormal (tensor.XavierNormal before sigmoid or tanh), as layers.NewDense does."
	switch {
	case places(func(w weight[T]) bool { return !w.bias && rms(w) == 0 }, func(weight[T]) string { return "is 0" }):
		f.Rule, f.Cause, f.Cure = "init/zero", "Weights are 0, and no signal gets through.", draw
	case places(large, variance):
		f.Rule, f.Cause, f.Cure = "init/large", "The initial weights are too large: outputs are wild or saturated from the start.", draw
		f.Evidence += fmt.Sprintf(", first loss %s against %s at chance", short(e.now.first), short(e.now.chance))
		if slices.ContainsFunc(tooLarge, func(w weight[T]) bool { return w.bias }) {
			f.Cure += " Start with biases of 0."
		}
	case places(func(w weight[T]) bool { return !w.bias && w.ratio() < 0.1 }, variance):
		f.Rule, f.Cause, f.Cure = "init/small", "The initial weights are too small: the signal fades from layer to layer.", draw
	case places(func(w weight[T]) bool { return w.bias && rms(w) > 0.5 }, func(w weight[T]) string { return "is about " + short(rms(w)) }):
		f.Rule, f.Cause, f.Cure = "init/bias", "The initial biases are large: they drown the signal.", "Start with biases of 0."
	default:
		return e.suspectUnits()
	}
	return f, true
}

// hidden reports whether weights come after w's layer. The units of the last layer are
// told apart by the targets.
func (e *exam[T]) hidden(w weight[T]) bool {
	return slices.ContainsFunc(e.traits[w.layer+1:], func(t trait) bool { return t.weights })
}

// suspectUnits looks for units that are dead or saturated for all rows at the start.
func (e *exam[T]) suspectUnits() (f Finding, ok bool) {
	x := cmp.Or(e.base.x, e.x)
	for i, l := range e.net.Layers() {
		y := new(tensor.Tensor[T])
		l.Forward(y, x)
		x = y
		if i == len(e.traits)-1 {
			break
		}
		f.Where = name(e.Net, i)
		switch e.traits[i].act {
		case positive:
			dead := 0
			for j, m := range columns(y) {
				if m.deviation == 0 && y.At(0, j) == 0 {
					dead++
				}
			}
			if 2*dead > y.Cols {
				f.Rule, f.Evidence = "init/dead", fmt.Sprintf("%d of %d units give 0 for every row", dead, y.Cols)
				f.Cause, f.Cure = "Most units are dead from the start: they have no gradient and stay so.", "Draw the weights before it by tensor.HeNormal, with biases of 0."
				return f, true
			}
		case probability, symmetric:
			if s := saturation(y, e.traits[i].act); s > 0.5 {
				f.Rule, f.Evidence = "init/saturated", fmt.Sprintf("%.0f %% of the outputs are at an end of their range", 100*s)
				f.Cause, f.Cure = "Most outputs are saturated from the start, where the derivative is near 0.", "Draw the weights before it by tensor.XavierNormal, with biases of 0."
				return f, true
			}
		}
	}
	return f, false
}

// symmetry looks for hidden units that start alike and are alike after a trial: a waste
// even where the loss falls.
func (e *exam[T]) symmetry() {
	for _, w := range e.weights() {
		if !e.hidden(w) || !w.equalUnits() {
			continue
		}
		still := false
		c := e.base
		c.after = func() { still = w.equalUnits() }
		if e.try(c); !still {
			continue
		}
		c = e.base
		c.weights = e.fresh(1)
		alt := e.try(c)
		rule, cause := "init/symmetric", "All units of a layer start alike and stay alike, as if there were one."
		if !slices.ContainsFunc(w.Value.Data, func(v T) bool { return v != 0 }) {
			rule, cause = "init/zero", "The weights are 0, so all units of the layer are alike and stay so."
		}
		e.add(rule, Fault, name(e.Net, w.layer)+", "+w.Name,
			fmt.Sprintf("all %d units are equal, and still are after training; %s", w.out, e.compared(alt, "with fresh weights (He, Xavier)")),
			cause, "Draw the weights by tensor.HeNormal, as layers.NewDense does.")
		e.base, e.now = c, alt
		return
	}
}

// clipCost is what an output that is surely wrong costs, or 0 if the loss is not one of
// probabilities or takes an infinity for it.
func (e *exam[T]) clipCost() float64 {
	if e.kind != binaryShares {
		return 0
	}
	pred, target := tensor.New[T](1, e.y.Cols), tensor.New[T](1, e.y.Cols)
	for j := range pred.Data {
		pred.Data[j] = 1
	}
	c := e.Loss.Loss(nil, pred, target)
	if !(c > 3 && c < 1e3) {
		return 0
	}
	return c
}

// firstLoss explains a loss that is not finite or not near chance before training.
func (e *exam[T]) firstLoss() {
	out := e.inputs[len(e.inputs)-1]
	l := e.Loss.Loss(nil, out, e.y)
	if !finite(l) {
		e.add("start/nan", Fault, "the loss", fmt.Sprintf("the loss of %d rows of Train is %v", len(e.rows), l),
			"The loss is not finite before training, though the network's output is.",
			"Mend what is named above, if anything is, and look in the loss for the logarithm of a number that is not above 0, or a division by 0.")
		return
	}
	if cost := e.clipCost(); cost > 0 {
		wrong, saturated := 0.0, 0
		for i, p := range out.Data {
			if q := float64(p); q < 1e-6 || q > 1-1e-6 {
				saturated++
				wrong += math.Abs(float64(e.y.Data[i]) - math.Round(q))
			}
		}
		n := float64(len(out.Data))
		share := wrong / n
		if 2*saturated > len(out.Data) && share > 0.02 && math.Abs(l-share*cost) < 0.1*l {
			severity := Fault
			if e.found(Warning) { // which is why
				severity = Warning
			}
			e.add("start/plateau", severity, "the network's output",
				fmt.Sprintf("%.3f = %.3f x %.3f: %.0f %% of the outputs are saturated, %.1f %% of all on the wrong side", l, l/cost, cost, 100*float64(saturated)/n, 100*share),
				fmt.Sprintf("The loss is clipped: a surely wrong output costs -ln(%.1g) = %.3f and has no gradient that leads back.", math.Exp(-cost), cost),
				"Leave out the last sigmoid and take layers.BinaryCrossEntropy, which takes logits; look at the scale of inputs and weights.")
			return
		}
	}
	unsure := e.chance // what it costs to give all classes the same chance
	switch e.kind {
	case classLogits, classShares:
		unsure = math.Log(float64(e.cols))
	case binaryLogits, binaryShares:
		unsure = math.Ln2
	}
	if e.kind != squares && l > 3*unsure {
		e.add("start/loss", Note, "the network's output", fmt.Sprintf("the first loss is %s, that of an even guess %s", short(l), short(unsure)),
			"Before training the network is surely wrong: it should be at chance.", "Look at the scale of inputs and initial weights.")
	}
}

// saturatedLoss tries the loss on logits for a network that ends in probabilities.
func (e *exam[T]) saturatedLoss() {
	if e.kind != binaryShares && e.kind != classShares || e.base.loss != nil {
		return
	}
	c, what, ok := e.onLogits()
	if !ok || c.net == nil {
		return
	}
	out := e.output()
	n := 0
	for _, p := range out.Data {
		if p < 1e-4 || p > 1-1e-4 {
			n++
		}
	}
	if 2*n < len(out.Data) {
		return
	}
	alt := e.try(c)
	if !alt.better(e.now) {
		return
	}
	evidence := fmt.Sprintf("%.0f %% of the outputs are saturated; %s", 100*float64(n)/float64(len(out.Data)), e.compared(alt, what+" and with a loss on logits"))
	s := e.mended(c, alt)
	e.add("loss/saturated", s, name(e.Net, len(e.traits)-1), evidence,
		"The outputs are so sure that the loss of their probabilities has lost its gradient.",
		fmt.Sprintf("Remove layer %d and take %T, which takes logits.", len(e.traits)-1, c.loss))
}

// output is the output of the base before training.
func (e *exam[T]) output() *tensor.Tensor[T] {
	e.snap.restore()
	defer e.snap.restore()
	net, _, x, _ := e.applied()
	return new(tensor.Tensor[T]).Copy(net.Forward(x))
}
