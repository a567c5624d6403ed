package train_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/db75a6f2/downhill"
	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
	"github.com/db75a6f2/downhill/train"
)

// The hashes of weights after training, one for each numeric profile. They hold on
// every CPU and with every kernel set of the profile: this very test runs on amd64, 386,
// arm64, s390x and wasm. They change only when the meaning of an operation changes, which
// is a new major version.
var hashes = map[string]map[string]uint64{
	"digits":     {"fma": 0x6a1cd9ab9c73c71a, "muladd": 0x46907c7a0d2660f2},
	"everything": {"fma": 0xf8a4f5b05473d737, "muladd": 0x919c8b9915332586},
}

func wantHash(t *testing.T, name string, got uint64) {
	t.Helper()
	profile := "fma"
	if downhill.Kernel() == "generic" {
		profile = "muladd"
	}
	if want := hashes[name][profile]; got != want {
		t.Errorf("hash of the weights is %#016x with kernel %s, want %#016x", got, downhill.Kernel(), want)
	}
}

// hash is FNV-1a over the bits of all parameters, least byte first.
func hash[T tensor.Float](net *layers.Sequential[T]) uint64 {
	h := uint64(14695981039346656037)
	add := func(bits uint64, bytes int) {
		for range bytes {
			h = (h ^ bits&0xff) * 1099511628211
			bits >>= 8
		}
	}
	for _, p := range net.Params() {
		for _, v := range p.Value.Data {
			if f, ok := any(v).(float32); ok {
				add(uint64(math.Float32bits(f)), 4)
			} else {
				add(math.Float64bits(float64(v)), 8)
			}
		}
	}
	return h
}

// trainSteps is Fit, broken off after so many steps.
func trainSteps[T tensor.Float](t *testing.T, net *layers.Sequential[T], set *data.Set[T], steps int, o train.Options[T]) {
	t.Helper()
	batches := data.NewBatcher(set, o.Rand, o.BatchSize)
	var grad tensor.Tensor[T]
	for step := 0; step < steps; {
		for x, y := range batches.Epoch() {
			if o.Schedule != nil {
				o.Optimizer.SetLR(o.Schedule(step))
			}
			o.Loss.Loss(&grad, net.Forward(x), y)
			net.Backward(&grad)
			if o.ClipNorm > 0 {
				optim.ClipNorm(net.Params(), o.ClipNorm)
			}
			o.Optimizer.Step()
			if step++; step == steps {
				break
			}
		}
	}
}

// TestDigitsHash trains the network of examples/digits for 100 steps.
func TestDigitsHash(t *testing.T) {
	rng := rand.NewPCG(1, 2)
	set, _ := data.Digits().Split(rng, 0.8)
	if err := data.Standardise(set); err != nil {
		t.Fatal(err)
	}
	net := layers.MLP[float32](rng, 64, 128, 10)
	sgd := optim.NewSGD(net.Params(), 0.1)
	sgd.Momentum, sgd.WeightDecay = 0.9, 2e-3
	trainSteps(t, net, set, 100, train.Options[float32]{Loss: layers.SoftmaxCrossEntropy[float32]{}, Optimizer: sgd, BatchSize: 32, Rand: rng})
	wantHash(t, "digits", hash(net))
}

// TestEverythingHash trains a network of every layer for 50 steps in float64, with
// AdamW, a schedule and clipping.
func TestEverythingHash(t *testing.T) {
	rng := rand.NewPCG(3, 4)
	set, _ := data.Convert[float64](data.Digits()).Split(rng, 0.1)
	if err := data.Standardise(set); err != nil {
		t.Fatal(err)
	}
	net := layers.NewSequential(
		layers.NewDense[float64](rng, 64, 20), layers.NewSigmoid[float64](),
		layers.NewDense[float64](rng, 20, 20), layers.NewTanh[float64](), layers.NewDropout[float64](rng, 0.1),
		layers.NewDense[float64](rng, 20, 20), layers.NewLeakyReLU[float64](0.01), layers.NewReLU[float64](),
		layers.NewDense[float64](rng, 20, 10),
	)
	trainSteps(t, net, set, 50, train.Options[float64]{
		Loss: layers.SoftmaxCrossEntropy[float64]{}, Optimizer: optim.NewAdamW(net.Params(), 0.01),
		BatchSize: 16, Rand: rng, Schedule: optim.Cosine(0.01, 5, 50), ClipNorm: 0.5,
	})
	wantHash(t, "everything", hash(net))
}
