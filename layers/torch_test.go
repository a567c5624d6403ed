package layers_test

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/safetensors"
	"github.com/db75a6f2/downhill/tensor"
)

// TestTorch: a state dict that PyTorch has made, by testdata/torch.py, goes in and comes
// back with the same bits, and the network gives what PyTorch's did.
func TestTorch(t *testing.T) {
	src := rand.NewPCG(1, 2)
	net := layers.NewSequential(layers.NewDense[float32](src, 4, 5), layers.NewTanh[float32](), layers.NewDense[float32](src, 5, 3))
	theirs, rows := torchFile(t, "testdata/torch.safetensors"), torchFile(t, "testdata/torch_rows.safetensors")
	if err := net.LoadWeights(theirs); err != nil {
		t.Fatal(err)
	}
	ours, err := net.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range theirs.Tensors {
		if got := ours.Tensor(w.Name); got == nil || string(got.Data) != string(w.Data) {
			t.Errorf("%s comes back as %v", w.Name, got)
		}
	}
	x, err := safetensors.Values[float32](rows.Tensor("x"))
	if err != nil {
		t.Fatal(err)
	}
	y, err := safetensors.Values[float32](rows.Tensor("y"))
	if err != nil {
		t.Fatal(err)
	}
	got := net.Forward(tensor.From(6, 4, x))
	for i, v := range got.Data {
		if d := math.Abs(float64(v - y[i])); !(d <= 1e-6) {
			t.Errorf("output %d is %v, PyTorch's is %v", i, v, y[i])
		}
	}
}

func torchFile(t *testing.T, path string) *safetensors.File {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := safetensors.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
