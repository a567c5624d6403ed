package main

import (
	"fmt"
	"io"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
)

// report prints which digits the network takes for which, and the share of right
// answers.
func report(w io.Writer, net *layers.Sequential[float32], set *data.Set[float32]) {
	var confusion [10][10]int // digit, answer
	right := 0
	logits := net.Predictor().Forward(set.X)
	for i := range set.Len() {
		digit, answer := int(set.Y.At(i, 0)), net.Class(logits.Row(i))
		confusion[digit][answer]++
		if digit == answer {
			right++
		}
	}
	fmt.Fprint(w, "\nrows: the digit, columns: the answer\n\n  ")
	for answer := range confusion {
		fmt.Fprintf(w, "%4d", answer)
	}
	fmt.Fprintln(w)
	for digit, answers := range confusion {
		fmt.Fprintf(w, "%2d", digit)
		for _, n := range answers {
			if n == 0 {
				fmt.Fprint(w, "   .")
			} else {
				fmt.Fprintf(w, "%4d", n)
			}
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "\ntest accuracy %.1f %%\n", 100*float64(right)/float64(set.Len()))
}
