package doctor

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// TestHealthyKinds: tasks that look like a mistake in the labels, and are none, get notes
// at most.
func TestHealthyKinds(t *testing.T) {
	bce, softmax, mse := layers.BinaryCrossEntropy[float32]{}, layers.SoftmaxCrossEntropy[float32]{}, layers.MeanSquaredError[float32]{}
	for name, k := range map[string]task{
		"next value of a series":                {train: windows(0.3, 5, false), loss: mse, outputs: 1},
		"next value of a series that swings":    {train: windows(-0.5, 5, false), loss: mse, outputs: 1},
		"up or down, from five values":          {train: windows(0.3, 5, true), loss: bce, outputs: 1},
		"up or down, from the last value":       {train: windows(0.5, 1, true), loss: bce, outputs: 1},
		"parity of 7 bits":                      {train: parity(7), loss: bce, outputs: 1},
		"parity of 9 bits":                      {train: parity(9), loss: bce, outputs: 1},
		"fraud, one in 500":                     {train: fraud(), loss: bce, outputs: 1},
		"fraud, one in 500, two outputs":        {train: fraud(), loss: softmax, outputs: 2},
		"a weak signal in many rows":            {train: faint(20000, 0.015), loss: mse, outputs: 1},
		"counts, absolute error":                {train: counts(), loss: perElement(absolute), outputs: 1},
		"counts, Huber's error":                 {train: counts(), loss: perElement(huber), outputs: 1},
		"smoothed labels":                       {train: smoothed(0.3), loss: softmax, outputs: 10},
		"grey pixels from themselves":           {train: pixels(), loss: bce, outputs: 64},
		"grey pixels from themselves, a code":   {train: pixels(), loss: bce, outputs: 64, name: "code"},
		"a network at the end of its schedule":  {train: faint(3000, 0.3), loss: mse, outputs: 1, name: "annealed"},
		"a network after the end of its cosine": {train: faint(3000, 0.3), loss: mse, outputs: 1, name: "stopped"},
	} {
		net := k.net(1, 2, 32, relu)
		switch src := rand.NewPCG(1, 12); k.name {
		case "code":
			net = layers.MLP[float32](src, 64, 32, 3, 32, 64)
		case "annealed":
			net = layers.MLP[float32](src, 8, 64, 64, 1) // could learn the noise too
		}
		c := Case[float32]{Net: net, Loss: k.loss, Optimizer: optim.NewAdamW(net.Params(), 3e-3), Train: k.train}
		if k.name == "annealed" || k.name == "stopped" {
			c.BatchSize = 32
			converge(c, 3)
			c.Optimizer.SetLR(1e-9)
			if k.name == "stopped" {
				c.Optimizer.SetLR(0)
			}
		}
		if r := examine(t, c); len(r) > 0 && r[0].Severity >= Warning {
			t.Errorf("%s:\n%v", name, text(r))
		}
	}
}

// rowsOf is n rows of which f sets the inputs and returns the target.
func rowsOf(n, cols int, f func(r *rand.Rand, i int, x []float32) float64) *data.Set[float32] {
	s := &data.Set[float32]{X: tensor.New[float32](n, cols), Y: tensor.New[float32](n, 1)}
	r := rand.New(rand.NewPCG(8, 8))
	for i := range n {
		s.Y.Data[i] = float32(f(r, i, s.X.Row(i)))
	}
	return s
}

// windows cuts a series, of which each value is phi times the one before and noise, into
// so many values and the next, or whether that is above 0. Half of the columns are noise.
func windows(phi float64, lags int, sign bool) *data.Set[float32] {
	r := rand.New(rand.NewPCG(5, 5))
	series := make([]float64, 600+lags)
	for i := range series {
		series[i] = r.NormFloat64()
		if i > 0 {
			series[i] += phi * series[i-1]
		}
	}
	return rowsOf(600, 2*lags, func(r *rand.Rand, i int, x []float32) float64 {
		for j := range lags {
			x[j], x[lags+j] = float32(series[i+j]), float32(0.2*r.NormFloat64())
		}
		next := series[i+lags]
		if sign {
			return one(next > 0)
		}
		return next
	})
}

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// parity has a row for each number of so many bits.
func parity(bits int) *data.Set[float32] {
	return rowsOf(1<<bits, bits, func(_ *rand.Rand, i int, x []float32) float64 {
		odd := 0
		for j := range x {
			bit := i >> j & 1
			odd ^= bit
			x[j] = float32(2*bit - 1)
		}
		return float64(odd)
	})
}

// fraud has 40 rows of 20000 that are of class 1.
func fraud() *data.Set[float32] {
	return rowsOf(20000, 8, func(r *rand.Rand, i int, x []float32) float64 {
		y := one(i%500 == 0)
		for j := range x {
			x[j] = float32(r.NormFloat64() + 1.5*y)
		}
		return y
	})
}

// faint is a linear function of which a share r2 of the variance follows from the inputs.
func faint(n int, r2 float64) *data.Set[float32] {
	return rowsOf(n, 8, func(r *rand.Rand, _ int, x []float32) float64 {
		y := math.Sqrt(1-r2) * r.NormFloat64()
		for j := range x {
			v := r.NormFloat64()
			x[j] = float32(v)
			y += math.Sqrt(r2/8) * v
		}
		return y
	})
}

// counts are whole numbers about 4.
func counts() *data.Set[float32] {
	return rowsOf(500, 4, func(r *rand.Rand, _ int, x []float32) float64 {
		y := 4.0
		for j := range x {
			v := r.NormFloat64()
			x[j] = float32(v)
			y += v
		}
		return max(0, math.Round(y))
	})
}

// smoothed is the digits with a share of each label given to all classes.
func smoothed(share float32) *data.Set[float32] {
	s := data.Digits()
	y := tensor.New[float32](s.Len(), 10)
	for i, class := range s.Y.Data {
		row := y.Row(i)
		for j := range row {
			row[j] = share / 10
		}
		row[int(class)] += 1 - share
	}
	s.Y = y
	if err := data.Standardise(s); err != nil {
		panic(err)
	}
	return s
}

// pixels is the digits' grey values, from 0 to 1, as inputs and as targets.
func pixels() *data.Set[float32] {
	s := data.Digits()
	scaleBy(s.X.Data, 1./16)
	return &data.Set[float32]{X: s.X, Y: s.X}
}

// perElement is a loss that is the mean of a function of the differences.
type perElement func(d float64) (loss, derivative float64)

func absolute(d float64) (float64, float64) { return math.Abs(d), math.Copysign(1, d) }

func huber(d float64) (float64, float64) {
	if math.Abs(d) < 1 {
		return d * d / 2, d
	}
	return math.Abs(d) - 0.5, math.Copysign(1, d)
}

func (f perElement) Loss(grad, pred, target *tensor.Tensor[float32]) (sum float64) {
	n := float64(len(pred.Data))
	if grad != nil {
		grad.Resize(pred.Rows, pred.Cols)
	}
	for i, p := range pred.Data {
		l, d := f(float64(p - target.Data[i]))
		sum += l / n
		if grad != nil {
			grad.Data[i] = float32(d / n)
		}
	}
	return sum
}

func (perElement) Check(int, *tensor.Tensor[float32]) error { return nil }
