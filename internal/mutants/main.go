// Command mutants proves that the tests can fail: it plants faults in copies of the
// module, one at a time, and demands that the test named beside each goes red.
//
//	go run ./internal/mutants
//	go run ./internal/mutants bias
//
// An argument picks the faults whose names contain it. A fault whose code is no longer
// there, or that no test sees, is an error.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// mutant is a fault: in file, old becomes new at its only place, and a test of the
// package must fail.
type mutant struct {
	name     string
	file     string
	old, new string
	pkg      string
	test     string
}

func main() {
	pick := ""
	if len(os.Args) > 1 {
		pick = os.Args[1]
	}
	tried, survived := 0, 0
	for _, m := range mutants {
		if !strings.Contains(m.name, pick) {
			continue
		}
		tried++
		if err := m.run(); err != nil {
			survived++
			fmt.Printf("FAIL %s: %v\n", m.name, err)
			continue
		}
		fmt.Printf("ok   %-45s %s in %s\n", m.name, m.test, m.pkg)
	}
	if survived > 0 || tried == 0 {
		fmt.Printf("FAIL: %d faults planted, %d not caught\n", tried, survived)
		os.Exit(1)
	}
}

// run plants the fault in a copy of the module and runs the test there.
func (m mutant) run() error {
	dir, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, os.DirFS(".")); err != nil {
		return err
	}
	path := filepath.Join(dir, m.file)
	code, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if n := strings.Count(string(code), m.old); n != 1 {
		return fmt.Errorf("%s has the code to be replaced %d times, want once", m.file, n)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(code), m.old, m.new, 1)), 0o644); err != nil {
		return err
	}
	vet := exec.Command("go", "vet", m.pkg)
	vet.Dir = dir
	if out, err := vet.CombinedOutput(); err != nil {
		return fmt.Errorf("it does not compile: %s", out)
	}
	// -vet=off: the fault must be seen by the test, not by go vet.
	test := exec.Command("go", "test", "-vet=off", "-count=1", "-run", "^"+m.test+"$", m.pkg)
	test.Dir = dir
	out, err := test.CombinedOutput()
	var failed *exec.ExitError
	switch {
	case err == nil:
		return fmt.Errorf("%s did not see it", m.test)
	case !errors.As(err, &failed):
		return err
	case strings.Contains(string(out), "[build failed]"):
		return fmt.Errorf("it does not build: %s", out)
	case !went(string(out), m.test):
		return fmt.Errorf("not %s failed, but go test: %s", m.test, out)
	}
	return nil
}

// went reports whether a test failed, or crashed as one of assembly may.
func went(output, test string) bool {
	return strings.Contains(output, "--- FAIL: "+test) || strings.Contains(output, "\nfatal error: ") ||
		strings.Contains(output, "\npanic: ") || strings.Contains(output, "unexpected fault address")
}
