package layers

import (
	"errors"
	"strconv"

	"github.com/db75a6f2/downhill/tensor"
)

// Loss is what training makes small. It has no state, so any number of goroutines
// may use it.
//
// Targets are a tensor with a row for each sample; what a row holds is the loss's
// business.
type Loss[T tensor.Float] interface {
	// Loss returns the mean over the batch (0 for none) and sets grad to its
	// gradient with respect to pred, in pred's shape. grad must be neither pred
	// nor target; if only the value is wanted it may be nil, which allocates.
	// Loss panics on targets that Check refuses.
	Loss(grad, pred, target *tensor.Tensor[T]) float64

	// Check says what is wrong with the targets for predictions of the given
	// number of columns, or nil. Targets come from outside, so train.Fit asks
	// before it begins.
	Check(cols int, target *tensor.Tensor[T]) error
}

// Scorer is a loss of classifiers, which can tell right from wrong.
type Scorer[T tensor.Float] interface {
	Loss[T]
	// Right returns the number of rows whose prediction names the target's class.
	Right(pred, target *tensor.Tensor[T]) int
}

// begin checks the arguments of l.Loss and gives grad its shape.
func begin[T tensor.Float](l Loss[T], name string, grad, pred, target *tensor.Tensor[T]) *tensor.Tensor[T] {
	if pred.Rows != target.Rows {
		panic("layers: " + name + ": pred is " + shape(pred) + ", target is " + shape(target))
	}
	if err := l.Check(pred.Cols, target); err != nil {
		panic(err.Error())
	}
	switch grad {
	case nil:
		grad = new(tensor.Tensor[T])
	case pred, target:
		panic("layers: " + name + ": grad is pred or target")
	}
	return grad.Resize(pred.Rows, pred.Cols)
}

// wantCols is the error of targets that should have cols columns and have not.
func wantCols[T tensor.Float](name string, cols int, target *tensor.Tensor[T]) error {
	return errors.New("layers: " + name + ": target is " + shape(target) + ", pred has " + strconv.Itoa(cols) + " columns")
}

// badTarget is the error of a target that should be something else.
func badTarget[T tensor.Float](name string, row int, v T, want string) error {
	return errors.New("layers: " + name + ": target of row " + strconv.Itoa(row) + " is " + number(v) + ", want " + want)
}

// finite reports whether v is neither NaN nor infinite.
func finite[T tensor.Float](v T) bool { return v-v == 0 }
