package main

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/db75a6f2/downhill/bench/peers/internal/cli"
	"github.com/db75a6f2/downhill/bench/peers/internal/stats"
)

// outcome sums up the courses of one library in one rival's process: medians of the seeds.
type outcome struct {
	rival, trained string
	threads, seeds int
	reached        int     // seeds that reached the target
	toTarget       float64 // seconds, of those
	epochs         float64 // likewise
	accuracy       float64
	perEpoch       float64 // seconds
}

// outcomes are in the order of the threads, then of the rows.
func outcomes(rows []course) []outcome {
	type group struct {
		rival, trained string
		threads        int
	}
	var order []group
	groups := map[group][]course{}
	for _, c := range rows {
		g := group{c.Rival, c.Library, c.Threads}
		if groups[g] == nil {
			order = append(order, g)
		}
		groups[g] = append(groups[g], c)
	}
	slices.SortStableFunc(order, func(a, b group) int { return a.threads - b.threads })
	var all []outcome
	for _, g := range order {
		var toTarget, epochs, accuracy, perEpoch []float64
		for _, c := range groups[g] {
			if c.Reached > 0 {
				toTarget, epochs = append(toTarget, c.ToTarget), append(epochs, float64(c.Reached))
			}
			accuracy, perEpoch = append(accuracy, c.Accuracy), append(perEpoch, c.Seconds/float64(c.Epochs))
		}
		all = append(all, outcome{g.rival, g.trained, g.threads, len(groups[g]), len(toTarget),
			stats.Median(toTarget), stats.Median(epochs), stats.Median(accuracy), stats.Median(perEpoch)})
	}
	return all
}

// target is the seconds to the target and the epochs, if any seed reached it.
func (o outcome) target() (seconds, epochs string) {
	if o.reached == 0 {
		return "-", "-"
	}
	return fmt.Sprintf("%.3f", o.toTarget), fmt.Sprintf("%g", o.epochs)
}

func courseText(rows []course) string {
	var b strings.Builder
	all := outcomes(rows)
	for i, o := range all {
		if i == 0 || o.threads != all[i-1].threads {
			fmt.Fprintf(&b, "\n%s: medians of the seeds\n\n", cli.Title("float32", o.threads))
			b.WriteString(courseLines(all, o.threads))
		}
	}
	return b.String()
}

// times is how often the library's epoch takes Downhill's in the same process.
func (o outcome) times(all []outcome) string {
	for _, us := range all {
		if us.trained == ourFit && us.rival == o.rival && us.threads == o.threads {
			return fmt.Sprintf("%.2f", o.perEpoch/us.perEpoch)
		}
	}
	return "-"
}

// courseLines has the rivals, and below each Downhill in its process.
func courseLines(all []outcome, threads int) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "library\tbeside\tseconds to target\tepochs\tseeds\taccuracy\tseconds an epoch\tof downhill's\t\n")
	for _, o := range all {
		if o.threads == threads {
			seconds, epochs := o.target()
			beside := o.rival
			if o.rival == o.trained {
				beside = ourFit
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d of %d\t%.4f\t%.4f\t%s\t\n",
				o.trained, beside, seconds, epochs, o.reached, o.seeds, o.accuracy, o.perEpoch, o.times(all))
		}
	}
	w.Flush()
	return b.String()
}

// courseTSV has every training.
func courseTSV(rows []course) string {
	var b strings.Builder
	b.WriteString("threads\trival\tlibrary\tseed\tepochs\tseconds\taccuracy\treached after epochs\treached after seconds\n")
	for _, c := range rows {
		fmt.Fprintf(&b, "%d\t%s\t%s\t%d\t%d\t%.4f\t%.4f\t%d\t%.4f\n", c.Threads, c.Rival, c.Library, c.Seed, c.Epochs, c.Seconds, c.Accuracy, c.Reached, c.ToTarget)
	}
	return b.String()
}
