package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/db75a6f2/downhill"
)

// located is a rival and its library.
type located struct {
	rival
	path string
}

// locate finds the rivals' libraries, and says which there are not.
func locate(rs []rival, work string) []located {
	var found []located
	for _, r := range rs {
		library, err := r.locate(work)
		if err != nil {
			fmt.Fprintf(os.Stderr, "peers: %s is left out: %v\n", r.name, err)
			continue
		}
		found = append(found, located{r, library})
	}
	return found
}

// collect starts a process for each rival, number of threads and round, one at a time,
// and returns their rows.
func (o options) collect(found []located, threads []int) []row {
	var rows []row
	for round := 1; round <= o.rounds; round++ {
		for _, n := range threads {
			for _, r := range found {
				if r.single && n > 1 {
					continue
				}
				began := time.Now()
				got, err := o.spawn(r, n, round)
				rows = append(rows, got...)
				if err != nil {
					fmt.Fprintf(os.Stderr, "peers: %s on %d threads: %v\n", r.name, n, err)
					continue
				}
				fmt.Fprintf(os.Stderr, "round %d of %d, threads %d: %-12s %5.1f s\n", round, o.rounds, n, r.name, time.Since(began).Seconds())
			}
		}
	}
	return rows
}

// spawn times one rival in a process of its own: libraries read their settings when
// they are loaded.
func (o options) spawn(r located, threads, round int) ([]row, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	command := []string{self, "-child", r.name, "-library", r.path, "-round", strconv.Itoa(round),
		"-shapes", o.shapes, "-quick=" + strconv.FormatBool(o.quick)}
	if threads == 1 {
		command = append(pin(), command...)
	}
	child := exec.Command(command[0], command[1:]...)
	child.Stderr = os.Stderr
	n := strconv.Itoa(threads)
	child.Env = append(os.Environ(), "GOMAXPROCS="+n, "OPENBLAS_NUM_THREADS="+n, "BLIS_NUM_THREADS="+n, "OMP_NUM_THREADS="+n)
	child.Env = append(child.Env, r.env...)
	output, failed := child.Output()
	var rows []row
	for d := json.NewDecoder(bytes.NewReader(output)); ; {
		var one row
		if err := d.Decode(&one); err == io.EOF {
			return rows, failed
		} else if err != nil {
			return rows, errors.Join(failed, err)
		}
		rows = append(rows, one)
	}
}

// pin is the head of a command line that keeps one thread on the last CPU, or nothing
// where there is no taskset.
func pin() []string {
	status, _ := os.ReadFile("/proc/self/status")
	last := regexp.MustCompile(`Cpus_allowed_list:.*?(\d+)\n`).FindSubmatch(status)
	if _, err := exec.LookPath("taskset"); err != nil || last == nil {
		return nil
	}
	return []string{"taskset", "-c", string(last[1])}
}

// machine says what was timed, and on what.
func machine(found []located) string {
	var versions []string
	for _, r := range found {
		if v := r.version(); v != "" && !strings.Contains(strings.Join(versions, ", ")+",", v+",") {
			versions = append(versions, v)
		}
	}
	cpu := "unknown CPU"
	info, _ := os.ReadFile("/proc/cpuinfo")
	if m := regexp.MustCompile(`(?m)^model name\s*: (.*)$`).FindSubmatch(info); m != nil {
		cpu = string(m[1])
	}
	return fmt.Sprintf("%s, %d CPUs; Downhill's kernels: %s; %s\n%s\n",
		cpu, runtime.NumCPU(), downhill.Kernel(), runtime.Version(), strings.Join(versions, ", "))
}
