package doctor

import (
	"fmt"
	"math"
	"slices"
)

// candidate is what Backward may have taken for dz. rule is empty for the right one.
type candidate struct {
	rule, formula string
	dz            vector // of all rows; NaN where it cannot be told
}

// candidates returns the right dz first.
func (f *form[T]) candidates() []candidate {
	all := []candidate{{"", "dy*act'(z)", f.truth()}}
	each := func(rule, formula string, dz func(r *formRow[T]) vector) {
		c := candidate{rule: rule, formula: formula}
		for i := range f.rows {
			c.dz = append(c.dz, dz(&f.rows[i])...)
		}
		all = append(all, c)
	}
	times := func(x, y vector) vector {
		p := make(vector, len(x))
		for i := range p {
			p[i] = x[i] * y[i]
		}
		return p
	}
	each("gradient/derivative", "dy", func(r *formRow[T]) vector { return r.dy })
	if f.slopes {
		each("gradient/upstream", "act'(dy)", func(r *formRow[T]) vector { return f.slope(r, r.dy) })
		each("gradient/upstream", "dy*act'(dy)", func(r *formRow[T]) vector { return times(r.dy, f.slope(r, r.dy)) })
		each("gradient/upstream", "act'(z)", func(r *formRow[T]) vector { return f.slope(r, r.z) })
		each("gradient/derivative", "dy*act'(act(z))", func(r *formRow[T]) vector { return times(r.dy, f.slope(r, r.y)) })
		each("gradient/derivative", "dy*act(z)", func(r *formRow[T]) vector { return times(r.dy, r.y) })
		each("gradient/derivative", "dy*z*(1-z)", func(r *formRow[T]) vector { return times(r.dy, r.z.plus(-1, times(r.z, r.z))) })
		each("gradient/derivative", "dy*(1-z*z)", func(r *formRow[T]) vector { return r.dy.plus(-1, times(r.dy, times(r.z, r.z))) })
	}
	return all
}

// mistake is that of tensors formed from the candidate.
func (k candidate) mistake(name string) mistake {
	m := mistake{rule: k.rule, tensors: []string{name}, evidence: []string{name + " is that of dz = " + k.formula},
		cure: "multiply the gradient from above, dy, by the derivative at what the activation was given, z: dz = dy * act'(z)"}
	switch k.formula {
	case "dy":
		m.cause = "the activation's derivative is missing: dy stands where dy*act'(z) should"
	case "act'(z)":
		m.cause = "the gradient from above is left out: act'(z) stands where dy*act'(z) should"
	case "act'(dy)", "dy*act'(dy)":
		m.cause = "the activation's derivative is taken of the gradient from above: " + k.formula + " stands where dy*act'(z) should"
	default:
		m.cause = "the activation's derivative is taken at the wrong place: " + k.formula + " stands where dy*act'(z) should"
	}
	return m
}

// match returns the candidate that dz is a multiple of, and which multiple; nil if there
// is none. It is the right one where another fits as well with the same factor.
func match(dz vector, among []candidate, cosine float64) (best *candidate, factor float64) {
	least := 1 - cosine
	var rightFactor float64
	for i := range among {
		var a, b vector
		for j, v := range among[i].dz {
			if j < len(dz) && !math.IsNaN(v) {
				a, b = append(a, dz[j]), append(b, v)
			}
		}
		if off := max(1e-15, 1-math.Abs(a.cosine(b))); 2*len(a) > len(dz) && off < least {
			best, factor = &among[i], a.ratio(b)
			if i == 0 {
				rightFactor = factor
			}
			least = off / 10 // another must fit much better
		}
	}
	if math.Abs(factor-rightFactor) < 0.01*math.Abs(factor) {
		best = &among[0]
	}
	return best, factor
}

// nameElementwise names the mistake of an activation.
func (f *form[T]) nameElementwise() {
	var dx vector
	for _, r := range f.rows {
		dx = append(dx, r.grads[0]...)
	}
	k, factor := match(dx, f.candidates(), aligned[T]())
	batch, adds := f.overBatch(0)
	if k == nil || !adds {
		return
	}
	if k.rule != "" {
		f.add(k.mistake("dx"))
	}
	f.named[0] = f.scaled("dx", factor*batch, same[T](), f.quantities(), cureOfLayer) || k.rule != ""
}

// overBatch compares tensor t's gradient of the batch with that of its rows: as a
// multiple of it, if it is one.
func (f *form[T]) overBatch(t int) (factor float64, adds bool) {
	var alone vector
	for i, r := range f.alone {
		switch {
		case t == 0:
			alone = append(alone, r.grads[0]...)
		case i == 0:
			alone = slices.Clone(r.grads[t])
		default:
			alone = alone.plus(1, r.grads[t])
		}
	}
	g := f.once.grads[t]
	return g.ratio(alone), math.Abs(g.cosine(alone)) > aligned[T]()
}

// nameDense names the mistakes of a layer with weights, those of each tensor apart.
func (f *form[T]) nameDense() {
	among := f.candidates()
	taken, turned := f.weightTaken()
	kind, size := match(taken, among, aligned[T]())
	if taken != nil {
		f.nameParam(f.weight, kind, size, turned)
	}
	if f.bias > 0 {
		var db vector
		for _, r := range f.rows {
			db = append(db, r.grads[f.bias]...)
		}
		biasKind, biasSize := match(db, among, aligned[T]())
		switch {
		case biasKind != nil && biasKind.formula == "dy" && kind != biasKind:
			f.add(mistake{rule: "gradient/bias", tensors: []string{f.name(f.bias)}, evidence: []string{f.name(f.bias) + " is the sum of dy"},
				cause: "the bias gradient is summed from the gradient from above, dy, instead of from dy*act'(z)",
				cure:  "sum over the rows what goes into the weight's gradient too: dz = dy * act'(z)"})
			f.nameParam(f.bias, &among[0], biasSize, false)
			f.named[f.bias] = true
		case biasKind != nil:
			f.nameParam(f.bias, biasKind, biasSize, false)
		}
	}
	f.nameInput(among, taken, kind, size)
}

// nameParam names the mistakes of a parameter that shows size times the given kind of
// dz. kind is nil if it is none that is known.
func (f *form[T]) nameParam(t int, kind *candidate, size float64, turned bool) {
	name := f.name(t)
	found := turned
	if turned {
		f.add(mistake{rule: "gradient/transposed", tensors: []string{name}, evidence: []string{name + " is dz^T*x"},
			cause: "the gradient is the transpose of the right one", cure: "exchange the factors: dW = x^T * dz"})
	}
	if kind != nil {
		if kind.rule != "" {
			found = true
			f.add(kind.mistake(name))
		}
		if batch, adds := f.overBatch(t); adds {
			found = f.scaled(name, size*batch, same[T](), f.quantities(), cureOfLayer) || found
		} else {
			found = true
			f.add(mistake{rule: "gradient/rows", tensors: []string{name}, evidence: []string{name + " of one row is right, but that of the batch is not their sum"},
				cause: "the gradient of a batch is not that of its rows together", cure: "sum the gradient over all rows"})
		}
	}
	f.named[t] = found
}

// weightTaken is what the weight's gradient shows that Backward took for dz, row by
// row, and whether it is the transpose that shows it. It is nil if neither does.
func (f *form[T]) weightTaken() (all vector, turned bool) {
	in, out := f.x.Cols, f.y.Cols
	for _, turned := range []bool{false, true} {
		if turned && in != out {
			break
		}
		index := f.at
		if turned {
			index = func(i, j int) int { return f.at(j, i) }
		}
		all = nil
		off, size := 0.0, 0.0
		for _, r := range f.rows {
			dz, g := make(vector, out), r.grads[f.weight]
			for j := range dz {
				for i, x := range r.in {
					dz[j] += x * g[index(i, j)] / r.in.dot(r.in)
				}
				for i, x := range r.in {
					off = max(off, math.Abs(g[index(i, j)]-x*dz[j]))
				}
			}
			all, size = append(all, dz...), max(size, g.largest())
		}
		if size > 0 && off <= 1e3*epsilon[T]()*size {
			return all, turned
		}
	}
	return nil, false
}

// nameInput names the mistakes of dx. taken is what the weight's gradient shows as dz,
// size times kind if that is not nil.
func (f *form[T]) nameInput(among []candidate, taken vector, kind *candidate, size float64) {
	var tries []candidate
	if taken != nil && kind == nil {
		tries = append(tries, candidate{dz: taken})
	} else if taken != nil {
		tries = append(tries, candidate{kind.rule, kind.formula, make(vector, len(taken)).plus(1/size, taken)})
	}
	tries = append(tries, among...)
	for _, turned := range []bool{false, true} {
		if turned && f.x.Cols != f.y.Cols {
			continue
		}
		for n, try := range tries {
			limit := 1e3 * epsilon[T]() // what the weight's gradient shows is as good as dx
			if taken == nil || n > 0 {
				limit = math.Sqrt(1 - aligned[T]())
			}
			factor, rate, share, off := f.fitInput(try.dz, turned)
			if !(off < limit) {
				continue
			}
			if turned {
				f.add(mistake{rule: "gradient/transposed", tensors: []string{"dx"}, evidence: []string{"dx is dz*W"},
					cause: "dx comes from the weights untransposed", cure: "take dx = dz * W^T, with the weights of the forward pass"})
			}
			if try.rule != "" {
				f.add(try.mistake("dx"))
			}
			early := share > limit
			found := turned || try.rule != "" || early
			if early && f.once.changed[f.weight] == nil {
				f.add(updatedEarly("dx", fmt.Sprintf("dx is formed from %s - %.4g*gradient", f.name(f.weight), rate)))
			} else if early {
				f.add(updatedEarly("dx", "dx is formed from the changed "+f.name(f.weight)))
			}
			if n == 0 && taken != nil && kind == nil {
				f.nameUnknown(factor)
			} else {
				batch, adds := f.overBatch(0)
				if early || !adds {
					batch = 1 // the batch's dx has other weights, or other rows
				}
				found = f.scaled("dx", factor*batch, same[T](), f.quantities(), cureOfLayer) || found
				found = found && (early || adds)
			}
			f.named[0] = found
			return
		}
	}
}

// nameUnknown names the mistake of a weight and a dx that come from the same dz, though
// from none that is known; the weight's is 1/factor times that of dx.
func (f *form[T]) nameUnknown(factor float64) {
	if f.linear[f.weight] {
		return
	}
	if size := math.Abs(1 / factor); math.Abs(size-1) > same[T]() && factorName(size, f.quantities()) != "" {
		f.scaled(f.name(f.weight), size, same[T](), f.quantities(), cureOfLayer)
	}
}

// fitInput explains dx by dz and the weights: dx = factor * dz*(W - rate*dW)^T, or
// with a Backward that has changed W, by that change. share is how much of dx the
// change makes, off how much is left unexplained.
func (f *form[T]) fitInput(dz vector, turned bool) (factor, rate, share, off float64) {
	out := f.y.Cols
	var dx, plain, change vector
	w := toVector(f.params[f.weight-1].Value.Data)
	for n, r := range f.rows {
		row := dz[n*out : (n+1)*out]
		dw := r.grads[f.weight]
		if r.changed[f.weight] != nil {
			dw = r.changed[f.weight]
		}
		dx = append(dx, r.grads[0]...)
		for i := range r.in {
			p, c := 0.0, 0.0
			for j, d := range row {
				k := f.at(i, j)
				if turned {
					k = f.at(j, i)
				}
				p += d * w[k]
				c += d * dw[k]
			}
			plain, change = append(plain, p), append(change, c)
		}
	}
	// Least squares in two unknowns, or one if the second explains nothing new.
	pp, cc, pc := plain.dot(plain), change.dot(change), plain.dot(change)
	a, b := dx.ratio(plain), 0.0
	if det := pp*cc - pc*pc; det > 1e-9*pp*cc && dx.plus(-a, plain).norm() > 64*epsilon[T]()*dx.norm() {
		a = (dx.dot(plain)*cc - dx.dot(change)*pc) / det
		b = (dx.dot(change)*pp - dx.dot(plain)*pc) / det
	}
	size := dx.norm()
	return a, -b / a, math.Abs(b) * change.norm() / size, dx.plus(-a, plain).plus(-b, change).norm() / size
}
