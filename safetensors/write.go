package safetensors

import (
	"cmp"
	"errors"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Append appends the file to buf. It returns an error, and buf unchanged, if a name
// occurs twice or is "__metadata__", if a name or text is not UTF-8, if the format does
// not have a tensor's type, or if the length of its Data is not that of its type and shape.
func (f *File) Append(buf []byte) ([]byte, error) {
	start, tensors, size, err := f.encode()
	if err != nil {
		return buf, err
	}
	if size > uint64(math.MaxInt-len(buf)) {
		return buf, errors.New("safetensors: a file of " + digits(size) + " bytes, more than this machine can address")
	}
	buf = append(slices.Grow(buf, int(size)), start...)
	for _, t := range tensors {
		buf = append(buf, t.Data...)
	}
	return buf, nil
}

// WriteTo writes the file to w. It implements io.WriterTo. What is wrong with f, as
// Append says it, is found before the first byte is written.
func (f *File) WriteTo(w io.Writer) (n int64, err error) {
	start, tensors, _, err := f.encode()
	if err != nil {
		return 0, err
	}
	write := func(data []byte) error {
		k, err := w.Write(data)
		n += int64(k)
		if err == nil && k < len(data) {
			err = io.ErrShortWrite
		}
		return err
	}
	if err := write(start); err != nil {
		return n, err
	}
	for _, t := range tensors {
		if err := write(t.Data); err != nil {
			return n, err
		}
	}
	return n, nil
}

// encode returns the part of the file before the data, the tensors in the order of their
// data, and the size of it all. The same file gives the same bytes. They are those that
// the reference writes, except that it has several metadata in an order left to chance.
func (f *File) encode() (start []byte, tensors []*Tensor, size uint64, err error) {
	tensors = make([]*Tensor, len(f.Tensors))
	for i := range f.Tensors {
		tensors[i] = &f.Tensors[i]
	}
	slices.SortFunc(tensors, func(a, b *Tensor) int {
		return cmp.Or(cmp.Compare(b.Type.order(), a.Type.order()), cmp.Compare(a.Name, b.Name))
	})

	header := append(make([]byte, 8), '{')
	if f.Metadata != nil {
		if header, err = appendMetadata(header, f.Metadata); err != nil {
			return nil, nil, 0, err
		}
	}
	names := make(map[string]bool, len(tensors))
	offset := uint64(0)
	for _, t := range tensors {
		wrong := t.check()
		switch {
		case names[t.Name]:
			wrong = "occurs twice"
		case t.Name == metadataKey:
			wrong = "the format keeps this name for the metadata"
		case !utf8.ValidString(t.Name):
			wrong = "the name is not UTF-8"
		}
		if wrong != "" {
			return nil, nil, 0, t.fail(wrong)
		}
		names[t.Name] = true
		if len(header) > 9 {
			header = append(header, ',')
		}
		header = appendTensor(header, t, offset)
		offset += uint64(len(t.Data))
	}
	header = append(header, '}')
	for len(header)%8 != 0 {
		header = append(header, ' ')
	}
	n := len(header) - 8
	if n > maxHeader {
		return nil, nil, 0, errors.New("safetensors: a header of " + strconv.Itoa(n) + " bytes, at most " + strconv.Itoa(maxHeader) + " expected")
	}
	putUint32(header, uint32(n)) // the upper half stays 0
	return header, tensors, uint64(len(header)) + offset, nil
}

// appendMetadata appends the metadata, sorted by their names.
func appendMetadata(buf []byte, metadata map[string]string) ([]byte, error) {
	buf = append(buf, `"`+metadataKey+`":{`...)
	for i, name := range slices.Sorted(maps.Keys(metadata)) {
		value := metadata[name]
		if !utf8.ValidString(name) || !utf8.ValidString(value) {
			return nil, errors.New("safetensors: metadata " + quote(name) + " are not UTF-8")
		}
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(appendString(buf, name), ':')
		buf = appendString(buf, value)
	}
	return append(buf, '}'), nil
}

// appendTensor appends the description of a tensor whose data begin at an offset.
func appendTensor(buf []byte, t *Tensor, offset uint64) []byte {
	buf = appendString(buf, t.Name)
	buf = append(buf, `:{"dtype":"`+string(t.Type)+`","shape":[`...)
	for i, dim := range t.Shape {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = strconv.AppendInt(buf, int64(dim), 10)
	}
	buf = append(buf, `],"data_offsets":[`...)
	buf = append(strconv.AppendUint(buf, offset, 10), ',')
	buf = strconv.AppendUint(buf, offset+uint64(len(t.Data)), 10)
	return append(buf, `]}`...)
}
