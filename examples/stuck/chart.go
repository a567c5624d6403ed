package main

import (
	"fmt"
	"io"
	"math"
	"strings"
)

// curve is one line of a chart.
type curve struct {
	mark   byte
	name   string
	values []float64
}

// chart draws curves of equal length in width x height characters, from 0 upwards.
func chart(w io.Writer, width, height int, curves ...curve) {
	top, n := 0.0, len(curves[0].values)
	for _, c := range curves {
		for _, v := range c.values {
			if v > top && !math.IsInf(v, 1) {
				top = v
			}
		}
	}
	top = max(1, math.Ceil(top))
	rows := make([][]byte, height)
	for i := range rows {
		rows[i] = []byte(strings.Repeat(" ", width))
	}
	for _, c := range curves {
		for x := range width {
			v := c.values[x*(n-1)/(width-1)]
			if v >= 0 && v <= top {
				rows[height-1-int(v/top*float64(height-1)+0.5)][x] = c.mark
			}
		}
	}
	for i, row := range rows {
		label := ""
		if i%((height-1)/2) == 0 {
			label = fmt.Sprintf("%.1f", top*float64(height-1-i)/float64(height-1))
		}
		fmt.Fprintf(w, "%6s |%s\n", label, strings.TrimRight(string(row), " "))
	}
	fmt.Fprintf(w, "%6s +%s\n", "", strings.Repeat("-", width))
	end := fmt.Sprintf("epoch %d", n)
	fmt.Fprintf(w, "%6s  1%*s\n", "", width-1, end)
	for _, c := range curves {
		fmt.Fprintf(w, "%6s  %c %s\n", "loss", c.mark, c.name)
	}
}
