package doctor

import (
	"math"

	"github.com/db75a6f2/downhill/tensor"
)

// Most layers that people write are y = act(x*W + b), or an activation alone, y =
// act(x). Of these more can be said than that a tensor is wrong. With one row, z = x*W
// + b and dz = dy*act'(z), the gradients are
//
//	dW = x^T*dz    db = dz    dx = dz*W^T
//
// so that each of the three shows, by itself, what Backward took for dz, also where
// the others are wrong too.

// form is a layer of that form, with its rows one by one.
type form[T tensor.Float] struct {
	*layerCheck[T]
	weight, bias int  // their tensors, 0 if there is none
	turned       bool // the weight is outputs x features
	rows         []formRow[T]
	alone        []*pass // Backward of each row of the batch, also of those that show nothing
	slopes       bool    // act goes by element, so that its derivative is known everywhere
}

// formRow is a row of the batch and what Backward makes of it alone.
type formRow[T tensor.Float] struct {
	index       int // in the batch
	x           *tensor.Tensor[T]
	in          vector // x
	z, y, dy    vector
	dz          vector // the right one, by differences
	*pass              // Backward of dy
	singleInput int    // the largest element of x
}

// nameByStructure names what it can of a layer of the form.
func (c *layerCheck[T]) nameByStructure() {
	f := c.form()
	if f == nil {
		return
	}
	if f.weight == 0 {
		f.nameElementwise()
	} else {
		f.nameDense()
	}
}

// form returns the layer as one of the form, or nil if it is none.
func (c *layerCheck[T]) form() *form[T] {
	weight, bias, ok := c.formParams()
	if !ok {
		return nil
	}
	f := &form[T]{layerCheck: c, weight: weight, bias: bias}
	if f.fits() {
		return f
	}
	if f.bias > 0 && len(c.params[0].Value.Data) == len(c.params[1].Value.Data) { // as many of each: perhaps the other way round
		f.weight, f.bias = f.bias, f.weight
		if f.fits() {
			return f
		}
	}
	return nil
}

// formParams returns which tensors are a weight and a bias by their shapes, 0 for none,
// and false if the layer cannot be of the form.
func (c *layerCheck[T]) formParams() (weight, bias int, ok bool) {
	in, out := c.x.Cols, c.y.Cols
	for i, p := range c.params {
		v := p.Value
		switch {
		case weight == 0 && (v.Rows == in && v.Cols == out || v.Rows == out && v.Cols == in):
			weight = 1 + i
		case bias == 0 && len(v.Data) == out:
			bias = 1 + i
		default:
			return 0, 0, false
		}
	}
	return weight, bias, c.rowwise && in*out <= 1<<20 && (weight > 0 || bias == 0 && in == out)
}

// fits finds out how the weight lies, looks at every row, and reports whether the
// differences are those of the form.
func (f *form[T]) fits() bool {
	if f.weight == 0 {
		return f.look() && f.slopes && f.agrees()
	}
	w := f.params[f.weight-1].Value
	for _, turned := range []bool{false, true} {
		f.turned = turned
		if rows, cols := f.x.Cols, f.y.Cols; turned && (w.Rows != cols || w.Cols != rows) || !turned && (w.Rows != rows || w.Cols != cols) {
			continue
		}
		if f.look() && f.agrees() {
			return true
		}
	}
	return false
}

// at is the index in the weight of input i's share in output j.
func (f *form[T]) at(i, j int) int {
	if f.turned {
		return j*f.x.Cols + i
	}
	return i*f.y.Cols + j
}

// look takes the rows of the batch one by one. It leaves out those that show nothing:
// an input of zeros, a kink.
func (f *form[T]) look() bool {
	f.rows, f.alone, f.slopes = nil, nil, true
	for i := range f.x.Rows {
		x, r := f.x.Slice(i, i+1), f.r.Slice(i, i+1)
		row := formRow[T]{index: i, x: &x, pass: f.backward(&x, &r), in: toVector(x.Data), dy: toVector(r.Data), y: toVector(f.y.Row(i))}
		f.alone = append(f.alone, row.pass)
		for k, v := range row.in {
			if math.Abs(v) > math.Abs(row.in[row.singleInput]) {
				row.singleInput = k
			}
		}
		if row.z = f.sums(&row); f.weight > 0 && row.in.norm() == 0 {
			continue
		}
		if len(f.rows) == 0 {
			f.slopes = f.isElementwise(&row)
		}
		if f.slopes {
			row.dz = f.slope(&row, row.z)
			for j, d := range row.dy {
				row.dz[j] *= d
			}
		} else if row.dz = f.oneByOne(&row); row.dz == nil {
			return false
		}
		if v := row.dz.dot(row.dz); !finite(v) {
			continue
		}
		f.rows = append(f.rows, row)
	}
	return len(f.rows) > 0 && f.truth().norm() > 0
}

// sums is z = x*W + b.
func (f *form[T]) sums(row *formRow[T]) vector {
	if f.weight == 0 {
		return row.in
	}
	z, w := make(vector, f.y.Cols), f.params[f.weight-1].Value.Data
	for j := range z {
		for i, v := range row.in {
			z[j] += v * float64(w[f.at(i, j)])
		}
		if f.bias > 0 {
			z[j] += float64(f.params[f.bias-1].Value.Data[j])
		}
	}
	return z
}

// knob is a number of the layer that moves z[j] of a row, and by how much.
func (f *form[T]) knob(row *formRow[T], j int) (number *T, by float64) {
	switch {
	case f.weight == 0:
		return &row.x.Data[j], 1
	case f.bias > 0:
		return &f.params[f.bias-1].Value.Data[j], 1
	}
	return &f.params[f.weight-1].Value.Data[f.at(row.singleInput, j)], row.in[row.singleInput]
}

// moved returns the row's output with z moved by the given amounts, and how far z
// moved, which rounding has its say in.
func (f *form[T]) moved(row *formRow[T], by vector) (y, moves vector) {
	was := make([]T, len(by))
	moves = make(vector, len(by))
	for j := range by {
		number, per := f.knob(row, j)
		was[j] = *number
		*number += T(by[j] / per)
		moves[j] = (float64(*number) - float64(was[j])) * per
	}
	var out tensor.Tensor[T]
	f.layer.Forward(&out, row.x)
	for j := range by {
		number, _ := f.knob(row, j)
		*number = was[j]
	}
	return toVector(out.Data), moves
}

// slope is the activation's derivative at the given points, NaN at a kink.
func (f *form[T]) slope(row *formRow[T], at vector) vector {
	h := 1e-4
	if isFloat32[T]() {
		h = 0x1p-8
	}
	to := at.plus(-1, row.z)
	step := make(vector, len(at))
	for j := range step {
		step[j] = h
	}
	middle, m := f.moved(row, to)
	above, a := f.moved(row, to.plus(1, step))
	below, b := f.moved(row, to.plus(-1, step))
	slopes := make(vector, len(at))
	for j := range slopes {
		slopes[j] = (above[j] - below[j]) / (a[j] - b[j])
		right, left := (above[j]-middle[j])/(a[j]-m[j]), (middle[j]-below[j])/(m[j]-b[j])
		if smooth := h*(1+math.Abs(right)+math.Abs(left)) + 8*epsilon[T]()*math.Abs(middle[j])/h; !(math.Abs(right-left) <= smooth) {
			slopes[j] = math.NaN()
		}
	}
	return slopes
}

// isElementwise moves some of z alone.
func (f *form[T]) isElementwise(row *formRow[T]) bool {
	for _, k := range choose(len(row.y), 5, f.src) {
		by := make(vector, len(row.y))
		by[k] = 0.5
		for j, v := range first(f.moved(row, by)) {
			if j != k && v != row.y[j] && math.Abs(v-row.y[j]) > 64*epsilon[T]()*row.y.largest() {
				return false
			}
		}
	}
	return true
}

func first(y, _ vector) vector { return y }

// oneByOne is dz of an activation that mixes its inputs, such as a softmax: each moved
// alone. It is nil if there are too many.
func (f *form[T]) oneByOne(row *formRow[T]) vector {
	if len(row.y) > 64 {
		return nil
	}
	dz := make(vector, len(row.y))
	for j := range dz {
		number, per := f.knob(row, j)
		e := derivative(number, 4*epsilon[T]()*row.y.largest(), func() vector {
			rises := first(f.moved(row, make(vector, len(dz)))).plus(-1, row.y)
			for i, d := range row.dy {
				rises[i] *= d
			}
			return rises
		})
		dz[j] = e.value / per
	}
	return dz
}

// agrees reports whether the differences are those of the form.
func (f *form[T]) agrees() bool {
	tolerance := 1e-4
	if isFloat32[T]() {
		tolerance = 0.03
	}
	dz := make([]vector, f.x.Rows) // nil where a row shows nothing
	for _, r := range f.rows {
		dz[r.index] = r.dz
	}
	for t, k := range f.compared {
		scale := k.scale()
		for at, e := range k.index {
			want := 0.0
			switch {
			case t == 0 && dz[e/f.x.Cols] == nil || t > 0 && len(f.rows) < f.x.Rows:
				continue
			case t == 0 && f.weight == 0:
				want = dz[e/f.x.Cols][e%f.x.Cols]
			case t == 0:
				for j, d := range dz[e/f.x.Cols] {
					want += d * float64(f.params[f.weight-1].Value.Data[f.at(e%f.x.Cols, j)])
				}
			case t == f.weight:
				i, j := e/f.y.Cols, e%f.y.Cols
				if f.turned {
					i, j = e%f.x.Cols, e/f.x.Cols
				}
				for _, r := range f.rows {
					want += r.in[i] * r.dz[j]
				}
			default:
				for _, r := range f.rows {
					want += r.dz[e]
				}
			}
			if math.Abs(k.numeric[at]-want) > tolerance*scale+k.off[at] {
				return false
			}
		}
	}
	return true
}

// truth is dz of all rows, one after the other.
func (f *form[T]) truth() (all vector) {
	for i := range f.rows {
		all = append(all, f.rows[i].dz...)
	}
	return all
}
