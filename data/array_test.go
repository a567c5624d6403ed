package data

import (
	"encoding/base64"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/tensor"
)

// sameBits reports whether two slices hold the same bits, any NaN for any other.
func sameBits[T tensor.Float](a, b []T) bool {
	return slices.EqualFunc(a, b, func(a, b T) bool {
		return a != a && b != b || a == b && math.Signbit(float64(a)) == math.Signbit(float64(b))
	})
}

// reader is ReadIDX or ReadNPY.
type reader[T tensor.Float] func(r io.Reader, file string) (*Array[T], error)

// numpyFile is a line of testdata/arrays.txt.
type numpyFile struct {
	name   string
	shape  []int
	values []float64
	file   string
	bad    bool
}

func numpyFiles(t testing.TB) (files []numpyFile) {
	text, err := os.ReadFile("testdata/arrays.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		field := strings.Fields(line)
		file, err := base64.StdEncoding.DecodeString(field[3])
		if err != nil {
			t.Fatal(err)
		}
		f := numpyFile{name: field[0], file: string(file), bad: field[1] == "-"}
		if !f.bad && field[1] != "()" {
			for d := range strings.SplitSeq(field[1], "x") {
				n, _ := strconv.Atoi(d)
				f.shape = append(f.shape, n)
			}
		}
		if !f.bad && field[2] != "none" {
			for v := range strings.SplitSeq(field[2], ",") {
				x, err := strconv.ParseFloat(v, 64)
				if err != nil {
					t.Fatal(err)
				}
				f.values = append(f.values, x)
			}
		}
		files = append(files, f)
	}
	if len(files) < 50 {
		t.Fatalf("%d files", len(files))
	}
	return files
}

// Files that NumPy has made hold what NumPy says.
func TestNumPyFiles(t *testing.T) {
	for _, f := range numpyFiles(t) {
		t.Run(f.name, func(t *testing.T) {
			testNumPyFile[float64](t, f, map[string]bool{})
			testNumPyFile[float32](t, f, map[string]bool{ // as some numbers have more than 24 bits, or are too large
				"idx:i4": true, "npy:<i4": true, "npy:>i4": true, "npy:<u4": true, "npy:>u4": true, "npy:<i8": true, "npy:>i8": true,
				"npy:<u8": true, "npy:>u8": true, "idx:f8": true, "npy:<f8": true, "npy:>f8": true,
			})
		})
	}
}

func testNumPyFile[T tensor.Float](t *testing.T, f numpyFile, inexact map[string]bool) {
	t.Helper()
	read := reader[T](ReadNPY[T])
	if strings.HasPrefix(f.name, "idx:") {
		read = ReadIDX[T]
	}
	a, err := read(strings.NewReader(f.file), "f")
	if f.bad || inexact[f.name] {
		if err == nil || a != nil {
			t.Errorf("it is read, as %v", a)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(a.Shape, f.shape) || !sameBits(a.Data, convertAll[T](f.values)) {
		t.Errorf("it is %v, want shape %v of %v", a, f.shape, f.values)
	}
}

// Cut off or longer, packed or not, no file is read, and nothing panics.
func TestCutOffArrays(t *testing.T) {
	for _, f := range numpyFiles(t) {
		read := reader[float64](ReadNPY[float64])
		if strings.HasPrefix(f.name, "idx:") {
			read = ReadIDX[float64]
		}
		for _, whole := range []string{f.file, packed(f.file)} {
			for n := range len(whole) {
				wantNoArray(t, fmt.Sprintf("%s, %d of %d bytes", f.name, n, len(whole)), read, whole[:n])
			}
			wantNoArray(t, f.name+" and a zero", read, whole+"\x00")
		}
	}
}

// wantNoArray wants an error that begins with the file and an offset within it.
func wantNoArray(t *testing.T, name string, read reader[float64], file string) {
	t.Helper()
	a, err := read(strings.NewReader(file), "f")
	var offset int
	if err == nil || a != nil {
		t.Errorf("%s is read, as %v", name, a)
	} else if n, _ := fmt.Sscanf(err.Error(), "f: offset %d: ", &offset); n != 1 || offset < 0 || offset > 1000 {
		t.Errorf("%s: the error is %v", name, err)
	}
}

func TestTensor(t *testing.T) {
	for _, c := range []struct {
		shape      []int
		rows, cols int
	}{
		{nil, 1, 1}, {[]int{6}, 6, 1}, {[]int{6, 1}, 6, 1}, {[]int{2, 3}, 2, 3}, {[]int{2, 3, 4}, 2, 12},
		{[]int{0, 3}, 0, 3}, {[]int{3, 0, 2}, 3, 0}, {[]int{0}, 0, 1},
	} {
		a := &Array[float32]{Shape: c.shape, Data: make([]float32, c.rows*c.cols)}
		x := a.Tensor()
		if x.Rows != c.rows || x.Cols != c.cols {
			t.Errorf("shape %v is %dx%d, want %dx%d", c.shape, x.Rows, x.Cols, c.rows, c.cols)
		}
		if len(a.Data) > 0 && &x.Data[0] != &a.Data[0] {
			t.Error("the elements are copied")
		}
	}
	wantPanic(t, "tensor: From: 3 elements for 2x2", func() { (&Array[float32]{[]int{2, 2}, make([]float32, 3)}).Tensor() })
}

func TestFromArrays(t *testing.T) {
	names := []string{"a", "b"}
	x := &Array[float64]{[]int{2, 1, 2}, []float64{1, 2, 3, 4}}
	for _, shape := range [][]int{{2}, {2, 1}} {
		y := &Array[float64]{shape, []float64{1, 0}}
		s, err := FromArrays(x, y, names)
		if err != nil {
			t.Fatal(err)
		}
		if s.X.Rows != 2 || s.X.Cols != 2 || s.Y.Rows != 2 || s.Y.Cols != 1 || &s.X.Data[0] != &x.Data[0] || &s.Y.Data[0] != &y.Data[0] {
			t.Errorf("X is %v, Y is %v", s.X, s.Y)
		}
		if !slices.Equal(s.Classes, names) {
			t.Errorf("the classes are %q", s.Classes)
		}
	}
	if s, err := FromArrays(x, x, nil); err != nil || s.Y.Cols != 2 {
		t.Errorf("numbers to predict: %v, %v", s, err)
	}
	for _, c := range []struct {
		x, y  *Array[float64]
		names []string
		want  string
	}{
		{x, &Array[float64]{[]int{3}, make([]float64, 3)}, nil, "2 rows of X, 3 of Y"},
		{x, &Array[float64]{[]int{2}, []float64{0, math.NaN()}}, nil, "row 1: the target is NaN"},
		{&Array[float64]{[]int{1, 2}, []float64{1, math.Inf(1)}}, &Array[float64]{nil, []float64{0}}, nil, "row 0, column 1 is +Inf"},
		{x, &Array[float64]{[]int{2}, []float64{1, 2}}, names, "row 1: label 2 is no class from 0 to 1"},
		{x, &Array[float64]{[]int{2}, []float64{0.5, 1}}, names, "row 0: label 0.5 is no class from 0 to 1"},
		{x, x, names, "labels of shape [2 1 2], want one for each sample"},
		{&Array[float64]{Shape: []int{0, 2}}, &Array[float64]{Shape: []int{0}}, nil, "the set is empty"},
	} {
		s, err := FromArrays(c.x, c.y, c.names)
		wantError(t, err, "data: FromArrays: "+c.want)
		if s != nil {
			t.Errorf("there is a set too: %v", s)
		}
	}
}

// Every number of 16 bits, by the definition.
func TestHalf(t *testing.T) {
	for raw := range uint32(1 << 16) {
		exponent, fraction := int(raw>>10&31), float64(raw&1023)
		want := math.Ldexp(1024+fraction, exponent-25)
		switch {
		case exponent == 0:
			want = math.Ldexp(fraction, -24)
		case exponent == 31 && fraction == 0:
			want = math.Inf(1)
		case exponent == 31:
			want = math.NaN()
		}
		if raw>>15 == 1 {
			want = -want
		}
		if got := half(raw); !sameBits([]float64{got}, []float64{want}) {
			t.Fatalf("%#04x is %v, want %v", raw, got, want)
		}
	}
}

// An integer is exact if it comes back from T. Those near powers of 2 are enough to try.
func TestExact(t *testing.T) {
	for shift := range 64 {
		for _, v := range []uint64{0, 1<<shift - 1, 1 << shift, 1<<shift + 1, 1<<shift + 1<<(shift/2), 3 << shift, -(uint64(1) << shift)} {
			// A float above the largest uint64 does not convert back.
			if got, want := exact[float64](v), float64(v) < 0x1p64 && uint64(float64(v)) == v; got != want {
				t.Errorf("%d in a float64: %v", v, got)
			}
			if got, want := exact[float32](v), float32(v) < 0x1p64 && uint64(float32(v)) == v; got != want {
				t.Errorf("%d in a float32: %v", v, got)
			}
		}
	}
}

func TestShaped(t *testing.T) {
	const most = maxElements
	for _, dims := range [][]uint64{{most + 1}, {2, most/2 + 1}, {0, 2, most}, {1 << 31, 1 << 31}, {1 << 32, 1 << 32}, {1 << 60, 1 << 60}, {0, 1 << 63}, {1 << 63}} {
		if shape, _, err := shaped(dims); err == nil || shape != nil {
			t.Errorf("%v is a shape", dims)
		}
	}
	for _, dims := range [][]uint64{{}, {most}, {0, most}, {most, 0, 1}, {2, 3}, {1, 1, 1}} {
		shape, n, err := shaped(dims)
		product := 1
		for _, d := range shape {
			product *= d
		}
		if err != nil || len(shape) != len(dims) || n != product {
			t.Errorf("%v is %v, %d elements, %v", dims, shape, n, err)
		}
	}
}
