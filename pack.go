package downhill

import (
	"unsafe"

	"github.com/db75a6f2/downhill/internal/spare"
)

// pack copies kc rows from p on of a strip of Y, that of a block of so many rows which begins at
// column j, to dst. It must stay a function of its own, like strip.multiply: a goroutine can be
// stopped at its head.
//
//go:noinline
func (g *gemm[T]) pack(dst []T, rows, j, j1, p, kc int) {
	_, cols := g.kern.stripFor(rows, j1-j)
	y := g.y[p*g.yr+j*g.yc:]
	if g.yc != 1 {
		g.untranspose(dst, y, cols, kc)
	} else {
		g.kern.gather(dst, y, g.yr, kc, cols)
	}
}

// packNext packs the strip after that at column j, which is packed at y. If both are as wide as
// can be, it computes rows of C from i on meanwhile. It returns the first that it leaves.
func (g *gemm[T]) packNext(s *strip[T], i, end, j, j1, p, kc int, y []T) int {
	tiles := 2 * s.max / g.kern.lanes
	if g.yc != 1 || s.packing == nil || j1-j < 2*s.max || kc%tiles != 0 || end-i <= tiles*s.rows {
		_, cols := g.kern.stripFor(end-i, j1-j)
		g.pack(y[kc*cols:], end-i, j+cols, j1, p, kc)
		return i
	}
	for tile := range tiles {
		g.packingTile(s, i, j, tile*kc/tiles, p, kc, y)
		i += s.rows
	}
	return i
}

// packingTile computes one of the tiles of packNext, which packs rows from q on. Like
// strip.multiply, it must stay a function of its own.
//
//go:noinline
func (g *gemm[T]) packingTile(s *strip[T], i, j, q, p, kc int, y []T) {
	s.packing(1, s.rows, s.max, kc, g.alpha, g.x[i*g.xr+p*g.xc:], g.xr, g.xc, y, s.max,
		g.c[i*g.ldc+j:], g.ldc, p > 0 || g.adds(), 0, g.y[(p+q)*g.yr+j+s.max:], g.yr, y[(kc+q)*s.max:])
}

// untranspose is pack for a Y that is stored transposed: kc rows of cols columns from y on, a chunk
// at most in one call of the kernel, however wide the strip.
func (g *gemm[T]) untranspose(dst, y []T, cols, kc int) {
	for p := 0; p < kc; p += 2 * kb {
		g.kern.transpose(dst[p*cols:], cols, y[p:], g.yc, cols, min(2*kb, kc-p))
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
	return (*spare.List[workspace[T]])(either[T](unsafe.Pointer(&spare32), unsafe.Pointer(&spare64)))
}

// borrow returns a workspace, if it can one that the same part had before.
func borrow[T Float](part int) *workspace[T] {
	if w := spares[T]().Take(part); w != nil {
		return w
	}
	return new(workspace[T])
}
