package main

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/db75a6f2/downhill/bench/peers/internal/cli"
	"github.com/db75a6f2/downhill/bench/peers/internal/stats"
)

// heading says which loops were timed.
const heading = `
Training is a step of plain SGD with its loss. "downhill" is the loop of train.Fit (Forward,
Loss, BackwardStep), "downhill-hand" the loop by hand (Forward, Loss, Backward, SGD.Step).
Inference of "downhill" is Predict.
`

// table is what was found on one number of threads.
type table struct {
	threads   int
	ceiling   float64 // GFLOP/s, the highest that was seen
	rivals    []string
	workloads []workload
	best      map[[3]string]float64 // seconds of the best round, by rival, library and workload
}

// tables sorts the rows.
func tables(rows []row) []table {
	byThreads := map[int]*table{}
	for _, r := range rows {
		t := byThreads[r.Threads]
		if t == nil {
			t = &table{threads: r.Threads, best: map[[3]string]float64{}}
			byThreads[r.Threads] = t
		}
		t.ceiling = max(t.ceiling, r.Ceiling)
		if !slices.Contains(t.rivals, r.Rival) {
			t.rivals = append(t.rivals, r.Rival)
		}
		key := [3]string{r.Rival, r.Library, r.Workload}
		if before, ok := t.best[key]; !ok || r.Seconds < before {
			t.best[key] = r.Seconds
		}
	}
	var all []table
	for _, t := range byThreads {
		for _, w := range workloads {
			if t.fastest(w) != "" {
				t.workloads = append(t.workloads, w)
			}
		}
		all = append(all, *t)
	}
	slices.SortFunc(all, func(a, b table) int { return a.threads - b.threads })
	return all
}

// theirs is the seconds of a rival, or 0.
func (t table) theirs(rival string, w workload) float64 {
	return t.best[[3]string{rival, rival, w.name}]
}

// ours is the seconds of one of Downhill's loops in the rival's processes, or 0.
func (t table) ours(rival, loop string, w workload) float64 {
	return t.best[[3]string{rival, loop, w.name}]
}

// fastest is the rival that takes the least on a workload.
func (t table) fastest(w workload) string {
	best := ""
	for _, r := range t.rivals {
		if s := t.theirs(r, w); s > 0 && (best == "" || s < t.theirs(best, w)) {
			best = r
		}
	}
	return best
}

// against is the geometric mean, over all workloads, of what the rival that pick names
// takes divided by what Downhill takes beside it.
func (t table) against(pick func(workload) string) float64 {
	var ratios []float64
	for _, w := range t.workloads {
		if r := pick(w); t.theirs(r, w) > 0 {
			ratios = append(ratios, t.theirs(r, w)/t.ours(r, ourFit, w))
		}
	}
	return stats.GeometricMean(ratios)
}

// share is the least time that the products can take, of that which was taken.
func (t table) share(w workload, seconds float64) string {
	if t.ceiling == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", w.flops()/(t.ceiling*1e9)/seconds)
}

// micros shows seconds as microseconds.
func micros(seconds float64) string {
	if seconds == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", seconds*1e6)
}

func stepText(rows []row) string {
	var b strings.Builder
	for _, t := range tables(rows) {
		fmt.Fprintf(&b, "\n%s: microseconds a step; ceiling %.1f GFLOP/s\n\n", cli.Title("float32", t.threads), t.ceiling)
		w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintf(w, "workload\tnetwork\tbatch\t%s\t%s\t%s\tof limit\tbest rival\tbest/downhill\t\n", strings.Join(t.rivals, "\t"), ourFit, ourHand)
		for _, x := range t.workloads {
			fmt.Fprintf(w, "%s\t%s\t%d\t", x.name, x.network(), x.batch)
			for _, r := range t.rivals {
				fmt.Fprintf(w, "%s\t", micros(t.theirs(r, x)))
			}
			best := t.fastest(x)
			ours := t.ours(best, ourFit, x)
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%.2f\t\n", micros(ours), micros(t.ours(best, ourHand, x)), t.share(x, ours), best, t.theirs(best, x)/ours)
		}
		fmt.Fprint(w, "rival/downhill\tgeometric mean\t\t")
		for _, r := range t.rivals {
			fmt.Fprintf(w, "%.2f\t", t.against(func(workload) string { return r }))
		}
		fmt.Fprintf(w, "\t\t\t\t%.2f\t\n", t.against(t.fastest))
		w.Flush()
	}
	return b.String()
}

// stepTSV has a line for each rival and workload.
func stepTSV(rows []row) string {
	var b strings.Builder
	b.WriteString("threads\tworkload\tnetwork\tbatch\trival\tus\tdownhill us\tdownhill-hand us\trival/downhill\tdownhill of limit\tceiling GFLOP/s\n")
	for _, t := range tables(rows) {
		for _, w := range t.workloads {
			for _, r := range t.rivals {
				if s := t.theirs(r, w); s > 0 {
					ours := t.ours(r, ourFit, w)
					fmt.Fprintf(&b, "%d\t%s\t%s\t%d\t%s\t%s\t%s\t%s\t%.3f\t%s\t%.1f\n", t.threads, w.name, w.network(), w.batch, r,
						micros(s), micros(ours), micros(t.ours(r, ourHand, w)), s/ours, t.share(w, ours), t.ceiling)
				}
			}
		}
	}
	return b.String()
}
