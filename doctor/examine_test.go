package doctor

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// load reads a set of testdata, whose first line has the numbers of rows and columns and
// the classes.
func load(t testing.TB, file string) *data.Set[float32] {
	t.Helper()
	f, err := os.Open("../internal/ailments/testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := bufio.NewReader(f)
	if _, err := r.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	set, err := data.ReadCSV[float32](r, data.CSV{File: file})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// regression is a smooth function of 8 columns, with noise.
func regression(n int, seed uint64) *data.Set[float32] {
	rng := rand.New(rand.NewPCG(seed, 9))
	s := &data.Set[float32]{X: tensor.New[float32](n, 8), Y: tensor.New[float32](n, 1)}
	tensor.Normal(s.X.Data, 1, rng)
	for i := range n {
		x := s.X.Row(i)
		s.Y.Data[i] = float32(math.Sin(float64(x[0]))) + x[1]*x[2]/2 - x[3] + 0.1*float32(rng.NormFloat64())
	}
	return s
}

// task is what to learn: a set, the loss and the number of outputs.
type task struct {
	name            string
	train, validate *data.Set[float32]
	loss            layers.Loss[float32]
	outputs         int
	raw             bool // not standardised
}

func digits(t testing.TB) task {
	return split(t, "digits", data.Digits(), layers.SoftmaxCrossEntropy[float32]{}, 10)
}
func iris(t testing.TB) task {
	return split(t, "iris", load(t, "iris.csv"), layers.SoftmaxCrossEntropy[float32]{}, 3)
}
func wine(t testing.TB) task {
	return split(t, "wine", load(t, "wine_data.csv"), layers.SoftmaxCrossEntropy[float32]{}, 3)
}
func cancer(t testing.TB) task {
	return split(t, "cancer", load(t, "breast_cancer.csv"), layers.BinaryCrossEntropy[float32]{}, 1)
}
func curve(t testing.TB) task {
	return split(t, "regression", regression(600, 3), layers.MeanSquaredError[float32]{}, 1)
}

// rare has 6 % of one class.
func rare(t testing.TB) task {
	k := cancer(t)
	var rows []int
	ones := 0
	for i, v := range k.train.Y.Data {
		if v == 0 {
			ones++
		}
		if v == 1 || ones <= 18 {
			rows = append(rows, i)
		}
	}
	k.name, k.train = "rare", k.train.Subset(rows)
	return k
}

// few has 20 samples.
func few(t testing.TB) task {
	k := wine(t)
	k.name, k.train = "few", k.train.Subset(rand.New(rand.NewPCG(1, 1)).Perm(k.train.Len())[:20])
	return k
}

// noisy has a fifth of its labels at random.
func noisy(t testing.TB) task {
	k := digits(t)
	k.name = "noisy"
	rng := rand.New(rand.NewPCG(4, 4))
	for i := range k.train.Y.Data {
		if rng.IntN(5) == 0 {
			k.train.Y.Data[i] = float32(rng.IntN(10))
		}
	}
	return k
}

// weak is right for two samples of three, at best.
func weak(t testing.TB) task {
	rng := rand.New(rand.NewPCG(2, 2))
	s := &data.Set[float32]{X: tensor.New[float32](250, 6), Y: tensor.New[float32](250, 1)}
	tensor.Normal(s.X.Data, 1, rng)
	for i := range s.Y.Data {
		if float64(s.X.At(i, 0)-s.X.At(i, 3))+2*rng.NormFloat64() > 0 {
			s.Y.Data[i] = 1
		}
	}
	return split(t, "weak", s, layers.BinaryCrossEntropy[float32]{}, 1)
}

func split(t testing.TB, name string, set *data.Set[float32], loss layers.Loss[float32], outputs int) task {
	a, b := set.Split(rand.NewPCG(7, 7), 0.8)
	return task{name: name, train: a, validate: b, loss: loss, outputs: outputs}
}

func (k task) standardised(t testing.TB) task {
	if err := data.Standardise(k.train, k.validate); err != nil {
		t.Fatal(err)
	}
	return k
}

// net returns a network of hidden layers of the given width.
func (k task) net(seed uint64, depth, width int, act func() layers.Layer[float32]) *layers.Sequential[float32] {
	src := rand.NewPCG(seed, 11)
	in := k.train.X.Cols
	var all []layers.Layer[float32]
	for range depth - 1 {
		all = append(all, layers.NewDense[float32](src, in, width), act())
		in = width
	}
	return layers.NewSequential(append(all, layers.NewDense[float32](src, in, k.outputs))...)
}

func relu() layers.Layer[float32]    { return layers.NewReLU[float32]() }
func sigmoid() layers.Layer[float32] { return layers.NewSigmoid[float32]() }
func tanh() layers.Layer[float32]    { return layers.NewTanh[float32]() }
func leaky() layers.Layer[float32]   { return layers.NewLeakyReLU[float32](0.01) }

func sgd(n *layers.Sequential[float32], lr float64) optim.Optimizer[float32] {
	return optim.NewSGD(n.Params(), lr)
}
func momentum(n *layers.Sequential[float32], lr float64) optim.Optimizer[float32] {
	o := optim.NewSGD(n.Params(), lr/5)
	o.Momentum = 0.9
	return o
}
func adamw(n *layers.Sequential[float32], lr float64) optim.Optimizer[float32] {
	return optim.NewAdamW(n.Params(), lr/50)
}

func examine(t testing.TB, c Case[float32]) Report {
	t.Helper()
	r, err := Examine(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestHealthy: what trains well is left in peace.
func TestHealthy(t *testing.T) {
	tasks := []task{digits(t), iris(t), wine(t), cancer(t), curve(t), rare(t), few(t), noisy(t), weak(t)}
	for i := range tasks {
		tasks[i] = tasks[i].standardised(t)
	}
	acts := []func() layers.Layer[float32]{relu, sigmoid, tanh, leaky}
	opts := []func(*layers.Sequential[float32], float64) optim.Optimizer[float32]{sgd, momentum, adamw}
	runs, alarms := 0, 0
	n := 70
	if os.Getenv("DOCTOR_RUNS") != "" {
		fmt.Sscan(os.Getenv("DOCTOR_RUNS"), &n)
	}
	rng := rand.New(rand.NewPCG(5, 6))
	for i := range n {
		k := tasks[i%len(tasks)]
		depth, act, opt := 1+rng.IntN(6), rng.IntN(4), rng.IntN(3)
		batch := []int{4, 16, 32, 128, 256}[rng.IntN(5)]
		width := []int{16, 64, 128}[rng.IntN(3)]
		lr := []float64{0.02, 0.05, 0.1}[rng.IntN(3)]
		if k.name == "regression" && opt != 2 {
			lr /= 10 // of squares
		}
		net := k.net(uint64(i), depth, width, acts[act])
		if rng.IntN(3) == 0 {
			for _, l := range net.Layers() {
				if d, ok := l.(*layers.Dense[float32]); ok {
					tensor.XavierUniform(d.Weight().Value, rng)
				}
			}
		}
		if rng.IntN(4) == 0 && depth > 1 {
			l := net.Layers()
			net = layers.NewSequential(append([]layers.Layer[float32]{l[0], l[1], layers.NewDropout[float32](rng, 0.3)}, l[2:]...)...)
		}
		loss := k.loss
		if _, ok := loss.(layers.BinaryCrossEntropy[float32]); ok && rng.IntN(3) == 0 {
			net = layers.NewSequential(append(net.Layers(), sigmoid())...)
			loss = layers.BinaryCrossEntropyProb[float32]{}
		}
		c := Case[float32]{Net: net, Loss: loss, Optimizer: opts[opt](net, lr), Train: k.train, Validation: k.validate, BatchSize: batch}
		if rng.IntN(4) == 0 {
			converge(c, 20)
		}
		r := examine(t, c)
		runs++
		if worst, any := r.Worst(); any && worst >= Warning {
			alarms++
			t.Errorf("%s, depth %d, width %d, activation %d, optimiser %d, lr %v, batch %d:\n%v", k.name, depth, width, act, opt, c.Optimizer.LR(), batch, text(r))
		}
	}
	t.Logf("%d alarms in %d runs", alarms, runs)
}

// converge trains for some epochs.
func converge(c Case[float32], epochs int) {
	b := data.NewBatcher(c.Train, rand.NewPCG(1, 1), c.BatchSize)
	var grad tensor.Tensor[float32]
	for range epochs {
		for x, y := range b.Epoch() {
			c.Loss.Loss(&grad, c.Net.Forward(x), y)
			c.Net.Backward(&grad)
			c.Optimizer.Step()
		}
	}
}

func text(r Report) string {
	var b strings.Builder
	r.WriteText(&b)
	return b.String()
}

// fault is a case with a mistake planted, and the rule that is to be named first.
type fault struct {
	rule  string
	task  func(testing.TB) task
	lr    float64
	spoil func(c *Case[float32])
}

// namedFirst demands of each fault that it is named first, and as more than a note.
func namedFirst(t *testing.T, faults []fault) {
	t.Helper()
	for i, f := range faults {
		k := f.task(t)
		if !k.raw {
			k = k.standardised(t)
		}
		net := k.net(1, 2, 64, relu)
		c := Case[float32]{Net: net, Loss: k.loss, Optimizer: sgd(net, f.lr), Train: k.train, Validation: k.validate}
		f.spoil(&c)
		r := examine(t, c)
		if len(r) == 0 || r[0].Rule != f.rule || r[0].Severity < Warning {
			t.Errorf("case %d: want %s, have\n%v", i, f.rule, text(r))
		} else {
			t.Logf("%v", r[0])
		}
	}
}

func raw(f func(testing.TB) task) func(testing.TB) task {
	return func(t testing.TB) task {
		k := f(t)
		k.raw = true
		return k
	}
}

func nothing(*Case[float32]) {}

// rebuild makes c a network of other layers, with plain SGD.
func rebuild(c *Case[float32], l ...layers.Layer[float32]) {
	c.Net = layers.NewSequential(l...)
	c.Optimizer = sgd(c.Net, c.Optimizer.LR())
}

func dense(c *Case[float32], i int) *layers.Dense[float32] {
	return c.Net.Layers()[i].(*layers.Dense[float32])
}

func scaleBy(x []float32, by float32) {
	for i := range x {
		x[i] *= by
	}
}

// TestRestores: an examination leaves no trace, and takes its time.
func TestRestores(t *testing.T) {
	for _, f := range []func(*layers.Sequential[float32], float64) optim.Optimizer[float32]{sgd, momentum, adamw} {
		k := digits(t).standardised(t)
		net := k.net(1, 2, 128, relu)
		c := Case[float32]{Net: net, Loss: k.loss, Optimizer: f(net, 50), Train: k.train, Validation: k.validate, BatchSize: 32}
		converge(c, 1)
		var grad tensor.Tensor[float32]
		c.Loss.Loss(&grad, net.Forward(c.Train.X), c.Train.Y)
		net.Backward(&grad)
		print := func() string {
			var b strings.Builder
			for _, p := range net.Params() {
				fmt.Fprintln(&b, p.Name, p.HasGrad())
				for _, x := range [][]float32{p.Value.Data, p.Grad().Data} {
					for _, v := range x {
						fmt.Fprint(&b, math.Float32bits(v), " ")
					}
				}
			}
			fmt.Fprintf(&b, "%v %x", c.Optimizer.LR(), *c.Optimizer.State())
			return b.String()
		}
		before := print()
		examine(t, c)
		if print() != before {
			t.Errorf("%T: something has changed", c.Optimizer)
		}
	}
}

// BenchmarkExamine is the examination of the network of the digits, which learns, and at
// a rate at which it does not.
func BenchmarkExamine(b *testing.B) {
	k := digits(b).standardised(b)
	for _, lr := range []float64{0.1, 30} {
		b.Run(fmt.Sprintf("net=64-128-10/lr=%v", lr), func(b *testing.B) {
			net := k.net(1, 2, 128, relu)
			c := Case[float32]{Net: net, Loss: k.loss, Optimizer: sgd(net, lr), Train: k.train, Validation: k.validate, BatchSize: 32}
			for b.Loop() {
				if _, err := Examine(b.Context(), c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// random is a layer that forgets to be deterministic.
type random struct {
	blind
	src *rand.Rand
}

func (l random) Forward(y, x *tensor.Tensor[float32]) {
	y.Resize(x.Rows, x.Cols)
	for i := range y.Data {
		y.Data[i] = l.src.Float32()
	}
}

// TestMisuse: what is wrong with the call is an error, not a finding.
func TestMisuse(t *testing.T) {
	k := iris(t).standardised(t)
	net := k.net(1, 2, 8, relu)
	good := Case[float32]{Net: net, Loss: k.loss, Train: k.train}
	zeros := func(rows, cols, targets, targetCols int) *data.Set[float32] {
		return &data.Set[float32]{X: tensor.New[float32](rows, cols), Y: tensor.New[float32](targets, targetCols)}
	}
	for want, spoil := range map[string]func(c *Case[float32]){
		"Case.Net is nil":   func(c *Case[float32]) { c.Net = nil },
		"Case.Loss is nil":  func(c *Case[float32]) { c.Loss = nil },
		"Case.Train is emp": func(c *Case[float32]) { c.Train = &data.Set[float32]{} },
		"Train is empty: it needs rows of X and of Y": func(c *Case[float32]) { c.Train = zeros(9, 4, 9, 0) },
		"Case.Validation is empty":                    func(c *Case[float32]) { c.Validation = &data.Set[float32]{X: k.train.X} },
		"Case.Validation has 3 columns":               func(c *Case[float32]) { c.Validation = zeros(9, 3, 9, 1) },
		"Case.Validation has 9 rows of X and 7":       func(c *Case[float32]) { c.Validation = zeros(9, 4, 7, 1) },
		"doctor.needsGrad panics where grad is nil":   func(c *Case[float32]) { c.Loss = needsGrad{} },
		"layer 1 (doctor.random) is not deterministic": func(c *Case[float32]) {
			c.Net = layers.NewSequential(net.Layers()[0], random{src: rand.New(rand.NewPCG(1, 1))}, net.Layers()[2])
		},
	} {
		c := good
		spoil(&c)
		if _, err := Examine(context.Background(), c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want %q in it", err, want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Examine(ctx, good); err != context.Canceled {
		t.Errorf("cancelled, the error is %v", err)
	}
	if r, err := Examine(context.Background(), good); err != nil || len(r) > 0 {
		t.Errorf("without an optimiser and validation: %v, %v", r, err)
	}
}
