package doctor

import (
	"fmt"
	"math"
	"slices"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// lintInputs looks at the inputs, without the network.
func (e *exam[T]) lintInputs() {
	for _, s := range []struct {
		name string
		set  *data.Set[T]
	}{{"Train", e.Train}, {"Validation", e.Validation}} {
		if s.set == nil {
			continue
		}
		e.notFinite(s.name+".X", s.set.X, s.set.Columns)
		e.notFinite(s.name+".Y", s.set.Y, nil)
	}
	if e.found(Fault) {
		return
	}
	if e.Net.Standardise != nil && e.Train.Standardised == nil {
		e.add("data/raw", Fault, "Train.X", "Net.Standardise is set, Train.Standardised is nil",
			"The network was trained on standardised inputs, and these are raw.", "Standardise them as those were: Net.Standardise.Apply(Train.X), and Train.Standardised = Net.Standardise.")
	}
	constant := 0
	first := -1
	for j, m := range columns(e.Train.X) {
		if m.deviation == 0 {
			if constant++; first < 0 {
				first = j
			}
		}
	}
	switch n := e.Train.X.Cols; {
	case constant == n && n > 0 && e.Train.Len() > 1:
		e.add("data/constant-column", Fault, "Train.X", fmt.Sprintf("all %d rows are equal", e.Train.Len()),
			"All inputs are the same, so there is nothing to tell samples apart by.", "Look at how the rows are read.")
	case constant > 0:
		e.add("data/constant-column", Note, "Train.X, column "+column(first, e.Train.Columns), fmt.Sprintf("%d of %d columns have one value only", constant, n),
			"A column that never changes says nothing.", "Leave such columns out, if they are not meant to be there.")
	}
	if n := e.Train.Len(); n < 30 {
		e.add("data/few-samples", Note, "Train", fmt.Sprintf("%d samples", n), "There are very few samples to learn from.", "Collect more, or expect to overfit.")
	}
}

func (e *exam[T]) notFinite(where string, x *tensor.Tensor[T], names []string) {
	nan, inf, first := 0, 0, -1
	for i, v := range x.Data {
		if finite(v) {
			continue
		}
		if first < 0 {
			first = i
		}
		if v != v {
			nan++
		} else {
			inf++
		}
	}
	if first < 0 {
		return
	}
	rule, what := "data/nan", "NaN"
	if x.Data[first] == x.Data[first] {
		rule, what = "data/inf", "infinite"
	}
	place := fmt.Sprintf("%s, row %d, column %s", where, first/x.Cols, column(first%x.Cols, names))
	e.add(rule, Fault, place, fmt.Sprintf("%d values are NaN and %d infinite", nan, inf),
		"A value is "+what+": it makes the loss NaN, and with it every weight.", "Leave those rows out, or fill in a value, where the data are read.")
}

// column names a column.
func column(j int, names []string) string {
	if j < len(names) {
		return fmt.Sprintf("%d (%s)", j, names[j])
	}
	return fmt.Sprint(j)
}

// lintLabels holds the labels against the loss.
func (e *exam[T]) lintLabels() {
	if err := e.Loss.Check(e.cols, e.Train.Y); err != nil {
		e.refused("Train.Y", e.Train.Y, err)
		return
	}
	if v := e.Validation; v != nil {
		if err := e.Loss.Check(e.cols, v.Y); err != nil {
			e.refused("Validation.Y", v.Y, err)
			return
		}
	}
	e.kind = kindOf(e.Loss, e.cols, e.y)
	y := e.Train.Y
	if constant(y) && y.Rows > 1 {
		e.add("labels/one-class", Fault, "Train.Y", fmt.Sprintf("all %d targets are %v", y.Rows, y.Row(0)),
			"All targets are the same, so there is nothing to learn.", "Look at how the labels are read and how the set was split.")
		return
	}
	if low, high := slices.Min(y.Data), slices.Max(y.Data); (e.kind == binaryShares || e.kind == binaryLogits) && (low < 0 || high > 1) {
		e.refused("Train.Y", y, fmt.Errorf("targets are from %v to %v, and the loss takes probabilities", low, high))
		return
	}
	if e.kind == squares {
		e.classesAsNumbers()
		return
	}
	if classes := e.classes(y); classes != nil {
		e.classCounts(classes)
	}
}

// constant reports whether all rows of y are the same.
func constant[T tensor.Float](y *tensor.Tensor[T]) bool {
	return !slices.ContainsFunc(columns(y), func(m moments) bool { return m.deviation > 0 })
}

// refused explains why a loss refuses its targets.
func (e *exam[T]) refused(where string, y *tensor.Tensor[T], err error) {
	low, high := slices.Min(y.Data), slices.Max(y.Data)
	whole := !slices.ContainsFunc(y.Data, func(v T) bool { return float64(v) != math.Trunc(float64(v)) })
	rule, cause, cure := "labels/range", "The targets are not what the loss takes.", "Bring them into its form, or take another loss."
	_, softmax := e.Loss.(layers.SoftmaxCrossEntropy[T])
	_, mse := e.Loss.(layers.MeanSquaredError[T])
	switch {
	case softmax && e.cols == 1:
		rule = "layers/one-output-softmax"
		cause, cure = "A softmax over one output is always 1, so nothing can be learnt.", "With two classes take layers.BinaryCrossEntropy; with more, a last layer with an output for each."
	case softmax && y.Cols == 1 && whole && low == 1 && int(high) == e.cols:
		cause, cure = "The classes are numbered from 1, and the loss takes them from 0.", "Subtract 1 from every label."
	case y.Cols == 1 && whole && low == -1 && (high == 1 || high == 0):
		cause, cure = "The labels are -1 and 1, and the loss takes 0 and 1.", "Map them by (y+1)/2."
	case softmax && y.Cols == 1 && whole && low >= 0 && int(high) >= e.cols:
		cause = "There are more classes than the network has outputs."
		cure = fmt.Sprintf("Give the last layer %d outputs instead of %d.", int(high)+1, e.cols)
	case softmax && y.Cols == 1 && !whole:
		cause, cure = "The loss takes class numbers, and some targets are fractions.", "To learn numbers take layers.MeanSquaredError; to learn classes, their numbers from 0."
	case softmax && y.Cols != 1:
		cause, cure = "The targets have another width than the network's output.", fmt.Sprintf("Give the last layer %d outputs, or the targets %d columns.", y.Cols, e.cols)
	case !softmax && !mse && y.Cols == e.cols && whole && low >= 0 && high > 1:
		cause = "The labels are numbers of several classes, and the loss takes 0 and 1."
		cure = fmt.Sprintf("Take layers.SoftmaxCrossEntropy and a last layer with %d outputs.", int(high)+1)
	case y.Cols == 1 && e.cols > 1 && whole && low >= 0 && int(high) < e.cols:
		cause, cure = "The targets are class numbers, and the loss takes a column for each output.", fmt.Sprintf("Take layers.SoftmaxCrossEntropy, or data.OneHot(labels, %d).", e.cols)
	case y.Cols != e.cols && !softmax:
		cause, cure = "The targets have another width than the network's output.", fmt.Sprintf("Give the last layer %d outputs.", y.Cols)
	}
	e.add(rule, Fault, where, err.Error(), cause, cure)
}

// classesAsNumbers looks for class numbers that are learnt as quantities.
func (e *exam[T]) classesAsNumbers() {
	y := e.Train.Y
	classes := classesOf(y)
	if classes == nil || y.Cols != 1 {
		return
	}
	n := slices.Max(classes) + 1
	if n > 20 || n < 2 || len(classes) < 2*n || slices.Contains(count(classes, n), 0) {
		return
	}
	s := Note
	if n > 2 && len(e.Train.Classes) == n {
		s = Warning
	}
	cure := fmt.Sprintf("Take layers.SoftmaxCrossEntropy and a last layer with %d outputs.", n)
	if n == 2 {
		cure = "Take layers.BinaryCrossEntropy."
	}
	e.add("loss/classes-as-numbers", s, "Train.Y", fmt.Sprintf("the targets are the whole numbers 0 to %d under %T", n-1, e.Loss),
		"The targets look like classes, and the loss learns them as quantities.", cure)
}

// classCounts looks at how often each class occurs.
func (e *exam[T]) classCounts(classes []int) {
	n := 2
	if e.kind == classLogits || e.kind == classShares || e.cols > 1 {
		n = max(e.cols, slices.Max(classes)+1)
	}
	counts := count(classes, n)
	most := slices.Max(counts)
	if part := float64(most) / float64(len(classes)); part >= 0.9 {
		c := slices.Index(counts, most)
		e.add("labels/imbalance", Note, "Train.Y", fmt.Sprintf("%.1f %% of the samples are of class %d", 100*part, c),
			"One class is nearly all of the data: always to say it is nearly right.", "Judge by the other classes, and repeat their samples or collect more.")
	}
	var unused []int
	for c, k := range counts {
		if k == 0 {
			unused = append(unused, c)
		}
	}
	if len(unused) == 0 {
		return
	}
	where, cure := "Train.Y", fmt.Sprintf("Give the last layer %d outputs, if the classes are %d.", n-len(unused), n-len(unused))
	if slices.Equal(unused, []int{0}) {
		cure = "If the classes are numbered from 1, subtract 1 from every label and make the last layer narrower."
	}
	s := Note
	if v := e.Validation; v != nil {
		if others := classesOf(v.Y); others != nil {
			for _, c := range unused {
				if k := count(others, n)[c]; k > 0 {
					s, where = Warning, "Train.Y and Validation.Y"
					cure = fmt.Sprintf("Split anew with SplitByClass: validation has %d samples of class %d.", k, c)
				}
			}
		}
	}
	e.add("labels/unused-output", s, where, fmt.Sprintf("no sample is of class %v; there are %d outputs", unused, n),
		"Some outputs have no samples to learn from.", cure)
}

// count counts the classes from 0 to n-1.
func count(classes []int, n int) []int {
	counts := make([]int, n)
	for _, c := range classes {
		if c < n {
			counts[c]++
		}
	}
	return counts
}

// classes returns the classes of targets, or nil if they are numbers. Under a loss that is
// no cross-entropy whole numbers are classes only where there is an output for each, or
// one for two.
func (e *exam[T]) classes(y *tensor.Tensor[T]) []int {
	all := classesOf(y)
	if e.kind == squares || e.kind == otherLoss && all != nil && slices.Max(all) >= max(2, e.cols) {
		return nil
	}
	return all
}

// classesOf returns the classes of a column of whole numbers from 0 or of one-hot rows,
// or nil if y is neither.
func classesOf[T tensor.Float](y *tensor.Tensor[T]) []int {
	classes := make([]int, y.Rows)
	for i := range classes {
		row := y.Row(i)
		if len(row) == 1 {
			if v := float64(row[0]); !(v >= 0 && v < 1e6) || v != math.Trunc(v) {
				return nil
			}
			classes[i] = int(row[0])
			continue
		}
		ones := 0
		for j, v := range row {
			if v == 1 {
				ones++
				classes[i] = j
			} else if v != 0 {
				return nil
			}
		}
		if ones != 1 {
			return nil
		}
	}
	return classes
}
