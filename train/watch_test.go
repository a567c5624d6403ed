package train

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// everyThird is a Watcher that wants every third step.
type everyThird struct {
	t           *testing.T
	net         *layers.Sequential[float32]
	rows, steps int
	losses      []float64 // of the epochs
	validation  []float64
	last        float64
}

func (r *everyThird) Begin(net *layers.Sequential[float32], loss layers.Loss[float32], o optim.Optimizer[float32]) {
	r.net = net
}

func (r *everyThird) Wants() bool { return r.steps%3 == 0 }

func (r *everyThird) Step(x, y *tensor.Tensor[float32], loss float64) {
	if finite := loss-loss == 0; r.Wants() && finite {
		for _, p := range r.net.Params() {
			if !p.HasGrad() {
				r.t.Errorf("step %d: %s has no gradient", r.steps, p.Name)
			}
		}
	}
	if x.Rows != y.Rows {
		r.t.Errorf("%d rows of x, %d of y", x.Rows, y.Rows)
	}
	r.steps++
	r.rows += x.Rows
	r.last = loss
}

func (r *everyThird) Epoch(loss, validation float64) {
	r.losses, r.validation = append(r.losses, loss), append(r.validation, validation)
}

// TestWatch: a Watcher sees every step and epoch, with gradients where it wants them, and
// the weights come out the same to the bit.
func TestWatch(t *testing.T) {
	set := spots[float32](50, 1)
	for name, change := range map[string]func(net *layers.Sequential[float32], o *Options[float32]){
		"plain":    func(net *layers.Sequential[float32], o *Options[float32]) {},
		"clipping": func(net *layers.Sequential[float32], o *Options[float32]) { o.ClipNorm = 1e-3 },
		"momentum": func(net *layers.Sequential[float32], o *Options[float32]) {
			o.Optimizer.(*optim.SGD[float32]).Momentum = 0.9
		},
	} {
		net, o := plan[float32](4)
		change(net, &o)
		mustFit(t, net, set, o)
		want := weights(net)

		net, o = plan[float32](4)
		change(net, &o)
		r := &everyThird{t: t}
		o.Watch, o.Validation = r, set
		result := mustFit(t, net, set, o)
		if !slices.Equal(weights(net), want) {
			t.Errorf("%s: other weights than without a Watcher", name)
		}
		if r.steps != result.Steps || r.rows != 4*set.Len() || o.Optimizer.State().Steps != r.steps {
			t.Errorf("%s: saw %d steps and %d rows of %d and %d; the optimiser counted %d", name, r.steps, r.rows, result.Steps, 4*set.Len(), o.Optimizer.State().Steps)
		}
		for i, e := range result.History {
			if r.losses[i] != e.Loss || r.validation[i] != e.ValidationLoss {
				t.Errorf("%s: epoch %d is %v and %v, want %v and %v", name, i+1, r.losses[i], r.validation[i], e.Loss, e.ValidationLoss)
			}
		}
	}
}

// TestWatchDiverged: the Watcher sees the loss that ends training.
func TestWatchDiverged(t *testing.T) {
	net, o := plan[float32](4)
	net.Params()[0].Value.Data[0] = float32(math.NaN())
	r := &everyThird{t: t}
	o.Watch = r
	_, err := Fit(context.Background(), net, spots[float32](50, 1), o)
	if !errors.Is(err, ErrDiverged) || r.steps != 1 || !math.IsNaN(r.last) {
		t.Errorf("%v, saw %d steps, the last %v", err, r.steps, r.last)
	}
}
