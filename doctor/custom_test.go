package doctor

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// adds is a Dense that adds to y or to dx, as loops with += do.
type adds[T tensor.Float] struct {
	*layers.Dense[T]
	faulty
}

func (l adds[T]) Forward(y, x *tensor.Tensor[T]) {
	var own tensor.Tensor[T]
	l.Dense.Forward(&own, x)
	l.write(y, &own, l.has("y,"))
}

func (l adds[T]) Backward(dx, dy, x, y *tensor.Tensor[T]) {
	var own tensor.Tensor[T]
	l.Dense.Backward(&own, dy, x, y)
	if dx != nil {
		l.write(dx, &own, l.has("dx,"))
	}
}

func (l adds[T]) write(to, from *tensor.Tensor[T], add bool) {
	to.Resize(from.Rows, from.Cols)
	for i, v := range from.Data {
		if add {
			v += to.Data[i]
		}
		to.Data[i] = v
	}
}

// TestUninitialised: a layer must not count on memory of zeros.
func TestUninitialised(t *testing.T) {
	t.Run("float64", uninitialised[float64])
	t.Run("float32", uninitialised[float32])
}

func uninitialised[T tensor.Float](t *testing.T) {
	src := rand.NewPCG(1, 1)
	x, y := stuckBatch[T](1)
	for made, want := range map[faulty][]string{
		"":    nil,
		"y,":  {"gradient/uninitialised layer 1 (dense 8 1), y", "gradient/uninitialised layer 0 (dense 4 8), y"},
		"dx,": {"gradient/uninitialised layer 1 (dense 8 1), dx", "gradient/uninitialised layer 0 (dense 4 8), dx"},
	} {
		net := layers.NewSequential[T](adds[T]{layers.NewDense[T](src, 4, 8), made}, adds[T]{layers.NewDense[T](src, 8, 1), made})
		r, err := Gradients(net, layers.BinaryCrossEntropy[T]{}, x, y)
		if err != nil || !slices.Equal(found(r), want) {
			t.Errorf("%q: error %v, found %q, want %q", made, err, found(r), want)
		}
		r, err = Examine(context.Background(), Case[T]{Net: net, Loss: layers.BinaryCrossEntropy[T]{}, Train: &data.Set[T]{X: x, Y: y}})
		if named := len(r) > 0 && r[0].Rule == "gradient/uninitialised"; err != nil || named != (want != nil) {
			t.Errorf("%q: examined, error %v, found %q", made, err, found(r))
		}
	}
}

// lookup has a row of its table for each of three columns of whole numbers.
type lookup[T tensor.Float] struct{ table *tensor.Param[T] }

func (l lookup[T]) Params() []*tensor.Param[T] { return []*tensor.Param[T]{l.table} }

func (l lookup[T]) Size() (in, out int) { return 3, 3 * l.table.Value.Cols }

func (l lookup[T]) Forward(y, x *tensor.Tensor[T]) {
	width := l.table.Value.Cols
	y.Resize(x.Rows, x.Cols*width)
	for i := range x.Data {
		copy(y.Data[i*width:], l.table.Value.Row(int(x.Data[i])))
	}
}

func (l lookup[T]) Backward(dx, dy, x, y *tensor.Tensor[T]) {
	width := l.table.Value.Cols
	for i := range x.Data {
		for j, d := range dy.Data[i*width:][:width] {
			l.table.Grad().Row(int(x.Data[i]))[j] += d
		}
	}
	if dx != nil {
		clear(dx.Resize(x.Rows, x.Cols).Data)
	}
}

// TestLookup: a layer that looks its input up is handed nothing that is not in its
// table, whether it learns or not.
func TestLookup(t *testing.T) {
	t.Run("float64", lookups[float64])
	t.Run("float32", lookups[float32])
}

func lookups[T tensor.Float](t *testing.T) {
	for _, related := range []bool{true, false} {
		for _, lr := range []float64{1e-6, 0.01} {
			rng := rand.New(rand.NewPCG(1, 1))
			set := &data.Set[T]{X: tensor.New[T](200, 3), Y: tensor.New[T](200, 1)}
			for i := range set.Y.Data {
				sum := 0
				for j := range 3 {
					v := rng.IntN(60)
					set.X.Set(i, j, T(v))
					sum += v
				}
				if related && sum > 88 || !related && rng.IntN(2) == 0 {
					set.Y.Data[i] = 1
				}
			}
			table := tensor.NewParam[T]("weight", 60, 4)
			tensor.Normal(table.Value.Data, 1, rng)
			net := layers.NewSequential[T](lookup[T]{table}, layers.NewDense[T](rng, 12, 16), layers.NewReLU[T](), layers.NewDense[T](rng, 16, 1))
			r, err := Examine(context.Background(), Case[T]{Net: net, Loss: layers.BinaryCrossEntropy[T]{}, Optimizer: optim.NewAdamW(net.Params(), lr), Train: set})
			if err != nil || related && lr == 0.01 && len(r) > 0 {
				t.Errorf("related %v, lr %v: error %v, found %q", related, lr, err, found(r))
			}
		}
	}
}

// scaler is the least of a layer with a state of its own: it divides by the largest
// number of the batch in training, and by the largest of all in inference.
type scaler struct {
	largest, now float32
	params       []*tensor.Param[float32]
}

func (s *scaler) Params() []*tensor.Param[float32] { return s.params }

func (s *scaler) Forward(y, x *tensor.Tensor[float32]) { s.divide(y, x, s.largest) }

func (s *scaler) ForwardTrain(y, x *tensor.Tensor[float32]) {
	s.now = slices.Max(x.Data)
	s.largest = max(s.largest, s.now)
	s.divide(y, x, s.now)
}

func (s *scaler) Backward(dx, dy, x, y *tensor.Tensor[float32]) {
	if s.now == 0 {
		panic("Backward without ForwardTrain")
	}
	if dx != nil {
		s.divide(dx, dy, s.now)
	}
}

func (*scaler) divide(y, x *tensor.Tensor[float32], by float32) {
	y.Copy(x)
	for i := range y.Data {
		y.Data[i] /= by
	}
}

// TestTrainer: the Backward of a layer with a state is left alone, the rest is looked at.
func TestTrainer(t *testing.T) {
	k := iris(t).standardised(t)
	for name, s := range map[string]*scaler{
		"not the identity": {largest: 2},
		"with a parameter": {largest: 1, params: []*tensor.Param[float32]{tensor.NewParam[float32]("gain", 1, 1)}},
	} {
		l := k.net(1, 2, 16, relu).Layers()
		net := layers.NewSequential(l[0], s, l[1], l[2])
		c := Case[float32]{Net: net, Loss: k.loss, Optimizer: sgd(net, 0.1), Train: k.train}
		if r := examine(t, c); len(r) != 1 || r[0].Rule != "layers/trainer" || r[0].Severity != Note || !strings.Contains(r[0].Where, "layer 1") {
			t.Errorf("%s: found %v", name, text(r))
		}
	}
}

// bare is a cross-entropy of probabilities that clips nothing.
type bare struct{}

func (bare) Loss(grad, pred, target *tensor.Tensor[float32]) float64 {
	if grad == nil {
		grad = new(tensor.Tensor[float32])
	}
	grad.Resize(pred.Rows, pred.Cols)
	sum, n := 0.0, float64(len(pred.Data))
	for i, v := range pred.Data {
		p, y := float64(v), float64(target.Data[i])
		sum -= (y*math.Log(p) + (1-y)*math.Log(1-p)) / n
		grad.Data[i] = float32((p - y) / (p * (1 - p)) / n)
	}
	return sum
}

func (bare) Check(int, *tensor.Tensor[float32]) error { return nil }

// TestNaNLoss: a loss that is NaN from finite outputs is a fault, and what mends it is
// one too.
func TestNaNLoss(t *testing.T) {
	k := cancer(t).standardised(t)
	l := append(k.net(1, 2, 16, relu).Layers(), sigmoid())
	net := layers.NewSequential(l...)
	c := Case[float32]{Net: net, Loss: bare{}, Optimizer: sgd(net, 0.1), Train: k.train}
	scaleBy(c.Train.X.Data, 1000)
	r := examine(t, c)
	if len(r) < 2 || r[0].Rule != "data/scale" || r[0].Severity != Fault || !hasAll(r, "start/nan loss") {
		t.Errorf("raw inputs: found %v", text(r))
	}
	c.Optimizer, c.Loss = nil, never{}
	if r := examine(t, c); !hasAll(r, "start/nan loss") {
		t.Errorf("a loss that is always NaN: found %v", text(r))
	}
}

// never is a loss that is NaN.
type never struct{ bare }

func (never) Loss(grad, pred, target *tensor.Tensor[float32]) float64 {
	bare{}.Loss(grad, pred, target)
	return math.NaN()
}

// needsGrad is a loss that does not take a nil grad.
type needsGrad struct {
	layers.SoftmaxCrossEntropy[float32]
}

func (l needsGrad) Loss(grad, pred, target *tensor.Tensor[float32]) float64 {
	grad.Resize(pred.Rows, pred.Cols)
	return l.SoftmaxCrossEntropy.Loss(grad, pred, target)
}

// TestWeakSigmoid: weights near 0 do not make a sigmoid give other numbers.
func TestWeakSigmoid(t *testing.T) {
	k := cancer(t).standardised(t)
	for _, deviation := range []float64{0, 1e-3, 1e-2, 1} {
		src := rand.NewPCG(1, 2)
		first, last := newUserDense[float32]("", src, k.train.X.Cols, 16, 0, reluAct), newUserDense[float32]("", src, 16, 1, 0, sigmoidAct)
		tensor.Normal(last.weight.Value.Data, deviation, src)
		net := layers.NewSequential[float32](first, last)
		c := Case[float32]{Net: net, Loss: layers.BinaryCrossEntropyProb[float32]{}, Optimizer: sgd(net, 0.1), Train: k.train}
		if r := examine(t, c); len(r) > 0 {
			t.Errorf("deviation %v: found %v", deviation, text(r))
		}
		c.Loss = layers.BinaryCrossEntropy[float32]{}
		if r := examine(t, c); deviation > 0 && !hasAll(r, "loss/last-activation layer 1") {
			t.Errorf("deviation %v, on logits: found %v", deviation, text(r))
		}
	}
}

// TestForeign: the names of parameters and another network of the optimiser's stay, too.
func TestForeign(t *testing.T) {
	k := iris(t).standardised(t)
	net, other := k.net(1, 2, 16, relu), k.net(2, 2, 16, relu)
	net.Params()[0].Name = "encoder.weight"
	layers.NewSequential[float32](relu(), net.Layers()[2])
	all := slices.Concat(net.Params(), other.Params())
	gradient(other, k.loss, k.train.X, k.train.Y)
	var names []string
	for _, p := range all {
		names = append(names, p.Name)
	}
	before := take(other, nil)
	c := Case[float32]{Net: net, Loss: k.loss, Optimizer: optim.NewSGD(all, 0.1), Train: k.train}
	if r := examine(t, c); len(r) != 1 || !hasAll(r, "optimizer/params Optimizer") || !strings.Contains(r[0].Evidence, "4 of its 8") {
		t.Errorf("found %v", text(r))
	}
	for i, p := range all {
		if p.Name != names[i] {
			t.Errorf("%s is now called %s", names[i], p.Name)
		}
	}
	for i, p := range other.Params() {
		if !sameBits(p.Value.Data, before.values[i].Data) || !p.HasGrad() || !sameBits(p.Grad().Data, before.grads[i].Data) {
			t.Errorf("%s of the other network has changed", p.Name)
		}
	}
	if layers.NewSequential[float32](relu(), relu(), net.Layers()[2]); net.Params()[2].Name != "2.weight" {
		t.Errorf("moved, a parameter is called %s", net.Params()[2].Name)
	}
}
