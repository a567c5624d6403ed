package data

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/db75a6f2/downhill/tensor"
)

// parts are the numbers of the samples of two parts of a numbered set.
func parts(t *testing.T, classes int, first, second *Set[float32]) (a, b []int) {
	t.Helper()
	numbers := func(s *Set[float32]) (n []int) {
		for i := range s.Len() {
			v := int(s.X.At(i, 0))
			if s.X.At(i, 1) != float32(-v) || s.Y.At(i, 0) != float32(v%classes) {
				t.Fatalf("sample %d has become %v with the target %v", v, s.X.Row(i), s.Y.Row(i))
			}
			n = append(n, v)
		}
		return n
	}
	a, b = numbers(first), numbers(second)
	if all := slices.Sorted(slices.Values(slices.Concat(a, b))); !slices.Equal(all, inOrder(len(all))) || len(all) != first.Len()+second.Len() {
		t.Fatalf("the parts are %v and %v", a, b)
	}
	return a, b
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		n        int
		fraction float64
		first    int
	}{
		{10, 0, 0}, {10, 1, 10}, {10, 0.8, 8}, {10, 0.84, 8}, {10, 0.86, 9}, {3, 0.5, 2}, {1, 0.4, 0}, {1, 0.6, 1},
		{0, 0.5, 0}, {1797, 0.8, 1438},
	} {
		first, second := numbered(c.n, 3).Split(rand.NewPCG(1, 2), c.fraction)
		a, b := parts(t, 3, first, second)
		if len(a) != c.first || len(a)+len(b) != c.n {
			t.Errorf("%v of %d: %d and %d samples", c.fraction, c.n, len(a), len(b))
		}
		if second.X.Cols != 2 || second.Y.Cols != 1 {
			t.Errorf("%v of %d: the second part has %d and %d columns", c.fraction, c.n, second.X.Cols, second.Y.Cols)
		}
	}
}

func TestSplitSeeds(t *testing.T) {
	split := func(seed uint64) []int {
		first, second := numbered(100, 3).Split(rand.NewPCG(seed, 0), 0.5)
		a, b := parts(t, 3, first, second)
		return append(a, b...)
	}
	if !slices.Equal(split(1), split(1)) {
		t.Error("one seed gives two splits")
	}
	if slices.Equal(split(1), split(2)) {
		t.Error("two seeds give one split")
	}
}

func TestSplitByClass(t *testing.T) {
	s := numbered(100, 3) // 34, 33 and 33
	for fraction, want := range map[float64][]int{0: {0, 0, 0}, 1: {34, 33, 33}, 0.5: {17, 17, 17}, 0.8: {27, 26, 26}} {
		first, second, err := s.SplitByClass(rand.NewPCG(1, 2), fraction)
		if err != nil {
			t.Fatal(err)
		}
		a, b := parts(t, 3, first, second)
		counts := make([]int, 3)
		for _, i := range a {
			counts[i%3]++
		}
		if !slices.Equal(counts, want) || len(a)+len(b) != 100 {
			t.Errorf("%v: the first part has %v of the classes, want %v", fraction, counts, want)
		}
		// Neither part may come class by class: its batches would have one class.
		for _, part := range [][]int{a, b} {
			if len(part) > 3 && slices.IsSortedFunc(part, func(i, j int) int { return i%3 - j%3 }) {
				t.Errorf("%v: a part is sorted by class: %v", fraction, part)
			}
		}
		again, _, _ := s.SplitByClass(rand.NewPCG(1, 2), fraction)
		if !slices.Equal(first.X.Data, again.X.Data) {
			t.Errorf("%v: one seed gives two splits", fraction)
		}
	}
}

func TestSplitByClassErrors(t *testing.T) {
	for label, shown := range map[float64]string{-1: "-1", 0.5: "0.5", 1e300: "1e+300", math.NaN(): "NaN"} {
		s := table([]float64{1, 0}, []float64{2, label}, []float64{3, 1})
		_, _, err := s.SplitByClass(rand.NewPCG(1, 2), 0.5)
		wantError(t, err, "data: SplitByClass: row 1: label "+shown+" is no class")
	}
	s := numbered(2, 2)
	s.Y = tensor.New[float32](2, 2)
	_, _, err := s.SplitByClass(rand.NewPCG(1, 2), 0.5)
	wantError(t, err, "data: SplitByClass: Y has 2 columns, want 1")
}

func TestSplitPanics(t *testing.T) {
	for fraction, shown := range map[float64]string{-0.1: "-0.1", 1.1: "1.1", math.NaN(): "NaN", math.Inf(1): "+Inf"} {
		want := "data: Split: fraction is " + shown + ", want 0 to 1"
		wantPanic(t, want, func() { numbered(3, 3).Split(rand.NewPCG(1, 2), fraction) })
		wantPanic(t, want, func() { numbered(3, 3).SplitByClass(rand.NewPCG(1, 2), fraction) })
	}
}

// script is a source that has been told what to say.
type script []uint64

func (s *script) Uint64() uint64 {
	v := (*s)[0]
	*s = (*s)[1:]
	return v
}

func TestBelow(t *testing.T) {
	for _, c := range []struct {
		n     int
		draws []uint64
		want  int
	}{
		{1, []uint64{math.MaxUint64}, 0},
		{3, []uint64{1}, 0},
		{3, []uint64{math.MaxUint64}, 2},
		{3, []uint64{math.MaxUint64 / 3}, 0},   // 3 times this is 2^64 - 1,
		{3, []uint64{math.MaxUint64/3 + 1}, 1}, // and this 2^64 + 2
		// 2^64 is 3*k + 1, so one draw is too many, and 6*k + 4.
		{3, []uint64{0, 1 << 63}, 1},
		{6, []uint64{0, 0, 1<<63 + 1}, 3},
		{1 << 30, []uint64{0}, 0}, // a power of two divides 2^64
		{math.MaxInt32, []uint64{1 << 32}, 0},
		{math.MaxInt32, []uint64{3 << 32}, 1},
		{math.MaxInt32, []uint64{1 << 63}, 1<<30 - 1},
	} {
		s := script(slices.Clone(c.draws))
		if got := below(&s, c.n); got != c.want || len(s) > 0 {
			t.Errorf("below %d after draws of %d: %d, want %d; %d draws are left", c.n, c.draws, got, c.want, len(s))
		}
	}
}

// The limits are those of chi-square, which one seed in a million exceeds.
func TestBelowIsUniform(t *testing.T) {
	for n, limit := range map[int]float64{2: 24, 3: 28, 10: 46, 100: 182} {
		src := rand.NewPCG(3, 4)
		counts := make([]float64, n)
		for range 1000 * n {
			counts[below(src, n)]++
		}
		var chi float64
		for _, c := range counts {
			chi += (c - 1000) * (c - 1000) / 1000
		}
		if chi > limit {
			t.Errorf("below %d: chi-square is %.1f, want less than %v", n, chi, limit)
		}
	}
}

// Each of the 24 orders of four comes as often as the others.
func TestShuffleIsUniform(t *testing.T) {
	src := rand.NewPCG(5, 6)
	counts := map[string]float64{}
	for range 24_000 {
		counts[fmt.Sprint(permutation(src, 4))]++
	}
	chi := 1000 * float64(24-len(counts))
	for _, c := range counts {
		chi += (c - 1000) * (c - 1000) / 1000
	}
	if chi > 72 {
		t.Errorf("chi-square is %.1f: %v", chi, counts)
	}
}

func TestPermutation(t *testing.T) {
	src := rand.NewPCG(7, 8)
	for n := range 50 {
		if p := permutation(src, n); !slices.Equal(slices.Sorted(slices.Values(p)), inOrder(n)) {
			t.Fatalf("no permutation: %v", p)
		}
	}
}

// The stream is part of the contract. A program in Python that follows the papers on
// PCG-DXSM and Lemire's method gives the same order.
func TestPermutationStream(t *testing.T) {
	want := []int{8, 9, 18, 12, 19, 10, 17, 7, 4, 16, 2, 1, 5, 6, 0, 3, 13, 14, 11, 15}
	if got := permutation(rand.NewPCG(1, 2), 20); !slices.Equal(got, want) {
		t.Errorf("it is %v, want %v", got, want)
	}
}

func TestSplitByClassOfFewSamples(t *testing.T) {
	if _, _, err := table([]float64{1, 5}, []float64{2, 9}).SplitByClass(rand.NewPCG(1, 2), 0.5); err != nil {
		t.Error(err)
	}
}
