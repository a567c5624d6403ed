package layers_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

func TestDropout(t *testing.T) {
	const n, p = 100_000, 0.3
	ones := tensor.New[float64](n/100, 100)
	for i := range ones.Data {
		ones.Data[i] = 1
	}
	d := layers.NewDropout[float64](rand.NewPCG(1, 2), p)
	var y, again, dx tensor.Tensor[float64]
	d.ForwardTrain(&y, ones)
	dropped := 0
	for i, v := range y.Data {
		switch v {
		case 0:
			dropped++
		case 1 / (1 - p):
		default:
			t.Fatalf("element %d is %v", i, v)
		}
	}
	if share := float64(dropped) / n; math.Abs(share-p) > 4*math.Sqrt(p*(1-p)/n) {
		t.Errorf("%v of the elements are dropped, want %v", share, p)
	}
	d.Backward(&dx, ones, ones, &y)
	for i := range y.Data {
		if dx.Data[i] != y.Data[i] {
			t.Fatalf("gradient of element %d is %v, its value %v: the mask is another one", i, dx.Data[i], y.Data[i])
		}
	}
	d.ForwardTrain(&again, ones)
	same := 0
	for i := range y.Data {
		if y.Data[i] == again.Data[i] {
			same++
		}
	}
	if want := n * (p*p + (1-p)*(1-p)); math.Abs(float64(same)-want) > 4*math.Sqrt(n) {
		t.Errorf("%d elements have the same fate in the next step, want some %.0f", same, want)
	}
	d.Forward(&y, ones)
	for i, v := range y.Data {
		if v != 1 {
			t.Fatalf("in inference, element %d is %v", i, v)
		}
	}
	twin := layers.NewDropout[float64](rand.NewPCG(1, 2), p)
	twin.ForwardTrain(&dx, ones)
	twin.ForwardTrain(&dx, ones)
	for i := range dx.Data {
		if dx.Data[i] != again.Data[i] {
			t.Fatalf("with the same seed, element %d has another fate in step 2", i)
		}
	}
}

// TestDropoutState: a layer that takes over another's state draws as that one.
func TestDropoutState(t *testing.T) {
	a, b := layers.NewDropout[float32](rand.NewPCG(1, 2), 0.5), layers.NewDropout[float32](rand.NewPCG(3, 4), 0.5)
	x := tensor.New[float32](4, 50)
	for i := range x.Data {
		x.Data[i] = 1
	}
	var ya, yb tensor.Tensor[float32]
	a.ForwardTrain(&ya, x)
	state, err := a.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if err := b.UnmarshalBinary(state); err != nil {
		t.Fatal(err)
	}
	a.ForwardTrain(&ya, x)
	b.ForwardTrain(&yb, x)
	if !slices.Equal(ya.Data, yb.Data) {
		t.Error("another mask")
	}
	if err := b.UnmarshalBinary(state[1:]); err == nil {
		t.Error("15 bytes are taken for a state")
	}
}
