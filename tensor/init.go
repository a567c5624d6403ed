package tensor

import (
	"math"
	"math/rand/v2"

	"github.com/db75a6f2/downhill"
)

// HeNormal fills a weight of fan-in x fan-out (w.Rows inputs, w.Cols outputs, as Dense has it) with
// independent draws from a normal distribution of variance 2/fan-in, so that signals keep their
// variance through layers that ReLU follows (He et al., "Delving Deep into Rectifiers", ICCV 2015).
func HeNormal[T Float](w *Tensor[T], src rand.Source) {
	Normal(w.Data, math.Sqrt(2/float64(max(1, w.Rows))), src)
}

// HeUniform is HeNormal with draws from -a to a, of the same variance: a = sqrt(6/fan-in).
func HeUniform[T Float](w *Tensor[T], src rand.Source) {
	Uniform(w.Data, math.Sqrt(6/float64(max(1, w.Rows))), src)
}

// XavierNormal fills a weight of fan-in x fan-out (w.Rows inputs, w.Cols outputs) with draws from a
// normal distribution of variance 2/(fan-in + fan-out), for layers that sigmoid, tanh or nothing follows (Glorot and Bengio,
// "Understanding the difficulty of training deep feedforward neural networks",
// AISTATS 2010).
func XavierNormal[T Float](w *Tensor[T], src rand.Source) {
	Normal(w.Data, math.Sqrt(2/float64(max(1, w.Rows+w.Cols))), src)
}

// XavierUniform is XavierNormal with draws from -a to a, of the same variance:
// a = sqrt(6/(fan-in + fan-out)).
func XavierUniform[T Float](w *Tensor[T], src rand.Source) {
	Uniform(w.Data, math.Sqrt(6/float64(max(1, w.Rows+w.Cols))), src)
}

// Uniform fills x with draws from the uniform distribution on [-a, a].
func Uniform[T Float](x []T, a float64, src rand.Source) {
	for i := range x {
		x[i] = T(a * symmetric(src))
	}
}

// Normal fills x with draws from the normal distribution of mean 0 and the given
// standard deviation, by Marsaglia's polar method ("A convenient method for
// generating normal variables", SIAM Review 6, 1964). rand.NormFloat64 is not used
// because its stream differs between builds: it multiplies and adds floats to
// decide what to reject.
func Normal[T Float](x []T, deviation float64, src rand.Source) {
	var log []float64
	for i := 0; i < len(x); i += 2 {
		u, v, s := inDisc(src)
		log = append(log[:0], s)
		downhill.Log(log, log)
		r := deviation * math.Sqrt(-2*log[0]/s)
		x[i] = T(r * u)
		if i+1 < len(x) {
			x[i+1] = T(r * v)
		}
	}
}

// inDisc draws a point of the unit disc but its centre, and s = u*u + v*v.
func inDisc(src rand.Source) (u, v, s float64) {
	for {
		u, v = symmetric(src), symmetric(src)
		if s = float64(u*u) + float64(v*v); s > 0 && s < 1 {
			return u, v, s
		}
	}
}

// symmetric draws from [-1, 1), exactly: a multiple of 2^-52.
func symmetric(src rand.Source) float64 {
	return float64(float64(src.Uint64()>>11)/(1<<52)) - 1
}
