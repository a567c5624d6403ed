package main

import (
	"io"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// TestPauses runs the command on a small product.
func TestPauses(t *testing.T) {
	needThreads(t)
	var out strings.Builder
	if err := run(&out, 20, 100); err != nil {
		t.Fatal(err)
	}
	const figures = ` +median \d+\.\d us, 99th percentile \d+\.\d us, maximum \d+\.\d us\n`
	want := `^20 stops of the world on \d+ threads, kernels \w+\n` +
		`Gemm 100x100x100:` + figures + `loops of nothing:` + figures + `0 goroutines left after a second\n$`
	if !regexp.MustCompile(want).MatchString(out.String()) {
		t.Errorf("have\n%s\nwant\n%s", out.String(), want)
	}
}

// TestLeft: a goroutine that stays is told.
func TestLeft(t *testing.T) {
	needThreads(t)
	leak := leaky{make(chan bool)}
	defer close(leak.until)
	if err := run(leak, 1, 8); err == nil || !strings.Contains(err.Error(), "goroutines are left") {
		t.Errorf("goroutines are left, but the error is %v", err)
	}
}

// leaky leaves a goroutine behind at each write.
type leaky struct{ until chan bool }

func (l leaky) Write(p []byte) (int, error) {
	go func() { <-l.until }()
	return len(p), nil
}

// TestOptions: what makes no sense is refused.
func TestOptions(t *testing.T) {
	for _, o := range []struct{ n, size int }{{0, 8}, {1, 0}, {1, 1 << 20}} {
		if err := run(io.Discard, o.n, o.size); err == nil {
			t.Errorf("no error for %d stops and size %d", o.n, o.size)
		}
	}
}

// needThreads skips where the one thread is never taken from a loop.
func needThreads(t *testing.T) {
	if runtime.GOARCH == "wasm" {
		t.Skip("wasm has no threads")
	}
}
