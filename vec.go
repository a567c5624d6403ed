package downhill

import "strconv"

// The vector operations check their arguments and hand the kernels chunks.

// chunk is the number of elements that one kernel call does at most, so that a
// goroutine can be stopped within a long vector. What a sum is depends on it.
const chunk = 1 << 16

// Axpy adds alpha*x to y, in the profile fma with one rounding an element. It is
// BLAS's xAXPY for strides of 1, and panics if the lengths differ.
func Axpy[T Float](alpha T, x, y []T) {
	same("Axpy", "x", len(x), "y", len(y))
	raceRead(x)
	raceWrite(y)
	k := of[T](active)
	chunks(len(x), func(lo, hi int) { k.axpy(alpha, x[lo:hi], y[lo:hi]) })
}

// Scal multiplies x by alpha. It is BLAS's xSCAL for a stride of 1, but a NaN or
// Inf in x survives an alpha of 0.
func Scal[T Float](alpha T, x []T) {
	raceWrite(x)
	of[T](active).scale(alpha, x)
}

// scale multiplies x by alpha. Like chunks it must stay a function of its own.
//
//go:noinline
func (k *kernels[T]) scale(alpha T, x []T) {
	if len(x) <= chunk {
		k.scal(alpha, x)
		return
	}
	chunks(len(x), func(lo, hi int) { k.scal(alpha, x[lo:hi]) })
}

// Div sets dst to x/y. Each quotient is rounded once, which a product with 1/y is
// not. dst may be x. It panics if the lengths differ.
func Div[T Float](dst, x []T, y T) {
	same("Div", "dst", len(dst), "x", len(x))
	raceRead(x)
	raceWrite(dst)
	k := of[T](active)
	chunks(len(x), func(lo, hi int) { k.div(dst[lo:hi], x[lo:hi], y) })
}

// Add sets dst to x + y. dst may be x or y. It panics if the lengths differ.
func Add[T Float](dst, x, y []T) {
	same("Add", "x", len(x), "y", len(y))
	same("Add", "dst", len(dst), "x", len(x))
	raceRead(x)
	raceRead(y)
	raceWrite(dst)
	k := of[T](active)
	chunks(len(x), func(lo, hi int) { k.add(dst[lo:hi], x[lo:hi], y[lo:hi]) })
}

// AddRow adds the row x to every row of a rows x cols matrix whose row i begins at
// dst[i*ldd]. dst must not overlap x. It panics if x has not cols elements, or ldd or the length of dst does not
// fit.
func AddRow[T Float](dst []T, rows, cols, ldd int, x []T) {
	if rows < 0 || len(x) != cols || ldd < cols || rows > 0 && cols > 0 && !fits(len(dst), rows, cols, ldd) {
		panic("downhill: AddRow: x has " + itoa(len(x)) + " elements, dst " + itoa(len(dst)) +
			", for " + itoa(rows) + "x" + itoa(cols) + " with ldd " + itoa(ldd))
	}
	if cols == 0 {
		return
	}
	raceRead(x)
	raceWriteRows(dst, rows, cols, ldd)
	k := of[T](active)
	if cols == 1 && ldd == 1 && rows > 1 {
		chunks(rows, func(lo, hi int) { k.shift(dst[lo:hi], dst[lo:hi], x[0]) })
		return
	}
	for i := range rows {
		k.addTo(dst[i*ldd:][:cols], x)
	}
}

// addTo adds x to dst. Like chunks it must stay a function of its own.
//
//go:noinline
func (k *kernels[T]) addTo(dst, x []T) {
	if len(x) <= chunk {
		k.add(dst, dst, x)
		return
	}
	chunks(len(x), func(lo, hi int) { k.add(dst[lo:hi], dst[lo:hi], x[lo:hi]) })
}

// Mul sets dst to the products x[i]*y[i]. dst may be x or y. It panics if the
// lengths differ.
func Mul[T Float](dst, x, y []T) {
	same("Mul", "x", len(x), "y", len(y))
	same("Mul", "dst", len(dst), "x", len(x))
	raceRead(x)
	raceRead(y)
	raceWrite(dst)
	k := of[T](active)
	chunks(len(x), func(lo, hi int) { k.mul(dst[lo:hi], x[lo:hi], y[lo:hi]) })
}

// ReLU sets dst to x where x > 0 or x is NaN, else to +0. dst may be x. It panics
// if the lengths differ.
func ReLU[T Float](dst, x []T) { apply("ReLU", dst, x, of[T](active).relu) }

// ReLUGrad sets dx to the gradient of ReLU's input: dy, or +0 where the output y
// of ReLU is 0. It selects, so an Inf in dy gives no NaN. dx may be dy or y. It
// panics if the lengths differ.
func ReLUGrad[T Float](dx, dy, y []T) {
	same("ReLUGrad", "dy", len(dy), "y", len(y))
	same("ReLUGrad", "dx", len(dx), "dy", len(dy))
	raceRead(dy)
	raceRead(y)
	raceWrite(dx)
	k := of[T](active)
	chunks(len(y), func(lo, hi int) { k.reluGrad(dx[lo:hi], dy[lo:hi], y[lo:hi]) })
}

// AdamFactors are the numbers of a step of [AdamW].
type AdamFactors[T Float] struct {
	Beta1, Rest1 T // of m: what stays, and what of g comes in
	Beta2, Rest2 T // of v
	Keep, Rate   T // of w: what stays, and the rate of the step
	Root, Eps    T // what the root of v is divided by, and what is added then
}

// AdamW takes a step of the optimiser of that name, in one pass over weights w, moments
// m and v, and gradient g (Loshchilov and Hutter, "Decoupled Weight Decay
// Regularization", ICLR 2019). Every operation rounds once, in both profiles:
//
//	m = Beta1*m + Rest1*g
//	v = Beta2*v + Rest2*g*g
//	w = Keep*w - Rate * (m / (sqrt(v)/Root + Eps))
//
// It panics if the lengths differ.
func AdamW[T Float](w, m, v, g []T, f *AdamFactors[T]) {
	same("AdamW", "w", len(w), "g", len(g))
	same("AdamW", "m", len(m), "g", len(g))
	same("AdamW", "v", len(v), "g", len(g))
	raceWrite(w)
	raceWrite(m)
	raceWrite(v)
	raceRead(g)
	k := of[T](active)
	chunks(len(g), func(lo, hi int) { k.adam(w[lo:hi], m[lo:hi], v[lo:hi], g[lo:hi], f) })
}

// Exp sets dst to e to the power of x, see the package documentation for its
// error. dst may be x. It panics if the lengths differ.
func Exp[T Float](dst, x []T) { apply("Exp", dst, x, of[T](active).exp) }

// Log sets dst to the natural logarithm of x: -Inf for 0, NaN below. dst may be x.
// It panics if the lengths differ.
func Log[T Float](dst, x []T) { apply("Log", dst, x, of[T](active).log) }

// Sigmoid sets dst to 1/(1+exp(-x)). dst may be x. It panics if the lengths
// differ.
func Sigmoid[T Float](dst, x []T) { apply("Sigmoid", dst, x, of[T](active).sigmoid) }

// Tanh sets dst to the hyperbolic tangent of x. dst may be x. It panics if the
// lengths differ.
func Tanh[T Float](dst, x []T) { apply("Tanh", dst, x, of[T](active).tanh) }

// Sum returns the sum of x, 0 for none.
func Sum[T Float](x []T) T {
	raceRead(x)
	return of[T](active).total(x)
}

// Dot returns the sum of the products x[i]*y[i]. It is BLAS's xDOT for strides of
// 1, and panics if the lengths differ.
func Dot[T Float](x, y []T) T {
	same("Dot", "x", len(x), "y", len(y))
	raceRead(x)
	raceRead(y)
	k := of[T](active)
	var s T
	chunks(len(x), func(lo, hi int) { s += k.dot(x[lo:hi], y[lo:hi]) })
	return s
}

// Max returns the largest element of x: NaN if there is one, -Inf for none.
func Max[T Float](x []T) T {
	raceRead(x)
	return of[T](active).largest(x)
}

// SumRows sets dst to the sum of the rows of a rows x cols matrix plus beta*dst:
// what Gemm makes of a row of ones and x, where row i begins at x[i*ldx]. It
// panics if dst has not cols elements, or ldx or the length of x does not fit. dst must
// not overlap x.
func SumRows[T Float](dst []T, rows, cols int, x []T, ldx int, beta T) {
	if rows < 0 || len(dst) != cols || ldx < cols || rows > 0 && cols > 0 && !fits(len(x), rows, cols, ldx) {
		panic("downhill: SumRows: dst has " + itoa(len(dst)) + " elements, x " + itoa(len(x)) +
			", for " + itoa(rows) + "x" + itoa(cols) + " with ldx " + itoa(ldx))
	}
	raceReadRows(x, rows, cols, ldx)
	raceWrite(dst)
	sumRows(of[T](active), dst, rows, cols, x, ldx, beta)
}

func sumRows[T Float](kern *kernels[T], dst []T, rows, cols int, x []T, ldx int, beta T) {
	if rows == 0 || cols == 0 {
		scaleRows(kern, 1, cols, beta, dst, cols)
		return
	}
	if beta == 0 && rows <= 8 { // the same sums
		clear(dst)
		for i := range rows {
			if row := x[i*ldx:][:cols]; cols == 1 {
				dst[0] += row[0]
			} else {
				kern.addTo(dst, row)
			}
		}
		return
	}
	// All elements of the row of ones are the same one.
	g := gemm[T]{kern: kern, m: 1, n: cols, k: rows, alpha: 1, x: kern.one, beta: beta, y: x, yr: ldx, yc: 1, c: dst, ldc: cols}
	work := amount[T](1, cols, rows)
	g.run(pool.parts(work), work)
}

// Softmax sets dst to exp(x)/sum(exp(x)) and returns the logarithm of that sum.
// The largest x is subtracted first, so that nothing overflows (Blanchard, Higham
// and Higham, "Accurately computing the log-sum-exp and softmax functions", IMA J.
// Numer. Anal. 41, 2021). A NaN or +Inf in x, or nothing but -Inf, makes all of dst and what
// it returns NaN; of no elements the logarithm is -Inf. dst may be x. It panics if the lengths differ.
func Softmax[T Float](dst, x []T) (logSumExp T) {
	same("Softmax", "dst", len(dst), "x", len(x))
	raceRead(x)
	raceWrite(dst)
	m, logSum := of[T](active).softmax(dst, x)
	return m + logSum
}

// softmax returns the largest x, and the logarithm of the sum without it.
func (k *kernels[T]) softmax(dst, x []T) (m, logSum T) {
	if len(x) == 0 {
		return -inf[T](), 0
	}
	m = k.largest(x)
	chunks(len(x), func(lo, hi int) {
		k.shift(dst[lo:hi], x[lo:hi], -m)
		k.exp(dst[lo:hi], dst[lo:hi])
	})
	sum := k.total(dst)
	first := dst[0]
	dst[0] = sum // a place for log to work on
	k.log(dst[:1], dst[:1])
	logSum = dst[0]
	dst[0] = first
	chunks(len(x), func(lo, hi int) { k.div(dst[lo:hi], dst[lo:hi], sum) })
	return m, logSum
}

// SoftmaxRows sets each row of dst to the [Softmax] of that of x, both rows x
// len(x)/rows and dense. What Softmax returns is the sum of the row's elements of largest, its
// largest x, and logSum. They come apart because -log(dst[j]) is (largest-x[j])+logSum: of
// large x, their sum has lost what the logarithm says. dst may be x. It panics if the lengths do not
// fit.
func SoftmaxRows[T Float](largest, logSum, dst, x []T) {
	rows := len(largest)
	same("SoftmaxRows", "largest", rows, "logSum", len(logSum))
	same("SoftmaxRows", "dst", len(dst), "x", len(x))
	if rows == 0 && len(x) > 0 || rows > 0 && len(x)%rows != 0 {
		panic("downhill: SoftmaxRows: x has " + itoa(len(x)) + " elements, for " + itoa(rows) + " rows")
	}
	raceRead(x)
	raceWrite(dst) // no kernel writes largest and logSum
	if rows == 0 {
		return
	}
	k, cols := of[T](active), len(x)/rows
	if cols == 0 || cols > chunk {
		for i := range rows {
			largest[i], logSum[i] = k.softmax(dst[i*cols:][:cols], x[i*cols:][:cols])
		}
		return
	}
	for lo, some := 0, min(softmaxRows, chunk/cols); lo < rows; lo += some {
		hi := min(rows, lo+some)
		k.softmaxSome(largest[lo:hi], logSum[lo:hi], dst[lo*cols:hi*cols], x[lo*cols:hi*cols], cols)
	}
}

// softmaxRows is the most rows that softmaxSome does.
const softmaxRows = 64

// softmaxSome is SoftmaxRows for a few rows, not empty, of at most a chunk together:
// softmax row by row, but exp and log of all at once. largest and logSum may lie on the stack,
// since no kernel sees them.
//
//go:noinline
func (k *kernels[T]) softmaxSome(largest, logSum, dst, x []T, cols int) {
	for i := range largest {
		row := x[i*cols:][:cols]
		largest[i] = k.max(row)
		k.shift(dst[i*cols:][:cols], row, -largest[i])
	}
	k.exp(dst, dst)
	var sums, first [softmaxRows]T
	for i := range largest {
		sums[i] = k.sum(dst[i*cols:][:cols])
	}
	logs := dst[:len(largest)] // a place for log to work on
	copy(first[:], logs)
	copy(logs, sums[:])
	k.log(logs, logs)
	copy(logSum, logs)
	copy(logs, first[:])
	for i := range largest {
		row := dst[i*cols:][:cols]
		k.div(row, row, sums[i])
	}
}

// total is the sum of x: of each chunk, then of the chunks in order.
func (k *kernels[T]) total(x []T) T {
	var s T
	chunks(len(x), func(lo, hi int) { s += k.sum(x[lo:hi]) })
	return s
}

func (k *kernels[T]) largest(x []T) T {
	m := -inf[T]()
	chunks(len(x), func(lo, hi int) {
		if c := k.max(x[lo:hi]); c > m || c != c {
			m = c
		}
	})
	return m
}

// apply is an operation of one operand.
func apply[T Float](op string, dst, x []T, f func(dst, x []T)) {
	same(op, "dst", len(dst), "x", len(x))
	raceRead(x)
	raceWrite(dst)
	if len(x) <= chunk {
		f(dst, x)
		return
	}
	chunks(len(x), func(lo, hi int) { f(dst[lo:hi], x[lo:hi]) })
}

// chunks calls f on the ranges of at most chunk elements of 0..n. It must stay a
// function of its own: its calls are where a goroutine can be stopped, see
// strip.multiply.
//
//go:noinline
func chunks(n int, f func(lo, hi int)) {
	for lo := 0; lo < n; lo += chunk {
		f(lo, min(n, lo+chunk))
	}
}

// same panics unless two lengths are equal.
func same(op, nx string, x int, ny string, y int) {
	if x != y {
		panic("downhill: " + op + ": " + nx + " has " + itoa(x) + " elements, " + ny + " has " + itoa(y))
	}
}

// itoa formats the numbers of panic messages.
func itoa(n int) string { return strconv.Itoa(n) }
