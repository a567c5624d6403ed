package train

import (
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"
)

// progress shows how training gets on: on a terminal a bar that is drawn over and
// over, elsewhere nothing but a line an epoch.
type progress struct {
	w        io.Writer
	epochs   int
	samples  int // in an epoch
	terminal bool
	color    bool

	began, drawn time.Time
	before       float64 // samples done when it began, before an interruption
	shown        bool    // the bar is on the screen
}

func newProgress(w io.Writer, epochs, samples int) *progress {
	p := &progress{w: w, epochs: epochs, samples: samples, began: time.Now()}
	p.terminal = isTerminal(w) && os.Getenv("TERM") != "dumb"
	p.color = p.terminal && os.Getenv("NO_COLOR") == ""
	return p
}

// isTerminal reports whether w is a character device other than the null device.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	st, err := f.Stat()
	if err != nil || st.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(st, null)
}

// step draws the bar, at most ten times a second. It fits 80 columns.
func (p *progress) step(epoch, rows int, loss, accuracy float64) {
	if !p.terminal {
		return
	}
	now := time.Now()
	if now.Sub(p.drawn) < 100*time.Millisecond {
		return
	}
	p.drawn = now
	done := p.done(epoch, rows)
	rate := (done - p.before) / now.Sub(p.began).Seconds()
	left := float64(float64(p.epochs)*float64(p.samples))/rate - done/rate
	number := fmt.Sprintf("epoch %*d/%d ", digits(min(p.epochs, 9999)), epoch, p.epochs)
	text := " " + scores("loss", loss, accuracy)
	speed, rest := "  "+thousands(rate)+"/s", "  "+duration(left)+" left"
	for _, s := range []string{speed + rest, rest, ""} {
		if len(number)+barColumns+len(text)+len(s) < 80 {
			text += s
			break
		}
	}
	p.draw(number + p.bar(float64(rows)/float64(p.samples)) + text)
}

// done is the number of samples from the first epoch on.
func (p *progress) done(epoch, rows int) float64 {
	return float64(float64(epoch-1)*float64(p.samples)) + float64(rows)
}

// duration writes seconds.
func duration(s float64) string {
	if !(s < 1e6) {
		return "-"
	}
	return (time.Duration(s+0.5) * time.Second).String()
}

// epoch writes the line of an epoch.
func (p *progress) epoch(e Epoch) {
	if p.w == nil {
		return
	}
	p.draw("")
	line := fmt.Sprintf("epoch %*d/%d  %s", digits(p.epochs), e.Number, p.epochs, scores("loss", e.Loss, e.Accuracy))
	if !math.IsNaN(e.ValidationLoss) {
		line += "  " + scores("validation loss", e.ValidationLoss, e.ValidationAccuracy)
	}
	fmt.Fprintf(p.w, "%s  %s samples/s\n", line, thousands(float64(p.samples)/e.Seconds))
}

// close wipes the bar of an epoch that did not end.
func (p *progress) close() { p.draw("") }

// draw puts text where the bar was.
func (p *progress) draw(text string) {
	if p.terminal && (p.shown || text != "") {
		fmt.Fprint(p.w, "\r\x1b[K", text)
		p.shown = text != ""
	}
}

const barColumns = 12

func (p *progress) bar(share float64) string {
	const width = barColumns - 2
	full := min(width, int(share*width))
	bar, rest := strings.Repeat("=", full), strings.Repeat("-", width-full)
	if p.color {
		return "[\x1b[32m" + bar + "\x1b[0m" + rest + "]"
	}
	return "[" + bar + rest + "]"
}

func scores(name string, loss, accuracy float64) string {
	s := fmt.Sprintf("%s %.4f", name, loss)
	if !math.IsNaN(accuracy) {
		s += fmt.Sprintf("  accuracy %5.1f %%", 100*accuracy)
	}
	return s
}

// thousands writes a rate in whole numbers with separators.
func thousands(rate float64) string {
	if !(rate < 1e15) {
		return "-"
	}
	s := fmt.Sprintf("%.0f", rate)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func digits(n int) int { return len(fmt.Sprint(n)) }
