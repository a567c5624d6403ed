package layers_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

func TestMisuse(t *testing.T) {
	src := rand.NewPCG(1, 2)
	dense := func(in, out int) layers.Layer[float64] { return layers.NewDense[float64](src, in, out) }
	relu, drop := layers.NewReLU[float64](), layers.NewDropout[float64](src, 0.5)
	net := layers.NewSequential(dense(4, 3), relu, dense(3, 2))
	net.Forward(tensor.New[float64](5, 4))
	for _, c := range []struct {
		misuse func()
		want   string
	}{
		{func() { layers.NewSequential(dense(64, 128), relu, dense(100, 10)) },
			"layers: NewSequential: layer 2 (dense 100 10) takes 100 values, but layer 0 (dense 64 128) gives 128"},
		{func() { layers.NewSequential(dense(2, 2), nil) }, "layers: NewSequential: layer 1 is nil"},
		{func() { layers.NewSequential[float64](drop, drop) },
			"layers: NewSequential: layer 1 (dropout 0.5) stands there before; it has a state, so make it another one"},
		{func() { layers.NewSequential(relu, layers.Layer[float64](newBlock(false))) },
			`layers: NewSequential: layer 1 (block) has two parameters named "weight"`},
		{func() { net.Forward(tensor.New[float64](5, 7)) }, "layers: dense 4 3: x is 5x7"},
		{func() { net.Backward(tensor.New[float64](5, 3)) }, "layers: Sequential: Backward: dy is 5x3, the output is 5x2"},
		{func() { layers.NewSequential(dense(1, 1)).Backward(tensor.New[float64](1, 1)) }, "layers: Sequential: Backward without a Forward before it"},
		{func() { net.Output(3) }, "layers: Sequential: Output of layer 3 of 3, or no Forward before it"},
		{func() { dense(2, 3).Backward(nil, tensor.New[float64](4, 2), tensor.New[float64](4, 2), nil) },
			"layers: dense 2 3: Backward: dy is 4x2, x is 4x2"},
		{func() { x := tensor.New[float64](5, 4); net.Predict(x, x) }, "layers: Predict: dst is x"},
		{func() { layers.NewDense[float64](src, 0, 3) }, "layers: NewDense: from 0 to 3 values"},
		{func() { layers.NewDropout[float64](src, 1) }, "layers: NewDropout: p is 1, want 0 <= p < 1"},
		{func() { layers.NewLeakyReLU[float64](-0.1) }, "layers: NewLeakyReLU: slope is -0.1, want 0 < slope < 1"},
		{func() { layers.MLP[float64](src, 5) }, "layers: MLP: want at least the widths of input and output"},
	} {
		if got := panicOf(c.misuse); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestOwnSlices: a network does not change with the slice that it was made of, and what a caller
// appends to its parameters does not meet what another one does.
func TestOwnSlices(t *testing.T) {
	src := rand.NewPCG(1, 2)
	all := []layers.Layer[float64]{layers.NewDense[float64](src, 2, 2), layers.NewReLU[float64](), layers.NewDense[float64](src, 2, 2), layers.NewDense[float64](src, 2, 2)}
	net := layers.NewSequential(all...)
	all[1] = layers.NewTanh[float64]()
	if _, ok := net.Layers()[1].(*layers.ReLU[float64]); !ok {
		t.Errorf("layer 1 has become a %T", net.Layers()[1])
	}
	p, q := tensor.NewParam[float64]("p", 1, 1), tensor.NewParam[float64]("q", 1, 1)
	one := append(net.Params(), p)
	two := append(net.Params(), q)
	if one[6] != p || two[6] != q {
		t.Errorf("%s has taken the place of another", one[6].Name)
	}
}

// plain hides what a layer is, so that nothing is fused with it.
type plain struct{ layers.Layer[float64] }

// TestFused: fusing a Dense with its activation changes no bit, forward or backward,
// in training or inference, and Output still shows every layer.
func TestFused(t *testing.T) {
	src := rand.NewPCG(7, 8)
	x := drawn(33, 6, 1)
	for _, act := range []layers.Layer[float64]{layers.NewReLU[float64](), layers.NewTanh[float64](), layers.NewSigmoid[float64](), layers.NewLeakyReLU[float64](0.1)} {
		first, last := layers.NewDense[float64](src, 6, 9), layers.NewDense[float64](src, 9, 4)
		first.Bias().Value.Data[3] = 0.5
		run := func(net *layers.Sequential[float64]) (results [][]float64) {
			y := net.Forward(x)
			results = append(results, slices.Clone(y.Data), slices.Clone(net.Predictor().Forward(x).Data))
			for i := range net.Layers() {
				results = append(results, slices.Clone(net.Output(i).Data))
			}
			net.Backward(new(tensor.Tensor[float64]).Copy(y))
			for _, p := range net.Params() {
				results = append(results, slices.Clone(p.Grad().Data))
				p.ClearGrad()
			}
			return results
		}
		fused, apart := run(layers.NewSequential[float64](first, act, last)), run(layers.NewSequential(first, plain{act}, last))
		for i := range fused {
			if !slices.Equal(fused[i], apart[i]) {
				t.Errorf("%v: result %d differs", act.(layers.Describer).Describe(), i)
			}
		}
	}
}

// TestTwice: one layer in two places has the gradient of both.
func TestTwice(t *testing.T) {
	relu := layers.NewReLU[float64]()
	src := rand.NewPCG(9, 10)
	a, b := layers.NewDense[float64](src, 5, 5), layers.NewDense[float64](src, 5, 5)
	x := drawn(4, 5, 1)
	grads := func(second *layers.Dense[float64]) (sum []float64) {
		net := layers.NewSequential[float64](a, relu, second, relu)
		net.Backward(new(tensor.Tensor[float64]).Copy(net.Forward(x)))
		sum = make([]float64, 25)
		for _, p := range net.Params() {
			for i, g := range p.Grad().Data[:min(25, len(p.Grad().Data))] {
				if len(p.Grad().Data) == 25 {
					sum[i] += g
				}
			}
			p.ClearGrad()
		}
		return sum
	}
	copy(b.Weight().Value.Data, a.Weight().Value.Data)
	for i, want := range grads(b) {
		if got := grads(a)[i]; got-want > 1e-12 || want-got > 1e-12 {
			t.Fatalf("element %d: %v from one layer in two places, %v from two equal layers", i, got, want)
		}
	}
}

// TestPredict: inference gives what Forward gives, on raw rows what Forward gives on
// standardised ones, in pieces or whole, from one goroutine or many.
func TestPredict(t *testing.T) {
	src := rand.NewPCG(11, 12)
	net := layers.MLP[float32](src, 6, 32, 16, 3)
	net.Standardise = &tensor.Affine[float32]{Mean: []float32{1, 2, 3, 4, 5, 6}, Scale: []float32{2, 1, 4, 1, 3, 1}}
	raw := tensor.New[float32](600, 6)
	tensor.Uniform(raw.Data, 5, src)
	standardised := new(tensor.Tensor[float32]).Copy(raw)
	net.Standardise.Apply(standardised)
	want := slices.Clone(net.Forward(standardised).Data)

	var group sync.WaitGroup
	for range 64 {
		group.Add(1)
		go func() {
			defer group.Done()
			var y tensor.Tensor[float32]
			net.Predict(&y, raw)
			if y.Rows != 600 || y.Cols != 3 || !slices.Equal(y.Data, want) {
				t.Error("Predict differs from Forward")
			}
		}()
	}
	group.Wait()
	p := net.Predictor()
	if !slices.Equal(p.Predict(raw).Data, want) || !slices.Equal(p.Forward(standardised).Data, want) {
		t.Error("a Predictor differs from Forward")
	}
	var none tensor.Tensor[float32]
	if net.Predict(&none, tensor.New[float32](0, 6)); none.Rows != 0 || none.Cols != 3 {
		t.Errorf("Predict of no rows gives %dx%d", none.Rows, none.Cols)
	}
}

func TestClass(t *testing.T) {
	net := layers.NewSequential[float32]()
	for _, c := range []struct {
		logits []float32
		want   int
	}{{[]float32{1, 3, 2}, 1}, {[]float32{3, 3}, 0}, {[]float32{0.1}, 1}, {[]float32{-0.1}, 0}, {[]float32{0}, 0}} {
		if got := net.Class(c.logits); got != c.want {
			t.Errorf("class of %v is %d, want %d", c.logits, got, c.want)
		}
	}
}
