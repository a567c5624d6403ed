package main

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func defaults(t *testing.T) options {
	return options{seed: 1, epochs: 30, batch: 32, hidden: 128, lr: 0.1, svg: filepath.Join(t.TempDir(), "loss.svg")}
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

// TestErrors: bad options and an interrupt are told.
func TestErrors(t *testing.T) {
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if err := run(cancelled, io.Discard, io.Discard, defaults(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	for name, spoil := range map[string]func(*options){
		"hidden": func(o *options) { o.hidden = 0 },
		"lr":     func(o *options) { o.lr = -1 },
		"epochs": func(o *options) { o.epochs = -1 },
		"batch":  func(o *options) { o.batch = -1 },
		"svg":    func(o *options) { o.svg = filepath.Join(o.svg, "no", "such", "folder"); o.epochs = 1 },
	} {
		o := defaults(t)
		spoil(&o)
		if err := run(context.Background(), io.Discard, io.Discard, o); err == nil {
			t.Errorf("bad -%s: no error", name)
		}
	}
}
