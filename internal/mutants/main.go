// Command mutants proves that the tests can fail: it plants faults in copies of the
// module, one at a time, and demands that the test named beside each goes red.
//
//	go run ./internal/mutants
//	go run ./internal/mutants bias
//
// An argument picks the faults whose names contain it. A fault whose code is no longer
// there, or that no test sees, is an error. As many are tried at a time as there are CPUs. Those of
// the AVX-512 kernels need a CPU that runs them.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/db75a6f2/downhill"
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
	all := mutants
	if strings.HasPrefix(downhill.Kernel(), "avx512") {
		all = append(all, mutants512...)
	} else {
		fmt.Printf("without the %d faults in AVX-512 kernels: this CPU chooses those of %s\n", len(mutants512), downhill.Kernel())
	}
	var picked []mutant
	for _, m := range all {
		if strings.Contains(m.name, pick) {
			picked = append(picked, m)
		}
	}
	results := make([]chan error, len(picked))
	turn := make(chan struct{}, runtime.NumCPU())
	for i, m := range picked {
		results[i] = make(chan error, 1)
		go func() {
			turn <- struct{}{}
			results[i] <- m.run()
			<-turn
		}()
	}
	survived := 0
	for i, m := range picked {
		if err := <-results[i]; err != nil {
			survived++
			fmt.Printf("FAIL %s: %v\n", m.name, err)
			continue
		}
		fmt.Printf("ok   %-45s %s in %s\n", m.name, m.test, m.pkg)
	}
	if survived > 0 || len(picked) == 0 {
		fmt.Printf("FAIL: %d faults planted, %d not caught\n", len(picked), survived)
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
	test := exec.Command("go", "test", "-vet=off", "-count=1", "-v", "-run", "^"+m.test+"$", m.pkg)
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

// went reports whether the test failed, or crashed once it ran, as one of assembly may.
func went(output, test string) bool {
	_, ran, begun := strings.Cut(output, "=== RUN   "+test+"\n")
	if !begun {
		return false
	}
	for _, end := range []string{"--- FAIL: " + test, "\nfatal error: ", "\npanic: ", "unexpected fault address"} {
		if strings.Contains(ran, end) {
			return true
		}
	}
	return false
}
