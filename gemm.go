package downhill

import (
	"math"
	"math/bits"
)

// Float is the element type of every operation. There is no ~ in it: the
// kernels exist for exactly these two types.
type Float interface{ float32 | float64 }

// Transpose says whether Gemm reads an operand as stored or transposed.
type Transpose bool

const (
	NoTrans Transpose = false // op(X) = X
	Trans   Transpose = true  // op(X) = X transposed
)

// kb is the number of k's that one chain of fused multiply-adds covers. It is
// part of what Gemm means, not a tuning knob: see the package documentation.
const kb = 256

// Gemm computes C = alpha*op(A)*op(B) + beta*C on row-major matrices, where
// op(A) is m x k, op(B) is k x n and C is m x n. Element (i, j) of a matrix X
// with leading dimension ldx is x[i*ldx+j]; A is stored m x k, or k x m with
// Trans, and B k x n, or n x k with Trans.
//
// Nothing but the m x n elements of C changes. With beta == 0, C is not read,
// so a NaN in it does not survive. With alpha == 0 or k == 0, A and B are not
// read and may be nil; with m == 0 or n == 0 C may be, too. Otherwise no product
// is skipped: 0*NaN and 0*Inf are NaN for every transpose, size and kernel. The
// bits of the result are fixed by the package's contract and depend neither on
// the CPU nor on GOMAXPROCS.
//
// A and B may overlap. C must overlap neither: a C that begins where A or B
// begins panics, any other overlap gives unspecified values within C. Gemm also
// panics, with one line that names the argument, on a negative size, on a
// leading dimension below the row length and on a slice shorter than
// (rows-1)*ld+cols.
//
// It is BLAS's xGEMM (Dongarra et al., "A Set of Level 3 Basic Linear Algebra
// Subprograms", ACM TOMS 16, 1990) without column-major storage. Large products
// use up to GOMAXPROCS threads. Nothing is allocated once its buffers are warm,
// and any number of goroutines may call it.
func Gemm[T Float](tA, tB Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) {
	gemmWith(of[T](active), tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}

// gemmWith is Gemm on a given kernel set.
func gemmWith[T Float](kern *kernels[T], tA, tB Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) {
	reads := alpha != 0 && k != 0
	checkGemm(tA, tB, m, n, k, reads, len(a), lda, len(b), ldb, len(c), ldc)
	if m == 0 || n == 0 {
		return
	}
	if reads && (&c[0] == &a[0] || &c[0] == &b[0]) {
		panic("downhill: Gemm: c shares its memory with a or b")
	}
	raceWriteRows(c, m, n, ldc)
	if !reads {
		scaleRows(kern, m, n, beta, c, ldc)
		return
	}
	ra, ca, xr, xc := m, k, lda, 1
	if tA == Trans {
		ra, ca, xr, xc = k, m, 1, lda
	}
	rb, cb, yr, yc := k, n, ldb, 1
	if tB == Trans {
		rb, cb, yr, yc = n, k, 1, ldb
	}
	raceReadRows(a, ra, ca, lda)
	raceReadRows(b, rb, cb, ldb)
	ops, work, threads, add := float64(m)*float64(n)*float64(k), amount[T](m, n, k), 1, beta != 0 || alpha != 1
	if work >= leastWork { // so that most small ones need not ask
		threads = pool.parts(work)
	}
	if ops < tiny && yc == 1 || threads == 1 && kern.small(m, n, k, yc) && (kern.whole(n, yc) || !kern.turns(m, n, k, xr, yc, add)) {
		if add {
			prepare(kern, m, n, beta, c, ldc)
		}
		var w *workspace[T]
		if yc != 1 {
			w, yr = borrow[T](0), yc
		} else if n == 1 && ldc == 1 && xr == 1 && yr == 1 { // columns that lie like rows
			m, n, a, xr, xc, b, yr, ldc = 1, m, b, k, 1, a, xc, m
		}
		kern.inPlace(w, m, n, k, alpha, a, xr, xc, b, yr, c, ldc, add, false)
		if w != nil {
			spares[T]().Give(0, w)
		}
		return
	}
	g := gemm[T]{kern: kern, m: m, n: n, k: k, alpha: alpha, beta: beta, x: a, xr: xr, xc: xc, y: b, yr: yr, yc: yc, c: c, ldc: ldc}
	g.run(threads, work)
}

// checkGemm panics on the first argument that is out of order. Of slices it is given the lengths;
// those of a and b matter if they are read.
func checkGemm(tA, tB Transpose, m, n, k int, reads bool, a, lda, b, ldb, c, ldc int) {
	if m < 0 || n < 0 || k < 0 {
		for i, size := range [...]int{m, n, k} {
			if size < 0 {
				panic("downhill: Gemm: " + "mnk"[i:i+1] + " is " + itoa(size))
			}
		}
	}
	ra, ca, rb, cb := m, k, k, n
	if tA == Trans {
		ra, ca = k, m
	}
	if tB == Trans {
		rb, cb = n, k
	}
	if lda < ca || ldb < cb || ldc < n {
		switch {
		case lda < ca:
			badStride("a", ra, ca, lda)
		case ldb < cb:
			badStride("b", rb, cb, ldb)
		}
		badStride("c", m, n, ldc)
	}
	if m == 0 || n == 0 {
		return
	}
	if reads && !fits(a, ra, ca, lda) {
		badLength("a", a, ra, ca, lda)
	}
	if reads && !fits(b, rb, cb, ldb) {
		badLength("b", b, rb, cb, ldb)
	}
	if !fits(c, m, n, ldc) {
		badLength("c", c, m, n, ldc)
	}
}

// fits reports whether a slice of length elements holds a rows x cols matrix,
// neither of them 0, of leading dimension ld >= cols. Nothing wraps, on 32 bits
// neither.
func fits(length, rows, cols, ld int) bool {
	hi, lo := bits.Mul64(uint64(rows-1), uint64(ld))
	return hi == 0 && length >= cols && lo <= uint64(length-cols)
}

func badStride(name string, rows, cols, ld int) {
	panic("downhill: Gemm: ld" + name + " is " + itoa(ld) + ", but " + name + " is " + itoa(rows) + "x" + itoa(cols))
}

func badLength(name string, length, rows, cols, ld int) {
	panic("downhill: Gemm: " + name + " has " + itoa(length) + " elements, too few for " + itoa(rows) + "x" + itoa(cols) + " with ld" + name + " " + itoa(ld))
}

// scaleRows sets C = beta*C; with beta == 0 it clears without reading.
func scaleRows[T Float](kern *kernels[T], m, n int, beta T, c []T, ldc int) {
	if beta == 1 {
		return
	}
	for i := range m {
		row := c[i*ldc:][:n]
		if beta == 0 {
			clear(row)
		} else {
			kern.scale(beta, row)
		}
	}
}

// prepare sets C to what alpha*op(A)*op(B) is to be added to: beta*C, or -0 where that is
// nothing, since x + -0 is x for every x, the zeros too.
func prepare[T Float](kern *kernels[T], m, n int, beta T, c []T, ldc int) {
	if beta != 0 {
		scaleRows(kern, m, n, beta, c, ldc)
		return
	}
	zero := T(math.Copysign(0, -1))
	first := c[:n]
	for j := range first {
		first[j] = zero
	}
	for i := 1; i < m; i++ {
		copy(c[i*ldc:][:n], first)
	}
}
