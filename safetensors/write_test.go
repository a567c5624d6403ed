package safetensors

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestReferenceBytes: the bytes that the reference's own tests demand of its writer.
func TestReferenceBytes(t *testing.T) {
	values := []float32{0, 1, 2, 3, 4, 5}
	const data = "\x00\x00\x00\x00\x00\x00\x80\x3f\x00\x00\x00\x40\x00\x00\x40\x40\x00\x00\x80\x40\x00\x00\xa0\x40"
	for _, c := range []struct {
		f    File
		want string
	}{
		{File{}, "\x08\x00\x00\x00\x00\x00\x00\x00{}      "},
		{File{Metadata: map[string]string{"framework": "pt"}},
			"\x28\x00\x00\x00\x00\x00\x00\x00" + `{"__metadata__":{"framework":"pt"}}     `},
		{File{Tensors: []Tensor{New("attn.0", []int{1, 2, 3}, values)}},
			"\x40\x00\x00\x00\x00\x00\x00\x00" + `{"attn.0":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}}` + data},
		{File{Tensors: []Tensor{New("attn0", []int{1, 1, 2, 3}, values)}},
			"\x48\x00\x00\x00\x00\x00\x00\x00" + `{"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       ` + data},
		{File{Tensors: []Tensor{{"attn.0", "F4", []int{1, 2, 2}, []byte{0, 1}}}},
			"\x40\x00\x00\x00\x00\x00\x00\x00" + `{"attn.0":{"dtype":"F4","shape":[1,2,2],"data_offsets":[0,2]}}  ` + "\x00\x01"},
	} {
		if got, err := c.f.Append(nil); err != nil || string(got) != c.want {
			t.Errorf("%q, %v; want %q", got, err, c.want)
		}
	}
}

// TestOrder: the widest types first, in the reference's order of types, then by name as
// bytes; metadata by name; the caller's slice stays as it is.
func TestOrder(t *testing.T) {
	var f File
	for _, d := range []DType{"U8", "BOOL", "F4", "F16", "F64", "U64", "I64", "C64", "F32", "U32", "I32", "BF16"} {
		for _, name := range []string{"é", "b", "B", "10", "2", ""} {
			f.Tensors = append(f.Tensors, Tensor{Name: string(d) + name, Type: d, Shape: []int{0}})
		}
	}
	f.Metadata = map[string]string{"b": "1", "a": "2", "B": "3", "é": "4", "": "5"}
	before := slices.Clone(f.Tensors)
	data, err := f.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(f.Tensors, before) {
		t.Error("Append changed the tensors' order")
	}
	header := string(data[8:])
	if !strings.HasPrefix(header, `{"__metadata__":{"":"5","B":"3","a":"2","b":"1","é":"4"},"U64":`) {
		t.Errorf("header %.100s", header)
	}
	at := 0
	for _, d := range []DType{"U64", "I64", "F64", "C64", "F32", "U32", "I32", "BF16", "F16", "U8", "F4", "BOOL"} {
		for _, name := range []string{"", "10", "2", "B", "b", "é"} {
			next := strings.Index(header, `"`+string(d)+name+`":{`)
			if next <= at {
				t.Errorf("%s%s is at %d, before %d", d, name, next, at)
			}
			at = next
		}
	}
	for range 20 { // maps have no order
		if again, _ := f.Append(nil); !bytes.Equal(again, data) {
			t.Fatal("the same file gives other bytes")
		}
	}
}

// random returns a file of tensors of all types, with names and texts that need escapes.
func random(r *rand.Rand) *File {
	text := func() string {
		pieces := []string{"a", "B", "7", ".", "\"", "\\", "/", "\n", "\x00", "\x1f", "\x7f", "é", "\u2028", "😀", "\ufffd", "<", "{"}
		s := ""
		for range r.IntN(6) {
			s += pieces[r.IntN(len(pieces))]
		}
		return s
	}
	f := &File{}
	if r.IntN(3) > 0 {
		f.Metadata = map[string]string{}
		for range r.IntN(5) {
			f.Metadata[text()] = text()
		}
	}
	for range r.IntN(8) {
		tensor := Tensor{Name: text(), Type: dtypes[r.IntN(len(dtypes))].name, Shape: []int{}}
		if f.Tensor(tensor.Name) != nil {
			continue
		}
		for range r.IntN(4) {
			tensor.Shape = append(tensor.Shape, r.IntN(5))
		}
		size, wrong := tensor.size()
		if wrong != "" {
			tensor.Shape = append(tensor.Shape, 4) // sub-byte types fill whole bytes then
			size, _ = tensor.size()
		}
		tensor.Data = make([]byte, size)
		for i := range tensor.Data {
			tensor.Data[i] = byte(r.Uint32())
		}
		f.Tensors = append(f.Tensors, tensor)
	}
	return f
}

// equal reports whether two files hold the same, in whatever order.
func equal(a, b *File) bool {
	for i := range a.Tensors {
		s := &a.Tensors[i]
		t := b.Tensor(s.Name)
		if t == nil || s.Type != t.Type || !slices.Equal(s.Shape, t.Shape) || !bytes.Equal(s.Data, t.Data) {
			return false
		}
	}
	return len(a.Tensors) == len(b.Tensors) && reflect.DeepEqual(a.Metadata, b.Metadata)
}

// TestRoundTrip: what is written is read again, and the header is JSON to others too.
func TestRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		f := random(r)
		data, err := f.Append([]byte("before"))
		if err != nil {
			t.Fatal(err)
		}
		data, ok := bytes.CutPrefix(data, []byte("before"))
		if !ok {
			t.Fatal("Append lost what was there")
		}
		var w bytes.Buffer
		if n, err := f.WriteTo(&w); err != nil || n != int64(len(data)) || !bytes.Equal(w.Bytes(), data) {
			t.Fatalf("WriteTo: %d of %d bytes, %v", n, len(data), err)
		}
		g, err := bothWays(t, data)
		if err != nil || !equal(f, g) {
			t.Fatalf("%v: %+v became %+v", err, f, g)
		}
		n := int(uint32At(data))
		if n%8 != 0 || data[8] != '{' || uint32At(data[4:]) != 0 {
			t.Fatalf("a header of %d bytes that begins with %q", n, data[8])
		}
		var header map[string]any
		if err := json.Unmarshal(data[8:8+n], &header); err != nil {
			t.Fatal(err)
		}
		if delete(header, metadataKey); len(header) != len(f.Tensors) {
			t.Fatalf("%d tensors in the JSON, want %d", len(header), len(f.Tensors))
		}
		for _, tensor := range f.Tensors {
			if header[tensor.Name] == nil {
				t.Fatalf("the JSON has no %q", tensor.Name)
			}
		}
	}
}

func TestWriteErrors(t *testing.T) {
	x := Tensor{Name: "x", Type: F32, Shape: []int{2}, Data: make([]byte, 8)}
	with := func(change func(t *Tensor)) *File {
		y := x
		y.Name = "y"
		change(&y)
		return &File{Tensors: []Tensor{x, y}}
	}
	for _, c := range []struct {
		f    *File
		want string
	}{
		{with(func(t *Tensor) { t.Name = "x" }), `safetensors: tensor "x": occurs twice`},
		{with(func(t *Tensor) { *t = Tensor{Name: "x", Type: I64, Shape: []int{0}} }), `tensor "x": occurs twice`},
		{with(func(t *Tensor) { t.Name = "__metadata__" }), `tensor "__metadata__": the format keeps this name`},
		{with(func(t *Tensor) { t.Name = "\xff" }), `tensor "\xff": the name is not UTF-8`},
		{with(func(t *Tensor) { t.Type = "" }), `tensor "y": unknown dtype ""`},
		{with(func(t *Tensor) { t.Type = "f32" }), `tensor "y": unknown dtype "f32"`},
		{with(func(t *Tensor) { t.Shape = []int{3} }), `tensor "y": 8 bytes of data, 12 expected for F32 of shape [3]`},
		{with(func(t *Tensor) { t.Shape = nil }), `tensor "y": 8 bytes of data, 4 expected for F32 of shape []`},
		{with(func(t *Tensor) { t.Data = nil }), `tensor "y": 0 bytes of data, 8 expected`},
		{with(func(t *Tensor) { t.Shape = []int{-1, -2} }), `tensor "y": negative dimension in shape [-1 -2]`},
		{with(func(t *Tensor) { t.Shape = make([]int, 65) }), `tensor "y": a shape of 65 dimensions, at most 64 expected`},
		{with(func(t *Tensor) { t.Shape = []int{1 << 30, 1 << 30, 16} }), `more elements than an int counts here`},
		{&File{Metadata: map[string]string{"\xff": ""}}, `metadata "\xff" are not UTF-8`},
		{&File{Metadata: map[string]string{"a": "\xc0"}}, `metadata "a" are not UTF-8`},
	} {
		buf := []byte("before")
		got, err := c.f.Append(buf)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "safetensors: ") {
			t.Errorf("%v; want %s", err, c.want)
		}
		if string(got) != "before" {
			t.Errorf("Append: %q", got)
		}
		var w bytes.Buffer
		if n, err := c.f.WriteTo(&w); err == nil || n != 0 || w.Len() != 0 {
			t.Errorf("WriteTo: %d bytes, %v", n, err)
		}
	}
}

func TestHeaderLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 400 MB")
	}
	f := &File{Metadata: map[string]string{"a": strings.Repeat("x", maxHeader-len(`{"__metadata__":{"a":""}}`))}}
	data, err := f.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Parse(data); err != nil || uint32At(data) != maxHeader {
		t.Errorf("a header of %d bytes: %v", uint32At(data), err)
	}
	f.Metadata["a"] += "x"
	if _, err := f.Append(nil); err == nil || err.Error() != "safetensors: a header of 100000008 bytes, at most 100000000 expected" {
		t.Error(err)
	}
}

// full is a writer that takes so many bytes and then fails, or says nothing of it.
type full struct {
	left   int
	silent bool
}

var errFull = errors.New("disk full")

func (w *full) Write(p []byte) (int, error) {
	n := min(len(p), w.left)
	w.left -= n
	if n < len(p) && !w.silent {
		return n, errFull
	}
	return n, nil
}

func TestFullDisk(t *testing.T) {
	f, err := Parse(model(t))
	if err != nil {
		t.Fatal(err)
	}
	for left := range len(model(t)) {
		if n, err := f.WriteTo(&full{left: left}); n != int64(left) || err != errFull {
			t.Fatalf("room for %d: %d written, %v", left, n, err)
		}
		if n, err := f.WriteTo(&full{left: left, silent: true}); n != int64(left) || err != io.ErrShortWrite {
			t.Fatalf("room for %d: %d written, %v", left, n, err)
		}
	}
}
