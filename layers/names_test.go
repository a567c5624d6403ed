package layers_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// block is a layer that is made of two.
type block struct{ first, second *layers.Dense[float64] }

func (b *block) Forward(y, x *tensor.Tensor[float64]) {
	var h tensor.Tensor[float64]
	b.first.Forward(&h, x)
	b.second.Forward(y, &h)
}
func (b *block) Backward(dx, dy, x, y *tensor.Tensor[float64]) {}
func (b *block) Params() []*tensor.Param[float64] {
	return append(slices.Clone(b.first.Params()), b.second.Params()...)
}
func (b *block) Describe() string { return "block" }

// newBlock returns a block whose parameters have names as PyTorch gives them, "0.weight"
// and so on, if they are to.
func newBlock(named bool) *block {
	src := rand.NewPCG(1, 2)
	b := &block{layers.NewDense[float64](src, 2, 2), layers.NewDense[float64](src, 2, 2)}
	if named {
		b.name()
	}
	return b
}

func (b *block) name() {
	for i, p := range b.Params() {
		p.SetPrefix("")
		p.Name = strconv.Itoa(i/2) + "." + p.Name
	}
}

func names(net *layers.Sequential[float64]) (all []string) {
	for _, p := range net.Params() {
		all = append(all, p.Name)
	}
	return all
}

func TestParamNames(t *testing.T) {
	src := rand.NewPCG(1, 2)
	shared := layers.NewDense[float64](src, 3, 3)
	net := layers.NewSequential(layers.NewDense[float64](src, 2, 3), layers.NewReLU[float64](), shared, layers.NewTanh[float64](), shared)
	if got, want := names(net), []string{"0.weight", "0.bias", "2.weight", "2.bias"}; !slices.Equal(got, want) {
		t.Errorf("names are %q, want %q", got, want)
	}
	// A layer that moves to another network takes the name of its new place.
	if got, want := names(layers.NewSequential[float64](shared)), []string{"0.weight", "0.bias"}; !slices.Equal(got, want) {
		t.Errorf("names are %q, want %q", got, want)
	}
}

// TestNestedNames: what a layer has put before the names stays there, whatever networks it
// is in, and those of a Dense are known to files.
func TestNestedNames(t *testing.T) {
	relu, b := layers.NewReLU[float64](), newBlock(true)
	for _, c := range []struct {
		all  []layers.Layer[float64]
		want []string
	}{
		{[]layers.Layer[float64]{b}, []string{"0.0.weight", "0.0.bias", "0.1.weight", "0.1.bias"}},
		{[]layers.Layer[float64]{relu, b}, []string{"1.0.weight", "1.0.bias", "1.1.weight", "1.1.bias"}},
		{[]layers.Layer[float64]{relu, b, b}, []string{"1.0.weight", "1.0.bias", "1.1.weight", "1.1.bias"}},
		{[]layers.Layer[float64]{b, newBlock(true)}, []string{"0.0.weight", "0.0.bias", "0.1.weight", "0.1.bias", "1.0.weight", "1.0.bias", "1.1.weight", "1.1.bias"}},
		{[]layers.Layer[float64]{b.second, b}, []string{"0.1.weight", "0.1.bias", "1.0.weight", "1.0.bias"}},
	} {
		if got := names(layers.NewSequential(c.all...)); !slices.Equal(got, c.want) {
			t.Errorf("names are %q, want %q", got, c.want)
		}
	}

	moved := newBlock(false)
	layers.NewSequential[float64](relu, moved.first, moved.second)
	moved.name()
	if got, want := names(layers.NewSequential[float64](moved)), names(layers.NewSequential[float64](b)); !slices.Equal(got, want) {
		t.Errorf("of layers that have stood in a network before the names are %q, want %q", got, want)
	}

	net := layers.NewSequential[float64](relu, b)
	layers.NewSequential[float64](b) // gives its parameters other names
	f, err := net.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"1.0.weight", "1.0.bias", "1.1.weight", "1.1.bias"} {
		if got := f.Tensors[i].Name; got != want {
			t.Errorf("a tensor of the file is %s, want %s", got, want)
		}
	}
	own := map[string]layers.Maker[float64]{"block": func([]string) (layers.Layer[float64], error) { return newBlock(true), nil }}
	if _, err := layers.Decode(f, own); err != nil {
		t.Error(err)
	}
	if _, err := layers.Load[float64](encoded(t, layers.NewSequential[float64](b.first, relu, b.second))); err != nil {
		t.Errorf("the parts of a block by themselves: %v", err)
	}
}
