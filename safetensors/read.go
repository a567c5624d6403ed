package safetensors

import (
	"errors"
	"io"
	"math"
	"strconv"
)

// Parse returns the file that data holds, or an error that says what is wrong with it and
// where. The tensors' Data are parts of data.
func Parse(data []byte) (*File, error) {
	n, err := headerLength(data, int64(len(data)))
	if err != nil {
		return nil, err
	}
	header, data := data[8:8+n], data[8+n:]
	metadata, entries, err := parseHeader(header, uint64(len(data)))
	if err != nil {
		return nil, err
	}
	return newFile(metadata, entries, data), nil
}

// Read is Parse for a file of the given size that is not in memory; the tensors' Data are
// parts of one allocation. The header is read and checked before memory for the data is
// taken. An error of r is wrapped, with the place where it came; if r ends before size that
// is io.ErrUnexpectedEOF.
func Read(r io.ReaderAt, size int64) (*File, error) {
	if size > math.MaxInt {
		return nil, errors.New("safetensors: a file of " + strconv.FormatInt(size, 10) + " bytes, more than this machine can address")
	}
	var first [8]byte
	if size >= int64(len(first)) {
		// The last byte tells at once whether the size is true, before anything is
		// allocated by it.
		if err := readAt(r, first[:1], size-1); err != nil {
			return nil, err
		}
		if err := readAt(r, first[:], 0); err != nil {
			return nil, err
		}
	}
	n, err := headerLength(first[:], size)
	if err != nil {
		return nil, err
	}
	header := make([]byte, n)
	if err := readAt(r, header, 8); err != nil {
		return nil, err
	}
	rest := size - 8 - int64(n)
	metadata, entries, err := parseHeader(header, uint64(rest))
	if err != nil {
		return nil, err
	}
	data := make([]byte, rest)
	if err := readAt(r, data, size-rest); err != nil {
		return nil, err
	}
	return newFile(metadata, entries, data), nil
}

func newFile(metadata map[string]string, entries []*entry, data []byte) *File {
	f := &File{Metadata: metadata, Tensors: make([]Tensor, len(entries))}
	for i, e := range entries {
		e.Data = data[e.begin:e.end:e.end]
		f.Tensors[i] = e.Tensor
	}
	return f
}

// readAt fills buf with what stands at an offset.
func readAt(r io.ReaderAt, buf []byte, offset int64) error {
	n, err := r.ReadAt(buf, offset)
	if n == len(buf) {
		return nil
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return &readError{offset + int64(n), err}
}

// readError is an error of the reader, and where it came.
type readError struct {
	offset int64
	err    error
}

func (e *readError) Error() string {
	return "safetensors: reading at byte " + strconv.FormatInt(e.offset, 10) + ": " + e.err.Error()
}

func (e *readError) Unwrap() error { return e.err }
