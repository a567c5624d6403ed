package data

import (
	"encoding"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/db75a6f2/downhill/tensor"
)

var (
	_ encoding.BinaryAppender    = (*Batcher[float32])(nil)
	_ encoding.BinaryUnmarshaler = (*Batcher[float32])(nil)
)

// epoch is the batches of what b yields next: the numbers of their samples, which
// come from a numbered set.
func epoch(t *testing.T, b *Batcher[float32], classes int) (batches [][]int) {
	t.Helper()
	for x, y := range b.Epoch() {
		if x.Rows != y.Rows || x.Cols != 2 || y.Cols != 1 {
			t.Fatalf("a batch of %dx%d and %dx%d", x.Rows, x.Cols, y.Rows, y.Cols)
		}
		var batch []int
		for i := range x.Rows {
			v := int(x.At(i, 0))
			if x.At(i, 1) != float32(-v) || y.At(i, 0) != float32(v%classes) {
				t.Fatalf("sample %d has become %v with the target %v", v, x.Row(i), y.Row(i))
			}
			batch = append(batch, v)
		}
		batches = append(batches, batch)
	}
	return batches
}

func TestEpoch(t *testing.T) {
	for _, c := range []struct {
		n, size int
		want    []int // sizes of the batches
	}{
		{10, 3, []int{3, 3, 3, 1}}, {10, 5, []int{5, 5}}, {10, 10, []int{10}}, {10, 1000, []int{10}},
		{3, 1, []int{1, 1, 1}}, {1, 2, []int{1}}, {0, 4, nil},
	} {
		b := NewBatcher(numbered(c.n, 3), rand.NewPCG(1, 2), c.size)
		for range 3 {
			var sizes []int
			batches := epoch(t, b, 3)
			for _, batch := range batches {
				sizes = append(sizes, len(batch))
			}
			if !slices.Equal(sizes, c.want) {
				t.Errorf("%d by %d: batches of %v, want %v", c.n, c.size, sizes, c.want)
			}
			if all := slices.Sorted(slices.Values(slices.Concat(batches...))); !slices.Equal(all, inOrder(c.n)) {
				t.Errorf("%d by %d: the samples are %v", c.n, c.size, all)
			}
		}
	}
}

func TestBatchSize(t *testing.T) {
	wantPanic(t, "data: NewBatcher: batch size is 0", func() { NewBatcher(numbered(3, 3), nil, 0) })
	uneven := &Set[float64]{X: tensor.New[float64](3, 2), Y: tensor.New[float64](4, 1)}
	wantPanic(t, "data: NewBatcher: X is 3x2, Y is 4x1", func() { NewBatcher(uneven, nil, 1) })
	wantPanic(t, "data: Subset: X is 3x2, Y is 4x1", func() { uneven.Split(rand.NewPCG(1, 2), 0.5) })
	wantPanic(t, "data: NewBatcher: batch size is -1", func() { numbered(3, 3).Batches(nil, -1) })
}

func TestEpochOrder(t *testing.T) {
	set := numbered(20, 3)
	order := func(b *Batcher[float32]) []int { return slices.Concat(epoch(t, b, 3)...) }
	a, b, other := NewBatcher(set, rand.NewPCG(1, 2), 3), NewBatcher(set, rand.NewPCG(1, 2), 7), NewBatcher(set, rand.NewPCG(2, 2), 3)
	var last []int
	for number := range 3 {
		got := order(a)
		if !slices.Equal(got, order(b)) {
			t.Errorf("epoch %d: one seed gives two orders", number)
		}
		if slices.Equal(got, order(other)) || slices.Equal(got, last) || slices.IsSorted(got) {
			t.Errorf("epoch %d: the order is %v, and %v before", number, got, last)
		}
		last = got
	}
	kept := NewBatcher(set, nil, 3)
	for number := range 2 {
		if got := order(kept); !slices.Equal(got, inOrder(20)) {
			t.Errorf("epoch %d without a source: %v", number, got)
		}
	}
}

func TestBatches(t *testing.T) {
	var got, want []float32
	for x := range numbered(10, 3).Batches(rand.NewPCG(1, 2), 4) {
		got = append(got, x.Data...)
	}
	for x := range NewBatcher(numbered(10, 3), rand.NewPCG(1, 2), 4).Epoch() {
		want = append(want, x.Data...)
	}
	if !slices.Equal(got, want) {
		t.Errorf("it is %v, want %v", got, want)
	}
}

func TestBreakEndsTheEpoch(t *testing.T) {
	broken, whole := NewBatcher(numbered(10, 3), rand.NewPCG(1, 2), 3), NewBatcher(numbered(10, 3), rand.NewPCG(1, 2), 3)
	for range broken.Epoch() {
		break
	}
	epoch(t, whole, 3)
	if got, want := epoch(t, broken, 3), epoch(t, whole, 3); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the next epoch is %v, want %v", got, want)
	}
	wantPanic(t, "in the loop", func() {
		for range broken.Epoch() {
			panic("in the loop")
		}
	})
	epoch(t, whole, 3)
	if got, want := epoch(t, broken, 3), epoch(t, whole, 3); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("after a panic the next epoch is %v, want %v", got, want)
	}
}

// A run that is cut off after each batch in turn of its second epoch goes on from the
// places of the batcher and the source as if nothing had happened.
func TestResume(t *testing.T) {
	set := numbered(10, 3)
	for cut := 1; cut <= 4; cut++ {
		src := rand.NewPCG(1, 2)
		b := NewBatcher(set, src, 3)
		epoch(t, b, 3)
		var place, source []byte
		batches := 0
		var want [][]int
		for x := range b.Epoch() {
			if batches++; batches == cut {
				var err error
				if place, err = b.MarshalBinary(); err != nil {
					t.Fatal(err)
				}
				source, _ = src.MarshalBinary()
			} else if batches > cut {
				var rest []int
				for i := range x.Rows {
					rest = append(rest, int(x.At(i, 0)))
				}
				want = append(want, rest)
			}
		}
		want = append(want, epoch(t, b, 3)...)

		fresh := rand.NewPCG(0, 0)
		resumed := NewBatcher(set, fresh, 3)
		if err := resumed.UnmarshalBinary(place); err != nil {
			t.Fatal(err)
		}
		if err := fresh.UnmarshalBinary(source); err != nil {
			t.Fatal(err)
		}
		got := append(epoch(t, resumed, 3), epoch(t, resumed, 3)...)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("cut after batch %d: %v, want %v", cut, got, want)
		}
	}
}

func TestAppendBinary(t *testing.T) {
	b := NewBatcher(numbered(3, 3), rand.NewPCG(1, 2), 2)
	place, _ := b.MarshalBinary()
	got, err := b.AppendBinary([]byte("before"))
	if err != nil || string(got) != "before"+string(place) {
		t.Errorf("it is %q, %v", got, err)
	}
}

// place is that of a batcher of len(order) samples.
func place(next uint64, order ...uint32) []byte {
	p := binary.LittleEndian.AppendUint64(nil, uint64(len(order)))
	p = binary.LittleEndian.AppendUint64(p, next)
	for _, row := range order {
		p = binary.LittleEndian.AppendUint32(p, row)
	}
	return p
}

func TestDamagedPlace(t *testing.T) {
	good := place(1, 2, 0, 1)
	wrongLength := slices.Clone(good)
	wrongLength[4] = 1 // 2^32 + 3
	for _, c := range []struct {
		place []byte
		want  string
	}{
		{nil, "0 bytes are no place in a set of 3 samples"},
		{good[:27], "27 bytes are no place in a set of 3 samples"},
		{append(slices.Clone(good), 0), "29 bytes are no place in a set of 3 samples"},
		{place(0, 1, 0), "24 bytes are no place in a set of 3 samples"},
		{wrongLength, "28 bytes are no place in a set of 3 samples"},
		{place(4, 2, 0, 1), "place 4 in a set of 3 samples"},
		{place(1<<63, 2, 0, 1), "place 9223372036854775808 in a set of 3 samples"},
		{place(1, 2, 0, 2), "the order of the samples has row 2 twice, or has no such row"},
		{place(1, 2, 0, 3), "the order of the samples has row 3 twice, or has no such row"},
		{place(1, 2, 0, 1<<31+1), "the order of the samples has row 2147483649 twice, or has no such row"},
	} {
		b, twin := NewBatcher(numbered(3, 3), rand.NewPCG(1, 2), 2), NewBatcher(numbered(3, 3), rand.NewPCG(1, 2), 2)
		wantError(t, b.UnmarshalBinary(c.place), "data: Batcher: "+c.want)
		for range 2 {
			if got, want := epoch(t, b, 3), epoch(t, twin, 3); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: it goes on with %v, want %v", c.want, got, want)
			}
		}
	}
}

// Any bytes are refused, or are a place: the one that the batcher then has, from which
// it yields the rest of the epoch.
func FuzzBatcherUnmarshal(f *testing.F) {
	f.Add(place(2, 4, 0, 3, 1, 2))
	f.Fuzz(func(t *testing.T, p []byte) {
		b := NewBatcher(numbered(5, 3), nil, 2)
		if b.UnmarshalBinary(p) != nil {
			return
		}
		if got, _ := b.MarshalBinary(); !slices.Equal(got, p) {
			t.Fatalf("%x has become %x", p, got)
		}
		rest := slices.Concat(epoch(t, b, 3)...)
		if next := int(binary.LittleEndian.Uint64(p[8:])); len(rest) != 5-next {
			t.Fatalf("%d samples follow place %d of 5", len(rest), next)
		}
		if all := slices.Sorted(slices.Values(slices.Concat(epoch(t, b, 3)...))); !slices.Equal(all, inOrder(5)) {
			t.Fatalf("the samples of the next epoch are %v", all)
		}
	})
}

func TestEpochAllocatesNothing(t *testing.T) {
	b := NewBatcher(numbered(100, 3), rand.NewPCG(1, 2), 32)
	var sum float32
	epoch := func() {
		for x, y := range b.Epoch() {
			sum += x.Data[0] * y.Data[0]
		}
	}
	epoch()
	if n := testing.AllocsPerRun(10, epoch); n != 0 {
		t.Errorf("a warm epoch allocates %v times", n)
	}
}
