package downhill

import "github.com/db75a6f2/downhill/internal/spare"

// pack copies kc rows from p on of columns j0..j1 of Y to dst, strip by strip as a block
// of so many rows takes them: kc rows of the first strip's columns, then those of the
// next.
func (g *gemm[T]) pack(dst []T, rows, j0, j1, p, kc int) {
	for j := j0; j < j1; {
		_, cols := g.kern.stripFor(rows, j1-j)
		g.packStrip(dst, g.y[p*g.yr+j*g.yc:], kc, cols)
		dst = dst[kc*cols:]
		j += cols
	}
}

// packStrip copies kc rows of one strip. It must stay a function of its own, like
// strip.multiply: a goroutine can be stopped at its head.
//
//go:noinline
func (g *gemm[T]) packStrip(dst, y []T, kc, cols int) {
	if g.yc != 1 {
		g.kern.transpose(dst, cols, y, g.yc, cols, kc)
	} else {
		g.kern.gather(dst, y, g.yr, kc, cols)
	}
}

// gather is the kernel of this name in plain Go.
func gather[T Float](dst, src []T, lds, rows, cols int) {
	for i := range rows {
		copy(dst[i*cols:][:cols], src[i*lds:])
	}
}

// transpose is the kernel of this name in plain Go: eight rows at a time, so that the
// lines it writes stay in the cache.
func transpose[T Float](dst []T, ldd int, src []T, lds, rows, cols int) {
	for i := 0; i < rows; i += 8 {
		for j := range cols {
			d := dst[j*ldd+i:][:min(8, rows-i)]
			for q := range d {
				d[q] = src[(i+q)*lds+j]
			}
		}
	}
}

// workspace is what one block needs beyond its operands.
type workspace[T Float] struct {
	panel []T // packed Y
	tile  []T // a turned C
}

// room returns n elements of unspecified value, in buf if that is large enough.
func room[T Float](buf *[]T, n int) []T {
	if cap(*buf) < n {
		*buf = make([]T, n)
	}
	return (*buf)[:n]
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

// borrow returns a workspace, if it can one that the same part had before.
func borrow[T Float](part int) *workspace[T] {
	if w := spares[T]().Take(part); w != nil {
		return w
	}
	return new(workspace[T])
}
