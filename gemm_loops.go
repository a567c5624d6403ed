package downhill

import "unsafe"

// gemm is one product under way: C = alpha*X*Y + beta*C, neither empty nor trivial,
// where X is m x k with element (i, p) at x[i*xr+p*xc], and Y is k x n with element
// (p, j) at y[p*yr+j*yc]. One stride of each matrix is 1.
type gemm[T Float] struct {
	kern    *kernels[T]
	m, n, k int
	x       []T
	xr, xc  int
	y       []T
	yr, yc  int
	c       []T
	ldc     int
	turned  bool // C is stored transposed: element (i, j) at c[j*ldc+i]

	rowParts, colParts int // the grid that Do splits C into
	lead               int // rows that the first part has more than each other

	alpha, beta T // last, so that all else lies alike in a product of either type
}

// run computes the product, which is so much work, in so many parts, if that many can be had. Only C is
// split, never k: an element is always one and the same chain of operations.
func (g *gemm[T]) run(parts int, work float64) {
	g.turn()
	if parts == 1 || !pool.begin() {
		g.alone(0, 0, g.m, 0, g.n)
		return
	}
	defer pool.end()
	job := shared[T]()
	*job = *g                           // now, so that other threads let go of it while the grid is found
	rowParts, colParts := g.grid(parts) // to read them back from job would wait for other cores to let go
	job.rowParts, job.colParts = rowParts, colParts
	if colParts == 1 {
		job.lead = int(float64(g.kern.lead) * float64(g.m) / work)
	}
	pool.run(rowParts*colParts, 1, work, job)
}

// alone computes a rectangle of C with a workspace, if it needs one: number part of
// those to be had, so that a thread finds in its cache what it used before.
func (g *gemm[T]) alone(part, i0, i1, j0, j1 int) {
	if !g.turned && !g.packs(i1-i0) {
		g.block(nil, i0, i1, j0, j1)
		return
	}
	w := borrow[T](part)
	g.block(w, i0, i1, j0, j1)
	spares[T]().Give(part, w)
}

// current is what the pool's region works on, in either type. Its owner owns it; workers forget it.
var current gemm[float64]

// shared is current as one of T.
func shared[T Float]() *gemm[T] { return (*gemm[T])(unsafe.Pointer(&current)) }

// nearer asks for current, which another core has just written, as long as a worker still waits for
// its claim of a chunk.
func nearer() {
	active.f64.fetch((*[unsafe.Sizeof(current) / 8]float64)(unsafe.Pointer(&current))[:])
}

// turn transposes the whole product, C' = Y'*X', if that takes less time.
func (g *gemm[T]) turn() {
	if !g.kern.whole(g.n, g.yc) && g.kern.turns(g.m, g.n, g.k, g.xr, g.yc, g.adds()) {
		g.m, g.n = g.n, g.m
		g.x, g.xr, g.xc, g.y, g.yr, g.yc = g.y, g.yc, g.yr, g.x, g.xc, g.xr
		g.turned = true
	}
}

// whole reports that n columns are whole vectors, and Y lies as they do: then a product has nothing
// to gain from turning.
func (kern *kernels[T]) whole(n, yc int) bool { return yc == 1 && n&(kern.lanes-1) == 0 }

// turns reports whether another product takes less time as its transpose. Vectors lie along n, so a
// C with few columns wastes their lanes that a C with few rows does not; and where Y is stored
// transposed, Y' is not. What it costs is a transposition of C, twice if it adds to C.
func (kern *kernels[T]) turns(m, n, k, xr, yc int, adds bool) bool {
	// The conversions keep compilers from fusing: every machine decides alike.
	rows, cols, depth := float64(m), float64(n), float64(k)
	straight := float64(rows * depth * float64(kern.width(n)))
	turned := float64(cols*depth*float64(kern.width(m))) + float64(move*rows*cols)
	if yc != 1 {
		straight += float64(move * depth * cols)
	}
	if xr != 1 {
		turned += float64(move * rows * depth)
	}
	if adds {
		turned += float64(move * rows * cols)
	}
	return turned < straight
}

// move is the number of multiply-adds in the time that it takes to transpose an element.
const move = 6

// amount says how much a product is, for pool.parts. It counts, in multiples of what a float32
// operation takes, operations or, if C has few rows or columns, the bytes of the larger
// operand, at some 100 of either in a nanosecond.
func amount[T Float](m, n, k int) float64 {
	return float64(unsafe.Sizeof(T(0))) / 2 * float64(k) * float64(max(m, n)) * float64(max(2, min(m, n)))
}

// grid is how to split C into at least so many parts, if it is large enough for them.
//
// By rows first, so that X is read once and a row of C belongs to one thread; but a large Y, or that of
// a C much wider than high, is better read by one part alone, and so is one that each part must
// transpose or straighten unless there are rows enough to do it for, or few columns to deal; and a C
// of few rows has its work in reading Y: then by columns first. Sums of few k's, though, take less time
// than the stores of C. What is a row of a C that is stored transposed is a column here.
//
// Where parts share the rows of what is stored, cores take lines from each other: prefetchers run on
// beyond the end of a part's piece of each row, into lines that another core writes.
func (g *gemm[T]) grid(parts int) (rowParts, colParts int) {
	rows, cols := max(1, g.m/(2*g.kern.mr)), (g.n+2*g.kern.lanes-1)/(2*g.kern.lanes)
	wide := (g.n >= 4*g.m || g.askew(g.m)) && g.n >= g.kern.nr*max(4, parts)
	enough := 8 * move * parts
	if g.k <= few {
		wide, enough = false, 32*parts
	}
	byCols := wide || g.yc != 1 && g.m < enough || g.large()
	if g.turned {
		byCols = g.m <= 8*g.kern.unpacked/g.k // else it is X that is better read by one part alone
	}
	if byCols || rows < parts {
		colParts = min(parts, cols)
		return min((parts+colParts-1)/colParts, rows), colParts
	}
	rowParts = min(parts, rows)
	return rowParts, min((parts+rowParts-1)/rowParts, cols)
}

// packs reports whether Y is copied into panels for so many rows of C: when it must be
// transposed, when it lies askew and no other part copies the same, and when it is large and C has
// rows enough to pay for the copy: more if it is less large.
func (g *gemm[T]) packs(rows int) bool {
	return g.yc != 1 || g.rowParts < 2 && g.askew(rows) ||
		g.large() && float64(g.m)*float64(g.n)*float64(g.k) > 512*float64(g.kern.unpacked)
}

// askew reports whether Y's rows do not keep step with lines of the cache, so that most vectors lie
// in two, and C has rows enough to pay for straightening them, and columns for a strip of full width:
// a narrower one would be as askew when packed.
func (g *gemm[T]) askew(rows int) bool {
	return rows >= g.kern.straight && g.n >= g.kern.nr && uintptr(g.yr)*unsafe.Sizeof(T(0))%64 != 0
}

// large reports whether Y is so large, for a C of many rows, that walking down its columns
// leaves the nearer caches and the TLB: one thread alone had better walk down each.
func (g *gemm[T]) large() bool { return g.m >= 128 && g.n > g.kern.unpacked/g.k }

// Do computes parts lo..hi of the grid, each a rectangle of C. Parts end where vectors do: of columns
// that are too few to deal in whole vectors, each part has some of the rows.
func (g *gemm[T]) Do(lo, hi int) {
	for part := lo; part < hi; part++ {
		i0, i1, j0, j1, rest := 0, g.m, 0, g.n, 0
		i, j := part, 0
		if g.colParts > 1 { // a division takes its time
			i, j = part/g.colParts, part%g.colParts
			each := (g.n + g.kern.lanes - 1) / g.kern.lanes / g.colParts * g.kern.lanes
			j0, j1, rest = j*each, min(g.n, (j+1)*each), max(0, g.n-g.colParts*each)
		}
		if g.rowParts > 1 {
			i0, i1 = cut(g.m-g.lead, g.rowParts, i)
			i0, i1 = i0+min(i, 1)*g.lead, i1+g.lead
		}
		g.alone(part, i0, i1, j0, j1)
		if rest > 0 {
			if r0, r1 := cut(i1-i0, g.colParts, j); r0 < r1 {
				g.alone(part, i0+r0, i0+r1, g.n-rest, g.n)
			}
		}
	}
}

// cut is where part i of n things begins and ends when they are dealt evenly into parts.
func cut(n, parts, i int) (lo, hi int) {
	each, more := n/parts, n%parts
	lo = i*each + min(i, more)
	if i < more {
		each++
	}
	return lo, lo + each
}

// block computes rows i0..i1 and columns j0..j1 of C.
//
// The loops are those of Goto and van de Geijn ("Anatomy of High-Performance
// Matrix Multiplication", ACM TOMS 34, 2008): nc columns of Y, kc rows of those, mc rows
// of X, then strips as wide as a register tile. As long as Y is small or C has few rows,
// though, packing costs more than it saves, and X is never packed: its rows are few streams that the
// hardware prefetches.
//
// Tiles climb up C in a part that another follows. The prefetcher of a core runs some 16 rows ahead of
// its tiles, and what it asks for of another part's C, the other core must get back each time.
func (g *gemm[T]) block(w *workspace[T], i0, i1, j0, j1 int) {
	if g.adds() {
		g.prepare(i0, i1, j0, j1)
	}
	climb := g.kern.climbs && i1 < g.m
	switch {
	case g.turned:
		for j := j0; j < j1; {
			s, cols := g.kern.stripFor(i1-i0, j1-j)
			g.turnedStrip(w, s, i0, i1, j, cols)
			j += cols
		}
	case g.kern.small(i1-i0, j1-j0, g.k, g.yc):
		if g.yc == 1 { // if it lies askew, that does not matter here
			w = nil
		}
		g.kern.inPlace(w, i1-i0, j1-j0, g.k, g.alpha, g.x[i0*g.xr:], g.xr, g.xc, g.y[j0*g.yc:], max(g.yr, g.yc), g.c[i0*g.ldc+j0:], g.ldc, g.adds(), climb)
	case w != nil:
		for j := j0; j < j1; j += g.kern.nc {
			g.columns(w, i0, i1, j, min(j1, j+g.kern.nc), climb)
		}
	default:
		g.columns(nil, i0, i1, j0, j1, climb)
	}
}

// columns computes rows i0..i1 and columns j0..j1, with Y packed in w or, where that is nil, in
// place. While the first rows are computed, each strip is packed just before it is used.
func (g *gemm[T]) columns(w *workspace[T], i0, i1, j0, j1 int, climb bool) {
	depth := g.depth(w != nil)
	for p := 0; p < g.k; p += depth {
		kc := min(depth, g.k-p)
		var panel []T
		if w != nil {
			panel = room(&w.panel, kc*(j1-j0))
			g.pack(panel, i1-i0, j0, j1, p, kc)
		}
		for i := i0; i < i1; i += g.kern.mc {
			end := min(i1, i+g.kern.mc)
			for j := j0; j < j1; {
				s, cols := g.kern.stripFor(i1-i0, j1-j)
				first, y, ldy := i, g.y[p*g.yr+j*g.yc:], g.yr
				if w != nil {
					y, ldy = panel[kc*(j-j0):], cols
					if i == i0 && j+cols < j1 {
						first = g.packNext(s, i, end, j, j1, p, kc, y)
					}
				}
				g.tiles(s, first, end, cols, p, kc, y, ldy, g.c[first*g.ldc+j:], g.ldc, climb)
				j += cols
			}
		}
	}
}

// depth is how many rows of Y, packed or not, serve before others do. Of a Y whose rows are a page
// or half of one apart, a strip lies in few sets of each cache: no more of its rows stay there than
// those of a block of k's.
func (g *gemm[T]) depth(packed bool) int {
	if packed {
		return g.kern.kc
	}
	if uintptr(g.yr)*unsafe.Sizeof(T(0))%2048 == 0 {
		return kb
	}
	return g.kern.deep
}

// turnedStrip computes rows i0..i1 of cols columns from j on of a C that is stored
// transposed: mc rows at a time in memory that stays in the cache, and transposes them
// into place.
func (g *gemm[T]) turnedStrip(w *workspace[T], s *strip[T], i0, i1, j, cols int) {
	for i := i0; i < i1; i += g.kern.mc {
		end := min(i1, i+g.kern.mc)
		c, t := g.c[j*g.ldc+i:], room(&w.tile, (end-i)*cols)
		if g.adds() {
			g.kern.transpose(t, cols, c, g.ldc, cols, end-i)
		}
		for p := 0; p < g.k; p += g.kern.deep {
			kc := min(g.kern.deep, g.k-p)
			y, ldy := g.y[p*g.yr+j*g.yc:], g.yr
			if g.yc != 1 {
				packed := room(&w.panel, kc*cols)
				if i == i0 || g.k > g.kern.deep { // else it is there
					g.untranspose(packed, y, cols, kc)
				}
				y, ldy = packed, cols
			}
			g.tiles(s, i, end, cols, p, kc, y, ldy, t, cols, false)
		}
		g.kern.transpose(c, g.ldc, t, cols, end-i, cols)
	}
}

// adds reports whether tiles are added to C, so that it must be prepared, or just stored.
func (g *gemm[T]) adds() bool { return g.beta != 0 || g.alpha != 1 }

// prepare prepares a rectangle of C.
func (g *gemm[T]) prepare(i0, i1, j0, j1 int) {
	if g.turned {
		i0, i1, j0, j1 = j0, j1, i0, i1
	}
	prepare(g.kern, i1-i0, j1-j0, g.beta, g.c[i0*g.ldc+j0:], g.ldc)
}

// call is the number of multiply-adds, but for a tile or two, that one call of the
// assembly does: some 20 us, for which a stop of the world may have to wait.
const call = 1 << 20

// tiles adds kc k's from p on to rows i0..i1 of a strip of cols columns, of which c is
// the first element, and y that of row p of Y.
func (g *gemm[T]) tiles(s *strip[T], i0, i1, cols, p, kc int, y []T, ldy int, c []T, ldc int, climb bool) {
	calls := ((i1-i0)*cols*kc + call - 1) / call
	rows := ((i1-i0+calls-1)/calls + s.rows - 1) / s.rows * s.rows
	for i := i0; i < i1; i += rows {
		s.multiply(min(rows, i1-i), cols, kc, g.alpha, g.x[i*g.xr+p*g.xc:], g.xr, g.xc, y, ldy, c[(i-i0)*ldc:], ldc, p > 0 || g.adds(), climb)
	}
}

// multiply computes a strip of m rows in tiles of equal height but for one row, since a
// low tile at the end would starve the FMA units. Its arguments are those of s.tiles; with climb it
// begins at the last row.
//
// It must stay a function of its own with calls in it: the stack check at its
// head is where a goroutine inside a large product can be stopped. A loop that
// only calls assembly has no such place (a stop of the world took 13 s).
//
//go:noinline
func (s *strip[T]) multiply(m, n, k int, alpha T, a []T, rs, cs int, b []T, ldb int, c []T, ldc int, add, climb bool) {
	if climb {
		a, rs, c, ldc = a[(m-1)*rs:], -rs, c[(m-1)*ldc:], -ldc
	}
	count, rows := 1, m
	if m > s.rows {
		count = (m + s.rows - 1) / s.rows
		rows = (m + count - 1) / count
	}
	lower := count*rows - m
	s.tiles(count-lower, rows, n, k, alpha, a, rs, cs, b, ldb, c, ldc, add, lower)
}

// tiny is the number of multiply-adds below which a product is done while others would
// still be thinking about how to do it best.
const tiny = 2048

// few is the number of k's up to which what is done with sums counts for more than to form them.
const few = 16

// small reports whether a product has nothing to gain from cache blocks: it has few operations,
// and few elements of B if that must be transposed; or few rows, so that B is read once anyway.
func (kern *kernels[T]) small(m, n, k, yc int) bool {
	if m <= 8 && k <= 8*kb && yc == 1 {
		return true
	}
	return k <= kern.deep && float64(m)*float64(n)*float64(k) <= 1<<18 && (yc == 1 || n*k <= 1<<15)
}

// inPlace computes a small product, or what it adds to C, with B as it lies; with climb from the last
// row. With w, B is stored transposed, and a strip of it at a time is straight there, so that it stays in
// the nearest cache.
func (kern *kernels[T]) inPlace(w *workspace[T], m, n, k int, alpha T, a []T, rs, cs int, b []T, ldb int, c []T, ldc int, add, climb bool) {
	for i := range kern.strips {
		if s := &kern.strips[i]; w == nil && s.min <= n && n <= s.max && !s.low {
			if m <= s.rows {
				s.tiles(1, m, n, k, alpha, a, rs, cs, b, ldb, c, ldc, add, 0)
			} else {
				s.multiply(m, n, k, alpha, a, rs, cs, b, ldb, c, ldc, add, climb)
			}
			return
		}
	}
	for j := 0; j < n; {
		s, cols := kern.stripFor(m, n-j)
		if short := &kern.strips[kern.short]; k <= few && m > 8 && n-j >= short.max {
			s, cols = short, short.max
		}
		y, ldy, next := b, ldb, cols
		if w != nil {
			y, ldy, next = room(&w.panel, k*cols), cols, cols*ldb
			kern.transpose(y, cols, b, ldb, cols, k)
		}
		s.multiply(m, cols, k, alpha, a, rs, cs, y, ldy, c[j:], ldc, add, climb)
		b = b[min(next, len(b)):]
		j += cols
	}
}
