package safetensors

import (
	"errors"
	"math"
	"slices"
	"strconv"
)

// Number is a type of Go that a tensor's elements may have.
type Number interface {
	float32 | float64 | int64 | uint32 | uint64
}

// New returns a tensor of the values, which it copies. It panics if they are not as many
// as the shape has elements.
func New[T Number](name string, shape []int, values []T) Tensor {
	t := Tensor{Name: name, Shape: slices.Clone(shape)}
	width := 8
	switch any(values).(type) {
	case []float32:
		t.Type, width = F32, 4
	case []float64:
		t.Type = F64
	case []int64:
		t.Type = I64
	case []uint32:
		t.Type, width = U32, 4
	case []uint64:
		t.Type = U64
	}
	n, wrong := t.size()
	if wrong != "" {
		panic("safetensors: New: " + wrong)
	}
	if n != uint64(len(values))*uint64(width) {
		panic("safetensors: New: " + strconv.Itoa(len(values)) + " values for shape " + shapeString(shape))
	}
	t.Data = make([]byte, n)
	switch values := any(values).(type) {
	case []float32:
		for i, v := range values {
			putUint32(t.Data[4*i:], math.Float32bits(v))
		}
	case []float64:
		for i, v := range values {
			putUint64(t.Data[8*i:], math.Float64bits(v))
		}
	case []int64:
		for i, v := range values {
			putUint64(t.Data[8*i:], uint64(v))
		}
	case []uint32:
		for i, v := range values {
			putUint32(t.Data[4*i:], v)
		}
	case []uint64:
		for i, v := range values {
			putUint64(t.Data[8*i:], v)
		}
	}
	return t
}

// Values returns a tensor's elements. They have T's own type in the file, or one that
// widens to it exactly: F16 and BF16 to float32, those and F32 to float64. Another type
// is an error, and so is a nil tensor, which [File.Tensor] returns for a missing name.
func Values[T Number](t *Tensor) ([]T, error) {
	if err := readable[T](t); err != nil {
		return nil, err
	}
	n := uint64(len(t.Data)) * 8 / dtypes[t.Type.order()].bits
	values := make([]T, n)
	return values, Copy(values, t, 0)
}

// Copy sets dst to elements of a tensor, row-major, the first being that of index from.
// The types and the errors are those of [Values]. It panics if t has not so many.
func Copy[T Number](dst []T, t *Tensor, from int) error {
	if err := readable[T](t); err != nil {
		return err
	}
	width := int(dtypes[t.Type.order()].bits / 8)
	if n := len(t.Data) / width; from < 0 || from > n || len(dst) > n-from {
		panic("safetensors: Copy: " + strconv.Itoa(len(dst)) + " elements from " + strconv.Itoa(from) + " on, of " + strconv.Itoa(n))
	}
	data := t.Data[from*width:]
	switch dst := any(dst).(type) {
	case []float32:
		widen(dst, t.Type, data)
	case []float64:
		if t.Type != F64 {
			widen(dst, t.Type, data)
			break
		}
		for i := range dst {
			dst[i] = math.Float64frombits(uint64At(data[8*i:]))
		}
	case []int64:
		for i := range dst {
			dst[i] = int64(uint64At(data[8*i:]))
		}
	case []uint32:
		for i := range dst {
			dst[i] = uint32At(data[4*i:])
		}
	case []uint64:
		for i := range dst {
			dst[i] = uint64At(data[8*i:])
		}
	}
	return nil
}

// readable returns an error unless t is a sound tensor whose elements a T holds.
func readable[T Number](t *Tensor) error {
	if t == nil {
		return errors.New("safetensors: a tensor expected, found none of that name")
	}
	var from []DType
	switch any(T(0)).(type) {
	case float32:
		from = []DType{F32, F16, BF16}
	case float64:
		from = []DType{F64, F32, F16, BF16}
	case int64:
		from = []DType{I64}
	case uint32:
		from = []DType{U32}
	case uint64:
		from = []DType{U64}
	}
	if !slices.Contains(from, t.Type) {
		wrong := string(from[0]) + " expected"
		for _, d := range from[1:] {
			wrong = string(d) + " or " + wrong
		}
		return t.fail("type " + quote(string(t.Type)) + ", " + wrong)
	}
	if wrong := t.check(); wrong != "" {
		return t.fail(wrong)
	}
	return nil
}

// widen sets dst to the elements of data, which are F32, F16 or BF16.
func widen[T float32 | float64](dst []T, d DType, data []byte) {
	switch d {
	case F32:
		for i := range dst {
			dst[i] = T(math.Float32frombits(uint32At(data[4*i:])))
		}
	case F16:
		for i := range dst {
			dst[i] = T(half(uint16At(data[2*i:])))
		}
	case BF16:
		for i := range dst {
			dst[i] = T(math.Float32frombits(uint32(uint16At(data[2*i:])) << 16))
		}
	}
}

// half returns the value of an IEEE 754 half precision number, every one of which a
// float32 holds. A NaN keeps its bits.
func half(h uint16) float32 {
	sign := uint32(h&0x8000) << 16
	exponent := uint32(h>>10) & 0x1f
	fraction := uint32(h & 0x3ff)
	switch exponent {
	case 0: // fraction * 2^-24
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)/(1<<24)))
	case 0x1f:
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}

func uint16At(b []byte) uint16 { return uint16(b[0]) | uint16(b[1])<<8 }

func uint32At(b []byte) uint32 {
	_ = b[3]
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

func uint64At(b []byte) uint64 {
	_ = b[7]
	return uint64(uint32At(b)) | uint64(uint32At(b[4:]))<<32
}

func putUint32(b []byte, v uint32) {
	_ = b[3]
	b[0], b[1], b[2], b[3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
}

func putUint64(b []byte, v uint64) {
	putUint32(b, uint32(v))
	putUint32(b[4:], uint32(v>>32))
}
