package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A panel's size, and the frame of the curves in it.
const (
	panelWidth, panelHeight  = 470, 340
	left, right, top, bottom = 64, 452, 40, 284
	legendRow, legendColumns = 24, 5
)

// styles are the curves' colours and dashes; two kernel sets of one library share a colour.
var styles = map[string]string{
	project:        `stroke="#d00000" stroke-width="3"`,
	"openblas-skx": `stroke="#1f6feb" stroke-width="1.5"`,
	"openblas-hsw": `stroke="#1f6feb" stroke-width="1.5" stroke-dasharray="5 3"`,
	"blis-skx":     `stroke="#2b8a3e" stroke-width="1.5"`,
	"blis-zen3":    `stroke="#2b8a3e" stroke-width="1.5" stroke-dasharray="5 3"`,
	"onednn":       `stroke="#e8930c" stroke-width="1.5"`,
	"libxsmm":      `stroke="#8e44ad" stroke-width="1.5"`,
	"eigen":        `stroke="#7a4a21" stroke-width="1.5"`,
	"gonum":        `stroke="#0aa5a5" stroke-width="1.5"`,
}

const ceilingStyle = `stroke="#222" stroke-width="1.5" stroke-dasharray="2 3"`

// squaresSVG draws rates against n on the square shapes, a panel for each table.
func squaresSVG(all []table) string {
	names := []string{project}
	for _, r := range rivals {
		if slices.ContainsFunc(all, func(t table) bool { return slices.Contains(t.Rivals, r.name) }) {
			names = append(names, r.name)
		}
	}
	names = append(names, "ceiling")
	columns := min(2, len(all))
	rows := (len(all) + columns - 1) / columns
	width := max(columns, 2) * panelWidth
	legendTop := 44 + rows*panelHeight
	height := legendTop + (len(names)+legendColumns-1)/legendColumns*legendRow + 8

	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" font-family="sans-serif" font-size="13" fill="#222">
<rect width="100%%" height="100%%" fill="white"/>
<text x="%[3]d" y="30" font-size="17">C = A·B of n × n matrices</text>
`, width, height, left)
	for i, t := range all {
		fmt.Fprintf(&b, `<g transform="translate(%d %d)">
`, i%columns*panelWidth, 40+i/columns*panelHeight)
		panel(&b, t)
		b.WriteString("</g>\n")
	}
	for i, name := range names {
		x, y := left+i%legendColumns*(width-left)/legendColumns, legendTop+i/legendColumns*legendRow
		style, ok := styles[name]
		if !ok {
			style = ceilingStyle
		}
		fmt.Fprintf(&b, `<path d="M%d %dh30" %s/><text x="%d" y="%d" font-size="14">%s</text>
`, x, y, style, x+38, y+5, name)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// panel draws one table.
func panel(b *strings.Builder, t table) {
	var squares []shape
	highest := t.Ceiling
	for _, s := range t.Shapes {
		if !s.square() {
			continue
		}
		squares = append(squares, s)
		for _, r := range t.Rivals {
			highest = max(highest, t.cell(r, s.ID).rival, t.cell(r, s.ID).ours)
		}
	}
	fmt.Fprintf(b, `<text x="%d" y="28" font-size="15">%s</text>
`, left, t.title())
	if len(squares) == 0 {
		return
	}
	tick := niceStep(highest / 6)
	full := math.Ceil(highest*1.02/tick) * tick
	first, last := float64(squares[0].N), float64(squares[len(squares)-1].N)
	x := func(n int) float64 {
		return left + 12 + math.Log2(float64(n)/first)/max(1, math.Log2(last/first))*(right-left-24)
	}
	y := func(rate float64) float64 { return bottom - rate/full*(bottom-top) }

	for i := 0; float64(i)*tick <= full*1.001; i++ {
		v := float64(i) * tick
		fmt.Fprintf(b, `<path d="M%d %.1fH%d" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">%.4g</text>
`, left, y(v), right, left-8, y(v)+4, v)
	}
	for _, s := range squares {
		fmt.Fprintf(b, `<path d="M%.1f %dv5" stroke="#222"/>`, x(s.N), bottom)
		if s.N&(s.N-1) == 0 { // the others would run into their neighbours
			fmt.Fprintf(b, `<text x="%.1f" y="%d" text-anchor="middle">%d</text>`, x(s.N), bottom+19, s.N)
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(b, `<path d="M%d %dV%dH%d" fill="none" stroke="#222"/>
<text x="%d" y="%d" text-anchor="middle">n (logarithmic)</text>
<text transform="translate(18 %d) rotate(-90)" text-anchor="middle">GFLOP/s</text>
`, left, top, bottom, right, (left+right)/2, bottom+38, (top+bottom)/2)
	if t.Ceiling > 0 {
		fmt.Fprintf(b, `<path d="M%d %.1fH%d" %s/>
`, left, y(t.Ceiling), right, ceilingStyle)
	}

	curve := func(style string, rate func(s shape) float64) {
		var points strings.Builder
		command := 'M'
		for _, s := range squares {
			if v := rate(s); v > 0 {
				fmt.Fprintf(&points, "%c%.1f %.1f", command, x(s.N), y(v))
				command = 'L'
			}
		}
		fmt.Fprintf(b, `<path fill="none" %s stroke-linejoin="round" d="%s"/>
`, style, points.String())
	}
	for _, r := range t.Rivals {
		curve(styles[r], func(s shape) float64 { return t.cell(r, s.ID).rival })
	}
	curve(styles[project], func(s shape) float64 { return t.cell(t.best(s.ID), s.ID).ours })
}

// niceStep is 1, 2 or 5 times a power of ten, not below v.
func niceStep(v float64) float64 {
	if !(v > 0) {
		return 1
	}
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, f := range []float64{1, 2, 5} {
		if f*p >= v {
			return f * p
		}
	}
	return 10 * p
}
