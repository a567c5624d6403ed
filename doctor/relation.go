package doctor

import (
	"fmt"
	"math"
	"slices"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/tensor"
)

// relation asks whether the inputs say anything about the labels: whether rows that are
// near each other have labels that are, more so than with the labels in another order
// (a k-nearest-neighbour probe against permutations). It also asks so of the labels
// moved by a row or two.
func (e *exam[T]) relation() {
	if e.Train.Len() < 60 || constant(e.y) {
		return
	}
	near := nearest(standardised(e.x))
	n := e.Train.Len()
	moved := func(by int) *tensor.Tensor[T] {
		rows := make([]int, len(e.rows))
		for i, r := range e.rows {
			rows[i] = ((r+by)%n + n) % n
		}
		return new(tensor.Tensor[T]).Gather(e.Train.Y, rows)
	}
	classes := e.kindHasClasses()
	z := func(y *tensor.Tensor[T]) float64 {
		return aboveShuffled(y, func(y *tensor.Tensor[T]) float64 { return agreement(near, y, classes) })
	}
	own := z(e.y)
	best, by := own, 0
	for _, d := range []int{-1, 1, -2, 2} {
		if s := z(moved(d)); s > best {
			best, by = s, d
		}
	}
	// Labels that neighbours never share, as in a parity, follow from the inputs too.
	switch shifted := by != 0 && best > 8 && math.Abs(own) < 0.4*best; {
	case shifted && (e.series() || follows(moved(by), e.x)):
		e.add("labels/shifted", Note, "Train.Y", fmt.Sprintf("neighbours agree %.1f deviations above chance with the label of row i%+d, %.1f with that of row i; what one row has in a column, the next has in another", best, by, own),
			"The labels are moved against the inputs, unless the rows are cut from a series and hold the values before their label.", "Nothing, if each label is what comes after the values of its row.")
	case shifted:
		c := change[T]{y: moved(by)}
		alt := e.try(c)
		e.add("labels/shifted", Fault, "Train.Y", fmt.Sprintf("neighbours agree %.1f deviations above chance with the label of row i%+d, %.1f with that of row i; %s", best, by, own, e.compared(alt, "with labels moved back")),
			fmt.Sprintf("The labels are moved against the inputs by %d row(s).", max(by, -by)), fmt.Sprintf("Pair X's row i with Y's row i%+d; look for a header line that is skipped once too often or too seldom.", by))
		e.mended(c, alt)
		return
	}
	if math.Abs(own) < 3.5 && n >= 100 && e.correlated(classes) < 3.5 {
		text, unlike := e.againstShuffled()
		if !unlike {
			e.add("labels/unrelated", Warning, "Train.Y", fmt.Sprintf("neighbours agree %.1f deviations above chance; %s", own, text),
				"The labels do not follow from the inputs: they are learnt no better than labels in random order.",
				"Look whether X and Y were shuffled or sorted apart from each other.")
		}
	}
}

// kindHasClasses reports whether single-column targets are classes rather than numbers.
func (e *exam[T]) kindHasClasses() bool {
	return e.y.Cols == 1 && e.classes(e.y) != nil
}

// nearest returns the 5 nearest other rows of each row. Those at no distance come first.
func nearest[T tensor.Float](x *tensor.Tensor[T]) [][]int {
	const k = 5
	var dots tensor.Tensor[T]
	tensor.MatMulT(&dots, x, x)
	all := make([][]int, x.Rows)
	for i := range all {
		var found []int
		distance := func(j int) float64 { return float64(dots.At(j, j)) - 2*float64(dots.At(i, j)) }
		for j := range x.Rows {
			if j == i || len(found) == k && distance(j) >= distance(found[k-1]) {
				continue
			}
			at, _ := slices.BinarySearchFunc(found, distance(j), func(f int, d float64) int {
				if distance(f) <= d {
					return -1
				}
				return 1
			})
			found = slices.Insert(found, at, j)
			found = found[:min(k, len(found))]
		}
		all[i] = found
	}
	return all
}

// agreement says how alike neighbours are in y, 0 if entirely.
func agreement[T tensor.Float](near [][]int, y *tensor.Tensor[T], classes bool) (sum float64) {
	for i, neighbours := range near {
		row := y.Row(i)
		for _, j := range neighbours {
			for c, v := range y.Row(j) {
				d := float64(v - row[c])
				if classes && d != 0 {
					d = 1
				}
				sum -= d * d
			}
		}
	}
	return sum
}

// correlated is how far the squared correlations of X's columns with the targets are
// above those of targets in random order.
func (e *exam[T]) correlated(classes bool) float64 {
	// Products of columns cost little, so that more rows can show what is weak.
	n := 20_000_000 / (e.x.Cols * max(e.cols, e.y.Cols))
	rows := e.sample(min(e.Train.Len(), max(len(e.rows), min(n, 1<<15))))
	x := standardised(new(tensor.Tensor[T]).Gather(e.Train.X, rows))
	y := new(tensor.Tensor[T]).Gather(e.Train.Y, rows)
	if n := int(slices.Max(y.Data)) + 1; classes && n <= max(2, e.cols) {
		if hot, err := data.OneHot(y, n); err == nil { // else a row outside the sample is no class
			y = hot
		}
	}
	return aboveShuffled(standardised(y), func(y *tensor.Tensor[T]) (sum float64) {
		var products tensor.Tensor[T]
		tensor.TMatMul(&products, x, y, 0)
		for _, v := range products.Data {
			sum += float64(v) * float64(v)
		}
		return sum
	})
}

// aboveShuffled says how far a measure of y is above that of y in random order, in
// standard deviations.
func aboveShuffled[T tensor.Float](y *tensor.Tensor[T], measure func(y *tensor.Tensor[T]) float64) float64 {
	const draws = 40
	var sum, squares float64
	for i := range uint64(draws) {
		s := measure(shuffled(y, 100+i))
		sum += s / draws
		squares += s * s / draws
	}
	deviation := math.Sqrt(max(squares-sum*sum, 1e-12*squares))
	if deviation == 0 {
		return 0
	}
	return (measure(y) - sum) / deviation
}
