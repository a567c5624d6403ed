package data

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// places maps texts to where they are, the first time.
func places(texts []string) map[string]int {
	m := make(map[string]int, len(texts))
	for i, text := range texts {
		if _, known := m[text]; !known {
			m[text] = i
		}
	}
	return m
}

// class is the number of a label among the classes. A text is kept once, however many
// rows have it.
func (p *csvParser[T]) class(label string) (T, error) {
	if label == "" {
		return 0, errors.New("the label is empty")
	}
	i, known := p.classes[label]
	if known {
		return T(i), nil
	}
	if p.Classes != nil {
		return 0, fmt.Errorf("label %q is none of %q", label, p.Classes)
	}
	i = len(p.labels)
	if !counts[T](i) {
		return 0, fmt.Errorf("label %q is one of more than %d, which a %T cannot number; are they numbers to predict?", label, i, T(0))
	}
	label = strings.Clone(label) // not the row that it is part of
	p.classes[label] = i
	p.labels = append(p.labels, label)
	return T(i), nil
}

// counts reports whether T has the number n: a float32 has those up to 1<<24.
func counts[T float32 | float64](n int) bool { return float64(T(n)) == float64(n) }

// classes numbers distinct labels: in the order of the numbers that they are if all
// are, else of the texts.
func classes(labels []string) (numbers []int, names []string) {
	values := make([]float64, len(labels))
	numeric := true
	for i, l := range labels {
		if values[i], numeric = labelValue(l); !numeric {
			clear(values)
			break
		}
	}
	order := inOrder(len(labels))
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(values[i], values[j]), cmp.Compare(labels[i], labels[j]))
	})
	numbers = make([]int, len(labels))
	for k, i := range order {
		if k == 0 || !numeric || values[i] != values[order[k-1]] { // one class, as 1 and 1.0
			names = append(names, labels[i])
		}
		numbers[i] = len(names) - 1
	}
	return numbers, names
}

// labelValue is the number that a label is, if a float64 tells it from all others, as it
// does those of 15 digits. One that is written with leading zeros is a text, such as the
// code of a place.
func labelValue(label string) (v float64, ok bool) {
	v, err := parse[float64](label)
	if err != nil {
		return 0, false
	}
	digits := strings.TrimLeft(label, "+-")
	if len(digits) > 1 && digits[0] == '0' && !strings.ContainsRune(".eE", rune(digits[1])) {
		return 0, false
	}
	if e := strings.IndexAny(digits, "eE"); e >= 0 {
		digits = digits[:e]
	}
	digits = strings.Trim(strings.Replace(digits, ".", "", 1), "0")
	if digits == "" {
		return 0, true
	}
	return v, len(digits) <= 15 && math.Abs(v) >= 0x1p-1022 // those below have fewer digits
}
