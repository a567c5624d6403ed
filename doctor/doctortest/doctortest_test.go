package doctortest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// recorder is a test that notes what it fails with.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper()           {}
func (r *recorder) Error(args ...any) { r.failures = append(r.failures, fmt.Sprint(args...)) }

// uphill is a Dense with a sign wrong.
type uphill struct{ *layers.Dense[float64] }

func (u uphill) Backward(dx, dy, x, y *tensor.Tensor[float64]) {
	u.Dense.Backward(dx, dy, x, y)
	g := u.Weight().Grad().Data
	for i := range g {
		g[i] = -g[i]
	}
}

func TestGradients(t *testing.T) {
	src := rand.NewPCG(1, 2)
	x, y := tensor.New[float64](9, 3), tensor.New[float64](9, 1)
	tensor.Normal(x.Data, 1, src)
	dense := layers.NewDense[float64](src, 3, 1)
	for _, c := range []struct {
		name  string
		layer layers.Layer[float64]
		x     *tensor.Tensor[float64]
		want  string
	}{
		{"right", dense, x, ""},
		{"wrong", uphill{dense}, x, "gradient/sign"},
		{"empty", dense, tensor.New[float64](0, 3), "empty"},
	} {
		r := &recorder{TB: t}
		Gradients(r, layers.NewSequential(c.layer), layers.MeanSquaredError[float64]{}, c.x, y)
		got := strings.Join(r.failures, "")
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: failed with %q, want %q in it", c.name, got, c.want)
		}
	}
}
