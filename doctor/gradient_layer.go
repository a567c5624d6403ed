package doctor

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// sampled is how many elements of a tensor are compared with differences.
const sampled = 40

// layerCheck is the examination of one layer by itself, at an input that it gets in the
// network but with a random gradient from above, so that no mistake above or below it
// shows.
type layerCheck[T tensor.Float] struct {
	layer   layers.Layer[T]
	params  []*tensor.Param[T]
	values  []tensor.Tensor[T] // of params, to go back to
	x, y, r *tensor.Tensor[T]  // input, output, and the gradient from above
	rowwise bool               // a row of y depends on its row of x only
	src     rand.Source
	mistakes
	unsteady bool // Forward changes x or adds to y, so that nothing else can be told

	once     *pass // Backward of r
	linear   []bool
	compared []*comparison
	named    []bool // tensors whose mistake has its kind
}

// pass is what a Backward left behind. Tensor 0 is dx, tensor 1+i parameter i.
type pass struct {
	grads   []vector
	has     []bool   // the tensor got a gradient
	changed []vector // what was added to the tensor's value, nil if nothing was
}

// newLayerCheck runs the layer forward, on a copy of x.
func newLayerCheck[T tensor.Float](l layers.Layer[T], x *tensor.Tensor[T]) (*layerCheck[T], error) {
	c := &layerCheck[T]{layer: l, params: l.Params(), x: clone(x), y: new(tensor.Tensor[T]), src: rand.NewPCG(1, 2)}
	for _, p := range c.params {
		c.values = append(c.values, *clone(p.Value))
	}
	l.Forward(c.y, c.x)
	changed := !sameBits(c.x.Data, x.Data)
	c.x.Copy(x)
	c.y = clone(c.y)
	again, adds := c.again()
	switch {
	case c.y.Rows != x.Rows:
		return nil, fmt.Errorf("Forward makes %d rows of %d", c.y.Rows, x.Rows)
	case !again:
		return nil, fmt.Errorf("Forward does not give the same twice; what a layer draws at random it draws in ForwardTrain (layers.Trainer), and it is checked as in inference")
	case !allFinite(c.y.Data):
		return nil, fmt.Errorf("Forward gives NaN or Inf, where nothing has a gradient")
	}
	c.unsteady = changed || adds
	if adds {
		c.add(forwardAdds())
	}
	if changed {
		c.add(mistake{rule: "gradient/input-changed", tensors: []string{"x"}, evidence: []string{"x is not what it was before Forward"},
			cause: "Forward changes its input", cure: "let Forward write to y only"})
	}
	c.r = tensor.New[T](c.y.Rows, c.y.Cols)
	tensor.Uniform(c.r.Data, 1, c.src)
	c.rowwise = c.isRowwise()
	return c, nil
}

// isRowwise runs the rows one by one.
func (c *layerCheck[T]) isRowwise() bool {
	var y tensor.Tensor[T]
	size := toVector(c.y.Data).largest()
	for i := range c.x.Rows {
		row := c.x.Slice(i, i+1)
		c.layer.Forward(&y, &row)
		if y.Rows != 1 || y.Cols != c.y.Cols {
			return false
		}
		for j, v := range y.Data {
			if math.Abs(float64(v-c.y.At(i, j))) > 64*epsilon[T]()*size {
				return false
			}
		}
	}
	return true
}

// backward runs the layer on a copy of x, and back from the gradients dys one after the
// other, without forgetting those of the parameters in between.
func (c *layerCheck[T]) backward(x *tensor.Tensor[T], dys ...*tensor.Tensor[T]) *pass {
	return c.backwardInto(0, x, dys...)
}

// backwardInto is backward with a dx whose memory holds an old number.
func (c *layerCheck[T]) backwardInto(old T, x *tensor.Tensor[T], dys ...*tensor.Tensor[T]) *pass {
	for _, p := range c.params {
		p.ClearGrad()
	}
	n := 1 + len(c.params)
	p := &pass{grads: make([]vector, n), has: make([]bool, n), changed: make([]vector, n)}
	for _, dy := range dys {
		var y tensor.Tensor[T]
		dx, own := memory(x.Rows, x.Cols, old), clone(x)
		c.layer.Forward(&y, own)
		own.Copy(x)
		before := clone(&y)
		c.layer.Backward(dx, clone(dy), own, &y)
		for _, t := range []struct {
			name       string
			is, wanted *tensor.Tensor[T]
		}{{"x", own, x}, {"y", &y, before}} {
			if !sameBits(t.is.Data, t.wanted.Data) {
				c.add(mistake{rule: "gradient/input-changed", tensors: []string{t.name}, evidence: []string{t.name + " is not what it was before Backward"},
					cause: "Backward changes the " + t.name + " that it is handed", cure: "let Backward write to dx, dy and the gradients only"})
			}
		}
		if p.has[0] = dx.Rows == x.Rows && dx.Cols == x.Cols; p.has[0] {
			p.grads[0] = toVector(dx.Data)
		} else {
			p.grads[0] = make(vector, len(x.Data))
		}
		for i, param := range c.params {
			if !sameBits(param.Value.Data, c.values[i].Data) {
				p.changed[1+i] = toVector(param.Value.Data).plus(-1, toVector(c.values[i].Data))
				param.Value.Copy(&c.values[i])
			}
		}
	}
	for i, param := range c.params {
		p.has[1+i] = param.HasGrad()
		p.grads[1+i] = toVector(param.Grad().Data)
		param.ClearGrad()
	}
	return p
}

// name is tensor t's.
func (c *layerCheck[T]) name(t int) string {
	if t == 0 {
		return "dx"
	}
	n := c.params[t-1].Name
	if index, local, ok := strings.Cut(n, "."); ok && strings.Trim(index, "0123456789") == "" {
		n = local
	}
	if n == "" {
		n = fmt.Sprintf("parameter %d", t-1)
	}
	return n
}

// data is tensor t's elements, and the shape it has.
func (c *layerCheck[T]) data(t int) *tensor.Tensor[T] {
	if t == 0 {
		return c.x
	}
	return c.params[t-1].Value
}

// examine does the whole examination. A mistake may be hidden where the layer is: it may
// be dead or saturated, so that some tensor has no gradient to see, or all its ReLUs may
// be open. So it looks elsewhere as well, if that may be or another mistake shows.
func (c *layerCheck[T]) examine() {
	c.run()
	mute := slices.ContainsFunc(c.compared, func(k *comparison) bool { return k.scale() == 0 })
	if c.unsteady || !mute && len(c.mistakes) == 0 {
		return
	}
	weight, bias, ok := c.formParams()
	if !ok {
		return
	}
	defer func() {
		for i, p := range c.params {
			p.Value.Copy(&c.values[i])
		}
	}()
	if weight > 0 {
		tensor.XavierNormal(c.params[weight-1].Value, c.src)
	}
	if bias > 0 {
		clear(c.params[bias-1].Value.Data)
	}
	x := tensor.New[T](c.x.Rows, c.x.Cols)
	tensor.Normal(x.Data, 1, c.src)
	fresh, err := newLayerCheck(c.layer, x)
	if err != nil {
		return
	}
	if fresh.run(); fresh.form() == nil || len(fresh.mistakes) == 0 {
		return
	}
	if mute {
		c.mistakes = fresh.mistakes
		return
	}
	known := slices.Clone(c.mistakes)
	for _, m := range fresh.mistakes {
		if !slices.ContainsFunc(known, func(k mistake) bool { return k.rule == m.rule }) {
			c.add(m)
		}
	}
}

// run does the whole examination where the layer is.
func (c *layerCheck[T]) run() {
	if c.unsteady {
		return
	}
	c.once = c.backward(c.x, c.r)
	c.checkLinear()
	c.checkDifferences()
	c.named = make([]bool, len(c.once.grads))
	suspect := false
	for t := range c.named {
		suspect = suspect || c.wrong(t) || !c.linear[t] || c.once.changed[t] != nil
	}
	if suspect {
		c.nameByStructure()
		c.nameUpdates()
		for t := range c.named {
			if !c.named[t] && (c.wrong(t) || !c.linear[t]) {
				c.nameTensor(t)
			}
		}
	}
	c.checkAdds()
	c.checkMemory()
}

func (c *layerCheck[T]) wrong(t int) bool {
	_, wrong := c.compared[t].worst()
	return wrong
}

// checkLinear: Backward of twice the gradient is twice that of the gradient, to the
// bit but where numbers become too small, and Backward of a sum is the sum.
func (c *layerCheck[T]) checkLinear() {
	other := tensor.New[T](c.r.Rows, c.r.Cols)
	tensor.Uniform(other.Data, 1, c.src)
	sum := clone(c.r)
	for i, v := range other.Data {
		sum.Data[i] += v
	}
	twice, second, both := c.backward(c.x, multiplied(c.r, 2)), c.backward(c.x, other), c.backward(c.x, sum)
	for t, g := range c.once.grads {
		expect := g.plus(1, second.grads[t])
		limit := 1e4 * epsilon[T]() * max(g.largest(), second.grads[t].largest())
		ok := twice.grads[t].near(g.plus(1, g), 16*epsilon[T]()) && both.grads[t].plus(-1, expect).largest() <= limit
		tiny := g.largest() < 1e-30 // where T may have lost its digits
		// A NaN is another matter.
		c.linear = append(c.linear, ok || tiny || math.IsNaN(g.dot(g)+expect.dot(expect)))
	}
}

// checkDifferences compares all gradients with differences of sum(r*y).
func (c *layerCheck[T]) checkDifferences() {
	var y tensor.Tensor[T]
	rises := make(vector, len(c.y.Data))
	rise := func() vector {
		c.layer.Forward(&y, c.x)
		for i, v := range y.Data {
			rises[i] = float64(c.r.Data[i]) * (float64(v) - float64(c.y.Data[i]))
		}
		return rises
	}
	noise := 2 * epsilon[T]() * toVector(c.y.Data).largest() * math.Sqrt(float64(c.y.Rows))
	for t, g := range c.once.grads {
		c.compared = append(c.compared, c.compareTensor(t, g, noise, rise))
	}
}

// compareTensor compares tensor t's gradient. A layer that looks x up in a table may
// panic at an x that is moved: then no element of dx is compared.
func (c *layerCheck[T]) compareTensor(t int, g vector, noise float64, rise func() vector) (k *comparison) {
	data := c.data(t).Data
	indices := choose(len(data), sampled, c.src)
	defer func() {
		if t == 0 && recover() != nil {
			k = &comparison{size: len(data)}
		}
	}()
	return compare(data, g, indices, noise, rise)
}

// checkAdds: the second of two Backwards adds to what the first left.
func (c *layerCheck[T]) checkAdds() {
	other := tensor.New[T](c.r.Rows, c.r.Cols)
	tensor.Uniform(other.Data, 1, c.src)
	second, both := c.backward(c.x, other), c.backward(c.x, c.r, other)
	for t := 1; t < len(both.grads); t++ {
		first, last, sum := c.once.grads[t], second.grads[t], both.grads[t]
		if sum.plus(-1, first.plus(1, last)).largest() <= 1e4*epsilon[T]()*max(first.largest(), last.largest()) || !c.once.has[t] {
			continue
		}
		// What of the first is left? Divided along with the second it has been named.
		left := sum.plus(-1, last).ratio(first)
		if c.divides(t, left) {
			continue
		}
		c.add(mistake{rule: "gradient/overwritten", tensors: []string{c.name(t)},
			evidence: []string{fmt.Sprintf("after two Backwards %.3g times the first gradient is left", left)},
			cause:    "Backward does not add its gradient to the one that is there",
			cure:     "add to Param.Grad (+=), or let the operation do it with the beta that GradTo returns"})
	}
}

// choose returns n indices below size, one from each part of equal length, or all if
// there are not more.
func choose(size, n int, src rand.Source) []int {
	n = min(size, n)
	rng := rand.New(src)
	indices := make([]int, n)
	for i := range indices {
		lo, hi := i*size/n, (i+1)*size/n
		indices[i] = lo + int(rng.Uint64N(uint64(hi-lo)))
	}
	return indices
}

func clone[T tensor.Float](x *tensor.Tensor[T]) *tensor.Tensor[T] {
	return new(tensor.Tensor[T]).Copy(x)
}

// multiplied returns f*x.
func multiplied[T tensor.Float](x *tensor.Tensor[T], f T) *tensor.Tensor[T] {
	y := clone(x)
	for i := range y.Data {
		y.Data[i] *= f
	}
	return y
}

func sameBits[T tensor.Float](x, y []T) bool {
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if math.Float64bits(float64(x[i])) != math.Float64bits(float64(y[i])) {
			return false
		}
	}
	return true
}

func allFinite[T tensor.Float](x []T) bool {
	for _, v := range x {
		if !finite(v) {
			return false
		}
	}
	return true
}
