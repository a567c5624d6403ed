package onnx

import (
	"encoding/binary"
	"fmt"
	"math"
	"testing"
)

// message is a decoded protobuf message: the values of each field in their order, uint64,
// uint32 or []byte.
type message map[uint64][]any

// decode reads a message strictly: canonical varints, no field beyond the end, and none of
// an encoding that the writer does not use.
func decode(data []byte) (message, error) {
	m := message{}
	next := func() (uint64, error) {
		v, n := binary.Uvarint(data)
		if n <= 0 || n != len(binary.AppendUvarint(nil, v)) {
			return 0, fmt.Errorf("no varint in % x", data[:min(10, len(data))])
		}
		data = data[n:]
		return v, nil
	}
	for len(data) > 0 {
		tag, err := next()
		if err != nil {
			return nil, err
		}
		var value any
		switch tag & 7 {
		case varint:
			if value, err = next(); err != nil {
				return nil, err
			}
		case length:
			n, err := next()
			if err != nil || n > uint64(len(data)) {
				return nil, fmt.Errorf("field %d: %d bytes of %d, %v", tag>>3, n, len(data), err)
			}
			value, data = data[:n], data[n:]
		case fixed4:
			if len(data) < 4 {
				return nil, fmt.Errorf("field %d: 4 bytes of %d", tag>>3, len(data))
			}
			value, data = binary.LittleEndian.Uint32(data), data[4:]
		default:
			return nil, fmt.Errorf("field %d has encoding %d", tag>>3, tag&7)
		}
		m[tag>>3] = append(m[tag>>3], value)
	}
	return m, nil
}

// reader decodes the messages of onnx.proto and fails the test on what it does not expect.
type reader struct{ t *testing.T }

// message decodes a message that has only the given fields.
func (r reader) message(data any, fields ...uint64) message {
	r.t.Helper()
	m, err := decode(data.([]byte))
	if err != nil {
		r.t.Fatal(err)
	}
	known := map[uint64]bool{}
	for _, f := range fields {
		known[f] = true
	}
	for f := range m {
		if !known[f] {
			r.t.Fatalf("field %d, want only %d", f, fields)
		}
	}
	return m
}

// one returns the single value of a field.
func one[V any](r reader, m message, field uint64) V {
	r.t.Helper()
	if len(m[field]) != 1 {
		r.t.Fatalf("field %d occurs %d times, want once", field, len(m[field]))
	}
	v, ok := m[field][0].(V)
	if !ok {
		r.t.Fatalf("field %d is a %T", field, m[field][0])
	}
	return v
}

func (r reader) text(m message, field uint64) string {
	r.t.Helper()
	return string(one[[]byte](r, m, field))
}

func (r reader) texts(m message, field uint64) (all []string) {
	for _, v := range m[field] {
		all = append(all, string(v.([]byte)))
	}
	return all
}

// file is a decoded model. Its tensors are kept as their bits.
type file struct {
	nodes     []node
	tensors   map[string]stored
	order     []string // of the tensors
	in, out   [2]string
	code      int // of the types of input and output
	metadata  [][2]string
	graphName string
}

type stored struct {
	code int
	dims []int
	raw  []byte
}

// read decodes a model.
func read(t *testing.T, data []byte) *file {
	t.Helper()
	r := reader{t}
	m := r.message(data, 1, 2, 7, 8, 14)
	if v := one[uint64](r, m, 1); v != 8 {
		t.Errorf("IR version %d, want 8", v)
	}
	if v := r.text(m, 2); v != "downhill" {
		t.Errorf("producer %q", v)
	}
	if o := r.message(one[[]byte](r, m, 8), 1, 2); r.text(o, 1) != "" || one[uint64](r, o, 2) != 13 {
		t.Errorf("operator set %v", o)
	}
	f := &file{tensors: map[string]stored{}}
	for _, p := range m[14] {
		p := r.message(p, 1, 2)
		f.metadata = append(f.metadata, [2]string{r.text(p, 1), r.text(p, 2)})
	}
	g := r.message(one[[]byte](r, m, 7), 1, 2, 5, 11, 12)
	f.graphName = r.text(g, 2)
	for _, n := range g[1] {
		n := r.message(n, 1, 2, 3, 4, 5)
		got := node{name: r.text(n, 3), op: r.text(n, 4), inputs: r.texts(n, 1), output: r.text(n, 2)}
		for _, a := range n[5] {
			a := r.message(a, 1, 2, 20)
			if r.text(a, 1) != "alpha" || one[uint64](r, a, 20) != 1 || len(n[5]) != 1 {
				t.Fatalf("node %s: attribute %v", got.name, a)
			}
			got.alpha = math.Float32frombits(one[uint32](r, a, 2))
		}
		f.nodes = append(f.nodes, got)
	}
	for _, tensor := range g[5] {
		m := r.message(tensor, 1, 2, 8, 9)
		s := stored{code: int(one[uint64](r, m, 2)), raw: one[[]byte](r, m, 9)}
		for _, dim := range m[1] {
			s.dims = append(s.dims, int(dim.(uint64)))
		}
		name := r.text(m, 8)
		if _, twice := f.tensors[name]; twice {
			t.Errorf("initialiser %q occurs twice", name)
		}
		f.tensors[name] = s
		f.order = append(f.order, name)
	}
	var inCode, outCode int
	f.in, inCode = r.value(one[[]byte](r, g, 11), "input")
	f.out, outCode = r.value(one[[]byte](r, g, 12), "output")
	if f.code = inCode; outCode != inCode {
		t.Errorf("input of type %d, output of type %d", inCode, outCode)
	}
	return f
}

// value decodes a ValueInfoProto of two dimensions, of which the first has a name.
func (r reader) value(data []byte, name string) (shape [2]string, code int) {
	r.t.Helper()
	v := r.message(data, 1, 2)
	if r.text(v, 1) != name {
		r.t.Errorf("%q, want %q", r.text(v, 1), name)
	}
	kind := r.message(one[[]byte](r, v, 2), 1)
	tensor := r.message(one[[]byte](r, kind, 1), 1, 2)
	dims := r.message(one[[]byte](r, tensor, 2), 1)[1]
	if len(dims) != 2 {
		r.t.Fatalf("%s has %d dimensions", name, len(dims))
	}
	shape[0] = r.text(r.message(dims[0], 2), 2)
	shape[1] = fmt.Sprint(one[uint64](r, r.message(dims[1], 1), 1))
	return shape, int(one[uint64](r, tensor, 1))
}
