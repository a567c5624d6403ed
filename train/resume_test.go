package train

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// interrupting is a loss that cancels training in its nth call.
type interrupting[T tensor.Float] struct {
	layers.SoftmaxCrossEntropy[T]
	calls  *int
	at     int
	cancel context.CancelFunc
}

func (i interrupting[T]) Loss(grad, pred, target *tensor.Tensor[T]) float64 {
	if *i.calls++; *i.calls == i.at {
		i.cancel()
	}
	return i.SoftmaxCrossEntropy.Loss(grad, pred, target)
}

// training is a run that can be made again and again, each time from nothing.
type training[T tensor.Float] struct {
	net  *layers.Sequential[T]
	set  *data.Set[T]
	opts Options[T]
}

func newTraining[T tensor.Float](change func(*training[T])) *training[T] {
	src := rand.NewPCG(7, 8)
	r := &training[T]{set: spots[T](30, 1)}
	r.net = layers.NewSequential(layers.NewDense[T](src, 2, 6), layers.NewTanh[T](),
		layers.NewDropout[T](src, 0.2), layers.NewDense[T](src, 6, 3))
	r.opts = Options[T]{Optimizer: optim.NewSGD(r.net.Params(), 0.1), Epochs: 3, BatchSize: 8, Rand: src}
	change(r)
	return r
}

// run trains with checkpoints, and interrupts the nth computation of a loss unless that
// is 0.
func (r *training[T]) run(t *testing.T, path string, at int) (*Result, error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r.opts.Loss = interrupting[T]{calls: new(int), at: at, cancel: cancel}
	r.opts.Checkpoint.Path = path
	return Fit(ctx, r.net, r.set, r.opts)
}

// everything is all that training leaves, apart from times, as a text: that of a number is
// its own, and NaN is like NaN.
func (r *training[T]) everything(result *Result) string {
	for i := range result.History {
		result.History[i].Seconds = 0
	}
	var state []byte
	if m, ok := r.opts.Rand.(binaryState); ok {
		state, _ = m.MarshalBinary()
	}
	layer, _ := any(r.net.Layers()[2]).(binaryState).MarshalBinary()
	s := r.opts.Optimizer.State()
	var moments []T
	for _, m := range s.Moments {
		for i := range m {
			moments = append(moments, m[i].Data...)
		}
	}
	return fmt.Sprint(weights(r.net), s.Steps, s.Scalars, moments, r.opts.Optimizer.LR(), state, layer, *result)
}

var variants = map[string]func(*training[float32]){
	"plain": func(r *training[float32]) {},
	"momentum": func(r *training[float32]) {
		s := r.opts.Optimizer.(*optim.SGD[float32])
		s.Momentum, s.Nesterov = 0.9, true
	},
	"adamw": func(r *training[float32]) { r.opts.Optimizer = optim.NewAdamW(r.net.Params(), 0.01) },
	"validation": func(r *training[float32]) {
		r.opts.Validation, r.opts.Patience, r.opts.Epochs = spots[float32](20, 2), 1, 4
		r.opts.Optimizer.SetLR(1.5) // so that it stops early
	},
	"schedule":   func(r *training[float32]) { r.opts.Schedule, r.opts.ClipNorm = optim.Cosine(0.2, 3, 12), 0.5 },
	"unshuffled": func(r *training[float32]) { r.opts.Rand = nil },
	"chacha": func(r *training[float32]) {
		r.opts.Rand = rand.NewChaCha8([32]byte{1})
		r.opts.OnEpoch = func(e Epoch) error { r.opts.Optimizer.SetLR(0.1 / float64(e.Number)); return nil }
	},
}

// TestResume interrupts training at every step, and goes on with a new network, optimiser
// and source: all comes out as without the interruption, to the bit.
func TestResume(t *testing.T) {
	for name, change := range variants {
		t.Run(name, func(t *testing.T) { testResume(t, change) })
	}
	t.Run("float64", func(t *testing.T) { testResume(t, func(r *training[float64]) {}) })
}

func testResume[T tensor.Float](t *testing.T, change func(*training[T])) {
	straight := newTraining(change)
	result, err := straight.run(t, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	want := straight.everything(result)
	losses := *straight.opts.Loss.(interrupting[T]).calls
	for at := 1; at <= losses; at++ {
		path := filepath.Join(t.TempDir(), "checkpoint")
		if _, err := newTraining(change).run(t, path, at); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		for again := range 2 { // the second time nothing is left to do
			r := newTraining(change)
			result, err := r.run(t, path, 0)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.everything(result); got != want {
				t.Fatalf("interrupted at loss %d of %d, resumed %d times:\n%s\nwant\n%s", at, losses, again+1, got, want)
			}
		}
	}
}

// TestResumeSeconds: an interruption before anything is done adds no time.
func TestResumeSeconds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint")
	if _, err := newTraining(variants["plain"]).run(t, path, 2); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := newTraining(variants["plain"])
	r.opts.Loss, r.opts.Checkpoint.Path = interrupting[float32]{calls: new(int)}, path
	if _, err := Fit(ctx, r.net, r.set, r.opts); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	result, err := newTraining(variants["plain"]).run(t, path, 0)
	if err != nil {
		t.Fatal(err)
	}
	if s := result.History[0].Seconds; !(s < 3600) {
		t.Errorf("the first epoch took %v seconds", s)
	}
}

// TestResumeLonger: a training that has ended goes on with more epochs.
func TestResumeLonger(t *testing.T) {
	change := func(epochs int) func(*training[float32]) {
		return func(r *training[float32]) { variants["adamw"](r); r.opts.Epochs = epochs }
	}
	path := filepath.Join(t.TempDir(), "checkpoint")
	straight, first, second := newTraining(change(5)), newTraining(change(2)), newTraining(change(5))
	want, err := straight.run(t, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.run(t, path, 0); err != nil {
		t.Fatal(err)
	}
	got, err := second.run(t, path, 0)
	if err != nil {
		t.Fatal(err)
	}
	if second.everything(got) != straight.everything(want) {
		t.Error("another result than at a stretch")
	}
}

// TestResumeRefuses: what would come to other bits is an error that says why, and nothing
// is changed.
func TestResumeRefuses(t *testing.T) {
	adamw := variants["adamw"]
	path := filepath.Join(t.TempDir(), "checkpoint")
	if _, err := newTraining(adamw).run(t, path, 7); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	src := rand.NewPCG(1, 2)
	for want, change := range map[string]func(*training[float32]){
		`the network was "0: dense 2 6 2x6 1x6, 1: tanh`: func(r *training[float32]) {
			r.net = layers.MLP[float32](src, 2, 6, 3)
			adamw(r)
		},
		`the training set was "30 samples`:                    func(r *training[float32]) { r.set = spots[float32](30, 3) },
		`Options.Validation was "none"`:                       func(r *training[float32]) { r.opts.Validation = spots[float32](20, 2) },
		`Options.Optimizer was "*optim.AdamW[float32] Beta1=`: func(r *training[float32]) { r.opts.Optimizer = optim.NewSGD(r.net.Params(), 0.01) },
		`Eps=1e-08 WeightDecay=0.01", and is`:                 func(r *training[float32]) { r.opts.Optimizer.(*optim.AdamW[float32]).Eps = 1 },
		`", and is "*optim.AdamW[float32] Beta1=0.9 Beta2=0.999 Eps=1e-08 WeightDecay=0.01 of parameters 0 1"`: func(r *training[float32]) {
			r.opts.Optimizer = optim.NewAdamW(r.net.Params()[:2], 0.01)
		},
		`learning rate was 0.01, and is 0.02`:                func(r *training[float32]) { r.opts.Optimizer.SetLR(0.02) },
		`Options.BatchSize was "8", and is "16"`:             func(r *training[float32]) { r.opts.BatchSize = 16 },
		`Options.ClipNorm was "0", and is "1"`:               func(r *training[float32]) { r.opts.ClipNorm = 1 },
		`Options.Rand was "*rand.PCG", and is "<nil>"`:       func(r *training[float32]) { r.opts.Rand = nil },
		`Options.Schedule was "given: false", and is "given`: func(r *training[float32]) { r.opts.Schedule = optim.Constant(0.01) },
		`*rand.Rand, which cannot be saved`:                  func(r *training[float32]) { r.opts.Rand = rand.New(src) },
	} {
		r := newTraining(func(r *training[float32]) { adamw(r); change(r) })
		refused(t, r, path, want)
	}
	// A function cannot be compared; what it has given can.
	path = filepath.Join(t.TempDir(), "checkpoint")
	if _, err := newTraining(variants["schedule"]).run(t, path, 7); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	r := newTraining(variants["schedule"])
	r.opts.Schedule = optim.Cosine(0.2, 3, 20)
	refused(t, r, path, "Options.Schedule gives other rates for the 7 steps that were done")
}

// refused fails unless training is refused with the error wanted, and nothing changed.
func refused(t *testing.T, r *training[float32], path, want string) {
	t.Helper()
	before := weights(r.net)
	_, err := r.run(t, path, 0)
	if err == nil || !strings.HasPrefix(err.Error(), "train: Fit: ") || !strings.Contains(err.Error(), want) {
		t.Errorf("the error is %v, want one with %s", err, want)
	}
	if !slices.Equal(weights(r.net), before) {
		t.Errorf("%s: the weights have changed", want)
	}
}

// checkpointOf returns the bytes of a checkpoint from the middle of a training.
func checkpointOf(t testing.TB, r *training[float32], at int) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "checkpoint")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r.opts.Loss = interrupting[float32]{calls: new(int), at: at, cancel: cancel}
	r.opts.Checkpoint.Path = path
	if _, err := Fit(ctx, r.net, r.set, r.opts); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// prepared is a run that is about to read a checkpoint.
func prepared(t testing.TB, change func(*training[float32])) *run[float32] {
	t.Helper()
	r := newTraining(change)
	r.opts.Loss = interrupting[float32]{}
	p := &run[float32]{Options: r.opts, net: r.net, set: r.set, at: underWay{number: 1}, result: &Result{Best: -1},
		batches: data.NewBatcher(r.set, r.opts.Rand, r.opts.BatchSize)}
	s, err := states(p.net, p.batches, p.Options)
	if err != nil {
		t.Fatal(err)
	}
	p.saver = &saver{identity: identity(p.net, p.set, p.Options), states: s, lr: p.Optimizer.LR()}
	return p
}

// TestCheckpointDamage: a byte that has changed, or is missing, is an error, and nothing
// is half-loaded.
func TestCheckpointDamage(t *testing.T) {
	data := checkpointOf(t, newTraining(variants["validation"]), 7)
	p := prepared(t, variants["validation"])
	before, err := p.encode()
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		for _, mask := range []byte{1, 0x20, 0xff} {
			data[i] ^= mask
			if p.resume(data) == nil {
				t.Fatalf("byte %d changed: no error", i)
			}
			data[i] ^= mask
		}
		if p.resume(data[:i]) == nil {
			t.Fatalf("%d bytes: no error", i)
		}
	}
	if after, err := p.encode(); err != nil || !slices.Equal(after, before) {
		t.Errorf("damage has changed the run (%v)", err)
	}
	if err := p.resume(data); err != nil {
		t.Error(err)
	}
}

// FuzzResume: whatever a file says, with the right checksum, it is taken whole or not at
// all.
func FuzzResume(f *testing.F) {
	kinds := []string{"plain", "adamw", "validation", "schedule"}
	for i, kind := range kinds {
		f.Add(uint8(i), checkpointOf(f, newTraining(variants[kind]), 7))
	}
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		if len(data) < checksumBytes {
			return
		}
		binary.LittleEndian.PutUint64(data[len(data)-checksumBytes:], checksum(data))
		p := prepared(t, variants[kinds[int(kind)%len(kinds)]])
		before, err := p.encode()
		if err != nil {
			t.Fatal(err)
		}
		failed := p.resume(data)
		after, err := p.encode()
		if err != nil {
			t.Fatal(err)
		}
		if failed != nil && !slices.Equal(after, before) {
			t.Errorf("%v, and the run has changed", failed)
		}
		if failed == nil {
			if err := p.resume(after); err != nil {
				t.Errorf("what was taken is refused when it comes back: %v", err)
			}
		}
	})
}
