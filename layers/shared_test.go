package layers_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/safetensors"
	"github.com/db75a6f2/downhill/tensor"
)

// other computes something else than the layer that it embeds, and says so.
type other struct{ layers.Layer[float32] }

func (l other) Forward(y, x *tensor.Tensor[float32]) {
	l.Layer.Forward(y, x)
	for i := range y.Data {
		y.Data[i] *= 2
	}
}
func (l other) Describe() string { return "other" }

// linear is y = x*a*b, or x*a^T*b^T. It is a value, and one that == cannot compare.
type linear struct {
	params     []*tensor.Param[float32] // a and b
	transposed bool
}

func (l linear) Forward(y, x *tensor.Tensor[float32]) {
	multiply := tensor.MatMul[float32]
	if l.transposed {
		multiply = tensor.MatMulT[float32]
	}
	var z tensor.Tensor[float32]
	multiply(&z, x, l.params[0].Value)
	multiply(y, &z, l.params[1].Value)
}
func (l linear) Backward(dx, dy, x, y *tensor.Tensor[float32]) {}
func (l linear) Params() []*tensor.Param[float32]              { return l.params }
func (l linear) Describe() string {
	if l.transposed {
		return "transposed"
	}
	return "linear"
}

// noisy has a parameter, and a state in training.
type noisy[T tensor.Float] struct{ *gain[T] }

func (l *noisy[T]) ForwardTrain(y, x *tensor.Tensor[T]) { l.Forward(y, x) }
func (l *noisy[T]) Describe() string                    { return "noisy " + strings.Repeat("i", l.g.Value.Cols) }

func makeNoisy[T tensor.Float](words []string) (layers.Layer[T], error) {
	l, err := makeGain[T](words)
	if err != nil {
		return nil, err
	}
	return &noisy[T]{l.(*gain[T])}, nil
}

// TestEncodeShared: a layer that stands in the network before is stored once, also where
// it is another value that computes the same. One that has the same parameters, but
// computes something else, is an error.
func TestEncodeShared(t *testing.T) {
	dense, g := layers.NewDense[float32](rand.NewPCG(1, 2), 3, 3), newGain[float32](3)
	copied := *dense
	a, b := tensor.NewParam[float32]("a", 3, 3), tensor.NewParam[float32]("b", 3, 3)
	ab, ba := []*tensor.Param[float32]{a, b}, []*tensor.Param[float32]{b, a}
	const another = "layers: Encode: layer 1 has the parameters of layer 0, but is another layer"
	for _, c := range []struct {
		name   string
		layers []layers.Layer[float32]
		want   string // the layers of the file, or the error
	}{
		{"one pointer", []layers.Layer[float32]{dense, g, dense, g}, "dense 3 3\ngain iii\nsame 0\nsame 1"},
		{"two pointers", []layers.Layer[float32]{dense, &copied, g, &gain[float32]{g.g}}, "dense 3 3\nsame 0\ngain iii\nsame 2"},
		{"values", []layers.Layer[float32]{linear{ab, true}, linear{ab, true}, linear{ab, true}}, "transposed\nsame 0\nsame 0"},
		{"another type", []layers.Layer[float32]{dense, other{dense}}, another},
		{"another type, first", []layers.Layer[float32]{other{dense}, dense}, another},
		{"another description of one type", []layers.Layer[float32]{linear{ab, false}, linear{ab, true}}, another},
		{"parameters in another order", []layers.Layer[float32]{linear{ab, false}, linear{ba, false}}, another},
		{"two states", []layers.Layer[float32]{&noisy[float32]{g}, &noisy[float32]{g}}, another},
		{"a description of ours", []layers.Layer[float32]{dense, embedding{dense}},
			`layers: Encode: layer 1 has a Describe that names a layer of this package, which it is not: "dense 3 3"`},
	} {
		var got string
		if f, err := layers.NewSequential(c.layers...).Encode(); err != nil {
			got = err.Error()
		} else {
			got = f.Metadata["downhill.layers"]
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestLoadShared: a parameter that stands in two places may be in a file under the name of
// either, as in a state dict of PyTorch's, but not with two values.
func TestLoadShared(t *testing.T) {
	dense, relu := layers.NewDense[float32](rand.NewPCG(1, 2), 2, 2), layers.NewReLU[float32]()
	net := layers.NewSequential[float32](dense, relu, dense)
	tensors := func(second ...float32) *safetensors.File {
		return &safetensors.File{Tensors: []safetensors.Tensor{
			safetensors.New("0.weight", []int{2, 2}, []float32{1, 2, 3, 4}),
			safetensors.New("0.bias", []int{2}, []float32{5, 6}),
			safetensors.New("2.weight", []int{2, 2}, second),
			safetensors.New("2.bias", []int{2}, []float32{5, 6}),
		}}
	}
	if err := net.LoadWeights(tensors(1, 2, 3, 4)); err != nil {
		t.Fatal(err)
	}
	if got, want := dense.Weight().Value.Data, []float32{1, 3, 2, 4}; !slices.Equal(got, want) {
		t.Errorf("the weight is %v, want %v", got, want)
	}

	shape := tensors(1, 2, 3, 4)
	shape.Tensors[2].Shape = []int{4}
	typ := tensors(1, 2, 3, 4)
	typ.Tensors[2].Type = "I32"
	number := tensors(1, 2, 3, 4)
	number.Tensors[2].Name = "1.weight"
	first := tensors(1, 2, 3, 4)
	first.Tensors = first.Tensors[1:]
	const differs = `"2.weight" differs from "0.weight", which is the same parameter here`
	for name, c := range map[string]struct {
		file *safetensors.File
		want string
	}{
		"another value": {tensors(1, 2, 3, 5), differs},
		"another shape": {shape, differs},
		"another type":  {typ, differs},
		"another layer": {number, `left over "1.weight"`},
		"without first": {first, `missing "0.weight"`},
	} {
		before := slices.Clone(dense.Weight().Value.Data)
		if err := net.LoadWeights(c.file); err == nil || err.Error() != "layers: LoadWeights: "+c.want {
			t.Errorf("%s: error %v, want %s", name, err, c.want)
		}
		if !slices.Equal(dense.Weight().Value.Data, before) {
			t.Errorf("%s: an error has changed the network", name)
		}
	}

	// In a block the names are those within it.
	b := newBlock(true)
	w := []float64{1, 2, 3, 4}
	f := &safetensors.File{}
	for _, name := range []string{"0.0.weight", "0.1.weight", "1.weight", "2.0.weight", "2.1.weight"} {
		f.Tensors = append(f.Tensors, safetensors.New(name, []int{2, 2}, w), safetensors.New(strings.Replace(name, "weight", "bias", 1), []int{1, 2}, w[:2]))
	}
	if err := layers.NewSequential[float64](b, b.second, b).LoadWeights(f); err != nil {
		t.Error(err)
	}
}
