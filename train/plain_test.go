package train

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// TestPlainSGD: where Fit takes the step of plain SGD in the pass backward, the weights
// are, to the bit, those of the loop by hand, on any number of threads. Batches of 600
// are more than one block of Gemm.
func TestPlainSGD(t *testing.T) {
	t.Run("float32", testPlainSGD[float32])
	t.Run("float64", testPlainSGD[float64])
}

func testPlainSGD[T tensor.Float](t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, batch := range []int{32, 600} {
		begin := func() (*layers.Sequential[T], *data.Set[T], Options[T]) {
			rng := rand.NewPCG(1, 2)
			set := data.Convert[T](data.Digits())
			if err := data.Standardise(set); err != nil {
				t.Fatal(err)
			}
			net := layers.MLP[T](rng, 64, 256, 10)
			return net, set, Options[T]{Loss: layers.SoftmaxCrossEntropy[T]{}, Optimizer: optim.NewSGD(net.Params(), 0.1), Epochs: 1, BatchSize: batch, Rand: rng}
		}
		net, set, o := begin()
		var grad tensor.Tensor[T]
		for x, y := range set.Batches(o.Rand, batch) {
			o.Loss.Loss(&grad, net.Forward(x), y)
			net.Backward(&grad)
			o.Optimizer.Step()
		}
		want := weights(net)
		for _, cores := range []int{1, 2, 3} {
			runtime.GOMAXPROCS(cores)
			net, set, o := begin()
			if plainSGD(net, o) == nil {
				t.Fatal("Fit does not take the step itself")
			}
			r := mustFit(t, net, set, o)
			if !slices.Equal(weights(net), want) {
				t.Errorf("batches of %d, %d cores: other weights than by hand", batch, cores)
			}
			if steps := o.Optimizer.State().Steps; steps != r.Steps {
				t.Errorf("the optimiser has counted %d steps of %d", steps, r.Steps)
			}
		}
	}
}

// TestNotPlainSGD: what else an optimiser does, Fit leaves to it.
func TestNotPlainSGD(t *testing.T) {
	set := spots[float32](50, 1)
	for name, change := range map[string]func(net *layers.Sequential[float32], o *Options[float32]){
		"momentum": func(net *layers.Sequential[float32], o *Options[float32]) {
			o.Optimizer.(*optim.SGD[float32]).Momentum = 0.9
		},
		"decay": func(net *layers.Sequential[float32], o *Options[float32]) {
			o.Optimizer.(*optim.SGD[float32]).WeightDecay = 0.1
		},
		"clipping": func(net *layers.Sequential[float32], o *Options[float32]) { o.ClipNorm = 1e-3 },
		"the last layer only": func(net *layers.Sequential[float32], o *Options[float32]) {
			o.Optimizer = optim.NewSGD(net.Params()[2:], 0.5)
		},
		"a user's own": func(net *layers.Sequential[float32], o *Options[float32]) {
			o.Optimizer = twice{o.Optimizer.(*optim.SGD[float32])}
		},
	} {
		net, o := plan[float32](1)
		change(net, &o)
		mustFit(t, net, set, o)
		got := weights(net)

		net, o = plan[float32](1)
		change(net, &o)
		var grad tensor.Tensor[float32]
		for x, y := range set.Batches(o.Rand, o.BatchSize) {
			o.Loss.Loss(&grad, net.Forward(x), y)
			net.Backward(&grad)
			if o.ClipNorm > 0 {
				optim.ClipNorm(net.Params(), o.ClipNorm)
			}
			o.Optimizer.Step()
			for _, p := range net.Params() {
				p.ClearGrad() // those that the optimiser has not
			}
		}
		if !slices.Equal(got, weights(net)) {
			t.Errorf("%s: other weights than by hand", name)
		}
	}
}

// twice is an optimiser that embeds SGD and takes a step of its own.
type twice struct{ *optim.SGD[float32] }

func (o twice) Step() {
	for _, p := range o.Params() {
		for i, g := range p.Grad().Data {
			p.Grad().Data[i] = 2 * g
		}
	}
	o.SGD.Step()
}
