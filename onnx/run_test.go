package onnx

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/db75a6f2/downhill/tensor"
)

// array is a value while a model runs.
type array struct {
	dims []int
	v    []float64
}

// floats returns the elements of an initialiser.
func (s stored) floats(t *testing.T) array {
	a := array{dims: s.dims}
	for raw := s.raw; len(raw) > 0; {
		if s.code == 1 {
			a.v = append(a.v, float64(math.Float32frombits(binary.LittleEndian.Uint32(raw))))
			raw = raw[4:]
		} else {
			a.v = append(a.v, math.Float64frombits(binary.LittleEndian.Uint64(raw)))
			raw = raw[8:]
		}
	}
	n := 1
	for _, dim := range s.dims {
		n *= dim
	}
	if n != len(a.v) {
		t.Fatalf("%d elements of shape %v", len(a.v), s.dims)
	}
	return a
}

// run executes a model in float64, by the text of the operators' specification at
// operator set 13, and knows nothing else. Values must be defined once, before their use.
func (f *file) run(t *testing.T, x array) array {
	t.Helper()
	values := map[string]array{"input": x}
	for name, s := range f.tensors {
		if s.code != f.code {
			t.Fatalf("initialiser %s is of type %d, the input of type %d", name, s.code, f.code)
		}
		values[name] = s.floats(t)
	}
	names := map[string]bool{}
	for _, n := range f.nodes {
		if n.name == "" || names[n.name] {
			t.Fatalf("node %q occurs twice, or has no name", n.name)
		}
		names[n.name] = true
		var in []array
		for _, name := range n.inputs {
			a, known := values[name]
			if !known {
				t.Fatalf("node %s takes %q, which nothing gives", n.name, name)
			}
			in = append(in, a)
		}
		if _, known := values[n.output]; known {
			t.Fatalf("node %s gives %q once more", n.name, n.output)
		}
		arity := map[string]int{"Sub": 2, "Div": 2, "Mul": 2, "Max": 2, "Gemm": 3}[n.op]
		if want := max(1, arity); len(in) != want {
			t.Fatalf("%s takes %d inputs, want %d", n.op, len(in), want)
		}
		if n.alpha != 0 && n.op != "LeakyRelu" {
			t.Fatalf("%s has an attribute", n.op)
		}
		values[n.output] = operate(t, n, in)
	}
	y, known := values["output"]
	if !known {
		t.Fatal("nothing gives the output")
	}
	return y
}

// operate computes one operator.
func operate(t *testing.T, n node, in []array) array {
	binary := func(f func(a, b float64) float64) array {
		a, b := in[0], in[1]
		y := array{a.dims, make([]float64, len(a.v))}
		for i := range y.v {
			// b is of a's shape, or broadcast along the rows, or a single element.
			y.v[i] = f(a.v[i], b.v[i%len(b.v)])
		}
		if last := b.dims[len(b.dims)-1]; last != 1 && last != a.dims[1] {
			t.Fatalf("%s of %v and %v", n.op, a.dims, b.dims)
		}
		return y
	}
	unary := func(f func(x float64) float64) array {
		y := array{in[0].dims, make([]float64, len(in[0].v))}
		for i, x := range in[0].v {
			y.v[i] = f(x)
		}
		return y
	}
	switch n.op {
	case "Sub":
		return binary(func(a, b float64) float64 { return a - b })
	case "Div":
		return binary(func(a, b float64) float64 { return a / b })
	case "Mul":
		return binary(func(a, b float64) float64 { return a * b })
	case "Max":
		return binary(math.Max)
	case "Relu":
		return unary(func(x float64) float64 { return math.Max(x, 0) })
	case "LeakyRelu":
		return unary(func(x float64) float64 {
			if x < 0 {
				return float64(n.alpha) * x
			}
			return x
		})
	case "Sigmoid":
		return unary(func(x float64) float64 { return 1 / (1 + math.Exp(-x)) })
	case "Tanh":
		return unary(math.Tanh)
	case "Gemm": // transA = transB = 0, alpha = beta = 1
		a, b, c := in[0], in[1], in[2]
		if len(b.dims) != 2 || a.dims[1] != b.dims[0] || len(c.dims) != 1 || c.dims[0] != b.dims[1] {
			t.Fatalf("Gemm of %v, %v and %v", a.dims, b.dims, c.dims)
		}
		y := array{[]int{a.dims[0], b.dims[1]}, nil}
		for i := range a.dims[0] {
			for j := range b.dims[1] {
				sum := c.v[j]
				for k := range b.dims[0] {
					sum += a.v[i*b.dims[0]+k] * b.v[k*b.dims[1]+j]
				}
				y.v = append(y.v, sum)
			}
		}
		return y
	}
	t.Fatalf("operator %s", n.op)
	return array{}
}

// rows is a tensor as the input of a model.
func rows[T tensor.Float](x *tensor.Tensor[T]) array {
	a := array{[]int{x.Rows, x.Cols}, nil}
	for _, v := range x.Data {
		a.v = append(a.v, float64(v))
	}
	return a
}
