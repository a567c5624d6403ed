package main

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/db75a6f2/downhill/bench/peers/internal/child"
	"github.com/db75a6f2/downhill/bench/peers/internal/debian"
	"github.com/db75a6f2/downhill/bench/peers/internal/host"
)

// rival is a library and where it comes from.
type rival struct {
	name     string
	packages []string // Debian's
	module   string   // Python's, which script uses, or none
	script   string
	env      []string // settings
	cpu      string   // flag of the CPU that the settings need
}

// OpenBLAS has two sets of kernels that count. For the products of training those of AVX2 are the
// faster ones on Zen 4, those of AVX-512 where a multiply-add of 64 bytes takes no longer than one of 32.
var (
	haswell  = []string{"OPENBLAS_CORETYPE=Haswell", child.OpenBLAS}
	skylakeX = []string{"OPENBLAS_CORETYPE=SkylakeX", child.OpenBLAS}
)

var rivals = []rival{
	overC("c-openblas", "avx2", haswell), overC("c-openblas-skx", "avx512f", skylakeX),
	{name: "gonum"},
	inNumPy("numpy", "avx2", haswell), inNumPy("numpy-skx", "avx512f", skylakeX),
	inPyTorch("torch", "avx2", haswell), inPyTorch("torch-skx", "avx512f", skylakeX),
}

func overC(name, cpu string, env []string) rival {
	return rival{name: name, packages: []string{"libopenblas0-pthread"}, env: env, cpu: cpu}
}

func inNumPy(name, cpu string, env []string) rival {
	return rival{name: name, packages: []string{"python3-numpy", "libopenblas0-pthread"}, module: "numpy", script: "numpy_net.py", env: env, cpu: cpu}
}

// inPyTorch keeps the threads of PyTorch's OpenMP from spinning in the way of OpenBLAS's.
func inPyTorch(name, cpu string, env []string) rival {
	return rival{name: name, packages: []string{"python3-torch", "python3-numpy", "libopenblas0-pthread"}, module: "torch", script: "torch_net.py", env: append([]string{"OMP_WAIT_POLICY=passive"}, env...), cpu: cpu}
}

// found is a rival that is to be had.
type found struct {
	rival
	path    string // of the library or the script
	version string
}

// locate finds the rival's library, or its script in the folder of scripts.
func (r rival) locate(interpreter, scripts string) (found, error) {
	if err := host.Require(r.cpu); err != nil {
		return found{}, err
	}
	switch {
	case r.module != "":
		version, err := exec.Command(interpreter, "-c", fmt.Sprintf("import numpy, %s; print(%[1]s.__version__)", r.module)).Output()
		if err != nil {
			return found{}, fmt.Errorf("%s does not import %s (-install, or apt-get install %s): %w", interpreter, r.module, r.packages[0], lastLine(err))
		}
		return found{r, filepath.Join(scripts, r.script), r.module + " " + strings.TrimSpace(string(version))}, nil
	case len(r.packages) > 0:
		path, err := debian.Find(r.packages[0], "/libopenblas.so.0")
		return found{r, path, debian.Version(r.packages[0])}, err
	}
	return found{r, "", host.Module("gonum.org/v1/gonum")}, nil
}

// lastLine is what a failed command said last, where Python names the exception.
func lastLine(err error) error {
	var failed *exec.ExitError
	if !errors.As(err, &failed) {
		return err
	}
	lines := strings.Split(strings.TrimSpace(string(failed.Stderr)), "\n")
	return fmt.Errorf("%w: %s", err, lines[len(lines)-1])
}

// open makes the rival ready in this process, or starts its own.
func (r rival) open(interpreter, path string) (contender, error) {
	switch {
	case r.module != "":
		return startPython(interpreter, path)
	case path != "":
		return overOpenBLAS(path)
	}
	return overGonum(), nil
}

// install gets the Debian packages of the rivals.
func install(rs []rival) error {
	var packages []string
	for _, r := range rs {
		packages = append(packages, r.packages...)
	}
	slices.Sort(packages)
	return debian.Install(slices.Compact(packages)...)
}
