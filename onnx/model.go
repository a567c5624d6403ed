package onnx

import (
	"bufio"
	"fmt"
	"io"
	"math"

	"github.com/db75a6f2/downhill/tensor"
)

// The versions of the format and of the operators. Newer ones have nothing that the
// layers need, and older tools refuse them.
const (
	irVersion = 8
	opset     = 13
)

// maxSize is what a protobuf message may take, by its specification.
const maxSize = math.MaxInt32

// node is an operator.
type node struct {
	name, op string
	inputs   []string // values or initialisers
	output   string
	alpha    float32 // its attribute of that name, or 0 if it has none
}

// initialiser is a tensor of the model.
type initialiser[T tensor.Float] struct {
	name string
	dims []int
	data []T
}

// model is what a file holds.
type model[T tensor.Float] struct {
	nodes    []node
	tensors  []initialiser[T]
	in, out  int // widths of input and output
	metadata [][2]string
}

// write writes the model. The numbers and names below are those of the messages and
// fields in onnx.proto (github.com/onnx/onnx).
//
// A message is preceded by its length, so that the sizes of the tensors are needed before
// the first byte is written, but not their bytes.
func (m *model[T]) write(w io.Writer) error {
	code, width := elementType[T]()

	// GraphProto: node 1, name 2, initializer 5, input 11, output 12.
	var start, end []byte
	for i := range m.nodes {
		start = appendBytes(start, 1, m.nodes[i].encode())
	}
	start = appendBytes(start, 2, "network")
	end = appendBytes(end, 11, valueInfo(inputName, code, m.in))
	end = appendBytes(end, 12, valueInfo(outputName, code, m.out))

	size := uint64(len(start) + len(end))
	heads := make([][]byte, len(m.tensors))
	for i, t := range m.tensors {
		// TensorProto: dims 1, data_type 2, name 8, raw_data 9.
		var head []byte
		for _, dim := range t.dims {
			head = appendInt(head, 1, dim)
		}
		head = appendInt(head, 2, code)
		head = appendBytes(head, 8, t.name)
		raw := uint64(len(t.data)) * width
		head = appendLength(head, 9, raw)
		heads[i] = append(appendLength(nil, 5, uint64(len(head))+raw), head...)
		size += uint64(len(heads[i])) + raw
	}

	// ModelProto: ir_version 1, producer_name 2, graph 7, opset_import 8 of
	// OperatorSetIdProto: domain 1 and version 2, metadata_props 14 of
	// StringStringEntryProto: key 1 and value 2.
	before := appendInt(nil, 1, irVersion)
	before = appendBytes(before, 2, "downhill")
	before = appendLength(before, 7, size)
	after := appendBytes(nil, 8, appendInt(appendBytes(nil, 1, ""), 2, opset))
	for _, p := range m.metadata {
		after = appendBytes(after, 14, appendBytes(appendBytes(nil, 1, p[0]), 2, p[1]))
	}
	if total := size + uint64(len(before)+len(after)); total > maxSize {
		return fmt.Errorf("onnx: a model of %d bytes, at most %d fit into the format", total, maxSize)
	}

	b := bufio.NewWriter(w) // which keeps the first error
	b.Write(before)
	b.Write(start)
	for i, t := range m.tensors {
		b.Write(heads[i])
		writeValues(b, t.data)
	}
	b.Write(end)
	b.Write(after)
	return b.Flush()
}

// encode returns the NodeProto: input 1, output 2, name 3, op_type 4, attribute 5 of
// AttributeProto: name 1, f 2, type 20, of which FLOAT is 1.
func (n *node) encode() []byte {
	var buf []byte
	for _, name := range n.inputs {
		buf = appendBytes(buf, 1, name)
	}
	buf = appendBytes(buf, 2, n.output)
	buf = appendBytes(buf, 3, n.name)
	buf = appendBytes(buf, 4, n.op)
	if n.alpha != 0 {
		attribute := appendFloat(appendBytes(nil, 1, "alpha"), 2, n.alpha)
		buf = appendBytes(buf, 5, appendInt(attribute, 20, 1))
	}
	return buf
}

// valueInfo returns the ValueInfoProto of a batch of rows: name 1, type 2 of TypeProto:
// tensor_type 1 of elem_type 1 and shape 2 of TensorShapeProto: dim 1 of dim_value 1 or
// dim_param 2.
func valueInfo(name string, code, cols int) []byte {
	shape := appendBytes(nil, 1, appendBytes(nil, 2, "batch"))
	shape = appendBytes(shape, 1, appendInt(nil, 1, cols))
	kind := appendBytes(appendInt(nil, 1, code), 2, shape)
	return appendBytes(appendBytes(nil, 1, name), 2, appendBytes(nil, 1, kind))
}

// elementType returns TensorProto's code of T, FLOAT or DOUBLE, and its size in bytes.
func elementType[T tensor.Float]() (code int, size uint64) {
	if _, single := any(T(0)).(float32); single {
		return 1, 4
	}
	return 11, 8
}

// writeValues writes values, little-endian.
func writeValues[T tensor.Float](b *bufio.Writer, values []T) {
	const some = 256
	var buf [8 * some]byte
	for len(values) > 0 {
		n := min(some, len(values))
		part := buf[:0]
		switch values := any(values[:n]).(type) {
		case []float32:
			for _, v := range values {
				part = appendUint32(part, math.Float32bits(v))
			}
		case []float64:
			for _, v := range values {
				bits := math.Float64bits(v)
				part = appendUint32(appendUint32(part, uint32(bits)), uint32(bits>>32))
			}
		}
		b.Write(part)
		values = values[n:]
	}
}
