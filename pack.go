package downhill

import "sync"

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

// shelf keeps workspaces for later, at most as many as it has places. Unlike a
// sync.Pool it keeps them across garbage collections, so that a training step
// that allocated nothing goes on allocating nothing.
type shelf[T Float] struct {
	mu    sync.Mutex
	n     int
	spare [64]*workspace[T]
}

var (
	shelf32 shelf[float32]
	shelf64 shelf[float64]
)

func shelfOf[T Float]() *shelf[T] {
	if s, ok := any(&shelf32).(*shelf[T]); ok {
		return s
	}
	return any(&shelf64).(*shelf[T])
}

func takeWorkspace[T Float]() *workspace[T] {
	s := shelfOf[T]()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n == 0 {
		return new(workspace[T])
	}
	s.n--
	return s.spare[s.n]
}

func (w *workspace[T]) giveBack() {
	s := shelfOf[T]()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n < len(s.spare) {
		s.spare[s.n] = w
		s.n++
	}
}
