package tensor

import (
	"math/bits"
	"strconv"

	"github.com/db75a6f2/downhill"
)

// Float is the element type of a tensor: float32 or float64.
type Float = downhill.Float

// Tensor is a matrix of Rows x Cols elements, row-major: element (i, j) is
// Data[i*Cols+j], and Data has Rows*Cols elements. The zero value is an empty
// matrix, ready to be a destination.
type Tensor[T Float] struct {
	Rows, Cols int
	Data       []T
}

// New returns a rows x cols tensor of zeros. It panics on a negative size.
func New[T Float](rows, cols int) *Tensor[T] {
	return new(Tensor[T]).Resize(rows, cols)
}

// From returns the rows x cols tensor whose elements are data, which it does not
// copy; memory behind them is never used. It panics if data has not rows*cols elements.
func From[T Float](rows, cols int, data []T) *Tensor[T] {
	if len(data) != size("From", rows, cols) {
		panic("tensor: From: " + itoa(len(data)) + " elements for " + itoa(rows) + "x" + itoa(cols))
	}
	return &Tensor[T]{Rows: rows, Cols: cols, Data: data[:len(data):len(data)]}
}

// Resize gives t a new shape and returns t. The elements have unspecified values
// then; memory is allocated only if t never was that large. It panics on a
// negative size.
func (t *Tensor[T]) Resize(rows, cols int) *Tensor[T] {
	n := size("Resize", rows, cols)
	if cap(t.Data) < n {
		t.Data = make([]T, n)
	}
	t.Rows, t.Cols, t.Data = rows, cols, t.Data[:n]
	return t
}

// At returns element (i, j). It panics if there is none.
func (t *Tensor[T]) At(i, j int) T { return t.Row(i)[j] }

// Set sets element (i, j). It panics if there is none.
func (t *Tensor[T]) Set(i, j int, v T) { t.Row(i)[j] = v }

// Row returns row i, as a part of t. It panics if there is none.
func (t *Tensor[T]) Row(i int) []T {
	if uint(i) >= uint(t.Rows) {
		panic("tensor: Row: " + itoa(i) + " of " + t.shape())
	}
	return t.Data[i*t.Cols:][:t.Cols:t.Cols]
}

// Slice returns rows lo to hi-1, as a part of t. It panics if they are not there.
func (t *Tensor[T]) Slice(lo, hi int) Tensor[T] {
	if lo < 0 || hi < lo || hi > t.Rows {
		panic("tensor: Slice: rows " + itoa(lo) + " to " + itoa(hi) + " of " + t.shape())
	}
	return Tensor[T]{Rows: hi - lo, Cols: t.Cols, Data: t.Data[lo*t.Cols : hi*t.Cols : hi*t.Cols]}
}

// Copy makes t a copy of x, with memory of its own, and returns t.
func (t *Tensor[T]) Copy(x *Tensor[T]) *Tensor[T] {
	t.Resize(x.Rows, x.Cols)
	copy(t.Data, x.Data)
	return t
}

// Gather makes t the given rows of x, in that order, and returns t. It panics if
// there is no such row, or t is x or begins where x does.
func (t *Tensor[T]) Gather(x *Tensor[T], rows []int) *Tensor[T] {
	apart("Gather", t, x, x)
	for _, r := range rows {
		if uint(r) >= uint(x.Rows) {
			panic("tensor: Gather: row " + itoa(r) + " of " + x.shape())
		}
	}
	t.Resize(len(rows), x.Cols)
	downhill.GatherRows(t.Data, x.Cols, x.Data, rows)
	return t
}

// size is rows*cols. It panics on a shape that no slice can have.
func size(op string, rows, cols int) int {
	hi, lo := bits.Mul(uint(rows), uint(cols))
	if rows < 0 || cols < 0 || hi != 0 || int(lo) < 0 {
		panic("tensor: " + op + ": a tensor of " + itoa(rows) + "x" + itoa(cols))
	}
	return int(lo)
}

// shape is the t of a panic message.
func (t *Tensor[T]) shape() string { return itoa(t.Rows) + "x" + itoa(t.Cols) }

func itoa(n int) string { return strconv.Itoa(n) }
