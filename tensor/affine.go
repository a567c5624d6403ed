package tensor

// Affine standardises columns: (x - Mean) / Scale. It is fitted on training data
// and travels with the network, so that inference sees inputs as training did.
type Affine[T Float] struct {
	Mean, Scale []T // one a column; no Scale is 0
}

// Apply standardises every row of x in place. It panics unless x has as many
// columns as a.
func (a *Affine[T]) Apply(x *Tensor[T]) {
	if x.Cols != len(a.Mean) || x.Cols != len(a.Scale) {
		panic("tensor: Affine.Apply: x is " + x.shape() + ", for " + itoa(len(a.Mean)) + " means and " + itoa(len(a.Scale)) + " scales")
	}
	for i := range x.Rows {
		row := x.Row(i)
		for j, v := range row {
			row[j] = (v - a.Mean[j]) / a.Scale[j]
		}
	}
}
