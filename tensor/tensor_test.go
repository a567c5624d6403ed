package tensor

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

type matrix = *Tensor[float64]

func from(rows, cols int, v ...float64) matrix { return From(rows, cols, v) }

func TestTensor(t *testing.T) {
	x := from(3, 2, 1, 2, 3, 4, 5, 6)
	x.Set(1, 1, 40)
	if x.At(1, 1) != 40 || !slices.Equal(x.Row(2), []float64{5, 6}) {
		t.Errorf("x is %v", x.Data)
	}
	s := x.Slice(1, 3)
	s.Data[0] = 30
	if s.Rows != 2 || x.At(1, 0) != 30 {
		t.Errorf("a slice is %v, x is %v", s, x.Data)
	}
	c := new(Tensor[float64]).Copy(x)
	c.Data[0] = -1
	if x.Data[0] != 1 || c.Rows != 3 || c.Cols != 2 {
		t.Errorf("a copy shares memory, or is %dx%d", c.Rows, c.Cols)
	}
	if g := new(Tensor[float64]).Gather(x, []int{2, 0, 2}); !slices.Equal(g.Data, []float64{5, 6, 1, 2, 5, 6}) {
		t.Errorf("gathered %v", g.Data)
	}
	memory := &x.Data[0]
	if x.Resize(2, 2).Resize(3, 2); &x.Data[0] != memory {
		t.Error("Resize within the capacity took new memory")
	}
	buf := []float64{1, 2, 3}
	if From(1, 2, buf[:2]).Resize(1, 3).Set(0, 2, 9); buf[2] != 3 {
		t.Error("Resize has taken memory behind the data")
	}
}

// TestProducts compares with sums written out.
func TestProducts(t *testing.T) {
	rng := rand.NewPCG(1, 2)
	a, b := New[float64](4, 5), New[float64](5, 3)
	Uniform(a.Data, 1, rng)
	Uniform(b.Data, 1, rng)
	transposed := func(x matrix) matrix {
		y := New[float64](x.Cols, x.Rows)
		for i := range x.Rows {
			for j := range x.Cols {
				y.Set(j, i, x.At(i, j))
			}
		}
		return y
	}
	want := New[float64](4, 3)
	for i := range 4 {
		for j := range 3 {
			for k := range 5 {
				want.Data[i*3+j] += a.At(i, k) * b.At(k, j)
			}
		}
	}
	var plain, second, firstT Tensor[float64]
	MatMul(&plain, a, b)
	MatMulT(&second, a, transposed(b))
	TMatMul(&firstT, transposed(a), b, 0)
	TMatMul(&firstT, transposed(a), b, 1)
	for i, w := range want.Data {
		if math.Abs(plain.Data[i]-w) > 1e-14 || math.Abs(second.Data[i]-w) > 1e-14 || math.Abs(firstT.Data[i]-2*w) > 1e-14 {
			t.Fatalf("element %d: %v, %v and %v, want %v", i, plain.Data[i], second.Data[i], firstT.Data[i]/2, w)
		}
	}
	row := from(1, 3, 1, 2, 3)
	SumRows(row, plain.Copy(want), 1)
	AddRow(&plain, row)
	for j := range 3 {
		sum := float64(j + 1)
		for i := range 4 {
			sum += want.At(i, j)
		}
		if math.Abs(row.Data[j]-sum) > 1e-14 || math.Abs(plain.At(2, j)-want.At(2, j)-sum) > 1e-14 {
			t.Errorf("column %d: sum %v, want %v", j, row.Data[j], sum)
		}
	}
}

func TestMisuse(t *testing.T) {
	a, b := New[float64](32, 784), New[float64](128, 10)
	for _, c := range []struct {
		misuse func()
		want   string
	}{
		{func() { MatMul(new(Tensor[float64]), a, b) }, "tensor: MatMul: a is 32x784, b is 128x10"},
		{func() { MatMulT(new(Tensor[float64]), a, b) }, "tensor: MatMulT: a is 32x784, b is 128x10"},
		{func() { TMatMul(new(Tensor[float64]), a, b, 0) }, "tensor: TMatMul: a is 32x784, b is 128x10"},
		{func() { TMatMul(New[float64](1, 1), a, a, 1) }, "tensor: TMatMul: dst is 1x1, a is 32x784, b is 32x784"},
		{func() { SumRows(New[float64](1, 3), a, 1) }, "tensor: SumRows: dst is 1x3, x is 32x784"},
		{func() { AddRow(a, b) }, "tensor: AddRow: dst is 32x784, row is 128x10"},
		{func() { a.Row(32) }, "tensor: Row: 32 of 32x784"},
		{func() { a.At(-1, 0) }, "tensor: Row: -1 of 32x784"},
		{func() { a.Slice(3, 33) }, "tensor: Slice: rows 3 to 33 of 32x784"},
		{func() { New[float64](-1, 2) }, "tensor: Resize: a tensor of -1x2"},
		{func() { New[float64](math.MaxInt, 2) }, "tensor: Resize: a tensor of " + itoa(math.MaxInt) + "x2"},
		{func() { From(2, 2, []float64{1}) }, "tensor: From: 1 elements for 2x2"},
		{func() { (&Affine[float64]{Mean: []float64{1}, Scale: []float64{1}}).Apply(a) }, "tensor: Affine.Apply: x is 32x784, for 1 means and 1 scales"},
	} {
		got := ""
		func() {
			defer func() {
				if r := recover(); r != nil {
					got = r.(string)
				}
			}()
			c.misuse()
		}()
		if got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestParam(t *testing.T) {
	p := NewParam[float64]("w", 2, 2)
	if p.HasGrad() {
		t.Error("a new parameter has a gradient")
	}
	g, beta := p.GradTo()
	if beta != 0 || g.Rows != 2 || g.Cols != 2 {
		t.Errorf("the first GradTo gives %dx%d and beta %v", g.Rows, g.Cols, beta)
	}
	copy(g.Data, []float64{1, 2, 3, 4})
	if again, beta := p.GradTo(); again != g || beta != 1 || p.Grad().Data[3] != 4 {
		t.Errorf("the second GradTo gives beta %v and %v", beta, again.Data)
	}
	p.ClearGrad()
	if got := p.Grad(); !slices.Equal(got.Data, make([]float64, 4)) {
		t.Errorf("the gradient after ClearGrad is %v", got.Data)
	}
	p.Value.Resize(3, 2)
	defer func() {
		if got, want := recover(), "tensor: GradTo: the gradient is 2x2, the value 3x2"; got != want {
			t.Errorf("panic %v, want %s", got, want)
		}
	}()
	p.Grad()
}

// TestSetPrefix: a prefix takes the place of an earlier one, and of nothing else.
func TestSetPrefix(t *testing.T) {
	p := NewParam[float64]("0.w", 2, 2)
	for _, c := range [][2]string{{"3.", "3.0.w"}, {"3.", "3.0.w"}, {"0.", "0.0.w"}, {"12.", "12.0.w"}, {"", "0.w"}} {
		if p.SetPrefix(c[0]); p.Name != c[1] {
			t.Errorf("the name is %q with the prefix %q, want %q", p.Name, c[0], c[1])
		}
	}
	p.SetPrefix("7.")
	p.Name = "7.v" // a name of the layer's again
	if p.SetPrefix("1."); p.Name != "1.7.v" {
		t.Errorf("the name is %q, want 1.7.v", p.Name)
	}
}

// TestInit checks mean and variance of each initialiser, and that normal weights are
// normal: shares within 1, 2 and 3 deviations.
func TestInit(t *testing.T) {
	const in, out = 300, 100
	for _, c := range []struct {
		name     string
		fill     func(matrix, rand.Source)
		variance float64
		bound    float64
	}{
		{"HeNormal", HeNormal[float64], 2.0 / in, math.Inf(1)},
		{"HeUniform", HeUniform[float64], 2.0 / in, math.Sqrt(6.0 / in)},
		{"XavierNormal", XavierNormal[float64], 2.0 / (in + out), math.Inf(1)},
		{"XavierUniform", XavierUniform[float64], 2.0 / (in + out), math.Sqrt(6.0 / (in + out))},
	} {
		w := New[float64](in, out)
		c.fill(w, rand.NewPCG(3, 4))
		mean, square := 0.0, 0.0
		var within [3]float64
		for _, v := range w.Data {
			mean += v / in / out
			square += v * v / in / out
			if math.Abs(v) > c.bound {
				t.Errorf("%s: %v is beyond %v", c.name, v, c.bound)
			}
			for k := range within {
				if math.Abs(v) < float64(k+1)*math.Sqrt(c.variance) {
					within[k] += 1.0 / in / out
				}
			}
		}
		if math.Abs(mean) > 4*math.Sqrt(c.variance/in/out) || math.Abs(square/c.variance-1) > 0.05 {
			t.Errorf("%s: mean %v, variance %v, want 0 and %v", c.name, mean, square, c.variance)
		}
		if math.IsInf(c.bound, 1) {
			for k, want := range []float64{0.6827, 0.9545, 0.9973} {
				if math.Abs(within[k]-want) > 0.01 {
					t.Errorf("%s: %v within %d deviations, want %v", c.name, within[k], k+1, want)
				}
			}
		}
	}
}

// TestInitStream: a seed gives the same weights in both types, but for rounding.
func TestInitStream(t *testing.T) {
	a, b := New[float32](7, 5), New[float64](7, 5)
	HeNormal(a, rand.NewPCG(5, 6))
	HeNormal(b, rand.NewPCG(5, 6))
	for i := range a.Data {
		if a.Data[i] != float32(b.Data[i]) {
			t.Fatalf("weight %d is %v and %v", i, a.Data[i], b.Data[i])
		}
	}
}

// TestOperands: a destination that is an operand is a mistake, found before it has lost
// its shape.
func TestOperands(t *testing.T) {
	a, b := from(2, 2, 1, 2, 3, 4), from(2, 3, 1, 2, 3, 4, 5, 6)
	first := b.Slice(0, 1)
	for op, do := range map[string]func(){
		"MatMul":  func() { MatMul(a, a, b) },
		"MatMulT": func() { MatMulT(b, a, b) },
		"TMatMul": func() { TMatMul(b, a, b, 0) },
		"SumRows": func() { SumRows(b, b, 0) },
		"Gather":  func() { b.Gather(b, []int{1, 0}) },
		"AddRow":  func() { AddRow(b, &first) },
	} {
		func() {
			defer func() {
				if got, want := recover(), "tensor: "+op+": dst is an operand too"; got != want {
					t.Errorf("panic %v, want %s", got, want)
				}
			}()
			do()
		}()
		if a.shape() != "2x2" || b.shape() != "2x3" {
			t.Fatalf("%s: the operands are %s and %s", op, a.shape(), b.shape())
		}
	}
}
