package data

import (
	"errors"
	"fmt"

	"github.com/db75a6f2/downhill/tensor"
)

// Set is a data set in memory: a row of X and a row of Y for each sample.
type Set[T tensor.Float] struct {
	X *tensor.Tensor[T] // inputs
	Y *tensor.Tensor[T] // targets: class numbers in one column, or numbers

	Columns []string // names of X's columns, or nil
	Classes []string // names of the classes, by number, or nil

	// Standardised is what Standardise has done to X, or nil. It goes with the
	// network that learns from the set, so that raw inputs undergo the same.
	Standardised *tensor.Affine[T]
}

// Len returns the number of samples.
func (s *Set[T]) Len() int { return s.X.Rows }

// Check returns an error that names the first place where the set is unfit to learn
// from: no samples, X and Y of different length, a value that is NaN or infinite. The
// caller adds which set it is.
func (s *Set[T]) Check() error {
	if s == nil || s.X == nil || s.Y == nil || s.X.Rows == 0 || s.X.Cols == 0 {
		return errors.New("the set is empty")
	}
	if s.X.Rows != s.Y.Rows {
		return fmt.Errorf("%d rows of X, %d of Y", s.X.Rows, s.Y.Rows)
	}
	if len(s.X.Data) != s.X.Rows*s.X.Cols || len(s.Y.Data) != s.Y.Rows*s.Y.Cols {
		return fmt.Errorf("%d elements of X, which is %dx%d, and %d of Y, which is %dx%d", len(s.X.Data), s.X.Rows, s.X.Cols, len(s.Y.Data), s.Y.Rows, s.Y.Cols)
	}
	for i, v := range s.X.Data {
		if v-v != 0 {
			return fmt.Errorf("row %d, column %s is %v", i/s.X.Cols, s.column(i%s.X.Cols), v)
		}
	}
	for i, v := range s.Y.Data {
		if v-v != 0 {
			return fmt.Errorf("row %d: the target is %v", i/s.Y.Cols, v)
		}
	}
	return nil
}

// column names a column of X in a message.
func (s *Set[T]) column(j int) string {
	if j < len(s.Columns) {
		return fmt.Sprintf("%d (%s)", j, s.Columns[j])
	}
	return fmt.Sprint(j)
}

// Subset returns a copy of the given rows, in that order. It panics if there is no
// such row, and if X and Y differ in rows.
func (s *Set[T]) Subset(rows []int) *Set[T] {
	if s.X.Rows != s.Y.Rows {
		panic(fmt.Sprintf("data: Subset: X is %dx%d, Y is %dx%d", s.X.Rows, s.X.Cols, s.Y.Rows, s.Y.Cols))
	}
	sub := *s
	sub.X = new(tensor.Tensor[T]).Gather(s.X, rows)
	sub.Y = new(tensor.Tensor[T]).Gather(s.Y, rows)
	return &sub
}

// Convert returns a copy of the set with elements of another type.
func Convert[T, F tensor.Float](s *Set[F]) *Set[T] {
	c := &Set[T]{X: convert[T](s.X), Y: convert[T](s.Y), Columns: s.Columns, Classes: s.Classes}
	if a := s.Standardised; a != nil {
		c.Standardised = &tensor.Affine[T]{Mean: convertAll[T](a.Mean), Scale: convertAll[T](a.Scale)}
	}
	return c
}

func convert[T, F tensor.Float](t *tensor.Tensor[F]) *tensor.Tensor[T] {
	return tensor.From(t.Rows, t.Cols, convertAll[T](t.Data))
}

func convertAll[T, F tensor.Float](x []F) []T {
	y := make([]T, len(x))
	for i, v := range x {
		y[i] = T(v)
	}
	return y
}

// Labels returns class numbers as a column of targets.
func Labels[T tensor.Float](classes []int) *tensor.Tensor[T] {
	t := tensor.New[T](len(classes), 1)
	for i, c := range classes {
		t.Data[i] = T(c)
	}
	return t
}

// OneHot returns a row for each class number of the column labels, with a 1 at the
// class and 0 elsewhere. It returns an error that names the row if a label is no
// whole number from 0 to classes-1.
func OneHot[T tensor.Float](labels *tensor.Tensor[T], classes int) (*tensor.Tensor[T], error) {
	if labels.Cols != 1 {
		return nil, fmt.Errorf("data: OneHot: labels have %d columns, want 1", labels.Cols)
	}
	if classes < 0 {
		return nil, fmt.Errorf("data: OneHot: %d classes", classes)
	}
	t := tensor.New[T](labels.Rows, classes)
	for i, v := range labels.Data {
		c, err := class(v, classes)
		if err != nil {
			return nil, fmt.Errorf("data: OneHot: row %d: %w", i, err)
		}
		t.Set(i, c, 1)
	}
	return t, nil
}

// class is a label as a whole number from 0 to classes-1.
func class[T tensor.Float](v T, classes int) (int, error) {
	if !(v >= 0 && v < T(classes)) || v != T(int(v)) {
		return 0, fmt.Errorf("label %v is no class from 0 to %d", v, classes-1)
	}
	return int(v), nil
}
