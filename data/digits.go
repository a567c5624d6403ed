package data

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"strconv"

	"github.com/db75a6f2/downhill/tensor"
)

// digits.gz holds 1,797 records of 65 bytes, gzip'd: 64 pixels from 0 to 16, row by
// row, and the digit.
//
//go:embed digits.gz
var digits []byte

// Digits returns 1,797 handwritten digits: images of 8x8 pixels from 0 to 16, and
// the classes 0 to 9. The caller owns the set.
//
// They are the test part of "Optical Recognition of Handwritten Digits" by E.
// Alpaydin and C. Kaynak (1998), from the UCI Machine Learning Repository, which
// lists it under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/). The
// pixels are unchanged; only the file format is ours.
func Digits() *Set[float32] {
	r, err := gzip.NewReader(bytes.NewReader(digits))
	if err != nil {
		panic("data: Digits: " + err.Error())
	}
	records, err := io.ReadAll(r)
	if err != nil {
		panic("data: Digits: " + err.Error())
	}
	const pixels = 64
	n := len(records) / (pixels + 1)
	s := &Set[float32]{X: tensor.New[float32](n, pixels), Y: tensor.New[float32](n, 1)}
	for i := range n {
		record := records[i*(pixels+1):]
		for j, row := 0, s.X.Row(i); j < pixels; j++ {
			row[j] = float32(record[j])
		}
		s.Y.Data[i] = float32(record[pixels])
	}
	for c := range 10 {
		s.Classes = append(s.Classes, strconv.Itoa(c))
	}
	return s
}
