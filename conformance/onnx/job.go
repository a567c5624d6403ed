package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/db75a6f2/downhill"
	"github.com/db75a6f2/downhill/onnx"
	"github.com/db75a6f2/downhill/tensor"
)

// batch is the number of rows that a model is tried on, besides a single one.
const batch = 100

// tolerance is the largest difference that there may be between an output of ONNX Runtime
// and that of Predict, relative to outputs above 1.
func (j *job) tolerance() float64 {
	switch {
	case j.Type == "float64":
		return 1e-12
	case downhill.Kernel() == "generic": // rounds every product; ONNX Runtime and other kernels fuse
		return 2e-6
	}
	return 1e-6
}

// job is a model to be read by others, and what became of that. The fields with a name in
// JSON go to the other programs.
type job struct {
	Path    string   `json:"path"` // of the model; the input, the outputs of ONNX Runtime are beside it
	Type    string   `json:"type"` // float32 or float64
	Rows    int      `json:"rows"`
	In      int      `json:"in"`
	Out     int      `json:"out"`
	Classes []string `json:"classes"`

	name   string
	want   []float64 // what Predict gives
	checks string    // what the checker says against the model
	runs   string    // what ONNX Runtime says against it
	ran    bool
	worst  float64 // difference from Predict
}

// prepare appends the jobs of the networks of a type, and writes models and inputs to dir.
func prepare[T tensor.Float](jobs []*job, dir string) ([]*job, error) {
	all, err := networks[T]()
	if err != nil {
		return nil, err
	}
	for _, n := range all {
		var y tensor.Tensor[T]
		n.net.Predict(&y, n.x)
		j := &job{Type: fmt.Sprintf("%T", T(0)), Rows: y.Rows, In: n.x.Cols, Out: y.Cols, Classes: n.net.Classes, name: n.name}
		if j.Classes == nil {
			j.Classes = []string{}
		}
		for _, v := range y.Data {
			j.want = append(j.want, float64(v))
		}
		j.Path = filepath.Join(dir, strings.NewReplacer(",", "", " ", "-").Replace(n.name)+"."+j.Type+".onnx")
		var model, input bytes.Buffer
		if err := onnx.Export(&model, n.net); err != nil {
			return nil, fmt.Errorf("%s: %w", n.name, err)
		}
		binary.Write(&input, binary.LittleEndian, n.x.Data)
		if err := os.WriteFile(j.Path, model.Bytes(), 0o666); err != nil {
			return nil, err
		}
		if err := os.WriteFile(j.Path+".in", input.Bytes(), 0o666); err != nil {
			return nil, err
		}
		jobs = append(jobs, j)
	}
	return jobs, nil
}

// compare sets the largest difference of the outputs in a file from Predict's.
func (j *job) compare(path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	got := make([]float64, len(j.want))
	if j.Type == "float32" {
		single := make([]float32, len(got))
		_, err = binary.Decode(raw, binary.LittleEndian, single)
		for i, v := range single {
			got[i] = float64(v)
		}
	} else {
		_, err = binary.Decode(raw, binary.LittleEndian, got)
	}
	if size := map[string]int{"float32": 4, "float64": 8}[j.Type]; err == nil && len(raw) != size*len(got) {
		err = fmt.Errorf("%d bytes, want %d", len(raw), size*len(got))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for i, want := range j.want {
		d := math.Abs(got[i]-want) / max(1, math.Abs(want))
		if math.IsNaN(d) {
			d = math.Inf(1)
		}
		j.worst = max(j.worst, d)
	}
	return nil
}

// table prints what became of the jobs, and returns how many failed.
func table(w io.Writer, jobs []*job) (failed int) {
	const format = "%-24s %-8s %-8s %s\n"
	fmt.Fprintf(w, format, "network", "type", "checker", "ONNX Runtime's largest difference")
	for _, j := range jobs {
		checks, runs := "ok", "not run"
		if j.ran {
			runs = fmt.Sprintf("%.1e", j.worst)
		}
		if j.checks != "" {
			checks = "FAILS"
		}
		if j.worst > j.tolerance() {
			runs += " FAILS"
		}
		if j.runs != "" {
			runs = "FAILS"
		}
		fmt.Fprintf(w, format, j.name, j.Type, checks, runs)
		if j.checks+j.runs != "" || j.worst > j.tolerance() {
			failed++
			fmt.Fprintf(w, "%s%s", j.checks, j.runs)
		}
	}
	return failed
}
