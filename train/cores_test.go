package train

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
)

// The network is so wide that the work of a single product is worth waking threads for.
func TestFitHasTheSameBitsOnAnyNumberOfCores(t *testing.T) {
	fit := func(cores int, seed uint64) []float32 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		rng := rand.NewPCG(seed, 2)
		set, unseen := data.Digits().Split(rng, 0.2)
		if err := data.Standardise(set, unseen); err != nil {
			t.Fatal(err)
		}
		net := layers.NewSequential(
			layers.NewDense[float32](rng, 64, 512),
			layers.NewReLU[float32](),
			layers.NewDropout[float32](rng, 0.2),
			layers.NewDense[float32](rng, 512, 10),
		)
		mustFit(t, net, set, Options[float32]{
			Loss:      layers.SoftmaxCrossEntropy[float32]{},
			Optimizer: optim.NewAdamW(net.Params(), 1e-3),
			Epochs:    1,
			BatchSize: 128,
			Rand:      rng,
			ClipNorm:  1,
		})
		return weights(net)
	}
	want := fit(1, 1)
	for _, cores := range []int{1, 2, 3} {
		if !slices.Equal(fit(cores, 1), want) {
			t.Errorf("%d cores give other weights", cores)
		}
	}
	if slices.Equal(fit(1, 3), want) {
		t.Error("another seed gives the same weights")
	}
}
