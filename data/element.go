package data

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/bits"
	"strconv"
	"unsafe"

	"github.com/db75a6f2/downhill/tensor"
)

// element is a type of numbers in a file.
type element struct {
	kind  byte // as numpy has it: 'b' is bool, 'i' signed, 'u' unsigned, 'f' floating
	size  int  // bytes
	order binary.ByteOrder
}

func (e element) String() string {
	bits := strconv.Itoa(8 * e.size)
	switch e.kind {
	case 'b':
		return "bool"
	case 'i':
		return "int" + bits
	case 'u':
		return "uint" + bits
	}
	return "float" + bits
}

// readElements reads n elements, which must be all that is left of the file. Memory
// grows as they arrive: n is the word of a header only.
func readElements[T tensor.Float](s *source, e element, n int) ([]T, error) {
	var x []T
	block := make([]byte, min(n*e.size, 1<<16))
	for len(x) < n {
		b := block[:min(len(block), (n-len(x))*e.size)]
		at := s.at
		if err := s.fill(b, fmt.Sprintf("%d elements of type %v", n, e)); err != nil {
			return nil, err
		}
		old, more := len(x), len(b)/e.size
		if old+more > cap(x) {
			x = append(make([]T, 0, min(n, 2*(old+more))), x...)
		}
		x = x[:old+more]
		for i := range more {
			raw := e.raw(b[i*e.size:])
			v, ok := value[T](e, raw)
			if !ok {
				return nil, fmt.Errorf("offset %d: the %v %s, expected %s", at+int64(i*e.size), e, e.text(raw), holds[T](e))
			}
			x[old+i] = v
		}
	}
	switch _, err := io.ReadFull(s, make([]byte, 1)); err {
	case io.EOF:
		return x, nil
	case nil:
		return nil, fmt.Errorf("offset %d: the file goes on, expected its end after %d elements of type %v", s.at-1, n, e)
	default:
		return nil, err
	}
}

// raw is the element at the beginning of b, as bits.
func (e element) raw(b []byte) uint64 {
	switch e.size {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(e.order.Uint16(b))
	case 4:
		return uint64(e.order.Uint32(b))
	}
	return e.order.Uint64(b)
}

// value is an element as a T, and whether it is one: integers must be exact, and
// floats, which are rounded, must not overflow.
func value[T tensor.Float](e element, raw uint64) (T, bool) {
	switch e.kind {
	case 'b':
		return T(raw), raw <= 1
	case 'u':
		return T(raw), exact[T](raw)
	case 'i':
		v := e.signed(raw)
		return T(v), exact[T](uint64(max(v, -v))) // -v is v, 2^63 as unsigned, for the least of all
	}
	v := e.float(raw)
	return T(v), math.IsInf(float64(T(v)), 0) == math.IsInf(v, 0)
}

// signed is the integer of the element's size.
func (e element) signed(raw uint64) int64 {
	unused := 64 - 8*e.size
	return int64(raw<<unused) >> unused
}

// float is the floating-point number of the element's size.
func (e element) float(raw uint64) float64 {
	switch e.size {
	case 2:
		return half(uint32(raw))
	case 4:
		return float64(math.Float32frombits(uint32(raw)))
	}
	return math.Float64frombits(raw)
}

// half is a number of 16 bits: sign, 5 of exponent, 10 of fraction (IEEE 754 binary16).
func half(raw uint32) float64 {
	sign, exponent, fraction := raw>>15<<31, raw>>10&31, raw&1023
	switch exponent {
	case 0: // and no hidden 1
		return float64(math.Float32frombits(sign | math.Float32bits(float32(fraction)*0x1p-24)))
	case 31:
		exponent = 255
	default:
		exponent += 127 - 15
	}
	return float64(math.Float32frombits(sign | exponent<<23 | fraction<<13))
}

// exact reports whether T holds the whole number v.
func exact[T tensor.Float](v uint64) bool {
	mantissa := 24
	if unsafe.Sizeof(T(0)) == 8 {
		mantissa = 53
	}
	return bits.Len64(v)-bits.TrailingZeros64(v|1<<63) <= mantissa
}

// text is the element for a message.
func (e element) text(raw uint64) string {
	switch e.kind {
	case 'i':
		return strconv.FormatInt(e.signed(raw), 10)
	case 'f':
		return strconv.FormatFloat(e.float(raw), 'g', -1, 64)
	}
	return strconv.FormatUint(raw, 10)
}

// holds says which elements value takes.
func holds[T tensor.Float](e element) string {
	switch e.kind {
	case 'b':
		return "0 or 1"
	case 'f':
		return fmt.Sprintf("what is finite as a %T", T(0))
	}
	return fmt.Sprintf("what a %T holds exactly", T(0))
}
