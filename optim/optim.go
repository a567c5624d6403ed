package optim

import (
	"math"
	"slices"
	"strconv"

	"github.com/db75a6f2/downhill"
	"github.com/db75a6f2/downhill/tensor"
)

// Optimizer updates parameters from their gradients.
type Optimizer[T tensor.Float] interface {
	// Step updates every parameter that has a gradient and clears the gradients.
	// It panics if none has one: Step without a Backward before it.
	Step()
	// Params returns the parameters it updates.
	Params() []*tensor.Param[T]
	// LR returns the learning rate, and SetLR changes it from the next Step on.
	// SetLR panics on a rate that is negative, NaN or infinite.
	LR() float64
	SetLR(lr float64)
	// State returns what the optimiser remembers between steps. It is the state
	// itself: what is written to it holds from the next Step on.
	State() *State[T]
}

// State is what an optimiser remembers between steps: enough, with the parameters
// and the learning rate, to go on as if nothing had happened.
type State[T tensor.Float] struct {
	Steps   int       // taken so far
	Scalars []float64 // AdamW: beta1^Steps, beta2^Steps
	// Moments are the running averages, each with one tensor for every parameter, in
	// its shape: SGD with momentum has one, AdamW two.
	Moments [][]tensor.Tensor[T]
}

// base is what all optimisers share.
type base[T tensor.Float] struct {
	params []*tensor.Param[T]
	lr     float64
	state  State[T]
	part   part // of the step under way
}

func newBase[T tensor.Float](name string, params []*tensor.Param[T], lr float64) base[T] {
	b := base[T]{params: slices.Clone(params)}
	b.setLR(name, lr)
	return b
}

func (b *base[T]) setLR(name string, lr float64) {
	if !(lr >= 0 && float64(T(lr)) <= math.MaxFloat64) {
		panic("optim: " + name + ": learning rate is " + strconv.FormatFloat(lr, 'g', -1, 64))
	}
	b.lr = lr
}

// Params implements Optimizer.
func (b *base[T]) Params() []*tensor.Param[T] { return b.params }

// LR implements Optimizer.
func (b *base[T]) LR() float64 { return b.lr }

// SetLR implements Optimizer.
func (b *base[T]) SetLR(lr float64) { b.setLR("SetLR", lr) }

// moments makes sure that there are n moments, of zeros to begin with.
func (b *base[T]) moments(n int) {
	for len(b.state.Moments) < n {
		m := make([]tensor.Tensor[T], len(b.params))
		for i, p := range b.params {
			m[i] = *tensor.New[T](p.Value.Rows, p.Value.Cols)
		}
		b.state.Moments = append(b.state.Moments, m)
	}
}

// updater is an optimiser's step for elements lo to hi-1 of parameter i.
type updater interface{ update(i, lo, hi int) }

// part is the elements of parameter i, in blocks, that threads update together.
type part struct {
	updater updater
	i, n    int
}

// block is the number of elements that are updated at a time: few enough that what one
// operation has touched is in the first cache for the next.
const block = 2048

// Do implements downhill.Rows for blocks.
func (p *part) Do(lo, hi int) {
	for ; lo < hi; lo++ {
		p.updater.update(p.i, lo*block, min(p.n, (lo+1)*block))
	}
}

// begin panics if no parameter has a gradient.
func (b *base[T]) begin(name string) {
	if !slices.ContainsFunc(b.params, (*tensor.Param[T]).HasGrad) {
		panic("optim: " + name + ": Step, but no parameter has a gradient; Backward comes first")
	}
}

// each has u update every parameter that has a gradient, and clears it. It counts the
// step.
func (b *base[T]) each(u updater) {
	for i, p := range b.params {
		if p.HasGrad() {
			n := len(p.Value.Data)
			b.part = part{u, i, n}
			// An element takes some 0.2 ns, in SGD less, in AdamW more.
			downhill.Split((n+block-1)/block, 20*float64(n), &b.part)
			p.ClearGrad()
		}
	}
	b.state.Steps++
}

// ClipNorm scales the gradients of params together so that their Euclidean norm is
// at most limit, and returns the norm before: each is multiplied by limit/(norm +
// 1e-6) where that is below 1 (Pascanu, Mikolov and Bengio, "On the difficulty of
// training recurrent neural networks", ICML 2013; the 1e-6 is PyTorch's). A norm that
// is NaN or infinite changes nothing. It comes between Backward and Step.
func ClipNorm[T tensor.Float](params []*tensor.Param[T], limit float64) float64 {
	if !(limit >= 0) {
		panic("optim: ClipNorm: limit is " + strconv.FormatFloat(limit, 'g', -1, 64))
	}
	var sum float64
	for _, p := range params {
		if p.HasGrad() {
			sum += squares(p.Grad().Data)
		}
	}
	norm := math.Sqrt(sum)
	if scale := limit / (norm + 1e-6); scale < 1 && norm <= math.MaxFloat64 {
		for _, p := range params {
			if p.HasGrad() {
				downhill.Scal(T(scale), p.Grad().Data)
			}
		}
	}
	return norm
}

// squares is the sum of g's squares. Gradients that explode are what clipping is for,
// so a sum that overflows T is done again in float64.
func squares[T tensor.Float](g []T) float64 {
	sum := float64(downhill.Dot(g, g))
	if math.IsInf(sum, 1) {
		sum = 0
		for _, v := range g {
			sum += float64(float64(v) * float64(v))
		}
	}
	return sum
}
