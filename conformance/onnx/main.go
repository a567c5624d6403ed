// Onnx exports networks of every layer that package onnx knows and has others read them:
// the checker of the onnx package for Python, with strict shape inference, and ONNX
// Runtime, whose outputs must be those of Predict. conformance/onnx.sh installs both.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	python := flag.String("python", "/usr/bin/python3", "the Python that has the onnx package")
	modules := flag.String("modules", "", "the node_modules folder that has onnxruntime-node; without it only the checker runs")
	keep := flag.String("out", "", "folder to keep the models in (none if empty)")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "onnx: unknown argument %q; see -help\n", flag.Arg(0))
		os.Exit(1)
	}
	if err := run(*python, *modules, *keep); err != nil {
		fmt.Fprintln(os.Stderr, "onnx:", err)
		os.Exit(1)
	}
}

func run(python, modules, keep string) error {
	dir := keep
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "onnx-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	} else if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	jobs, err := prepare[float32](nil, dir)
	if err != nil {
		return err
	}
	if jobs, err = prepare[float64](jobs, dir); err != nil {
		return err
	}
	if err := check(python, jobs); err != nil {
		return err
	}
	if modules != "" {
		if err := infer(modules, jobs); err != nil {
			return err
		}
	}
	failed := table(os.Stdout, jobs)
	if failed > 0 {
		return fmt.Errorf("%d of %d models failed", failed, len(jobs))
	}
	return nil
}
