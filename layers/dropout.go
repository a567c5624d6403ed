package layers

import (
	"errors"
	"math/rand/v2"
	"strconv"

	"github.com/db75a6f2/downhill/tensor"
)

// Dropout sets a share p of its inputs to 0 in training, at random, and multiplies
// the others by 1/(1-p), so that inference can pass everything on as it is
// (Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from
// Overfitting", JMLR 15, 2014).
//
// Whether an element is dropped is a hash of the layer's seed, the number of the
// training step and the element's index, so no mask is kept. Being in step with the
// network, a Dropout may stand in one place of one network only.
type Dropout[T tensor.Float] struct {
	p          float64
	scale      T
	seed, step uint64
}

// NewDropout returns a layer that drops the share p, with a seed drawn from src. It
// panics unless 0 <= p < 1.
func NewDropout[T tensor.Float](src rand.Source, p float64) *Dropout[T] {
	if !(p >= 0 && p < 1) {
		panic("layers: NewDropout: p is " + number(p) + ", want 0 <= p < 1")
	}
	return &Dropout[T]{p: p, scale: T(1 / (1 - p)), seed: src.Uint64()}
}

// Forward implements Layer: in inference y is x.
func (d *Dropout[T]) Forward(y, x *tensor.Tensor[T]) { y.Copy(x) }

// ForwardTrain implements Trainer. Each call draws anew.
func (d *Dropout[T]) ForwardTrain(y, x *tensor.Tensor[T]) {
	d.step++
	y.Resize(x.Rows, x.Cols)
	d.drop(y.Data, x.Data)
}

// Backward implements Layer for the last ForwardTrain. It needs neither x nor y.
func (d *Dropout[T]) Backward(dx, dy, x, y *tensor.Tensor[T]) {
	if dx == nil {
		return
	}
	dx.Resize(dy.Rows, dy.Cols)
	d.drop(dx.Data, dy.Data)
}

// Params returns none.
func (d *Dropout[T]) Params() []*tensor.Param[T] { return nil }

// Describe returns "dropout P".
func (d *Dropout[T]) Describe() string { return "dropout " + number(d.p) }

// AppendBinary appends the layer's state, its seed and the number of training steps so
// far. It implements encoding.BinaryAppender.
func (d *Dropout[T]) AppendBinary(buf []byte) ([]byte, error) {
	for _, v := range []uint64{d.seed, d.step} {
		for shift := 0; shift < 64; shift += 8 {
			buf = append(buf, byte(v>>shift))
		}
	}
	return buf, nil
}

// MarshalBinary is AppendBinary to nothing.
func (d *Dropout[T]) MarshalBinary() ([]byte, error) { return d.AppendBinary(nil) }

// UnmarshalBinary goes back to a state that MarshalBinary has given. It returns an error,
// and changes nothing, if state is none.
func (d *Dropout[T]) UnmarshalBinary(state []byte) error {
	if len(state) != 16 {
		return errors.New("layers: " + d.Describe() + ": a state has 16 bytes, this one " + strconv.Itoa(len(state)))
	}
	d.seed, d.step = 0, 0
	for i := range 8 {
		d.seed |= uint64(state[i]) << (8 * i)
		d.step |= uint64(state[8+i]) << (8 * i)
	}
	return nil
}

// drop is the same for values and gradients of one step.
func (d *Dropout[T]) drop(y, x []T) {
	threshold := uint32(d.p * (1 << 32))
	key := mix(d.seed + d.step)
	for i, v := range x {
		if uint32(mix(key+uint64(i))>>32) < threshold {
			v = 0
		} else {
			v *= d.scale
		}
		y[i] = v
	}
}

// mix is the finaliser of SplitMix64 on a golden-ratio stride (Steele, Lea and
// Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014).
func mix(z uint64) uint64 {
	z *= 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
