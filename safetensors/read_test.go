package safetensors

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// bothWays parses and reads a file, which must give the same.
func bothWays(t testing.TB, data []byte) (*File, error) {
	t.Helper()
	f, err := Parse(data)
	g, readErr := Read(bytes.NewReader(data), int64(len(data)))
	if !reflect.DeepEqual(f, g) || !reflect.DeepEqual(err, readErr) {
		t.Fatalf("Parse: %+v, %v; Read: %+v, %v", f, err, g, readErr)
	}
	if (f == nil) != (err != nil) {
		t.Fatalf("a file %v and an error %v", f, err)
	}
	if err != nil && !strings.HasPrefix(err.Error(), "safetensors: ") {
		t.Errorf("error %q", err)
	}
	return f, err
}

// allocated returns how many bytes f allocates in all.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// model is a file as a network for the digits has it.
func model(t testing.TB) []byte {
	number := func(n int) []float32 {
		values := make([]float32, n)
		for i := range values {
			values[i] = float32(i%97-48) / 64
		}
		return values
	}
	f := &File{
		Metadata: map[string]string{"format": "pt", "classes": `["0","1","2"]`},
		Tensors: []Tensor{
			New("0.weight", []int{32, 64}, number(32*64)),
			New("0.bias", []int{32}, number(32)),
			New("2.weight", []int{10, 32}, number(320)),
			New("2.bias", []int{10}, number(10)),
			New("mean", []int{64}, number(64)),
			New("scale", []int{64}, number(64)),
		},
	}
	data, err := f.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestPyTorch reads what testdata/make.py made of a state dict of PyTorch.
func TestPyTorch(t *testing.T) {
	data, err := os.ReadFile("testdata/torch.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	f, err := bothWays(t, data)
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]string{"format": "pt", "classes": `["Größe", "😀"]`}; !reflect.DeepEqual(f.Metadata, want) {
		t.Errorf("metadata %q, want %q", f.Metadata, want)
	}
	for name, shape := range map[string][]int{"0.weight": {4, 3}, "0.bias": {4}, "2.weight": {2, 4}, "2.bias": {2}} {
		values, err := Values[float32](f.Tensor(name))
		if err != nil || !slices.Equal(f.Tensor(name).Shape, shape) {
			t.Errorf("%s: %+v, %v", name, f.Tensor(name), err)
		}
		for i, v := range values {
			if want := float32(i*37%101-50) / 64; v != want {
				t.Errorf("%s[%d] is %v, want %v", name, i, v, want)
			}
		}
	}
	for name, third := range map[string]float32{"half": 0x1.554p-2, "größe": 0x1.56p-2} {
		values, err := Values[float32](f.Tensor(name))
		largest, smallest, small := float32(65504), float32(0x1p-24), float32(0x3p-24)
		if name != "half" {
			largest = 65536 // 65504 has more digits than a BF16
		}
		want := []float32{0, float32(math.Copysign(0, -1)), 1, -1.5, largest, 0x1p-14, smallest, small, third, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN())}
		same := func(a, b float32) bool {
			return a != a && b != b || math.Float32bits(a) == math.Float32bits(b)
		}
		if err != nil || !slices.EqualFunc(values, want, same) {
			t.Errorf("%s: %v, %v; want %v", name, values, err, want)
		}
	}
	if v, err := Values[float64](f.Tensor("double")); err != nil || !slices.Equal(v, []float64{1.0 / 3, 5e-324}) {
		t.Errorf("double: %v, %v", v, err)
	}
	if v, err := Values[int64](f.Tensor("step")); err != nil || !slices.Equal(v, []int64{-1234567890123}) || len(f.Tensor("step").Shape) != 0 {
		t.Errorf("step: %v, %v", v, err)
	}
	if mask := f.Tensor("mask"); mask.Type != "BOOL" || !bytes.Equal(mask.Data, []byte{1, 0, 1}) {
		t.Errorf("mask: %+v", mask)
	}
	if len(f.Tensors) != 9 {
		t.Errorf("%d tensors, want 9", len(f.Tensors))
	}
}

// TestData: the tensors' Data are parts of what Parse got, and none reaches into the next.
func TestData(t *testing.T) {
	data := file(`{"b":`+byte1+`,"a":`+byte0+`}`, 2)
	f, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)-1] = 7
	if b := f.Tensor("b"); b.Data[0] != 7 || &f.Tensors[1] != b {
		t.Errorf("%+v", f.Tensors)
	}
	_ = append(f.Tensor("a").Data, 9)
	if f.Tensor("b").Data[0] != 7 {
		t.Error("appending to one tensor changed another")
	}
	if f.Tensor("c") != nil {
		t.Error("a tensor that is not there")
	}
}

// sick is a reader that cannot read one byte.
type sick struct {
	data []byte
	at   int
	most int // bytes that one call asked for
}

var errSick = errors.New("no signal")

func (s *sick) ReadAt(p []byte, off int64) (int, error) {
	s.most = max(s.most, len(p))
	if off <= int64(s.at) && int64(s.at) < off+int64(len(p)) {
		return copy(p, s.data[off:s.at]), errSick
	}
	return copy(p, s.data[off:]), nil
}

// atEnd is a reader that gives io.EOF with the last byte, as io.ReaderAt allows.
type atEnd []byte

func (r atEnd) ReadAt(p []byte, off int64) (int, error) {
	n := copy(p, r[off:])
	if off+int64(n) == int64(len(r)) {
		return n, io.EOF
	}
	return n, nil
}

func TestReader(t *testing.T) {
	data := model(t)
	size := int64(len(data))
	want, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if f, err := Read(atEnd(data), size); err != nil || !reflect.DeepEqual(f, want) {
		t.Error("io.EOF with the last byte: ", err)
	}
	for at := range data {
		f, err := Read(&sick{data: data, at: at}, size)
		if f != nil || !errors.Is(err, errSick) || err.Error() != "safetensors: reading at byte "+strconv.Itoa(at)+": no signal" {
			t.Fatalf("byte %d cannot be read: %v, %v", at, f, err)
		}
		f, err = Read(bytes.NewReader(data[:at]), size)
		if f != nil || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("the first %d bytes: %v, %v", at, f, err)
		}
	}
	for _, size := range []int64{math.MinInt64, -1, 0, 7, size - 1} {
		if f, err := Read(bytes.NewReader(data), size); err == nil {
			t.Errorf("size %d: %v", size, f)
		}
	}

	// A size that is not true costs nothing.
	lies := file("{", 0)
	putUint64(lies, maxHeader)
	n := allocated(func() {
		if f, err := Read(bytes.NewReader(lies), math.MaxInt); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%v, %v", f, err)
		}
	})
	if n > 2000 {
		t.Errorf("%d bytes allocated for a file of %d", n, len(lies))
	}

	// What is wrong with the header is found before the data are asked for.
	bad := &sick{data: file(one("U8", "[1000000]", "[1,1000001]"), 1_000_000), at: -1}
	if _, err := Read(bad, int64(len(bad.data))); err == nil || bad.most > 1000 {
		t.Errorf("%d bytes asked for at once, %v", bad.most, err)
	}
}

func TestAddressable(t *testing.T) {
	if math.MaxInt == math.MaxInt64 {
		t.Skip("an int has 64 bits")
	}
	if _, err := Read(bytes.NewReader(nil), math.MaxInt64); err == nil || !strings.Contains(err.Error(), "more than this machine can address") {
		t.Error(err)
	}
	f, err := bothWays(t, file(one("U8", "[0,65536,32768]", "[0,0]"), 0))
	if err == nil {
		t.Errorf("2^31 elements: %v", f)
	}
}

// TestMemory: reading a model allocates hardly more than its size, and reading what was
// made to be large not much more than is there.
func TestMemory(t *testing.T) {
	hostile := func(prefix, suffix string, n int, each func(i int) string) []byte {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(each(i))
		}
		return file(prefix+b.String()+suffix, 0)
	}
	short := func(i int) string { return `"` + strconv.FormatInt(int64(i), 36) + `":` }
	files := map[string][]byte{
		"huge claim":     append([]byte("\x00\xe1\xf5\x05\x00\x00\x00\x00"), "{}          "...),
		"nested objects": file(strings.Repeat(`{"a":`, 100_000), 0),
		"nested arrays":  file(`{"a":{"shape":`+strings.Repeat("[", 100_000), 0),
		"brackets":       file(`{"`+strings.Repeat("[", 100_000)+`":`, 0),
		"a long name":    file(`{"`+strings.Repeat("x", 100_000)+`":`+none0+"}", 0),
		"long dtype":     file(one(strings.Repeat(`\u0001`, 100_000), "[]", "[0,1]"), 1),
		"escapes":        file(`{"`+strings.Repeat(`\n`, 100_000)+`":1}`, 0),
		"digits":         file(one("U8", "["+strings.Repeat("1", 100_000)+"]", "[0,1]"), 1),
		"dimensions":     file(one("U8", "["+strings.Repeat("1,", 100_000)+"]", "[0,1]"), 1),
	}
	for _, n := range []int{1, 10, 1000, 1020, 1030, 30_000} {
		files[strconv.Itoa(n)+" tensors"] = hostile("{", "}", n, func(i int) string {
			return short(i) + `{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`
		})
		files[strconv.Itoa(n)+" shapes"] = hostile("{", "}", n, func(i int) string {
			return short(i) + `{"dtype":"U8","shape":[` + strings.Repeat("0,", 63) + `0],"data_offsets":[0,0]}`
		})
		files[strconv.Itoa(n)+" texts"] = hostile(`{"__metadata__":{`, "}}", n, func(i int) string { return short(i) + `"["` })
		files[strconv.Itoa(n)+" equal texts"] = hostile(`{"__metadata__":{`, "}}", n, func(i int) string { return `"":""` })
	}
	for name, data := range files {
		const constant = 1500 // for the error, the file, and the smallest map
		size := uint64(len(data))
		if n := allocated(func() { Parse(data) }); n > 16*size+constant {
			t.Errorf("%s: Parse allocates %d bytes, %.1f of the file", name, n, float64(n)/float64(size))
		}
		if n := allocated(func() { Read(bytes.NewReader(data), int64(size)) }); n > 17*size+constant {
			t.Errorf("%s: Read allocates %d bytes, %.1f of the file", name, n, float64(n)/float64(size))
		}
	}

	data := model(t)
	if n := allocated(func() { Parse(data) }); n > uint64(len(data))/5 {
		t.Errorf("a model of %d bytes: Parse allocates %d", len(data), n)
	}
	if n := allocated(func() { Read(bytes.NewReader(data), int64(len(data))) }); n > uint64(len(data))*13/10 {
		t.Errorf("a model of %d bytes: Read allocates %d", len(data), n)
	}
}

// TestDamage changes a model at every byte: there is an error or the same shapes, and
// reading never allocates twice the file.
func TestDamage(t *testing.T) {
	whole := model(t)
	want := shapes(t, whole)
	header := 8 + int(uint32At(whole))
	most := 2 * uint64(len(whole))
	for at := range whole {
		data := slices.Clone(whole)
		changes := []byte{1, 0x80} // of data, any bytes of which are right
		if at < header {
			changes = changes[:0]
			for x := 1; x < 256; x++ {
				if !testing.Short() || x&(x-1) == 0 {
					changes = append(changes, byte(x))
				}
			}
		}
		n := allocated(func() {
			for _, x := range changes {
				data[at] = whole[at] ^ x
				f, err := Read(bytes.NewReader(data), int64(len(data)))
				if err != nil {
					if at >= header {
						t.Errorf("byte %d ^ %#x: %v", at, x, err)
					}
					continue
				}
				for i := range f.Tensors {
					if !slices.Equal(f.Tensors[i].Shape, want[i]) {
						t.Errorf("byte %d ^ %#x: shape %v, want %v", at, x, f.Tensors[i].Shape, want[i])
					}
				}
			}
		})
		if n > most*uint64(len(changes)) {
			t.Errorf("byte %d: %d bytes allocated in reading %d times %d", at, n, len(changes), len(whole))
		}
	}
	for n := range whole {
		if f, err := bothWays(t, whole[:n]); err == nil {
			t.Fatalf("the first %d bytes: %v", n, f)
		}
	}
}

func shapes(t *testing.T, data []byte) (shapes [][]int) {
	f, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, tensor := range f.Tensors {
		shapes = append(shapes, tensor.Shape)
	}
	return shapes
}
