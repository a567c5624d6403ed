package safetensors

import (
	"errors"
	"math"
	"math/bits"
	"strconv"
)

// DType is the type of a tensor's elements, as the format names it.
type DType string

// The types that [Values] knows, and [New] but for F16 and BF16, which no type of Go is. A
// file may hold the others of the format, whose Data are bytes.
const (
	F16  DType = "F16"  // IEEE 754 half precision
	BF16 DType = "BF16" // the upper half of an F32
	F32  DType = "F32"
	F64  DType = "F64"
	I64  DType = "I64"
	U32  DType = "U32"
	U64  DType = "U64"
)

// dtypes are the types of the format, in its order: a file has the data of the last one
// first, so that every element is aligned.
var dtypes = [...]struct {
	name DType
	bits uint64 // of an element
}{
	{"BOOL", 8}, {"F4", 4}, {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"U8", 8}, {"I8", 8},
	{"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8},
	{"I16", 16}, {"U16", 16}, {F16, 16}, {BF16, 16},
	{"I32", 32}, {U32, 32}, {F32, 32},
	{"C64", 64}, {F64, 64}, {I64, 64}, {U64, 64},
}

// order returns a type's place in dtypes, or -1.
func (d DType) order() int {
	for i := range dtypes {
		if dtypes[i].name == d {
			return i
		}
	}
	return -1
}

// maxRank is what NumPy and PyTorch take.
const maxRank = 64

// size returns the number of bytes that a tensor's type and shape ask for, or else what
// is wrong with them.
func (t *Tensor) size() (n uint64, wrong string) {
	order := t.Type.order()
	if order < 0 {
		return 0, "unknown dtype " + quote(string(t.Type))
	}
	if len(t.Shape) > maxRank {
		return 0, "a shape of " + strconv.Itoa(len(t.Shape)) + " dimensions, at most " + strconv.Itoa(maxRank) + " expected"
	}
	// Dimensions beside a 0 are multiplied too: an int must hold every product that a
	// program may form of some of them.
	elements, empty := uint64(1), false
	for _, dim := range t.Shape {
		if dim < 0 {
			return 0, "negative dimension in shape " + shapeString(t.Shape)
		}
		if dim == 0 {
			empty = true
			continue
		}
		var high uint64
		if high, elements = bits.Mul64(elements, uint64(dim)); high != 0 || elements > math.MaxInt {
			return 0, "shape " + shapeString(t.Shape) + " has more elements than an int counts here"
		}
	}
	if empty {
		return 0, ""
	}
	high, total := bits.Mul64(elements, dtypes[order].bits)
	if high != 0 {
		return 0, "shape " + shapeString(t.Shape) + " has 2^64 bits or more"
	}
	if total%8 != 0 {
		return 0, digits(total) + " bits of " + string(t.Type) + " do not fill whole bytes"
	}
	return total / 8, ""
}

// check returns what is wrong with a tensor's type, shape or the length of its Data.
func (t *Tensor) check() (wrong string) {
	n, wrong := t.size()
	if wrong == "" && n != uint64(len(t.Data)) {
		wrong = strconv.Itoa(len(t.Data)) + " bytes of data, " + digits(n) + " expected for " + string(t.Type) + " of shape " + shapeString(t.Shape)
	}
	return wrong
}

// fail is an error of a tensor.
func (t *Tensor) fail(wrong string) error {
	return errors.New("safetensors: tensor " + quote(t.Name) + ": " + wrong)
}

func shapeString(shape []int) string {
	s := "["
	for i, dim := range shape {
		if i > 0 {
			s += " "
		}
		s += strconv.Itoa(dim)
	}
	return s + "]"
}

// quote is a name as messages show it.
func quote(name string) string {
	const most = 100
	if len(name) > most {
		return strconv.Quote(name[:most]) + "..."
	}
	return strconv.Quote(name)
}
