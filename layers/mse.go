package layers

import "github.com/db75a6f2/downhill/tensor"

// MeanSquaredError is the loss of regression: the mean over the batch and the
// columns of (pred - target)^2. The target has pred's shape. PyTorch calls it
// MSELoss.
type MeanSquaredError[T tensor.Float] struct{}

// Loss implements Loss.
func (l MeanSquaredError[T]) Loss(grad, pred, target *tensor.Tensor[T]) float64 {
	g := begin(l, "MeanSquaredError", grad, pred, target).Data
	var total float64
	for i, p := range pred.Data {
		d := p - target.Data[i]
		total += float64(d * d)
		g[i] = d + d
	}
	return mean(total, g, len(g))
}

// Check implements Loss.
func (MeanSquaredError[T]) Check(cols int, target *tensor.Tensor[T]) error {
	if target.Cols != cols {
		return wantCols("MeanSquaredError", cols, target)
	}
	for i, v := range target.Data {
		if !finite(v) {
			return badTarget("MeanSquaredError", i/cols, v, "a finite number")
		}
	}
	return nil
}
