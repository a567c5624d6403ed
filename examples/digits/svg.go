package main

import (
	"bytes"
	"fmt"
	"math"

	"github.com/db75a6f2/downhill/train"
)

// The picture's size and the frame of the curves in it.
const (
	width, height            = 640, 400
	left, right, top, bottom = 70, 610, 50, 340
)

// lossSVG draws training and validation loss against epochs.
func lossSVG(history []train.Epoch) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" font-family="sans-serif" font-size="13" fill="#222">
<rect width="100%%" height="100%%" fill="white"/>
<text x="%d" y="28" font-size="16">Digits: the loss goes down</text>
`, width, height, left)

	highest := 0.0
	for _, e := range history {
		for _, loss := range []float64{e.Loss, e.ValidationLoss} {
			if loss > highest {
				highest = loss
			}
		}
	}
	tick := niceStep(highest / 5)
	ceiling := math.Max(tick, math.Ceil(highest/tick)*tick)
	y := func(loss float64) float64 { return bottom - loss/ceiling*(bottom-top) }
	x := func(epoch int) float64 {
		return left + float64(epoch-1)/float64(max(1, len(history)-1))*(right-left)
	}

	for i := 0; float64(i)*tick <= ceiling*1.001; i++ {
		v := float64(i) * tick
		fmt.Fprintf(&b, `<path d="M%d %.1fH%d" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">%.4g</text>
`, left, y(v), right, left-8, y(v)+4, v)
	}
	every := max(1, int(niceStep(float64(len(history))/8)))
	for epoch := 1; epoch <= len(history); epoch++ {
		if epoch == 1 || epoch%every == 0 {
			fmt.Fprintf(&b, `<path d="M%.1f %dv5" stroke="#222"/><text x="%[1]f" y="%[3]d" text-anchor="middle">%[4]d</text>
`, x(epoch), bottom, bottom+20, epoch)
		}
	}
	fmt.Fprintf(&b, `<path d="M%d %dV%dH%d" fill="none" stroke="#222"/>
<text x="%d" y="%d" text-anchor="middle">epoch</text>
<text transform="translate(22 %d) rotate(-90)" text-anchor="middle">cross-entropy loss</text>
`, left, top, bottom, right, (left+right)/2, height-18, (top+bottom)/2)

	curve(&b, "#1f6feb", "training", top+14, history, x, y, func(e train.Epoch) float64 { return e.Loss })
	curve(&b, "#d1570d", "validation", top+34, history, x, y, func(e train.Epoch) float64 { return e.ValidationLoss })
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// curve draws one loss, and its line of the legend at height at.
func curve(b *bytes.Buffer, color, name string, at int, history []train.Epoch, x func(int) float64, y func(float64) float64, loss func(train.Epoch) float64) {
	command := byte('M')
	fmt.Fprintf(b, `<path fill="none" stroke="%s" stroke-width="2" stroke-linejoin="round" d="`, color)
	for _, e := range history {
		if v := loss(e); !math.IsNaN(v) && !math.IsInf(v, 0) {
			fmt.Fprintf(b, "%c%.1f %.1f", command, x(e.Number), y(v))
			command = 'L'
		}
	}
	fmt.Fprintf(b, `"/>
<path d="M%d %dh24" stroke="%s" stroke-width="2"/><text x="%d" y="%d">%s</text>
`, right-120, at, color, right-88, at+4, name)
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
