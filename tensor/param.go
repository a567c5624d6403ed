package tensor

// Param is a tensor that is learnt: its value, and the gradient of the loss with
// respect to it.
//
// A gradient is the sum over all Backward calls since the last ClearGrad, which an
// optimiser's Step ends with: there is no duty to zero it, and several Backward
// calls before one Step accumulate. It takes memory only once it is asked for, so
// a network for inference carries none.
type Param[T Float] struct {
	// Name is unique within the layer, such as "weight", and from when the layer stands
	// in a network within that: "0.weight".
	Name  string
	Value *Tensor[T]

	local, given string // Name before SetPrefix, and after
	grad         Tensor[T]
	has          bool // grad is valid
}

// NewParam returns a parameter of rows x cols zeros.
func NewParam[T Float](name string, rows, cols int) *Param[T] {
	return &Param[T]{Name: name, Value: New[T](rows, cols)}
}

// SetPrefix puts prefix before the name that the layer has given, in place of what an
// earlier call has put there. It is for networks: layers.NewSequential calls it with the
// layer's index, such as "3.".
func (p *Param[T]) SetPrefix(prefix string) {
	if p.Name != p.given {
		p.local = p.Name // the layer's own
	}
	p.given = prefix + p.local
	p.Name = p.given
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
// beta 1. The caller must go through with it. It panics if there is one of another shape than
// Value has now.
func (p *Param[T]) GradTo() (g *Tensor[T], beta T) {
	if p.has {
		if p.grad.Rows != p.Value.Rows || p.grad.Cols != p.Value.Cols {
			panic("tensor: GradTo: the gradient is " + p.grad.shape() + ", the value " + p.Value.shape())
		}
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
