package doctor

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// found lists a report as "rule place", in order.
func found(r Report) (list []string) {
	for _, f := range r {
		list = append(list, f.Rule+" "+f.Where)
	}
	return list
}

// hasAll reports whether each of want, a rule and then words of the place, is found.
func hasAll(r Report, want ...string) bool {
	for _, w := range want {
		fields := strings.Fields(w)
		if !slices.ContainsFunc(r, func(f Finding) bool {
			for _, word := range fields[1:] {
				if !strings.Contains(f.Where, word) {
					return false
				}
			}
			return f.Rule == fields[0]
		}) {
			return false
		}
	}
	return true
}

// TestStuckGradients: each fault of the network of examples/stuck is named, alone and with the
// others.
func TestStuckGradients(t *testing.T) {
	t.Run("float64", stuck[float64])
	t.Run("float32", stuck[float32])
}

func stuck[T tensor.Float](t *testing.T) {
	clip := 1e-10
	if isFloat32[T]() {
		clip = 1e-6
	}
	for _, c := range []struct {
		made faulty
		lr   float64
		want []string // and nothing else, each in both layers if it is not the loss's
	}{
		{"", 0.01, nil},
		{clipsOneSide, 0.01, []string{"gradient/clip loss grad"}},
		{derivesUpstream, 0.01, []string{"gradient/upstream weight bias dx"}},
		{biasFromUpstream, 0.01, []string{"gradient/bias bias"}},
		{dividesByWidth, 0.01, []string{"gradient/scaled loss grad", "gradient/scaled weight bias"}},
		{updatesFirst, 0.01, []string{"gradient/early-update dx"}},
		{updatesFirst, 0.1, []string{"gradient/early-update dx"}},
		{updatesInPlace, 0.01, []string{"gradient/early-update weight"}},
		{allFaults, 0.01, []string{"gradient/scaled loss grad", "gradient/clip loss grad", "gradient/upstream weight", "gradient/bias bias",
			"gradient/scaled weight", "gradient/early-update dx"}},
		{allFaults + updatesInPlace, 0.01, []string{"gradient/scaled loss grad", "gradient/clip loss grad", "gradient/upstream weight",
			"gradient/bias bias", "gradient/scaled weight", "gradient/early-update weight"}},
	} {
		for seed := range uint64(8) {
			x, y := stuckBatch[T](seed)
			r, err := Gradients(stuckNet[T](c.made, seed, c.lr), userLoss[T]{c.made, clip}, x, y)
			var want []string
			for _, w := range c.want {
				if strings.Contains(w, "loss") {
					want = append(want, w)
				} else {
					rule, words, _ := strings.Cut(w, " ")
					want = append(want, rule+" 0 "+words, rule+" 1 "+words)
				}
			}
			if err != nil || !hasAll(r, want...) || len(r) != len(want) {
				t.Errorf("%q, seed %d: error %v, found\n  %s\nwant\n  %s", c.made, seed, err, strings.Join(found(r), "\n  "), strings.Join(want, "\n  "))
				break
			}
		}
	}
}

// TestStuckLater: the same from the weights of the question, and after steps that have
// left both layers dead or saturated.
func TestStuckLater(t *testing.T) {
	for _, lr := range []float64{1e-4, 0.01, 1} {
		for _, steps := range []int{0, 10, 100} {
			x, y := stuckBatch[float64](2)
			net, loss := stuckNet[float64](allFaults, 2, lr), userLoss[float64]{allFaults, 1e-10}
			for _, p := range net.Params() {
				tensor.Normal(p.Value.Data, 2, rand.NewPCG(1, 3))
			}
			sgd := optim.NewSGD(net.Params(), lr)
			var grad tensor.Tensor[float64]
			for range steps {
				loss.Loss(&grad, net.Forward(x), y)
				net.Backward(&grad)
				sgd.Step()
			}
			r, err := Gradients(net, loss, x, y)
			if err != nil || len(r) != 10 || !hasAll(r, "gradient/scaled loss", "gradient/clip loss",
				"gradient/upstream 0 weight", "gradient/bias 0 bias", "gradient/scaled 0 weight", "gradient/early-update 0 dx",
				"gradient/upstream 1 weight", "gradient/bias 1 bias", "gradient/scaled 1 weight", "gradient/early-update 1 dx") {
				t.Errorf("lr %v, %d steps: error %v, found\n  %s", lr, steps, err, strings.Join(found(r), "\n  "))
			}
		}
	}
}

// TestKinds: mistakes of one layer, and what they are called.
func TestKinds(t *testing.T) {
	t.Run("float64", kinds[float64])
	t.Run("float32", kinds[float32])
}

func kinds[T tensor.Float](t *testing.T) {
	acts := map[string]act{"relu": reluAct, "sigmoid": sigmoidAct, "tanh": tanhAct, "none": noAct}
	for _, c := range []struct {
		made    faulty
		in, out int
		act     string
		want    []string
		cause   string // words of the first finding
	}{
		{"", 5, 4, "tanh", nil, ""},
		{"sign,", 5, 4, "tanh", []string{"gradient/sign weight bias"}, "sign"},
		{"sign,", 5, 1, "sigmoid", []string{"gradient/sign weight bias"}, "sign"},
		{"divides by batch,", 5, 4, "relu", []string{"gradient/scaled weight bias"}, "1/batch with batch = 7"},
		{"divides by both,", 5, 4, "relu", []string{"gradient/scaled weight bias"}, "1/(batch*features)"},
		{dividesByWidth, 5, 4, "none", []string{"gradient/scaled weight bias"}, "1/features with features = 5"},
		{"dx halved,", 5, 4, "relu", []string{"gradient/scaled dx"}, "1/2"},
		{"transposes weight,", 6, 6, "tanh", []string{"gradient/transposed weight"}, ""},
		{"dx untransposed,", 6, 6, "sigmoid", []string{"gradient/transposed dx"}, ""},
		{"no weight,", 5, 4, "tanh", []string{"gradient/missing weight"}, ""},
		{"no bias,", 5, 4, "tanh", []string{"gradient/missing bias"}, ""},
		{"no dx,", 5, 4, "tanh", []string{"gradient/missing dx"}, ""},
		{"zero bias,", 5, 4, "tanh", []string{"gradient/zero bias"}, ""},
		{"overwrites,", 5, 4, "tanh", []string{"gradient/overwritten weight bias"}, ""},
		{"last row,", 5, 4, "tanh", []string{"gradient/rows weight"}, ""},
		{"forward writes x,", 5, 4, "tanh", []string{"gradient/input-changed x"}, ""},
		{"backward writes y,", 5, 4, "tanh", []string{"gradient/input-changed y"}, ""},
		{derivesUpstream, 5, 4, "relu", []string{"gradient/upstream weight bias dx"}, "act'(dy) stands"},
		{derivesUpstream, 5, 4, "tanh", []string{"gradient/upstream weight bias dx"}, "act'(dy) stands"},
		{derivesUpstream, 1, 1, "sigmoid", []string{"gradient/upstream weight bias dx"}, ""},
		{"ignores upstream,", 5, 4, "sigmoid", []string{"gradient/upstream weight bias dx"}, "left out"},
		{"clips gradient,", 5, 4, "tanh", []string{"gradient/upstream weight bias dx"}, "not linear"},
		{"derives output,", 5, 4, "sigmoid", []string{"gradient/derivative weight bias dx"}, "act'(act(z))"},
		{"derives output,", 5, 4, "tanh", []string{"gradient/derivative weight bias dx"}, "act'(act(z))"},
		{"no derivative,", 5, 4, "tanh", []string{"gradient/derivative weight bias dx"}, "missing"},
		{"dx from dy,", 5, 4, "sigmoid", []string{"gradient/derivative dx"}, "missing"},
		{biasFromUpstream, 5, 4, "none", nil, ""}, // without an activation dy is right
		{derivesUpstream + biasFromUpstream + "divides by batch," + updatesFirst, 5, 4, "tanh",
			[]string{"gradient/upstream weight dx", "gradient/bias bias", "gradient/scaled weight bias", "gradient/early-update dx"}, ""},
		{"sign," + biasFromUpstream + updatesFirst, 5, 4, "relu",
			[]string{"gradient/sign weight bias", "gradient/bias bias", "gradient/early-update dx"}, ""},
	} {
		for seed := range uint64(8) {
			src := rand.NewPCG(seed, 3)
			x := tensor.New[T](12, c.in)
			tensor.Normal(x.Data, 1, src)
			r, err := LayerGradients(newUserDense[T](c.made, src, c.in, c.out, 0.05, acts[c.act]), x)
			if err != nil || !hasAll(r, c.want...) || len(r) != len(c.want) || len(r) > 0 && !strings.Contains(r[0].Cause, c.cause) {
				t.Errorf("%q, %d to %d, %s, seed %d: error %v, found\n%v\nwant %q with %q", c.made, c.in, c.out, c.act, seed, err, r, c.want, c.cause)
				break
			}
		}
	}
}

// TestLossKinds: mistakes of a loss.
func TestLossKinds(t *testing.T) {
	for _, c := range []struct {
		made faulty
		want []string
	}{
		{"", nil},
		{clipsOneSide, []string{"gradient/clip grad"}},
		{"unclipped,", []string{"gradient/clip grad"}},
		{"clips early,", []string{"gradient/clip grad"}},
		{dividesByWidth, []string{"gradient/scaled grad"}},
		{"divides twice,", []string{"gradient/scaled grad"}},
		{"sign,", []string{"gradient/sign grad"}},
		{"sign," + clipsOneSide + dividesByWidth, []string{"gradient/sign grad", "gradient/scaled grad", "gradient/clip grad"}},
	} {
		for _, clip := range []float64{1e-7, 1e-10, 1e-12, 1e-15} {
			pred, y := tensor.New[float64](20, 1), tensor.New[float64](20, 1)
			for i := range y.Data {
				y.Data[i], pred.Data[i] = float64(i%2), float64(i)/20
			}
			r, err := LossGradient(userLoss[float64]{c.made, clip}, pred, y)
			if err != nil || !hasAll(r, c.want...) || len(r) != len(c.want) {
				t.Errorf("%q, clip %v: error %v, found\n%v\nwant %q", c.made, clip, err, r, c.want)
			}
		}
	}
}

// TestRight: what is right is said to be.
func TestRight(t *testing.T) {
	t.Run("float64", right[float64])
	t.Run("float32", right[float32])
}

func right[T tensor.Float](t *testing.T) {
	clean := func(what string, r Report, err error) {
		t.Helper()
		if err != nil || len(r) > 0 {
			t.Errorf("%s: error %v, found\n%v", what, err, r)
		}
	}
	for seed := range uint64(4) {
		src := rand.NewPCG(seed, 5)
		rng := rand.New(src)
		in, out := 1+rng.IntN(12), 2+rng.IntN(9)
		for _, spread := range []float64{0, 1e-3, 1, 30, 1e4} {
			x := tensor.New[T](1+rng.IntN(30), in)
			tensor.Normal(x.Data, spread, src)
			for i := range x.Data {
				if rng.IntN(5) == 0 {
					x.Data[i] = 0
				}
			}
			for _, l := range []layers.Layer[T]{
				layers.NewDense[T](src, in, out), layers.NewReLU[T](), layers.NewLeakyReLU[T](0.01), layers.NewSigmoid[T](), layers.NewTanh[T](),
				newUserDense[T]("", src, in, out, 1, reluAct), newUserDense[T]("", src, in, out, 1, sigmoidAct), newUserDense[T]("", src, in, out, 1, tanhAct),
			} {
				r, err := LayerGradients(l, x)
				clean(fmt.Sprintf("%T, seed %d, spread %v", l, seed, spread), r, err)
			}
			classes, shares, any := tensor.New[T](x.Rows, 1), tensor.New[T](x.Rows, out), tensor.New[T](x.Rows, out)
			bits := tensor.New[T](x.Rows, out)
			logits, probs := tensor.New[T](x.Rows, out), tensor.New[T](x.Rows, out)
			tensor.Normal(logits.Data, spread, src)
			tensor.Normal(any.Data, spread, src)
			for i := range x.Rows {
				class := rng.IntN(out)
				classes.Data[i] = T(class)
				shares.Set(i, class, 0.75)
				shares.Set(i, (class+1)%out, 0.25)
				for j := range out {
					bits.Set(i, j, T(rng.IntN(2)))
					probs.Set(i, j, T(logistic(float64(logits.At(i, j)))))
				}
			}
			for _, c := range []struct {
				loss    layers.Loss[T]
				pred, y *tensor.Tensor[T]
			}{
				{layers.SoftmaxCrossEntropy[T]{}, logits, classes}, {layers.SoftmaxCrossEntropy[T]{}, logits, shares},
				{layers.BinaryCrossEntropy[T]{}, logits, bits}, {layers.BinaryCrossEntropy[T]{}, logits, shares},
				{layers.BinaryCrossEntropyProb[T]{}, probs, bits}, {layers.BinaryCrossEntropyProb[T]{Clip: 1e-4}, probs, shares},
				{layers.MeanSquaredError[T]{}, logits, any}, {layers.MeanSquaredError[T]{}, probs, bits},
			} {
				r, err := LossGradient(c.loss, c.pred, c.y)
				clean(fmt.Sprintf("%T, seed %d, spread %v", c.loss, seed, spread), r, err)
				net := layers.MLP[T](src, in, 1+rng.IntN(20), out)
				if c.pred == probs {
					net = layers.NewSequential(append(net.Layers(), layers.NewSigmoid[T]())...)
				}
				r, err = Gradients(net, c.loss, x, c.y)
				clean(fmt.Sprintf("net under %T, seed %d, spread %v", c.loss, seed, spread), r, err)
			}
		}
	}
}

// TestGradientsLeaveAlone: values, gradients and activations stay, and a layer that the
// network has twice and that keeps things from Forward shows in the whole only.
func TestGradientsLeaveAlone(t *testing.T) {
	x, y := stuckBatch[float64](1)
	net := stuckNet[float64](allFaults+updatesInPlace, 1, 0.01)
	out := net.Forward(x)
	net.Params()[0].Grad().Data[3] = 7
	before, output := take[float64](net, nil), clone(out)
	if _, err := Gradients(net, userLoss[float64]{allFaults, 1e-10}, x, y); err != nil {
		t.Fatal(err)
	}
	for i, p := range net.Params() {
		if !sameBits(p.Value.Data, before.values[i].Data) || p.HasGrad() != (before.grads[i] != nil) || p.HasGrad() && !sameBits(p.Grad().Data, before.grads[i].Data) {
			t.Errorf("%s has changed", p.Name)
		}
	}
	if !sameBits(out.Data, output.Data) || net.Output(1) != out {
		t.Error("the activations have changed")
	}

	src := rand.NewPCG(1, 1)
	twice := newUserDense[float64]("keeps x,", src, 4, 4, 0, tanhAct)
	r, err := Gradients(layers.NewSequential[float64](twice, layers.NewTanh[float64](), twice, layers.NewDense[float64](src, 4, 1)), layers.BinaryCrossEntropy[float64]{}, x, y)
	if err != nil || len(r) != 1 || r[0].Where != "the whole network, 0.weight" {
		t.Errorf("a layer that keeps x: error %v, found\n%v", err, r)
	}
}

// fickle gives something else every time.
type fickle struct {
	*layers.ReLU[float64]
	n float64
}

func (f *fickle) Forward(y, x *tensor.Tensor[float64]) {
	f.ReLU.Forward(y, x)
	f.n++
	y.Data[0] = f.n
}

func TestGradientsMisuse(t *testing.T) {
	x, y := stuckBatch[float64](1)
	net, loss := stuckNet[float64]("", 1, 0.01), userLoss[float64]{"", 1e-10}
	short := x.Slice(0, 3)
	src := rand.NewPCG(1, 1)
	for want, call := range map[string]func() (Report, error){
		"network is nil":       func() (Report, error) { return Gradients(nil, loss, x, y) },
		"loss is nil":          func() (Report, error) { return Gradients[float64](net, nil, x, y) },
		"batch is empty":       func() (Report, error) { return Gradients(net, loss, new(tensor.Tensor[float64]), y) },
		"y is nil":             func() (Report, error) { return Gradients(net, loss, x, nil) },
		"x has 3 rows, y 100":  func() (Report, error) { return Gradients(net, loss, &short, y) },
		"want a probability":   func() (Report, error) { return Gradients(net, loss, x, multiplied(y, 3)) },
		"layer is nil":         func() (Report, error) { return LayerGradients(nil, x) },
		"layers.Trainer":       func() (Report, error) { return LayerGradients(layers.NewDropout[float64](src, 0.5), x) },
		"pred has 100 rows, y": func() (Report, error) { return LossGradient(loss, y, &short) },
		"layer 1 (relu): Forward does not give the same twice": func() (Report, error) {
			odd := layers.NewSequential[float64](layers.NewDense[float64](src, 4, 1), &fickle{ReLU: layers.NewReLU[float64]()})
			return Gradients(odd, layers.MeanSquaredError[float64]{}, x, y)
		},
	} {
		if r, err := call(); err == nil || !strings.Contains(err.Error(), want) || r != nil {
			t.Errorf("error %v, found %v, want %q", err, r, want)
		}
	}
}

// TestGradientsDropout: a Dropout is passed as in inference.
func TestGradientsDropout(t *testing.T) {
	src := rand.NewPCG(1, 1)
	x, y := stuckBatch[float64](1)
	net := layers.NewSequential[float64](layers.NewDense[float64](src, 4, 8), layers.NewDropout[float64](src, 0.5),
		newUserDense[float64](biasFromUpstream, src, 8, 1, 0, sigmoidAct))
	r, err := Gradients(net, userLoss[float64]{"", 1e-10}, x, y)
	if err != nil || len(r) != 1 || !hasAll(r, "gradient/bias 2 bias") {
		t.Errorf("error %v, found\n%v", err, r)
	}
}

// BenchmarkGradients is the check of the network of the digits.
func BenchmarkGradients(b *testing.B) {
	src := rand.NewPCG(1, 1)
	x, y := tensor.New[float32](1000, 64), tensor.New[float32](1000, 1)
	tensor.Normal(x.Data, 1, src)
	net := layers.MLP[float32](src, 64, 128, 10)
	for b.Loop() {
		if r, err := Gradients(net, layers.SoftmaxCrossEntropy[float32]{}, x, y); err != nil || len(r) > 0 {
			b.Fatal(r, err)
		}
	}
}

// TestUnusual: activations alone, a softmax within, a layer that mixes rows, one that
// takes whole numbers: right ones, and some wrong.
func TestUnusual(t *testing.T) {
	t.Run("float64", unusual[float64])
	t.Run("float32", unusual[float32])
}

func unusual[T tensor.Float](t *testing.T) {
	for seed := range uint64(8) {
		src := rand.NewPCG(seed, 7)
		x, numbers := tensor.New[T](20, 5), tensor.New[T](20, 1)
		tensor.Normal(x.Data, 1, src)
		for i := range numbers.Data {
			numbers.Data[i] = T(i % 4)
		}
		table := tensor.NewParam[T]("table", 6, 3)
		tensor.Normal(table.Value.Data, 1, src)
		for _, c := range []struct {
			layer layers.Layer[T]
			x     *tensor.Tensor[T]
			want  []string
			cause string
		}{
			{userAct[T]{"", tanhAct}, x, nil, ""},
			{userAct[T]{"", reluAct}, x, nil, ""},
			{userAct[T]{derivesUpstream, reluAct}, x, []string{"gradient/upstream dx"}, "act'(dy)"},
			{userAct[T]{derivesUpstream, sigmoidAct}, x, []string{"gradient/upstream dx"}, "act'(dy)"},
			{userAct[T]{"derives output,", sigmoidAct}, x, []string{"gradient/derivative dx"}, "act'(act(z))"},
			{userAct[T]{"no derivative,", tanhAct}, x, []string{"gradient/derivative dx"}, "missing"},
			{userAct[T]{dividesByWidth, tanhAct}, x, []string{"gradient/scaled dx"}, "1/features"},
			{newUserTurned[T]("", src, 5, 3), x, nil, ""},
			{newUserTurned[T]("", src, 5, 5), x, nil, ""},
			{newUserTurned[T]("no derivative,", src, 5, 3), x, []string{"gradient/derivative w dx"}, "missing"},
			{newUserTurned[T](dividesByWidth, src, 5, 3), x, []string{"gradient/scaled w"}, "1/features"},
			{newUserNorm[T]("", 5), x, nil, ""},
			{newUserNorm[T]("forgets mean,", 5), x, []string{"gradient/wrong dx"}, ""},
			{userLookup[T]{table}, numbers, nil, ""},
		} {
			r, err := LayerGradients(c.layer, c.x)
			if err != nil || !hasAll(r, c.want...) || len(r) != len(c.want) || len(r) > 0 && !strings.Contains(r[0].Cause, c.cause) {
				t.Errorf("%T %v, seed %d: error %v, found\n%v\nwant %q with %q", c.layer, c.layer, seed, err, r, c.want, c.cause)
			}
		}
	}
}
