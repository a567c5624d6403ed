package ailments

import (
	"math"
	"testing"

	"github.com/db75a6f2/downhill/internal/gradcheck"
	"github.com/db75a6f2/downhill/layers"
)

// TestRepairs: each program's fault is what is wrong with it. Mended, it reaches a
// clearly lower loss, or has right gradients where it had wrong ones.
func TestRepairs(t *testing.T) {
	if testing.Short() {
		t.Skip("trains every program twice")
	}
	sets, names := map[string]bool{}, map[string]bool{}
	for _, p := range Programs() {
		if names[p.Name] {
			t.Errorf("%s is there twice", p.Name)
		}
		names[p.Name] = true
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			const steps = 250
			if p.Exact != nil {
				if off := worst(p.Exact(false)); off < 3e-3 {
					t.Errorf("broken, the gradients are off by %.2g only", off)
				}
				if off := worst(p.Exact(true)); off > 1e-6 {
					t.Errorf("mended, the gradients are off by %.2g", off)
				}
				return
			}
			_, broken := p.Build(false).Learn(steps)
			before, mended := p.Build(true).Learn(steps)
			t.Logf("broken %.4g, mended %.4g to %.4g", broken, before, mended)
			if !(mended < 0.8*before) || math.IsInf(mended, 1) {
				t.Errorf("mended, the loss goes from %.4g to %.4g", before, mended)
			}
			if !(mended < 0.75*broken) {
				t.Errorf("the loss is %.4g broken, %.4g mended", broken, mended)
			}
		})
		for i := range p.Name {
			if p.Name[i] == ':' {
				sets[p.Name[:i]] = true
				break
			}
		}
	}
	if len(names) < 48 || len(sets) < 5 {
		t.Errorf("%d programs over %d data sets", len(names), len(sets))
	}
}

// worst is how far the gradients of a subject are off, on some rows.
func worst(s Subject) (off float64) {
	c := s.(*subject[float64])
	x, y := c.Train.X.Slice(0, 24), c.Train.Y.Slice(0, 24)
	checks := gradcheck.Network(c.Net, c.Loss, &x, &y)
	if out := c.Net.Output(len(c.Net.Layers()) - 1); endsInSigmoid(c.Net) {
		// Where a clip holds, as at 0 and 1, a loss does not change.
		for _, p := range []float64{-1, 2} {
			fill(out, p)
			checks = append(checks, gradcheck.Loss(c.Loss, out, &y))
		}
	}
	for _, g := range checks {
		_, o := g.Worst()
		off = max(off, o)
	}
	return off
}

func endsInSigmoid(net *layers.Sequential[float64]) bool {
	_, ok := net.Layers()[len(net.Layers())-1].(*layers.Sigmoid[float64])
	return ok
}
