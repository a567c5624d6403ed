package lint

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../.."

// eachLine calls f for the lines of the files of the module, other than test data,
// whose path below its root matches.
func eachLine(t *testing.T, path string, f func(file string, number int, line string)) {
	t.Helper()
	matches := regexp.MustCompile(path)
	found := false
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && name != root) {
			return fs.SkipDir
		}
		rel, err := filepath.Rel(root, name)
		if rel = filepath.ToSlash(rel); err != nil || d.IsDir() || !matches.MatchString(rel) {
			return err
		}
		found = true
		text, err := os.ReadFile(name)
		for i, line := range strings.Split(string(text), "\n") {
			f(rel, i+1, line)
		}
		return err
	})
	if err != nil {
		t.Skip("no sources: ", err)
	}
	if !found {
		t.Errorf("no file matches %s", path)
	}
}

// TestPortableMath: functions whose results differ between CPUs or builds stay out of
// what computes.
func TestPortableMath(t *testing.T) {
	function := regexp.MustCompile(`\bmath\.[A-Z]\w*|\b(NormFloat64|ExpFloat64|IntN|Shuffle|Perm)\(`)
	exact := regexp.MustCompile(`^math\.(Abs|Ceil|Copysign|Floor|Frexp|Inf|IsInf|IsNaN|Ldexp|Modf|NaN|Round|Signbit|Sqrt|Trunc|Float(32|64)(from)?bits|(Max|Min|Smallest)[A-Z]\w*|E|Ln2|Pi|Sqrt2)$`)
	eachLine(t, `^((tensor|layers|optim|data|train)/)?[^/]*\.go$`, func(file string, n int, line string) {
		if strings.HasSuffix(file, "_test.go") || file == "fma.go" {
			return
		}
		if strings.HasPrefix(strings.TrimSpace(line), "//") {
			return
		}
		for _, m := range function.FindAllString(line, -1) {
			if !exact.MatchString(m) {
				t.Errorf("%s:%d: %s differs between CPUs or builds", file, n, m)
			}
		}
	})
}

// TestFusing: no compiler fuses a product with a sum outside the specification of the
// fused kernels, on CPUs where it may.
func TestFusing(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles for three CPUs")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	fused := regexp.MustCompile(`\(([^():]+\.go):(\d+)\)\s+(V?FN?M(?:ADD|SUB)\w*)`)
	for _, env := range []string{"GOARCH=arm64", "GOARCH=s390x", "GOARCH=amd64 GOAMD64=v3"} {
		for _, pkg := range []string{".", "tensor", "layers", "optim", "data", "train"} {
			// Test binaries instantiate all that is generic.
			build := exec.Command("go", "test", "-c", "-o", os.DevNull, "-gcflags="+module+"/...=-S", "./"+pkg)
			build.Dir = root
			build.Env = append(append(os.Environ(), "GOOS=linux", "CGO_ENABLED=0"), strings.Fields(env)...)
			listing, err := build.CombinedOutput()
			if err != nil {
				t.Fatalf("%s: %v\n%s", env, err, listing[max(0, len(listing)-2000):])
			}
			specified := false
			for _, m := range fused.FindAllStringSubmatch(string(listing), -1) {
				file := filepath.Base(m[1])
				if specified = specified || file == "fma.go"; file != "fma.go" && !strings.HasSuffix(file, "_test.go") {
					t.Errorf("%s: %s:%s: %s", env, file, m[2], m[3])
				}
			}
			if pkg == "." && !specified {
				t.Errorf("%s: no fused instruction in fma.go: the listing is not understood", env)
			}
		}
	}
}

// TestAssembly: a function that used the upper halves of vector registers clears them
// before it returns, else all code after it is slow; no test of results sees that.
// Every function shows its Go signature and what it does.
func TestAssembly(t *testing.T) {
	var before, comment string
	eachLine(t, `^[^/]*_amd64\.(s|h)$`, func(file string, n int, line string) {
		code := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(line), `\`))
		if code == "RET" && before != "VZEROUPPER" && file != "cpu_amd64.s" {
			t.Errorf("%s:%d: RET without VZEROUPPER before it", file, n)
		}
		if name, ok := strings.CutPrefix(code, "TEXT ·"); ok && !strings.Contains(comment, "// func "+name[:strings.Index(name, "(")]+"(") {
			t.Errorf("%s:%d: no signature above %s", file, n, code)
		}
		if strings.HasPrefix(code, "//") {
			comment += code
		} else {
			comment = ""
		}
		before = code
	})
}
