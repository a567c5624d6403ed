// Package gradcheck compares gradients with differences, in float64: what Backward
// says the loss does when a number changes, with what the loss does.
package gradcheck

import (
	"math"
	"math/rand/v2"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// step is how far a number is moved to either side. The error of a central difference
// is some step^2 from the third derivative and 1e-16/step from rounding.
const step = 1e-5

// Gradient is the gradient with respect to one tensor: from Backward, and from
// central differences. Numeric is NaN where the function has a kink within a step,
// like ReLU at 0: no derivative is wrong there.
type Gradient struct {
	Name              string
	Analytic, Numeric []float64
}

// Worst returns the index at which the two differ most, and that difference as a share
// of the largest numeric gradient (of 1e-3 if that is larger). A NaN in Analytic is
// infinitely far off.
func (g Gradient) Worst() (index int, off float64) {
	largest := 1e-3
	for i, n := range g.Numeric {
		if math.IsNaN(n) {
			continue
		}
		largest = max(largest, math.Abs(n))
		d := math.Abs(g.Analytic[i] - n)
		if math.IsNaN(d) {
			d = math.Inf(1)
		}
		if d > off {
			index, off = i, d
		}
	}
	return index, off / largest
}

// Layer checks a layer's Backward at x, for the loss sum(r*y) with random r: the
// gradients with respect to x and to every parameter, which it leaves cleared.
func Layer(l layers.Layer[float64], x *tensor.Tensor[float64], src rand.Source) []Gradient {
	var y, dx tensor.Tensor[float64]
	l.Forward(&y, x)
	r := tensor.New[float64](y.Rows, y.Cols)
	tensor.Uniform(r.Data, 1, src)
	loss := func() float64 {
		l.Forward(&y, x)
		return dot(r.Data, y.Data)
	}
	return check(loss, "x", x.Data, l.Params(), func() []float64 {
		l.Backward(&dx, new(tensor.Tensor[float64]).Copy(r), x, &y)
		return dx.Data
	})
}

// Loss checks the gradient of a loss at pred.
func Loss(l layers.Loss[float64], pred, target *tensor.Tensor[float64]) Gradient {
	var grad tensor.Tensor[float64]
	value := func() float64 { return l.Loss(&grad, pred, target) }
	return check(value, "pred", pred.Data, nil, func() []float64 {
		return append([]float64(nil), grad.Data...)
	})[0]
}

// Network checks a network under a loss: the gradients of all parameters, which it
// leaves cleared. The network must do the same at every Forward.
func Network(net *layers.Sequential[float64], loss layers.Loss[float64], x, target *tensor.Tensor[float64]) []Gradient {
	var grad tensor.Tensor[float64]
	value := func() float64 { return loss.Loss(&grad, net.Forward(x), target) }
	return check(value, "", nil, net.Params(), func() []float64 {
		net.Backward(&grad)
		return nil
	})
}

// check runs loss and then backward, which returns the gradient of input, and compares
// that and the gradients of params with differences of loss.
func check(loss func() float64, name string, input []float64, params []*tensor.Param[float64], backward func() []float64) []Gradient {
	for _, p := range params {
		p.ClearGrad()
	}
	loss()
	var all []Gradient
	if analytic := backward(); name != "" {
		all = append(all, Gradient{name, analytic, differences(loss, input)})
	}
	for _, p := range params {
		analytic := append([]float64(nil), p.Grad().Data...)
		all = append(all, Gradient{p.Name, analytic, differences(loss, p.Value.Data)})
		p.ClearGrad()
	}
	return all
}

// differences is the numeric gradient of f with respect to x.
func differences(f func() float64, x []float64) []float64 {
	g, bend := make([]float64, len(x)), make([]float64, len(x))
	middle, largest := f(), 0.0
	for i, v := range x {
		x[i] = v + step
		above := f()
		x[i] = v - step
		below := f()
		x[i] = v
		g[i] = (above - below) / (2 * step)
		bend[i] = math.Abs((above-middle)-(middle-below)) / step
		largest = max(largest, math.Abs(g[i]))
	}
	for i := range g {
		if bend[i] > 1e-3*largest { // a smooth function bends by some step*largest
			g[i] = math.NaN()
		}
	}
	return g
}

func dot(x, y []float64) float64 {
	sum := 0.0
	for i, v := range x {
		sum += float64(v * y[i])
	}
	return sum
}
