package train

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// Fit trains net on set. The network takes over how the set was standardised, and the
// names of its classes if it has an output for each, or one for two. To train a network
// further on other rows than those that it knows, standardise them as those were, or set
// net.Standardise to nil; their classes must be those that it knows, unless net.Classes is nil:
//
//	net.Standardise.Apply(set.X)
//	set.Standardised = net.Standardise
//
// Fit returns an error before it begins if an option, the set or its targets are
// unfit, naming the row; ErrDiverged if the loss, or that on the validation set, ceases to
// be finite; an error if Options.Schedule gives no learning rate; OnEpoch's error; and ctx's error
// if that is cancelled, within one step or one validation. The result is valid in any case but the
// first: what was learnt until then is in net or, with Patience, the best of it. Gradients that net
// had before do not count.
//
// With [Checkpoint], Fit goes on from the file if it is there: net, the optimiser and
// Rand take over its state, and all that follows has the same bits as without the
// interruption. Every option but Epochs, the network and the sets must be as they were;
// the error names what is not, as far as Fit can see it: exported numbers, texts and flags
// of the loss and the optimiser, what layers say of themselves and the shapes of their
// parameters, and the schedule up to where the training was. It is for the caller to remove
// the file, to begin anew or once all is done: Fit on a training that has ended returns its
// result at once, and with more Epochs trains on, unless Patience has ended it; fewer Epochs
// than it has gone through are an error.
func Fit[T tensor.Float](ctx context.Context, net *layers.Sequential[T], set *data.Set[T], o Options[T]) (*Result, error) {
	if err := o.check(net, set); err != nil {
		return nil, fmt.Errorf("train: Fit: %w", err)
	}
	if o.BatchSize == 0 {
		o.BatchSize = 32
	}
	r := &run[T]{
		Options: o,
		net:     net,
		set:     set,
		batches: data.NewBatcher(set, o.Rand, o.BatchSize),
		at:      underWay{number: 1},
		result:  &Result{Best: -1},
	}
	if o.Checkpoint.Path != "" {
		if err := r.prepare(); err != nil {
			return nil, fmt.Errorf("train: Fit: checkpoint: %w", err)
		}
	}
	net.Standardise = set.Standardised
	if n := len(set.Classes); n == 2 || n > 0 && outputs(net, set) > 1 {
		net.Classes = set.Classes
	}
	for _, p := range net.Params() {
		p.ClearGrad()
	}
	r.show = newProgress(o.Progress, o.Epochs, set.Len())
	r.show.before = r.show.done(r.at.number, r.at.rows)
	r.scorer, _ = o.Loss.(layers.Scorer[T])
	r.plain = plainSGD(net, o)
	if o.Watch != nil {
		o.Watch.Begin(net, o.Loss, o.Optimizer)
	}
	err := r.epochs(ctx)
	r.goBack()
	r.show.close()
	return r.result, err
}

// run is one call of Fit.
type run[T tensor.Float] struct {
	Options[T]
	net     *layers.Sequential[T]
	set     *data.Set[T]
	scorer  layers.Scorer[T] // Loss, or nil
	plain   *optim.SGD[T]    // Optimizer, if the network can take its step, or nil
	batches *data.Batcher[T]
	grad    tensor.Tensor[T]
	at      underWay
	began   time.Time          // the epoch under way, or going on with it
	best    []tensor.Tensor[T] // the weights of the best epoch, with Patience
	result  *Result
	show    *progress
	saver   *saver // with Checkpoint, or nil
}

// underWay is what the epoch under way has come to.
type underWay struct {
	number      int     // from 1
	loss        float64 // summed over its rows
	rows, right int
	seconds     float64 // before the interruption, if there was one
}

func (r *run[T]) epochs(ctx context.Context) error {
	for r.at.number <= r.Epochs && !r.result.Stopped {
		r.began = time.Now()
		if err := ctx.Err(); err != nil {
			return r.cancelled(err)
		}
		e, err := r.epoch(ctx)
		if err != nil {
			return err
		}
		e.ValidationLoss, e.ValidationAccuracy = math.NaN(), math.NaN()
		if r.Validation != nil {
			e.ValidationLoss, e.ValidationAccuracy = Evaluate(r.net, r.Validation, r.Loss)
		}
		e.Seconds = r.seconds()
		r.result.History = append(r.result.History, e)
		r.show.epoch(e)
		if r.Watch != nil {
			r.Watch.Epoch(e.Loss, e.ValidationLoss)
		}
		if v := e.ValidationLoss; r.Validation != nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
			return fmt.Errorf("train: Fit: epoch %d, validation: %w: %v", e.Number, ErrDiverged, v)
		}
		r.result.Stopped = r.judge(e)
		r.at = underWay{number: r.at.number + 1}
		if r.OnEpoch != nil {
			if err := r.OnEpoch(e); err != nil {
				return r.cancelled(err)
			}
		}
		if err := r.afterEpoch(); err != nil {
			return err
		}
	}
	return nil
}

// epoch goes through the set once, or through what is left of it.
func (r *run[T]) epoch(ctx context.Context) (Epoch, error) {
	at := &r.at
	for x, y := range r.batches.Epoch() {
		if r.Schedule != nil {
			lr := r.Schedule(r.result.Steps)
			if !(lr >= 0 && float64(T(lr)) <= math.MaxFloat64) {
				return Epoch{}, fmt.Errorf("train: Fit: epoch %d: Options.Schedule gives %v for step %d", at.number, lr, r.result.Steps)
			}
			r.Optimizer.SetLR(lr)
			if r.saver != nil {
				r.saver.rates = hash(r.saver.rates, lr)
			}
		}
		pred := r.net.Forward(x)
		l := r.Loss.Loss(&r.grad, pred, y)
		if math.IsNaN(l) || math.IsInf(l, 0) {
			if r.Watch != nil {
				r.Watch.Step(x, y, l)
			}
			return Epoch{}, fmt.Errorf("train: Fit: epoch %d, step %d: %w: %v", at.number, r.result.Steps+1, ErrDiverged, l)
		}
		if r.scorer != nil {
			at.right += r.scorer.Right(pred, y)
		}
		r.step(x, y, l)
		r.result.Steps++
		at.loss += float64(l * float64(x.Rows))
		at.rows += x.Rows
		r.show.step(at.number, at.rows, at.loss/float64(at.rows), r.accuracy())
		if err := r.between(ctx); err != nil {
			return Epoch{}, err
		}
	}
	return Epoch{Number: at.number, Loss: at.loss / float64(at.rows), Accuracy: r.accuracy(), LR: r.Optimizer.LR()}, nil
}

// seconds is how long the epoch under way has taken.
func (r *run[T]) seconds() float64 { return r.at.seconds + time.Since(r.began).Seconds() }

// step changes the weights by the gradient of the loss l of the batch x, y.
func (r *run[T]) step(x, y *tensor.Tensor[T], l float64) {
	watched := r.Watch != nil && r.Watch.Wants()
	plain := r.plain != nil && r.plain.Momentum == 0 && r.plain.WeightDecay == 0 && !watched
	if !plain {
		r.net.Backward(&r.grad)
	}
	if r.Watch != nil {
		r.Watch.Step(x, y, l)
	}
	if plain {
		r.net.BackwardStep(&r.grad, T(r.plain.LR()))
		r.plain.State().Steps++
		return
	}
	if r.ClipNorm > 0 {
		optim.ClipNorm(r.Optimizer.Params(), r.ClipNorm)
	}
	r.Optimizer.Step()
	for _, p := range r.net.Params() {
		p.ClearGrad() // those that the optimiser has not, too
	}
}

// plainSGD returns the optimiser if it is an SGD of all of the network's parameters and
// nobody clips its gradients: without momentum and decay its step can then be one with
// the pass backward.
func plainSGD[T tensor.Float](net *layers.Sequential[T], o Options[T]) *optim.SGD[T] {
	sgd, ok := o.Optimizer.(*optim.SGD[T])
	if !ok || o.ClipNorm > 0 {
		return nil
	}
	for _, p := range net.Params() {
		if !slices.Contains(sgd.Params(), p) {
			return nil
		}
	}
	return sgd
}

// accuracy is the share of right answers in the epoch under way.
func (r *run[T]) accuracy() float64 {
	if r.scorer == nil {
		return math.NaN()
	}
	return float64(r.at.right) / float64(r.at.rows)
}

// judge notes whether the epoch just appended is the best so far, and says whether
// patience is at its end.
func (r *run[T]) judge(e Epoch) (stop bool) {
	if r.Validation == nil {
		return false
	}
	last := len(r.result.History) - 1
	if r.result.Best < 0 || e.ValidationLoss < r.result.History[r.result.Best].ValidationLoss {
		r.result.Best = last
		r.keep()
	}
	return r.Patience > 0 && last-r.result.Best >= r.Patience
}

// keep copies the weights, with Patience.
func (r *run[T]) keep() {
	if r.Patience == 0 {
		return
	}
	params := r.net.Params()
	if r.best == nil {
		r.best = make([]tensor.Tensor[T], len(params))
	}
	for i, p := range params {
		r.best[i].Copy(p.Value)
	}
}

// goBack returns to the weights that keep has kept.
func (r *run[T]) goBack() {
	for i := range r.best {
		r.net.Params()[i].Value.Copy(&r.best[i])
	}
}
