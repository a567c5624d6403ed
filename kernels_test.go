package downhill

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// tileCase is one call of a strip's tiles.
type tileCase[T Float] struct {
	s              *strip[T]
	tiles, rows    int
	lower, cols, k int
	alpha          T
	transposed     bool // A is stored transposed
	add            bool
	climb          bool // from the last row up
}

func (c tileCase[T]) String() string {
	return fmt.Sprintf("strip %d-%d: tiles %d x %d rows, lower %d, cols %d, k %d, alpha %v, transposed %v, add %v, climb %v",
		c.s.min, c.s.max, c.tiles, c.rows, c.lower, c.cols, c.k, c.alpha, c.transposed, c.add, c.climb)
}

// height is the number of rows of C.
func (c tileCase[T]) height() int { return c.tiles*c.rows + c.lower*(c.rows-1) }

// strides are rs, cs and the elements of A.
func (c tileCase[T]) strides(gap int) (rs, cs, size int) {
	if c.transposed {
		ld := c.height() + gap
		return 1, ld, need(c.k, c.height(), ld)
	}
	return c.k + gap, 1, need(c.height(), c.k, c.k+gap)
}

// meaning is what the tiles make of c, by the specification of the profile.
func (c tileCase[T]) meaning(fused bool, a []T, rs, cs int, b []T, ldb int, dst []T, ldc int) {
	tiles, width := tilesNarrow[T], 4
	if fused {
		tiles, width = tilesExact[T], 16
	}
	for j := 0; j < c.cols; j += width {
		tiles(c.tiles, c.rows, min(width, c.cols-j), c.k, c.alpha, a, rs, cs, b[j:], ldb, dst[j:], ldc, c.add, c.lower)
	}
}

// run has the tiles compute dst.
func (c tileCase[T]) run(a []T, rs, cs int, b []T, ldb int, dst []T, ldc int) {
	if c.climb {
		last := c.height() - 1
		a, rs, dst, ldc = a[last*rs:], -rs, dst[last*ldc:], -ldc
	}
	c.s.tiles(c.tiles, c.rows, c.cols, c.k, c.alpha, a, rs, cs, b, ldb, dst, ldc, c.add, c.lower)
}

// eachTile calls f for every height and width of every strip of a kernel set, with k's
// around the ends of loops and blocks.
func eachTile[T Float](rng *rand.Rand, kern *kernels[T], f func(c tileCase[T])) {
	ks := []int{1, 2, 3, 7, 64, 255, 256, 257, 513}
	for i := range kern.strips {
		s := &kern.strips[i]
		for rows := 1; rows <= s.rows; rows++ {
			for cols := s.min; cols <= s.max; cols++ {
				c := tileCase[T]{s: s, tiles: 1 + rng.IntN(2), rows: rows, cols: cols, k: ks[rng.IntN(len(ks)-3*rng.IntN(2))],
					alpha: T(scalars[1+rng.IntN(3)]), transposed: rng.IntN(2) == 1, add: rng.IntN(2) == 1, climb: kern.climbs && rng.IntN(2) == 1}
				if !c.add {
					c.alpha = 1
				}
				if rows > 1 {
					c.lower = rng.IntN(3)
				}
				f(c)
			}
		}
	}
}

// TestTiles holds every register tile to its specification, to the bit.
func TestTiles(t *testing.T) { eachSet(t, testTiles[float32], testTiles[float64]) }

func testTiles[T Float](t *testing.T, s *set, kern *kernels[T]) {
	rng := rand.New(rand.NewPCG(33, 34))
	eachTile(rng, kern, func(c tileCase[T]) {
		rs, cs, size := c.strides(rng.IntN(3))
		ldb, ldc := c.cols+rng.IntN(3), c.cols+rng.IntN(3)
		a, b := random[T](rng, size), random[T](rng, need(c.k, c.cols, ldb))
		got := random[T](rng, need(c.height(), c.cols, ldc))
		want := append([]T(nil), got...)
		c.meaning(s.fused, a, rs, cs, b, ldb, want, ldc)
		c.run(a, rs, cs, b, ldb, got, ldc)
		if i := firstDiff(got, want); i >= 0 {
			t.Fatalf("%v: c[%d,%d] is %v, want %v", c, i/ldc, i%ldc, got[i], want[i])
		}
	})
}

// TestPacking: a tile that packs is the tile that does not, and copies its vectors and no more.
func TestPacking(t *testing.T) { eachSet(t, testPacking[float32], testPacking[float64]) }

func testPacking[T Float](t *testing.T, s *set, kern *kernels[T]) {
	rng := rand.New(rand.NewPCG(41, 42))
	for i := range kern.strips {
		s := &kern.strips[i]
		if s.packing == nil {
			continue
		}
		for _, k := range []int{8, 16, 24, 248, 256, 264, 720} {
			for _, add := range []bool{false, true} {
				c := tileCase[T]{s: s, tiles: 1, rows: s.rows, cols: s.max, k: k, alpha: 1, transposed: k%16 == 0, add: add}
				if add {
					c.alpha = 0.7
				}
				rs, cs, size := c.strides(1)
				ldb, ldc, ldf := s.max+1, s.max+2, s.max+rng.IntN(9)
				a, b, from := random[T](rng, size), random[T](rng, need(k, s.max, ldb)), random[T](rng, need(k/8, s.max, ldf))
				got, to := random[T](rng, need(s.rows, s.max, ldc)), random[T](rng, k/8*s.max)
				want, copied := append([]T(nil), got...), append([]T(nil), to...)
				s.tiles(1, s.rows, s.max, k, c.alpha, a, rs, cs, b, ldb, want, ldc, add, 0)
				for q := range k / 8 {
					copy(copied[q*s.max:][:s.max], from[q*ldf:])
				}
				s.packing(1, s.rows, s.max, k, c.alpha, a, rs, cs, b, ldb, got, ldc, add, 0, from, ldf, to)
				if i := firstDiff(got, want); i >= 0 {
					t.Errorf("%v: c[%d,%d] is %v, want %v", c, i/ldc, i%ldc, got[i], want[i])
				}
				if i := firstDiff(to, copied); i >= 0 {
					t.Errorf("%v: row %d of what is packed has %v in column %d, want %v", c, i/s.max, to[i], i%s.max, copied[i])
				}
			}
		}
	}
}

// TestMoves checks transpose and gather at every small size, and what they leave alone.
func TestMoves(t *testing.T) { eachSet(t, testMoves[float32], testMoves[float64]) }

func testMoves[T Float](t *testing.T, s *set, kern *kernels[T]) {
	rng := rand.New(rand.NewPCG(35, 36))
	for rows := 1; rows <= 37; rows++ {
		for cols := 1; cols <= 37; cols++ {
			lds, ldd := cols+rng.IntN(3), rows+rng.IntN(3)
			src := random[T](rng, need(rows, cols, lds))
			turned, packed := make([]T, need(cols, rows, ldd)), make([]T, rows*cols)
			for i := range turned {
				turned[i] = canary
			}
			kern.transpose(turned, ldd, src, lds, rows, cols)
			kern.gather(packed, src, lds, rows, cols)
			for i := range turned {
				want := T(canary)
				if i%ldd < rows {
					want = src[i%ldd*lds+i/ldd]
				}
				if turned[i] != want {
					t.Fatalf("transpose of %dx%d, ldd %d: element %d is %v, want %v", rows, cols, ldd, i, turned[i], want)
				}
			}
			for i, v := range packed {
				if want := src[i/cols*lds+i%cols]; v != want {
					t.Fatalf("gather of %dx%d: element %d is %v, want %v", rows, cols, i, v, want)
				}
			}
		}
	}
}

// TestGatherRows: rows come in the order asked for, from a matrix that is in the caches
// and from one that is not, and one that is not there is a panic before anything is copied.
func TestGatherRows(t *testing.T) {
	t.Run("float32", testGatherRows[float32])
	t.Run("float64", testGatherRows[float64])
}

func testGatherRows[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	for _, s := range []struct{ rows, cols, n int }{{1, 1, 0}, {3, 1, 5}, {100, 7, 33}, {9, 0, 4}, {far/19 + 5, 19, 64}, {2, far, 3}} {
		src, dst := random[T](rng, s.rows*s.cols), make([]T, s.n*s.cols)
		rows := make([]int, s.n)
		for i := range rows {
			rows[i] = rng.IntN(s.rows)
		}
		if s.n > 0 {
			rows[s.n-1] = s.rows - 1
		}
		GatherRows(dst, s.cols, src, rows)
		for i, r := range rows {
			if d := firstDiff(dst[i*s.cols:][:s.cols], src[r*s.cols:]); d >= 0 {
				t.Fatalf("%+v: element %d of row %d is wrong", s, d, i)
			}
		}
	}
	dst := []T{7, 7, 7, 7}
	for want, do := range map[string]func(){
		"downhill: GatherRows: row 2 of 2":                                  func() { GatherRows(dst, 2, dst, []int{0, 2}) },
		"downhill: GatherRows: row -1 of 2":                                 func() { GatherRows(dst, 2, dst, []int{1, -1}) },
		"downhill: GatherRows: dst has 4 elements, for 1 rows of 2":         func() { GatherRows(dst, 2, dst, []int{0}) },
		"downhill: GatherRows: dst has 0 elements, for 65536 rows of 65536": func() { GatherRows(nil, 1<<16, dst, make([]int, 1<<16)) },
		"downhill: GatherRows: dst has 4 elements, for 1 rows of -4":        func() { GatherRows(dst, -4, dst, []int{0}) },
	} {
		if got := panicOf(do); got != want {
			t.Errorf("panic %q, want %q", got, want)
		}
	}
}
