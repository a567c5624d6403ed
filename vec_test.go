package downhill

import (
	"math"
	"math/rand/v2"
	"testing"
)

// vectorOp is a kernel in the form that suits all of them: what it makes of x and y
// is in dst, a sum in its first element.
type vectorOp[T Float] struct {
	name string
	do   func(dst, x, y []T)
}

func vectorOps[T Float](k *kernels[T]) []vectorOp[T] {
	of1 := func(f func(dst, x []T)) func(dst, x, y []T) { return func(dst, x, _ []T) { f(dst, x) } }
	return []vectorOp[T]{
		{"relu", of1(k.relu)}, {"exp", of1(k.exp)}, {"log", of1(k.log)}, {"sigmoid", of1(k.sigmoid)}, {"tanh", of1(k.tanh)},
		{"add", k.add}, {"mul", k.mul}, {"reluGrad", k.reluGrad},
		{"shift", func(dst, x, _ []T) { k.shift(dst, x, 0.7) }},
		{"div", func(dst, x, _ []T) { k.div(dst, x, 0.7) }},
		{"scal", func(dst, x, _ []T) { copy(dst, x); k.scal(0.7, dst) }},
		{"axpy", func(dst, x, y []T) { copy(dst, y); k.axpy(0.7, x, dst) }},
		{"adam w", adamOp(func(c, g, w, m, v []T) { stepOfAdam(k, c, m, v, g) })},
		{"adam m", adamOp(func(c, g, w, m, v []T) { stepOfAdam(k, w, c, v, g) })},
		{"adam v", adamOp(func(c, g, w, m, v []T) { stepOfAdam(k, w, m, c, g) })},
		{"sum", func(dst, x, _ []T) { first(dst, k.sum(x)) }},
		{"max", func(dst, x, _ []T) { first(dst, k.max(x)) }},
		{"dot", func(dst, x, y []T) { first(dst, k.dot(x, y)) }},
	}
}

func clone[T Float](x []T) []T { return append([]T(nil), x...) }

// adamOp is a step of AdamW with x as the gradient and y in dst, as step has it, from
// copies of the rest.
func adamOp[T Float](step func(dst, g, w, m, v []T)) func(dst, x, y []T) {
	return func(dst, x, y []T) {
		g, w, m, v := clone(x), clone(x), clone(y), clone(x)
		copy(dst, y)
		step(dst, g, w, m, v)
	}
}

func stepOfAdam[T Float](k *kernels[T], w, m, v, g []T) {
	k.adam(w, m, v, g, &AdamFactors[T]{0.9, 0.1, 0.99, 0.01, 0.999, 0.3, 0.7, 1e-8})
}

func first[T Float](dst []T, v T) {
	clear(dst)
	if len(dst) > 0 {
		dst[0] = v
	}
}

// turning are the numbers at which some function changes its course.
func turning[T Float]() []T {
	var x []T
	for _, f := range []float64{0, 1, 0.5, 0.625, 0.6249999, 0x1p-126, 0x1p-127, 0x1p-149, 0x1p-1022, 0x1p-1030, 0x1p-1074,
		9, 10, 87.3, 88.72, 88.73, 89, 90, 103.9, 104, 105, 708, 709.7, 709.8, 710, 745, 746, 1e-3, 1e-8, 1e-20, 3.4e38, 1e300,
		math.Sqrt2, math.Sqrt2 / 2, math.E, math.Inf(1), math.NaN()} {
		x = append(x, T(f), T(-f))
	}
	return x
}

// TestVectorBits holds every kernel to its specification, to the bit, at every length
// and for numbers of every kind.
func TestVectorBits(t *testing.T) { eachSet(t, testVectorBits[float32], testVectorBits[float64]) }

func testVectorBits[T Float](t *testing.T, s *set, kern *kernels[T]) {
	rng := rand.New(rand.NewPCG(3, 4))
	spec := vectorOps(of[T](&generic))
	if s.fused {
		spec = vectorOps(of[T](&exact))
	}
	special := turning[T]()
	wild := func(n int) []T {
		x := random[T](rng, n)
		for i := range x {
			switch rng.IntN(8) {
			case 0:
				x[i] = special[rng.IntN(len(special))]
			case 1, 2, 3:
				x[i] *= 100
			}
		}
		return x
	}
	for n := range 200 {
		for _, draw := range []func(int) []T{wild, func(n int) []T { return random[T](rng, n) }} {
			x, y := draw(n), draw(n)
			for i, op := range vectorOps(kern) {
				got, want := make([]T, n+1), make([]T, n+1)
				got[n], want[n] = canary, canary
				op.do(got[:n], x, y)
				spec[i].do(want[:n], x, y)
				if at := firstDiff(got, want); at >= 0 {
					t.Fatalf("%s: n %d: at %d it is %v, want %v", op.name, n, at, got[at], want[at])
				}
			}
		}
	}
}

// TestVectorInPlace: a destination may be an operand.
func TestVectorInPlace(t *testing.T) {
	eachSet(t, testVectorInPlace[float32], testVectorInPlace[float64])
}

func testVectorInPlace[T Float](t *testing.T, s *set, kern *kernels[T]) {
	rng := rand.New(rand.NewPCG(19, 20))
	for _, op := range vectorOps(kern) {
		if op.name == "axpy" || op.name == "sum" || op.name == "max" || op.name == "dot" {
			continue // have none
		}
		for _, n := range []int{1, 7, 16, 61} {
			x, y, want := random[T](rng, n), random[T](rng, n), make([]T, n)
			op.do(want, x, y)
			inX, inY := append([]T(nil), x...), append([]T(nil), y...)
			op.do(inX, inX, y)
			op.do(inY, x, inY)
			if i, j := firstDiff(inX, want), firstDiff(inY, want); i >= 0 || j >= 0 {
				t.Errorf("%s in place: n %d: differs at %d in x, %d in y", op.name, n, i, j)
			}
		}
	}
}

// TestReductions compares Sum, Dot and Max of long vectors with the package
// documentation's words: 16 lanes and a tree in each chunk, the chunks in order.
func TestReductions(t *testing.T) {
	t.Run("float32", testReductions[float32])
	t.Run("float64", testReductions[float64])
}

func testReductions[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	for _, n := range []int{0, 1, 15, 16, 17, 100, 65535, 65536, 65537, 200_003} {
		x, y := random[T](rng, n), random[T](rng, n)
		var sum, dot T
		largest := T(math.Inf(-1))
		for lo := 0; lo < n; lo += 65536 {
			var s, d [16]T
			for i := lo; i < min(n, lo+65536); i++ {
				s[(i-lo)%16] += x[i]
				d[(i-lo)%16] = fma(x[i], y[i], d[(i-lo)%16], active.fused)
				largest = max(largest, x[i])
			}
			for _, half := range []int{8, 4, 2, 1} {
				for i := range half {
					s[i] += s[i+half]
					d[i] += d[i+half]
				}
			}
			sum += s[0]
			dot += d[0]
		}
		if got := Sum(x); got != sum {
			t.Errorf("Sum of %d is %v, want %v", n, got, sum)
		}
		if got := Dot(x, y); got != dot {
			t.Errorf("Dot of %d is %v, want %v", n, got, dot)
		}
		if got := Max(x); got != largest {
			t.Errorf("Max of %d is %v, want %v", n, got, largest)
		}
		if n > 0 {
			x[rng.IntN(n)] = T(math.NaN())
			if got := Max(x); got == got {
				t.Errorf("Max of %d with a NaN is %v", n, got)
			}
		}
	}
}

// TestSumRows: a sum of rows is the product of a row of ones with the matrix.
func TestSumRows(t *testing.T) { eachSet(t, testSumRows[float32], testSumRows[float64]) }

func testSumRows[T Float](t *testing.T, s *set, kern *kernels[T]) {
	rng := rand.New(rand.NewPCG(23, 24))
	for _, rows := range []int{0, 1, 2, 31, 256, 257, 600} {
		for _, cols := range []int{0, 1, 7, 10, 33, 128} {
			for _, beta := range []T{0, 1, 0.7} {
				p := newProduct(rng, NoTrans, NoTrans, 1, cols, rows, T(1), beta, 0)
				for i := range p.a {
					p.a[i] = 1
				}
				got, want := append([]T(nil), p.c...), p.run(kern)
				sumRows(kern, got, rows, cols, p.b, max(1, cols), beta)
				if i := firstDiff(got, want); i >= 0 {
					t.Fatalf("%dx%d, beta %v: column %d is %v, want %v", rows, cols, beta, i, got[i], want[i])
				}
			}
		}
	}
}

// TestSoftmax checks rows against float64 arithmetic, and that shifts and huge logits
// do no harm.
func TestSoftmax(t *testing.T) {
	rng := rand.New(rand.NewPCG(25, 26))
	for _, n := range []int{1, 2, 10, 17, 1000} {
		for _, shift := range []float64{0, 1e4, -1e4} {
			x, dst := make([]float64, n), make([]float64, n)
			largest, sum := math.Inf(-1), 0.0
			for i := range x {
				x[i] = 10*rng.Float64() + shift
				largest = max(largest, x[i])
			}
			for _, v := range x {
				sum += math.Exp(v - largest)
			}
			lse := Softmax(dst, x)
			if want := largest + math.Log(sum); math.Abs(lse-want) > 1e-11 {
				t.Errorf("n %d: log-sum-exp is %v, want %v", n, lse, want)
			}
			total := 0.0
			for i, v := range x {
				total += dst[i]
				if want := math.Exp(v-largest) / sum; math.Abs(dst[i]-want) > 1e-14*want {
					t.Errorf("n %d: softmax[%d] is %v, want %v", n, i, dst[i], want)
				}
			}
			if math.Abs(total-1) > 1e-13 {
				t.Errorf("n %d: softmax sums to %v", n, total)
			}
		}
	}
	if lse := Softmax([]float32{}, []float32{}); !math.IsInf(float64(lse), -1) {
		t.Errorf("log-sum-exp of nothing is %v", lse)
	}
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		x := []float64{bad, bad, 1}
		if math.IsInf(bad, -1) {
			x = x[:2] // with a number beside it, -Inf is as good as any
		}
		if lse := Softmax(x, x); lse == lse || firstDiff(x, []float64{math.NaN(), math.NaN(), math.NaN()}[:len(x)]) >= 0 {
			t.Errorf("%v: softmax %v, log-sum-exp %v", bad, x, lse)
		}
	}
}

// TestSoftmaxRows: each row is what Softmax makes of it, to the bit, in place as well.
func TestSoftmaxRows(t *testing.T) {
	t.Run("float32", testSoftmaxRows[float32])
	t.Run("float64", testSoftmaxRows[float64])
}

func testSoftmaxRows[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(27, 28))
	for _, rows := range []int{0, 1, 2, 63, 64, 65, 200} {
		for _, cols := range []int{0, 1, 2, 10, 16, 17, 1100} {
			x := random[T](rng, rows*cols)
			if len(x) > 20 {
				x[3], x[7], x[11] = T(math.Inf(-1)), 1e4, T(math.NaN())
			}
			want, wantSums := make([]T, len(x)), make([]T, rows)
			for i := range rows {
				wantSums[i] = Softmax(want[i*cols:][:cols], x[i*cols:][:cols])
			}
			dst, sums, logs := make([]T, len(x)), make([]T, rows), make([]T, rows)
			SoftmaxRows(sums, logs, dst, x)
			Add(sums, sums, logs)
			if i := firstDiff(sums, wantSums); i >= 0 {
				t.Errorf("%dx%d: log-sum-exp of row %d is %v, want %v", rows, cols, i, sums[i], wantSums[i])
			}
			if i := firstDiff(dst, want); i >= 0 {
				t.Errorf("%dx%d: element %d is %v, want %v", rows, cols, i, dst[i], want[i])
			}
			if SoftmaxRows(sums, logs, x, x); firstDiff(x, want) >= 0 {
				t.Errorf("%dx%d: in place it is another one", rows, cols)
			}
		}
	}
	long := random[T](rng, 3*(chunk+1))
	want, dst, sums := clone(long), make([]T, len(long)), make([]T, 3)
	for i := range sums {
		Softmax(want[i*(chunk+1):][:chunk+1], long[i*(chunk+1):][:chunk+1])
	}
	if SoftmaxRows(sums, sums, dst, long); firstDiff(dst, want) >= 0 {
		t.Error("rows longer than a chunk are others")
	}
}

// TestAddRow: a row is added to every row, and nothing else changes.
func TestAddRow(t *testing.T) {
	t.Run("float32", testAddRow[float32])
	t.Run("float64", testAddRow[float64])
}

func testAddRow[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(29, 30))
	for _, s := range []struct{ rows, cols, ldd int }{{0, 3, 3}, {3, 0, 0}, {2, 0, 1}, {1, 1, 1}, {5, 1, 1}, {5, 1, 2}, {7, 19, 19}, {7, 19, 23}, {2, chunk + 3, chunk + 3}} {
		x, dst := random[T](rng, s.cols), random[T](rng, s.rows*s.ldd)
		want := clone(dst)
		for i := range s.rows {
			for j, v := range x {
				want[i*s.ldd+j] += v
			}
		}
		if AddRow(dst, s.rows, s.cols, s.ldd, x); firstDiff(dst, want) >= 0 {
			t.Errorf("%+v: element %d is wrong", s, firstDiff(dst, want))
		}
	}
}

func TestVectorLengths(t *testing.T) {
	a, b := make([]float32, 3), make([]float32, 4)
	for name, c := range map[string]struct {
		call func()
		want string
	}{
		"Axpy":                   {func() { Axpy(1, a, b) }, "downhill: Axpy: x has 3 elements, y has 4"},
		"Add":                    {func() { Add(a, a, b) }, "downhill: Add: x has 3 elements, y has 4"},
		"Mul":                    {func() { Mul(b, a, a) }, "downhill: Mul: dst has 4 elements, x has 3"},
		"Div":                    {func() { Div(b, a, 1) }, "downhill: Div: dst has 4 elements, x has 3"},
		"Exp":                    {func() { Exp(b, a) }, "downhill: Exp: dst has 4 elements, x has 3"},
		"ReLUGrad":               {func() { ReLUGrad(a, a, b) }, "downhill: ReLUGrad: dy has 3 elements, y has 4"},
		"Dot":                    {func() { Dot(a, b) }, "downhill: Dot: x has 3 elements, y has 4"},
		"Softmax":                {func() { Softmax(b, a) }, "downhill: Softmax: dst has 4 elements, x has 3"},
		"AdamW":                  {func() { AdamW(a, a, b, a, &AdamFactors[float32]{}) }, "downhill: AdamW: v has 4 elements, g has 3"},
		"AddRow":                 {func() { AddRow(a, 2, 2, 2, b[:2]) }, "downhill: AddRow: x has 2 elements, dst 3, for 2x2 with ldd 2"},
		"softmax of uneven rows": {func() { SoftmaxRows(a[:2], a[:2], a, a) }, "downhill: SoftmaxRows: x has 3 elements, for 2 rows"},
		"softmax of no rows":     {func() { SoftmaxRows(a[:0], a[:0], a, a) }, "downhill: SoftmaxRows: x has 3 elements, for 0 rows"},
		"SoftmaxRows":            {func() { SoftmaxRows(a[:1], a[:1], b, a) }, "downhill: SoftmaxRows: dst has 4 elements, x has 3"},
		"SumRows":                {func() { SumRows(a, 2, 3, b, 3, 0) }, "downhill: SumRows: dst has 3 elements, x 4, for 2x3 with ldx 3"},
	} {
		if got := panicOf(c.call); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// panicOf is what f panics with, or "".
func panicOf(f func()) (message string) {
	defer func() {
		if r := recover(); r != nil {
			message = r.(string)
		}
	}()
	f()
	return ""
}
