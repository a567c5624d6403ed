package data

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// header looks at the first line: whether it is a header, and what the columns are.
func (p *csvParser[T]) header(record []string, line int) (header bool, err error) {
	if p.Names == nil {
		if header, err = p.isHeader(record, line); err != nil {
			return false, err
		}
		if header {
			p.names = slices.Clone(record)
		}
	} else if p.names = p.Names; len(p.names) != p.fields {
		return false, fmt.Errorf("%s:%d: %d fields, want %d as there are Names", p.File, line, p.fields, len(p.names))
	}
	p.label, p.dropped = p.fields-1, make([]bool, p.fields)
	for _, name := range p.Drop {
		j, err := p.column(name, line)
		if err != nil {
			return false, err
		}
		p.dropped[j] = true
	}
	label := p.Label
	if label == "" && p.names != nil {
		label = p.names[p.label]
	}
	if label != "" {
		if p.label, err = p.column(label, line); err != nil {
			return false, err
		}
	}
	if p.dropped[p.label] {
		return false, fmt.Errorf("%s:%d: column %d, the label, is one to drop", p.File, line, p.label+1)
	}
	if p.inputs() == 0 {
		return false, fmt.Errorf("%s:%d: no inputs are left of %q", p.File, line, p.names)
	}
	return header, nil
}

// isHeader reports whether the first line, unless it has names by c, is a header.
func (p *csvParser[T]) isHeader(record []string, line int) (bool, error) {
	if p.Label != "" || len(p.Drop) > 0 {
		return true, nil
	}
	numbers, texts := 0, 0
	for _, field := range record[:p.fields-1] {
		if field == "" || slices.Contains(p.Missing, field) {
			continue
		}
		if isText(field) {
			texts++
		} else {
			numbers++
		}
	}
	if numbers > 0 && texts > 0 {
		return false, fmt.Errorf("%s:%d: neither a header nor a row: %q; with Label it is a header", p.File, line, record)
	}
	return texts > 0, nil
}

// isText reports whether a field is no number, not even one that is not finite.
func isText(field string) bool {
	_, err := parse[float64](field)
	return errors.Is(err, strconv.ErrSyntax)
}

// checkFirst returns an error if the first line has been taken for a row, as its inputs
// are numbers, but its label is the only one that is none: it may well be a header, such
// as pandas writes of columns without names.
func (p *csvParser[T]) checkFirst() error {
	if p.names != nil || len(p.labels) == 1 || !isText(p.labels[0]) || slices.Contains(p.Missing, p.labels[0]) {
		return nil
	}
	if slices.ContainsFunc(p.labels[1:], isText) || slices.Contains(p.y[1:], 0) {
		return nil
	}
	return fmt.Errorf("%s:%d: neither clearly a header nor a row: %q is the only label that is no number; with Label it is a header, with Names or Classes a row", p.File, p.first, p.labels[0])
}

// column is the place of the one column of that name.
func (p *csvParser[T]) column(name string, line int) (int, error) {
	j := slices.Index(p.names, name)
	if j < 0 {
		return 0, fmt.Errorf("%s:%d: no column %q among %q", p.File, line, name, p.names)
	}
	if k := slices.Index(p.names[j+1:], name); k >= 0 {
		return 0, fmt.Errorf("%s:%d: columns %d and %d are both %q, expected one of that name", p.File, line, j+1, j+k+2, name)
	}
	return j, nil
}

// inputs returns how many columns are inputs.
func (p *csvParser[T]) inputs() int {
	n := p.fields - 1
	for _, dropped := range p.dropped {
		if dropped {
			n--
		}
	}
	return n
}
