package data

import (
	"encoding/binary"
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/db75a6f2/downhill"
	"github.com/db75a6f2/downhill/tensor"
)

// Batcher deals a set out in batches, in a new order each epoch. It allocates
// nothing once it is warm. It is for one goroutine.
type Batcher[T tensor.Float] struct {
	set   *Set[T]
	src   rand.Source
	size  int
	order []int // of the epoch under way
	next  int   // place in order of the next batch; 0 for a new epoch
	x, y  tensor.Tensor[T]
	copy  copying[T]
}

// copying is the inputs of a batch on their way into x, work that threads can share.
type copying[T tensor.Float] struct {
	x, from *tensor.Tensor[T]
	rows    []int
}

// Do implements downhill.Rows.
func (c *copying[T]) Do(lo, hi int) {
	n := c.x.Cols
	downhill.GatherRows(c.x.Data[lo*n:hi*n], n, c.from.Data, c.rows[lo:hi])
}

// NewBatcher returns a batcher of the given batch size over set, which shuffles by
// draws from src, or keeps the set's order if src is nil. A size above that of the
// set gives one batch of all. It panics on a size below 1, and if X and Y differ in rows.
func NewBatcher[T tensor.Float](set *Set[T], src rand.Source, size int) *Batcher[T] {
	if size < 1 {
		panic(fmt.Sprintf("data: NewBatcher: batch size is %d", size))
	}
	if set.X.Rows != set.Y.Rows {
		panic(fmt.Sprintf("data: NewBatcher: X is %dx%d, Y is %dx%d", set.X.Rows, set.X.Cols, set.Y.Rows, set.Y.Cols))
	}
	return &Batcher[T]{set: set, src: src, size: size, order: inOrder(set.Len())}
}

// Epoch yields every sample once, in batches of inputs and targets. The last batch
// is short if the size does not divide the set. The tensors belong to the batcher
// and hold until the next batch. Breaking off ends the epoch: the next one shuffles
// anew.
func (b *Batcher[T]) Epoch() iter.Seq2[*tensor.Tensor[T], *tensor.Tensor[T]] {
	// A closure that calls deal by name is inlined into the caller's loop, whose body
	// then stays off the heap.
	return func(yield func(x, y *tensor.Tensor[T]) bool) { b.deal(yield) }
}

func (b *Batcher[T]) deal(yield func(x, y *tensor.Tensor[T]) bool) {
	if b.next == 0 && b.src != nil {
		shuffle(b.src, b.order)
	}
	defer func() { b.next = 0 }()
	for b.next < len(b.order) {
		rows := b.order[b.next:][:min(b.size, len(b.order)-b.next)]
		b.next += len(rows)
		b.copy = copying[T]{b.x.Resize(len(rows), b.set.X.Cols), b.set.X, rows}
		// Rows of a large set come from memory, at some 10 elements in a nanosecond.
		downhill.Split(len(rows), 10*float64(len(b.x.Data)), &b.copy)
		if !yield(&b.x, b.y.Gather(b.set.Y, rows)) {
			break
		}
	}
}

// Batches yields the set once in batches of the given size, like one epoch of a
// Batcher.
func (s *Set[T]) Batches(src rand.Source, size int) iter.Seq2[*tensor.Tensor[T], *tensor.Tensor[T]] {
	return NewBatcher(s, src, size).Epoch()
}

// AppendBinary appends the place in the epoch under way: asked within the loop over
// Epoch, the place after the batch in hand. It implements
// encoding.BinaryAppender. The source is not part of it.
func (b *Batcher[T]) AppendBinary(buf []byte) ([]byte, error) {
	buf = binary.LittleEndian.AppendUint64(buf, uint64(len(b.order)))
	buf = binary.LittleEndian.AppendUint64(buf, uint64(b.next))
	for _, i := range b.order {
		buf = binary.LittleEndian.AppendUint32(buf, uint32(i))
	}
	return buf, nil
}

// MarshalBinary is AppendBinary to nothing.
func (b *Batcher[T]) MarshalBinary() ([]byte, error) { return b.AppendBinary(nil) }

// UnmarshalBinary goes back to a place that MarshalBinary has given: the next Epoch
// yields what was left of that epoch. It returns an error, and changes nothing, if
// the place is not one in a set of this length.
func (b *Batcher[T]) UnmarshalBinary(place []byte) error {
	n := len(b.order)
	if len(place) != 16+4*n || binary.LittleEndian.Uint64(place) != uint64(n) {
		return fmt.Errorf("data: Batcher: %d bytes are no place in a set of %d samples", len(place), n)
	}
	next := binary.LittleEndian.Uint64(place[8:])
	if next > uint64(n) {
		return fmt.Errorf("data: Batcher: place %d in a set of %d samples", next, n)
	}
	order, seen := make([]int, n), make([]bool, n)
	for i := range order {
		row := binary.LittleEndian.Uint32(place[16+4*i:])
		if uint64(row) >= uint64(n) || seen[row] {
			return fmt.Errorf("data: Batcher: the order of the samples has row %d twice, or has no such row", row)
		}
		seen[row] = true
		order[i] = int(row)
	}
	b.order, b.next = order, int(next)
	return nil
}
