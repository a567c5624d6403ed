package data

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
)

// maxUnpacked is how many bytes a packed file may hold: a few megabytes of gzip can
// unpack to more than any memory.
const maxUnpacked = 1 << 30

// source is a file on its way in. What gzip has packed is unpacked; its errors name
// the offset in the (unpacked) file.
type source struct {
	r     io.Reader
	at    int64 // bytes read so far
	limit int64 // of bytes if packed, else 0
}

// newSource looks at the first bytes of r, which tell a packed file. None of the
// formats begins with them.
func newSource(r io.Reader) (*source, error) {
	plain := bufio.NewReader(r)
	if magic, _ := plain.Peek(2); string(magic) != "\x1f\x8b" {
		return &source{r: plain}, nil
	}
	unpacked, err := gzip.NewReader(plain)
	if err != nil {
		return nil, fmt.Errorf("offset 0: %w", err)
	}
	return &source{r: unpacked, limit: maxUnpacked}, nil
}

// Read implements io.Reader.
func (s *source) Read(b []byte) (int, error) {
	n, err := s.r.Read(b)
	s.at += int64(n)
	if s.limit > 0 && s.at > s.limit {
		return 0, fmt.Errorf("offset %d: the file goes on, expected %d bytes at most of a packed one; unpack it first", s.limit, s.limit)
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("offset %d: %w", s.at, err)
	}
	return n, err
}

// fill reads all of b, which is what the error calls it if the file ends within.
func (s *source) fill(b []byte, what string) error {
	_, err := io.ReadFull(s, b)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("offset %d: the file ends, expected %s", s.at, what)
	}
	return err
}
