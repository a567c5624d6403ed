package lint

import (
	"bytes"
	"encoding/json"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/db75a6f2/downhill"

// floors lists for each package of the module those of the module that it may build
// on, directly or not. Nothing imports upwards; a package that is not listed here
// may not exist.
var floors = map[string]string{
	"":                    "internal/spare",
	"internal/spare":      "",
	"safetensors":         "",
	"internal/atomicfile": "",
	"internal/lint":       "",
	"internal/mutants":    ". internal/spare",
	"internal/killtest":   ". internal/spare tensor layers optim data train safetensors internal/atomicfile",
	"tensor":              ". internal/spare",
	"layers":              ". internal/spare tensor safetensors",
	"optim":               ". internal/spare tensor",
	"data":                ". internal/spare tensor",
	"internal/gradcheck":  ". internal/spare tensor layers safetensors",
	"layers/layertest":    ". internal/spare tensor layers internal/gradcheck safetensors",
	"onnx":                ". internal/spare tensor layers safetensors",
	"train":               ". internal/spare tensor layers optim data safetensors internal/atomicfile",
	"doctor":              ". internal/spare tensor layers optim data internal/gradcheck safetensors",
	"doctor/doctortest":   ". internal/spare tensor layers optim data internal/gradcheck doctor safetensors",

	"internal/ailments":       ". internal/spare tensor layers optim data train doctor internal/gradcheck safetensors internal/atomicfile",
	"internal/ailments/table": ". internal/spare tensor layers optim data train doctor internal/gradcheck internal/ailments safetensors internal/atomicfile",
}

// above are folders whose programs may import everything.
var above = []string{"bench", "examples"}

// Inference is meant to be embedded, so what it needs stays free of packages that
// cost hundreds of kilobytes.
var (
	inference = []string{"", "internal/spare", "tensor", "safetensors", "layers"}
	heavy     = []string{"fmt", "os", "time", "context", "encoding/json", "encoding/binary", "reflect", "sort", "io/fs", "math/rand"}
)

type listed struct {
	ImportPath string
	Standard   bool
	Deps       []string
}

// goList lists packages and all they build on.
func goList(t *testing.T, patterns ...string) map[string]listed {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	out, err := exec.Command("go", append([]string{"list", "-deps", "-json=ImportPath,Standard,Deps"}, patterns...)...).Output()
	if err != nil {
		t.Fatal("go list: ", err)
	}
	all := map[string]listed{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all[p.ImportPath] = p
	}
}

func TestFloors(t *testing.T) {
	all := goList(t, module+"/...")
	for path, p := range all {
		name, ours := within(path)
		if !ours {
			if !p.Standard {
				t.Errorf("%s is not in the standard library", path)
			}
			continue
		}
		if slices.ContainsFunc(above, func(dir string) bool { return name == dir || strings.HasPrefix(name, dir+"/") }) {
			continue
		}
		allowed, known := floors[name]
		if !known {
			t.Errorf("%s has no floor", path)
		}
		for _, dep := range p.Deps {
			if dep, ours := within(dep); ours && !slices.Contains(strings.Fields(allowed), orDot(dep)) {
				t.Errorf("%s builds on %s, which is not below it", path, orDot(dep))
			}
		}
		if slices.Contains(inference, name) {
			for _, dep := range p.Deps {
				if slices.Contains(heavy, dep) {
					t.Errorf("%s builds on %s, which is too heavy for inference", path, dep)
				}
			}
		}
	}
}

// within is a package's path within the module.
func within(path string) (name string, ours bool) {
	if path == module {
		return "", true
	}
	return strings.CutPrefix(path, module+"/")
}

func orDot(name string) string {
	if name == "" {
		return "."
	}
	return name
}
