package data

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/db75a6f2/downhill/tensor"
)

// Array is an array of any number of dimensions, as files hold it.
type Array[T tensor.Float] struct {
	Shape []int // lengths of the dimensions; none for a single number
	Data  []T   // the elements, row-major: the last index runs fastest
}

// Tensor returns the array as a matrix, whose elements it does not copy: a row for
// each index of the first dimension, with the elements of all others. An array of one
// dimension is a column, and a single number is 1x1. It panics if Data has another
// length than Shape says.
func (a *Array[T]) Tensor() *tensor.Tensor[T] {
	rows, cols := 1, 1
	for i, n := range a.Shape {
		if i == 0 {
			rows = n
		} else {
			cols *= n
		}
	}
	return tensor.From(rows, cols, a.Data)
}

// FromArrays returns the set of the inputs x with the targets y, whose elements it
// does not copy. The first dimension of both is that of the samples. If names of
// classes are given, y must be one class number for each sample, from 0.
//
// It returns an error that names the sample if the set is unfit to learn from: x and y
// of different length, a label that is no class, a NaN.
func FromArrays[T tensor.Float](x, y *Array[T], classes []string) (*Set[T], error) {
	s := &Set[T]{X: x.Tensor(), Y: y.Tensor(), Classes: classes}
	if err := s.Check(); err != nil {
		return nil, fmt.Errorf("data: FromArrays: %w", err)
	}
	if classes == nil {
		return s, nil
	}
	if s.Y.Cols != 1 {
		return nil, fmt.Errorf("data: FromArrays: labels of shape %v, want one for each sample", y.Shape)
	}
	for i, v := range s.Y.Data {
		if _, err := class(v, len(classes)); err != nil {
			return nil, fmt.Errorf("data: FromArrays: row %d: %w", i, err)
		}
	}
	return s, nil
}

// maxElements keeps an array's bytes, in a file or in memory, countable by an int.
const maxElements = math.MaxInt / 8

// shaped makes a shape of the dimensions that a file claims. It returns the number of
// elements too.
func shaped(dims []uint64) (shape []int, n int, err error) {
	n, space := 1, uint64(1)
	for _, d := range dims {
		// A dimension of 0 makes no other one small.
		hi, lo := bits.Mul64(space, max(d, 1))
		if hi != 0 || lo > maxElements {
			return nil, 0, fmt.Errorf("the shape is %d, expected at most %d elements", dims, uint64(maxElements))
		}
		space = lo
		shape = append(shape, int(d))
		n *= int(d)
	}
	return shape, n, nil
}
