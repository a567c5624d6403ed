package train

import (
	"context"
	"encoding"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc64"
	"io"
	"strconv"
	"time"

	"github.com/db75a6f2/downhill/internal/atomicfile"
	"github.com/db75a6f2/downhill/safetensors"
	"github.com/db75a6f2/downhill/tensor"
)

// Checkpoint says where and when Fit writes down all that it takes to go on after an
// interruption as if there had been none, to the bit: weights, the optimiser's state, the
// place in the shuffled epoch, Options.Rand, the state of layers such as Dropout, the best
// weights and the history.
type Checkpoint struct {
	// Path is the file; without it there are no checkpoints. Each replaces the one before
	// in one step: whatever happens, the file is whole. One Fit at a time may use it.
	Path string
	// Every and Interval are the number of steps and the time between two checkpoints,
	// whichever comes first. If both are 0 there is one after each epoch. There is always
	// one after the last, and one when ctx is cancelled or OnEpoch fails.
	Every    int
	Interval time.Duration
}

// The tensors of a checkpoint, which is a safetensors file. Its metadata say what training
// it is of, see identity.
const (
	keyParam    = "param."    // weights, with the number of the parameter
	keyBest     = "best."     // likewise, those of the best epoch
	keyMoment   = "moment."   // the optimiser's, with the numbers of the moment and the parameter
	keyScalars  = "scalars"   // F64, the optimiser's
	keyNumbers  = "numbers"   // F64: see encode
	keyHistory  = "history"   // F64: six numbers an epoch
	keyCounts   = "counts"    // I64: see encode
	keyPlace    = "place"     // U8, the batcher's
	keyRand     = "rand"      // U8, of Options.Rand
	keyLayer    = "layer."    // U8, of a layer with a state, with its number
	keyChecksum = "~checksum" // U8: CRC-64 of all bytes before; the last name in the file's order
)

const checksumBytes = 8

// saver is what a run with checkpoints has more.
type saver struct {
	identity []trait
	states   map[string]binaryState // of the batcher, of Options.Rand and of layers
	lr       float64                // the optimiser's when training began
	rates    uint64                 // a hash of those that the schedule has given, see scheduled
	last     time.Time              // of the last checkpoint
}

// binaryState is something with a state of its own that can be written down, such as a
// *rand.PCG, a *layers.Dropout and a *data.Batcher.
type binaryState interface {
	encoding.BinaryMarshaler
	encoding.BinaryUnmarshaler
}

// between comes between two steps, when everything is in a state to go on from. It
// returns ctx's error, or that of a checkpoint that was due.
func (r *run[T]) between(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return r.cancelled(err)
	}
	c := &r.Checkpoint
	if r.saver != nil && (c.Every > 0 && r.result.Steps%c.Every == 0 || c.Interval > 0 && time.Since(r.saver.last) >= c.Interval) {
		return r.save()
	}
	return nil
}

// afterEpoch comes when an epoch is in the history.
func (r *run[T]) afterEpoch() error {
	c, last := &r.Checkpoint, r.result.Stopped || r.at.number > r.Epochs
	if r.saver != nil && (last || c.Every == 0 && c.Interval == 0) {
		return r.save()
	}
	return nil
}

// cancelled saves what there is, and returns the error that ends the run in any case.
func (r *run[T]) cancelled(err error) error {
	if r.saver != nil {
		if failed := r.save(); failed != nil {
			return errors.Join(err, failed)
		}
	}
	return err
}

// save writes a checkpoint.
func (r *run[T]) save() error {
	data, err := r.encode()
	if err == nil {
		err = atomicfile.Write(r.Checkpoint.Path, func(w io.Writer) error {
			_, err := w.Write(data)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("train: Fit: checkpoint: %w", err)
	}
	r.saver.last = time.Now()
	return nil
}

// encode returns the bytes of a checkpoint.
func (r *run[T]) encode() ([]byte, error) {
	f := &safetensors.File{Metadata: map[string]string{}}
	for _, t := range r.saver.identity {
		f.Metadata[t.name] = t.value
	}
	add := func(t safetensors.Tensor) { f.Tensors = append(f.Tensors, t) }
	matrix := func(name string, x *tensor.Tensor[T]) {
		add(safetensors.New(name, []int{x.Rows, x.Cols}, x.Data))
	}
	for i, p := range r.net.Params() {
		matrix(numbered(keyParam, i), p.Value)
	}
	for i := range r.best {
		matrix(numbered(keyBest, i), &r.best[i])
	}
	state := r.Optimizer.State()
	for i, moments := range state.Moments {
		for j := range moments {
			matrix(numbered(keyMoment, i, j), &moments[j])
		}
	}
	vector := func(name string, x []float64) { add(safetensors.New(name, []int{len(x)}, x)) }
	vector(keyScalars, state.Scalars)
	seconds := 0.0
	if r.at.rows > 0 {
		seconds = r.seconds()
	}
	vector(keyNumbers, []float64{r.Optimizer.LR(), r.saver.lr, r.at.loss, seconds})
	var history []float64
	for _, e := range r.result.History {
		history = append(history, e.Loss, e.Accuracy, e.ValidationLoss, e.ValidationAccuracy, e.LR, e.Seconds)
	}
	vector(keyHistory, history)
	stopped := 0
	if r.result.Stopped {
		stopped = 1
	}
	counts := []int64{int64(state.Steps), int64(r.result.Steps), int64(r.result.Best), int64(stopped),
		int64(r.at.number), int64(r.at.rows), int64(r.at.right), int64(r.saver.rates)}
	add(safetensors.New(keyCounts, []int{len(counts)}, counts))
	for name, m := range r.saver.states {
		b, err := m.MarshalBinary()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		add(safetensors.Tensor{Name: name, Type: "U8", Shape: []int{len(b)}, Data: b})
	}
	add(safetensors.Tensor{Name: keyChecksum, Type: "U8", Shape: []int{checksumBytes}, Data: make([]byte, checksumBytes)})
	data, err := f.Append(nil)
	if err != nil {
		return nil, err
	}
	binary.LittleEndian.PutUint64(data[len(data)-checksumBytes:], checksum(data))
	return data, nil
}

// checksum is that of all of data but its last bytes, where it stands.
func checksum(data []byte) uint64 {
	return crc64.Checksum(data[:len(data)-checksumBytes], crc64.MakeTable(crc64.ECMA))
}

// numbered is the name of one of many.
func numbered(key string, numbers ...int) string {
	for i, n := range numbers {
		if i > 0 {
			key += "."
		}
		key += strconv.Itoa(n)
	}
	return key
}
