package layers_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/layers"
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

// secret computes something else too, but describes itself as what it embeds.
type secret struct{ *gain[float32] }

func (l secret) Forward(y, x *tensor.Tensor[float32]) { other{l.gain}.Forward(y, x) }

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
		{"another type of one description", []layers.Layer[float32]{g, secret{g}}, another},
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
