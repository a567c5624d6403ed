package tensor

// Param is a tensor that is learnt: its value, and the gradient of the loss with
// respect to it.
//
// A gradient is the sum over all Backward calls since the last ClearGrad, which an
// optimiser's Step ends with: there is no duty to zero it, and several Backward
// calls before one Step accumulate. It takes memory only once it is asked for, so
// a network for inference carries none.
type Param[T Float] struct {
	Name  string // unique within its network, such as "0.weight"
	Value *Tensor[T]

	grad Tensor[T]
	has  bool // grad is valid
}

// NewParam returns a parameter of rows x cols zeros.
func NewParam[T Float](name string, rows, cols int) *Param[T] {
	return &Param[T]{Name: name, Value: New[T](rows, cols)}
}

// Grad returns the gradient, to be read or added to: zeros if nothing was added
// since the last ClearGrad. It belongs to the parameter.
func (p *Param[T]) Grad() *Tensor[T] {
	g, beta := p.GradTo()
	if beta == 0 {
		clear(g.Data)
	}
	return g
}

// GradTo returns the gradient for an operation that computes g = new + beta*g:
// with beta 0, and g's elements unspecified, if there is no gradient yet, else with
// beta 1. The caller must go through with it.
func (p *Param[T]) GradTo() (g *Tensor[T], beta T) {
	if p.has {
		return &p.grad, 1
	}
	p.has = true
	return p.grad.Resize(p.Value.Rows, p.Value.Cols), 0
}

// HasGrad reports whether there is a gradient: whether Grad or GradTo was called
// since the last ClearGrad.
func (p *Param[T]) HasGrad() bool { return p.has }

// ClearGrad forgets the gradient and keeps its memory.
func (p *Param[T]) ClearGrad() { p.has = false }
