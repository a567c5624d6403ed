package doctor

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// TestLargestByChance: the bound is exceeded as rarely as it says, by few draws as by
// many.
func TestLargestByChance(t *testing.T) {
	const trials = 40000
	src := rand.NewPCG(1, 1)
	for _, n := range []int{1, 2, 3, 8, 32, 100} {
		w := weight[float64]{Param: tensor.NewParam[float64]("w", 1, n), in: 2} // He's variance is 1
		for _, kind := range []struct {
			draw       func()
			least, top float64
		}{
			{func() { tensor.Normal(w.Value.Data, 1, src) }, 1. / 1400, 1. / 500},
			{func() { tensor.Uniform(w.Value.Data, math.Sqrt(3), src) }, 0, 1. / 1400},
		} {
			above := 0
			for range trials {
				if kind.draw(); w.multiple() > largestByChance(n) {
					above++
				}
			}
			if share := float64(above) / trials; share < kind.least || share > kind.top {
				t.Errorf("%d draws: %.5f are above, want %.5f to %.5f", n, share, kind.least, kind.top)
			}
		}
	}
}

// TestLoose: of biases only those count that are drawn, and wider than PyTorch does.
func TestLoose(t *testing.T) {
	src := rand.NewPCG(2, 2)
	b := weight[float64]{Param: tensor.NewParam[float64]("b", 1, 16), in: 16, out: 16, bias: true}
	for _, c := range []struct {
		name string
		draw func(x []float64)
		want bool
	}{
		{"PyTorch's", func(x []float64) { tensor.Uniform(x, 0.25, src) }, false},
		{"all alike", func(x []float64) {
			for i := range x {
				x[i] = 3
			}
		}, false},
		{"randn", func(x []float64) { tensor.Normal(x, 1, src) }, true},
	} {
		for range 100 {
			if c.draw(b.Value.Data); b.loose() != c.want {
				t.Fatalf("%s: loose is %v", c.name, !c.want)
			}
		}
	}
}

// TestTooLargeWeights: no customary draw looks too large, however few its numbers.
func TestTooLargeWeights(t *testing.T) {
	src := rand.NewPCG(3, 3)
	for _, c := range []struct {
		name string
		draw func(w, b *tensor.Tensor[float32])
	}{
		{"He", func(w, _ *tensor.Tensor[float32]) { tensor.HeNormal(w, src) }},
		{"Xavier with a gain of 5/3", func(w, _ *tensor.Tensor[float32]) {
			tensor.Normal(w.Data, 5./3*math.Sqrt(2/float64(w.Rows+w.Cols)), src)
		}},
		{"PyTorch", func(w, b *tensor.Tensor[float32]) {
			tensor.Uniform(w.Data, 1/math.Sqrt(float64(w.Rows)), src)
			tensor.Uniform(b.Data, 1/math.Sqrt(float64(w.Rows)), src)
		}},
		{"LeCun, biases of deviation 1", func(w, b *tensor.Tensor[float32]) {
			tensor.Normal(w.Data, 1/math.Sqrt(float64(w.Rows)), src)
			tensor.Normal(b.Data, 1, src)
		}},
	} {
		large, draws := 0, 0
		for _, width := range []int{1, 2, 3, 4, 8, 64} {
			k := curve(t)
			net := k.net(1, 3, width, relu)
			e := newExam(t.Context(), Case[float32]{Net: net, Loss: k.loss, Train: k.train})
			if err := e.forward(); err != nil {
				t.Fatal(err)
			}
			for range 200 {
				for _, i := range []int{0, 2, 4} {
					d := net.Layers()[i].(*layers.Dense[float32])
					c.draw(d.Weight().Value, d.Bias().Value)
				}
				draws++
				if len(e.tooLargeWeights()) > 0 {
					large++
				}
			}
		}
		if 200*large > draws {
			t.Errorf("%s: %d of %d are too large", c.name, large, draws)
		}
	}
}

// TestWildWeights: weights that are far too large are named where they are, though the
// network learns all the same. Those that a trained network has, or that do no harm, are
// not.
func TestWildWeights(t *testing.T) {
	scaled := func(layer int, by float32) func(*Case[float32]) {
		return func(c *Case[float32]) { scaleBy(dense(c, layer).Weight().Value.Data, by) }
	}
	trained := func(c *Case[float32]) {
		c.Optimizer = adamw(c.Net, 0.1)
		converge(*c, 300)
	}
	for _, c := range []struct {
		name  string
		task  func(testing.TB) task
		act   func() layers.Layer[float32]
		spoil func(*Case[float32])
		large bool   // beyond what is customary
		where string // empty if nothing is to be said
		seen  string
	}{
		{"last weights, logits", cancer, relu, scaled(2, 5), true, "layer 2 (dense 16 1), 2.weight", "against shuffled targets"},
		{"last weights, classes", wine, leaky, scaled(2, 4), true, "layer 2 (dense 16 3), 2.weight", "against shuffled targets"},
		{"last weights, numbers", curve, tanh, scaled(2, 3.5), true, "layer 2 (dense 16 1), 2.weight", "against shuffled targets"},
		{"first weights, saturated", iris, tanh, scaled(0, 8), true, "layer 0 (dense 4 16), 0.weight", "are saturated"},
		{"gain of 5/3", iris, tanh, scaled(2, 5./3), false, "", ""},
		{"3.5 times He's", digits, relu, scaled(0, 1.87), false, "", ""},
		// With fresh weights too the loss is far above that of the classes' shares.
		{"first weights, nothing comes of it", rare, tanh, scaled(0, 2.2), true, "", ""},
		// With fresh weights most outputs are saturated too.
		{"first weights, large inputs", iris, tanh, func(c *Case[float32]) {
			scaleBy(c.Train.X.Data, 8)
			scaled(0, 6)(c)
		}, true, "", ""},
		{"trained, tanh", cancer, tanh, trained, true, "", ""},
		{"trained, sigmoid", cancer, sigmoid, trained, true, "", ""},
	} {
		k := c.task(t).standardised(t)
		net := k.net(3, 2, 16, c.act)
		by := Case[float32]{Net: net, Loss: k.loss, Optimizer: sgd(net, 0.1), Train: k.train, BatchSize: 32}
		c.spoil(&by)
		by.Optimizer = sgd(net, 0.1)
		e := newExam(t.Context(), by)
		if err := e.forward(); err != nil {
			t.Fatal(err)
		}
		if large := e.tooLargeWeights(); (len(large) > 0) != c.large {
			t.Errorf("%s: %d weights are too large", c.name, len(large))
		}
		r := examine(t, by)
		i := slices.IndexFunc(r, func(f Finding) bool { return f.Rule == "init/large" })
		switch {
		case i < 0 && c.where != "":
			t.Errorf("%s: not named in\n%v", c.name, text(r))
		case i >= 0 && (r[i].Where != c.where || r[i].Severity != Warning || !strings.Contains(r[i].Evidence, c.seen)):
			t.Errorf("%s: have\n%v", c.name, r[i])
		}
	}
}
