package downhill

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// product is one call of Gemm, with the operands laid out as it wants them.
type product[T Float] struct {
	tA, tB        Transpose
	m, n, k       int
	alpha, beta   T
	a, b, c       []T
	lda, ldb, ldc int
}

const canary = 12345.5

// newProduct draws operands; gap is added to each leading dimension, and what
// lies in the gaps of C is a canary.
func newProduct[T Float](rng *rand.Rand, tA, tB Transpose, m, n, k int, alpha, beta T, gap int) *product[T] {
	p := &product[T]{tA: tA, tB: tB, m: m, n: n, k: k, alpha: alpha, beta: beta}
	ra, ca, rb, cb := m, k, k, n
	if tA {
		ra, ca = k, m
	}
	if tB {
		rb, cb = n, k
	}
	p.lda, p.ldb, p.ldc = ca+gap, cb+gap, n+gap
	size := func(rows, cols, ld int) int {
		if rows == 0 || cols == 0 {
			return 0
		}
		return (rows-1)*ld + cols
	}
	p.a = random[T](rng, size(ra, ca, p.lda))
	p.b = random[T](rng, size(rb, cb, p.ldb))
	p.c = random[T](rng, size(m, n, p.ldc))
	for i := range p.c {
		if i%p.ldc >= n {
			p.c[i] = canary
		}
	}
	return p
}

func (p *product[T]) String() string {
	return fmt.Sprintf("tA %v tB %v m %d n %d k %d alpha %v beta %v ldc %d", p.tA, p.tB, p.m, p.n, p.k, p.alpha, p.beta, p.ldc)
}

func (p *product[T]) at(i, j, q int) (a, b T) {
	ia, ib := i*p.lda+q, q*p.ldb+j
	if p.tA {
		ia = q*p.lda + i
	}
	if p.tB {
		ib = j*p.ldb + q
	}
	return p.a[ia], p.b[ib]
}

func (p *product[T]) run(kern *kernels[T]) []T {
	c := append([]T(nil), p.c...)
	gemmWith(kern, p.tA, p.tB, p.m, p.n, p.k, p.alpha, p.a, p.lda, p.b, p.ldb, p.beta, c, p.ldc)
	return c
}

// meaning computes the product element by element, in the words of the package
// documentation.
func (p *product[T]) meaning(fused bool) []T {
	c := append([]T(nil), p.c...)
	for i := range p.m {
		for j := range p.n {
			total := &c[i*p.ldc+j]
			first := p.beta == 0
			if p.beta == 0 {
				*total = 0
			} else {
				*total = p.beta * *total
			}
			if p.alpha == 0 {
				continue
			}
			for q := 0; q < p.k; q += 256 {
				var acc T
				for r := q; r < min(q+256, p.k); r++ {
					a, b := p.at(i, j, r)
					acc = fma(a, b, acc, fused)
				}
				if first {
					*total = p.alpha * acc
				} else {
					*total = fma(p.alpha, acc, *total, fused)
				}
				first = false
			}
		}
	}
	return c
}

// check compares a result bit for bit with what it means; gaps included.
func (p *product[T]) check(t *testing.T, s *set, kern *kernels[T]) {
	t.Helper()
	got, want := p.run(kern), p.meaning(s.fused)
	if i := firstDiff(got, want); i >= 0 {
		t.Fatalf("%v: c[%d,%d] is %v, want %v", p, i/p.ldc, i%p.ldc, got[i], want[i])
	}
}

var (
	transposes = []Transpose{NoTrans, Trans}
	scalars    = []float64{0, 1, -1, 0.7}
)

// shrunk is the set with cache blocks so small that small matrices cross them.
func shrunk[T Float](kern *kernels[T]) *kernels[T] {
	k := *kern
	k.mc, k.nc, k.unpacked = 2*k.mr+1, 2*k.nr+3, 0
	return &k
}

func testGemmBits[T Float](t *testing.T, s *set, kern *kernels[T]) {
	rng := rand.New(rand.NewPCG(1, 2))
	small := shrunk(kern)
	pick := func(n int) int { return rng.IntN(n) }
	cases := 3000
	if testing.Short() || s.name == "exact" {
		cases = 600
	}
	for range cases {
		alpha, beta := T(scalars[pick(4)]), T(scalars[pick(4)])
		p := newProduct(rng, transposes[pick(2)], transposes[pick(2)], pick(71), pick(71), pick(71), alpha, beta, pick(3)*pick(5))
		p.check(t, s, kern)
		p.check(t, s, small)
	}
	// Around the block of k's that the meaning of Gemm speaks of.
	for _, k := range []int{255, 256, 257, 511, 512, 513, 784, 1024, 1025} {
		for range 8 {
			p := newProduct(rng, transposes[pick(2)], transposes[pick(2)], 1+pick(20), 1+pick(40), k, T(scalars[pick(4)]), T(scalars[pick(4)]), pick(2))
			p.check(t, s, kern)
			p.check(t, s, small)
		}
	}
}

func TestGemmBits(t *testing.T) { eachSet(t, testGemmBits[float32], testGemmBits[float64]) }

var _ = math.Abs
