package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/bench/peers/internal/turns"
)

// TestMain is the program itself where a test has started it for a rival.
func TestMain(m *testing.M) {
	if slices.Contains(os.Args, "-child") {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// available calls f for each rival that is to be had here.
func available(t *testing.T, f func(t *testing.T, x player)) {
	folder := t.TempDir()
	if err := os.CopyFS(folder, scripts); err != nil {
		t.Fatal(err)
	}
	const interpreter = "/usr/bin/python3"
	for _, r := range rivals {
		t.Run(r.name, func(t *testing.T) {
			at, err := r.locate(interpreter, folder)
			if err != nil {
				t.Skip(err)
			}
			c, err := r.open(interpreter, at.path)
			if err != nil {
				t.Fatal(err)
			}
			f(t, player{r.name, c})
			if err := c.close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestRivals(t *testing.T) {
	digits, err := options{epochs: 5, target: 0.9}.task()
	if err != nil {
		t.Fatal(err)
	}
	available(t, func(t *testing.T, x player) {
		for _, w := range workloads {
			if err := agree(newProblem(w), []player{x, {ourHand, ours(ourHand)}}); err != nil {
				t.Errorf("%s: %v", w.name, err)
			}
		}
		var theirs, us course
		if err := race(x, digits, &theirs, &us); err != nil {
			t.Fatal(err)
		}
		for _, c := range []course{theirs, us} {
			if c.Epochs != 5 || c.Reached < 1 || !(c.Accuracy > 0.9) || !(c.Seconds >= c.ToTarget && c.ToTarget > 0) {
				t.Errorf("%+v", c)
			}
		}
	})
}

// faulty is gonum from weights, or at a rate, that are not the problem's.
func faulty(change func(p *problem)) player {
	sound := overGonum()
	return player{"faulty", &local{thread: sound.thread, begin: func(p problem) (network, error) {
		change(&p)
		return sound.begin(p)
	}}}
}

func TestWrongIsNamed(t *testing.T) {
	for name, change := range map[string]func(p *problem){
		"no update":       func(p *problem) { p.lr = 0 },
		"another rate":    func(p *problem) { p.lr *= 1.5 },
		"weights of zero": func(p *problem) { p.params[0] = make([]float32, len(p.params[0])) },
	} {
		for _, w := range workloads {
			if w.inference && name != "weights of zero" {
				continue
			}
			p := newProblem(w)
			p.params = slices.Clone(p.params)
			if err := agree(p, []player{faulty(change)}); err == nil || !strings.Contains(err.Error(), "faulty is wrong") {
				t.Errorf("%s on %s: the error is %v", name, w.name, err)
			}
		}
	}
}

// TestDuels times gonum and Downhill for some milliseconds.
func TestDuels(t *testing.T) {
	list := slices.DeleteFunc(slices.Clone(workloads), func(w workload) bool { return w.flops() > 1e4 })
	var out bytes.Buffer
	if err := duels(&out, player{"gonum", overGonum()}, list, 1, 1, turns.Quick); err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(&out)
	for _, want := range []string{"c4 gonum", "c4 downhill", "c4 downhill-hand", "infer-tiny gonum", "infer-tiny downhill"} {
		var r row
		if err := d.Decode(&r); err != nil || r.Workload+" "+r.Library != want || !(r.Seconds > 0) {
			t.Errorf("%s: %+v, %v", want, r, err)
		}
	}
	if err := duels(&out, faulty(func(p *problem) { p.lr = 0 }), list[:1], 1, 1, turns.Quick); err == nil || !strings.Contains(err.Error(), "c4: faulty") {
		t.Errorf("the error is %v", err)
	}
}

// TestPrograms runs all of it, with gonum in a process of its own.
func TestPrograms(t *testing.T) {
	for name, o := range map[string]options{
		"steps":    {workloads: "c4,infer-tiny"},
		"accuracy": {accuracy: true},
	} {
		t.Run(name, func(t *testing.T) {
			o.rounds, o.threads, o.only, o.quick, o.seeds, o.target, o.out = 1, "1", "gonum", true, 1, 0.97, t.TempDir()
			if err := o.run(nil); err != nil {
				t.Fatal(err)
			}
			for file, want := range map[string]string{"table.txt": "train.Fit", "table.tsv": "\tgonum\t"} {
				if text, err := os.ReadFile(filepath.Join(o.out, file)); err != nil || !strings.Contains(string(text), want) {
					t.Errorf("%s has no %q: %v\n%s", file, want, err, text)
				}
			}
		})
	}
}

func TestRefused(t *testing.T) {
	good := options{rounds: 1, threads: "1", seeds: 1, target: 0.97, only: "gonum"}
	for want, spoil := range map[string]func(o *options){
		"-workloads": func(o *options) { o.workloads = "a33" },
		"-only":      func(o *options) { o.only = "caffe" },
		"-threads":   func(o *options) { o.threads = "none" },
		"-rounds":    func(o *options) { o.rounds = 0 },
		"-seeds":     func(o *options) { o.seeds = 0 },
		"-epochs":    func(o *options) { o.epochs = -1 },
		"-target":    func(o *options) { o.target = math.NaN() },
		"/no/such":   func(o *options) { o.accuracy, o.data = true, "/no/such" },
		"no rival":   func(o *options) { o.only, o.python = "numpy", "/no/such/python" },
	} {
		o := good
		o.out = t.TempDir()
		spoil(&o)
		if err := o.run(nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v", want, err)
		}
	}
	if err := good.run([]string{"word"}); err == nil || !strings.Contains(err.Error(), "word") {
		t.Errorf("the error is %v", err)
	}
}

func TestWorkloads(t *testing.T) {
	const a32 = 2 * 32 * (2*784*128 + 3*128*10)
	if got := workloads[0].flops(); got != a32 {
		t.Errorf("a step of a32 has %v operations, not %v", got, a32)
	}
	if got, want := (workload{widths: []int{16, 32, 1}, batch: 1, inference: true}).flops(), 2.*(16*32+32); got != want {
		t.Errorf("inference has %v operations, not %v", got, want)
	}
	s := samples{x: []float32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, y: []float32{0, 1, 2, 3, 4}, rows: 2}
	for i, want := range [][]float32{{0, 1, 2, 3}, {4, 5, 6, 7}, {0, 1, 2, 3}} {
		if x, y := s.batch(i); !slices.Equal(x, want) || len(y) != 2 || y[0] != want[0]/2 {
			t.Errorf("batch %d is %v, %v", i, x, y)
		}
	}
}
