package doctor

import (
	"fmt"
	"math"
	"slices"

	"github.com/db75a6f2/downhill/tensor"
)

// lintSplit compares the validation set with the training set.
func (e *exam[T]) lintSplit() {
	v := e.Validation
	if v == nil {
		return
	}
	e.otherScale(v.X)
	e.leak(v.X)
}

// otherScale looks for a validation set that has not undergone what the training set
// has. Of two parts of one set, most columns have nearly the same mean and deviation.
func (e *exam[T]) otherScale(x *tensor.Tensor[T]) {
	if x.Rows < 10 {
		return
	}
	var shifts, stretches []float64
	train := columns(e.Train.X)
	for j, m := range columns(x) {
		if t := train[j]; t.deviation > 0 && m.deviation > 0 {
			shifts = append(shifts, math.Abs(m.mean-t.mean)/t.deviation)
			stretches = append(stretches, math.Abs(math.Log(m.deviation/t.deviation)))
		}
	}
	if len(shifts) == 0 {
		return
	}
	slices.Sort(shifts)
	slices.Sort(stretches)
	shift, stretch := shifts[len(shifts)/2], stretches[len(stretches)/2]
	if shift < 1 && stretch < math.Log(3) {
		return
	}
	e.add("data/split-scale", Warning, "Validation.X",
		fmt.Sprintf("the median column lies %.2g deviations off that of Train and is %.2g times as wide or narrow", shift, math.Exp(stretch)),
		"The validation set is not scaled as the training set is, so what it says of the network is wrong.",
		"data.Standardise(train, validation) fits on the first and does both.")
}

// leak looks for validation samples that are also in training.
func (e *exam[T]) leak(x *tensor.Tensor[T]) {
	seen := map[uint64]bool{}
	twice := 0
	for i := range e.Train.Len() {
		k := hash(e.Train.X.Row(i))
		if seen[k] {
			twice++
		}
		seen[k] = true
	}
	both, first := 0, -1
	for i := range x.Rows {
		if seen[hash(x.Row(i))] {
			if both++; first < 0 {
				first = i
			}
		}
	}
	if both == 0 {
		return
	}
	// Where rows occur twice within the training set, such as those of few values, they
	// occur across a fair split too.
	s, natural := Note, float64(twice)/float64(e.Train.Len())
	if part := float64(both) / float64(x.Rows); both >= 3 && part > 0.05+2*natural {
		s = Warning
	}
	e.add("data/duplicate-rows-across-split", s, fmt.Sprintf("Validation.X, row %d and others", first),
		fmt.Sprintf("%d of %d validation rows are also in Train; within Train %d of %d occur again", both, x.Rows, twice, e.Train.Len()),
		"Validation has samples that the network learns from, so it measures memory.", "Remove duplicates before the split.")
}

// hash is one number for a row: of different rows nearly surely a different one.
func hash[T tensor.Float](row []T) uint64 {
	h := uint64(len(row))
	for _, v := range row {
		h = (h ^ math.Float64bits(float64(v))) * 0x9e3779b97f4a7c15
		h ^= h >> 32
	}
	return h
}
