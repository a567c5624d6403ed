package downhill

import "github.com/db75a6f2/downhill/internal/spare"

// pack copies rows p..p+kc and columns j0..j1 of op(B) to dst, strip by strip:
// kc rows of the first strip's columns, then those of the next.
func (g *gemm[T]) pack(dst []T, j0, j1, p, kc int) {
	for j := j0; j < j1; {
		cols := min(g.kern.stripFor(j1-j).max, j1-j)
		if g.transB {
			transpose(dst, kc, cols, g.b[j*g.ldb+p:], g.ldb)
		} else {
			for q := range kc {
				copy(dst[q*cols:][:cols], g.b[(p+q)*g.ldb+j:])
			}
		}
		dst = dst[kc*cols:]
		j += cols
	}
}

// transpose sets the rows x cols matrix dst, tightly packed, to the transpose of
// src, eight columns at a time so that the lines it writes stay in the cache.
func transpose[T Float](dst []T, rows, cols int, src []T, lds int) {
	for j := 0; j < cols; j += 8 {
		for i := range rows {
			d := dst[i*cols+j:][:min(8, cols-j)]
			for q := range d {
				d[q] = src[(j+q)*lds+i]
			}
		}
	}
}

// workspace is what one product needs beyond its operands.
type workspace[T Float] struct {
	job   gemm[T]
	panel []T
}

// room returns n elements of unspecified value.
func (w *workspace[T]) room(n int) []T {
	if cap(w.panel) < n {
		w.panel = make([]T, n)
	}
	return w.panel[:n]
}

// Workspaces not in use, by element type.
var (
	spare32 spare.List[workspace[float32]]
	spare64 spare.List[workspace[float64]]
)

func spares[T Float]() *spare.List[workspace[T]] {
	if s, ok := any(&spare32).(*spare.List[workspace[T]]); ok {
		return s
	}
	return any(&spare64).(*spare.List[workspace[T]])
}

func takeWorkspace[T Float]() *workspace[T] {
	if w := spares[T]().Take(); w != nil {
		return w
	}
	return new(workspace[T])
}
