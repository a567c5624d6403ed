package train

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"time"

	"github.com/db75a6f2/downhill/internal/atomicfile"
	"github.com/db75a6f2/downhill/safetensors"
	"github.com/db75a6f2/downhill/tensor"
)

// prepare makes the run one with checkpoints, and goes to where the last one was if there
// is one.
func (r *run[T]) prepare() error {
	path := r.Checkpoint.Path
	states, err := states(r.net, r.batches, r.Options)
	if err != nil {
		return err
	}
	if err := atomicfile.Clean(path); err != nil {
		return err
	}
	r.saver = &saver{identity: identity(r.net, r.set, r.Options), states: states, lr: r.Optimizer.LR(), last: time.Now()}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = r.resume(data)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// resume goes to the state that a checkpoint has. It looks at all of it before it changes
// anything.
func (r *run[T]) resume(data []byte) error {
	if len(data) < checksumBytes || binary.LittleEndian.Uint64(data[len(data)-checksumBytes:]) != checksum(data) {
		return errors.New("damaged, or no checkpoint: its checksum is wrong")
	}
	f, err := safetensors.Parse(data)
	if err != nil {
		return err
	}
	for _, t := range r.saver.identity {
		if before := f.Metadata[t.name]; before != t.value {
			return anew("of another training: %s was %q, and is %q", t.name, before, t.value)
		}
	}
	p := &reader[T]{file: f}
	p.counts(r)
	p.weights(r)
	p.optimizer(r)
	if p.err != nil {
		return p.err
	}
	if err := p.states(r.saver.states); err != nil {
		return err
	}
	for _, change := range p.changes {
		change()
	}
	return nil
}

// anew is the error of a checkpoint that cannot be gone on from like this.
func anew(format string, args ...any) error {
	return fmt.Errorf(format+"; remove the file to begin anew", args...)
}

// reader looks at a checkpoint and gathers the changes that it asks for.
type reader[T tensor.Float] struct {
	file    *safetensors.File
	err     error // the first one
	changes []func()
}

func (p *reader[T]) fail(format string, args ...any) { p.failed(fmt.Errorf(format, args...)) }

func (p *reader[T]) failed(err error) {
	if p.err == nil {
		p.err = err
	}
}

func (p *reader[T]) do(change func()) { p.changes = append(p.changes, change) }

// vector returns a tensor of n numbers, or of any number if n is -1.
func vector[N safetensors.Number, T tensor.Float](p *reader[T], name string, n int) []N {
	x, err := safetensors.Values[N](p.file.Tensor(name))
	if err == nil && n >= 0 && len(x) != n {
		err = fmt.Errorf("%d numbers, want %d", len(x), n)
	}
	if err != nil {
		p.fail("%s: %w", name, err)
		return make([]N, max(n, 0))
	}
	return x
}

// matrix has dst set to a tensor of its shape.
func (p *reader[T]) matrix(name string, dst *tensor.Tensor[T]) {
	t := p.file.Tensor(name)
	if err := safetensors.Copy[T](nil, t, 0); err != nil {
		p.fail("%s: %w", name, err)
	} else if len(t.Shape) != 2 || t.Shape[0] != dst.Rows || t.Shape[1] != dst.Cols {
		p.fail("%s: shape %d, want %d", name, t.Shape, []int{dst.Rows, dst.Cols})
	} else {
		p.do(func() { safetensors.Copy(dst.Data, t, 0) })
	}
}

// counts is what encode has put there, but for the optimiser.
func (p *reader[T]) counts(r *run[T]) {
	c := vector[int64](p, keyCounts, 8)
	numbers := vector[float64](p, keyNumbers, 4)
	h := vector[float64](p, keyHistory, -1)
	const each = 6
	epochs := len(h) / each
	steps, best, stopped, number, rows, right := c[1], c[2], c[3], c[4], c[5], c[6]
	if len(h)%each != 0 || number != int64(epochs)+1 || best < -1 || best >= int64(epochs) ||
		stopped < 0 || stopped > 1 || rows < 0 || rows > int64(r.set.Len()) || right < 0 || right > rows ||
		steps != int64(epochs)*r.steps(r.set.Len())+r.steps(int(rows)) {
		p.fail("counts that cannot be: %d after %d epochs", c, epochs)
		return
	}
	if epochs > r.Epochs || epochs == r.Epochs && rows > 0 {
		p.failed(anew("of a training that has gone beyond Options.Epochs: it has ended epoch %d, and taken %d samples of the next; want at most %d epochs", epochs, rows, r.Epochs))
	}
	given := uint64(c[7])
	if p.err == nil && scheduled(r.Schedule, int(steps)) != given {
		p.failed(anew("of another training: Options.Schedule gives other rates for the %d steps that were done", steps))
	}
	p.do(func() {
		r.saver.rates = given
		r.at = underWay{number: int(number), loss: numbers[2], rows: int(rows), right: int(right), seconds: numbers[3]}
		r.result.Steps, r.result.Best, r.result.Stopped = int(steps), int(best), stopped == 1
		for i := range epochs {
			e := h[each*i:]
			r.result.History = append(r.result.History, Epoch{i + 1, e[0], e[1], e[2], e[3], e[4], e[5]})
		}
	})
	if r.Patience > 0 && best >= 0 {
		kept := make([]tensor.Tensor[T], len(r.net.Params()))
		for i, q := range r.net.Params() {
			p.matrix(numbered(keyBest, i), kept[i].Resize(q.Value.Rows, q.Value.Cols))
		}
		p.do(func() { r.best = kept })
	}
}

// steps is how many of them go through so many rows.
func (r *run[T]) steps(rows int) int64 {
	size := min(r.BatchSize, r.set.Len())
	return int64((rows + size - 1) / size)
}

// weights are those of the network.
func (p *reader[T]) weights(r *run[T]) {
	for i, q := range r.net.Params() {
		p.matrix(numbered(keyParam, i), q.Value)
	}
}

// optimizer is the optimiser's state and learning rate. Its rate now may be the first one
// or, when training goes on in the same program, the last one.
func (p *reader[T]) optimizer(r *run[T]) {
	numbers, steps := vector[float64](p, keyNumbers, 4), vector[int64](p, keyCounts, 8)[0]
	lr, first := numbers[0], numbers[1]
	if now := r.Optimizer.LR(); r.Schedule == nil && now != first && now != lr {
		p.failed(anew("of another training: the optimiser's first learning rate was %v, and is %v", first, now))
	}
	if !(lr >= 0 && float64(T(lr)) <= math.MaxFloat64) || steps < 0 || steps > math.MaxInt {
		p.fail("a learning rate of %v after %d steps of the optimiser", lr, steps)
	}
	state := r.Optimizer.State()
	scalars := vector[float64](p, keyScalars, -1)
	if n := len(state.Scalars); n > 0 && len(scalars) != n {
		p.fail("%s: %d numbers, want %d", keyScalars, len(scalars), n)
	}
	var moments [][]tensor.Tensor[T]
	for i := 0; p.file.Tensor(numbered(keyMoment, i, 0)) != nil; i++ {
		m := make([]tensor.Tensor[T], len(r.Optimizer.Params()))
		for j, q := range r.Optimizer.Params() {
			p.matrix(numbered(keyMoment, i, j), m[j].Resize(q.Value.Rows, q.Value.Cols))
		}
		moments = append(moments, m)
	}
	if n := len(state.Moments); n > 0 && len(moments) != n {
		p.fail("%d moments, want %d", len(moments), n)
	}
	p.do(func() {
		r.saver.lr = first
		r.Optimizer.SetLR(lr)
		state.Steps, state.Scalars, state.Moments = int(steps), scalars, moments
	})
}

// states takes over what has a state of its own. Should one of them refuse, those before
// go back.
func (p *reader[T]) states(all map[string]binaryState) error {
	var back []func() error
	for name, s := range all {
		old, err := s.MarshalBinary()
		if err == nil {
			if t := p.file.Tensor(name); t == nil {
				err = errors.New("missing")
			} else {
				err = s.UnmarshalBinary(t.Data)
			}
		}
		if err != nil {
			for _, undo := range back {
				err = errors.Join(err, undo())
			}
			return fmt.Errorf("%s: %w", name, err)
		}
		back = append(back, func() error { return s.UnmarshalBinary(old) })
	}
	return nil
}
