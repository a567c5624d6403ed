package data

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
)

// packed is what gzip makes of a file.
func packed(file string) string {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	io.WriteString(w, file)
	w.Close()
	return b.String()
}

const (
	anIDX = "\x00\x00\x08\x02\x00\x00\x00\x01\x00\x00\x00\x02\x07\x08"
	aCSV  = "a,kind\n1.5,x\n"
)

var anNPY = npy(1, "{'descr': '<u2', 'fortran_order': False, 'shape': (2,)}", 7, 0, 8, 0)

// allocated is how many bytes f takes.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// All three readers take a packed file, in pieces too.
func TestPacked(t *testing.T) {
	two := packed(aCSV[:9]) + packed(aCSV[9:]) // as cat makes one of two
	for _, text := range []string{aCSV, packed(aCSV), two} {
		s, err := ReadCSV[float32](iotest.OneByteReader(strings.NewReader(text)), CSV{})
		if err != nil {
			t.Fatal(err)
		}
		if s.Len() != 1 || s.X.Data[0] != 1.5 || s.Classes[0] != "x" {
			t.Errorf("the set is %v", s)
		}
	}
	for _, file := range []string{anIDX, packed(anIDX)} {
		a, err := ReadIDX[float32](iotest.OneByteReader(strings.NewReader(file)), "")
		if err != nil || !sameBits(a.Data, []float32{7, 8}) {
			t.Errorf("%v, %v", a, err)
		}
	}
	for _, file := range []string{anNPY, packed(anNPY)} {
		a, err := ReadNPY[float32](iotest.DataErrReader(strings.NewReader(file)), "")
		if err != nil || !sameBits(a.Data, []float32{7, 8}) {
			t.Errorf("%v, %v", a, err)
		}
	}
}

func TestDamagedPack(t *testing.T) {
	read := func(file string) []error {
		_, csv := ReadCSV[float32](strings.NewReader(file), CSV{File: "f"})
		_, idx := ReadIDX[float32](strings.NewReader(file), "f")
		_, npy := ReadNPY[float32](strings.NewReader(file), "f")
		return []error{csv, idx, npy}
	}
	for _, err := range read("\x1f\x8b\x00\x00") {
		wantError(t, err, "f: offset 0: unexpected EOF")
	}
	for _, err := range read("\x1f\x8b" + strings.Repeat("x", 20)) {
		wantError(t, err, "f: offset 0: gzip: invalid header")
	}
	for i, file := range []string{aCSV, anIDX, anNPY} {
		b := []byte(packed(file))
		b[len(b)-8] ^= 1
		want := "f: offset " + itoa(len(file)) + ": gzip: invalid checksum"
		wantError(t, read(string(b))[i], want)
	}
}

func TestReadErrors(t *testing.T) {
	broken := errors.New("the disk is gone")
	cut := func(file string) io.Reader {
		return io.MultiReader(strings.NewReader(file[:10]), iotest.ErrReader(broken))
	}
	_, csv := ReadCSV[float32](cut(aCSV), CSV{})
	_, idx := ReadIDX[float32](cut(anIDX), "")
	_, npy := ReadNPY[float32](cut(anNPY), "")
	for i, err := range []error{csv, idx, npy} {
		wantError(t, err, []string{"csv", "idx", "npy"}[i]+": offset 10: the disk is gone")
		if !errors.Is(err, broken) {
			t.Error("the reader's error is not wrapped")
		}
	}
}

// A packed file ends at the limit, or is an error there.
func TestLimitOfPacked(t *testing.T) {
	for limit, want := range map[int64]string{
		4: "",
		3: "offset 3: the file goes on, expected 3 bytes at most of a packed one; unpack it first",
	} {
		for _, wrap := range []func(io.Reader) io.Reader{iotest.OneByteReader, iotest.HalfReader} {
			got, err := io.ReadAll(&source{r: wrap(strings.NewReader("abcd")), limit: limit})
			if want == "" && (err != nil || string(got) != "abcd") {
				t.Errorf("%q, %v", got, err)
			} else if want != "" {
				wantError(t, err, want)
			}
		}
	}
	s, err := newSource(strings.NewReader(packed("abcd")))
	if err != nil || s.limit != maxUnpacked {
		t.Errorf("%v, %v", s, err)
	}
}

// What a header claims takes no memory, and what gzip blows up none beyond the shape.
func TestHostileArrays(t *testing.T) {
	bomb := strings.Repeat("\x00", 16<<20)
	for name, file := range map[string]string{
		"idx of 2^32":             "\x00\x00\x08\x01\xff\xff\xff\xff" + "twelve bytes",
		"idx of 2^27":             "\x00\x00\x08\x01\x08\x00\x00\x00" + "twelve bytes",
		"idx of 2^27, some of it": "\x00\x00\x08\x01\x08\x00\x00\x00" + strings.Repeat("a", 100<<10),
		"idx of 2^62":             "\x00\x00\x08\x02\x80\x00\x00\x00\x80\x00\x00\x00",
		"idx of 0 x 2^64":         "\x00\x00\x08\x03\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff",
		"idx of 255 dimensions":   "\x00\x00\x08\xff",
		"npy of 4 GB":             npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000,)}", 1, 2, 3),
		"npy of 2^27":             npy(1, "{'descr': '|u1', 'fortran_order': True, 'shape': (134217728, 1)}", 1, 2, 3),
		"npy of 2^62":             npy(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (2147483648, 2147483648)}"),
		"npy of 10^30":            npy(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000000000000000000000,)}"),
		"npy with a large header": "\x93NUMPY\x02\x00\xff\xff\xff\xff{",
		"packed idx":              packed("\x00\x00\x08\x01\x00\x00\x00\x04" + bomb),
		"packed npy":              packed(npy(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (4,)}") + bomb),
	} {
		var err error
		n := allocated(func() {
			if strings.Contains(name, "npy") {
				_, err = ReadNPY[float64](strings.NewReader(file), "f")
			} else {
				_, err = ReadIDX[float64](strings.NewReader(file), "f")
			}
		})
		if err == nil {
			t.Errorf("%s: no error", name)
		}
		if n > 1<<18+32*uint64(len(file)) {
			t.Errorf("%s: a file of %d bytes takes %d", name, len(file), n)
		}
	}
}

// An array is copied as it grows, some two times in all, and is as large as it must be
// in the end.
func TestMemoryOfArray(t *testing.T) {
	const n = 1 << 22
	file := "\x00\x00\x08\x01\x00\x40\x00\x00" + strings.Repeat("\x01", n)
	var a *Array[float32]
	took := allocated(func() {
		var err error
		if a, err = ReadIDX[float32](strings.NewReader(file), ""); err != nil {
			t.Fatal(err)
		}
	})
	if cap(a.Data) != n || took > 3*4*n || a.Data[n-1] != 1 {
		t.Errorf("room for %d elements of %d, after %d bytes", cap(a.Data), n, took)
	}
}
