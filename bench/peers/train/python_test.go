package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestNumbers(t *testing.T) {
	if got, err := numbers("1.5 -2e-3\n"); err != nil || !slices.Equal(got, []float64{1.5, -0.002}) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := numbers("\n"); err != nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := numbers("1 Traceback\n"); err == nil || !strings.Contains(err.Error(), `"Traceback"`) {
		t.Errorf("the error is %v", err)
	}
}

// TestPythonReplies has scripts of the shell for Python.
func TestPythonReplies(t *testing.T) {
	for script, want := range map[string]string{
		"read request; echo 0.5":       "",
		"read request; echo 0.5 0.5":   "2 numbers, want 1",
		"read request; echo Traceback": `no number at "Traceback"`,
		"read request":                 "Python has ended",
	} {
		path := filepath.Join(t.TempDir(), "script.sh")
		if err := os.WriteFile(path, []byte(script), 0o666); err != nil {
			t.Fatal(err)
		}
		c, err := startPython("/bin/sh", path)
		if err != nil {
			t.Skip(err)
		}
		seconds, err := c.epoch()
		if want == "" && (err != nil || seconds.Seconds() != 0.5) {
			t.Errorf("%s: %v, %v", script, seconds, err)
		}
		if want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `script.sh: "epoch"`)) {
			t.Errorf("%s: the error is %v", script, err)
		}
		if err := c.close(); err != nil {
			t.Error(err)
		}
	}
}

func TestMissingPython(t *testing.T) {
	for _, r := range rivals {
		if r.module == "" {
			continue
		}
		if _, err := r.locate("/no/such/python", ""); err == nil || !strings.Contains(err.Error(), "-install") {
			t.Errorf("%s: the error is %v", r.name, err)
		}
	}
}
