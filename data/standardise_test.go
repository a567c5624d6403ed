package data

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/db75a6f2/downhill/tensor"
)

func TestStandardise(t *testing.T) {
	t.Run("float32", testStandardise[float32])
	t.Run("float64", testStandardise[float64])
}

// Column 0 has mean 2 and deviation 1, column 1 mean -20 and deviation 10.
func testStandardise[T tensor.Float](t *testing.T) {
	train := table([]T{1, -10, 0}, []T{3, -30, 1})
	test := table([]T{5, -20, 2}, []T{2, 0, 3})
	none := table([]T{0, 0, 0}).Subset(nil)
	if err := Standardise(train, test, none); err != nil {
		t.Fatal(err)
	}
	if want := []T{-1, 1, 1, -1}; !slices.Equal(train.X.Data, want) {
		t.Errorf("the training set is %v, want %v", train.X.Data, want)
	}
	if want := []T{3, 0, 0, 2}; !slices.Equal(test.X.Data, want) {
		t.Errorf("the other set is %v, want %v", test.X.Data, want)
	}
	if !slices.Equal(train.Y.Data, []T{0, 1}) || !slices.Equal(test.Y.Data, []T{2, 3}) {
		t.Error("the targets have changed")
	}
	a := train.Standardised
	if !slices.Equal(a.Mean, []T{2, -20}) || !slices.Equal(a.Scale, []T{1, 10}) {
		t.Errorf("Standardised is %v", a)
	}
	if test.Standardised != a || none.Standardised != a {
		t.Error("the other sets do not keep what was done")
	}
	if sub := train.Subset([]int{1}); sub.Standardised != a {
		t.Error("a subset does not keep what was done")
	}
}

func TestStandardisedColumns(t *testing.T) {
	t.Run("float32", func(t *testing.T) { testStandardisedColumns[float32](t, 2e-6) })
	t.Run("float64", func(t *testing.T) { testStandardisedColumns[float64](t, 1e-12) })
}

// The columns have means and deviations of every magnitude.
func testStandardisedColumns[T tensor.Float](t *testing.T, tolerance float64) {
	rng := rand.New(rand.NewPCG(1, 2))
	const rows, cols = 500, 6
	s := &Set[T]{X: tensor.New[T](rows, cols), Y: tensor.New[T](rows, 1)}
	for i := range rows {
		for j := range cols {
			s.X.Set(i, j, T(math.Pow(1000, float64(j-3))*(rng.Float64()-float64(j)/5)))
		}
	}
	if err := Standardise(s); err != nil {
		t.Fatal(err)
	}
	for j := range cols {
		var sum, squares float64
		for i := range rows {
			v := float64(s.X.At(i, j))
			sum += v
			squares += v * v
		}
		mean := sum / rows
		deviation := math.Sqrt(squares/rows - mean*mean)
		if math.Abs(mean) > tolerance || math.Abs(deviation-1) > tolerance {
			t.Errorf("column %d has mean %v and deviation %v", j, mean, deviation)
		}
	}
}

// The mean of ten times 0.1, added in float64, is not 0.1, so there is a deviation of
// 1e-17; to divide by that would make the column 1.
func TestStandardiseConstantColumn(t *testing.T) {
	for _, v := range []float64{0, 5, -1e6, 0.1} {
		var rows [][]float64
		for i := range 10 {
			rows = append(rows, []float64{v, float64(i), 0})
		}
		s := table(rows...)
		single := Convert[float32](s)
		if err := Standardise(s); err != nil {
			t.Fatal(err)
		}
		if err := Standardise(single); err != nil {
			t.Fatal(err)
		}
		for i := range s.Len() {
			if got := s.X.At(i, 0); math.Abs(got) > 1e-16 {
				t.Errorf("%v becomes %v", v, got)
			}
			if got := single.X.At(i, 0); got != 0 {
				t.Errorf("%v becomes %v in float32", v, got)
			}
		}
		if scale := s.Standardised.Scale[0]; scale != 1 {
			t.Errorf("the scale of a column of %v is %v", v, scale)
		}
	}
}

func TestStandardiseLargeNumbers(t *testing.T) {
	s := table([]float32{math.MaxFloat32, 3e38, 0}, []float32{-math.MaxFloat32, 3e38, 0})
	if err := Standardise(s); err != nil {
		t.Fatal(err)
	}
	if want := []float32{1, 0, -1, 0}; !slices.Equal(s.X.Data, want) {
		t.Errorf("it is %v, want %v", s.X.Data, want)
	}
	// The difference of two means of squares would be lost in their rounding.
	far := table([]float64{1e9 - 3, 0}, []float64{1e9 + 3, 0})
	if err := Standardise(far); err != nil {
		t.Fatal(err)
	}
	if want := []float64{-1, 1}; !slices.Equal(far.X.Data, want) {
		t.Errorf("it is %v, want %v", far.X.Data, want)
	}
}

func TestStandardiseErrors(t *testing.T) {
	fine := func() *Set[float64] { return table([]float64{1, 2, 0}, []float64{3, 4, 1}) }
	done := fine()
	if err := Standardise(done); err != nil {
		t.Fatal(err)
	}
	named := table([]float64{1e308, 0}, []float64{1e308, 0}, []float64{-1e308, 0})
	named.Columns = []string{"mass"}
	for _, c := range []struct {
		sets []*Set[float64]
		want string
	}{
		{[]*Set[float64]{fine().Subset(nil)}, "the set is empty"},
		{[]*Set[float64]{{}}, "the set is empty"},
		{[]*Set[float64]{table([]float64{1, 2, 0}, []float64{3, math.NaN(), 0}), fine()}, "row 1, column 1 is NaN"},
		{[]*Set[float64]{table([]float64{math.Inf(-1), 0})}, "row 0, column 0 is -Inf"},
		{[]*Set[float64]{fine(), fine(), table([]float64{1, 0})}, "a set has 1 columns, the first one 2"},
		{[]*Set[float64]{done}, "a set has been standardised before"},
		{[]*Set[float64]{fine(), done}, "a set has been standardised before"},
		{[]*Set[float64]{named}, "column 0 (mass) is too large to have a mean and a deviation"},
		{[]*Set[float64]{table([]float64{1e200, 0}, []float64{-1e200, 0})}, "column 0 is too large to have a mean and a deviation"},
	} {
		var before []Set[float64]
		for _, s := range c.sets {
			b := *s
			if s.X != nil {
				b.X = new(tensor.Tensor[float64]).Copy(s.X)
			}
			before = append(before, b)
		}
		wantError(t, Standardise(c.sets[0], c.sets[1:]...), "data: Standardise: "+c.want)
		for i, s := range c.sets {
			if s.Standardised != before[i].Standardised || s.X != nil && !slices.EqualFunc(s.X.Data, before[i].X.Data, same) {
				t.Errorf("%s: set %d has changed", c.want, i)
			}
		}
	}
}

// same reports whether two numbers have the same bits.
func same(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }

func TestStandardiseConstantIsExactlyZero(t *testing.T) {
	for _, v := range []float64{0.1, 123456789.123} {
		s := &Set[float64]{X: tensor.New[float64](1000, 1), Y: tensor.New[float64](1000, 1)}
		for i := range s.X.Data {
			s.X.Data[i] = v
		}
		if err := Standardise(s); err != nil {
			t.Fatal(err)
		}
		if s.X.Data[0] != 0 {
			t.Errorf("%v becomes %v", v, s.X.Data[0])
		}
	}
}

func TestStandardiseOneSetTwice(t *testing.T) {
	s, other := table([]float64{1, 0}, []float64{3, 1}), table([]float64{5, 0})
	x := *s.X
	view := &Set[float64]{X: &x, Y: s.Y} // of the same memory
	for _, sets := range [][]*Set[float64]{{s, s}, {s, other, other}, {s, view}, {s, {X: tensor.New[float64](3, 0), Y: tensor.New[float64](3, 1)}}} {
		if err := Standardise(sets[0], sets[1:]...); err == nil {
			t.Error("no error")
		}
		if s.X.Data[0] != 1 || other.X.Data[0] != 5 || s.Standardised != nil {
			t.Errorf("the sets are %v and %v", s.X.Data, other.X.Data)
		}
	}
}

func TestStandardiseOverflow(t *testing.T) {
	s := &Set[float32]{X: tensor.New[float32](10_000, 1), Y: tensor.New[float32](10_000, 1)}
	for i := range s.X.Data {
		s.X.Data[i] = 3e38
	}
	s.X.Data[0] = -3e38 // 6e38 below the mean
	wantError(t, Standardise(s), "data: Standardise: column 0 is too large to have a mean and a deviation")
}

func TestStandardiseUnderflow(t *testing.T) {
	s := table([]float64{1e-170, 0}, []float64{3e-170, 1})
	if err := Standardise(s); err == nil && !slices.Equal(s.X.Data, []float64{-1, 1}) {
		t.Errorf("it is %v", s.X.Data)
	}
}
