package train

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
)

func TestPlainProgress(t *testing.T) {
	var out bytes.Buffer
	set, unseen := spots[float32](50, 1), spots[float32](20, 2)
	net, o := plan[float32](12)
	o.Progress, o.Validation = &out, unseen
	r := mustFit(t, net, set, o)
	var want string
	for _, e := range r.History {
		want += fmt.Sprintf("epoch %2d/12  loss %.4f  accuracy %5.1f %%  validation loss %.4f  accuracy %5.1f %%  N samples/s\n",
			e.Number, e.Loss, 100*e.Accuracy, e.ValidationLoss, 100*e.ValidationAccuracy)
	}
	if got := withoutRates(t, out.String()); got != want {
		t.Errorf("the progress is\n%swant\n%s", got, want)
	}
}

// What was not measured is not shown.
func TestPlainProgressOfARegression(t *testing.T) {
	var out bytes.Buffer
	set := spots[float32](50, 1)
	_, o := plan[float32](2)
	net := layers.MLP[float32](o.Rand, 2, 1)
	o.Loss, o.Optimizer, o.Progress = layers.MeanSquaredError[float32]{}, optim.NewSGD(net.Params(), 0.01), &out
	r := mustFit(t, net, set, o)
	want := fmt.Sprintf("epoch 1/2  loss %.4f  N samples/s\nepoch 2/2  loss %.4f  N samples/s\n", r.History[0].Loss, r.History[1].Loss)
	if got := withoutRates(t, out.String()); got != want {
		t.Errorf("the progress is\n%swant\n%s", got, want)
	}
}

// withoutRates puts N for the rates, which must be whole numbers, or - for a clock
// too coarse to tell.
func withoutRates(t *testing.T, s string) string {
	t.Helper()
	return regexp.MustCompile(`  (\d{1,3}(,\d{3})*|-) samples/s\n`).ReplaceAllString(s, "  N samples/s\n")
}

func TestIsTerminal(t *testing.T) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for name, w := range map[string]io.Writer{"nothing": nil, "a buffer": new(bytes.Buffer), "the null device": null, "a file": file} {
		if isTerminal(w) {
			t.Errorf("%s counts as a terminal", name)
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Skip(err)
	}
	defer r.Close()
	defer w.Close()
	if isTerminal(w) {
		t.Error("a pipe counts as a terminal")
	}
}

// onTerminal is the progress of 30 epochs of 100,000 samples that began so long ago,
// and where it is drawn.
func onTerminal(ago time.Duration) (*progress, *bytes.Buffer) {
	var out bytes.Buffer
	p := newProgress(&out, 30, 100_000)
	p.terminal = true
	p.began = time.Now().Add(-ago)
	return p, &out
}

const wipe = "\r\x1b[K"

func TestBar(t *testing.T) {
	p, out := onTerminal(57_000 * time.Second)
	p.step(29, 50_000, 0.12345, 0.987)
	want := wipe + "epoch 29/30 [=====-----] loss 0.1235  accuracy  98.7 %  50/s  50m0s left"
	if got := out.String(); got != want {
		t.Errorf("it is    %q\nwant     %q", got, want)
	}
	out.Reset()
	p.drawn = time.Now().Add(time.Hour) // the next one is not due
	p.step(29, 60_000, 0.1, 0.99)
	if out.Len() > 0 {
		t.Errorf("a bar too soon: %q", out)
	}
	e := Epoch{Number: 30, Loss: 0.5, Accuracy: 1, ValidationLoss: math.NaN(), Seconds: 50}
	p.epoch(e)
	p.close()
	if got, want := out.String(), wipe+"epoch 30/30  loss 0.5000  accuracy 100.0 %  2,000 samples/s\n"; got != want {
		t.Errorf("it is    %q\nwant     %q", got, want)
	}
}

func TestBarOfARegression(t *testing.T) {
	p, out := onTerminal(57_000 * time.Second)
	p.step(29, 50_000, 12.5, math.NaN())
	if got, want := out.String(), wipe+"epoch 29/30 [=====-----] loss 12.5000  50/s  50m0s left"; got != want {
		t.Errorf("it is    %q\nwant     %q", got, want)
	}
}

func TestCloseWipesTheBar(t *testing.T) {
	p, out := onTerminal(time.Second)
	p.close()
	if out.Len() > 0 {
		t.Errorf("there was no bar to wipe: %q", out)
	}
	p.step(1, 10, 1, 1)
	out.Reset()
	p.close()
	if out.String() != wipe {
		t.Errorf("it is %q", out)
	}
}

func TestNoBarWithoutTerminal(t *testing.T) {
	var out bytes.Buffer
	for _, p := range []*progress{newProgress(&out, 3, 100), newProgress(nil, 3, 100)} {
		p.step(1, 50, 1, 1)
		p.close()
	}
	newProgress(nil, 3, 100).epoch(Epoch{})
	if out.Len() > 0 {
		t.Errorf("it is %q", &out)
	}
}

func TestColor(t *testing.T) {
	p, out := onTerminal(time.Second)
	p.color = true
	p.step(29, 50_000, 0.12345, 0.987)
	if want := "[\x1b[32m=====\x1b[0m-----]"; !strings.Contains(out.String(), want) {
		t.Errorf("it is %q", out)
	}
}

func TestBarWidth(t *testing.T) {
	for rows, want := range map[int]string{1: "----------", 9_999: "----------", 10_000: "=---------", 99_999: "=========-", 100_000: "=========="} {
		p, _ := onTerminal(0)
		if got := p.bar(float64(rows) / 100_000); got != "["+want+"]" {
			t.Errorf("%d rows: %s", rows, got)
		}
	}
}

func TestBarFitsTheTerminal(t *testing.T) {
	for _, ago := range []time.Duration{10 * time.Second, time.Minute, time.Hour} {
		for _, c := range []struct {
			epoch, rows    int
			loss, accuracy float64
		}{{1, 32, 2.3026, 0}, {1, 100_000, 99.5, 0.5}, {15, 50_000, 0.1, 0.9}, {30, 100_000, 0, 1}} {
			p, out := onTerminal(ago)
			p.color = true
			p.step(c.epoch, c.rows, c.loss, c.accuracy)
			line := regexp.MustCompile("\r|\x1b\\[[0-9]*[mK]").ReplaceAllString(out.String(), "")
			if n := utf8.RuneCountInString(line); n == 0 || n > 80 || strings.ContainsAny(line, "\n\x1b") {
				t.Errorf("%d columns: %q", n, line)
			}
		}
	}
}

func TestThousands(t *testing.T) {
	for rate, want := range map[float64]string{
		0: "0", 999: "999", 999.5: "1,000", 1000: "1,000", 12345.6: "12,346", 1234567: "1,234,567", 1e12: "1,000,000,000,000",
		math.Inf(1): "-", math.NaN(): "-",
	} {
		if got := thousands(rate); got != want {
			t.Errorf("%v is %s, want %s", rate, got, want)
		}
	}
}

func TestBarAlwaysFits(t *testing.T) {
	for _, epochs := range []int{30, 100, 1000, 1_000_000, math.MaxInt} {
		for _, ago := range []time.Duration{time.Millisecond, time.Second, 20 * time.Minute, 50 * time.Hour} {
			for _, epoch := range []int{1, min(epochs, 2000)} {
				var out bytes.Buffer
				p := newProgress(&out, epochs, 60_000)
				p.terminal, p.color, p.began = true, true, time.Now().Add(-ago)
				p.step(epoch, 32, 12.3456, 0.5)
				line := regexp.MustCompile("\r|\x1b\\[[0-9]*[mK]").ReplaceAllString(out.String(), "")
				if n := utf8.RuneCountInString(line); n == 0 || n > 80 || regexp.MustCompile(` -[,0-9]`).MatchString(line) {
					t.Errorf("%d columns: %q", n, line)
				}
			}
		}
	}
}
