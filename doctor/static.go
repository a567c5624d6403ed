package doctor

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// trait is what a layer does to numbers, whoever wrote it. It is found out by running the
// layer, so that a user's own sigmoid is one too.
type trait struct {
	known    bool
	weights  bool
	identity bool
	affine   bool
	each     bool  // every output depends on the input of its column only
	act      shape // of the outputs
	shares   bool  // all of them were from 0 to 1
}

// shape is the range of a layer's outputs for inputs far to both sides.
type shape int

const (
	anywhere     shape = iota
	positive           // like relu
	probability        // 0 to 1, like sigmoid
	symmetric          // -1 to 1, like tanh
	distribution       // a softmax: probabilities that sum to 1 in a row
)

func (s shape) String() string {
	return [...]string{"any number", "no number below 0", "numbers from 0 to 1", "numbers from -1 to 1", "probabilities that sum to 1"}[s]
}

// traitOf runs l on numbers about 30, which take any activation into its limits, or
// larger ones if l's weights are small. Layers that refuse such inputs, like one that
// looks up a table, are unknown.
func traitOf[T tensor.Float](l layers.Layer[T], input *tensor.Tensor[T]) (t trait) {
	t.weights = len(l.Params()) > 0
	defer func() {
		if recover() != nil {
			t = trait{weights: t.weights}
		}
	}()
	run := func(x *tensor.Tensor[T]) *tensor.Tensor[T] {
		var y tensor.Tensor[T]
		l.Forward(&y, x)
		return &y
	}
	x := tensor.New[T](16, input.Cols)
	size := 0.0 // of the largest weight
	for _, p := range l.Params() {
		size = max(size, toVector(p.Value.Data).largest())
	}
	if size < 1e-6 || size > 1 {
		size = 1
	}
	tensor.Normal(x.Data, 30/size, rand.NewPCG(seed, 4))
	scaled := func(by T) *tensor.Tensor[T] {
		z := tensor.New[T](x.Rows, x.Cols)
		for i, v := range x.Data {
			z.Data[i] = by * v
		}
		return run(z)
	}
	y, minus, twice, zero := run(x), scaled(-1), scaled(2), scaled(0)
	t.known = true
	t.identity = slices.Equal(x.Data, y.Data)
	t.affine = true
	for i, v := range y.Data {
		a, b, c, d := float64(v), float64(minus.Data[i]), float64(twice.Data[i]), float64(zero.Data[i])
		off := 1e-3 * (math.Abs(a) + math.Abs(b) + math.Abs(c) + math.Abs(d))
		t.affine = t.affine && math.Abs(a+b-2*d) <= off && math.Abs(c-2*a+d) <= off
	}
	if y.Cols == x.Cols {
		t.each = true
		moved := new(tensor.Tensor[T]).Copy(x)
		for i := range moved.Rows {
			moved.Row(i)[0] += 7
		}
		for i, v := range run(moved).Data {
			t.each = t.each && (i%y.Cols == 0 || v == y.Data[i])
		}
	}
	t.shares = slices.Min(y.Data) >= 0 && slices.Max(y.Data) <= 1
	if !t.affine {
		t.act = shapeOf(y)
	}
	return t
}

func shapeOf[T tensor.Float](y *tensor.Tensor[T]) shape {
	low, high := slices.Min(y.Data), slices.Max(y.Data)
	sums := y.Cols > 1
	for i := range y.Rows {
		sum := 0.0
		for _, v := range y.Row(i) {
			sum += float64(v)
		}
		sums = sums && math.Abs(sum-1) < 1e-3
	}
	switch {
	case low >= 0 && sums:
		return distribution
	case low >= 0 && low < 0.1 && high > 0.9 && high <= 1:
		return probability
	case low >= -1 && low < -0.9 && high > 0.9 && high <= 1:
		return symmetric
	case low == 0 && high > 1:
		return positive
	}
	return anywhere
}

// lossKind is what a loss measures.
type lossKind int

const (
	otherLoss    lossKind = iota
	classLogits           // cross-entropy of a softmax that the loss takes itself
	classShares           // cross-entropy of probabilities of classes
	binaryLogits          // cross-entropy of a sigmoid that the loss takes itself
	binaryShares          // cross-entropy of probabilities
	squares               // squared differences
)

// kindOf finds out by its values what a loss is, so that a user's own is known too.
func kindOf[T tensor.Float](loss layers.Loss[T], cols int, target *tensor.Tensor[T]) (kind lossKind) {
	switch loss.(type) {
	case layers.SoftmaxCrossEntropy[T]:
		return classLogits
	case layers.BinaryCrossEntropy[T]:
		return binaryLogits
	case layers.BinaryCrossEntropyProb[T]:
		return binaryShares
	case layers.MeanSquaredError[T]:
		return squares
	}
	defer func() {
		if recover() != nil {
			kind = otherLoss
		}
	}()
	y := target.Slice(0, min(16, target.Rows))
	at := func(f func(i int) T) float64 {
		pred := tensor.New[T](y.Rows, cols)
		for i := range pred.Data {
			pred.Data[i] = f(i)
		}
		return loss.Loss(nil, pred, &y)
	}
	all := func(v float64) float64 { return at(func(int) T { return T(v) }) }
	is := func(v, want float64) bool { return math.Abs(v-want) < 1e-3*want }
	if y.Cols == cols {
		off := func(by T) float64 { return at(func(i int) T { return y.Data[i] + by }) }
		if one := off(1); math.Abs(off(0)) < 1e-6 && one > 0 && is(off(2), 4*one) && is(off(-1), one) {
			return squares
		}
		// The mean over the columns, or their sum.
		if zero := all(0); is(zero, math.Ln2) || is(zero, math.Ln2*float64(cols)) {
			return binaryLogits
		}
		if half := all(0.5); is(half, math.Ln2) || is(half, math.Ln2*float64(cols)) {
			return binaryShares
		}
	}
	if chance := math.Log(float64(cols)); cols > 1 {
		if is(all(0), chance) && is(all(1), chance) {
			return classLogits
		}
		if is(all(1/float64(cols)), chance) {
			return classShares
		}
	}
	return otherLoss
}

// forward runs the network once, layer by layer, and keeps what passes between them. The
// error is of a layer that gives something else for the same input.
func (e *exam[T]) forward() error {
	for i, l := range e.net.Layers() {
		for _, p := range l.Params() {
			if j := slices.IndexFunc(p.Value.Data, func(v T) bool { return !finite(v) }); j >= 0 {
				e.add("init/nan", Fault, name(e.net, i)+", "+p.Name, fmt.Sprintf("element %d is %v", j, p.Value.Data[j]),
					"A weight is not a finite number before training.", "Initialise "+p.Name+", for example by tensor.HeNormal.")
				return nil
			}
		}
	}
	for i, l := range e.net.Layers() {
		if s, ok := l.(layers.Sizer); ok {
			if in, _ := s.Size(); in != e.x.Cols {
				e.add("data/columns", Fault, "Train.X", fmt.Sprintf("X has %d columns, %s takes %d", e.x.Cols, name(e.net, i), in),
					"The inputs are not as wide as the network.", fmt.Sprintf("Make the first layer %d wide, or look at how the rows are read.", e.x.Cols))
				return nil
			}
			break
		}
	}
	x := e.x
	for i, l := range e.net.Layers() {
		y, again := new(tensor.Tensor[T]), new(tensor.Tensor[T])
		l.Forward(y, x)
		l.Forward(again, x)
		for j, v := range y.Data {
			if w := again.Data[j]; v != w && (v == v || w == w) {
				return fmt.Errorf("doctor: %s is not deterministic: it gave %v and %v for the same input; what is random in training belongs into ForwardTrain (layers.Trainer)", name(e.Net, i), v, w)
			}
		}
		used := memory[T](y.Rows, y.Cols, leftover)
		if l.Forward(used, x); !sameBits(used.Data, y.Data) {
			e.report = append(e.report, mistakes{forwardAdds()}.findings(name(e.Net, i))...)
			return nil
		}
		e.inputs = append(e.inputs, x)
		e.traits = append(e.traits, traitOf(l, x))
		x = y
	}
	e.inputs = append(e.inputs, x)
	e.cols = x.Cols
	for i, v := range x.Data {
		if !finite(v) {
			e.add("start/nan", Fault, "the network's output", fmt.Sprintf("row %d of Train, output %d: %v", e.rows[i/x.Cols], i%x.Cols, v),
				"The network gives numbers that are not finite before training, from finite inputs and weights.",
				"Scale the inputs with data.Standardise and the weights with tensor.HeNormal, or look at the layer's Forward.")
			return nil
		}
	}
	return nil
}

// static holds the layers against each other and against the loss. It needs no trials.
func (e *exam[T]) static() {
	before := -1 // the last layer that is not the identity
	for i, t := range e.traits {
		if t.known && t.identity {
			continue
		}
		if before >= 0 && t.known && e.traits[before].known {
			e.neighbours(before, i)
		}
		before = i
	}
	if len(e.net.Params()) == 0 {
		e.add("layers/no-weights", Fault, "Net", "0 parameters", "The network has nothing to learn with: none of its layers has parameters.",
			"Add layers.NewDense, and return the parameters in Params of your own layers.")
		return
	}
	e.bottleneck()
	if before >= 0 {
		e.lastActivation(before)
	}
}

// neighbours holds layer i against layer j, which gets what it gives.
func (e *exam[T]) neighbours(i, j int) {
	a, b := e.traits[i], e.traits[j]
	if a.weights && a.affine && !a.each && b.weights && b.affine && !b.each {
		e.add("layers/no-activation", Warning, name(e.net, i)+" and "+name(e.net, j), "both are linear, and nothing is between them",
			"Two linear layers in a row can do no more than one.", fmt.Sprintf("Put layers.NewReLU after layer %d.", i))
	}
	squashes := a.act != anywhere || a.each && !a.affine && !a.weights
	if squashes && !b.weights && !b.affine && (b.each || b.act == distribution) {
		e.add("layers/doubled-activation", Warning, name(e.net, i)+" and "+name(e.net, j),
			fmt.Sprintf("layer %d gives %v to another activation", i, a.act),
			"Two activations stand in a row: the second gets only what the first lets through.", fmt.Sprintf("Remove layer %d.", i))
	}
}

// bottleneck looks for a hidden layer too narrow to tell the classes apart.
func (e *exam[T]) bottleneck() {
	for i := 1; i < len(e.inputs)-1; i++ {
		w := e.inputs[i].Cols
		if w == 1 && e.cols > 2 && e.inputs[0].Cols > 1 || w*4 < e.cols && w*4 < e.inputs[0].Cols {
			e.add("layers/bottleneck", Note, name(e.net, i-1), fmt.Sprintf("%d values between %d inputs and %d outputs", w, e.inputs[0].Cols, e.cols),
				"All that the network knows of its input passes through a narrow layer.", fmt.Sprintf("Make layer %d wider, unless it is meant to compress.", i-1))
			return
		}
	}
}

// lastActivation holds what layer i, the last that does something, gives against what
// the loss takes.
func (e *exam[T]) lastActivation(i int) {
	t := e.traits[i]
	if !t.known {
		return
	}
	layer := name(e.net, i)
	without := fmt.Sprintf("Remove layer %d", i)
	if t.weights {
		without = fmt.Sprintf("Leave the activation out of layer %d", i)
	}
	rule, evidence := "loss/last-activation", fmt.Sprintf("%s gives %v; the loss is %T", layer, t.act, e.Loss)
	switch e.kind {
	case classLogits, binaryLogits:
		if t.act != anywhere {
			takes := "a softmax"
			if e.kind == binaryLogits {
				takes = "a sigmoid"
			}
			e.add(rule, Fault, layer, evidence, "The loss takes logits and applies "+takes+" itself, so the last layer must give any number.", without+".")
		}
	case binaryShares:
		if !t.shares {
			e.add(rule, Fault, layer, evidence, "The loss takes probabilities, and the last layer gives other numbers.",
				"Take layers.BinaryCrossEntropy, which takes logits, or end in layers.NewSigmoid.")
		}
	case classShares:
		if !t.shares {
			e.add(rule, Fault, layer, evidence, "The loss takes probabilities of classes, and the last layer gives other numbers.",
				"Take layers.SoftmaxCrossEntropy, which takes logits.")
		}
	case squares:
		low, high := map[shape]float64{positive: 0, probability: 0, symmetric: -1}, map[shape]float64{probability: 1, symmetric: 1}
		outside := 0
		for _, v := range e.y.Data {
			l, bound := low[t.act]
			h, above := high[t.act]
			if bound && float64(v) < l-1e-3 || above && float64(v) > h+1e-3 {
				outside++
			}
		}
		if part := float64(outside) / float64(len(e.y.Data)); part > 0.01 {
			e.add(rule, Fault, layer, fmt.Sprintf("%s gives %v; %.0f %% of the targets are outside", layer, t.act, 100*part),
				"The last layer cannot give what the targets are.", without+", or scale the targets into its range.")
		}
	}
}

// mendLoss tries the network without a last activation that the loss does not want, so
// that what comes later is looked for behind it.
func (e *exam[T]) mendLoss() {
	i := slices.IndexFunc(e.report, func(f Finding) bool { return f.Rule == "loss/last-activation" })
	if i < 0 {
		return
	}
	c, what, ok := e.onLogits()
	if !ok {
		return
	}
	alt := e.try(c)
	if alt.share() < e.now.share() { // else other faults hide what it is worth
		e.report[i].Evidence += "; " + e.compared(alt, what)
	}
	e.base, e.now = c, alt
}

// onLogits is the change that gives the loss what it wants: no last activation, or a
// loss that takes logits.
func (e *exam[T]) onLogits() (c change[T], what string, ok bool) {
	c = e.base
	last := len(e.traits) - 1
	for last >= 0 && e.traits[last].identity {
		last--
	}
	t := e.traits[last]
	if t.act != anywhere {
		if t.weights || last == 0 {
			return c, "", false
		}
		c.net = sequence(e.net.Layers()[:last])
		what = fmt.Sprintf("without layer %d", last)
	} else {
		what = "with a loss on logits"
	}
	switch e.kind {
	case binaryShares:
		c.loss = layers.BinaryCrossEntropy[T]{}
	case classShares:
		c.loss = layers.SoftmaxCrossEntropy[T]{}
	}
	return c, what, c.net != nil || c.loss != nil
}
