package tensor

import "github.com/db75a6f2/downhill"

// MatMul sets dst to the matrix product a*b, of a.Rows x b.Cols. It panics unless
// a.Cols == b.Rows. dst must be neither a nor b. See downhill.Gemm for its bits.
func MatMul[T Float](dst, a, b *Tensor[T]) {
	apart("MatMul", dst, a, b)
	if a.Cols != b.Rows {
		panic("tensor: MatMul: a is " + a.shape() + ", b is " + b.shape())
	}
	dst.Resize(a.Rows, b.Cols)
	downhill.Gemm(downhill.NoTrans, downhill.NoTrans, a.Rows, b.Cols, a.Cols, 1, a.Data, a.Cols, b.Data, b.Cols, 0, dst.Data, dst.Cols)
}

// MatMulT sets dst to a times b transposed, of a.Rows x b.Rows. It panics unless
// a.Cols == b.Cols. dst must be neither a nor b.
func MatMulT[T Float](dst, a, b *Tensor[T]) {
	apart("MatMulT", dst, a, b)
	if a.Cols != b.Cols {
		panic("tensor: MatMulT: a is " + a.shape() + ", b is " + b.shape())
	}
	dst.Resize(a.Rows, b.Rows)
	downhill.Gemm(downhill.NoTrans, downhill.Trans, a.Rows, b.Rows, a.Cols, 1, a.Data, a.Cols, b.Data, b.Cols, 0, dst.Data, dst.Cols)
}

// TMatMul sets dst to a transposed times b plus beta*dst, of a.Cols x b.Cols. With
// beta == 0 dst takes that shape and is not read; otherwise it must have it. It
// panics unless a.Rows == b.Rows. dst must be neither a nor b.
func TMatMul[T Float](dst, a, b *Tensor[T], beta T) {
	apart("TMatMul", dst, a, b)
	if a.Rows != b.Rows {
		panic("tensor: TMatMul: a is " + a.shape() + ", b is " + b.shape())
	}
	if beta == 0 {
		dst.Resize(a.Cols, b.Cols)
	} else if dst.Rows != a.Cols || dst.Cols != b.Cols {
		panic("tensor: TMatMul: dst is " + dst.shape() + ", a is " + a.shape() + ", b is " + b.shape())
	}
	downhill.Gemm(downhill.Trans, downhill.NoTrans, a.Cols, b.Cols, a.Rows, 1, a.Data, a.Cols, b.Data, b.Cols, beta, dst.Data, dst.Cols)
}

// SumRows sets the row dst to the sum of x's rows plus beta*dst. With beta == 0
// dst becomes 1 x x.Cols and is not read; otherwise it must have that shape, else
// SumRows panics. dst must not be x.
func SumRows[T Float](dst, x *Tensor[T], beta T) {
	apart("SumRows", dst, x, x)
	if beta == 0 {
		dst.Resize(1, x.Cols)
	}
	if dst.Rows != 1 || dst.Cols != x.Cols {
		panic("tensor: SumRows: dst is " + dst.shape() + ", x is " + x.shape())
	}
	downhill.SumRows(dst.Data, x.Rows, x.Cols, x.Data, x.Cols, beta)
}

// AddRow adds the 1 x dst.Cols tensor row to every row of dst. It panics if row
// has another shape, or is dst's first one.
func AddRow[T Float](dst, row *Tensor[T]) {
	apart("AddRow", dst, row, row)
	if row.Rows != 1 || row.Cols != dst.Cols {
		panic("tensor: AddRow: dst is " + dst.shape() + ", row is " + row.shape())
	}
	downhill.AddRow(dst.Data, dst.Rows, dst.Cols, dst.Cols, row.Data)
}

// ArgMax returns the index of the largest element of x, the first of equals: the
// class that a row of logits names. NaN counts as the largest. It panics if x is
// empty.
func ArgMax[T Float](x []T) int {
	best := 0
	for i, v := range x {
		if v != v {
			return i
		}
		if v > x[best] {
			best = i
		}
	}
	_ = x[best]
	return best
}

// apart panics if dst is one of the operands, before it loses their shape to Resize, or begins
// where one does.
func apart[T Float](op string, dst, a, b *Tensor[T]) {
	if dst == a || dst == b || together(dst.Data, a.Data) || together(dst.Data, b.Data) {
		panic("tensor: " + op + ": dst is an operand too")
	}
}

// together looks at the first elements that there is room for: those that Resize takes, too.
func together[T Float](x, y []T) bool { return cap(x) > 0 && cap(y) > 0 && &x[:1][0] == &y[:1][0] }
