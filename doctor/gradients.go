package doctor

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// Gradients checks the gradients of a network and its loss on some rows of x, with
// targets y, against differences, and says what kind each mistake is and where: the
// loss by itself at the network's output, then each layer by itself at what it gets
// from those below, with a random gradient from above, so that no mistake hides
// another (a dense layer or activation that is dead or saturated there is looked at with
// fresh weights too); last, in float64, the whole network. The findings come in the order of the pass backward,
// each with severity [Fault].
//
// Of a large tensor some forty elements are compared. At a kink, such as ReLU's at 0, no
// gradient is wrong. In float32 differences are good to a percent or so: a smaller
// mistake shows in float64 only. A layer that is a [layers.Trainer] is passed as in
// inference, and its own Backward is not checked: it belongs to ForwardTrain, which
// gives something else every time.
//
// The network stays as it is, with its values, gradients and activations, to the bit. An
// error means that there was nothing to check: no rows, targets that the loss's Check
// refuses, a layer whose Forward is random or gives NaN. A layer that panics, panics.
func Gradients[T tensor.Float](net *layers.Sequential[T], loss layers.Loss[T], x, y *tensor.Tensor[T]) (Report, error) {
	switch {
	case net == nil || len(net.Layers()) == 0:
		return nil, errors.New("doctor: Gradients: the network is nil or has no layers")
	case loss == nil:
		return nil, errors.New("doctor: Gradients: the loss is nil")
	case y == nil:
		return nil, errors.New("doctor: Gradients: y is nil")
	}
	if err := checkInput("Gradients", x); err != nil {
		return nil, err
	}
	if x.Rows != y.Rows {
		return nil, fmt.Errorf("doctor: Gradients: x has %d rows, y %d", x.Rows, y.Rows)
	}
	before := take[T](net, nil)
	defer before.restore()

	var outputs []*tensor.Tensor[T] // of the layers, for the rows that are looked at
	widths := []int{x.Cols, y.Cols}
	for probe, i := x, 0; i < len(net.Layers()); i++ {
		probe = forward(net.Layers()[i], probe, 1)
		widths = append(widths, probe.Cols)
	}
	rows := someRows(x.Rows, widths...)
	batch, targets := new(tensor.Tensor[T]).Gather(x, rows), new(tensor.Tensor[T]).Gather(y, rows)
	for i, in := 0, batch; i < len(net.Layers()); i++ {
		in = forward(net.Layers()[i], in, in.Rows)
		outputs = append(outputs, in)
	}
	out := outputs[len(outputs)-1]
	if err := loss.Check(out.Cols, y); err != nil {
		return nil, fmt.Errorf("doctor: Gradients: the loss refuses y: %w", err)
	}

	first := firstLearning(net)
	checks := make([]*layerCheck[T], len(outputs))
	for i, l := range net.Layers() {
		in := batch
		if i > 0 {
			in = outputs[i-1]
		}
		if _, ok := l.(layers.Trainer[T]); ok {
			continue
		}
		var err error
		if checks[i], err = newLayerCheck(l, in); err != nil {
			return nil, fmt.Errorf("doctor: %s: %w", name(net, i), err)
		}
	}
	lc := &lossCheck[T]{loss: loss, pred: out, y: targets}
	if err := lc.repeats(); err != nil {
		return nil, err
	}
	lc.run()
	report := lc.findings("loss " + typeName(loss))
	for i := len(checks) - 1; i >= 0; i-- {
		c := checks[i]
		if c == nil {
			continue
		}
		c.examine()
		for k, f := range c.findings(name(net, i)) {
			if slices.Contains(c.mistakes[k].tensors, "dx") && 0 <= first && first < i {
				f.Evidence += fmt.Sprintf("; with dx every gradient below layer %d is wrong", i)
			}
			report = append(report, f)
		}
	}
	if len(report) == 0 && !isFloat32[T]() && !lc.straight && !slices.Contains(checks, nil) {
		report = wholeNetwork(copyOf(net), loss, batch, targets)
	}
	return report, nil
}

// LayerGradients checks a layer's Backward at the rows of x, as [Gradients] does. It
// returns an error for a [layers.Trainer], whose Backward belongs to a ForwardTrain that
// gives something else every time.
func LayerGradients[T tensor.Float](l layers.Layer[T], x *tensor.Tensor[T]) (Report, error) {
	if l == nil {
		return nil, errors.New("doctor: LayerGradients: the layer is nil")
	}
	if err := checkInput("LayerGradients", x); err != nil {
		return nil, err
	}
	what := typeName(l)
	if d, ok := l.(layers.Describer); ok {
		what = d.Describe()
	}
	if _, ok := l.(layers.Trainer[T]); ok {
		return nil, fmt.Errorf("doctor: LayerGradients: %s is a layers.Trainer: its Backward belongs to ForwardTrain, which gives something else every time", what)
	}
	before := takeParams(l.Params())
	defer before()
	batch := new(tensor.Tensor[T]).Gather(x, someRows(x.Rows, x.Cols, forward(l, x, 1).Cols))
	c, err := newLayerCheck(l, batch)
	if err != nil {
		return nil, fmt.Errorf("doctor: LayerGradients: %s: %w", what, err)
	}
	c.examine()
	return c.findings("layer " + what), nil
}

// LossGradient checks the gradient of a loss at the predictions pred and the targets y,
// as [Gradients] does, at predictions from 0.1 to 0.9, and at exactly 0 and 1 if the
// loss is one of probabilities with a clip.
func LossGradient[T tensor.Float](l layers.Loss[T], pred, y *tensor.Tensor[T]) (Report, error) {
	switch {
	case l == nil:
		return nil, errors.New("doctor: LossGradient: the loss is nil")
	case y == nil:
		return nil, errors.New("doctor: LossGradient: y is nil")
	}
	if err := checkInput("LossGradient", pred); err != nil {
		return nil, err
	}
	if pred.Rows != y.Rows {
		return nil, fmt.Errorf("doctor: LossGradient: pred has %d rows, y %d", pred.Rows, y.Rows)
	}
	if err := l.Check(pred.Cols, y); err != nil {
		return nil, fmt.Errorf("doctor: LossGradient: the loss refuses y: %w", err)
	}
	rows := someRows(pred.Rows, pred.Cols, y.Cols)
	c := &lossCheck[T]{loss: l, pred: new(tensor.Tensor[T]).Gather(pred, rows), y: new(tensor.Tensor[T]).Gather(y, rows)}
	if err := c.repeats(); err != nil {
		return nil, err
	}
	c.run()
	return c.findings("loss " + typeName(l)), nil
}

// repeats says if the loss is not the same twice.
func (c *lossCheck[T]) repeats() error {
	v, g := c.value(c.pred)
	w, h := c.value(c.pred)
	if !sameBits(append(g, v), append(h, w)) {
		return fmt.Errorf("doctor: the loss %s does not give the same twice", typeName(c.loss))
	}
	return nil
}

func typeName(v any) string { return fmt.Sprintf("%T", v) }

// checkInput wants rows of finite numbers.
func checkInput[T tensor.Float](function string, x *tensor.Tensor[T]) error {
	switch {
	case x == nil || x.Rows == 0 || x.Cols == 0:
		return fmt.Errorf("doctor: %s: the batch is empty", function)
	case !allFinite(x.Data):
		return fmt.Errorf("doctor: %s: the batch has NaN or Inf in it", function)
	}
	return nil
}

// someRows returns which rows of a batch to look at: a few from all over it, some of
// them twice if it has not that many. How many is a number that divides no width, so
// that a factor says whether the batch or a width is in it.
func someRows(rows int, widths ...int) []int {
	n := 7
	for _, prime := range []int{17, 13, 11, 7} {
		if !slices.ContainsFunc(widths, func(w int) bool { return w%prime == 0 }) {
			n = prime
		}
	}
	some := make([]int, n)
	for i := range some {
		some[i] = i % rows
		if rows > n {
			some[i] = i * rows / n
		}
	}
	return some
}

// forward returns a layer's output for the first rows of x, as in inference.
func forward[T tensor.Float](l layers.Layer[T], x *tensor.Tensor[T], rows int) *tensor.Tensor[T] {
	var y tensor.Tensor[T]
	some := x.Slice(0, rows)
	l.Forward(&y, clone(&some))
	return clone(&y)
}

// firstLearning is the first layer with parameters: nobody needs a gradient below it.
func firstLearning[T tensor.Float](net *layers.Sequential[T]) int {
	return slices.IndexFunc(net.Layers(), func(l layers.Layer[T]) bool { return len(l.Params()) > 0 })
}

// takeParams returns a function that gives parameters back their values and gradients.
func takeParams[T tensor.Float](params []*tensor.Param[T]) (restore func()) {
	values, grads := make([]*tensor.Tensor[T], len(params)), make([]*tensor.Tensor[T], len(params))
	for i, p := range params {
		values[i] = clone(p.Value)
		if p.HasGrad() {
			grads[i] = clone(p.Grad())
		}
	}
	return func() {
		for i, p := range params {
			p.Value.Copy(values[i])
			if p.ClearGrad(); grads[i] != nil {
				p.Grad().Copy(grads[i])
			}
		}
	}
}

// wholeNetwork looks for what no layer shows by itself, such as one that stands in the
// network twice and keeps what it needs from one Forward only. It does so at places near
// the network's parameters, which it changes: at a network's very beginning, with biases
// of 0, all of a row's ReLUs can be at their kink.
func wholeNetwork[T tensor.Float](net *layers.Sequential[T], loss layers.Loss[T], x, y *tensor.Tensor[T]) Report {
	src := rand.NewPCG(1, 2)
	var where, evidence string
	for range 2 {
		for _, p := range net.Params() {
			near := make([]T, len(p.Value.Data))
			tensor.Uniform(near, 0.1, src)
			for i, v := range near {
				p.Value.Data[i] += v
			}
		}
		if where, evidence = wholeGradient(net, loss, x, y, src); where == "" {
			return nil
		}
	}
	return Report{{
		Rule: "gradient/wrong", Severity: Fault, Where: "the whole network, " + where, Evidence: evidence,
		Cause: "the gradient of the whole network is wrong, though each layer by itself is right",
		Cure:  "look for a layer that keeps something between Forward and Backward: it must take x and y as they are handed to it",
	}}
}

// wholeGradient compares some of each parameter's gradient with differences of the loss
// and names one where they are far apart, if there is any.
func wholeGradient[T tensor.Float](net *layers.Sequential[T], loss layers.Loss[T], x, y *tensor.Tensor[T], src rand.Source) (where, evidence string) {
	var grad tensor.Tensor[T]
	for _, p := range net.Params() {
		p.ClearGrad()
	}
	value := loss.Loss(&grad, net.Forward(x), y)
	net.Backward(&grad)
	if !finite(value) {
		return "", ""
	}
	rise := func() vector { return vector{loss.Loss(&grad, net.Forward(x), y) - value} }
	for _, p := range net.Params() {
		k := compare(p.Value.Data, toVector(p.Grad().Data), choose(len(p.Value.Data), 6, src), 4*epsilon[T]()*(1+math.Abs(value)), rise)
		k.slack = 0.01
		if _, wrong := k.worst(); wrong {
			return p.Name, k.evidence(p.Name)
		}
	}
	return "", ""
}
