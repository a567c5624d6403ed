package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
)

//go:embed check.py
var checkPy string

//go:embed infer.js
var inferJS string

// check has the checker read the models.
func check(python string, jobs []*job) error {
	// -I, or else a folder named onnx, such as this program's, may hide the package.
	messages, err := call(exec.Command(python, "-I", "-c", checkPy), jobs)
	if err != nil {
		return fmt.Errorf("the checker needs python3-onnx (Debian: apt-get install python3-onnx): %w", err)
	}
	for i, m := range messages {
		jobs[i].checks = m
	}
	return nil
}

// infer has ONNX Runtime run the models, as they are and as it optimises them, a batch and
// a single row.
func infer(modules string, jobs []*job) error {
	command := exec.Command("node", "-e", inferJS)
	command.Env = append(os.Environ(), "NODE_PATH="+modules)
	messages, err := call(command, jobs)
	if err != nil {
		return fmt.Errorf("ONNX Runtime needs node and onnxruntime-node: %w", err)
	}
	for i, j := range jobs {
		j.runs = messages[i]
		if j.runs != "" {
			continue
		}
		j.ran = true
		for _, level := range []string{"disabled", "all"} {
			if err := j.compare(j.Path + "." + level); err != nil {
				return err
			}
		}
	}
	return nil
}

// call runs a program that reads the jobs from its standard input, as JSON, and answers
// with a message for each, which is empty if all is well.
func call(command *exec.Cmd, jobs []*job) ([]string, error) {
	input, err := json.Marshal(jobs)
	if err != nil {
		return nil, err
	}
	command.Stdin = bytes.NewReader(input)
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		return nil, err
	}
	var messages []string
	if err := json.Unmarshal(output, &messages); err != nil {
		return nil, fmt.Errorf("its answer: %w", err)
	}
	if len(messages) != len(jobs) {
		return nil, fmt.Errorf("it answers for %d models of %d", len(messages), len(jobs))
	}
	return messages, nil
}
