// Package cli is what the command lines of the programs here share.
package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// Pick returns those of all whose name is in the comma-separated list, or all if the
// list is empty.
func Pick[T any](all []T, name func(T) string, list string) ([]T, error) {
	if list == "" {
		return all, nil
	}
	var known []string
	byName := map[string]T{}
	for _, x := range all {
		known = append(known, name(x))
		byName[name(x)] = x
	}
	var picked []T
	for _, word := range strings.Split(list, ",") {
		x, ok := byName[word]
		if !ok {
			return nil, fmt.Errorf("there is no %q; there are %s", word, strings.Join(known, ","))
		}
		picked = append(picked, x)
	}
	return picked, nil
}

// Threads reads numbers of threads, and drops those above the number of CPUs.
func Threads(list string) ([]int, error) {
	var all []int
	for _, word := range strings.Split(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is no number of threads", word)
		}
		if n > runtime.NumCPU() {
			fmt.Fprintf(os.Stderr, "peers: no run on %d threads: there are %d CPUs\n", n, runtime.NumCPU())
			continue
		}
		all = append(all, n)
	}
	if len(all) == 0 {
		return nil, errors.New("nothing to run")
	}
	return all, nil
}

// Title names a table of figures on so many threads.
func Title(typ string, threads int) string {
	if threads == 1 {
		return typ + ", 1 thread"
	}
	return fmt.Sprintf("%s, %d threads", typ, threads)
}

// Folder makes the folder for the results, if one is named: better to fail before than
// after everything is timed.
func Folder(dir string) error {
	if dir == "" {
		return nil
	}
	return os.MkdirAll(dir, 0o777)
}

// File is one of the results.
type File struct{ Name, Content string }

// Write writes the results into the folder, or a new temporary one if dir is empty, and
// says where they are.
func Write(dir string, files ...File) (err error) {
	if dir == "" {
		if dir, err = os.MkdirTemp("", "peers-"); err != nil {
			return err
		}
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), []byte(f.Content), 0o666); err != nil {
			return err
		}
	}
	fmt.Println("\nWritten to", dir)
	return nil
}
