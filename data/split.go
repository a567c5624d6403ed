package data

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
)

// Split deals the samples at random into two sets, the first of which gets the given
// fraction, rounded to whole samples. They are copies, with the names and the standardisation of the
// set. It panics unless 0 <= fraction <= 1; src must not be nil.
func (s *Set[T]) Split(src rand.Source, fraction float64) (first, second *Set[T]) {
	order := permutation(src, s.Len())
	n := share(fraction, len(order))
	return s.Subset(order[:n]), s.Subset(order[n:])
}

// SplitByClass is Split for each class by itself, so that both sets have the classes
// in the same proportions. It returns an error if Y is no column of class numbers.
func (s *Set[T]) SplitByClass(src rand.Source, fraction float64) (first, second *Set[T], err error) {
	if s.Y.Cols != 1 {
		return nil, nil, fmt.Errorf("data: SplitByClass: Y has %d columns, want 1", s.Y.Cols)
	}
	byClass := map[int][]int{}
	order := permutation(src, s.Len())
	for _, i := range order {
		c, err := class(s.Y.Data[i], math.MaxInt32)
		if err != nil {
			return nil, nil, fmt.Errorf("data: SplitByClass: row %d: label %v is no class", i, s.Y.Data[i])
		}
		byClass[c] = append(byClass[c], i)
	}
	inFirst := make([]bool, s.Len())
	for _, rows := range byClass {
		for _, i := range rows[:share(fraction, len(rows))] {
			inFirst[i] = true
		}
	}
	var a, b []int
	for _, i := range order {
		if inFirst[i] {
			a = append(a, i)
		} else {
			b = append(b, i)
		}
	}
	return s.Subset(a), s.Subset(b), nil
}

// share is the given fraction of n, to the nearest whole.
func share(fraction float64, n int) int {
	if !(fraction >= 0 && fraction <= 1) {
		panic(fmt.Sprintf("data: Split: fraction is %v, want 0 to 1", fraction))
	}
	return int(float64(fraction*float64(n)) + 0.5)
}

// inOrder returns the numbers 0 to n-1.
func inOrder(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	return p
}

// permutation returns the numbers 0 to n-1 in an order drawn from src.
func permutation(src rand.Source, n int) []int {
	p := inOrder(n)
	shuffle(src, p)
	return p
}

// shuffle reorders p by draws from src (Fisher and Yates; Durstenfeld, CACM 7,
// 1964).
func shuffle(src rand.Source, p []int) {
	for i := len(p) - 1; i > 0; i-- {
		j := below(src, i+1)
		p[i], p[j] = p[j], p[i]
	}
}

// below draws uniformly from 0 to n-1 (Lemire, "Fast Random Integer Generation in an
// Interval", ACM TOMACS 29, 2019). rand.IntN is another stream on 32 bits.
func below(src rand.Source, n int) int {
	hi, lo := bits.Mul64(src.Uint64(), uint64(n))
	if lo < uint64(n) {
		for threshold := -uint64(n) % uint64(n); lo < threshold; {
			hi, lo = bits.Mul64(src.Uint64(), uint64(n))
		}
	}
	return int(hi)
}
