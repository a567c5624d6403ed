package ailments

import (
	"math"
	"math/rand/v2"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// mistake is one that people make in a backward pass or a loss.
type mistake int

const (
	none mistake = iota

	upstreamDerivative // act'(dy) for dy*act'(z)
	outputDerivative   // dy*act'(y) for dy*act'(z)
	squareOfSum        // 1 - z*z for the derivative of tanh, which is 1 - y*y
	sigmoidForTanh     // y*(1-y), the derivative of sigmoid, with tanh
	noDerivative       // dy for dy*act'(z)
	biasOfUpstream     // db summed from dy
	biasNotAdded       // db never touched
	biasOfOneRow       // db is the last row of dz
	biasNegative
	byWidth        // dw and db divided by the number of features
	byBatch        // dw and db divided by the batch, which the loss has done already
	weightOfOneRow // dw from the first sample only
	weightZero     // dw computed into a copy
	weightNegative
	weightTurned  // dw is dz^T*x, which fits if the weight is square
	weightWritten // dw and db written, not added
	inputTurned   // dx is dz*W, which fits if the weight is square
	inputOfUpstream
	inputNegative
	inputZero
	inputTwice       // dx doubled
	inputAfterUpdate // dx from the weights as they will be after the step
	updateInPlace    // the layer changes its weights itself, before dx
)

// function is an activation with its derivative at the sum.
type function struct{ f, derivative func(float64) float64 }

var (
	ownTanh    = function{math.Tanh, func(z float64) float64 { return 1 - math.Tanh(z)*math.Tanh(z) }}
	ownSigmoid = function{logistic, func(z float64) float64 { return logistic(z) * (1 - logistic(z)) }}
	ownLinear  = function{func(z float64) float64 { return z }, func(float64) float64 { return 1 }}
	ownReLU    = function{func(z float64) float64 { return max(z, 0) }, func(z float64) float64 {
		if z > 0 {
			return 1
		}
		return 0
	}}
)

func logistic(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// ownDense is a dense layer with its activation in it, as people write it.
type ownDense[T tensor.Float] struct {
	weight, bias *tensor.Param[T]
	act          function
	made         mistake
	lr           float64 // that the weights will be updated with
}

func newOwnDense[T tensor.Float](src rand.Source, in, out int, act function, made mistake, lr float64) *ownDense[T] {
	d := &ownDense[T]{tensor.NewParam[T]("weight", in, out), tensor.NewParam[T]("bias", 1, out), act, made, lr}
	tensor.XavierNormal(d.weight.Value, src)
	return d
}

// sums is z = x*W + b.
func (d *ownDense[T]) sums(z, x *tensor.Tensor[T]) {
	tensor.MatMul(z, x, d.weight.Value)
	tensor.AddRow(z, d.bias.Value)
}

func (d *ownDense[T]) Forward(y, x *tensor.Tensor[T]) {
	d.sums(y, x)
	for i, z := range y.Data {
		y.Data[i] = T(d.act.f(float64(z)))
	}
}

func (d *ownDense[T]) Backward(dx, dy, x, y *tensor.Tensor[T]) {
	var z, dz tensor.Tensor[T]
	d.sums(&z, x)
	dz.Resize(dy.Rows, dy.Cols)
	for i, g := range dy.Data {
		dz.Data[i] = T(d.through(float64(g), float64(z.Data[i]), float64(y.Data[i])))
	}
	d.weightGradient(&dz, x)
	d.biasGradient(&dz, dy, x)
	if d.made == updateInPlace {
		descend(d.weight.Value, d.weight.Grad(), d.lr)
	}
	if dx != nil {
		d.inputGradient(dx, &dz, dy)
	}
}

// through is the gradient g of an output y = act(z) carried to z.
func (d *ownDense[T]) through(g, z, y float64) float64 {
	switch d.made {
	case upstreamDerivative:
		return d.act.derivative(g)
	case outputDerivative:
		return g * d.act.derivative(y)
	case squareOfSum:
		return g * (1 - z*z)
	case sigmoidForTanh:
		return g * y * (1 - y)
	case noDerivative:
		return g
	}
	return g * d.act.derivative(z)
}

func (d *ownDense[T]) weightGradient(dz, x *tensor.Tensor[T]) {
	var g tensor.Tensor[T]
	switch tensor.TMatMul(&g, x, dz, 0); d.made {
	case weightTurned:
		tensor.TMatMul(&g, dz, x, 0)
	case weightOfOneRow:
		x0, dz0 := x.Slice(0, min(1, x.Rows)), dz.Slice(0, min(1, x.Rows))
		tensor.TMatMul(&g, &x0, &dz0, 0)
	case byWidth:
		scale(&g, 1/float64(x.Cols))
	case byBatch:
		scale(&g, 1/float64(x.Rows))
	case weightNegative:
		scale(&g, -1)
	case weightZero:
		scale(&g, 0)
	case weightWritten:
		d.weight.Grad().Copy(&g)
		return
	}
	add(d.weight.Grad(), &g)
}

func (d *ownDense[T]) biasGradient(dz, dy, x *tensor.Tensor[T]) {
	var g tensor.Tensor[T]
	switch tensor.SumRows(&g, dz, 0); d.made {
	case biasNotAdded:
		return
	case biasOfUpstream:
		tensor.SumRows(&g, dy, 0)
	case biasOfOneRow:
		last := dz.Slice(max(0, dz.Rows-1), dz.Rows)
		tensor.SumRows(&g, &last, 0)
	case biasNegative:
		scale(&g, -1)
	case byWidth:
		scale(&g, 1/float64(x.Cols))
	case byBatch:
		scale(&g, 1/float64(x.Rows))
	case weightWritten:
		d.bias.Grad().Copy(&g)
		return
	}
	add(d.bias.Grad(), &g)
}

func (d *ownDense[T]) inputGradient(dx, dz, dy *tensor.Tensor[T]) {
	w := new(tensor.Tensor[T]).Copy(d.weight.Value)
	switch d.made {
	case inputAfterUpdate:
		descend(w, d.weight.Grad(), d.lr)
	case inputNegative:
		scale(w, -1)
	case inputTwice:
		scale(w, 2)
	case inputZero:
		scale(w, 0)
	case inputOfUpstream:
		dz = dy
	case inputTurned:
		tensor.MatMul(dx, dz, w)
		return
	}
	tensor.MatMulT(dx, dz, w)
}

func (d *ownDense[T]) Params() []*tensor.Param[T] { return []*tensor.Param[T]{d.weight, d.bias} }

func add[T tensor.Float](sum, x *tensor.Tensor[T]) {
	for i, v := range x.Data {
		sum.Data[i] += v
	}
}

func scale[T tensor.Float](x *tensor.Tensor[T], by float64) {
	for i := range x.Data {
		x.Data[i] *= T(by)
	}
}

func descend[T tensor.Float](w, g *tensor.Tensor[T], lr float64) {
	for i, v := range g.Data {
		w.Data[i] -= T(lr) * v
	}
}

// maskedReLU is a ReLU that remembers where its input was positive, in memory that may
// be another layer's too.
type maskedReLU[T tensor.Float] struct{ mask *[]bool }

func (r maskedReLU[T]) Forward(y, x *tensor.Tensor[T]) {
	y.Copy(x)
	*r.mask = (*r.mask)[:0]
	for i, v := range x.Data {
		*r.mask = append(*r.mask, v > 0)
		if !(v > 0) {
			y.Data[i] = 0
		}
	}
}

func (r maskedReLU[T]) Backward(dx, dy, x, y *tensor.Tensor[T]) {
	if dx == nil {
		return
	}
	dx.Copy(dy)
	for i := range dx.Data {
		if !(*r.mask)[i] {
			dx.Data[i] = 0
		}
	}
}

func (r maskedReLU[T]) Params() []*tensor.Param[T] { return nil }

// bareReLU is a ReLU whose Backward forgets it, or is right at 0 in its own way: both
// v > 0 and v >= 0 are subgradients.
type bareReLU[T tensor.Float] struct{ forgets bool }

func (r bareReLU[T]) Forward(y, x *tensor.Tensor[T]) {
	y.Copy(x)
	for i, v := range x.Data {
		y.Data[i] = max(v, 0)
	}
}

func (r bareReLU[T]) Backward(dx, dy, x, y *tensor.Tensor[T]) {
	if dx == nil {
		return
	}
	dx.Copy(dy)
	for i, v := range x.Data {
		if !r.forgets && !(v >= 0) {
			dx.Data[i] = 0
		}
	}
}

func (r bareReLU[T]) Params() []*tensor.Param[T] { return nil }

// softmax is a softmax layer, whose Backward may take it for a function of one number
// each, y*(1-y).
type softmax[T tensor.Float] struct{ single bool }

func (s softmax[T]) Forward(y, x *tensor.Tensor[T]) {
	y.Resize(x.Rows, x.Cols)
	for i := range x.Rows {
		p, sum := y.Row(i), 0.0
		top := x.Row(i)[tensor.ArgMax(x.Row(i))]
		for j, v := range x.Row(i) {
			p[j] = T(math.Exp(float64(v - top)))
			sum += float64(p[j])
		}
		for j := range p {
			p[j] /= T(sum)
		}
	}
}

func (s softmax[T]) Backward(dx, dy, x, y *tensor.Tensor[T]) {
	if dx == nil {
		return
	}
	dx.Resize(y.Rows, y.Cols)
	for i := range y.Rows {
		g, p, mean := dy.Row(i), y.Row(i), T(0)
		for j := range p {
			mean += g[j] * p[j]
		}
		for j := range p {
			if s.single {
				dx.Set(i, j, g[j]*p[j]*(1-p[j]))
			} else {
				dx.Set(i, j, p[j]*(g[j]-mean))
			}
		}
	}
}

func (s softmax[T]) Params() []*tensor.Param[T] { return nil }

// centred takes the mean of each row from it: of a row of one number nothing is left.
type centred[T tensor.Float] struct{}

func (centred[T]) Forward(y, x *tensor.Tensor[T]) {
	y.Copy(x)
	for i := range y.Rows {
		mean, _ := moments(y.Row(i))
		for j := range y.Row(i) {
			y.Row(i)[j] -= T(mean)
		}
	}
}

func (c centred[T]) Backward(dx, dy, x, y *tensor.Tensor[T]) {
	if dx != nil {
		c.Forward(dx, dy)
	}
}

func (centred[T]) Params() []*tensor.Param[T] { return nil }

var (
	_ layers.Layer[float32] = (*ownDense[float32])(nil)
	_ layers.Layer[float32] = maskedReLU[float32]{}
	_ layers.Layer[float32] = bareReLU[float32]{}
	_ layers.Layer[float32] = softmax[float32]{}
	_ layers.Layer[float32] = centred[float32]{}
)
