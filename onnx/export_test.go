package onnx

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// export returns the bytes of a model.
func export[T tensor.Float](t *testing.T, net *layers.Sequential[T]) []byte {
	t.Helper()
	var w bytes.Buffer
	if err := Export(&w, net); err != nil {
		t.Fatal(err)
	}
	return w.Bytes()
}

// network has layers of every kind, one of them twice, and standardises.
func network[T tensor.Float]() *layers.Sequential[T] {
	rng := rand.NewPCG(1, 2)
	twice := layers.NewDense[T](rng, 6, 6)
	net := layers.NewSequential[T](
		layers.NewDense[T](rng, 5, 6),
		layers.NewReLU[T](),
		layers.NewDropout[T](rng, 0.5),
		twice,
		layers.NewLeakyReLU[T](0.01),
		twice,
		layers.NewSigmoid[T](),
		layers.NewDense[T](rng, 6, 4),
		layers.NewTanh[T](),
		layers.NewDense[T](rng, 4, 3),
		layers.NewDropout[T](rng, 0.1),
	)
	for _, p := range net.Params() {
		if p.Value.Rows == 1 {
			tensor.Uniform(p.Value.Data, 1, rng)
		}
	}
	net.Standardise = &tensor.Affine[T]{Mean: []T{1, -2, 0.3, 100, 0}, Scale: []T{0.1, 3, 7, 50, 1}}
	net.Classes = []string{"cat", "", "Schnürsenkel \x00"}
	return net
}

func TestStructure(t *testing.T) {
	t.Run("float32", structure[float32])
	t.Run("float64", structure[float64])
}

func structure[T tensor.Float](t *testing.T) {
	net := network[T]()
	f := read(t, export(t, net))
	code, size := elementType[T]()
	if want := map[uint64]int{4: 1, 8: 11}[size]; code != want || f.code != want {
		t.Errorf("type %d in the file and %d here, want %d", f.code, code, want)
	}
	if f.in != [2]string{"batch", "5"} || f.out != [2]string{"batch", "3"} || f.graphName == "" {
		t.Errorf("graph %q from %v to %v", f.graphName, f.in, f.out)
	}
	want := []node{
		{"standardise.sub", "Sub", []string{"input", "standardise.mean"}, "standardise.sub", 0},
		{"standardise.div", "Div", []string{"standardise.sub", "standardise.scale"}, "standardise.div", 0},
		{"0.dense", "Gemm", []string{"standardise.div", "0.weight", "0.bias"}, "0.dense", 0},
		{"1.relu", "Relu", []string{"0.dense"}, "1.relu", 0},
		{"3.dense", "Gemm", []string{"1.relu", "3.weight", "3.bias"}, "3.dense", 0},
		{"4.leakyrelu", "LeakyRelu", []string{"3.dense"}, "4.leakyrelu", 0.01},
		{"5.dense", "Gemm", []string{"4.leakyrelu", "3.weight", "3.bias"}, "5.dense", 0},
		{"6.sigmoid", "Sigmoid", []string{"5.dense"}, "6.sigmoid", 0},
		{"7.dense", "Gemm", []string{"6.sigmoid", "7.weight", "7.bias"}, "7.dense", 0},
		{"8.tanh", "Tanh", []string{"7.dense"}, "8.tanh", 0},
		{"9.dense", "Gemm", []string{"8.tanh", "9.weight", "9.bias"}, "output", 0},
	}
	order := []string{"standardise.mean", "standardise.scale", "0.weight", "0.bias", "3.weight", "3.bias", "7.weight", "7.bias", "9.weight", "9.bias"}
	if size == 8 {
		want = slices.Replace(want, 5, 6,
			node{"4.leakyrelu.mul", "Mul", []string{"3.dense", "4.slope"}, "4.leakyrelu.mul", 0},
			node{"4.leakyrelu.max", "Max", []string{"3.dense", "4.leakyrelu.mul"}, "4.leakyrelu.max", 0})
		want[7].inputs[0] = "4.leakyrelu.max"
		order = slices.Insert(order, 6, "4.slope")
	}
	if !reflect.DeepEqual(f.nodes, want) {
		t.Errorf("nodes\n%v, want\n%v", f.nodes, want)
	}
	if !slices.Equal(f.order, order) {
		t.Errorf("initialisers %v, want %v", f.order, order)
	}
	if want := [][2]string{{"class.0", "cat"}, {"class.1", ""}, {"class.2", "Schnürsenkel \x00"}}; !slices.Equal(f.metadata, want) {
		t.Errorf("metadata %q, want %q", f.metadata, want)
	}
	for _, p := range net.Params() {
		s := f.tensors[p.Name]
		dims := []int{p.Value.Rows, p.Value.Cols}
		if strings.HasSuffix(p.Name, "bias") {
			dims = dims[1:]
		}
		if !slices.Equal(s.dims, dims) {
			t.Errorf("%s is %v, want %v", p.Name, s.dims, dims)
		}
	}
	if net.Classes, net.Standardise = nil, nil; read(t, export(t, net)).metadata != nil {
		t.Error("metadata without classes")
	}
}

// TestBits: the data of initialisers are those of the parameters bit for bit, whatever the
// number and however many there are.
func TestBits(t *testing.T) {
	t.Run("float32", bits[float32])
	t.Run("float64", bits[float64])
}

func bits[T tensor.Float](t *testing.T) {
	rng := rand.NewPCG(3, 4)
	net := layers.MLP[T](rng, 3, 85, 256, 1)
	special := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), math.SmallestNonzeroFloat64, math.MaxFloat64, math.Pi}
	for _, p := range net.Params() {
		for i := range p.Value.Data {
			p.Value.Data[i] = T(math.Float64frombits(rng.Uint64()))
		}
		for i := range min(len(special), len(p.Value.Data)) {
			p.Value.Data[i] = T(special[i])
		}
	}
	f := read(t, export(t, net))
	for _, p := range net.Params() {
		var want []byte
		for _, v := range p.Value.Data {
			switch v := any(v).(type) {
			case float32:
				for shift := 0; shift < 32; shift += 8 {
					want = append(want, byte(math.Float32bits(v)>>shift))
				}
			case float64:
				for shift := 0; shift < 64; shift += 8 {
					want = append(want, byte(math.Float64bits(v)>>shift))
				}
			}
		}
		if !bytes.Equal(f.tensors[p.Name].raw, want) {
			t.Errorf("%s differs", p.Name)
		}
	}
}

// TestRun compares what the file says with Predict, for every layer by itself and for all
// together.
func TestRun(t *testing.T) {
	t.Run("float32", func(t *testing.T) { runAll[float32](t, 1e-6) })
	t.Run("float64", func(t *testing.T) { runAll[float64](t, 1e-13) })
}

func runAll[T tensor.Float](t *testing.T, tolerance float64) {
	rng := rand.NewPCG(5, 6)
	for name, all := range map[string][]layers.Layer[T]{
		"dense":         {layers.NewDense[T](rng, 5, 3)},
		"relu":          {layers.NewReLU[T](), layers.NewDense[T](rng, 5, 3)},
		"leakyrelu":     {layers.NewLeakyReLU[T](0.2), layers.NewDense[T](rng, 5, 3)},
		"sigmoid":       {layers.NewSigmoid[T](), layers.NewDense[T](rng, 5, 3)},
		"tanh":          {layers.NewTanh[T](), layers.NewDense[T](rng, 5, 3)},
		"dropout first": {layers.NewDropout[T](rng, 0.5), layers.NewDense[T](rng, 5, 3)},
		"dropout last":  {layers.NewDense[T](rng, 5, 3), layers.NewDropout[T](rng, 0.5)},
		"relu last":     {layers.NewDense[T](rng, 5, 3), layers.NewReLU[T]()},
		"leaky last":    {layers.NewDense[T](rng, 5, 3), layers.NewLeakyReLU[T](0.3)},
		"everything":    network[T]().Layers(),
	} {
		net := layers.NewSequential(all...)
		compare(t, name, net, 5, tolerance)
		net.Standardise = network[T]().Standardise
		compare(t, name+", standardised", net, 5, tolerance)
	}
	// Without a dense layer the standardisation says how wide the input is.
	for name, l := range map[string]layers.Layer[T]{
		"relu": layers.NewReLU[T](), "leakyrelu": layers.NewLeakyReLU[T](0.5), "sigmoid": layers.NewSigmoid[T](),
		"tanh": layers.NewTanh[T](), "dropout": layers.NewDropout[T](rng, 0.5),
	} {
		net := layers.NewSequential(l)
		net.Standardise = network[T]().Standardise
		compare(t, "only "+name, net, 5, tolerance)
	}
}

// compare runs a network and its model on random rows.
func compare[T tensor.Float](t *testing.T, name string, net *layers.Sequential[T], width int, tolerance float64) {
	t.Helper()
	x, want := tensor.New[T](20, width), new(tensor.Tensor[T])
	tensor.Normal(x.Data, 2, rand.NewPCG(7, 8))
	net.Predict(want, x)
	got := read(t, export(t, net)).run(t, rows(x))
	if !slices.Equal(got.dims, []int{want.Rows, want.Cols}) {
		t.Fatalf("%s: output %v, want %dx%d", name, got.dims, want.Rows, want.Cols)
	}
	for i, w := range want.Data {
		if d := math.Abs(got.v[i] - float64(w)); !(d <= tolerance*max(1, math.Abs(float64(w)))) {
			t.Fatalf("%s: element %d is %v, Predict has %v", name, i, got.v[i], w)
		}
	}
}

// TestSameBytes: a network gives the same bytes again, and after it was used.
func TestSameBytes(t *testing.T) {
	net := network[float32]()
	first := export(t, net)
	net.Forward(tensor.New[float32](2, 5))
	layers.NewSequential[float32](layers.NewReLU[float32](), net.Layers()[0]) // gives its parameters other names
	if !bytes.Equal(export(t, net), first) || !bytes.Equal(export(t, network[float32]()), first) {
		t.Error("the same network gives other bytes")
	}
}

// mine is a layer of one's own that says nothing of itself; loud embeds one of ours.
type mine struct{ layers.Layer[float64] }
type loud struct{ *layers.Dense[float64] }

func TestErrors(t *testing.T) {
	rng := rand.NewPCG(1, 2)
	dense := func(in, out int) *layers.Dense[float64] { return layers.NewDense[float64](rng, in, out) }
	of := layers.NewSequential[float64]
	standardised := func(means, scales int, all ...layers.Layer[float64]) *layers.Sequential[float64] {
		net := of(all...)
		net.Standardise = &tensor.Affine[float64]{Mean: make([]float64, means), Scale: make([]float64, scales)}
		return net
	}
	changed := of(dense(3, 4), layers.NewReLU[float64](), dense(4, 2))
	changed.Layers()[2].(*layers.Dense[float64]).Weight().Value = tensor.New[float64](5, 2)
	bias := of(dense(3, 4))
	bias.Layers()[0].(*layers.Dense[float64]).Bias().Value = tensor.New[float64](1, 5)
	classes := of(dense(3, 10))
	classes.Classes = []string{"a"}
	named := of(dense(3, 2))
	named.Classes = []string{"a", "\xff"}

	// 2 GiB of weights, of which none is touched.
	large, hidden := tensor.New[float64](4096, 4096), []layers.Layer[float64]{}
	for range 16 {
		d := dense(1, 1)
		d.Weight().Value, d.Bias().Value = large, tensor.New[float64](1, 4096)
		hidden = append(hidden, d)
	}

	for _, c := range []struct {
		net  *layers.Sequential[float64]
		want string
	}{
		{of(), "onnx: the network has no layers"},
		{standardised(3, 3), "onnx: the network has no layers"},
		{of(layers.NewReLU[float64](), layers.NewDropout[float64](rng, 0.5)),
			"onnx: the width of the input is unknown: no layer is a dense one, and the network does not standardise"},
		{of(dense(3, 4), mine{layers.NewReLU[float64]()}),
			"onnx: layer 1 cannot be exported: its type is onnx.mine, not one of package layers"},
		{of(layers.NewReLU[float64](), loud{dense(3, 4)}),
			"onnx: layer 1 (dense 3 4) cannot be exported: its type is onnx.loud, not one of package layers"},
		{standardised(2, 2, dense(3, 4)), "onnx: layer 0 (dense 3 4) takes 3 values, but gets 2"},
		{standardised(3, 2, dense(3, 4)), "onnx: the standardisation has 3 means and 2 scales"},
		{standardised(0, 0, dense(3, 4)), "onnx: the standardisation has 0 means and 0 scales"},
		{standardised(3, 3, dense(3, 2)), "onnx: Sequential.Standardise: column 0 has the mean 0 and the scale 0"},
		{classes, "onnx: Sequential.Classes: 1 names of classes, want 10 or none"},
		{changed, "onnx: layer 2 (dense 5 2) takes 5 values, but gets 4"},
		{bias, "onnx: layer 0 (dense 3 4): its bias is 1x5"},
		{named, `onnx: the name of class 1, "\xff", is not UTF-8`},
		{of(hidden...), "onnx: a model of 2148009701 bytes, at most 2147483647 fit into the format"},
	} {
		var w bytes.Buffer
		if err := Export(&w, c.net); err == nil || err.Error() != c.want {
			t.Errorf("%v; want %s", err, c.want)
		}
		if w.Len() > 0 {
			t.Errorf("%d bytes were written before: %s", w.Len(), c.want)
		}
	}
}

var errFull = errors.New("disk full")

// full is a writer that takes so many bytes.
type full int

func (w *full) Write(p []byte) (int, error) {
	if len(p) > int(*w) {
		n := int(*w)
		*w = 0
		return n, errFull
	}
	*w -= full(len(p))
	return len(p), nil
}

func TestFullDisk(t *testing.T) {
	net := layers.MLP[float32](rand.NewPCG(1, 2), 20, 100, 10)
	n := len(export(t, net))
	for left := 0; left < n; left += 97 {
		w := full(left)
		if err := Export(&w, net); err != errFull {
			t.Fatalf("room for %d of %d bytes: %v", left, n, err)
		}
	}
	w := full(n)
	if err := Export(&w, net); err != nil {
		t.Error(err)
	}
}
