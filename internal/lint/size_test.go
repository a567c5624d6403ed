package lint

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestSize: what prediction adds to a program that does nothing, without fmt, os and the
// like. The figures in README.md are those that -v shows; the limits are a little above.
func TestSize(t *testing.T) {
	if testing.Short() {
		t.Skip("links four programs")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	const nothing = "package main\nfunc main() {}\n"
	const predicts = `package main

import (
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

var model []byte
var x, y tensor.Tensor[float32]

func main() {
	net, err := layers.Load[float32](model)
	if err != nil {
		println(err.Error())
		return
	}
	net.Predict(&y, &x)
	println(net.Class(y.Data))
}
`
	for _, c := range []struct {
		tags  string
		limit int64 // KB of 1,024 bytes
	}{{"", 604}, {"purego", 396}} {
		added := (linked(t, predicts, c.tags) - linked(t, nothing, c.tags)) / 1024
		t.Logf("linux/amd64, tags %q: prediction adds %d KB", c.tags, added)
		if added > c.limit {
			t.Errorf("tags %q: prediction adds %d KB, want at most %d", c.tags, added, c.limit)
		}
	}
}

// linked is the size of a program for linux/amd64, in bytes.
func linked(t *testing.T, source, tags string) int64 {
	t.Helper()
	dir := t.TempDir()
	file, program := filepath.Join(dir, "main.go"), filepath.Join(dir, "program")
	if err := os.WriteFile(file, []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-trimpath", "-tags", tags, "-ldflags=-s -w", "-o", program, file)
	build.Dir = root
	build.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "GOAMD64=v1", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	info, err := os.Stat(program)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
