package layers

import (
	"math/rand/v2"
	"strconv"

	"github.com/db75a6f2/downhill"
	"github.com/db75a6f2/downhill/tensor"
)

// Dense is a fully connected layer: y = x*W + b, with x of batch x in, W of in x
// out and the bias b added to every row.
//
// W is kept [in, out], so that forward is a product of two matrices as they lie.
// Files have it [out, in], as PyTorch's Linear does.
type Dense[T tensor.Float] struct {
	weight, bias *tensor.Param[T]
	params       []*tensor.Param[T] // both
}

// NewDense returns a layer from in to out values, with weights by
// [tensor.HeNormal] from src and biases of 0. Other weights are an assignment away:
//
//	tensor.XavierUniform(d.Weight().Value, src)
//
// It panics on a width below 1.
func NewDense[T tensor.Float](src rand.Source, in, out int) *Dense[T] {
	if in < 1 || out < 1 {
		panic("layers: NewDense: from " + strconv.Itoa(in) + " to " + strconv.Itoa(out) + " values")
	}
	d := newDense[T](in, out)
	tensor.HeNormal(d.weight.Value, src)
	return d
}

// newDense returns a layer of zeros.
func newDense[T tensor.Float](in, out int) *Dense[T] {
	d := &Dense[T]{weight: tensor.NewParam[T]("weight", in, out), bias: tensor.NewParam[T]("bias", 1, out)}
	d.params = []*tensor.Param[T]{d.weight, d.bias}
	return d
}

// Weight returns W, of in x out. It belongs to the layer.
func (d *Dense[T]) Weight() *tensor.Param[T] { return d.weight }

// Bias returns b, of 1 x out. It belongs to the layer.
func (d *Dense[T]) Bias() *tensor.Param[T] { return d.bias }

// Forward implements Layer.
func (d *Dense[T]) Forward(y, x *tensor.Tensor[T]) {
	d.linear(y, x)
	tensor.AddRow(y, d.bias.Value)
}

// linear is Forward without the bias.
func (d *Dense[T]) linear(y, x *tensor.Tensor[T]) {
	if in, _ := d.Size(); x.Cols != in {
		panic("layers: " + d.Describe() + ": x is " + shape(x))
	}
	tensor.MatMul(y, x, d.weight.Value)
}

// Backward implements Layer: dW += x^T*dy, db += the sum of dy's rows, dx = dy*W^T.
// It does not need y.
func (d *Dense[T]) Backward(dx, dy, x, y *tensor.Tensor[T]) {
	d.checkBackward(dy, x)
	dw, beta := d.weight.GradTo()
	tensor.TMatMul(dw, x, dy, beta)
	db, beta := d.bias.GradTo()
	tensor.SumRows(db, dy, beta)
	if dx != nil {
		tensor.MatMulT(dx, dy, d.weight.Value)
	}
}

// block is the number of k's of one block of [downhill.Gemm]: of more rows than that,
// every block would be rounded into the weights by itself.
const block = 256

// backwardStep is Backward followed by w -= lr*g, to the same bits: dW = x^T*dy is not
// written down, but goes into W as it leaves the registers. dx comes from the weights
// before the step.
func (d *Dense[T]) backwardStep(dx, dy, x *tensor.Tensor[T], lr T) {
	if dy.Rows > block || d.weight.HasGrad() || lr == 0 { // Gemm skips a factor of 0
		d.Backward(dx, dy, x, nil)
		descend(d.params, lr)
		return
	}
	d.checkBackward(dy, x)
	if dx != nil {
		tensor.MatMulT(dx, dy, d.weight.Value)
	}
	w := d.weight.Value
	downhill.Gemm(downhill.Trans, downhill.NoTrans, w.Rows, w.Cols, x.Rows, -lr, x.Data, x.Cols, dy.Data, dy.Cols, 1, w.Data, w.Cols)
	db, beta := d.bias.GradTo()
	tensor.SumRows(db, dy, beta)
	descend(d.params[1:], lr)
}

// checkBackward panics unless the shapes of a Backward fit.
func (d *Dense[T]) checkBackward(dy, x *tensor.Tensor[T]) {
	if in, out := d.Size(); dy.Cols != out || x.Cols != in || dy.Rows != x.Rows {
		panic("layers: " + d.Describe() + ": Backward: dy is " + shape(dy) + ", x is " + shape(x))
	}
}

// Params returns the weight and the bias.
func (d *Dense[T]) Params() []*tensor.Param[T] { return d.params }

// Size implements Sizer.
func (d *Dense[T]) Size() (in, out int) { return d.weight.Value.Rows, d.weight.Value.Cols }

// Describe returns "dense IN OUT".
func (d *Dense[T]) Describe() string {
	in, out := d.Size()
	return "dense " + strconv.Itoa(in) + " " + strconv.Itoa(out)
}

// shape is a tensor's shape in a panic message.
func shape[T tensor.Float](t *tensor.Tensor[T]) string {
	return strconv.Itoa(t.Rows) + "x" + strconv.Itoa(t.Cols)
}
