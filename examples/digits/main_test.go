package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/layers"
)

func defaults(t *testing.T) options {
	dir := t.TempDir()
	return options{seed: 1, epochs: 30, batch: 32, hidden: 128, lr: 0.05, svg: filepath.Join(dir, "loss.svg"),
		model: filepath.Join(dir, "model"), checkpoint: filepath.Join(dir, "checkpoint")}
}

// TestDigits trains as the command does, from three seeds.
func TestDigits(t *testing.T) {
	seeds := []uint64{1, 2, 3}
	if testing.Short() {
		seeds = seeds[:1]
	}
	for _, seed := range seeds {
		o := defaults(t)
		o.seed = seed
		var out, progress strings.Builder
		if err := run(context.Background(), &out, &progress, o); err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(`test accuracy ([0-9.]+) %\n`).FindStringSubmatch(out.String())
		if m == nil {
			t.Fatalf("no test accuracy in\n%s", out.String())
		}
		if accuracy, _ := strconv.ParseFloat(m[1], 64); accuracy < 95.5 {
			t.Errorf("seed %d: test accuracy is %v %%", seed, accuracy)
		}
		if n := strings.Count(progress.String(), "\n"); n != o.epochs {
			t.Errorf("%d lines of progress for %d epochs", n, o.epochs)
		}
		svg, err := os.Open(o.svg)
		if err != nil {
			t.Fatal(err)
		}
		defer svg.Close()
		for d := xml.NewDecoder(svg); err == nil; {
			_, err = d.Token()
		}
		if err != io.EOF {
			t.Errorf("the picture is no XML: %v", err)
		}
	}
}

// stopper cancels when the lines of so many epochs are written.
type stopper struct {
	lines int
	stop  context.CancelFunc
}

func (s *stopper) Write(b []byte) (int, error) {
	if s.lines -= strings.Count(string(b), "epoch "); s.lines == 0 {
		s.stop()
	}
	return len(b), nil
}

// TestInterrupt: a run that was interrupted says how to go on, goes on, and ends with the
// very model of one that was not. Its checkpoint is gone then.
func TestInterrupt(t *testing.T) {
	straight, o := defaults(t), defaults(t)
	straight.epochs, o.epochs = 6, 6
	if err := run(context.Background(), io.Discard, io.Discard, straight); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		err := run(ctx, io.Discard, &stopper{2, cancel}, o)
		if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), o.checkpoint) {
			t.Fatalf("interrupted: %v", err)
		}
		if _, err := os.Stat(o.checkpoint); err != nil {
			t.Fatal(err)
		}
	}
	var progress strings.Builder
	if err := run(context.Background(), io.Discard, &progress, o); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(progress.String(), "there is a checkpoint to go on from, "+o.checkpoint) {
		t.Errorf("it does not say that it goes on:\n%s", progress.String())
	}
	if n := strings.Count(progress.String(), "\nepoch "); n != 2 {
		t.Errorf("%d epochs were left, want 2", n)
	}
	if _, err := os.Stat(o.checkpoint); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the checkpoint is still there: %v", err)
	}
	want, err := os.ReadFile(straight.model)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(o.model); err != nil || !bytes.Equal(got, want) {
		t.Errorf("another model than without interruptions (%v)", err)
	}
	if _, err := layers.Load[float32](want); err != nil {
		t.Error(err)
	}
}

// TestFewerEpochs: the checkpoint of a longer run is not taken for the result of a shorter
// one, and stays.
func TestFewerEpochs(t *testing.T) {
	o := defaults(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if err := run(ctx, io.Discard, &stopper{4, cancel}, o); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	for _, epochs := range []int{0, 3} {
		o.epochs = epochs
		if err := run(context.Background(), io.Discard, io.Discard, o); err == nil || !strings.Contains(err.Error(), "it has ended epoch 4, and taken 0 samples of the next") {
			t.Errorf("%d epochs: %v", epochs, err)
		}
		if _, err := os.Stat(o.checkpoint); err != nil {
			t.Error(err)
		}
	}
	o.epochs, o.seed = 30, 2
	if err := run(context.Background(), io.Discard, io.Discard, o); err == nil || strings.HasPrefix(err.Error(), "interrupted") {
		t.Errorf("the checkpoint of another seed: %v", err)
	}
	o = defaults(t)
	o.epochs = 0
	if err := run(context.Background(), io.Discard, io.Discard, o); err != nil {
		t.Errorf("no epochs: %v", err)
	}
}

// TestErrors: bad options and an interrupt are told.
func TestErrors(t *testing.T) {
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if err := run(cancelled, io.Discard, io.Discard, defaults(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	for name, spoil := range map[string]func(*options){
		"hidden":     func(o *options) { o.hidden = 0 },
		"lr":         func(o *options) { o.lr = -1 },
		"epochs":     func(o *options) { o.epochs = -1 },
		"batch":      func(o *options) { o.batch = -1 },
		"model":      func(o *options) { o.model = filepath.Join(o.svg, "no", "such", "folder"); o.epochs = 1 },
		"checkpoint": func(o *options) { o.checkpoint = filepath.Join(o.svg, "no", "such", "folder"); o.epochs = 1 },
		"svg":        func(o *options) { o.svg = filepath.Join(o.svg, "no", "such", "folder"); o.epochs = 1 },
	} {
		o := defaults(t)
		spoil(&o)
		if err := run(context.Background(), io.Discard, io.Discard, o); err == nil {
			t.Errorf("bad -%s: no error", name)
		}
	}
}
