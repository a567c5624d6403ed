package doctor

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
	"github.com/db75a6f2/downhill/train"
)

var _ train.Watcher[float32] = (*Watch[float32])(nil)

// plan is a healthy training of the digits, for a fault to be planted in.
type plan struct {
	rng           *rand.PCG
	net           *layers.Sequential[float32]
	known, unseen *data.Set[float32]
	o             train.Options[float32]
}

func digitsPlan(t testing.TB, build func(src rand.Source) []layers.Layer[float32]) *plan {
	p := &plan{rng: rand.NewPCG(1, 2)}
	p.known, p.unseen = data.Digits().Subset(firstRows(600)).Split(p.rng, 0.75)
	if err := data.Standardise(p.known, p.unseen); err != nil {
		t.Fatal(err)
	}
	p.net = layers.NewSequential(build(p.rng)...)
	p.o = train.Options[float32]{Loss: layers.SoftmaxCrossEntropy[float32]{}, Optimizer: optim.NewSGD(p.net.Params(), 0.1), Epochs: 15, BatchSize: 32, Rand: p.rng}
	return p
}

// deep returns n layers of width 32 for the digits, with the given activations between.
func deep(n int, act func() layers.Layer[float32]) func(src rand.Source) []layers.Layer[float32] {
	return func(src rand.Source) (all []layers.Layer[float32]) {
		in := 64
		for range n - 1 {
			all = append(all, layers.NewDense[float32](src, in, 32), act())
			in = 32
		}
		return append(all, layers.NewDense[float32](src, in, 10))
	}
}

func (p *plan) dense(i int) *layers.Dense[float32] { return p.net.Layers()[i].(*layers.Dense[float32]) }

func (p *plan) rate(lr float64) { p.o.Optimizer.SetLR(lr) }

// TestWatchFaults plants faults, each of which must be named first.
func TestWatchFaults(t *testing.T) {
	for _, c := range []struct {
		name  string
		want  string // rules, any of which will do
		where string // a part of Where
		build func(src rand.Source) []layers.Layer[float32]
		fault func(p *plan)
	}{
		{"nothing", "", "", deep(3, relu), func(p *plan) {}},
		{"rate of 3", "watch/dead-relu watch/rising watch/update-ratio watch/nan", "", deep(3, relu), func(p *plan) { p.rate(3) }},
		{"rate of 100", "watch/nan watch/rising watch/dead-relu", "", deep(3, relu), func(p *plan) { p.rate(100) }},
		{"rate of 3 for squared errors", "watch/rising watch/nan watch/oscillating watch/update-ratio", "", deep(1, relu), func(p *plan) {
			p.o.Loss, p.known.Y = layers.MeanSquaredError[float32]{}, oneHot(p.known.Y)
			p.rate(3)
		}},
		{"rate of 10 and four layers of tanh", "watch/oscillating watch/update-ratio watch/rising watch/saturated", "", deep(4, tanh), func(p *plan) { p.rate(10); p.o.Epochs = 30 }},
		{"rate of 1e-7", "watch/update-ratio", "every layer", deep(3, relu), func(p *plan) { p.rate(1e-7) }},
		{"rate of 0", "watch/update-ratio", "layer 0", deep(3, relu), func(p *plan) { p.rate(0) }},
		{"only biases trained", "watch/update-ratio", "0.weight", deep(1, relu), func(p *plan) {
			p.o.Optimizer = optim.NewSGD(p.net.Params()[1:], 1e-6)
		}},
		{"biases of -50", "watch/dead-relu", "layer 1", deep(3, relu), func(p *plan) {
			for i := range p.dense(0).Bias().Value.Data {
				p.dense(0).Bias().Value.Data[i] = -50
			}
		}},
		{"weights of 0", "watch/dead-relu watch/always-same", "", deep(3, relu), func(p *plan) {
			for _, q := range p.net.Params() {
				clear(q.Value.Data)
			}
		}},
		{"weights times 300 before sigmoids", "watch/saturated watch/vanishing", "layer 1", deep(4, sigmoid), func(p *plan) {
			for _, i := range []int{0, 2, 4} {
				for k := range p.dense(i).Weight().Value.Data {
					p.dense(i).Weight().Value.Data[k] = 300 + float32(k%7)
				}
			}
		}},
		{"inputs times 100", "watch/nan watch/rising", "", deep(3, relu), func(p *plan) {
			p.o.Loss, p.known.Y = layers.MeanSquaredError[float32]{}, oneHot(p.known.Y)
			for i := range p.known.X.Data {
				p.known.X.Data[i] *= 100
			}
		}},
		{"sigmoid before the clip", "watch/plateau", "", func(src rand.Source) []layers.Layer[float32] {
			return []layers.Layer[float32]{layers.NewDense[float32](src, 64, 32), relu(), layers.NewDense[float32](src, 32, 1), sigmoid()}
		}, func(p *plan) {
			p.o.Loss = layers.BinaryCrossEntropyProb[float32]{}
			for i, v := range p.known.Y.Data {
				p.known.Y.Data[i] = float32(int(v) % 2)
			}
			p.dense(2).Bias().Value.Data[0] = 1000
		}},
		{"weights times 30", "watch/exploding watch/saturated", "", deep(8, tanh), func(p *plan) {
			for _, q := range p.net.Params() {
				for k := range q.Value.Data {
					q.Value.Data[k] *= 30
				}
			}
			p.rate(1e-3)
		}},
		{"inputs without spread", "watch/always-same watch/stuck", "", deep(2, tanh), func(p *plan) { clear(p.known.X.Data) }},
		{"labels at random, one layer", "watch/stuck", "loss", deep(1, relu), func(p *plan) {
			rand.New(p.rng).Shuffle(p.known.Len(), func(i, j int) {
				y := p.known.Y.Data
				y[i], y[j] = y[j], y[i]
			})
			for i := range p.known.X.Data {
				p.known.X.Data[i] *= 1e-2
			}
		}},
		{"ten layers of sigmoid", "watch/vanishing", "layer 0", deep(10, sigmoid), func(p *plan) { p.rate(0.01) }},
		{"labels at random", "watch/overfitting", "validation", deep(2, relu), func(p *plan) {
			rand.New(p.rng).Shuffle(p.known.Len(), func(i, j int) {
				y := p.known.Y.Data
				y[i], y[j] = y[j], y[i]
			})
			p.o.Validation, p.o.Epochs = p.unseen, 100
		}},
		{"logarithm in a layer", "watch/nan", "layer 2", func(src rand.Source) []layers.Layer[float32] {
			return []layers.Layer[float32]{layers.NewDense[float32](src, 64, 32), layers.NewTanh[float32](), logLayer{}, layers.NewDense[float32](src, 32, 10)}
		}, func(p *plan) {}},
		{"gradient that is NaN", "watch/nan", "layer 0", func(src rand.Source) []layers.Layer[float32] {
			return []layers.Layer[float32]{layers.NewDense[float32](src, 64, 32), &nanGradient{at: 1}, layers.NewDense[float32](src, 32, 10)}
		}, func(p *plan) {}},
		{"gradient that is NaN between two looks", "watch/nan", "layer 0 (dense 64 32), 0.", func(src rand.Source) []layers.Layer[float32] {
			return []layers.Layer[float32]{layers.NewDense[float32](src, 64, 32), &nanGradient{at: 10}, layers.NewDense[float32](src, 32, 10)}
		}, func(p *plan) {}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := digitsPlan(t, c.build)
			c.fault(p)
			w := NewWatch[float32]()
			p.o.Watch = w
			result, err := train.Fit(context.Background(), p.net, p.known, p.o)
			r := w.Report()
			if len(result.History) > 0 {
				t.Logf("loss %.4g -> %.4g, %v", result.History[0].Loss, result.History[len(result.History)-1].Loss, err)
			}
			for _, f := range r {
				t.Logf("%v", f)
			}
			if worst, any := r.Worst(); c.want == "" && any && worst > Note {
				t.Fatal("a healthy run gave a warning")
			} else if c.want == "" {
				return
			}
			if len(r) == 0 || r[0].Severity < Warning || !slices.Contains(strings.Fields(c.want), r[0].Rule) || !strings.Contains(r[0].Where, c.where) {
				t.Errorf("want %s first, at %q", c.want, c.where)
			}
		})
	}
}

// oneHot is a row for each of the ten classes.
func oneHot(y *tensor.Tensor[float32]) *tensor.Tensor[float32] {
	rows := tensor.New[float32](y.Rows, 10)
	for i, c := range y.Data {
		rows.Row(i)[int(c)] = 1
	}
	return rows
}

// logLayer takes the logarithm of what may be negative.
type logLayer struct{}

func (logLayer) Forward(y, x *tensor.Tensor[float32]) {
	y.Resize(x.Rows, x.Cols)
	for i, v := range x.Data {
		y.Data[i] = float32(math.Log(float64(v)))
	}
}
func (logLayer) Backward(dx, dy, x, y *tensor.Tensor[float32]) { dx.Copy(dy) }
func (logLayer) Params() []*tensor.Param[float32]              { return nil }

// nanGradient passes everything on, but NaN back in one call.
type nanGradient struct{ at, calls int }

func (*nanGradient) Forward(y, x *tensor.Tensor[float32]) { y.Copy(x) }
func (n *nanGradient) Backward(dx, dy, x, y *tensor.Tensor[float32]) {
	dx.Copy(dy)
	if n.calls++; n.calls == n.at {
		for i := range dx.Data {
			dx.Data[i] = float32(math.NaN())
		}
	}
}
func (*nanGradient) Params() []*tensor.Param[float32] { return nil }

// TestWatchByHand: a loop of one's own, and Report at any time.
func TestWatchByHand(t *testing.T) {
	w := NewWatch[float32]()
	if r := w.Report(); len(r) != 0 {
		t.Error("a Watch that has seen nothing says", r)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("Step without Begin does not panic")
			}
		}()
		w.Step(nil, nil, 0)
	}()
	p := digitsPlan(t, deep(2, relu))
	p.rate(0)
	w.Begin(p.net, p.o.Loss, p.o.Optimizer)
	w.Report()
	var told []string
	w.OnFinding = func(f Finding) { told = append(told, f.Rule) }
	var grad tensor.Tensor[float32]
	for range 60 {
		for x, y := range p.known.Batches(p.rng, 32) {
			l := p.o.Loss.Loss(&grad, p.net.Forward(x), y)
			p.net.Backward(&grad)
			w.Step(x, y, l)
			p.o.Optimizer.Step()
			w.Report()
		}
	}
	if !slices.Equal(told, []string{"watch/update-ratio"}) {
		t.Error("OnFinding was told", told)
	}
	w.Begin(layers.NewSequential[float32](), p.o.Loss, nil)
	if r := w.Report(); len(r) != 0 {
		t.Error("with another network, a Watch says", r)
	}
}

// TestWatchChangesNothing: the weights come out the same to the bit.
func TestWatchChangesNothing(t *testing.T) {
	for name, optimizer := range map[string]func(p *plan) optim.Optimizer[float32]{
		"SGD":   func(p *plan) optim.Optimizer[float32] { return optim.NewSGD(p.net.Params(), 0.1) },
		"AdamW": func(p *plan) optim.Optimizer[float32] { return optim.NewAdamW(p.net.Params(), 0.01) },
	} {
		var want []float32
		for _, every := range []int{-1, 0, 1, 3} {
			p := digitsPlan(t, func(src rand.Source) []layers.Layer[float32] {
				return append(deep(3, relu)(src)[:4], layers.NewDropout[float32](src, 0.2), layers.NewDense[float32](src, 32, 10))
			})
			p.o.Optimizer = optimizer(p)
			if every >= 0 {
				w := NewWatch[float32]()
				w.Every = every
				p.o.Watch = w
			}
			if _, err := train.Fit(context.Background(), p.net, p.known, p.o); err != nil {
				t.Fatal(err)
			}
			var got []float32
			for _, q := range p.net.Params() {
				got = append(got, q.Value.Data...)
			}
			if want == nil {
				want = got
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, Every %d: other weights than without a Watch", name, every)
			}
		}
	}
}

// BenchmarkFitWatched reports what a Watch costs, as a share of the training, by the
// fastest of turns of both.
func BenchmarkFitWatched(b *testing.B) {
	for _, c := range []struct {
		name   string
		widths []int
		batch  int
	}{{"64-128-10/batch=32", []int{64, 128, 10}, 32}, {"64-16-10/batch=4", []int{64, 16, 10}, 4}, {"64-256-256-10/batch=64", []int{64, 256, 256, 10}, 64}, {"64-128-10/batch=1", []int{64, 128, 10}, 1}} {
		b.Run(c.name, func(b *testing.B) {
			p := digitsPlan(b, func(src rand.Source) []layers.Layer[float32] { return layers.MLP[float32](src, c.widths...).Layers() })
			p.o.BatchSize, p.o.Epochs = c.batch, 50
			p.rate(1e-3)
			best := [2]time.Duration{math.MaxInt64, math.MaxInt64}
			for b.Loop() {
				for i := range best {
					p.o.Watch = nil
					if i == 1 {
						p.o.Watch = NewWatch[float32]()
					}
					began := time.Now()
					if _, err := train.Fit(context.Background(), p.net, p.known, p.o); err != nil {
						b.Fatal(err)
					}
					best[i] = min(best[i], time.Since(began))
				}
			}
			b.ReportMetric(100*(float64(best[1])/float64(best[0])-1), "%cost")
		})
	}
}

// TestWatchBeginsAnew: after a training that has ended in Inf, the next one of the same
// network is looked at by itself.
func TestWatchBeginsAnew(t *testing.T) {
	p := digitsPlan(t, deep(2, relu))
	w := NewWatch[float32]()
	p.o.Watch = w
	w.Begin(p.net, p.o.Loss, p.o.Optimizer)
	p.net.Forward(p.known.X)
	w.Step(p.known.X, p.known.Y, math.Inf(1))
	if r := w.Report(); len(r) != 1 || r[0].Rule != "watch/nan" {
		t.Fatalf("broken, the report is %v", r)
	}
	if _, err := train.Fit(t.Context(), p.net, p.known, p.o); err != nil {
		t.Fatal(err)
	}
	if r := w.Report(); len(r) > 0 {
		t.Errorf("of a healthy training the report is %v", r)
	}
}
