package doctor

import (
	"cmp"
	"math"
	"slices"

	"github.com/db75a6f2/downhill/tensor"
)

// series reports whether what one row has in a column the next has in another: then the
// rows are windows of a series, one step on each time.
func (e *exam[T]) series() bool {
	rows := make([]int, len(e.rows))
	for i, r := range e.rows {
		rows[i] = (r + 1) % e.Train.Len()
	}
	next := new(tensor.Tensor[T]).Gather(e.Train.X, rows)
	var products tensor.Tensor[T]
	tensor.TMatMul(&products, standardised(e.x), standardised(next), 0)
	for i := range products.Rows {
		for j, p := range products.Row(i) {
			if i != j && math.Abs(float64(p)) > 0.98*float64(len(rows)) {
				return true
			}
		}
	}
	return false
}

// follows reports whether y, of one column, only rises or only falls with some column of
// x: it is that column, or says on which side of a limit that is.
func follows[T tensor.Float](y, x *tensor.Tensor[T]) bool {
	if y.Cols != 1 {
		return false
	}
	order := make([]int, y.Rows)
	for j := range x.Cols {
		for _, sign := range []T{1, -1} {
			for i := range order {
				order[i] = i
			}
			slices.SortFunc(order, func(a, b int) int {
				return cmp.Or(cmp.Compare(x.At(a, j), x.At(b, j)), cmp.Compare(sign*y.Data[b], sign*y.Data[a]))
			})
			falls := 0
			for i, r := range order[1:] {
				if sign*y.Data[r] < sign*y.Data[order[i]] {
					falls++
				}
			}
			// The rows at an end of the set have no row beside them.
			if falls <= 2 {
				return true
			}
		}
	}
	return false
}
