package downhill

// gemm is one product under way: alpha*op(A)*op(B) + beta*C, neither empty nor
// trivial. Element (i, p) of op(A) is a[i*rs+p*cs].
type gemm[T Float] struct {
	kern        *kernels[T]
	m, n, k     int
	alpha, beta T
	a           []T
	rs, cs      int
	b           []T
	ldb         int
	transB      Transpose
	c           []T
	ldc         int

	rowParts, colParts int // the grid that Do splits C into
}

// run computes the product, on several threads if it is large enough. Only C is
// split, never k: an element is always one and the same chain of operations.
func (g *gemm[T]) run() {
	parts := pool.parts(2 * float64(g.m) * float64(g.n) * float64(g.k))
	if parts == 1 {
		g.block(0, g.m, 0, g.n)
		return
	}
	// By rows first, so that A is read once; but a packed panel of B serves only
	// its own part of C, so then by columns first.
	rowMax, colMax := max(1, g.m/(2*g.kern.mr)), g.strips()
	if g.packs() {
		g.colParts = min(parts, colMax)
		g.rowParts = min((parts+g.colParts-1)/g.colParts, rowMax)
	} else {
		g.rowParts = min(parts, rowMax)
		g.colParts = min((parts+g.rowParts-1)/g.rowParts, colMax)
	}
	w := takeWorkspace[T]()
	w.job = *g
	pool.run(g.rowParts*g.colParts, 1, &w.job)
	w.job = gemm[T]{}
	spares[T]().Give(w)
}

// strips is the number of full-width strips that cover C.
func (g *gemm[T]) strips() int { return (g.n + g.kern.nr - 1) / g.kern.nr }

// packs reports whether B is copied into panels: when it must be transposed, and
// when it is so large that walking down its columns would leave the caches and
// the TLB, and C has rows enough to pay for the copy.
func (g *gemm[T]) packs() bool {
	return bool(g.transB) || g.m >= 64 && g.n > g.kern.unpacked/g.k
}

// Do computes parts lo..hi of the grid, each a rectangle of C.
func (g *gemm[T]) Do(lo, hi int) {
	nr, strips := g.kern.nr, g.strips()
	for part := lo; part < hi; part++ {
		i, j := part/g.colParts, part%g.colParts
		g.block(cut(g.m, g.rowParts, i), cut(g.m, g.rowParts, i+1),
			cut(strips, g.colParts, j)*nr, min(g.n, cut(strips, g.colParts, j+1)*nr))
	}
}

// cut is where part i of n things begins when they are dealt evenly into parts.
func cut(n, parts, i int) int { return i*(n/parts) + min(i, n%parts) }

// block computes rows i0..i1 and columns j0..j1 of C.
//
// The loops are those of Goto and van de Geijn ("Anatomy of High-Performance
// Matrix Multiplication", ACM TOMS 34, 2008): kc x nc of B, mc x kc of A, then
// strips of B as wide as a register tile. As long as B is small, though, packing
// it costs more than it saves, and A is never packed: its rows are few streams
// that the hardware prefetches.
func (g *gemm[T]) block(i0, i1, j0, j1 int) {
	if g.beta != 0 {
		scaleRows(g.kern, i1-i0, j1-j0, g.beta, g.c[i0*g.ldc+j0:], g.ldc)
	}
	if !g.packs() {
		for p := 0; p < g.k; p += g.kern.kc {
			g.panel(i0, i1, j0, j1, p, min(g.kern.kc, g.k-p), nil)
		}
		return
	}
	w := takeWorkspace[T]()
	for j := j0; j < j1; j += g.kern.nc {
		for p := 0; p < g.k; p += g.kern.kc {
			j1, kc := min(j1, j+g.kern.nc), min(g.kern.kc, g.k-p)
			packed := w.room(kc * (j1 - j))
			g.pack(packed, j, j1, p, kc)
			g.panel(i0, i1, j, j1, p, kc, packed)
		}
	}
	spares[T]().Give(w)
}

// panel adds the kc k's from p on to rows i0..i1 and columns j0..j1 of C, with B
// from packed or, where that is nil, in place.
func (g *gemm[T]) panel(i0, i1, j0, j1, p, kc int, packed []T) {
	for i := i0; i < i1; i += g.kern.mc {
		b := packed
		for j := j0; j < j1; {
			s := g.kern.stripFor(j1 - j)
			cols := min(s.max, j1-j)
			if packed == nil {
				g.strip(s, i, min(i1, i+g.kern.mc), j, cols, p, kc, g.b[p*g.ldb+j:], g.ldb)
			} else {
				g.strip(s, i, min(i1, i+g.kern.mc), j, cols, p, kc, b, cols)
				b = b[kc*cols:]
			}
			j += cols
		}
	}
}

// strip computes rows i0..i1 of one strip of cols columns: tiles of equal height
// but for one row, since a low tile at the end would starve the FMA units.
//
// It must stay a function of its own with calls in it: the stack check at its
// head is where a goroutine inside a large product can be stopped. A loop that
// only calls assembly has no such place (a stop of the world took 13 s).
//
//go:noinline
func (g *gemm[T]) strip(s *strip[T], i0, i1, j, cols, p, kc int, b []T, ldb int) {
	add := p > 0 || g.beta != 0
	count := (i1 - i0 + s.rows - 1) / s.rows
	rows, taller := (i1-i0)/count, (i1-i0)%count
	if taller > 0 {
		s.tiles(taller, rows+1, cols, kc, g.alpha, g.a[i0*g.rs+p*g.cs:], g.rs, g.cs, b, ldb, g.c[i0*g.ldc+j:], g.ldc, add)
		i0 += taller * (rows + 1)
	}
	s.tiles(count-taller, rows, cols, kc, g.alpha, g.a[i0*g.rs+p*g.cs:], g.rs, g.cs, b, ldb, g.c[i0*g.ldc+j:], g.ldc, add)
}
