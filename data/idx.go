package data

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/db75a6f2/downhill/tensor"
)

// ReadIDX reads an array in the format of the MNIST files
// (http://yann.lecun.com/exdb/mnist), packed by gzip or not; file is the name to use
// in errors.
//
// All six types of elements are read. A float64 is rounded to T; an integer that T
// does not hold exactly is an error, and so are fewer or more bytes than the shape
// says. NaN is not looked for: Set.Check does that. Memory grows as the elements
// arrive, whatever the header claims; a packed file may hold 1 GiB.
//
// An error names the file and the offset in it, after unpacking.
func ReadIDX[T tensor.Float](r io.Reader, file string) (*Array[T], error) {
	a, err := readIDX[T](r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", cmp.Or(file, "idx"), err)
	}
	return a, nil
}

// readIDX reads two zeros, a byte for the type and one for the number of dimensions,
// the dimensions as 32 bits each and the elements, all big-endian.
func readIDX[T tensor.Float](r io.Reader) (*Array[T], error) {
	s, err := newSource(r)
	if err != nil {
		return nil, err
	}
	var magic [4]byte
	if err := s.fill(magic[:], "the 4 bytes that IDX begins with"); err != nil {
		return nil, err
	}
	if magic[0] != 0 || magic[1] != 0 {
		return nil, fmt.Errorf("offset 0: the bytes %#02x %#02x, expected two zeros as IDX begins", magic[0], magic[1])
	}
	e := element{order: binary.BigEndian}
	switch magic[2] {
	case 0x08:
		e.kind, e.size = 'u', 1
	case 0x09:
		e.kind, e.size = 'i', 1
	case 0x0b:
		e.kind, e.size = 'i', 2
	case 0x0c:
		e.kind, e.size = 'i', 4
	case 0x0d:
		e.kind, e.size = 'f', 4
	case 0x0e:
		e.kind, e.size = 'f', 8
	default:
		return nil, fmt.Errorf("offset 2: elements of type %#02x, expected 0x08, 0x09 or 0x0b to 0x0e", magic[2])
	}
	if magic[3] == 0 {
		return nil, errors.New("offset 3: no dimensions, expected 1 to 255")
	}
	dims := make([]uint64, magic[3])
	for i := range dims {
		var d [4]byte
		if err := s.fill(d[:], fmt.Sprintf("%d dimensions of 4 bytes each", len(dims))); err != nil {
			return nil, err
		}
		dims[i] = uint64(binary.BigEndian.Uint32(d[:]))
	}
	shape, n, err := shaped(dims)
	if err != nil {
		return nil, fmt.Errorf("offset 4: %w", err)
	}
	x, err := readElements[T](s, e, n)
	if err != nil {
		return nil, err
	}
	return &Array[T]{Shape: shape, Data: x}, nil
}
