package main

import (
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/db75a6f2/downhill/bench/peers/internal/child"
	"github.com/db75a6f2/downhill/bench/peers/internal/debian"
	"github.com/db75a6f2/downhill/bench/peers/internal/host"
)

// rival is a library and where it comes from.
type rival struct {
	name   string
	pkg    string   // Debian package; none for Go
	file   string   // in the package: how the path of the library, or of what the shim needs, ends
	kind   *kind    // nil for Go
	env    []string // settings: its kernels first
	cpu    string   // flag of the CPU that the kernels need
	single bool     // it has no threads
	// shim is the command that builds the library from its file, but for -o; nil if the
	// file is the library.
	shim func(sources, file string) []string
}

var rivals = []rival{
	{name: "openblas-skx", pkg: "libopenblas0-pthread", file: "/libopenblas.so.0", kind: cblas, env: []string{"OPENBLAS_CORETYPE=SkylakeX", child.OpenBLAS}, cpu: "avx512f"},
	{name: "openblas-hsw", pkg: "libopenblas0-pthread", file: "/libopenblas.so.0", kind: cblas, env: []string{"OPENBLAS_CORETYPE=Haswell", child.OpenBLAS}, cpu: "avx2"},
	{name: "blis-skx", pkg: "libblis4-pthread", file: "/libblis.so.4", kind: cblas, env: []string{"BLIS_ARCH_TYPE=0"}, cpu: "avx512f"},
	{name: "blis-zen3", pkg: "libblis4-pthread", file: "/libblis.so.4", kind: cblas, env: []string{"BLIS_ARCH_TYPE=6"}, cpu: "avx2"},
	{name: "onednn", pkg: "libdnnl2", file: "/libdnnl.so.2", kind: dnnl},
	{name: "libxsmm", pkg: "libxsmm-dev", file: "/libxsmm.a", kind: shim, single: true, shim: func(sources, file string) []string {
		return []string{"gcc", "-O2", "-fPIC", "-shared", filepath.Join(sources, "xsmm.c"), file,
			filepath.Join(filepath.Dir(file), "libxsmmnoblas.a"), "-ldl", "-lpthread", "-lm"}
	}},
	{name: "eigen", pkg: "libeigen3-dev", file: "/eigen3", kind: shim, shim: func(sources, file string) []string {
		return []string{"g++", "-O3", "-march=native", "-DNDEBUG", "-fopenmp", "-fPIC", "-shared", "-I" + file, filepath.Join(sources, "eigen.cc")}
	}},
	{name: "gonum"},
}

//go:embed shims
var shims embed.FS

// locate returns the path of the rival's library, which it builds below work if it must.
func (r rival) locate(work string) (string, error) {
	if r.kind == nil {
		return "", nil
	}
	if err := host.Require(r.cpu); err != nil {
		return "", err
	}
	file, err := debian.Find(r.pkg, r.file)
	if err != nil {
		return "", err
	}
	if r.shim == nil {
		return file, nil
	}
	if err := os.CopyFS(filepath.Join(work, r.name), shims); err != nil {
		return "", err
	}
	library := filepath.Join(work, r.name+".so")
	command := append(r.shim(filepath.Join(work, r.name, "shims"), file), "-o", library)
	if message, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("needs %s (-install, or apt-get install %[1]s): %w\n%s", command[0], err, message)
	}
	return library, nil
}

// open makes the rival ready in this process.
func (r rival) open(library string) (contender, error) {
	if r.kind == nil {
		return gonumBLAS(), nil
	}
	return load(r.kind, library)
}

// version is that of the package or module, if it is known.
func (r rival) version() string {
	if r.kind == nil {
		return host.Module("gonum.org/v1/gonum")
	}
	return debian.Version(r.pkg)
}

// install gets the Debian packages of the rivals, and the compilers of the shims.
func install(rs []rival) error {
	packages := []string{"gcc", "g++"}
	for _, r := range rs {
		if r.pkg != "" && !slices.Contains(packages, r.pkg) {
			packages = append(packages, r.pkg)
		}
	}
	return debian.Install(packages...)
}
