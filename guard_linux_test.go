package downhill

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"
)

// A guard is memory between two pages that nobody may touch. Only it sees a kernel
// read past an end, or write there what was there before.
type guard struct {
	area []byte // between the guard pages
}

func newGuard(t *testing.T, bytes int) *guard {
	page := syscall.Getpagesize()
	size := (bytes + page - 1) / page * page
	m, err := syscall.Mmap(-1, 0, size+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Skip("no memory to map: ", err)
	}
	t.Cleanup(func() { syscall.Munmap(m) })
	for _, forbidden := range [][]byte{m[:page], m[page+size:]} {
		if err := syscall.Mprotect(forbidden, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	return &guard{m[page : page+size]}
}

// against returns a copy of x that ends where the area ends, or begins where it
// begins.
func against[T Float](g *guard, atEnd bool, x []T) []T {
	all := unsafe.Slice((*T)(unsafe.Pointer(&g.area[0])), len(g.area)/int(unsafe.Sizeof(T(0))))
	y := all[:len(x):len(x)]
	if atEnd {
		y = all[len(all)-len(x):]
	}
	copy(y, x)
	return y
}

func TestGuardGemm(t *testing.T) { eachSet(t, testGuardGemm[float32], testGuardGemm[float64]) }

func testGuardGemm[T Float](t *testing.T, s *set, kern *kernels[T]) {
	rng := rand.New(rand.NewPCG(15, 16))
	ga, gb, gc := newGuard(t, 80*300*8), newGuard(t, 80*300*8), newGuard(t, 80*80*8)
	small := shrunk(kern)
	at := func(m, n, k int) {
		for _, tA := range transposes {
			for _, tB := range transposes {
				p := newProduct(rng, tA, tB, m, n, k, T(0.7), T(scalars[rng.IntN(4)]), rng.IntN(2)*5)
				want := p.meaning(s.fused)
				for _, atEnd := range []bool{false, true} {
					for _, kern := range []*kernels[T]{kern, small} {
						a, b, c := against(ga, atEnd, p.a), against(gb, atEnd, p.b), against(gc, atEnd, p.c)
						gemmWith(kern, tA, tB, m, n, k, p.alpha, a, p.lda, b, p.ldb, p.beta, c, p.ldc)
						if i := firstDiff(c, want); i >= 0 {
							t.Fatalf("%v: c[%d] is %v, want %v", p, i, c[i], want[i])
						}
					}
				}
			}
		}
	}
	for m := 1; m <= kern.mr+1; m++ {
		for n := 1; n <= 70; n++ {
			at(m, n, 1+rng.IntN(4))
			at(n, m, 1+rng.IntN(4))
		}
	}
	at(13, 70, 257)
	at(70, 13, 257)
}

func TestGuardTiles(t *testing.T) { eachSet(t, testGuardTiles[float32], testGuardTiles[float64]) }

func testGuardTiles[T Float](t *testing.T, s *set, kern *kernels[T]) {
	rng := rand.New(rand.NewPCG(37, 38))
	ga, gb, gc := newGuard(t, 60*520*8), newGuard(t, 130*520*8), newGuard(t, 60*130*8)
	eachTile(rng, kern, func(c tileCase[T]) {
		rs, cs, size := c.strides(0)
		ldb, ldc := c.cols, c.cols+rng.IntN(2)
		a, b := random[T](rng, size), random[T](rng, need(c.k, c.cols, ldb))
		x := random[T](rng, need(c.height(), c.cols, ldc))
		want := append([]T(nil), x...)
		c.meaning(s.fused, a, rs, cs, b, ldb, want, ldc)
		for _, atEnd := range []bool{false, true} {
			a, b, got := against(ga, atEnd, a), against(gb, atEnd, b), against(gc, atEnd, x)
			c.run(a, rs, cs, b, ldb, got, ldc)
			if i := firstDiff(got, want); i >= 0 {
				t.Fatalf("%v: c[%d] is %v, want %v", c, i, got[i], want[i])
			}
		}
	})
}

func TestGuardPacking(t *testing.T) { eachSet(t, testGuardPacking[float32], testGuardPacking[float64]) }

func testGuardPacking[T Float](t *testing.T, s *set, kern *kernels[T]) {
	rng := rand.New(rand.NewPCG(45, 46))
	gf, gt := newGuard(t, 40*80*8), newGuard(t, 40*80*8)
	for i := range kern.strips {
		s := &kern.strips[i]
		if s.packing == nil {
			continue
		}
		for k := 8; k < 160; k += 8 {
			a, b, c := random[T](rng, s.rows*k), random[T](rng, k*s.max), make([]T, s.rows*s.max)
			x := random[T](rng, k/8*s.max)
			for _, atEnd := range []bool{false, true} {
				from, to := against(gf, atEnd, x), against(gt, atEnd, x)
				s.packing(1, s.rows, s.max, k, 1, a, k, 1, b, s.max, c, s.max, false, 0, from, s.max, to)
			}
		}
	}
}

func TestGuardMoves(t *testing.T) { eachSet(t, testGuardMoves[float32], testGuardMoves[float64]) }

func testGuardMoves[T Float](t *testing.T, s *set, kern *kernels[T]) {
	rng := rand.New(rand.NewPCG(39, 40))
	gs, gd := newGuard(t, 40*40*8), newGuard(t, 40*40*8)
	for rows := 1; rows <= 37; rows++ {
		for cols := 1; cols <= 37; cols++ {
			for _, atEnd := range []bool{false, true} {
				x := random[T](rng, rows*cols)
				src, dst := against(gs, atEnd, x), against(gd, atEnd, x)
				kern.transpose(dst, rows, src, cols, rows, cols)
				kern.gather(dst, src, cols, rows, cols)
			}
		}
	}
}

func TestGuardVectors(t *testing.T) { eachSet(t, testGuardVectors[float32], testGuardVectors[float64]) }

func testGuardVectors[T Float](t *testing.T, s *set, kern *kernels[T]) {
	rng := rand.New(rand.NewPCG(17, 18))
	const longest = 4096 / 8
	gx, gy, gd := newGuard(t, longest*8), newGuard(t, longest*8), newGuard(t, longest*8)
	for n := 1; n <= longest; n++ {
		for _, atEnd := range []bool{false, true} {
			x, y := against(gx, atEnd, random[T](rng, n)), against(gy, atEnd, random[T](rng, n))
			d := against(gd, atEnd, x)
			for _, op := range vectorOps(kern) {
				op.do(d, x, y)
			}
		}
	}
}
