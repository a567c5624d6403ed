package data

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/db75a6f2/downhill/tensor"
)

// numbered returns n samples that can be told apart: row i of X is i and -i, and its
// class is i modulo classes.
func numbered(n, classes int) *Set[float32] {
	s := &Set[float32]{X: tensor.New[float32](n, 2), Y: tensor.New[float32](n, 1)}
	for i := range n {
		s.X.Set(i, 0, float32(i))
		s.X.Set(i, 1, -float32(i))
		s.Y.Set(i, 0, float32(i%classes))
	}
	return s
}

// table returns a set of the given rows, of which all but the last number are inputs.
func table[T tensor.Float](rows ...[]T) *Set[T] {
	last := len(rows[0]) - 1
	s := &Set[T]{X: tensor.New[T](len(rows), last), Y: tensor.New[T](len(rows), 1)}
	for i, row := range rows {
		copy(s.X.Row(i), row)
		s.Y.Set(i, 0, row[last])
	}
	return s
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("the error is %v\nwant          %s", err, want)
	}
}

func wantPanic(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if got := recover(); got != any(want) {
			t.Errorf("the panic is %v\nwant          %s", got, want)
		}
	}()
	f()
}

// The sum is that of the comma-separated file in scikit-learn's digits.csv.gz.
func TestDigits(t *testing.T) {
	s := Digits()
	if s.X.Rows != 1797 || s.X.Cols != 64 || s.Y.Rows != 1797 || s.Y.Cols != 1 {
		t.Fatalf("X is %dx%d, Y is %dx%d", s.X.Rows, s.X.Cols, s.Y.Rows, s.Y.Cols)
	}
	counts := make([]int, 10)
	hash := sha256.New()
	for i := range s.Len() {
		var line []byte
		for _, v := range s.X.Row(i) {
			if v < 0 || v > 16 {
				t.Fatalf("row %d has a pixel of %v", i, v)
			}
			line = append(strconv.AppendFloat(line, float64(v), 'f', -1, 32), ',')
		}
		line = append(strconv.AppendFloat(line, float64(s.Y.Data[i]), 'f', -1, 32), '\n')
		hash.Write(line)
		counts[int(s.Y.Data[i])]++
	}
	if want := []int{178, 182, 177, 183, 181, 182, 181, 179, 174, 180}; !slices.Equal(counts, want) {
		t.Errorf("the classes have %v samples, want %v", counts, want)
	}
	const want = "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"
	if got := hex.EncodeToString(hash.Sum(nil)); got != want {
		t.Errorf("SHA-256 is %s, want %s", got, want)
	}
	if want := []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}; !slices.Equal(s.Classes, want) {
		t.Errorf("the classes are %q", s.Classes)
	}
	if err := s.Check(); err != nil {
		t.Error(err)
	}
}

func TestDigitsAreTheCallersOwn(t *testing.T) {
	a, b := Digits(), Digits()
	for i := range a.X.Data {
		a.X.Data[i] = -1
	}
	a.Y.Data[0], a.Classes[0] = -1, "zero"
	if slices.Contains(b.X.Data, -1) || b.Y.Data[0] == -1 || b.Classes[0] != "0" {
		t.Error("a change of one set shows in another")
	}
}

func TestCheck(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(-1)
	good := table([]float64{1, 2, 0}, []float64{3, 4, 1})
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	x, y := good.X, good.Y
	for _, c := range []struct {
		set  *Set[float64]
		want string
	}{
		{&Set[float64]{}, "the set is empty"},
		{nil, "the set is empty"},
		{&Set[float64]{X: x}, "the set is empty"},
		{&Set[float64]{X: &tensor.Tensor[float64]{Rows: 2, Cols: 1}, Y: y}, "0 elements of X, which is 2x1, and 2 of Y, which is 2x1"},
		{good.Subset(nil), "the set is empty"},
		{&Set[float64]{X: tensor.New[float64](2, 0), Y: y}, "the set is empty"},
		{&Set[float64]{X: x, Y: tensor.New[float64](3, 1)}, "2 rows of X, 3 of Y"},
		{table([]float64{1, 2, 0}, []float64{3, nan, 0}), "row 1, column 1 is NaN"},
		{&Set[float64]{X: tensor.From(1, 2, []float64{inf, 0}), Y: tensor.New[float64](1, 1), Columns: []string{"age", "sex"}},
			"row 0, column 0 (age) is -Inf"},
		{table([]float64{1, 0}, []float64{2, 1}, []float64{3, nan}), "row 2: the target is NaN"},
		{&Set[float64]{X: x, Y: tensor.From(2, 2, []float64{0, 0, 0, -inf})}, "row 1: the target is +Inf"},
	} {
		wantError(t, c.set.Check(), c.want)
	}
}

func TestSubset(t *testing.T) {
	s := numbered(5, 5)
	s.Columns, s.Classes = []string{"a", "b"}, []string{"v", "w", "x", "y", "z"}
	sub := s.Subset([]int{3, 0, 3})
	if want := []float32{3, -3, 0, 0, 3, -3}; !slices.Equal(sub.X.Data, want) {
		t.Errorf("X is %v, want %v", sub.X.Data, want)
	}
	if want := []float32{3, 0, 3}; !slices.Equal(sub.Y.Data, want) {
		t.Errorf("Y is %v, want %v", sub.Y.Data, want)
	}
	if !slices.Equal(sub.Columns, s.Columns) || !slices.Equal(sub.Classes, s.Classes) {
		t.Errorf("the names are %q and %q", sub.Columns, sub.Classes)
	}
	sub.X.Data[0] = 100
	if s.X.At(3, 0) != 3 || sub.X.At(2, 0) != 3 {
		t.Error("the copy shares memory")
	}
	wantPanic(t, "tensor: Gather: row 5 of 5x2", func() { s.Subset([]int{5}) })
}

func TestConvert(t *testing.T) {
	s := table([]float64{0.1, 3}, []float64{-2, 4})
	s.Columns, s.Classes = []string{"a"}, []string{"b"}
	if err := Standardise(s); err != nil {
		t.Fatal(err)
	}
	c := Convert[float32](s)
	for i, v := range s.X.Data {
		if c.X.Data[i] != float32(v) || c.Y.Data[i] != float32(s.Y.Data[i]) {
			t.Errorf("row %d is %v and %v", i, c.X.Data[i], c.Y.Data[i])
		}
	}
	if !slices.Equal(c.Columns, s.Columns) || !slices.Equal(c.Classes, s.Classes) {
		t.Errorf("the names are %q and %q", c.Columns, c.Classes)
	}
	if a, b := c.Standardised, s.Standardised; a.Mean[0] != float32(b.Mean[0]) || a.Scale[0] != float32(b.Scale[0]) {
		t.Errorf("Standardised is %v, of %v", a, b)
	}
	same := Convert[float64](s)
	same.X.Data[0]++
	if same.X.Data[0] == s.X.Data[0] {
		t.Error("the copy shares memory")
	}
	if raw := Convert[float64](numbered(2, 2)); raw.Standardised != nil || raw.X.Data[3] != -1 {
		t.Errorf("it is %v, standardised by %v", raw.X.Data, raw.Standardised)
	}
}

func TestLabels(t *testing.T) {
	y := Labels[float32]([]int{2, 0, 1})
	if y.Cols != 1 || !slices.Equal(y.Data, []float32{2, 0, 1}) {
		t.Errorf("it is %v", y)
	}
}

func TestOneHot(t *testing.T) {
	hot, err := OneHot(Labels[float32]([]int{2, 0, 1}), 3)
	if err != nil {
		t.Fatal(err)
	}
	if want := []float32{0, 0, 1, 1, 0, 0, 0, 1, 0}; hot.Rows != 3 || !slices.Equal(hot.Data, want) {
		t.Errorf("it is %v, want %v", hot, want)
	}
	_, err = OneHot(tensor.New[float32](2, 2), 3)
	wantError(t, err, "data: OneHot: labels have 2 columns, want 1")
	for label, shown := range map[float64]string{-1: "-1", 3: "3", 0.5: "0.5", 1e300: "1e+300", math.NaN(): "NaN", math.Inf(1): "+Inf"} {
		_, err = OneHot(tensor.From(2, 1, []float64{0, label}), 3)
		wantError(t, err, "data: OneHot: row 1: label "+shown+" is no class from 0 to 2")
	}
}

func TestOneHotOfNegativeClasses(t *testing.T) {
	_, err := OneHot(Labels[float32]([]int{1}), -1)
	wantError(t, err, "data: OneHot: -1 classes")
}
