package ailments

import (
	"math"
	"math/rand/v2"

	"github.com/db75a6f2/downhill/tensor"
)

// customary are the first weights that other libraries give, or let one choose.
var customary = []string{"he uniform", "xavier uniform", "xavier for tanh", "lecun", "pytorch", "orthogonal", "orthogonal for relu", "orthogonal of gain 2"}

// begin draws a dense layer's first weights in a customary way.
func begin[T tensor.Float](kind string, weight, bias *tensor.Tensor[T], src rand.Source) {
	in, out := float64(weight.Rows), float64(weight.Cols)
	switch kind {
	case "he uniform":
		tensor.HeUniform(weight, src)
	case "xavier uniform":
		tensor.XavierUniform(weight, src)
	case "xavier for tanh": // with the gain of torch.nn.init.calculate_gain
		tensor.Normal(weight.Data, 5.0/3*math.Sqrt(2/(in+out)), src)
	case "lecun":
		tensor.Normal(weight.Data, math.Sqrt(1/in), src)
	case "pytorch":
		tensor.Uniform(weight.Data, 1/math.Sqrt(in), src)
		tensor.Uniform(bias.Data, 1/math.Sqrt(in), src)
	case "orthogonal":
		orthogonal(weight, 1, src)
	case "orthogonal for relu":
		orthogonal(weight, math.Sqrt2, src)
	case "orthogonal of gain 2":
		orthogonal(weight, 2, src)
	}
}

// orthogonal makes the rows or the columns of w, whichever are fewer, orthogonal and of
// length gain, by the method of Gram and Schmidt (Saxe, McClelland and Ganguli, "Exact
// solutions to the nonlinear dynamics of learning in deep linear neural networks", 2013).
func orthogonal[T tensor.Float](w *tensor.Tensor[T], gain float64, src rand.Source) {
	n, size := min(w.Rows, w.Cols), max(w.Rows, w.Cols)
	vectors := tensor.New[float64](n, size)
	tensor.Normal(vectors.Data, 1, src)
	for i := range n {
		v := vectors.Row(i)
		for j := range i {
			u := vectors.Row(j)
			along := inner(u, v)
			for k := range v {
				v[k] -= along * u[k]
			}
		}
		length := math.Sqrt(inner(v, v))
		for k := range v {
			v[k] /= length
		}
	}
	for i := range w.Rows {
		for j := range w.Cols {
			at, along := i, j
			if w.Rows > w.Cols {
				at, along = j, i
			}
			w.Set(i, j, T(gain*vectors.At(at, along)))
		}
	}
}

func inner(u, v []float64) (sum float64) {
	for k := range u {
		sum += u[k] * v[k]
	}
	return sum
}
