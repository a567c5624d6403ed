package ailments

import "testing"

// TestHealthy: the healthy runs learn, and those that have converged stay where they
// are.
func TestHealthy(t *testing.T) {
	if testing.Short() {
		t.Skip("trains hundreds of networks")
	}
	runs := Healthy()
	if len(runs) < 480 {
		t.Errorf("%d healthy runs", len(runs))
	}
	names := map[string]bool{}
	for _, r := range runs {
		if names[r.Name] {
			t.Errorf("%s is there twice", r.Name)
		}
		names[r.Name] = true
		t.Run(r.Name, func(t *testing.T) {
			t.Parallel()
			before, after := r.Build().Learn(150)
			if r.recipe.converged() {
				fresh := r
				fresh.recipe.group = "fresh"
				first, _ := fresh.Build().Learn(0)
				if !(before < 0.5*first && after < 0.5*first) {
					t.Errorf("the loss was %.4g fresh, %.4g converged, %.4g later", first, before, after)
				}
				return
			}
			if !(after < 0.85*before) {
				t.Errorf("the loss goes from %.4g to %.4g", before, after)
			}
		})
	}
}
