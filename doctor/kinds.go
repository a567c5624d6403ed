package doctor

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/db75a6f2/downhill/tensor"
)

// mistake is a fault of one kind in the gradients of a layer or a loss.
type mistake struct {
	rule        string
	tensors     []string
	evidence    []string
	cause, cure string
	factor      float64 // by which the tensors are off, if that is the mistake
}

// mistakes are those of one layer or loss. Tensors with the same one share it.
type mistakes []mistake

func (all *mistakes) add(m mistake) {
	for i := range *all {
		if old := &(*all)[i]; old.rule == m.rule && old.cause == m.cause && old.cure == m.cure {
			old.tensors = appendNew(old.tensors, m.tensors)
			old.evidence = appendNew(old.evidence, m.evidence)
			return
		}
	}
	*all = append(*all, m)
}

func appendNew(list, more []string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// findings returns them as such. where names the layer or loss.
func (all mistakes) findings(where string) (r Report) {
	for _, m := range all {
		r = append(r, Finding{
			Rule: m.rule, Severity: Fault,
			Where:    where + ", " + strings.Join(m.tensors, ", "),
			Evidence: strings.Join(m.evidence, "; "),
			Cause:    m.cause, Cure: m.cure,
		})
	}
	return r
}

// quantity is a number that a gradient may be multiplied or divided by in error.
type quantity struct {
	name string
	n    float64
}

// factorName says what a factor is made of, such as "1/features" or "batch/features",
// or nothing.
func factorName(f float64, of []quantity) string {
	near := func(x float64) bool { return math.Abs(f-x) <= 0.01*x }
	of = slices.DeleteFunc(append(of, quantity{"2", 2}), func(q quantity) bool { return q.n == 1 })
	var names []string
	for _, q := range of {
		if near(q.n) {
			names = append(names, q.name)
		}
		if near(1 / q.n) {
			names = append(names, "1/"+q.name)
		}
	}
	for i, a := range of {
		for j, b := range of {
			if len(names) > 0 || i == j {
				continue
			}
			switch {
			case near(a.n / b.n):
				names = append(names, a.name+"/"+b.name)
			case near(a.n * b.n):
				names = append(names, a.name+"*"+b.name)
			case near(1 / (a.n * b.n)):
				names = append(names, "1/("+a.name+"*"+b.name+")")
			}
		}
	}
	return strings.Join(names, " or ")
}

// scaled adds what is wrong with a gradient that is f times the right one, and reports
// whether anything is: its sign, its size, or both. cure says what to do about a factor
// of the given name.
func (all *mistakes) scaled(tensorName string, f, tolerance float64, of []quantity, cure func(name string) string) (found bool) {
	seen := []string{fmt.Sprintf("%s is %.4g times what differences give", tensorName, f)}
	if f < 0 {
		found = true
		all.add(mistake{rule: "gradient/sign", tensors: []string{tensorName}, evidence: seen, factor: f,
			cause: "the gradient has the wrong sign, so that a step goes uphill", cure: "turn the sign of the gradient around"})
	}
	size := math.Abs(f)
	if math.Abs(size-1) <= tolerance {
		return found
	}
	m := mistake{rule: "gradient/scaled", tensors: []string{tensorName}, factor: f, evidence: seen,
		cause: fmt.Sprintf("the gradient is %.4g times what it should be", size)}
	if name := factorName(size, of); name != "" {
		m.cause += fmt.Sprintf(", a factor of %s %s", name, numbers(name, of))
		m.cure = cure(name)
	} else {
		m.cure = fmt.Sprintf("look for a factor of %.4g in the gradient that the value has not", size)
	}
	all.add(m)
	return true
}

// cureOfLayer says what to do about a factor in a layer's gradient.
func cureOfLayer(name string) string {
	if name == "1/2" {
		return "multiply by 2: the derivative of a square x^2 is 2x"
	}
	if by, ok := strings.CutPrefix(name, "1/"); ok {
		return "drop the division by " + by + ": a layer sums over the rows and divides by nothing, since the loss has taken the mean over the batch"
	}
	return "drop the factor " + name + ": a layer sums over the rows, and the loss has taken the mean over the batch"
}

// cureOfLoss says what to do about a factor in a loss's gradient.
func cureOfLoss(name string) string {
	if name == "batch" {
		return "divide the gradient by the number of rows, pred.Rows: the loss is the mean over the batch"
	}
	return "derive the value as it is, with the factor that its mean has: the gradient has " + name + " too much"
}

// numbers lists the quantities that a factor's name speaks of.
func numbers(name string, of []quantity) string {
	var parts []string
	for _, q := range of {
		if strings.Contains(name, q.name) {
			part := fmt.Sprintf("%s = %.0f", q.name, q.n)
			if q.name == "batch" {
				part += ", the rows that were tried"
			}
			parts = append(parts, part)
		}
	}
	if parts == nil {
		return "(a square's derivative has a 2)"
	}
	return "with " + strings.Join(parts, ", ")
}

// divides reports whether tensor t is off by a factor f that is known already.
func (c *layerCheck[T]) divides(t int, f float64) bool {
	return slices.ContainsFunc(c.mistakes, func(m mistake) bool {
		return m.factor != 0 && slices.Contains(m.tensors, c.name(t)) && math.Abs(f-m.factor) < 0.02*math.Abs(f)
	})
}

// aligned is the cosine from which two vectors have the same direction.
func aligned[T tensor.Float]() float64 {
	if isFloat32[T]() {
		return 1 - 1e-4
	}
	return 1 - 1e-8
}

// same is how far a factor may be from 1.
func same[T tensor.Float]() float64 {
	if isFloat32[T]() {
		return 0.02
	}
	return 1e-4
}

// quantities are what a gradient of the layer may be divided by.
func (c *layerCheck[T]) quantities() []quantity {
	return []quantity{{"batch", float64(c.x.Rows)}, {"features", float64(c.x.Cols)}, {"outputs", float64(c.y.Cols)}}
}

// evidence is how far Backward's gradient is from the differences.
func (k *comparison) evidence(name string) string {
	at, _ := k.worst()
	a, n := k.certain()
	s := fmt.Sprintf("%s: element %d is %.6g, the difference quotient %.6g", name, k.index[at], k.analytic[at], k.numeric[at])
	if a.norm() > 0 && n.norm() > 0 && !math.IsInf(a.norm(), 0) {
		s += fmt.Sprintf(" (all: cosine %.4f, ratio %.4g)", a.cosine(n), a.ratio(n))
	}
	return s
}

// nameTensor says what kind of mistake tensor t has, of whatever layer, by the whole
// batch.
func (c *layerCheck[T]) nameTensor(t int) {
	k, name := c.compared[t], c.name(t)
	a, n := k.certain()
	m := mistake{tensors: []string{name}, evidence: []string{k.evidence(name)}}
	if !c.wrong(t) {
		m.evidence = nil
	}
	aligns := math.Abs(a.cosine(n)) > aligned[T]() && (len(a) > 1 || factorName(math.Abs(a.ratio(n)), c.quantities()) != "" || math.Abs(a.ratio(n)+1) < same[T]())
	switch {
	case !c.once.has[t] && c.once.changed[t] != nil: // that is named
		return
	case !c.once.has[t]:
		m.rule, m.cause = "gradient/missing", "Backward gives no gradient"
		m.cure = "add the gradient to Param.Grad in Backward, for every parameter that Params returns"
		if t == 0 {
			m.cure = "give dx the shape of x and set it, where it is not nil"
		}
	case c.once.grads[t].largest() == 0:
		m.rule, m.cause, m.cure = "gradient/zero", "the gradient is 0 where it should not be", "look for what is never added, or added to a copy"
	case math.IsNaN(c.once.grads[t].dot(c.once.grads[t])):
		m.rule, m.cause, m.cure = "gradient/wrong", "the gradient is NaN or Inf", "look for a division by 0 or a logarithm in Backward"
	case !c.linear[t]:
		m.rule, m.cause = "gradient/upstream", "Backward is not linear in the gradient from above: something is derived at it, or depends on its size"
		m.evidence = append(m.evidence, name+" from twice the gradient is not twice "+name)
		m.cure = "multiply the gradient from above by the derivative taken at the layer's own values: dy * act'(z)"
	case aligns:
		c.scaled(name, a.ratio(n), same[T](), c.quantities(), cureOfLayer)
		return
	case c.isTransposed(t):
		m.rule, m.cause, m.cure = "gradient/transposed", "the gradient is the transpose of the right one", "exchange the factors of the product, or turn the result around"
	case !c.addsRows(t):
		m.rule, m.cause = "gradient/rows", "the gradient of a batch is not that of its rows together"
		m.cure = "let each row go by itself, and sum the gradients of parameters over all rows"
	case t > 0 && c.onlyWrong(t) && c.data(t).Rows == 1:
		m.rule, m.cause, m.cure = "gradient/bias", "only the gradient of the bias is wrong", "sum over the rows what goes into the weight's gradient too"
	default:
		m.rule, m.cause, m.cure = "gradient/wrong", "the gradient is wrong, and not in a way that has a name", "begin with the element named, and work it out by hand"
	}
	c.add(m)
}

// onlyWrong reports whether tensor t alone is wrong.
func (c *layerCheck[T]) onlyWrong(t int) bool {
	for other := range c.compared {
		if other != t && c.wrong(other) {
			return false
		}
	}
	return true
}

// isTransposed compares a square parameter's gradient with the differences at the
// mirrored elements.
func (c *layerCheck[T]) isTransposed(t int) bool {
	d, k := c.data(t), c.compared[t]
	if t == 0 || d.Rows != d.Cols || d.Rows < 2 {
		return false
	}
	mirrored := *k
	mirrored.analytic = nil
	for _, i := range k.index {
		mirrored.analytic = append(mirrored.analytic, c.once.grads[t][i%d.Cols*d.Cols+i/d.Cols])
	}
	_, wrong := mirrored.worst()
	return !wrong
}

// addsRows reports whether tensor t's gradient is a multiple of what its rows give by
// themselves. It is also true where Forward mixes rows.
func (c *layerCheck[T]) addsRows(t int) bool {
	if !c.rowwise {
		return true
	}
	alone := make(vector, 0, len(c.once.grads[t]))
	for i := range c.x.Rows {
		x, r := c.x.Slice(i, i+1), c.r.Slice(i, i+1)
		g := c.backward(&x, &r).grads[t]
		switch {
		case t == 0:
			alone = append(alone, g...)
		case i == 0:
			alone = append(alone, g...)
		default:
			alone = alone.plus(1, g)
		}
	}
	return math.Abs(alone.cosine(c.once.grads[t])) > aligned[T]()
}

// nameUpdates names a Backward that steps.
func (c *layerCheck[T]) nameUpdates() {
	for t, d := range c.once.changed {
		if d == nil {
			continue
		}
		e := c.name(t) + " is not what it was before Backward"
		if g := c.once.grads[t]; g.norm() > 0 && math.Abs(d.cosine(g)) > 0.999 {
			e = fmt.Sprintf("Backward changes %s by %.4g times its gradient", c.name(t), d.ratio(g))
		}
		c.add(updatedEarly(c.name(t), e))
	}
}

// updatedEarly is the mistake of changing weights before Step.
func updatedEarly(tensorName, evidence string) mistake {
	return mistake{rule: "gradient/early-update", tensors: []string{tensorName}, evidence: []string{evidence},
		cause: "weights change during Backward, so that what is formed from them afterwards is wrong",
		cure:  "form dx from the weights of the forward pass, and leave every change of weights to the optimiser's Step"}
}
