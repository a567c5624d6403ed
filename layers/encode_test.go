package layers_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/safetensors"
	"github.com/db75a6f2/downhill/tensor"
)

// gain is a layer of a user's own, with a parameter of 1 x n.
type gain[T tensor.Float] struct{ g *tensor.Param[T] }

func newGain[T tensor.Float](n int) *gain[T] { return &gain[T]{tensor.NewParam[T]("g", 1, n)} }

func (l *gain[T]) Forward(y, x *tensor.Tensor[T]) {
	y.Resize(x.Rows, x.Cols)
	for i, v := range x.Data {
		y.Data[i] = v * l.g.Value.Data[i%x.Cols]
	}
}
func (l *gain[T]) Backward(dx, dy, x, y *tensor.Tensor[T]) {}
func (l *gain[T]) Params() []*tensor.Param[T]              { return []*tensor.Param[T]{l.g} }
func (l *gain[T]) Describe() string                        { return "gain " + strings.Repeat("i", l.g.Value.Cols) }

func makeGain[T tensor.Float](words []string) (layers.Layer[T], error) {
	if len(words) != 1 || strings.Trim(words[0], "i") != "" {
		return nil, errors.New("want i's")
	}
	return newGain[T](len(words[0])), nil
}

// everything is a network with a layer of every kind, one of them twice.
func everything[T tensor.Float](seed uint64) *layers.Sequential[T] {
	src := rand.NewPCG(seed, 0)
	twice := layers.NewDense[T](src, 5, 5)
	net := layers.NewSequential(layers.NewDropout[T](src, 0.25), layers.NewDense[T](src, 4, 5), layers.NewReLU[T](), twice,
		layers.NewTanh[T](), twice, layers.NewLeakyReLU[T](0.01), layers.Layer[T](newGain[T](5)), layers.NewSigmoid[T](), layers.NewDense[T](src, 5, 3))
	for _, p := range net.Params() {
		tensor.HeNormal(p.Value, src)
	}
	net.Standardise = &tensor.Affine[T]{Mean: []T{1, -2, 1.0 / 3, 1e-30}, Scale: []T{1, 0.1, 3e7, 1.0 / 7}}
	net.Classes = []string{"", "two words", "line\nend \"quoted\" größer"}
	return net
}

// encoded is the network's file.
func encoded[T tensor.Float](t testing.TB, net *layers.Sequential[T]) []byte {
	t.Helper()
	f, err := net.Encode()
	if err != nil {
		t.Fatal(err)
	}
	data, err := f.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func decoded[T tensor.Float](t testing.TB, data []byte) (*layers.Sequential[T], error) {
	t.Helper()
	f, err := safetensors.Parse(data)
	if err != nil {
		return nil, err
	}
	return layers.Decode(f, map[string]layers.Maker[T]{"gain": makeGain[T], "noisy": makeNoisy[T]})
}

// TestEncode: what comes back is the same to the bit, and predicts the same.
func TestEncode(t *testing.T) {
	t.Run("float32", testEncode[float32])
	t.Run("float64", testEncode[float64])
}

func testEncode[T tensor.Float](t *testing.T) {
	net := everything[T](1)
	net.Params()[0].Value.Data[3] = T(math.NaN())
	net.Params()[2].Value.Data[4] = T(math.Inf(-1))
	net.Params()[2].Value.Data[5] = T(math.Copysign(0, -1))
	data := encoded(t, net)
	back, err := decoded[T](t, data)
	if err != nil {
		t.Fatal(err)
	}
	if got := encoded(t, back); !slices.Equal(got, data) {
		t.Error("the file of what came back is another one")
	}
	if len(back.Params()) != len(net.Params()) || back.Layers()[3] != back.Layers()[5] {
		t.Errorf("%d parameters for %d: nothing is shared", len(back.Params()), len(net.Params()))
	}
	for i, p := range net.Params() {
		q := back.Params()[i]
		if q.Name != p.Name || q.Value.Rows != p.Value.Rows || q.Value.Cols != p.Value.Cols {
			t.Fatalf("parameter %s of %dx%d comes back as %s of %dx%d", p.Name, p.Value.Rows, p.Value.Cols, q.Name, q.Value.Rows, q.Value.Cols)
		}
		for k, v := range p.Value.Data {
			if math.Float64bits(float64(v)) != math.Float64bits(float64(q.Value.Data[k])) {
				t.Errorf("%s: element %d is %v, was %v", p.Name, k, q.Value.Data[k], v)
			}
		}
	}
	if !reflect.DeepEqual(back.Standardise, net.Standardise) || !slices.Equal(back.Classes, net.Classes) {
		t.Errorf("%v, %q come back as %v, %q", net.Standardise, net.Classes, back.Standardise, back.Classes)
	}

	net = everything[T](2)
	if back, err = decoded[T](t, encoded(t, net)); err != nil {
		t.Fatal(err)
	}
	x := tensor.New[T](6, 4)
	tensor.HeNormal(x, rand.NewPCG(3, 4))
	var want, got tensor.Tensor[T]
	net.Predict(&want, x)
	back.Predict(&got, x)
	if !slices.Equal(got.Data, want.Data) {
		t.Errorf("predicts %v, was %v", got.Data, want.Data)
	}
}

// TestEncodeMoved: a layer has the name of its place in the network that is encoded, also
// after it has moved on to another one.
func TestEncodeMoved(t *testing.T) {
	src := rand.NewPCG(1, 2)
	dense := layers.NewDense[float32](src, 2, 3)
	net := layers.NewSequential[float32](layers.NewTanh[float32](), dense)
	layers.NewSequential[float32](dense)
	if _, err := layers.Load[float32](encoded(t, net)); err != nil {
		t.Error(err)
	}
}

// TestWiden: a float64 network takes a file of float32, and not the other way round.
func TestWiden(t *testing.T) {
	if _, err := decoded[float64](t, encoded(t, everything[float32](1))); err != nil {
		t.Error(err)
	}
	_, err := decoded[float32](t, encoded(t, everything[float64](1)))
	if err == nil || !strings.Contains(err.Error(), `type "F64"`) {
		t.Errorf("float64 into float32: %v", err)
	}
}

// embedding has all of Dense's methods, its Describe too.
type embedding struct{ *layers.Dense[float32] }

// plainLayer cannot say what it is.
type plainLayer struct{ layers.Layer[float32] }

func make10001() (all []layers.Layer[float32]) {
	for range 10_001 {
		all = append(all, layers.NewReLU[float32]())
	}
	return all
}

// named says that it is something else.
type named struct {
	layers.Layer[float32]
	line string
}

func (n named) Describe() string { return n.line }

// tied has a parameter of another layer, and one of its own.
type tied struct {
	*gain[float32]
	bias *tensor.Param[float32]
}

func (l tied) Params() []*tensor.Param[float32] { return []*tensor.Param[float32]{l.g, l.bias} }

func TestEncodeErrors(t *testing.T) {
	src := rand.NewPCG(1, 2)
	dense, g := layers.NewDense[float32](src, 2, 3), newGain[float32](3)
	for want, spoil := range map[string]func() *layers.Sequential[float32]{
		`layer 1 has no Describe method`: func() *layers.Sequential[float32] {
			return layers.NewSequential(layers.NewReLU[float32](), layers.Layer[float32](plainLayer{dense}))
		},
		`layer 0 has a Describe that names a layer of this package, which it is not: "dense 2 3"`: func() *layers.Sequential[float32] {
			return layers.NewSequential(layers.Layer[float32](embedding{dense}))
		},
		`layer 0 has a Describe that is no line of a kind and its numbers: "relu\t"`: func() *layers.Sequential[float32] {
			return layers.NewSequential(layers.Layer[float32](named{plainLayer{dense}, "relu\t"}))
		},
		`layer 0 has a Describe that is no line of a kind and its numbers: "\xff"`: func() *layers.Sequential[float32] {
			return layers.NewSequential(layers.Layer[float32](named{plainLayer{dense}, "\xff"}))
		},
		`layer 1 has some of the parameters of layer 0`: func() *layers.Sequential[float32] {
			return layers.NewSequential(layers.Layer[float32](g), layers.Layer[float32](tied{g, tensor.NewParam[float32]("b", 1, 3)}))
		},
		`more than 10000 layers`: func() *layers.Sequential[float32] {
			return layers.NewSequential(make10001()...)
		},
		`2 names of classes, want 3`: func() *layers.Sequential[float32] {
			net := layers.NewSequential[float32](dense)
			net.Classes = []string{"a", "b"}
			return net
		},
		`1 means and 1 scales, want 2`: func() *layers.Sequential[float32] {
			net := layers.NewSequential[float32](dense)
			net.Standardise = &tensor.Affine[float32]{Mean: []float32{1}, Scale: []float32{1}}
			return net
		},
		`column 1 has the mean 0 and the scale 0`: func() *layers.Sequential[float32] {
			net := layers.NewSequential[float32](dense)
			net.Standardise = &tensor.Affine[float32]{Mean: []float32{1, 0}, Scale: []float32{1, 0}}
			return net
		},
	} {
		if _, err := spoil().Encode(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %s", err, want)
		}
	}
}

// TestDecodeErrors spoils a file in one place each.
func TestDecodeErrors(t *testing.T) {
	small := safetensors.New("1.weight", []int{2, 4}, make([]float32, 8))
	for want, spoil := range map[string]func(*safetensors.File){
		`no layers`:                       func(f *safetensors.File) { delete(f.Metadata, "downhill.layers") },
		`layer 1, "dense 4 x"`:            line(1, "dense 4 x"),
		`want two widths`:                 line(1, "dense 4"),
		`"1.weight" is 5x4, want 5x3`:     line(1, "dense 3 5"),
		`is 5x4, want 1000000000x2000000`: line(1, "dense 2000000 1000000000"),
		`takes 5 values, but layer 1`:     func(f *safetensors.File) { line(1, "dense 4 2")(f); *f.Tensor("1.weight") = small },
		`an unknown kind`:                 line(2, "softplus"),
		`"relu 3": want no numbers`:       line(2, "relu 3"),
		`no kind of layer`:                line(2, " "),
		`more than 10000 layers`:          line(2, strings.Repeat("relu\n", 10_000)+"relu"),
		`want a slope between 0 and 1`:    line(6, "leakyrelu NaN"),
		`want a share from 0`:             line(0, "dropout 1"),
		`not the number of a layer`:       line(5, "same 5"),
		`before it that has parameters`:   line(5, "same 2"),
		`a state stands in one place only`: func(f *safetensors.File) {
			line(7, "noisy iiiii")(f)
			line(8, "same 7")(f)
		},
		`want i's`:                        line(7, "gain 7"),
		`"7.g" is 1x5, want 1x4`:          line(7, "gain iiii"),
		`missing "3.bias"`:                func(f *safetensors.File) { f.Tensor("3.bias").Name = "3.b" },
		`left over "3.b"`:                 func(f *safetensors.File) { f.Tensor("3.bias").Name = "3.b" },
		`missing "1.weight"`:              func(f *safetensors.File) { f.Tensor("1.weight").Name = "1.w" },
		`"1.bias" is 5x1, want 5 numbers`: func(f *safetensors.File) { f.Tensor("1.bias").Shape = []int{5, 1} },
		`type "I32"`:                      func(f *safetensors.File) { f.Tensor("1.bias").Type = "I32" },
		`downhill.mean: "a" is no number`: meta("downhill.mean", "1 2 a 4"),
		`3 means and 4 scales, want 4`:    meta("downhill.mean", "1 2 3"),
		`0 means and 4 scales`:            func(f *safetensors.File) { delete(f.Metadata, "downhill.mean") },
		`the scale 0`:                     meta("downhill.scale", "1 2 0 4"),
		`the scale +Inf`:                  meta("downhill.scale", "1 2 Inf 4"),
		`no quoted text at`:               meta("downhill.classes", `"a" "b" c`),
		`2 names of classes, want 3`:      meta("downhill.classes", `"a" "b"`),
	} {
		f, err := everything[float32](1).Encode()
		if err != nil {
			t.Fatal(err)
		}
		spoil(f)
		_, err = layers.Decode(f, map[string]layers.Maker[float32]{"gain": makeGain[float32], "noisy": makeNoisy[float32]})
		if err == nil || !strings.HasPrefix(err.Error(), "layers: Decode: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %s", err, want)
		}
	}
}

// line changes what a file says of layer i.
func line(i int, to string) func(*safetensors.File) {
	return func(f *safetensors.File) {
		lines := strings.Split(f.Metadata["downhill.layers"], "\n")
		lines[i] = to
		f.Metadata["downhill.layers"] = strings.Join(lines, "\n")
	}
}

func meta(key, to string) func(*safetensors.File) {
	return func(f *safetensors.File) { f.Metadata[key] = to }
}

// TestLoadWeights: a file of weights alone, as PyTorch has them, goes into a network that
// is there, or changes nothing.
func TestLoadWeights(t *testing.T) {
	net := layers.MLP[float32](rand.NewPCG(1, 2), 2, 3, 1)
	net.Classes = []string{"no", "yes"}
	w := []float32{1, 2, 3, 4, 5, 6}
	f := &safetensors.File{Tensors: []safetensors.Tensor{
		safetensors.New("2.weight", []int{1, 3}, w[:3]),
		safetensors.New("0.bias", []int{3}, w[3:]),
		safetensors.New("0.weight", []int{3, 2}, w),
		safetensors.New("2.bias", []int{1}, w[:1]),
	}}
	before := encoded(t, net)
	f.Tensors[0].Shape = []int{3, 1}
	f.Tensors[1].Name = "1.bias"
	err := net.LoadWeights(f)
	want := `layers: LoadWeights: missing "0.bias"; "2.weight" is 3x1, want 1x3; left over "1.bias"`
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	if !slices.Equal(encoded(t, net), before) {
		t.Error("an error has changed the network")
	}
	f.Tensors[0].Shape = []int{1, 3}
	f.Tensors[1].Name = "0.bias"
	if err := net.LoadWeights(f); err != nil {
		t.Fatal(err)
	}
	if got, want := net.Params()[0].Value.Data, []float32{1, 3, 5, 2, 4, 6}; !slices.Equal(got, want) {
		t.Errorf("the weight is %v, want %v", got, want)
	}
	if len(net.Classes) != 2 {
		t.Error("the classes are gone")
	}
}

// TestDamage changes every byte of a file in turn: it is refused, or a network of the same
// shape. Neither takes more than twice the file's memory.
func TestDamage(t *testing.T) {
	net := layers.MLP[float32](rand.NewPCG(1, 2), 8, 32, 3)
	net.Standardise = everything[float32](1).Standardise
	net.Standardise.Mean = append(net.Standardise.Mean, net.Standardise.Mean...)
	net.Standardise.Scale = append(net.Standardise.Scale, net.Standardise.Scale...)
	net.Classes = []string{"a", "b", "c"}
	data := encoded(t, net)
	for i := range data {
		for _, mask := range []byte{0x01, 0x04, 0x10, 0x80, 0xff} {
			data[i] ^= mask
			back, err := layers.Load[float32](data)
			data[i] ^= mask
			if (back == nil) == (err == nil) {
				t.Fatalf("byte %d: a network %v and an error %v", i, back, err)
			}
			if err != nil {
				continue
			}
			for j, p := range back.Params() {
				if q := net.Params()[j]; p.Value.Rows != q.Value.Rows || p.Value.Cols != q.Value.Cols || len(back.Params()) != len(net.Params()) {
					t.Fatalf("byte %d: %s is %dx%d", i, p.Name, p.Value.Rows, p.Value.Cols)
				}
			}
		}
	}
}

// TestLoadMemory: loading takes the network's memory and little else.
func TestLoadMemory(t *testing.T) {
	data := encoded(t, layers.MLP[float32](rand.NewPCG(1, 2), 64, 128, 10))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := layers.Load[float32](data); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 2*uint64(len(data)) {
		t.Errorf("a file of %d bytes takes %d", len(data), took)
	}
}

// FuzzLoad: no file makes a panic, or a network that cannot be encoded again.
func FuzzLoad(f *testing.F) {
	for seed := range uint64(3) {
		f.Add(encoded(f, everything[float32](seed)))
		f.Add(encoded(f, layers.MLP[float64](rand.NewPCG(seed, 0), 3, 2, int(seed)+1)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		comesBack[float32](t, data)
		comesBack[float64](t, data)
	})
}

// comesBack fails if a network that was decoded is another one once it has been encoded.
func comesBack[T tensor.Float](t *testing.T, data []byte) {
	net, err := decoded[T](t, data)
	if err != nil {
		return
	}
	file := encoded(t, net)
	again, err := decoded[T](t, file)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(encoded(t, again), file) {
		t.Error("the file of what came back is another one")
	}
}
