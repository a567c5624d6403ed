package optim

import (
	"math"
	"testing"
)

func TestConstant(t *testing.T) {
	s := Constant(0.3)
	for _, step := range []int{0, 1, 1000, math.MaxInt32} {
		if got := s(step); got != 0.3 {
			t.Errorf("step %d: %v", step, got)
		}
	}
}

// Powers of two have no rounding.
func TestStepDecay(t *testing.T) {
	s := StepDecay(8, 0.5, 3)
	for step, want := range []float64{8, 8, 8, 4, 4, 4, 2, 2, 2, 1} {
		if got := s(step); got != want {
			t.Errorf("step %d: %v, want %v", step, got, want)
		}
	}
	s = StepDecay(0.1, 0.9, 1)
	for step := range 200 {
		if got, want := s(step), 0.1*math.Pow(0.9, float64(step)); math.Abs(got-want) > 1e-13*want {
			t.Errorf("step %d: %v, want %v", step, got, want)
		}
	}
}

func TestCosine(t *testing.T) {
	for _, c := range []struct{ warmup, total int }{{0, 1}, {0, 2}, {0, 1000}, {1, 10}, {100, 1000}, {999, 1000}} {
		s := Cosine(0.7, c.warmup, c.total)
		last := math.Inf(1)
		for step := range c.total + 3 {
			got := s(step)
			want := 0.0
			switch {
			case step < c.warmup:
				want = 0.7 * float64(step+1) / float64(c.warmup)
			case step < c.total:
				want = 0.7 * (1 + math.Cos(math.Pi*float64(step-c.warmup)/float64(c.total-c.warmup))) / 2
			}
			if math.Abs(got-want) > 1e-14 {
				t.Errorf("%d of %d: step %d: %v, want %v", c.warmup, c.total, step, got, want)
			}
			if step >= c.warmup && (got > last || got < 0) {
				t.Errorf("%d of %d: step %d: %v after %v", c.warmup, c.total, step, got, last)
			}
			last = got
		}
		// The ends are exact.
		if top := s(c.warmup); top != 0.7 {
			t.Errorf("%d of %d: it falls from %v", c.warmup, c.total, top)
		}
		if c.warmup > 0 && s(c.warmup-1) != 0.7 {
			t.Errorf("%d of %d: it rises to %v", c.warmup, c.total, s(c.warmup-1))
		}
		if end := s(c.total); end != 0 || s(math.MaxInt32) != 0 {
			t.Errorf("%d of %d: it ends at %v", c.warmup, c.total, end)
		}
	}
}

func TestCos(t *testing.T) {
	const n = 10_000
	for i := range n + 1 {
		x := math.Pi / 2 * float64(i) / n
		if got, want := cos(x), math.Cos(x); math.Abs(got-want) > 1e-15 {
			t.Fatalf("cos(%v) is %v, want %v", x, got, want)
		}
	}
}

func TestSchedulePanics(t *testing.T) {
	wantPanic(t, "optim: StepDecay: every is below 1", func() { StepDecay(1, 0.5, 0) })
	wantPanic(t, "optim: StepDecay: every is below 1", func() { StepDecay(1, 0.5, -3) })
	for _, c := range []struct{ warmup, total int }{{-1, 10}, {10, 10}, {11, 10}, {0, 0}, {0, -1}} {
		wantPanic(t, "optim: Cosine: want 0 <= warmup < total", func() { Cosine(1, c.warmup, c.total) })
	}
}

func wantPanic(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if got := recover(); got != any(want) {
			t.Errorf("the panic is %v\nwant          %s", got, want)
		}
	}()
	f()
}
