package downhill

import (
	"math/rand/v2"
	"testing"
)

// calls are the largest that kernels were asked for: what a stop of the world may have to
// wait for, since assembly cannot be stopped.
type calls struct{ elements, multiplyAdds int }

func (c *calls) see(elements int) { c.elements = max(c.elements, elements) }

// watched returns the kernels of k with c looking on.
func watched[T Float](k kernels[T], c *calls) kernels[T] {
	one := func(f func(dst, x []T)) func(dst, x []T) {
		return func(dst, x []T) { c.see(len(x)); f(dst, x) }
	}
	two := func(f func(dst, x, y []T)) func(dst, x, y []T) {
		return func(dst, x, y []T) { c.see(len(x)); f(dst, x, y) }
	}
	with := func(f func(dst, x []T, y T)) func(dst, x []T, y T) {
		return func(dst, x []T, y T) { c.see(len(x)); f(dst, x, y) }
	}
	reduce := func(f func(x []T) T) func(x []T) T {
		return func(x []T) T { c.see(len(x)); return f(x) }
	}
	k.add, k.mul, k.reluGrad = two(k.add), two(k.mul), two(k.reluGrad)
	k.shift, k.div = with(k.shift), with(k.div)
	k.relu, k.exp, k.log, k.sigmoid, k.tanh = one(k.relu), one(k.exp), one(k.log), one(k.sigmoid), one(k.tanh)
	k.sum, k.max = reduce(k.sum), reduce(k.max)
	scal, axpy, dot, adam, transpose, gather := k.scal, k.axpy, k.dot, k.adam, k.transpose, k.gather
	k.scal = func(alpha T, x []T) { c.see(len(x)); scal(alpha, x) }
	k.axpy = func(alpha T, x, y []T) { c.see(len(x)); axpy(alpha, x, y) }
	k.dot = func(x, y []T) T { c.see(len(x)); return dot(x, y) }
	k.adam = func(w, m, v, g []T, f *AdamFactors[T]) { c.see(len(w)); adam(w, m, v, g, f) }
	k.transpose = func(dst []T, ldd int, src []T, lds, rows, cols int) {
		c.see(rows * cols)
		transpose(dst, ldd, src, lds, rows, cols)
	}
	k.gather = func(dst, src []T, lds, rows, cols int) { c.see(rows * cols); gather(dst, src, lds, rows, cols) }
	k.strips = append([]strip[T](nil), k.strips...)
	for i := range k.strips {
		f, g := k.strips[i].tiles, k.strips[i].packing
		k.strips[i].tiles = func(tiles, rows, cols, p int, alpha T, a []T, rs, cs int, b []T, ldb int, dst []T, ldc int, add bool, lower int) {
			height := tiles*rows + lower*(rows-1)
			c.multiplyAdds = max(c.multiplyAdds, height*cols*p)
			f(tiles, rows, cols, p, alpha, a, rs, cs, b, ldb, dst, ldc, add, lower)
		}
		if g == nil {
			continue
		}
		k.strips[i].packing = func(tiles, rows, cols, p int, alpha T, a []T, rs, cs int, b []T, ldb int, dst []T, ldc int, add bool, lower int, from []T, fromLd int, to []T) {
			c.multiplyAdds = max(c.multiplyAdds, tiles*rows*cols*p)
			g(tiles, rows, cols, p, alpha, a, rs, cs, b, ldb, dst, ldc, add, lower, from, fromLd, to)
		}
	}
	return k
}

// TestCallsAreShort: no call of a kernel takes long, however large the operation.
func TestCallsAreShort(t *testing.T) {
	setThreads(t, 1) // calls are counted without a lock
	before := active
	defer func() { active = before }()
	var c calls
	looking := *before
	looking.f32 = watched(before.f32, &c)
	active = &looking

	const n = 5*chunk + 5
	rng := rand.New(rand.NewPCG(1, 2))
	x, y, z, w := random[float32](rng, n), random[float32](rng, n), random[float32](rng, n), make([]float32, n)
	sums := make([]float32, 5)
	for name, do := range map[string]func(){
		"Axpy":        func() { Axpy(2, x, y) },
		"Scal":        func() { Scal(2, x) },
		"Add":         func() { Add(z, x, y) },
		"Mul":         func() { Mul(z, x, y) },
		"Div":         func() { Div(z, x, 3) },
		"Dot":         func() { Dot(x, y) },
		"Sum":         func() { Sum(x) },
		"Max":         func() { Max(x) },
		"AddRow":      func() { AddRow(z, 1, n, n, x); AddRow(z, n, 1, 1, x[:1]) },
		"SumRows":     func() { SumRows(w, 1, n, x, n, -1); SumRows(w[:7], n/7, 7, x, 7, 0) },
		"ReLU":        func() { ReLU(z, x) },
		"ReLUGrad":    func() { ReLUGrad(z, x, y) },
		"Exp":         func() { Exp(z, x) },
		"Log":         func() { Log(z, x) },
		"Sigmoid":     func() { Sigmoid(z, x) },
		"Tanh":        func() { Tanh(z, x) },
		"Softmax":     func() { Softmax(z, x) },
		"SoftmaxRows": func() { SoftmaxRows(sums, sums, z[:n/5*5], x[:n/5*5]) },
		"AdamW": func() {
			AdamW(make([]float32, n), make([]float32, n), make([]float32, n), x, &AdamFactors[float32]{Eps: 1})
		},
		"Gemm without a product":   func() { Gemm[float32](NoTrans, NoTrans, 1, n, 0, 1, nil, 1, nil, n, -1, w, n) },
		"Gemm of a column":         func() { Gemm(NoTrans, NoTrans, n/9, 1, 9, 1, x, 9, y, 1, 2, w, 1) },
		"Gemm of a head":           func() { Gemm(NoTrans, NoTrans, 9, 10, n/10, 1, x, n/10, y, 10, 2, w, 10) },
		"Gemm, packed":             func() { Gemm(NoTrans, NoTrans, 560, 540, 540, 1, x, 540, y, 540, 0, w, 540) },
		"Gemm, A transposed":       func() { Gemm(Trans, NoTrans, 400, 400, 400, 1, x, 400, y, 400, 0, w, 400) },
		"Gemm, B transposed":       func() { Gemm(NoTrans, Trans, 400, 400, 400, 1, x, 400, y, 400, 1, w, 400) },
		"Gemm, both transposed":    func() { Gemm(Trans, Trans, 30, 40, 4000, 1, x, 30, y, 4000, 1, w, 40) },
		"Gemm of a long column":    func() { Gemm(NoTrans, NoTrans, 200, 1, 1500, 1, x, 1500, y, 1, 0, w, 1) },
		"Gemm of long rows":        func() { Gemm(NoTrans, Trans, 1, 200, 1500, 1, x, 1500, y, 1500, 0, w, 200) },
		"Gemm of one row":          func() { Gemm(NoTrans, NoTrans, 1, 400, 400, 1, x, 400, y, 400, 1, w, 400) },
		"Gemm of a row of columns": func() { Gemm(NoTrans, Trans, 1, 400, 400, 1, x, 400, y, 400, 1, w, 400) },
	} {
		c = calls{}
		do()
		// Two tiles of 6x64 and 1024 k's more than call.
		const most = call + 2*6*64*1024
		if c.elements > chunk || c.multiplyAdds > most {
			t.Errorf("%s: one call of a kernel does %d elements, want %d at most; or %d multiply-adds, want %d",
				name, c.elements, chunk, c.multiplyAdds, most)
		}
	}
}
