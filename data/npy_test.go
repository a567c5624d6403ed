package data

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/tensor"
)

// npy is a file of a version, a header and the bytes of elements.
func npy(version byte, header string, elements ...byte) string {
	b := append([]byte("\x93NUMPY"), version, 0)
	if version == 1 {
		b = binary.LittleEndian.AppendUint16(b, uint16(len(header)))
	} else {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(header)))
	}
	return string(append(append(b, header...), elements...))
}

// npyFile is an array as a file of float32 or float64.
func npyFile[T tensor.Float](a *Array[T]) string {
	var b []byte
	for _, v := range a.Data {
		switch v := any(v).(type) {
		case float32:
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		case float64:
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
	}
	dtype := map[bool]string{false: "<f4", true: "<f8"}[len(b) == 8*len(a.Data)]
	tuple := ""
	for _, d := range a.Shape {
		tuple += itoa(d) + ","
	}
	return npy(3, fmt.Sprintf("{'shape':(%s),'fortran_order':False,'descr':'%s'}", tuple, dtype), b...)
}

func TestNPYRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		dims := rng.IntN(6)
		testNPYRoundTrip(t, randomArray[float32](rng, dims))
		testNPYRoundTrip(t, randomArray[float64](rng, dims))
	}
}

func testNPYRoundTrip[T tensor.Float](t *testing.T, a *Array[T]) {
	t.Helper()
	b, err := ReadNPY[T](strings.NewReader(npyFile(a)), "")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(a.Shape, b.Shape) || !sameBits(a.Data, b.Data) {
		t.Errorf("%v comes back as %v", a, b)
	}
}

// Whatever Python writes for the same dictionary is the same header.
func TestReadNPYHeaders(t *testing.T) {
	for _, header := range []string{
		"{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1), }          \n",
		"{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1)}",
		"{'shape':(2,1),'descr':'|u1','fortran_order':False}",
		`{"fortran_order": False, "shape": (2, 1,), "descr": "<u1"}`,
		"{'fortran_order': True, 'descr': '>u1', 'shape': (2L, 1L)}",
		" {\n'descr' : '|u1'\n,\t'fortran_order' : False ,\r\n'shape' : ( 2 , 1 , ) , } \n\n",
	} {
		for version := range byte(3) {
			a, err := ReadNPY[float32](strings.NewReader(npy(version+1, header, 7, 8)), "")
			if err != nil {
				t.Errorf("%q: %v", header, err)
			} else if !slices.Equal(a.Shape, []int{2, 1}) || !sameBits(a.Data, []float32{7, 8}) {
				t.Errorf("%q is %v", header, a)
			}
		}
	}
}

func TestReadNPYErrors(t *testing.T) {
	const types = "b1 i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8"
	entries := func(descr, shape string) string {
		return "{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + ", }"
	}
	for _, c := range []struct{ file, want string }{
		{"", "offset 0: the file ends, expected the 8 bytes that NPY begins with"},
		{"\x93NUMPX\x01\x00", `offset 0: "\x93NUMPX", expected "\x93NUMPY"`},
		{"PK\x03\x04....", "offset 0: a zip archive, as .npz is, expected one of the .npy files in it"},
		{npy(4, ""), "offset 6: version 4.0, expected 1.0, 2.0 or 3.0"},
		{"\x93NUMPY\x01\x01", "offset 6: version 1.1, expected 1.0, 2.0 or 3.0"},
		{"\x93NUMPY\x01\x00\x10", "offset 9: the file ends, expected the length of the header"},
		{"\x93NUMPY\x01\x00\x10\x00{'d", "offset 13: the file ends, expected a header of 16 bytes"},
		{"\x93NUMPY\x02\x00\x00\x00\x01\x00{}", "offset 8: a header of 65536 bytes, expected 65535 at most"},

		{npy(1, ""), `offset 10: the end of the header, expected "{"`},
		{npy(2, ""), `offset 12: the end of the header, expected "{"`},
		{npy(1, "{}"), `offset 11: "}", expected a quoted text`},
		{npy(1, "{'descr': '<f4'}"), `offset 25: no more entries, expected ["fortran_order" "shape"] too`},
		{npy(1, "{'descr': '<f4', 'descr': '<f4'}"), `offset 27: the key "descr", expected one of ["fortran_order" "shape"]`},
		{npy(1, "{'Descr': '<f4'}"), `offset 11: the key "Descr", expected one of ["descr" "fortran_order" "shape"]`},
		{npy(1, "{'descr' '<f4'}"), `offset 19: "'<f4'}", expected ":"`},
		{npy(1, "{'descr: 1}"), `offset 11: "'descr: 1}", expected the other quote in its line`},
		{npy(1, "{'descr': '<f\\x34'}"), `offset 20: "'<f\\x34'}", expected the other quote in its line`},
		{npy(1, "{'fortran_order': 0}"), `offset 28: "0}", expected "False"`},
		{npy(1, entries("'<f4'", "(1,)")+"x"), `offset 67: "x", expected the end of the header`},
		{npy(1, strings.Replace(entries("'<f4'", "(1,)"), "}", "'x': 1}", 1)), `offset 66: "'x': 1}", expected "}"`},
		{npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)"), `offset 64: the end of the header, expected "}"`},

		{npy(1, entries("[('a', '<f4')]", "(1,)")), "offset 20: a dtype with fields, expected one number for each element"},
		{npy(1, entries("'|O'", "(1,)")), `offset 20: the dtype "|O" of Python objects, expected a type of numbers`},
		{npy(1, entries("'<U2'", "(1,)")), `offset 20: the dtype "<U2", expected < or > and one of ` + types},
		{npy(1, entries("'<c8'", "(1,)")), `offset 20: the dtype "<c8", expected < or > and one of ` + types},
		{npy(1, entries("'f4'", "(1,)")), `offset 20: the dtype "f4", expected < or > and one of ` + types},
		{npy(1, entries("''", "(1,)")), `offset 20: the dtype "", expected < or > and one of ` + types},
		{npy(1, entries("'|f4'", "(1,)")), `offset 20: the dtype "|f4", expected < or > for the order of its bytes`},
		{npy(1, entries("'=f4'", "(1,)")), `offset 20: the dtype "=f4", expected < or > for the order of its bytes`},
		{npy(1, entries("None", "(1,)")), `offset 20: "None, 'fortr", expected a quoted text`},

		{npy(1, entries("'<f4'", "3")), `offset 60: "3, }", expected "("`},
		{npy(1, entries("'<f4'", "(3)")), `offset 62: "), }", expected a comma in a tuple of one`},
		{npy(1, entries("'<f4'", "(,)")), `offset 61: ",), }", expected a whole number`},
		{npy(1, entries("'<f4'", "(3,,)")), `offset 63: ",), }", expected a whole number`},
		{npy(1, entries("'<f4'", "(-1,)")), `offset 61: "-1,), }", expected a whole number`},
		{npy(1, entries("'<f4'", "(2, 3")), `offset 67: "}", expected a whole number`},
		{npy(1, entries("'<f4'", "(2, 3 4)")), `offset 66: "4), }", expected ")"`},
		{npy(1, entries("'<f4'", "(1.5,)")), `offset 62: ".5,), }", expected a comma in a tuple of one`},
		{npy(1, entries("'<f4'", "(18446744073709551617,)")), "offset 61: a dimension above 1152921504606846976"},
		{npy(1, entries("'<f4'", "(0, 1152921504606846976)")), "offset 60: the shape is [0 1152921504606846976], expected at most " + strconv.FormatUint(maxElements, 10) + " elements"},
		{npy(1, entries("'<f4'", "("+strings.Repeat("1,", 65)+")")), "offset 60: 65 dimensions, expected 64 at most"},

		{npy(1, entries("'<f4'", "(2,)"), 1, 2, 3), "offset 70: the file ends, expected 2 elements of type float32"},
		{npy(1, entries("'<f2'", "()"), 1, 2, 3), "offset 67: the file goes on, expected its end after 1 elements of type float16"},
		{npy(1, entries("'|b1'", "(2,)"), 1, 2), "offset 68: the bool 2, expected 0 or 1"},
		{npy(1, entries("'<u4'", "(2,)"), 0, 0, 0, 1, 1, 0, 0, 1), "offset 71: the uint32 16777217, expected what a float32 holds exactly"},
		{npy(1, entries("'>i8'", "(1,)"), 0x80, 0, 0, 0, 0, 0, 0, 1), "offset 67: the int64 -9223372036854775807, expected what a float32 holds exactly"},
	} {
		a, err := ReadNPY[float32](strings.NewReader(c.file), "t.npy")
		wantError(t, err, "t.npy: "+c.want)
		if a != nil {
			t.Errorf("%q: there is an array too: %v", c.file, a)
		}
	}
}

// Of each file that NumPy has made and is no array of numbers, the error says what it
// is instead.
func TestReadNPYRefusals(t *testing.T) {
	want := map[string]string{
		"npy:objects": `dtype "|O" of Python objects`,
		"npy:fields":  "dtype with fields",
		"npy:text":    `dtype "<U2"`,
		"npy:bytes":   `dtype "|S2"`,
		"npy:complex": `dtype "<c8"`,
		"npy:date":    `dtype "<M8[s]"`,
		"npy:npz":     "zip archive",
	}
	for _, f := range numpyFiles(t) {
		if !f.bad {
			continue
		}
		if _, err := ReadNPY[float64](strings.NewReader(f.file), ""); err == nil || !strings.Contains(err.Error(), want[f.name]) {
			t.Errorf("%s: the error is %v", f.name, err)
		}
		delete(want, f.name)
	}
	if len(want) > 0 {
		t.Errorf("there is no file for %v", want)
	}
}
