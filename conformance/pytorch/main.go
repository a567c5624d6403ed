// Command pytorch sends networks to PyTorch and back: weights must keep every bit, and
// outputs agree to 1e-6 (float32) or 1e-12 (float64) of the largest in a row, or of 1. It is
// started by ../pytorch.sh.
//
//	exchange.py write    writes models of PyTorch's, rows and their outputs
//	this program         loads them, compares, and writes models of Downhill's
//	exchange.py read     loads those into PyTorch's with strict=True, and compares
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/safetensors"
	"github.com/db75a6f2/downhill/tensor"
)

func main() {
	python := flag.String("python", "/usr/bin/python3", "with torch")
	flag.Parse()
	if err := run(os.Stdout, *python); err != nil {
		fmt.Fprintln(os.Stderr, "pytorch:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, python string) error {
	dir, err := os.MkdirTemp("", "pytorch")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	exchange := func(what string) error {
		c := exec.Command(python, "exchange.py", what, dir)
		c.Dir, c.Stdout, c.Stderr = "pytorch", out, os.Stderr
		c.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1") // the folder is the repository's
		return c.Run()
	}
	if err := exchange("write"); err != nil {
		return fmt.Errorf("exchange.py write: %w", err)
	}
	fmt.Fprint(out, "| PyTorch to Downhill | float32 | float64 |\n|---|---|---|\n")
	for _, kind := range kinds {
		single, err := answer[float32](dir, kind, "float32")
		if err != nil {
			return err
		}
		double, err := answer[float64](dir, kind, "float64")
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "| %s | same bits, %.1e | same bits, %.1e |\n", kind, single, double)
	}
	fmt.Fprintln(out)
	if err := exchange("read"); err != nil {
		return fmt.Errorf("exchange.py read: %w", err)
	}
	return nil
}

// limits are those of exchange.py.
var limits = map[string]float64{"float32": 1e-6, "float64": 1e-12}

// kinds are the networks of exchange.py, in its order.
var kinds = []string{"Dense", "ReLU", "LeakyReLU", "Sigmoid", "Tanh", "Dropout", "all of them", "784-128-10"}

func network[T tensor.Float](kind string, src rand.Source) *layers.Sequential[T] {
	dense := func(in, out int) layers.Layer[T] { return layers.NewDense[T](src, in, out) }
	between := map[string]layers.Layer[T]{
		"ReLU":      layers.NewReLU[T](),
		"LeakyReLU": layers.NewLeakyReLU[T](0.3),
		"Sigmoid":   layers.NewSigmoid[T](),
		"Tanh":      layers.NewTanh[T](),
		"Dropout":   layers.NewDropout[T](src, 0.5),
	}
	switch kind {
	case "Dense":
		return layers.NewSequential(dense(13, 5))
	case "784-128-10":
		return layers.MLP[T](src, 784, 128, 10)
	case "all of them":
		return layers.NewSequential(dense(13, 40), layers.NewTanh[T](), dense(40, 30), layers.NewLeakyReLU[T](0.01), layers.NewDropout[T](src, 0.2),
			dense(30, 20), layers.NewReLU[T](), dense(20, 5), layers.NewSigmoid[T]())
	}
	return layers.NewSequential(dense(13, 32), between[kind], dense(32, 5))
}

// answer loads a model of PyTorch's, and returns how far its outputs are from PyTorch's.
// It writes one of Downhill's own of the same kind.
func answer[T tensor.Float](dir, kind, name string) (difference float64, err error) {
	path := filepath.Join(dir, kind+"."+name)
	src := rand.NewPCG(1, 2)
	net := network[T](kind, src)

	theirs, err := read(path + ".torch.safetensors")
	if err != nil {
		return 0, err
	}
	if err := net.LoadWeights(theirs); err != nil {
		return 0, fmt.Errorf("%s of %s: %w", kind, name, err)
	}
	ours, err := net.Encode()
	if err != nil {
		return 0, err
	}
	for i := range theirs.Tensors {
		t := &theirs.Tensors[i]
		if !bytes.Equal(ours.Tensor(t.Name).Data, t.Data) {
			return 0, fmt.Errorf("%s of %s: %s has other bits", kind, name, t.Name)
		}
	}
	rows, err := read(path + ".torch.rows")
	if err != nil {
		return 0, err
	}
	x, err := matrix[T](rows.Tensor("x"))
	if err != nil {
		return 0, err
	}
	want, err := matrix[T](rows.Tensor("y"))
	if err != nil {
		return 0, err
	}
	var y tensor.Tensor[T]
	net.Predict(&y, x)
	for i := range want.Rows {
		largest := 1.0
		for _, v := range want.Row(i) {
			largest = max(largest, math.Abs(float64(v)))
		}
		for j, v := range want.Row(i) {
			d := math.Abs(float64(y.At(i, j)-v)) / largest
			if !(d <= limits[name]) {
				return 0, fmt.Errorf("%s of %s: output %d of row %d is %v, PyTorch's is %v", kind, name, j, i, y.At(i, j), v)
			}
			difference = max(difference, d)
		}
	}

	net = network[T](kind, src)
	for _, p := range net.Params() {
		tensor.HeNormal(p.Value, src) // biases too
	}
	if ours, err = net.Encode(); err != nil {
		return 0, err
	}
	if err := write(path+".downhill.safetensors", ours); err != nil {
		return 0, err
	}
	net.Predict(&y, x)
	answers := &safetensors.File{Tensors: []safetensors.Tensor{plain("x", x), plain("y", &y)}}
	for _, p := range net.Params() {
		t := plain(p.Name, p.Value)
		if p.Value.Rows == 1 {
			t.Shape = t.Shape[1:]
		}
		answers.Tensors = append(answers.Tensors, t)
	}
	return difference, write(path+".downhill.rows", answers)
}

func plain[T tensor.Float](name string, x *tensor.Tensor[T]) safetensors.Tensor {
	return safetensors.New(name, []int{x.Rows, x.Cols}, x.Data)
}

func matrix[T tensor.Float](t *safetensors.Tensor) (*tensor.Tensor[T], error) {
	values, err := safetensors.Values[T](t)
	if err != nil {
		return nil, err
	}
	return tensor.From(t.Shape[0], t.Shape[1], values), nil
}

func read(path string) (*safetensors.File, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f, err := safetensors.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

func write(path string, f *safetensors.File) error {
	data, err := f.Append(nil)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o666)
}
