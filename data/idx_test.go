package data

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/tensor"
)

func itoa(n int) string { return strconv.Itoa(n) }

// idxFile is an array as a file of float32 or float64.
func idxFile[T tensor.Float](a *Array[T]) string {
	b := []byte{0, 0, 0x0d, byte(len(a.Shape))}
	for _, d := range a.Shape {
		b = binary.BigEndian.AppendUint32(b, uint32(d))
	}
	for _, v := range a.Data {
		switch v := any(v).(type) {
		case float32:
			b = binary.BigEndian.AppendUint32(b, math.Float32bits(v))
		case float64:
			b[2] = 0x0e
			b = binary.BigEndian.AppendUint64(b, math.Float64bits(v))
		}
	}
	return string(b)
}

// randomArray is one of random shape and bits.
func randomArray[T tensor.Float](rng *rand.Rand, dims int) *Array[T] {
	a, n := &Array[T]{}, 1
	for range dims {
		d := rng.IntN(6)
		a.Shape = append(a.Shape, d)
		n *= d
	}
	for range n {
		a.Data = append(a.Data, T(math.Float32frombits(rng.Uint32())))
	}
	return a
}

func TestIDXRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		dims := 1 + rng.IntN(5)
		testIDXRoundTrip(t, randomArray[float32](rng, dims))
		testIDXRoundTrip(t, randomArray[float64](rng, dims))
	}
}

func testIDXRoundTrip[T tensor.Float](t *testing.T, a *Array[T]) {
	t.Helper()
	b, err := ReadIDX[T](strings.NewReader(idxFile(a)), "")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(a.Shape, b.Shape) || !sameBits(a.Data, b.Data) {
		t.Errorf("%v comes back as %v", a, b)
	}
}

func TestReadIDXErrors(t *testing.T) {
	for file, want := range map[string]string{
		"":                                     "offset 0: the file ends, expected the 4 bytes that IDX begins with",
		"\x00\x00\x08":                         "offset 3: the file ends, expected the 4 bytes that IDX begins with",
		"\x00\x01\x08\x01":                     "offset 0: the bytes 0x00 0x01, expected two zeros as IDX begins",
		"<htm":                                 "offset 0: the bytes 0x3c 0x68, expected two zeros as IDX begins",
		"\x00\x00\x0a\x01":                     "offset 2: elements of type 0x0a, expected 0x08, 0x09 or 0x0b to 0x0e",
		"\x00\x00\x08\x00":                     "offset 3: no dimensions, expected 1 to 255",
		"\x00\x00\x08\x02\x00\x00\x00\x01\x00": "offset 9: the file ends, expected 2 dimensions of 4 bytes each",
		"\x00\x00\x08\x01\x00\x00\x00\x03ab":   "offset 10: the file ends, expected 3 elements of type uint8",
		"\x00\x00\x0b\x01\x00\x00\x00\x01a":    "offset 9: the file ends, expected 1 elements of type int16",
		"\x00\x00\x08\x01\x00\x00\x00\x00a":    "offset 8: the file goes on, expected its end after 0 elements of type uint8",
		"\x00\x00\x08\x01\x00\x00\x00\x01ab":   "offset 9: the file goes on, expected its end after 1 elements of type uint8",
		"\x00\x00\x0c\x01\x00\x00\x00\x02\x00\x00\x00\x01\xfe\xff\xff\xff":                                "offset 12: the int32 -16777217, expected what a float32 holds exactly",
		"\x00\x00\x0e\x01\x00\x00\x00\x01\x7e\x37\xe4\x3c\x88\x00\x75\x9c":                                "offset 8: the float64 1e+300, expected what is finite as a float32",
		"\x00\x00\x08\x03\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff":                                "offset 4: the shape is [0 4294967295 4294967295], expected at most " + strconv.FormatUint(maxElements, 10) + " elements",
		"\x00\x00\x08\x04\x40\x00\x00\x00\x40\x00\x00\x00\x40\x00\x00\x00\x40\x00\x00\x00" + "some bytes": "offset 4: the shape is [1073741824 1073741824 1073741824 1073741824], expected at most " + strconv.FormatUint(maxElements, 10) + " elements",
	} {
		a, err := ReadIDX[float32](strings.NewReader(file), "t.idx")
		wantError(t, err, "t.idx: "+want)
		if a != nil {
			t.Errorf("%q: there is an array too: %v", file, a)
		}
	}
}

// The offset of a bad element is right beyond the first block.
func TestReadIDXLateElement(t *testing.T) {
	a := &Array[float64]{Shape: []int{30000}, Data: make([]float64, 30000)}
	a.Data[29998] = -1e300
	_, err := ReadIDX[float32](strings.NewReader(idxFile(a)), "")
	wantError(t, err, "idx: offset "+itoa(8+8*29998)+": the float64 -1e+300, expected what is finite as a float32")
	for i := range a.Data {
		a.Data[i] = float64(i)
	}
	b, err := ReadIDX[float64](strings.NewReader(idxFile(a)), "")
	if err != nil || !sameBits(a.Data, b.Data) {
		t.Errorf("blocks are lost: %v", err)
	}
}
