package safetensors

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// TestHalf: every number of half precision is what IEEE 754 says it is.
func TestHalf(t *testing.T) {
	data := make([]byte, 2<<16)
	for i := range 1 << 16 {
		data[2*i], data[2*i+1] = byte(i), byte(i>>8)
	}
	h := &Tensor{Name: "h", Type: F16, Shape: []int{1 << 16}, Data: data}
	singles, err := Values[float32](h)
	if err != nil {
		t.Fatal(err)
	}
	doubles, err := Values[float64](h)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 1 << 16 {
		exponent, fraction := i>>10&31, float64(i&1023)
		want := math.Ldexp(1+fraction/1024, exponent-15)
		switch {
		case exponent == 0:
			want = math.Ldexp(fraction/1024, -14)
		case exponent == 31 && fraction == 0:
			want = math.Inf(1)
		case exponent == 31:
			want = math.NaN()
		}
		negative := i>>15 == 1
		if negative {
			want = -want
		}
		single, double := singles[i], doubles[i]
		if want != want {
			bits := math.Float32bits(single)
			if single == single || double == double || bits>>31 != uint32(i>>15) || bits>>13&1023 != uint32(i&1023) {
				t.Errorf("%#04x: %v (%#x), %v; want NaN with its bits", i, single, bits, double)
			}
			continue
		}
		if float64(single) != want || double != want || math.Signbit(float64(single)) != negative || math.Signbit(double) != negative {
			t.Errorf("%#04x: %v, %v; want %v", i, single, double, want)
		}
	}
}

// TestBFloat: a BF16 is the upper half of an F32, whatever it is.
func TestBFloat(t *testing.T) {
	data := make([]byte, 2<<16)
	wide := make([]byte, 4<<16)
	for i := range 1 << 16 {
		data[2*i], data[2*i+1] = byte(i), byte(i>>8)
		wide[4*i+2], wide[4*i+3] = byte(i), byte(i>>8)
	}
	compare := func(got, want []uint64) {
		if !slices.Equal(got, want) {
			t.Errorf("%x, want %x", got[:100], want[:100])
		}
	}
	b := &Tensor{Type: BF16, Shape: []int{256, 256}, Data: data}
	f := &Tensor{Type: F32, Shape: []int{256, 256}, Data: wide}
	compare(floatBits[float32](t, b), floatBits[float32](t, f))
	compare(floatBits[float64](t, b), floatBits[float64](t, f))
}

// floatBits returns the values of a tensor as bits, NaN's too.
func floatBits[T float32 | float64](t *testing.T, x *Tensor) (bits []uint64) {
	values, err := Values[T](x)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range values {
		switch v := any(v).(type) {
		case float32:
			bits = append(bits, uint64(math.Float32bits(v)))
		case float64:
			bits = append(bits, math.Float64bits(v))
		}
	}
	return bits
}

// TestLittleEndian writes and reads bytes that are known.
func TestLittleEndian(t *testing.T) {
	endian(t, F32, []float32{1, -2.5}, "\x00\x00\x80\x3f\x00\x00\x20\xc0")
	endian(t, F32, []float32{math.Float32frombits(0x7fc12345), math.Float32frombits(1)}, "\x45\x23\xc1\x7f\x01\x00\x00\x00")
	endian(t, F64, []float64{1, math.Pi}, "\x00\x00\x00\x00\x00\x00\xf0\x3f\x18\x2d\x44\x54\xfb\x21\x09\x40")
	endian(t, I64, []int64{-2, 0x0102030405060708}, "\xfe\xff\xff\xff\xff\xff\xff\xff\x08\x07\x06\x05\x04\x03\x02\x01")
	endian(t, U32, []uint32{0x01020304, 1 << 31}, "\x04\x03\x02\x01\x00\x00\x00\x80")
	endian(t, U64, []uint64{0x0102030405060708, 1 << 63}, "\x08\x07\x06\x05\x04\x03\x02\x01\x00\x00\x00\x00\x00\x00\x00\x80")
}

func endian[T Number](t *testing.T, d DType, values []T, data string) {
	shape := []int{1, len(values)}
	x := New("x", shape, values)
	if x.Name != "x" || x.Type != d || !slices.Equal(x.Shape, shape) || string(x.Data) != data {
		t.Errorf("New: %+v, want %s of %q", x, d, data)
	}
	shape[0] = 9
	if x.Shape[0] != 1 {
		t.Error("New kept the caller's shape")
	}
	same := func(a, b T) bool { return a == b || a != a && b != b }
	if got, err := Values[T](&x); err != nil || !slices.EqualFunc(got, values, same) {
		t.Errorf("%s: %v, %v; want %v", d, got, err, values)
	}
	if again := New("x", []int{1, len(values)}, must(Values[T](&x))); string(again.Data) != data {
		t.Errorf("%q became %q", data, again.Data)
	}
}

func must[T any](values []T, err error) []T {
	if err != nil {
		panic(err)
	}
	return values
}

func TestNew(t *testing.T) {
	for _, c := range []struct {
		shape []int
		n     int
		want  string
	}{
		{nil, 1, ""}, {[]int{0}, 0, ""}, {[]int{2, 0, 3}, 0, ""}, {[]int{2, 3}, 6, ""},
		{nil, 0, "safetensors: New: 0 values for shape []"},
		{[]int{2, 3}, 5, "safetensors: New: 5 values for shape [2 3]"},
		{[]int{0}, 1, "safetensors: New: 1 values for shape [0]"},
		{[]int{-1, -6}, 6, "safetensors: New: negative dimension in shape [-1 -6]"},
		{[]int{1 << 30, 1 << 30, 16}, 0, "safetensors: New: shape [1073741824 1073741824 16] has more elements than an int counts here"},
	} {
		func() {
			defer func() {
				if got := recover(); got != nil && got != c.want || got == nil && c.want != "" {
					t.Errorf("%v of %d: %v, want %q", c.shape, c.n, got, c.want)
				}
			}()
			if x := New("x", c.shape, make([]float64, c.n)); len(x.Data) != 8*c.n {
				t.Errorf("%v: %+v", c.shape, x)
			}
		}()
	}
}

// TestValueTypes: a type widens to those that hold all its numbers, and to no other.
func TestValueTypes(t *testing.T) {
	widens := map[DType]string{F16: "float32 float64", BF16: "float32 float64", F32: "float32 float64", F64: "float64", I64: "int64", U32: "uint32", U64: "uint64"}
	for _, d := range dtypes {
		x := &Tensor{Name: "x", Type: d.name, Shape: []int{4}, Data: make([]byte, 4*d.bits/8)}
		for kind, get := range map[string]func() (int, error){
			"float32": func() (int, error) { v, err := Values[float32](x); return len(v), err },
			"float64": func() (int, error) { v, err := Values[float64](x); return len(v), err },
			"int64":   func() (int, error) { v, err := Values[int64](x); return len(v), err },
			"uint32":  func() (int, error) { v, err := Values[uint32](x); return len(v), err },
			"uint64":  func() (int, error) { v, err := Values[uint64](x); return len(v), err },
		} {
			want := slices.Contains(strings.Fields(widens[d.name]), kind)
			n, err := get()
			if (err == nil) != want || want != (n == 4) {
				t.Errorf("%s to %s: %d values, %v", d.name, kind, n, err)
			}
			if err != nil && !strings.HasPrefix(err.Error(), `safetensors: tensor "x": type "`+string(d.name)+`", `) {
				t.Error(err)
			}
		}
	}
	for want, x := range map[string]*Tensor{
		"safetensors: a tensor expected, found none of that name":                                           nil,
		`safetensors: tensor "x": type "", BF16 or F16 or F32 expected`:                                     {Name: "x"},
		`safetensors: tensor "x": 5 bytes of data, 4 expected for F32 of shape [1]`:                         {"x", F32, []int{1}, make([]byte, 5)},
		`safetensors: tensor "x": negative dimension in shape [-1]`:                                         {"x", F32, []int{-1}, nil},
		`safetensors: tensor "` + strings.Repeat("x", 100) + `"...: type "I8", BF16 or F16 or F32 expected`: {strings.Repeat("x", 200), "I8", nil, nil},
	} {
		if v, err := Values[float32](x); v != nil || err == nil || err.Error() != want {
			t.Errorf("%v, %v; want %s", v, err, want)
		}
	}
}
