package onnx

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// The names of what goes into the model and comes out.
const (
	inputName  = "input"
	outputName = "output"
)

// Export writes the network to w, as inference needs it; see the package's documentation
// for what becomes of the layers. It reads the weights, so it must not run beside
// training.
//
// It returns an error, and writes nothing, if the network has no layers or one that is
// not of package layers, if nothing says how wide its input is, if its parts do not fit
// together (see [layers.Sequential.Check]), if the name of a class is not UTF-8, or if the
// model would take 2 GiB or more. Other errors are those of w.
func Export[T tensor.Float](w io.Writer, net *layers.Sequential[T]) error {
	b := builder[T]{last: inputName, dense: map[*layers.Dense[T]]int{}}
	if len(net.Layers()) == 0 {
		return errors.New("onnx: the network has no layers")
	}
	if a := net.Standardise; a != nil {
		if err := b.standardise(a); err != nil {
			return err
		}
	}
	for i, l := range net.Layers() {
		if err := b.layer(i, l); err != nil {
			return err
		}
	}
	if b.out == 0 {
		return errors.New("onnx: the width of the input is unknown: no layer is a dense one, and the network does not standardise")
	}
	if err := net.Check(); err != nil {
		return fmt.Errorf("onnx: %s", strings.TrimPrefix(err.Error(), "layers: "))
	}
	b.nodes[len(b.nodes)-1].output = outputName
	for i, name := range net.Classes {
		if !utf8.ValidString(name) {
			return fmt.Errorf("onnx: the name of class %d, %q, is not UTF-8", i, name)
		}
		b.metadata = append(b.metadata, [2]string{"class." + strconv.Itoa(i), name})
	}
	return b.write(w)
}

// builder makes a model of a network, layer by layer.
type builder[T tensor.Float] struct {
	model[T]
	last  string                   // the value that the next layer takes
	dense map[*layers.Dense[T]]int // the first place of each
}

// standardise adds what raw inputs undergo. Mean and scale stay two operations, as a
// product with 1/scale would be rounded otherwise.
func (b *builder[T]) standardise(a *tensor.Affine[T]) error {
	n := len(a.Mean)
	if n == 0 || len(a.Scale) != n {
		return fmt.Errorf("onnx: the standardisation has %d means and %d scales", n, len(a.Scale))
	}
	b.in, b.out = n, n
	b.node("standardise.sub", "Sub", b.last, b.tensor("standardise.mean", a.Mean, n))
	b.node("standardise.div", "Div", b.last, b.tensor("standardise.scale", a.Scale, n))
	return nil
}

// layer adds layer i. Only the exact types are known: a type that embeds one of them may
// have a Forward of its own.
func (b *builder[T]) layer(i int, l layers.Layer[T]) error {
	switch l := l.(type) {
	case *layers.Dense[T]:
		return b.addDense(i, l)
	case *layers.ReLU[T]:
		b.node(numbered(i, "relu"), "Relu", b.last)
	case *layers.Sigmoid[T]:
		b.node(numbered(i, "sigmoid"), "Sigmoid", b.last)
	case *layers.Tanh[T]:
		b.node(numbered(i, "tanh"), "Tanh", b.last)
	case *layers.LeakyReLU[T]:
		b.leakyReLU(i, l)
	case *layers.Dropout[T]:
	default:
		return fmt.Errorf("onnx: layer %s cannot be exported: its type is %T, not one of package layers", describe(i, l), l)
	}
	return nil
}

// addDense adds a Gemm, and the parameters where the layer stands for the first time.
func (b *builder[T]) addDense(i int, d *layers.Dense[T]) error {
	weight, bias := d.Weight().Value, d.Bias().Value
	in, out := d.Size()
	switch {
	case bias.Rows != 1 || bias.Cols != out:
		return fmt.Errorf("onnx: layer %s: its bias is %dx%d", describe[T](i, d), bias.Rows, bias.Cols)
	case b.in == 0:
		b.in = in
	case b.out != in:
		return fmt.Errorf("onnx: layer %s takes %d values, but gets %d", describe[T](i, d), in, b.out)
	}
	b.out = out
	first, again := b.dense[d]
	if !again {
		// Params have these names too, but those of the last network that they are in.
		b.dense[d], first = i, i
		b.tensor(numbered(i, "weight"), weight.Data, in, out)
		b.tensor(numbered(i, "bias"), bias.Data, out)
	}
	b.node(numbered(i, "dense"), "Gemm", b.last, numbered(first, "weight"), numbered(first, "bias"))
	return nil
}

// leakyReLU adds a LeakyRelu, or max(x, slope*x) in float64.
func (b *builder[T]) leakyReLU(i int, l *layers.LeakyReLU[T]) {
	if slope, single := any(l.Slope()).(float32); single {
		b.node(numbered(i, "leakyrelu"), "LeakyRelu", b.last)
		b.nodes[len(b.nodes)-1].alpha = slope
		return
	}
	x := b.last
	b.node(numbered(i, "leakyrelu.mul"), "Mul", x, b.tensor(numbered(i, "slope"), []T{l.Slope()}, 1))
	b.node(numbered(i, "leakyrelu.max"), "Max", x, b.last)
}

// node adds an operator, whose output has its name and is what the next layer takes.
func (b *builder[T]) node(name, op string, inputs ...string) {
	b.nodes = append(b.nodes, node{name: name, op: op, inputs: inputs, output: name})
	b.last = name
}

// tensor adds an initialiser and returns its name.
func (b *builder[T]) tensor(name string, data []T, dims ...int) string {
	b.tensors = append(b.tensors, initialiser[T]{name, dims, data})
	return name
}

// numbered is the name of something that belongs to layer i.
func numbered(i int, name string) string { return strconv.Itoa(i) + "." + name }

// describe names layer i in a message.
func describe[T tensor.Float](i int, l layers.Layer[T]) string {
	if d, ok := l.(layers.Describer); ok {
		return strconv.Itoa(i) + " (" + d.Describe() + ")"
	}
	return strconv.Itoa(i)
}
