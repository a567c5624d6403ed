package main

import (
	"math"

	"github.com/db75a6f2/downhill/bench/peers/internal/turns"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// overGonum is the network that one writes in Go over gonum's products: openblas.c in Go.
func overGonum() *local {
	return &local{thread: turns.Directly, begin: func(p problem) (network, error) {
		g := &gonumNet{lr: p.lr}
		for i, out := range p.widths[1:] {
			g.layers = append(g.layers, gonumLayer{
				in: p.widths[i], out: out,
				w: append([]float32(nil), p.params[2*i]...), b: append([]float32(nil), p.params[2*i+1]...),
				h: make([]float32, p.batch*out), d: make([]float32, p.batch*out),
			})
		}
		return g, nil
	}}
}

type gonumNet struct {
	blas   gonum.Implementation
	layers []gonumLayer
	lr     float32
}

type gonumLayer struct {
	in, out int
	w, b    []float32
	h, d    []float32 // outputs, and the gradients of what comes before the ReLU
}

func (g *gonumNet) forward(x []float32, n int) []float32 {
	for i, l := range g.layers {
		z := l.h[:n*l.out]
		for r := range n {
			copy(z[r*l.out:], l.b)
		}
		if n == 1 {
			g.blas.Sgemv(blas.Trans, l.in, l.out, 1, l.w, l.out, x, 1, 1, z, 1)
		} else {
			g.blas.Sgemm(blas.NoTrans, blas.NoTrans, n, l.out, l.in, 1, x, l.in, l.w, l.out, 1, z, l.out)
		}
		if i < len(g.layers)-1 {
			for j, v := range z {
				z[j] = max(v, 0)
			}
		}
		x = z
	}
	return x
}

// lossOf returns the loss of outputs z and sets d to its gradient, times the rows.
func lossOf(d, z, y []float32) float32 {
	n := len(y)
	out := len(z) / n
	var total float32
	for r, target := range y {
		z, d := z[r*out:(r+1)*out], d[r*out:(r+1)*out]
		if out == 1 {
			e := z[0] - target
			total += e * e
			d[0] = 2 * e
			continue
		}
		top, sum := z[0], float32(0)
		for _, v := range z {
			top = max(top, v)
		}
		for j, v := range z {
			d[j] = float32(math.Exp(float64(v - top)))
			sum += d[j]
		}
		for j := range d {
			d[j] /= sum
		}
		class := int(target)
		total += float32(math.Log(float64(sum))) + top - z[class]
		d[class]--
	}
	return total / float32(n)
}

func (g *gonumNet) train(s samples, first, calls int) (loss float32) {
	for i := first; i < first+calls; i++ {
		loss = g.step(s.batch(i))
	}
	return loss
}

func (g *gonumNet) step(x, y []float32) float32 {
	n, last := len(y), len(g.layers)-1
	z := g.forward(x, n)
	loss := lossOf(g.layers[last].d[:len(z)], z, y)
	rate := g.lr / float32(n)
	for i := last; i >= 0; i-- {
		l := g.layers[i]
		from := x
		if i > 0 {
			below := g.layers[i-1]
			from = below.h[:n*l.in]
			g.blas.Sgemm(blas.NoTrans, blas.Trans, n, l.in, l.out, 1, l.d, l.out, l.w, l.out, 0, below.d, l.in)
			for j, v := range from {
				if v <= 0 {
					below.d[j] = 0
				}
			}
		}
		g.blas.Sgemm(blas.Trans, blas.NoTrans, l.in, l.out, n, -rate, from, l.in, l.d, l.out, 1, l.w, l.out)
		for r := range n {
			for j, v := range l.d[r*l.out : (r+1)*l.out] {
				l.b[j] -= rate * v
			}
		}
	}
	return loss
}

func (g *gonumNet) infer(s samples, first, calls int) (outputs []float32) {
	for i := first; i < first+calls; i++ {
		x, y := s.batch(i)
		outputs = g.forward(x, len(y))
	}
	return outputs
}

func (*gonumNet) free() {}
