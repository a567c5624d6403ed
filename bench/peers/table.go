package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/db75a6f2/downhill/bench/peers/internal/cli"
	"github.com/db75a6f2/downhill/bench/peers/internal/stats"
)

// table is what was found for one type and number of threads.
type table struct {
	Type    string
	Threads int
	Ceiling float64 // GFLOP/s, the highest that was seen
	Rivals  []string
	Shapes  []shape
	cells   map[[2]string]cell // by rival and shape
}

// cell has GFLOP/s, each of the best round: what else runs on the machine only ever
// lowers one.
type cell struct {
	rival float64
	ours  float64 // Downhill's in the same processes
}

// tables sorts the rows. Wrong results count as none.
func tables(rows []row) []table {
	var all []table
	for _, typ := range []string{"float32", "float64"} {
		var threads []int
		for _, r := range rows {
			if r.Type == typ && !slices.Contains(threads, r.Threads) {
				threads = append(threads, r.Threads)
			}
		}
		slices.Sort(threads)
		for _, n := range threads {
			all = append(all, newTable(typ, n, rows))
		}
	}
	return all
}

func newTable(typ string, threads int, rows []row) table {
	t := table{Type: typ, Threads: threads, cells: map[[2]string]cell{}}
	for _, r := range rows {
		if r.Type != typ || r.Threads != threads || !r.Correct {
			continue
		}
		t.Ceiling = max(t.Ceiling, r.Ceiling)
		if !slices.Contains(t.Rivals, r.Rival) {
			t.Rivals = append(t.Rivals, r.Rival)
		}
		c := t.cells[[2]string{r.Rival, r.Shape}]
		if r.Library == project {
			c.ours = max(c.ours, r.Rate)
		} else {
			c.rival = max(c.rival, r.Rate)
		}
		t.cells[[2]string{r.Rival, r.Shape}] = c
	}
	for _, s := range shapes {
		if t.best(s.ID) != "" {
			t.Shapes = append(t.Shapes, s)
		}
	}
	return t
}

func (t table) cell(rival, shape string) cell { return t.cells[[2]string{rival, shape}] }

// best is the fastest rival on a shape.
func (t table) best(shape string) string {
	best := ""
	for _, r := range t.Rivals {
		if c := t.cell(r, shape); c.rival > t.cell(best, shape).rival && c.ours > 0 {
			best = r
		}
	}
	return best
}

// against is the geometric mean of Downhill's rate divided by the rival's, over the
// shapes that the rival does.
func (t table) against(rival string) float64 {
	var ratios []float64
	for _, s := range t.Shapes {
		if c := t.cell(rival, s.ID); c.rival > 0 && c.ours > 0 {
			ratios = append(ratios, c.ours/c.rival)
		}
	}
	return stats.GeometricMean(ratios)
}

// againstBest is the same for whichever rival is the fastest on a shape.
func (t table) againstBest() float64 {
	var ratios []float64
	for _, s := range t.Shapes {
		c := t.cell(t.best(s.ID), s.ID)
		ratios = append(ratios, c.ours/c.rival)
	}
	return stats.GeometricMean(ratios)
}

// share is a rate's share of the ceiling, if that is known.
func (t table) share(rate float64) string {
	if t.Ceiling == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", rate/t.Ceiling)
}

func (t table) title() string { return cli.Title(t.Type, t.Threads) }

func tableText(all []table) string {
	var b strings.Builder
	for _, t := range all {
		fmt.Fprintf(&b, "\n%s: GFLOP/s; ceiling %.1f\n\n", t.title(), t.Ceiling)
		w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintf(w, "shape\tm x n x k\t%s\tdownhill\tof ceiling\tbest rival\tdownhill/best\t\n", strings.Join(t.Rivals, "\t"))
		for _, s := range t.Shapes {
			fmt.Fprintf(w, "%s\t%s %dx%dx%d\t", s.ID, s.op(), s.M, s.N, s.K)
			for _, r := range t.Rivals {
				if c := t.cell(r, s.ID); c.rival > 0 {
					fmt.Fprintf(w, "%.1f\t", c.rival)
				} else {
					fmt.Fprint(w, "-\t")
				}
			}
			best := t.best(s.ID)
			c := t.cell(best, s.ID)
			fmt.Fprintf(w, "%.1f\t%s\t%s\t%.2f\t\n", c.ours, t.share(c.ours), best, c.ours/c.rival)
		}
		fmt.Fprint(w, "downhill/rival\tgeometric mean\t")
		for _, r := range t.Rivals {
			fmt.Fprintf(w, "%.2f\t", t.against(r))
		}
		fmt.Fprintf(w, "\t\t\t%.2f\t\n", t.againstBest())
		w.Flush()
	}
	b.WriteString("\nDownhill beside the best rival of each shape, geometric mean:\n")
	for _, t := range all {
		fmt.Fprintf(&b, "  %-18s  %.2f (shapes: %d)\n", t.title(), t.againstBest(), len(t.Shapes))
	}
	return b.String()
}

// tableTSV has one line for each rival and shape.
func tableTSV(all []table) string {
	var b strings.Builder
	b.WriteString("type\tthreads\tshape\top\tm\tn\tk\trival\tGFLOP/s\tdownhill GFLOP/s\tdownhill/rival\tceiling GFLOP/s\n")
	for _, t := range all {
		for _, s := range t.Shapes {
			for _, r := range t.Rivals {
				if c := t.cell(r, s.ID); c.rival > 0 && c.ours > 0 {
					fmt.Fprintf(&b, "%s\t%d\t%s\t%s\t%d\t%d\t%d\t%s\t%.2f\t%.2f\t%.3f\t%.1f\n",
						t.Type, t.Threads, s.ID, s.op(), s.M, s.N, s.K, r, c.rival, c.ours, c.ours/c.rival, t.Ceiling)
				}
			}
		}
	}
	return b.String()
}

// rowsTSV has every figure of every round.
func rowsTSV(rows []row) string {
	var b strings.Builder
	b.WriteString("rival\tlibrary\ttype\tshape\tthreads\tround\tGFLOP/s\tceiling GFLOP/s\tcorrect\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\t%d\t%d\t%.2f\t%.1f\t%t\n", r.Rival, r.Library, r.Type, r.Shape, r.Threads, r.Round, r.Rate, r.Ceiling, r.Correct)
	}
	return b.String()
}

// wrong names results that are not the product.
func wrong(rows []row) error {
	var all []error
	for _, r := range rows {
		if !r.Correct {
			all = append(all, fmt.Errorf("%s (beside %s) is wrong: %s, %s, %d threads, round %d", r.Library, r.Rival, r.Shape, r.Type, r.Threads, r.Round))
		}
	}
	return errors.Join(all...)
}
