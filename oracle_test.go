package downhill

import (
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// epsOf is the distance from 1 to the next number.
func epsOf[T Float]() float64 {
	if unsafe.Sizeof(T(0)) == 4 {
		return 0x1p-23
	}
	return 0x1p-52
}

// twofold is the unevaluated sum of two float64: some 106 bits.
type twofold struct{ hi, lo float64 }

func (s twofold) plus(x float64) twofold {
	hi := s.hi + x
	b := hi - s.hi
	return twofold{hi, s.lo + ((s.hi - (hi - b)) + (x - b))}
}

func (s twofold) plusProduct(x, y float64) twofold {
	p := float64(x * y) // or arm64 fuses it with the sum
	return s.plus(p).plus(math.FMA(x, y, -p))
}

// TestGemmOracle compares Gemm with sums of twice the precision: every element
// within 16 eps of |alpha|*sum|a||b| + |beta||c|. That is far above what rounding
// does to random data and far below what one missing product does.
func TestGemmOracle(t *testing.T) { eachSet(t, testGemmOracle[float32], testGemmOracle[float64]) }

func testGemmOracle[T Float](t *testing.T, s *set, kern *kernels[T]) {
	rng := rand.New(rand.NewPCG(11, 12))
	edge := func(around ...int) int { return max(0, around[rng.IntN(len(around))]+rng.IntN(5)-2) }
	worst := 0.0
	check := func(m, n, k int) {
		t.Helper()
		p := newProduct(rng, transposes[rng.IntN(2)], transposes[rng.IntN(2)], m, n, k,
			T(scalars[rng.IntN(4)]), T(scalars[rng.IntN(4)]), rng.IntN(2)*rng.IntN(8))
		worst = max(worst, p.deviation(t, p.run(kern)))
	}
	cases, long := 400, 6
	if s.name == "exact" {
		cases, long = 60, 1
	}
	if testing.Short() || raceEnabled {
		cases, long = 40, 0
	}
	for range cases {
		check(rng.IntN(71), rng.IntN(71), rng.IntN(71))
	}
	for range long { // one large side at a time, and then two
		check(edge(0, 8, 33), edge(0, 16, 48), edge(256, 512, 1024))
		check(edge(256, 512, 1024), edge(0, 16, 48), edge(0, 8, 33))
		check(edge(0, 8, 33), edge(256, 512, 1024), edge(0, 8, 33))
		check(edge(0, 8, 33), edge(256, 512, 1024), edge(256, 512, 1024))
		check(edge(256, 512), edge(0, 8, 33), edge(256, 512, 1024))
	}
	t.Logf("largest deviation: %.2f of the 16 eps allowed", worst)
}

// deviation fails the test if an element is off, and returns the largest deviation in
// units of eps times its gauge.
func (p *product[T]) deviation(t *testing.T, got []T) float64 {
	t.Helper()
	worst := 0.0
	for i := range got {
		row, col := i/p.ldc, i%p.ldc
		if col >= p.n {
			if got[i] != canary {
				t.Fatalf("%v: c[%d,%d], outside C, is %v", p, row, col, got[i])
			}
			continue
		}
		var sum twofold
		gauge := 0.0
		for q := range p.k {
			a, b := p.at(row, col, q)
			sum = sum.plusProduct(float64(a), float64(b))
			gauge += math.Abs(float64(a) * float64(b))
		}
		alpha, beta, c := float64(p.alpha), float64(p.beta), float64(p.c[i])
		want := twofold{}.plusProduct(alpha, sum.hi).plusProduct(alpha, sum.lo).plusProduct(beta, c)
		gauge = math.Abs(alpha)*gauge + math.Abs(beta*c)
		off := math.Abs(float64(got[i]) - want.hi - want.lo)
		if !(off <= 16*epsOf[T]()*gauge) {
			t.Fatalf("%v: c[%d,%d] is %v, want %v", p, row, col, got[i], want.hi)
		}
		if gauge > 0 {
			worst = max(worst, off/(epsOf[T]()*gauge))
		}
	}
	return worst
}

// TestGemmLarge checks products too large for an oracle by Freivalds' method: C*t
// must be A*(B*t) for a random vector t.
func TestGemmLarge(t *testing.T) {
	if active == &exact || testing.Short() || raceEnabled {
		t.Skip("slow")
	}
	t.Run("float32", func(t *testing.T) { testGemmLarge[float32](t, 1e-5) })
	t.Run("float64", func(t *testing.T) { testGemmLarge[float64](t, 1e-14) })
}

func testGemmLarge[T Float](t *testing.T, tolerance float64) {
	rng := rand.New(rand.NewPCG(13, 14))
	for _, size := range [][3]int{{511, 513, 512}, {700, 300, 1100}, {1500, 17, 900}, {17, 1500, 900}} {
		p := newProduct(rng, NoTrans, transposes[rng.IntN(2)], size[0], size[1], size[2], T(1), T(0), 0)
		c := p.run(of[T](active))
		v := random[float64](rng, p.n)
		bv, abv, cv := make([]float64, p.k), make([]float64, p.m), make([]float64, p.m)
		for q := range p.k {
			for j := range p.n {
				bv[q] += float64(p.b[p.indexB(q, j)]) * v[j]
			}
		}
		var norm, off float64
		for i := range p.m {
			for q := range p.k {
				abv[i] += float64(p.a[p.indexA(i, q)]) * bv[q]
			}
			for j := range p.n {
				cv[i] += float64(c[i*p.ldc+j]) * v[j]
			}
			norm = math.Hypot(norm, abv[i])
			off = math.Hypot(off, cv[i]-abv[i])
		}
		if !(off <= tolerance*norm) {
			t.Errorf("%v: C*t is off by %.2g of its norm", p, off/norm)
		}
	}
}
