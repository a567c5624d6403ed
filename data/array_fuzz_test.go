package data

import (
	"compress/gzip"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/tensor"
)

// Whatever the bytes, there is an error that begins with the name of the file, or an
// array of the shape that it says, which comes back when it is written and read again.
// What is allocated is in proportion to the bytes, once unpacked.
func FuzzReadIDX(f *testing.F) {
	f.Add(anIDX)
	f.Add(packed(anIDX))
	f.Fuzz(func(t *testing.T, file string) {
		fuzzArray(t, file, ReadIDX[float32], idxFile)
		fuzzArray(t, file, ReadIDX[float64], idxFile)
	})
}

// FuzzReadNPY is FuzzReadIDX for the other format.
func FuzzReadNPY(f *testing.F) {
	f.Add(anNPY)
	f.Add(packed(anNPY))
	f.Fuzz(func(t *testing.T, file string) {
		fuzzArray(t, file, ReadNPY[float32], npyFile)
		fuzzArray(t, file, ReadNPY[float64], npyFile)
	})
}

func fuzzArray[T tensor.Float](t *testing.T, file string, read reader[T], written func(*Array[T]) string) {
	t.Helper()
	var a *Array[T]
	var err error
	took := allocated(func() { a, err = read(strings.NewReader(file), "f") })
	if most := 1<<18 + 64*unpackedSize(file); took > most {
		t.Errorf("a file of %d bytes takes %d, want %d at most", len(file), took, most)
	}
	if err != nil {
		if !strings.HasPrefix(err.Error(), "f: offset ") || a != nil {
			t.Errorf("%v, and the array is %v", err, a)
		}
		return
	}
	if x := a.Tensor(); cap(a.Data) != len(a.Data) || len(a.Shape) > 0 && x.Rows != a.Shape[0] {
		t.Errorf("%v is a tensor of %dx%d", a.Shape, x.Rows, x.Cols)
	}
	b, err := read(strings.NewReader(written(a)), "f")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(a.Shape, b.Shape) || !sameBits(a.Data, b.Data) {
		t.Errorf("%v comes back as %v", a, b)
	}
}

// unpackedSize is the length of a file once unpacked, as far as that goes.
func unpackedSize(file string) uint64 {
	n := int64(len(file))
	if r, err := gzip.NewReader(strings.NewReader(file)); err == nil {
		unpacked, _ := io.Copy(io.Discard, r)
		n += unpacked
	}
	return uint64(n)
}
