package doctor

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
	"github.com/db75a6f2/downhill/train"
)

// watchedRun is a training run to watch.
type watchedRun struct {
	set                   string
	depth                 int
	act, optimizer        string
	batch, epochs, hidden int
	seed                  uint64
}

func (r watchedRun) String() string {
	return fmt.Sprintf("%s depth %d %s %s batch %d seed %d", r.set, r.depth, r.act, r.optimizer, r.batch, r.seed)
}

// csvSet reads a set of testdata.
func csvSet(t testing.TB, file string) *data.Set[float32] {
	t.Helper()
	text, err := os.ReadFile("../internal/ailments/testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	head := strings.Split(lines[0], ",")
	cols, _ := strconv.Atoi(head[1])
	s := &data.Set[float32]{X: tensor.New[float32](len(lines)-1, cols), Y: tensor.New[float32](len(lines)-1, 1)}
	for i, line := range lines[1:] {
		for j, field := range strings.Split(line, ",") {
			v, err := strconv.ParseFloat(strings.TrimSpace(field), 32)
			if err != nil {
				t.Fatal(err)
			}
			if j < cols {
				s.X.Row(i)[j] = float32(v)
			} else {
				s.Y.Data[i] = float32(v)
			}
		}
	}
	return s
}

// watchedSet returns a raw set, the number of outputs and the loss.
func watchedSet(t testing.TB, name string) (*data.Set[float32], int, layers.Loss[float32]) {
	rng := rand.NewPCG(7, 7)
	normal := rand.New(rng)
	switch name {
	case "digits":
		return data.Digits().Subset(firstRows(600)), 10, layers.SoftmaxCrossEntropy[float32]{}
	case "iris":
		return csvSet(t, "iris.csv"), 3, layers.SoftmaxCrossEntropy[float32]{}
	case "wine":
		return csvSet(t, "wine_data.csv"), 3, layers.SoftmaxCrossEntropy[float32]{}
	case "cancer":
		return csvSet(t, "breast_cancer.csv"), 1, layers.BinaryCrossEntropy[float32]{}
	case "imbalanced": // 4 % are positive, and not all of them to be told
		s := &data.Set[float32]{X: tensor.New[float32](800, 6), Y: tensor.New[float32](800, 1)}
		tensor.Normal(s.X.Data, 1, rng)
		for i := range 800 {
			if x := s.X.Row(i); float64(x[0]+x[1])+0.5*normal.NormFloat64() > 2.7 {
				s.Y.Data[i] = 1
			}
		}
		return s, 1, layers.BinaryCrossEntropy[float32]{}
	case "regression", "noisy", "outliers":
		s := &data.Set[float32]{X: tensor.New[float32](400, 5), Y: tensor.New[float32](400, 1)}
		tensor.Normal(s.X.Data, 1, rng)
		for i := range 400 {
			x := s.X.Row(i)
			s.Y.Data[i] = x[0] - 2*x[1] + float32(math.Sin(2*float64(x[2])))
			switch {
			case name == "noisy": // half of the variance cannot be learnt
				s.Y.Data[i] += float32(2.3 * normal.NormFloat64())
			case name == "outliers" && i%40 == 0:
				s.Y.Data[i] *= 6
			}
		}
		return s, 1, layers.MeanSquaredError[float32]{}
	}
	t.Fatal("no set ", name)
	return nil, 0, nil
}

func firstRows(n int) (rows []int) {
	for i := range n {
		rows = append(rows, i)
	}
	return rows
}

// activation returns a layer by name, and initial weights that suit it.
func activation(name string) (layers.Layer[float32], func(*tensor.Tensor[float32], rand.Source)) {
	switch name {
	case "tanh":
		return layers.NewTanh[float32](), tensor.XavierNormal[float32]
	case "sigmoid":
		return layers.NewSigmoid[float32](), tensor.XavierNormal[float32]
	case "leaky":
		return layers.NewLeakyReLU[float32](0.01), tensor.HeNormal[float32]
	}
	return layers.NewReLU[float32](), tensor.HeNormal[float32]
}

// watch trains and returns what there was to find, at the end and on the way.
func (r watchedRun) watch(t testing.TB) (end, way Report, result *train.Result, chance float64) {
	rng := rand.NewPCG(r.seed, 3)
	set, outputs, loss := watchedSet(t, r.set)
	known, unknown := set.Split(rng, 0.75)
	if err := data.Standardise(known, unknown); err != nil {
		t.Fatal(err)
	}
	var all []layers.Layer[float32]
	in := set.X.Cols
	for range r.depth - 1 {
		act, init := activation(r.act)
		d := layers.NewDense[float32](rng, in, r.hidden)
		init(d.Weight().Value, rng)
		all = append(all, d, act)
		in = r.hidden
	}
	all = append(all, layers.NewDense[float32](rng, in, outputs))
	net := layers.NewSequential(all...)
	lr := 0.1
	if r.batch < 8 {
		lr = 0.01
	}
	if _, mse := loss.(layers.MeanSquaredError[float32]); mse {
		lr /= 5
	}
	if r.set == "outliers" {
		lr /= 4
	}
	var opt optim.Optimizer[float32]
	switch sgd := optim.NewSGD(net.Params(), lr); r.optimizer {
	case "SGD":
		opt = sgd
	case "momentum":
		sgd.SetLR(lr / 5)
		sgd.Momentum = 0.9
		opt = sgd
	case "AdamW":
		opt = optim.NewAdamW(net.Params(), 0.003)
	}
	w := NewWatch[float32]()
	w.OnFinding = func(f Finding) { way = append(way, f) }
	result, err := train.Fit(context.Background(), net, known, train.Options[float32]{
		Loss: loss, Optimizer: opt, Epochs: r.epochs, BatchSize: r.batch, Rand: rng, Validation: unknown, Watch: w,
	})
	if err != nil {
		t.Errorf("%v: %v", r, err)
	}
	return w.Report(), way, result, w.symptoms().chance
}

// healthyRuns are n runs that learn.
func healthyRuns(n int) (all []watchedRun) {
	sets := []string{"digits", "iris", "wine", "cancer", "imbalanced", "regression", "noisy", "outliers"}
	acts := []string{"relu", "tanh", "sigmoid", "leaky"}
	opts := []string{"SGD", "momentum", "AdamW"}
	rng := rand.New(rand.NewPCG(11, 0))
	for i := range n {
		r := watchedRun{set: sets[i%len(sets)], depth: 1 + rng.IntN(6), act: acts[rng.IntN(4)], optimizer: opts[rng.IntN(3)],
			batch: []int{1, 4, 16, 32, 64, 256}[rng.IntN(6)], hidden: 8 << rng.IntN(3), seed: uint64(i)}
		if r.act == "sigmoid" {
			r.depth = min(r.depth, 3) // deeper ones do not learn
		}
		r.epochs = map[int]int{1: 25, 4: 40, 16: 80, 32: 120, 64: 200, 256: 500}[r.batch]
		if r.set == "digits" {
			r.epochs /= 4
		}
		all = append(all, r)
	}
	return all
}

// TestWatchHealthy: of runs that learn, at most 1 % give a Warning, at the end or on the
// way.
func TestWatchHealthy(t *testing.T) {
	n := 80
	if s := os.Getenv("DOWNHILL_RUNS"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	if testing.Short() {
		n = 24
	}
	alarms, unfit := 0, 0
	for _, r := range healthyRuns(n) {
		end, way, result, chance := r.watch(t)
		h := result.History
		alarm := false
		for i, list := range []Report{end, way} {
			for _, f := range list {
				if f.Severity >= Warning {
					alarm = true
					t.Logf("%v (%s): loss %.4g -> %.4g\n%v", r, []string{"at the end", "on the way"}[i], h[0].Loss, h[len(h)-1].Loss, f)
				}
			}
		}
		if alarm {
			alarms++
		}
		if learnt := h[len(h)-1].Loss < 0.9*chance; !learnt {
			t.Logf("%v: loss %.4g -> %.4g, %.4g for a constant: not healthy", r, h[0].Loss, h[len(h)-1].Loss, chance)
			unfit++
		}
	}
	t.Logf("%d of %d runs gave a warning, %d learnt little", alarms, n, unfit)
	if alarms*100 > n {
		t.Errorf("%d of %d healthy runs gave a warning", alarms, n)
	}
}
