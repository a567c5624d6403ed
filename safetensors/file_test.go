package safetensors

import (
	"bytes"
	"reflect"
	"testing"
)

func TestRoundTrip(t *testing.T) {
	f := &File{Metadata: map[string]string{"format": "pt", "b\n": "\"ü\x01"}}
	f.Tensors = []Tensor{
		New("b", []int{2, 3}, []float32{1, 2, 3, 4, 5, 6}),
		New("a", nil, []float64{7}),
		New("c", []int{0, 2}, []int64{}),
	}
	data, err := f.Append([]byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	data = data[1:]
	t.Logf("%q", data)
	g, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	h, err := Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(g, h) || !reflect.DeepEqual(g.Metadata, f.Metadata) {
		t.Error(g, h)
	}
	v, err := Values[float64](g.Tensor("b"))
	if err != nil || v[5] != 6 || len(v) != 6 {
		t.Error(v, err)
	}
}
