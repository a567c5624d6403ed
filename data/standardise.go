package data

import (
	"fmt"
	"math"
	"slices"

	"github.com/db75a6f2/downhill/tensor"
)

// Standardise brings every column of train's inputs to mean 0 and standard deviation
// 1, and does the same to the other sets with train's means and deviations: what is
// tested must not take part in the fit. A constant column becomes 0. The sets keep
// what was done in Standardised.
//
// It returns an error, and changes nothing, if train has no samples, a value of it
// is not finite, a set has other columns or has been standardised before.
func Standardise[T tensor.Float](train *Set[T], others ...*Set[T]) error {
	if err := train.Check(); err != nil {
		return fmt.Errorf("data: Standardise: %w", err)
	}
	all := append([]*Set[T]{train}, others...)
	for i, s := range all {
		if slices.ContainsFunc(all[:i], func(before *Set[T]) bool {
			return before.X == s.X || len(before.X.Data) > 0 && len(s.X.Data) > 0 && &before.X.Data[0] == &s.X.Data[0]
		}) {
			return fmt.Errorf("data: Standardise: a set is given twice")
		}
		if s.X.Cols != train.X.Cols {
			return fmt.Errorf("data: Standardise: a set has %d columns, the first one %d", s.X.Cols, train.X.Cols)
		}
		if s.Standardised != nil {
			return fmt.Errorf("data: Standardise: a set has been standardised before")
		}
	}
	a, err := fit(train)
	if err != nil {
		return err
	}
	train.standardise(a)
	for _, s := range others {
		s.standardise(a)
	}
	return nil
}

func (s *Set[T]) standardise(a *tensor.Affine[T]) {
	a.Apply(s.X)
	s.Standardised = a
}

// fit computes means and deviations in float64, row by row.
func fit[T tensor.Float](s *Set[T]) (*tensor.Affine[T], error) {
	n, cols := float64(s.X.Rows), s.X.Cols
	mean, square := make([]float64, cols), make([]float64, cols)
	for i := range s.X.Rows {
		for j, v := range s.X.Row(i) {
			mean[j] += float64(v)
		}
	}
	for j := range mean {
		mean[j] /= n
	}
	for i := range s.X.Rows {
		for j, v := range s.X.Row(i) {
			d := float64(v) - mean[j]
			square[j] += float64(d * d)
		}
	}
	a := &tensor.Affine[T]{Mean: make([]T, cols), Scale: make([]T, cols)}
	for j := range mean {
		a.Mean[j], a.Scale[j] = T(mean[j]), T(math.Sqrt(square[j]/n))
		if constant(s.X, j) {
			a.Mean[j], a.Scale[j] = s.X.At(0, j), 1 // the mean may have been rounded
		}
		if a.Scale[j] == 0 {
			return nil, fmt.Errorf("data: Standardise: column %s is too small to have a deviation", s.column(j))
		}
		for i := range s.X.Rows {
			if v := s.X.At(i, j) - a.Mean[j]; v-v != 0 || a.Scale[j]-a.Scale[j] != 0 {
				return nil, fmt.Errorf("data: Standardise: column %s is too large to have a mean and a deviation", s.column(j))
			}
		}
	}
	return a, nil
}

// constant reports whether a column has one value only, of which the deviation may
// still round to something above 0.
func constant[T tensor.Float](x *tensor.Tensor[T], j int) bool {
	for i := range x.Rows {
		if x.At(i, j) != x.At(0, j) {
			return false
		}
	}
	return true
}
