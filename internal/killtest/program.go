package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// programPrefix begins the names of the files that are programs.
const programPrefix = "program-"

// program is a way to run the child.
type program struct {
	name    string
	command []string
	env     []string
	slower  int // than the first, about
}

func names(programs []program) (all []string) {
	for _, p := range programs {
		all = append(all, p.name)
	}
	return all
}

// build returns the ways to run the child that have the same bits here.
func build(dir string, portable bool) ([]program, error) {
	var all []program
	if !portable {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		for _, kernel := range []string{"avx512", "avx2", "exact"} {
			p := program{name: kernel, command: []string{self}, env: []string{"DOWNHILL_KERNEL=" + kernel}, slower: 1}
			if has, err := p.kernel(); err != nil || has != kernel || kernel == "exact" && all != nil {
				continue // not on this CPU, not in this build, or slow and not needed
			}
			for _, threads := range []string{"1", "2"} {
				q := p
				q.name += " on " + threads
				q.env = append(p.env[:1:1], "GOMAXPROCS="+threads)
				all = append(all, q)
			}
		}
		return all, nil
	}
	for _, target := range []struct {
		arch, emulator string
		slower         int
	}{{"amd64", "", 1}, {"386", "", 2}, {"arm64", "qemu-aarch64", 15}} {
		p := program{name: target.arch + " portable", slower: target.slower}
		if target.emulator != "" {
			path, err := exec.LookPath(target.emulator)
			if err != nil {
				continue
			}
			p.command = append(p.command, path)
		}
		file := filepath.Join(dir, programPrefix+target.arch)
		compile := exec.Command("go", "build", "-tags", "purego", "-o", file, "github.com/db75a6f2/downhill/internal/killtest")
		compile.Env = append(os.Environ(), "GOARCH="+target.arch, "GOOS=linux", "CGO_ENABLED=0")
		if out, err := compile.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%v: %s", err, out)
		}
		p.command = append(p.command, file)
		all = append(all, p)
	}
	return all, nil
}

// kernel returns the kernel set that the child would use.
func (p program) kernel() (string, error) {
	child := exec.Command(p.command[0], "-kernel")
	child.Env = append(os.Environ(), p.env...)
	out, err := child.Output()
	return strings.TrimSpace(string(out)), err
}

var errKilled = errors.New("killed")

// run runs the child, and kills it after a while unless that is 0. Being killed is
// errKilled; that it ends by itself before is no error. began is the number of steps from
// which the child went on, or empty if it took none.
func (p program) run(t task, after time.Duration) (began string, err error) {
	args := append(p.command[1:len(p.command):len(p.command)], "-child", "-checkpoint", t.checkpoint, "-model", t.model,
		"-every", strconv.Itoa(t.every), "-epochs", strconv.Itoa(t.epochs))
	child := exec.Command(p.command[0], args...)
	child.Env = append(os.Environ(), p.env...)
	var out strings.Builder
	child.Stdout, child.Stderr = &out, &out
	if err := child.Start(); err != nil {
		return "", err
	}
	if after > 0 {
		defer time.AfterFunc(after, func() { child.Process.Kill() }).Stop()
	}
	err = child.Wait()
	began = strings.TrimSpace(out.String())
	switch {
	case err == nil:
		return began, nil
	case child.ProcessState.ExitCode() == -1 && after > 0: // by a signal
		return began, errKilled
	default:
		return "", fmt.Errorf("%w: %s", err, began)
	}
}
