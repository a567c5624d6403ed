// Package tensor holds matrices: the values, gradients and parameters of networks.
//
// A [Tensor] is a matrix of float32 or float64, row-major in one flat slice. A
// batch is a tensor with a row for each sample. Its fields are open: x.Data[i*x.Cols+j]
// is element (i, j), and Data goes as it is to the kernels of the root package.
//
// Operations write to their first argument and give it its size, reusing its
// memory, so a loop that runs over the same tensors allocates nothing once it is
// warm:
//
//	var y tensor.Tensor[float32]
//	tensor.MatMul(&y, x, w) // y is now x.Rows x w.Cols
//
// A [Param] is a tensor that is learnt, with its gradient. [HeNormal] and its like
// give it starting values, from a source of randomness that the caller hands in.
// An [Affine] brings the columns of a table to mean 0 and deviation 1.
//
// Shapes that do not fit are mistakes of the program: they panic, with one line
// that names the operation and every shape.
package tensor
