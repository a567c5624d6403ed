// Package layertest tests layers: one line checks that a layer keeps the contract of
// layers.Layer, its gradients above all.
//
//	func TestMine(t *testing.T) {
//		layertest.Check(t, &mine[float64]{...}, 5)
//	}
package layertest

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/db75a6f2/downhill/internal/gradcheck"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// Tolerance is how far an analytic gradient may be from the numeric one, as a share of
// the tensor's largest.
const Tolerance = 1e-6

// Check tests a layer that takes rows of cols numbers. It refuses a layers.Trainer, whose
// Backward belongs to a ForwardTrain that gives something else every time. It tests:
//
//   - gradients with respect to inputs and parameters against central differences
//   - Forward and Backward leave their inputs alone and give the same every time
//   - Backward adds to the gradients, and does without dx
//   - y and dx do not depend on what their memory held before
//   - a sample's result does not depend on the rest of its batch, of whatever size
//
// A failure says which tensor and which element. Only float64 shows whether a gradient
// is right.
func Check(t testing.TB, l layers.Layer[float64], cols int) {
	t.Helper()
	if _, ok := l.(layers.Trainer[float64]); ok {
		t.Errorf("%T is a layers.Trainer: its Backward belongs to ForwardTrain, which gives something else every time", l)
		return
	}
	src := rand.NewPCG(1, 2)
	x := tensor.New[float64](5, cols)
	tensor.Uniform(x.Data, 2, src)
	for _, g := range gradcheck.Layer(l, x, src) {
		if i, off := g.Worst(); off > Tolerance {
			t.Errorf("gradient of %s: element %d is %v, but the difference quotient is %v", g.Name, i, g.Analytic[i], g.Numeric[i])
		}
	}
	checkRepeats(t, l, x)
	checkMemory(t, l, x)
	checkAdds(t, l, x)
	checkRows(t, l, x)
}

// pass is one Forward and Backward from a copy of x, with dy all sines, and what came
// of them.
type pass struct {
	x, y, dy, dx tensor.Tensor[float64]
	grads        [][]float64
}

func run(l layers.Layer[float64], x *tensor.Tensor[float64], firstRow int) *pass {
	return new(pass).run(l, x, firstRow)
}

// run does it again, in the memory of the pass before.
func (p *pass) run(l layers.Layer[float64], x *tensor.Tensor[float64], firstRow int) *pass {
	p.grads = nil
	p.x.Copy(x)
	l.Forward(&p.y, &p.x)
	p.dy.Resize(p.y.Rows, p.y.Cols)
	for i := range p.dy.Data {
		p.dy.Data[i] = math.Sin(float64(i + 1 + firstRow*p.y.Cols))
	}
	for _, param := range l.Params() {
		param.ClearGrad()
	}
	l.Backward(&p.dx, new(tensor.Tensor[float64]).Copy(&p.dy), &p.x, &p.y)
	for _, param := range l.Params() {
		p.grads = append(p.grads, append([]float64(nil), param.Grad().Data...))
		param.ClearGrad()
	}
	return p
}

// checkRepeats: nothing but the results changes, and they are the same again.
func checkRepeats(t testing.TB, l layers.Layer[float64], x *tensor.Tensor[float64]) {
	t.Helper()
	a, b := run(l, x, 0), run(l, x, 0)
	if !equal(a.x.Data, x.Data) {
		t.Errorf("Forward or Backward changed x")
	}
	var y tensor.Tensor[float64]
	l.Forward(&y, x)
	if !equal(a.y.Data, y.Data) {
		t.Errorf("Backward changed y, or Forward gives another result the second time")
	}
	if a.dx.Rows != x.Rows || a.dx.Cols != x.Cols {
		t.Errorf("dx is %dx%d, x is %dx%d", a.dx.Rows, a.dx.Cols, x.Rows, x.Cols)
	}
	if !equal(a.dx.Data, b.dx.Data) {
		t.Errorf("Backward gives another dx the second time")
	}
	for i, p := range l.Params() {
		if !equal(a.grads[i], b.grads[i]) {
			t.Errorf("Backward gives another gradient of %s the second time", p.Name)
		}
	}
}

// checkMemory: a network hands a layer the same memory every time, and Resize does not
// clear it.
func checkMemory(t testing.TB, l layers.Layer[float64], x *tensor.Tensor[float64]) {
	t.Helper()
	fresh, used := run(l, x, 0), run(l, x, 0)
	for _, old := range [][]float64{used.y.Data, used.dx.Data} {
		for i := range old {
			old[i] = 1234.5
		}
	}
	used.run(l, x, 0)
	if !equal(used.y.Data, fresh.y.Data) {
		t.Errorf("Forward adds to what y held before, or leaves some of it as it was")
	}
	if !equal(used.dx.Data, fresh.dx.Data) && equal(used.y.Data, fresh.y.Data) {
		t.Errorf("Backward adds to what dx held before, or leaves some of it as it was")
	}
}

// checkAdds: two Backwards give twice the gradient, dx or not.
func checkAdds(t testing.TB, l layers.Layer[float64], x *tensor.Tensor[float64]) {
	t.Helper()
	once := run(l, x, 0)
	for range 2 {
		l.Backward(nil, new(tensor.Tensor[float64]).Copy(&once.dy), &once.x, &once.y)
	}
	for i, p := range l.Params() {
		for j, g := range p.Grad().Data {
			if !near(g, 2*once.grads[i][j]) {
				t.Errorf("two Backwards give %v for element %d of %s, one gives %v: Backward must add", g, j, p.Name, once.grads[i][j])
				break
			}
		}
		p.ClearGrad()
	}
}

// checkRows: a batch cut in two, one part of which may be empty, gives the same rows
// and gradients that sum to the same.
func checkRows(t testing.TB, l layers.Layer[float64], x *tensor.Tensor[float64]) {
	t.Helper()
	whole := run(l, x, 0)
	for _, cut := range []int{0, 1, 3} {
		upper, lower := x.Slice(0, cut), x.Slice(cut, x.Rows)
		a, b := run(l, &upper, 0), run(l, &lower, cut)
		if !nearAll(append(a.y.Data, b.y.Data...), whole.y.Data) || !nearAll(append(a.dx.Data, b.dx.Data...), whole.dx.Data) {
			t.Errorf("a batch of %d rows, cut after row %d, gives other results", x.Rows, cut)
		}
		for i, p := range l.Params() {
			for j := range whole.grads[i] {
				if !near(a.grads[i][j]+b.grads[i][j], whole.grads[i][j]) {
					t.Errorf("gradient of %s, element %d: %v and %v for the parts of a batch, %v for the whole; gradients are sums over the rows",
						p.Name, j, a.grads[i][j], b.grads[i][j], whole.grads[i][j])
					break
				}
			}
		}
	}
}

func equal(x, y []float64) bool {
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i] != y[i] {
			return false
		}
	}
	return true
}

func nearAll(x, y []float64) bool {
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if !near(x[i], y[i]) {
			return false
		}
	}
	return true
}

func near(x, y float64) bool { return math.Abs(x-y) <= 1e-9*(1+math.Abs(y)) }
