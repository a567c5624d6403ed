// Package host says what machine this is.
package host

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/db75a6f2/downhill"
)

// Require returns an error if the CPU is known to lack the flag; none is required if
// that is empty.
func Require(flag string) error {
	info, err := os.ReadFile("/proc/cpuinfo")
	if flag != "" && err == nil && !slices.Contains(strings.Fields(string(info)), flag) {
		return fmt.Errorf("this CPU has no %s", flag)
	}
	return nil
}

// Pin is the head of a command line that keeps one thread on the last CPU, or nothing
// where there is no taskset.
func Pin() []string {
	status, _ := os.ReadFile("/proc/self/status")
	last := regexp.MustCompile(`Cpus_allowed_list:.*?(\d+)\n`).FindSubmatch(status)
	if _, err := exec.LookPath("taskset"); err != nil || last == nil {
		return nil
	}
	return []string{"taskset", "-c", string(last[1])}
}

// Module is a Go module of this program with its version, if that is known.
func Module(path string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == path {
				return m.Path + " " + m.Version
			}
		}
	}
	return ""
}

// Describe says what was timed, given versions of the rivals, and on what.
func Describe(versions []string) string {
	var each []string
	for _, v := range versions {
		if v != "" && !slices.Contains(each, v) {
			each = append(each, v)
		}
	}
	cpu := "unknown CPU"
	info, _ := os.ReadFile("/proc/cpuinfo")
	if m := regexp.MustCompile(`(?m)^model name\s*: (.*)$`).FindSubmatch(info); m != nil {
		cpu = string(m[1])
	}
	return fmt.Sprintf("%s, %d CPUs; Downhill's kernels: %s; %s\n%s\n",
		cpu, runtime.NumCPU(), downhill.Kernel(), runtime.Version(), strings.Join(each, ", "))
}
