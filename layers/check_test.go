package layers_test

import (
	"math/rand/v2"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// TestCheck: the message names the field, and Encode has the same.
func TestCheck(t *testing.T) {
	for _, c := range []struct {
		outputs     int
		classes     []string
		mean, scale []float32 // nil for no standardisation
		want        string
	}{
		{outputs: 3},
		{outputs: 3, classes: []string{}},
		{outputs: 3, classes: []string{"a", "b", "c"}, mean: []float32{1, 2}, scale: []float32{1, -2}},
		{outputs: 1, classes: []string{"a", "b"}},
		{outputs: 1, classes: []string{"a", "b", "c"}, want: "Sequential.Classes: 3 names of classes, want 2 or none"},
		{outputs: 10, classes: []string{"a"}, want: "Sequential.Classes: 1 names of classes, want 10 or none"},
		{outputs: 3, mean: []float32{1, 2}, scale: []float32{1}, want: "Sequential.Standardise: 2 means and 1 scales, want 2 of each"},
		{outputs: 3, mean: []float32{1, 2}, scale: []float32{1, 0}, want: "Sequential.Standardise: column 1 has the mean 2 and the scale 0"},
		{outputs: 0, mean: []float32{1, 2, 3}, scale: []float32{1}, want: "Sequential.Standardise: 3 means and 1 scales, want 3 of each"},
	} {
		net := layers.NewSequential[float32](layers.NewReLU[float32]())
		if c.outputs > 0 {
			net = layers.MLP[float32](rand.NewPCG(1, 2), 2, c.outputs)
		}
		net.Classes = c.classes
		if c.mean != nil {
			net.Standardise = &tensor.Affine[float32]{Mean: c.mean, Scale: c.scale}
		}
		_, err := net.Encode()
		if got := message(net.Check()); got != "layers: "+c.want && (got != "" || c.want != "") {
			t.Errorf("Check of %+v: %s", c, got)
		}
		if got := message(err); got != "layers: Encode: "+c.want && (got != "" || c.want != "") {
			t.Errorf("Encode of %+v: %s", c, got)
		}
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestNoClasses: no names are none, be they nil or empty, also in a file.
func TestNoClasses(t *testing.T) {
	net := layers.MLP[float32](rand.NewPCG(1, 2), 2, 3)
	net.Classes = []string{}
	f, err := net.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if text, ok := f.Metadata["downhill.classes"]; ok {
		t.Errorf("the file has the classes %q", text)
	}
	f.Metadata["downhill.classes"] = ""
	if back, err := layers.Decode[float32](f, nil); err != nil || back.Classes != nil {
		t.Errorf("%v, and a network with the classes %q", err, back.Classes)
	}
}
