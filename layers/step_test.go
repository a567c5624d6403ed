package layers_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// factored is a layer of a user's own, with one parameter: y = factor*x.
type factored[T tensor.Float] struct{ factor *tensor.Param[T] }

func newFactored[T tensor.Float](factor T) factored[T] {
	s := factored[T]{tensor.NewParam[T]("factor", 1, 1)}
	s.factor.Value.Data[0] = factor
	return s
}

func (s factored[T]) Forward(y, x *tensor.Tensor[T]) {
	y.Resize(x.Rows, x.Cols)
	for i, v := range x.Data {
		y.Data[i] = v * s.factor.Value.Data[0]
	}
}

func (s factored[T]) Backward(dx, dy, x, y *tensor.Tensor[T]) {
	g := s.factor.Grad().Data
	for i, d := range dy.Data {
		g[0] += T(d * x.Data[i])
	}
	if dx != nil {
		dx.Resize(x.Rows, x.Cols)
		for i, d := range dy.Data {
			dx.Data[i] = d * s.factor.Value.Data[0]
		}
	}
}

func (s factored[T]) Params() []*tensor.Param[T] { return []*tensor.Param[T]{s.factor} }

// TestBackwardStep: it gives the bits of Backward and a step of plain SGD, whatever the
// layers, the number of rows, and the gradients that there are already.
func TestBackwardStep(t *testing.T) {
	t.Run("float32", testBackwardStep[float32])
	t.Run("float64", testBackwardStep[float64])
}

func testBackwardStep[T tensor.Float](t *testing.T) {
	networks := map[string]func(src rand.Source) *layers.Sequential[T]{
		"MLP": func(src rand.Source) *layers.Sequential[T] { return layers.MLP[T](src, 20, 33, 16, 10) },
		"one output": func(src rand.Source) *layers.Sequential[T] {
			return layers.NewSequential[T](layers.NewDense[T](src, 20, 7), layers.NewTanh[T](), layers.NewDense[T](src, 7, 1))
		},
		"a user's layer": func(src rand.Source) *layers.Sequential[T] {
			return layers.NewSequential[T](newFactored[T](2), layers.NewDense[T](src, 20, 5), newFactored[T](-0.5), layers.NewSigmoid[T](), layers.NewDense[T](src, 5, 3))
		},
		"a layer in two places": func(src rand.Source) *layers.Sequential[T] {
			d := layers.NewDense[T](src, 20, 20)
			return layers.NewSequential[T](d, layers.NewReLU[T](), d)
		},
	}
	for name, build := range networks {
		for _, rows := range []int{1, 4, 64, 256, 257, 300} {
			for _, lr := range []float64{0.1, 0} {
				for _, before := range []int{0, 1} { // gradients that are there already
					x := tensor.New[T](rows, 20)
					tensor.Uniform(x.Data, 1, rand.NewPCG(5, 6))
					step := func(update func(net *layers.Sequential[T], dy *tensor.Tensor[T])) (bits []T) {
						net := build(rand.NewPCG(3, 4))
						dy := new(tensor.Tensor[T])
						for range before {
							net.Backward(dy.Copy(net.Forward(x)))
						}
						for range 2 {
							update(net, dy.Copy(net.Forward(x)))
							for _, p := range net.Params() {
								if p.HasGrad() {
									t.Fatalf("%s: %s has a gradient after the step", name, p.Name)
								}
								bits = append(bits, p.Value.Data...)
							}
						}
						return bits
					}
					got := step(func(net *layers.Sequential[T], dy *tensor.Tensor[T]) { net.BackwardStep(dy, T(lr)) })
					want := step(func(net *layers.Sequential[T], dy *tensor.Tensor[T]) {
						net.Backward(dy)
						optim.NewSGD(net.Params(), lr).Step()
					})
					if !slices.Equal(got, want) {
						t.Errorf("%s, %d rows, rate %v, %d gradients before: other weights than by Backward and Step", name, rows, lr, before)
					}
				}
			}
		}
	}
}

// TestBackwardStepNaN: what is not finite reaches the weights as it does by Step, a rate
// of 0 included.
func TestBackwardStepNaN(t *testing.T) {
	net := layers.MLP[float32](rand.NewPCG(1, 2), 2, 1)
	net.Forward(tensor.From(1, 2, []float32{0, 1}))
	net.BackwardStep(tensor.From(1, 1, []float32{float32(math.Inf(1))}), 0)
	if w := net.Params()[0].Value.Data; w[0] == w[0] || w[1] == w[1] {
		t.Errorf("the weights are %v, want NaN", w)
	}
}

// doubled is a Dense with methods of its own.
type doubled struct{ *layers.Dense[float64] }

func (d doubled) Backward(dx, dy, x, y *tensor.Tensor[float64]) {
	for i := range dy.Data {
		dy.Data[i] *= 2
	}
	d.Dense.Backward(dx, dy, x, y)
}

// negated is a ReLU with methods of its own.
type negated struct{ *layers.ReLU[float64] }

func (n negated) Forward(y, x *tensor.Tensor[float64]) {
	n.ReLU.Forward(y, x)
	for i := range y.Data {
		y.Data[i] *= -1
	}
}

// TestEmbedded: a type that embeds a layer of this package is asked itself, not what it
// embeds.
func TestEmbedded(t *testing.T) {
	d := layers.NewDense[float64](rand.NewPCG(1, 2), 1, 1)
	d.Weight().Value.Data[0] = 3
	x := tensor.From(1, 1, []float64{5})
	if y := layers.NewSequential[float64](d, negated{layers.NewReLU[float64]()}).Forward(x); y.Data[0] != -15 {
		t.Errorf("a ReLU that changes the sign gives %v, want -15", y.Data[0])
	}
	net := layers.NewSequential[float64](doubled{d})
	net.Forward(x)
	if net.BackwardStep(tensor.From(1, 1, []float64{1}), 1); d.Weight().Value.Data[0] != 3-2*5 {
		t.Errorf("after a step with twice the gradient the weight is %v, want -7", d.Weight().Value.Data[0])
	}
}
