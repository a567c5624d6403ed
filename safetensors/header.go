package safetensors

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

const (
	metadataKey = "__metadata__"
	// maxHeader is the limit of the reference. Few headers have a ten-thousandth of it.
	maxHeader = 100_000_000
	// minEntry is a length that no tensor's text in a header falls below.
	minEntry = len(`"":{"dtype":"U8","shape":[],"data_offsets":[0,0]}`)
)

// entry is what a header says of a tensor: its place is data[begin:end].
type entry struct {
	Tensor
	begin, end uint64
}

// headerLength returns the length that the first 8 bytes of a file give its header, if a
// file of that size may have it.
func headerLength(first []byte, size int64) (int, error) {
	if size < 8 {
		return 0, errors.New("safetensors: a file of " + strconv.FormatInt(size, 10) + " bytes, at least 8 expected")
	}
	n := uint64At(first)
	if n > maxHeader {
		return 0, errors.New("safetensors: a header of " + digits(n) + " bytes, at most " + strconv.Itoa(maxHeader) + " expected")
	}
	if n > uint64(size)-8 {
		return 0, errors.New("safetensors: a header of " + digits(n) + " bytes in a file of " + strconv.FormatInt(size, 10))
	}
	return int(n), nil
}

// parseHeader reads a header and checks it against the length of the data. The entries
// are in the order of their data and have no Data yet.
func parseHeader(text []byte, dataLen uint64) (metadata map[string]string, ordered []*entry, err error) {
	p := &parser{text: text}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return nil, nil, p.fail(i, "not UTF-8")
		}
		i += n
	}
	// A tensor has two arrays. Both bounds hold for any header, and the first is mostly
	// exact, so that the slice neither grows nor lies idle.
	arrays := 0
	for _, c := range text {
		if c == '[' {
			arrays++
		}
	}
	entries := make([]entry, 0, min(arrays/2, len(text)/minEntry))

	err = p.object(func(at int, key []byte) error {
		if string(key) == metadataKey {
			if metadata != nil {
				return p.fail(at, metadataKey+" occurs twice")
			}
			metadata, err = p.metadata()
			return err
		}
		entries = append(entries, entry{Tensor: Tensor{Name: string(key)}})
		return p.tensor(&entries[len(entries)-1])
	})
	if err != nil {
		return nil, nil, err
	}
	if p.peek(); p.at < len(text) {
		return nil, nil, p.expected("nothing but white space")
	}
	if ordered, err = lay(entries, dataLen); err != nil {
		return nil, nil, err
	}
	return metadata, ordered, nil
}

// metadata reads an object of strings.
func (p *parser) metadata() (map[string]string, error) {
	// A map that grows takes twice what it needs: look ahead for its size.
	ahead, n := *p, 0
	err := ahead.object(func(int, []byte) error {
		n++
		_, err := ahead.str()
		return err
	})
	if err != nil {
		return nil, err
	}
	m := make(map[string]string, n)
	err = p.object(func(at int, key []byte) error {
		if _, twice := m[string(key)]; twice {
			return p.fail(at, "metadata "+quote(string(key))+" occur twice")
		}
		value, err := p.str()
		m[string(key)] = string(value)
		return err
	})
	return m, err
}

// tensor reads what a header says of a tensor whose name is known.
func (p *parser) tensor(e *entry) error {
	p.peek()
	start := p.at
	var dtype, shape, offsets bool
	err := p.object(func(at int, key []byte) error {
		var seen *bool
		var read func(*entry) error
		switch string(key) {
		case "dtype":
			seen, read = &dtype, p.dtype
		case "shape":
			seen, read = &shape, p.shape
		case "data_offsets":
			seen, read = &offsets, p.offsets
		default:
			return p.fail(at, "tensor "+quote(e.Name)+" has the unknown key "+quote(string(key)))
		}
		if *seen {
			return p.fail(at, "tensor "+quote(e.Name)+" has "+string(key)+" twice")
		}
		*seen = true
		return read(e)
	})
	switch {
	case err != nil:
		return err
	case !dtype:
		return p.fail(start, "tensor "+quote(e.Name)+" has no dtype")
	case !shape:
		return p.fail(start, "tensor "+quote(e.Name)+" has no shape")
	case !offsets:
		return p.fail(start, "tensor "+quote(e.Name)+" has no data_offsets")
	}
	return nil
}

func (p *parser) dtype(e *entry) error {
	p.peek()
	at := p.at
	name, err := p.str()
	if err != nil {
		return err
	}
	order := DType(name).order()
	if order < 0 {
		return p.fail(at, "tensor "+quote(e.Name)+" has the unknown dtype "+quote(string(name)))
	}
	e.Type = dtypes[order].name
	return nil
}

func (p *parser) shape(e *entry) error {
	p.peek()
	at := p.at
	var dims [maxRank]uint64
	n, err := p.numbers(dims[:])
	if err != nil {
		return err
	}
	e.Shape = make([]int, n)
	for i, dim := range dims[:n] {
		if dim > math.MaxInt {
			return p.fail(at, "tensor "+quote(e.Name)+" has the dimension "+digits(dim)+", more than an int holds here")
		}
		e.Shape[i] = int(dim)
	}
	return nil
}

func (p *parser) offsets(e *entry) error {
	p.peek()
	at := p.at
	var place [2]uint64
	n, err := p.numbers(place[:])
	if err != nil {
		return err
	}
	if n != len(place) {
		return p.fail(at, "tensor "+quote(e.Name)+" has "+strconv.Itoa(n)+" data_offsets, 2 expected")
	}
	e.begin, e.end = place[0], place[1]
	return nil
}

// lay returns the entries in the order of their places and checks that no two have the
// same name, that each place is as long as its type and shape ask for, and that the places
// fill the data without holes and overlaps.
func lay(entries []entry, dataLen uint64) ([]*entry, error) {
	order := make([]*entry, len(entries))
	for i := range entries {
		order[i] = &entries[i]
	}
	slices.SortFunc(order, func(a, b *entry) int { return cmp.Compare(a.Name, b.Name) })
	for i := 1; i < len(order); i++ {
		if order[i].Name == order[i-1].Name {
			return nil, order[i].fail("occurs twice")
		}
	}
	slices.SortFunc(order, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end), cmp.Compare(a.Name, b.Name))
	})
	next := uint64(0)
	for _, e := range order {
		switch size, wrong := e.size(); {
		case wrong != "":
			return nil, e.fail(wrong)
		case e.end < e.begin:
			return nil, e.fail(e.place() + " end before they begin")
		case e.end > dataLen:
			return nil, e.fail(e.place() + " in data of " + digits(dataLen) + " bytes")
		case e.begin != next:
			return nil, e.fail(e.place() + " expected to begin at " + digits(next) + ", where those before it end")
		case e.end-e.begin != size:
			return nil, e.fail(e.place() + ", " + digits(size) + " bytes expected for " + string(e.Type) + " of shape " + shapeString(e.Shape))
		}
		next = e.end
	}
	if next != dataLen {
		return nil, errors.New("safetensors: " + digits(dataLen-next) + " bytes of data behind the last tensor")
	}
	return order, nil
}

func (e *entry) place() string {
	return "data_offsets [" + digits(e.begin) + " " + digits(e.end) + "]"
}

func digits(n uint64) string { return strconv.FormatUint(n, 10) }
