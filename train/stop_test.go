package train

import (
	"context"
	"errors"
	"slices"
	"testing"
)

// From the fourth epoch on the labels are wrong, so the validation loss rises.
func TestPatience(t *testing.T) {
	for _, c := range []struct {
		patience, epochs int
		ran              int
		stopped, back    bool
	}{
		{2, 20, 5, true, true},
		{1, 20, 4, true, true},
		{10, 8, 8, false, true}, // the epochs are over first
		{0, 8, 8, false, false},
	} {
		set, unseen := spots[float32](50, 1), spots[float32](50, 2)
		net, o := plan[float32](c.epochs)
		o.Validation, o.Patience = unseen, c.patience
		var best []float32
		o.OnEpoch = func(e Epoch) error {
			if e.Number == 3 {
				best = weights(net)
				for i := range set.Y.Data {
					set.Y.Data[i] = float32((i + 1) % 3)
				}
			}
			return nil
		}
		r := mustFit(t, net, set, o)
		if len(r.History) != c.ran || r.Best != 2 || r.Stopped != c.stopped {
			t.Errorf("patience %d: %d epochs, best %d, stopped %v", c.patience, len(r.History), r.Best, r.Stopped)
		}
		if slices.Equal(weights(net), best) != c.back {
			t.Errorf("patience %d: are the weights those of the best epoch? %v, want %v", c.patience, !c.back, c.back)
		}
	}
}

func TestOnEpochError(t *testing.T) {
	enough := errors.New("enough")
	net, o := plan[float32](5)
	o.OnEpoch = func(e Epoch) error {
		if e.Number == 2 {
			return enough
		}
		return nil
	}
	r, err := Fit(t.Context(), net, spots[float32](50, 1), o)
	if err != enough || len(r.History) != 2 || r.Steps != 8 || r.Stopped {
		t.Errorf("the error is %v after %+v", err, r)
	}
}

func TestCancel(t *testing.T) {
	set := spots[float32](50, 1)
	t.Run("before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		net, o := plan[float32](5)
		before := weights(net)
		r, err := Fit(ctx, net, set, o)
		if err != context.Canceled || len(r.History) != 0 || r.Steps != 0 || r.Best != -1 {
			t.Errorf("the error is %v after %+v", err, r)
		}
		if !slices.Equal(weights(net), before) {
			t.Error("the weights have changed")
		}
	})
	t.Run("between epochs", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		net, o := plan[float32](5)
		var then []float32
		o.OnEpoch = func(e Epoch) error {
			if e.Number == 2 {
				then = weights(net)
				cancel()
			}
			return nil
		}
		r, err := Fit(ctx, net, set, o)
		if err != context.Canceled || len(r.History) != 2 || r.Steps != 8 {
			t.Errorf("the error is %v after %+v", err, r)
		}
		if !slices.Equal(weights(net), then) {
			t.Error("the weights have changed after the end")
		}
	})
	t.Run("in a step", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		net, o := plan[float32](5)
		o.Schedule = func(step int) float64 {
			if step == 5 {
				cancel()
			}
			return 0.1
		}
		r, err := Fit(ctx, net, set, o)
		if err != context.Canceled || len(r.History) != 1 || r.Steps != 6 {
			t.Errorf("the error is %v after %+v", err, r)
		}
	})
	t.Run("deadline", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 0)
		defer cancel()
		net, o := plan[float32](5)
		if _, err := Fit(ctx, net, set, o); err != context.DeadlineExceeded {
			t.Errorf("the error is %v", err)
		}
	})
}

func TestDiverged(t *testing.T) {
	net, o := plan[float64](20)
	rec := &recorder{Optimizer: o.Optimizer, net: net}
	rec.SetLR(1e300)
	o.Optimizer = rec
	r, err := Fit(t.Context(), net, spots[float64](50, 1), o)
	if !errors.Is(err, ErrDiverged) {
		t.Fatalf("the error is %v", err)
	}
	wantError(t, err, "train: Fit: epoch 1, step 2: the loss is not finite: NaN")
	if r.Steps != 1 || len(rec.rates) != 1 || len(r.History) != 0 {
		t.Errorf("it comes to %+v", r)
	}
	if w := weights(net); !slices.Equal(w, rec.last) {
		t.Error("the weights have changed after the last step")
	} else if slices.ContainsFunc(w, func(v float64) bool { return v-v != 0 }) {
		t.Errorf("the weights are %v", w)
	}
}
