package data

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/db75a6f2/downhill/tensor"
)

// ReadNPY reads an array that numpy.save has written
// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html), packed by
// gzip or not; file is the name to use in errors.
//
// It reads the versions 1 to 3 of the format, elements that are bool, integers of 8 to
// 64 bits or floats of 16 to 64, either byte order, and either order of dimensions:
// what lies in Fortran's order is made row-major, which takes its memory twice. Objects,
// records, texts, dates and complex numbers are errors that name the dtype.
//
// A float is rounded to T, and an error if it is finite in the file only; an integer
// that T does not hold exactly is an error, and so are fewer or more bytes than the
// shape says. NaN is not looked for: Set.Check does that. Memory grows as the elements
// arrive, whatever the header claims; a packed file may hold 1 GiB.
//
// An error names the file and the offset in it, after unpacking.
func ReadNPY[T tensor.Float](r io.Reader, file string) (*Array[T], error) {
	a, err := readNPY[T](r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", cmp.Or(file, "npy"), err)
	}
	return a, nil
}

// maxNPYHeader is beyond what numpy.load takes without being asked to (10,000).
const maxNPYHeader = 1<<16 - 1

// readNPY reads the magic string, the version, the length of the header, the header and
// the elements.
func readNPY[T tensor.Float](r io.Reader) (*Array[T], error) {
	s, err := newSource(r)
	if err != nil {
		return nil, err
	}
	var magic [8]byte
	if err := s.fill(magic[:], "the 8 bytes that NPY begins with"); err != nil {
		return nil, err
	}
	if string(magic[:2]) == "PK" {
		return nil, errors.New("offset 0: a zip archive, as .npz is, expected one of the .npy files in it")
	}
	if string(magic[:6]) != "\x93NUMPY" {
		return nil, fmt.Errorf("offset 0: %q, expected %q", magic[:6], "\x93NUMPY")
	}
	var length [4]byte
	width := 4
	switch version := magic[6:]; {
	case version[0] == 1 && version[1] == 0:
		width = 2
	case version[0] != 2 && version[0] != 3 || version[1] != 0:
		return nil, fmt.Errorf("offset 6: version %d.%d, expected 1.0, 2.0 or 3.0", version[0], version[1])
	}
	if err := s.fill(length[:width], "the length of the header"); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint32(length[:])
	if n > maxNPYHeader {
		return nil, fmt.Errorf("offset 8: a header of %d bytes, expected %d at most", n, maxNPYHeader)
	}
	header := make([]byte, n)
	p := npyHeader{begin: s.at}
	if err := s.fill(header, fmt.Sprintf("a header of %d bytes", n)); err != nil {
		return nil, err
	}
	p.text = string(header)
	p.dict()
	if p.err != nil {
		return nil, p.err
	}
	x, err := readElements[T](s, p.element, p.count)
	if err != nil {
		return nil, err
	}
	if p.fortran {
		x = rowMajor(p.shape, x)
	}
	return &Array[T]{Shape: p.shape, Data: x}, nil
}

// rowMajor returns a copy of elements whose first index runs fastest, with the last
// one running fastest.
func rowMajor[T tensor.Float](shape []int, x []T) []T {
	step := make([]int, len(shape)) // from an index to the next, in the copy
	for d, n := len(shape)-1, 1; d >= 0; d-- {
		step[d] = n
		n *= shape[d]
	}
	y := make([]T, len(x))
	index, at := make([]int, len(shape)), 0
	for _, v := range x {
		y[at] = v
		for d := range shape {
			index[d]++
			at += step[d]
			if index[d] < shape[d] {
				break
			}
			index[d] = 0
			at -= step[d] * shape[d]
		}
	}
	return y
}

// npyHeader parses a header, a literal of Python such as
//
//	{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
//
// It goes on after an error, the first of which it keeps, until the next step.
type npyHeader struct {
	text  string
	begin int64 // offset of text in the file
	pos   int   // in text
	err   error

	element element
	fortran bool
	shape   []int
	count   int // of elements
}

// dict parses the three entries, in any order, and what may follow: white space.
func (p *npyHeader) dict() {
	keys := []string{"descr", "fortran_order", "shape"}
	p.expect("{")
	for p.err == nil && len(keys) > 0 {
		at := p.next()
		key := p.quoted()
		i := slices.Index(keys, key)
		if i < 0 {
			p.fail(at, "the key %q, expected one of %q", key, keys)
			return
		}
		keys = slices.Delete(keys, i, i+1)
		p.expect(":")
		switch key {
		case "descr":
			p.descr()
		case "fortran_order":
			if p.fortran = p.accept("True"); !p.fortran {
				p.expect("False")
			}
		case "shape":
			p.dims()
		}
		if !p.accept(",") {
			break
		}
	}
	if len(keys) > 0 {
		p.fail(p.next(), "no more entries, expected %q too", keys)
	}
	p.expect("}")
	if p.next() < len(p.text) {
		p.fail(p.pos, "%s, expected the end of the header", p.found())
	}
}

// descr parses the dtype.
func (p *npyHeader) descr() {
	const types = "b1 i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8"
	at := p.next()
	if p.accept("[") {
		p.fail(at, "a dtype with fields, expected one number for each element")
	}
	name := p.quoted()
	if strings.HasSuffix(name, "O") {
		p.fail(at, "the dtype %q of Python objects, expected a type of numbers", name)
	}
	if len(name) != 3 || !slices.Contains(strings.Fields(types), name[1:]) {
		p.fail(at, "the dtype %q, expected < or > and one of %s", name, types)
		return
	}
	p.element = element{kind: name[1], size: int(name[2] - '0')}
	switch order := name[0]; {
	case order == '<' || order == '|' && p.element.size == 1:
		p.element.order = binary.LittleEndian
	case order == '>':
		p.element.order = binary.BigEndian
	default:
		p.fail(at, "the dtype %q, expected < or > for the order of its bytes", name)
	}
}

// dims parses the shape: a tuple, that of one number with a comma.
func (p *npyHeader) dims() {
	const most = 64 // that numpy has
	at := p.next()
	var dims []uint64
	p.expect("(")
	for p.err == nil && !p.accept(")") {
		dims = append(dims, p.whole())
		if !p.accept(",") {
			if len(dims) == 1 {
				p.fail(p.pos, "%s, expected a comma in a tuple of one", p.found())
			}
			p.expect(")")
			break
		}
	}
	if len(dims) > most {
		p.fail(at, "%d dimensions, expected %d at most", len(dims), most)
	}
	var err error
	if p.shape, p.count, err = shaped(dims); err != nil {
		p.fail(at, "%w", err)
	}
}

// whole parses a number, which Python 2 may have ended by an L.
func (p *npyHeader) whole() uint64 {
	begin := p.next()
	v := uint64(0)
	for ; p.pos < len(p.text) && '0' <= p.text[p.pos] && p.text[p.pos] <= '9'; p.pos++ {
		if v > 1<<60 {
			p.fail(begin, "a dimension above %d", uint64(1)<<60)
			return 0
		}
		v = 10*v + uint64(p.text[p.pos]-'0')
	}
	if p.pos == begin {
		p.fail(begin, "%s, expected a whole number", p.found())
	}
	p.accept("L")
	return v
}

// quoted parses a text in single or double quotes.
func (p *npyHeader) quoted() string {
	at := p.next()
	if p.err != nil || at == len(p.text) || p.text[at] != '\'' && p.text[at] != '"' {
		p.fail(at, "%s, expected a quoted text", p.found())
		return ""
	}
	text, rest, ok := strings.Cut(p.text[at+1:], p.text[at:at+1])
	if !ok || strings.ContainsAny(text, "\\\n") {
		p.fail(at, "%s, expected the other quote in its line", p.found())
		return ""
	}
	p.pos = len(p.text) - len(rest)
	return text
}

// accept takes word if that is what comes next.
func (p *npyHeader) accept(word string) bool {
	ok := strings.HasPrefix(p.text[p.next():], word)
	if ok {
		p.pos += len(word)
	}
	return ok
}

// expect is accept of what must come.
func (p *npyHeader) expect(word string) {
	if !p.accept(word) {
		p.fail(p.pos, "%s, expected %q", p.found(), word)
	}
}

// next skips white space and returns where it is then.
func (p *npyHeader) next() int {
	for p.pos < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.pos]) >= 0 {
		p.pos++
	}
	return p.pos
}

// found is what lies ahead, for a message.
func (p *npyHeader) found() string {
	rest := p.text[p.pos:]
	if rest == "" {
		return "the end of the header"
	}
	return fmt.Sprintf("%q", rest[:min(len(rest), 12)])
}

// fail keeps an error at a place in the text.
func (p *npyHeader) fail(at int, format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf("offset %d: "+format, append([]any{p.begin + int64(at)}, args...)...)
	}
}
