package safetensors

import (
	"bytes"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// check demands of a file: reading it does not panic and allocates no more than it
// warrants; the oracle is of the same opinion; and what is accepted can be written and
// read again.
func check(t *testing.T, data []byte) (accepted bool) {
	t.Helper()
	var f *File
	var err error
	const slack = 1 << 16 // the test's own machinery may allocate meanwhile
	if n := allocated(func() { f, err = bothWays(t, data) }); n > 33*uint64(len(data))+slack {
		t.Errorf("%d bytes allocated for two readings of %d", n, len(data))
	}
	shapes, ok := oracle(data)
	if ok != (err == nil) {
		t.Fatalf("%q: %v, but the oracle says %v", data, err, ok)
	}
	if !ok {
		return false
	}
	for _, tensor := range f.Tensors {
		if shape, found := shapes[tensor.Name]; !found || !slices.Equal(shape, tensor.Shape) {
			t.Fatalf("%q: %q has shape %v, but the oracle says %v", data, tensor.Name, tensor.Shape, shape)
		}
	}
	if len(f.Tensors) != len(shapes) {
		t.Fatalf("%q: %d tensors, but the oracle says %d", data, len(f.Tensors), len(shapes))
	}
	again, err := f.Append(nil)
	if err != nil {
		t.Fatalf("%q was accepted but cannot be written: %v", data, err)
	}
	g, err := Parse(again)
	if err != nil || !equal(f, g) {
		t.Fatalf("%q became %q: %v", data, again, err)
	}
	if third, _ := g.Append(nil); !bytes.Equal(third, again) {
		t.Fatalf("%q, written again: %q", again, third)
	}
	return true
}

func FuzzParse(f *testing.F) {
	for _, v := range append(append([]vector{}, reference...), ours...) {
		if len(v.file) < 1000 {
			f.Add(v.file)
		}
	}
	torch, err := os.ReadFile("testdata/torch.safetensors")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(torch)
	f.Fuzz(func(t *testing.T, data []byte) { check(t, data) })
}

// TestOracle: this reader and another one agree on files with small faults. The header's
// length is right after each change, so that the fault is what counts.
func TestOracle(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	pieces := []string{
		`"`, `\`, `{`, `}`, `[`, `]`, `,`, `:`, `0`, `1`, `2`, `4`, `8`, `-`, `.`, `e`, ` `, "\n", "\x00", "\xff", "é", "null", "true",
		`"a"`, `"b"`, `"dtype"`, `"shape"`, `"data_offsets"`, `"__metadata__"`, `"U8"`, `"F64"`, `"F4"`, `\u0061`, `\ud83d`, `\ude00`, `\n`,
		"4294967296", "9223372036854775807", "18446744073709551615", "18446744073709551616", "00", "{}", "[]",
		`"a":` + byte0, `"b":` + byte1, `,"n":` + none0, `"__metadata__":{"a":"b"},`, "0,", ",1",
	}
	n := 30_000
	if testing.Short() {
		n = 3_000
	}
	accepted := 0
	for range n {
		data, err := random(r).Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		end := 8 + int(uint32At(data))
		header, rest := slices.Clone(data[8:end]), data[end:]
		for range r.IntN(4) {
			i := r.IntN(len(header) + 1)
			j := min(len(header), i+r.IntN(3))
			piece := []byte(pieces[r.IntN(len(pieces))])
			switch r.IntN(5) {
			case 0: // cut
				piece = nil
			case 1: // repeat what is there
				piece = bytes.Repeat(header[i:j], 2)
			case 2: // insert
				j = i
			}
			header = slices.Replace(header, i, j, piece...)
		}
		if r.IntN(10) == 0 {
			rest = append(rest, 0)
		}
		if check(t, append(file(string(header), 0), rest...)) {
			accepted++
		}
	}
	if accepted < n/10 || accepted > n*9/10 {
		t.Errorf("%d of %d files are accepted: nothing is tried", accepted, n)
	}
}
