package main

import (
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// idxLimit is the number of bytes beyond which nobody's images are meant.
const idxLimit = 1 << 28

// readIDX reads a file of unsigned bytes in so many dimensions, plain or, with .gz after
// its name, packed.
func readIDX(path string, dims int) (shape []int, values []byte, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return readPackedIDX(path+".gz", dims)
	} else if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	return namedIDX(path, f, dims)
}

func readPackedIDX(path string, dims int) (shape []int, values []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("neither packed nor plain: %w", err)
	}
	defer f.Close()
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return namedIDX(path, unpacked, dims)
}

// namedIDX is parseIDX with the file in its errors.
func namedIDX(path string, r io.Reader, dims int) (shape []int, values []byte, err error) {
	if shape, values, err = parseIDX(r, dims); err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return shape, values, err
}

// parseIDX reads the format that http://yann.lecun.com/exdb/mnist describes: two zeros,
// the type (8 for unsigned bytes), the number of dimensions, each as 32 bits, big-endian,
// and the values. It takes no more memory than there are values.
func parseIDX(r io.Reader, dims int) (shape []int, values []byte, err error) {
	header := make([]byte, 4+4*dims)
	if n, err := io.ReadFull(r, header); err != nil {
		return nil, nil, fmt.Errorf("the header ends after %d bytes, want %d: %w", n, len(header), err)
	}
	if got, want := binary.BigEndian.Uint32(header), uint32(8<<8|dims); got != want {
		return nil, nil, fmt.Errorf("the magic number is %#08x, want %#08x: unsigned bytes in %d dimensions", got, want, dims)
	}
	size := uint64(1)
	for i := range dims {
		d := binary.BigEndian.Uint32(header[4+4*i:])
		if size *= uint64(d); size == 0 || size > idxLimit {
			return nil, nil, fmt.Errorf("dimension %d is %d, which makes %d values; want 1 to %d", i, d, size, idxLimit)
		}
		shape = append(shape, int(d))
	}
	values, err = io.ReadAll(io.LimitReader(r, int64(size)+1))
	if err != nil {
		return nil, nil, fmt.Errorf("after %d of %d values: %w", len(values), size, err)
	}
	if uint64(len(values)) < size {
		return nil, nil, fmt.Errorf("%d values, want %d as the header says", len(values), size)
	}
	if uint64(len(values)) > size {
		return nil, nil, fmt.Errorf("more values than the %d of the header", size)
	}
	return shape, values, nil
}
