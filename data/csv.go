package data

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unsafe"

	"github.com/db75a6f2/downhill/tensor"
)

// CSV says how to read a table. The zero value is a file separated by commas whose
// last column is the class.
type CSV struct {
	// File is the name to use in errors.
	File string
	// Label is the name of the column to predict, which only one may have; empty is the
	// last one.
	Label string
	// Number makes the label a number to predict, rather than a class.
	Number bool
	// Classes are the names of the classes, by number. Nil takes those of the file;
	// files that are read one by one, for training and for testing, may differ in them.
	Classes []string
	// Comma separates fields; 0 is ','.
	Comma rune
	// Names are the names of the columns, all of them, of a file that has no header.
	Names []string
	// Drop are the names of columns to leave out, such as a number of the sample. Only one
	// column may have each.
	Drop []string
	// Missing are fields that stand for an unknown input, such as "", "?" or "NA". They
	// become NaN, which is the caller's to fill in, or to leave out by Subset.
	Missing []string
}

// ReadCSV reads a data set: a row for each line, one column of which is the label
// and the others are numbers. The file may be packed by gzip, and hold 1 GiB then.
// Reading takes some 10 to 35 times the size of the text, unpacked, and 100 times that of
// a row of very many fields.
//
// The first line is a header if its inputs are texts, or if c.Label or c.Drop is given,
// but for c.Names. One whose inputs are numbers is a row, but an error where its label is
// the only one that is no number. A header whose columns are named by numbers therefore
// needs c.Label; a row that is refused for this needs c.Names or c.Classes.
//
// Labels are classes unless c.Number is set: those of c.Classes, or numbered from 0 in
// the order of their texts; the set's Classes keeps the names. Where all are numbers, their
// order is that of the numbers, and 1 and 1.0 are one class. This takes numbers that a
// float64 tells apart, those of 15 digits, and none with leading zeros: 7 and 007 are two
// texts. Inputs, and numbers to predict, are parsed at T's size.
//
// Blanks at the ends of a field, in quotes or not, are not part of it, so that no name or Missing
// has any.
//
// An error names the file, the line and the column, or the offset at which the file
// cannot be read. Nothing is skipped: an empty field, a NaN, a row of another length
// and a table without rows are errors.
func ReadCSV[T tensor.Float](r io.Reader, c CSV) (*Set[T], error) {
	c.File = cmp.Or(c.File, "csv")
	file, err := newSource(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.File, err)
	}
	text := bufio.NewReader(file)
	if mark, _ := text.Peek(3); string(mark) == "\ufeff" {
		text.Discard(3)
	}
	p := csvParser[T]{CSV: c, r: csv.NewReader(text), classes: places(c.Classes)}
	if c.Comma != 0 {
		p.r.Comma = c.Comma
	}
	p.r.ReuseRecord = true
	p.r.TrimLeadingSpace = !unicode.IsSpace(p.r.Comma) // or empty fields would vanish
	p.r.FieldsPerRecord = -1                           // checked in row, for a better error
	for {
		record, err := p.r.Read()
		if err == io.EOF {
			return p.set()
		}
		if err != nil {
			return nil, p.broken(err)
		}
		if err := p.row(record); err != nil {
			return nil, err
		}
	}
}

// csvParser gathers the rows of one file.
type csvParser[T tensor.Float] struct {
	CSV
	r       *csv.Reader
	fields  int      // in a row, 0 before the first
	names   []string // of the columns, or nil
	label   int      // its column
	dropped []bool   // columns
	first   int      // line, that of the header or a row
	x, y    []T
	classes map[string]int // the number of a label in y: in Classes, or else in labels
	labels  []string       // distinct ones, in the order that they came
}

// row takes a header or a row.
func (p *csvParser[T]) row(record []string) error {
	for j, field := range record {
		record[j] = strings.TrimSpace(field)
	}
	line, _ := p.r.FieldPos(0)
	if p.fields == 0 {
		p.fields, p.first = len(record), line
		if p.fields < 2 {
			hint := ""
			if strings.ContainsAny(record[0], ",;\t|") {
				hint = ", with a separator that is not CSV.Comma?"
			}
			return fmt.Errorf("%s:%d: one column only; a label and an input make two%s", p.File, line, hint)
		}
		header, err := p.header(record, line)
		if header || err != nil {
			return err
		}
	}
	if len(record) != p.fields {
		return fmt.Errorf("%s:%d: %d fields, want %d as in the first line", p.File, line, len(record), p.fields)
	}
	for j, field := range record {
		if p.dropped[j] {
			continue
		}
		if j != p.label && slices.Contains(p.Missing, field) {
			p.x = append(p.x, T(math.NaN()))
			continue
		}
		if j == p.label && !p.Number {
			c, err := p.class(field)
			if err != nil {
				return p.bad(j, err.Error())
			}
			p.y = append(p.y, c)
			continue
		}
		v, err := parse[T](field)
		if err != nil {
			return p.bad(j, fmt.Sprintf("%q is no finite number", field))
		}
		if j == p.label {
			p.y = append(p.y, v)
		} else {
			p.x = append(p.x, v)
		}
	}
	return nil
}

// bad is the error of a field of the row just read.
func (p *csvParser[T]) bad(j int, what string) error {
	line, char := p.r.FieldPos(j)
	name := ""
	if p.names != nil && j != p.label {
		name = " (" + p.names[j] + ")"
	}
	return fmt.Errorf("%s:%d:%d: column %d%s: %s", p.File, line, char, j+1, name, what)
}

// broken is the error of a text that is no CSV.
func (p *csvParser[T]) broken(err error) error {
	var syntax *csv.ParseError
	if errors.As(err, &syntax) && syntax.Line != syntax.StartLine {
		return fmt.Errorf("%s:%d: %w, in the row that begins here and ends at line %d", p.File, syntax.StartLine, syntax.Err, syntax.Line)
	}
	if syntax != nil {
		return fmt.Errorf("%s:%d:%d: %w", p.File, syntax.Line, syntax.Column, syntax.Err)
	}
	return fmt.Errorf("%s: %w", p.File, err)
}

// set is what the file held.
func (p *csvParser[T]) set() (*Set[T], error) {
	rows := len(p.y)
	if rows == 0 {
		return nil, fmt.Errorf("%s: no rows", p.File)
	}
	s := &Set[T]{X: tensor.From(rows, p.inputs(), p.x), Y: tensor.From(rows, 1, p.y)}
	for j, name := range p.names {
		if j != p.label && !p.dropped[j] {
			s.Columns = append(s.Columns, name)
		}
	}
	if p.Number {
		return s, nil
	}
	if s.Classes = p.Classes; s.Classes == nil {
		if err := p.checkFirst(); err != nil {
			return nil, err
		}
		var numbers []int
		numbers, s.Classes = classes(p.labels)
		for i, label := range p.y {
			p.y[i] = T(numbers[int(label)])
		}
	}
	return s, nil
}

// parse reads a finite number at T's size. Underscores are for literals in Go: "2024_01" is a text.
func parse[T tensor.Float](s string) (T, error) {
	if strings.Contains(s, "_") {
		return 0, strconv.ErrSyntax
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 8*int(unsafe.Sizeof(T(0))))
	if err == nil && v-v != 0 {
		err = strconv.ErrRange
	}
	return T(v), err
}
