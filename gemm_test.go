package downhill

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// product is one call of Gemm, with operands laid out as it wants them.
type product[T Float] struct {
	tA, tB        Transpose
	m, n, k       int
	alpha, beta   T
	a, b, c       []T
	lda, ldb, ldc int
}

// canary fills what an operation must leave alone.
const canary = 12345.5

// newProduct draws operands. gap is added to each leading dimension; what lies in
// the gaps of C is canaries.
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
	p.a = random[T](rng, need(ra, ca, p.lda))
	p.b = random[T](rng, need(rb, cb, p.ldb))
	p.c = random[T](rng, need(m, n, p.ldc))
	for i := range p.c {
		if i%p.ldc >= n {
			p.c[i] = canary
		}
	}
	return p
}

// need is the number of elements that a matrix takes.
func need(rows, cols, ld int) int {
	if rows == 0 || cols == 0 {
		return 0
	}
	return (rows-1)*ld + cols
}

func (p *product[T]) String() string {
	return fmt.Sprintf("tA %v tB %v m %d n %d k %d alpha %v beta %v ldc %d", p.tA, p.tB, p.m, p.n, p.k, p.alpha, p.beta, p.ldc)
}

// at returns op(A)[i, q] and op(B)[q, j].
func (p *product[T]) at(i, j, q int) (a, b T) { return p.a[p.indexA(i, q)], p.b[p.indexB(q, j)] }

func (p *product[T]) indexA(i, q int) int {
	if p.tA {
		return q*p.lda + i
	}
	return i*p.lda + q
}

func (p *product[T]) indexB(q, j int) int {
	if p.tB {
		return j*p.ldb + q
	}
	return q*p.ldb + j
}

// run returns what C becomes.
func (p *product[T]) run(kern *kernels[T]) []T {
	c := append([]T(nil), p.c...)
	gemmWith(kern, p.tA, p.tB, p.m, p.n, p.k, p.alpha, p.a, p.lda, p.b, p.ldb, p.beta, c, p.ldc)
	return c
}

// meaning computes the same element by element, as the package documentation says.
func (p *product[T]) meaning(fused bool) []T {
	c := append([]T(nil), p.c...)
	for i := range p.m {
		for j := range p.n {
			total := T(0)
			first := true
			if p.beta != 0 {
				total = p.beta * c[i*p.ldc+j]
				first = false
			}
			for block := 0; block < p.k && p.alpha != 0; block += 256 {
				acc := T(0)
				for q := block; q < min(block+256, p.k); q++ {
					a, b := p.at(i, j, q)
					acc = fma(a, b, acc, fused)
				}
				if first {
					total = p.alpha * acc
				} else {
					total = fma(p.alpha, acc, total, fused)
				}
				first = false
			}
			c[i*p.ldc+j] = total
		}
	}
	return c
}

var (
	transposes = []Transpose{NoTrans, Trans}
	scalars    = []float64{0, 1, -1, 0.7}
)

// shrunk is a kernel set with cache blocks so small that small matrices cross them.
func shrunk[T Float](kern *kernels[T]) *kernels[T] {
	k := *kern
	k.mc, k.nc, k.kc, k.deep, k.unpacked, k.straight = 8*k.mr+1, 2*k.nr, kb, kb, 0, 1
	return &k
}

// TestGemmBits holds every kernel set to the meaning of Gemm, to the bit, gaps
// included.
func TestGemmBits(t *testing.T) { eachSet(t, testGemmBits[float32], testGemmBits[float64]) }

func testGemmBits[T Float](t *testing.T, s *set, kern *kernels[T]) {
	rng := rand.New(rand.NewPCG(1, 2))
	small := shrunk(kern)
	check := func(p *product[T]) {
		t.Helper()
		want := p.meaning(s.fused)
		for _, kern := range []*kernels[T]{kern, small} {
			got := p.run(kern)
			if i := firstDiff(got, want); i >= 0 {
				t.Fatalf("%v: c[%d,%d] is %v, want %v", p, i/p.ldc, i%p.ldc, got[i], want[i])
			}
		}
	}
	draw := func(m, n, k int) *product[T] {
		return newProduct(rng, transposes[rng.IntN(2)], transposes[rng.IntN(2)], m, n, k,
			T(scalars[rng.IntN(4)]), T(scalars[rng.IntN(4)]), rng.IntN(2)*rng.IntN(8))
	}
	cases := 1500
	if testing.Short() {
		cases = 300
	}
	for range cases {
		check(draw(rng.IntN(71), rng.IntN(71), rng.IntN(71)))
	}
	// Every height and width of a tile, and of the next.
	for m := range 2*kern.mr + 2 {
		for n := 0; n <= 2*kern.nr+1; n += 1 + rng.IntN(4) {
			check(draw(m, n, 1+rng.IntN(5)))
		}
	}
	// Heads.
	for m := range 26 {
		for n := 1; n <= 17; n++ {
			check(draw(m, n, 1+rng.IntN(9)))
			if n == 9 || n == 10 {
				check(draw(m, n, 255+rng.IntN(4)))
			}
		}
	}
	// The block of k's that the meaning of Gemm speaks of.
	for _, k := range []int{255, 256, 257, 511, 512, 513, 784, 1024, 1025} {
		for range 4 {
			check(draw(1+rng.IntN(20), 1+rng.IntN(40), k))
		}
	}
}

// TestGemmPacked has rows enough for a B that lies as Gemm wants it to be packed all the same.
// One thread does all of C, so that strips have full neighbours.
func TestGemmPacked(t *testing.T) { eachSet(t, testGemmPacked[float32], testGemmPacked[float64]) }

func testGemmPacked[T Float](t *testing.T, s *set, kern *kernels[T]) {
	setThreads(t, 1)
	rng := rand.New(rand.NewPCG(43, 44))
	small := shrunk(kern)
	for i := range 12 {
		n, k := 2*kern.nr+1+rng.IntN(2*kern.nr), 1+rng.IntN(600)
		if i%2 == 0 {
			n, k = 4*kern.nr-i/4, kb+8*(1+rng.IntN(40)) // whole rows for each tile that packs
		}
		p := newProduct(rng, transposes[rng.IntN(2)], NoTrans, 128+rng.IntN(9), n, k, T(scalars[1+i%3]), T(scalars[i%4]), i%2*5)
		if i := firstDiff(p.run(small), p.meaning(s.fused)); i >= 0 {
			t.Errorf("%v: c[%d,%d] is off", p, i/p.ldc, i%p.ldc)
		}
	}
}

// TestGemmZeros has sums that vanish, to 0 or -0, and factors that are zeros of either sign.
func TestGemmZeros(t *testing.T) { eachSet(t, testGemmZeros[float32], testGemmZeros[float64]) }

func testGemmZeros[T Float](t *testing.T, s *set, kern *kernels[T]) {
	rng := rand.New(rand.NewPCG(9, 10))
	minus := T(math.Copysign(0, -1))
	tiny := T(1e-30) // whose square is 0
	if tiny*tiny != 0 {
		tiny = T(math.SmallestNonzeroFloat64)
	}
	values := []T{minus, -minus, tiny, -tiny}
	for n := 1; n <= 2*kern.nr; n++ {
		p := newProduct(rng, transposes[n%2], NoTrans, 2*kern.mr+1, n, 5, T(scalars[1+n%3]), T(0), 0)
		for _, x := range [][]T{p.a, p.b} {
			for i := range x {
				x[i] = values[rng.IntN(len(values))]
			}
		}
		if i := firstDiff(p.run(kern), p.meaning(s.fused)); i >= 0 {
			t.Fatalf("%v: c[%d,%d] has the wrong sign", p, i/n, i%n)
		}
	}
}

// TestGemmParts computes the parts of a split product one by one, in any order.
func TestGemmParts(t *testing.T) { eachSet(t, testGemmParts[float32], testGemmParts[float64]) }

func testGemmParts[T Float](t *testing.T, s *set, kern *kernels[T]) {
	rng := rand.New(rand.NewPCG(5, 6))
	for i := range 60 {
		p := newProduct(rng, NoTrans, transposes[rng.IntN(2)], 1+rng.IntN(60), 1+rng.IntN(150), 1+rng.IntN(300), T(0.7), T(scalars[rng.IntN(4)]), 3)
		if i < 8 { // parts of few rows with B packed, or of just those computed meanwhile
			p = newProduct(rng, NoTrans, NoTrans, []int{128, 64 * kern.mr}[i%2], 4*kern.nr, kb+1+rng.IntN(40), T(1), T(0), 3)
		}
		g := gemm[T]{kern: shrunk(kern), m: p.m, n: p.n, k: p.k, alpha: p.alpha, beta: p.beta, x: p.a, xr: p.lda, xc: 1,
			y: p.b, yr: p.ldb, yc: 1, c: append([]T(nil), p.c...), ldc: p.ldc}
		if p.tB {
			g.yr, g.yc = 1, p.ldb
		}
		g.turn()
		g.rowParts, g.colParts = 1+rng.IntN(g.m), 1+rng.IntN((g.n+g.kern.lanes-1)/g.kern.lanes)
		if i < 8 {
			g.rowParts, g.colParts = 8, 1
		}
		g.lead = rng.IntN(g.m - g.rowParts + 1)
		for _, part := range rng.Perm(g.rowParts * g.colParts) {
			g.Do(part, part+1)
		}
		if i := firstDiff(g.c, p.meaning(s.fused)); i >= 0 {
			t.Fatalf("%v in %d x %d parts: c[%d,%d] is %v", p, g.rowParts, g.colParts, i/p.ldc, i%p.ldc, g.c[i])
		}
	}
}

// TestGemmNaN puts a NaN or an Inf at each place of A, then of B. It must poison its
// row or column of C, also where it meets a 0, and nothing else.
func TestGemmNaN(t *testing.T) { eachSet(t, testGemmNaN[float32], testGemmNaN[float64]) }

func testGemmNaN[T Float](t *testing.T, s *set, kern *kernels[T]) {
	rng := rand.New(rand.NewPCG(7, 8))
	testNaN(t, kern, rng, 7, 19, 9)
	testNaN(t, kern, rng, 9, 10, 3)
}

func testNaN[T Float](t *testing.T, kern *kernels[T], rng *rand.Rand, m, n, k int) {
	for _, tA := range transposes {
		for _, tB := range transposes {
			for _, bad := range []T{inf[T](), -inf[T](), inf[T]() - inf[T]()} {
				p := newProduct(rng, tA, tB, m, n, k, T(1), T(0), 1)
				clear(p.b)
				for i := range m {
					for q := range k {
						at := &p.a[p.indexA(i, q)]
						keep := *at
						*at = bad
						wantPoison(t, p, kern, func(row, _ int) bool { return row == i })
						*at = keep
					}
				}
				p = newProduct(rng, tA, tB, m, n, k, T(1), T(0), 1)
				clear(p.a)
				for q := range k {
					for j := range n {
						at := &p.b[p.indexB(q, j)]
						keep := *at
						*at = bad
						wantPoison(t, p, kern, func(_, col int) bool { return col == j })
						*at = keep
					}
				}
			}
		}
	}
}

func wantPoison[T Float](t *testing.T, p *product[T], kern *kernels[T], poisoned func(i, j int) bool) {
	t.Helper()
	c := p.run(kern)
	for i := range p.m {
		for j := range p.n {
			if v := c[i*p.ldc+j]; (v != v) != poisoned(i, j) {
				t.Fatalf("%v: c[%d,%d] is %v", p, i, j, v)
			}
		}
	}
}

// TestGemmUnread checks what Gemm must not read: C with beta 0, A and B with alpha 0
// or k 0.
func TestGemmUnread(t *testing.T) { eachSet(t, testGemmUnread[float32], testGemmUnread[float64]) }

func testGemmUnread[T Float](t *testing.T, s *set, kern *kernels[T]) {
	rng := rand.New(rand.NewPCG(9, 10))
	nan := inf[T]() - inf[T]()
	fill := func(x []T) {
		for i := range x {
			x[i] = nan
		}
	}
	for _, k := range []int{1, 5, 300} {
		for _, alpha := range []T{1, 0.7} {
			p := newProduct(rng, NoTrans, NoTrans, 13, 37, k, alpha, T(0), 0)
			want := p.meaning(s.fused)
			fill(p.c)
			if i := firstDiff(p.run(kern), want); i >= 0 {
				t.Errorf("alpha %v, beta 0, k %d: a NaN in C survived at %d", alpha, k, i)
			}
		}
	}
	for _, beta := range []T{0, 1, 0.7} {
		p := newProduct(rng, NoTrans, NoTrans, 13, 37, 5, T(0), beta, 0)
		want := p.meaning(s.fused)
		if beta == 0 {
			fill(p.c)
		}
		fill(p.a)
		fill(p.b)
		if i := firstDiff(p.run(kern), want); i >= 0 {
			t.Errorf("alpha 0, beta %v: A or B was read, at %d", beta, i)
		}
		p.a, p.b = nil, nil
		if i := firstDiff(p.run(kern), want); i >= 0 {
			t.Errorf("alpha 0, beta %v, A and B nil: differs at %d", beta, i)
		}
		p = newProduct(rng, NoTrans, NoTrans, 13, 37, 0, T(1), beta, 0)
		want = p.meaning(s.fused)
		if beta == 0 {
			fill(p.c)
		}
		p.a, p.b = nil, nil
		if i := firstDiff(p.run(kern), want); i >= 0 {
			t.Errorf("k 0, beta %v: differs at %d", beta, i)
		}
	}
}
