package main

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// TestModel: the embedded network reads raw pixels as it was trained to, and has the names
// of the classes.
func TestModel(t *testing.T) {
	net, err := layers.Load[float32](model)
	if err != nil {
		t.Fatal(err)
	}
	_, unseen, err := data.Digits().SplitByClass(rand.NewPCG(1, 0), 0.8) // as examples/digits has split them
	if err != nil {
		t.Fatal(err)
	}
	var logits tensor.Tensor[float32]
	net.Predict(&logits, unseen.X)
	right := 0
	for i := range unseen.Len() {
		if net.Class(logits.Row(i)) == int(unseen.Y.Data[i]) {
			right++
		}
	}
	if share := float64(right) / float64(unseen.Len()); share < 0.95 {
		t.Errorf("%.1f %% of unseen digits are right", 100*share)
	}
	if want := data.Digits().Classes; !slices.Equal(net.Classes, want) {
		t.Errorf("the classes are %q, want %q", net.Classes, want)
	}
}

// TestStandardisation: it is that of the set that the network has learnt from.
func TestStandardisation(t *testing.T) {
	net, err := layers.Load[float32](model)
	if err != nil {
		t.Fatal(err)
	}
	trainSet, unseen, err := data.Digits().SplitByClass(rand.NewPCG(1, 0), 0.8)
	if err != nil {
		t.Fatal(err)
	}
	var want tensor.Tensor[float32]
	net.Predict(&want, unseen.X) // raw
	if err := data.Standardise(trainSet, unseen); err != nil {
		t.Fatal(err)
	}
	if got := net.Predictor().Forward(unseen.X); !slices.Equal(got.Data, want.Data) {
		t.Error("raw pixels do not come to what standardised ones do")
	}
}

// TestDamage changes every byte of the model: it is refused, or a network of the same
// shape. Neither takes more than twice the file's memory.
func TestDamage(t *testing.T) {
	net, err := layers.Load[float32](model)
	if err != nil {
		t.Fatal(err)
	}
	damaged := slices.Clone(model)
	for i := range damaged {
		for _, mask := range []byte{1, 0xff} {
			damaged[i] ^= mask
			took, got := loadMemory(damaged)
			for range 4 { // what the runtime takes meanwhile comes on top
				if took <= 2*uint64(len(model)) {
					break
				}
				took, got = loadMemory(damaged)
			}
			damaged[i] ^= mask
			if took > 2*uint64(len(model)) {
				t.Fatalf("byte %d changed: %d bytes taken for a file of %d", i, took, len(model))
			}
			if got == nil {
				continue
			}
			if len(got.Params()) != len(net.Params()) {
				t.Fatalf("byte %d changed: %d parameters", i, len(got.Params()))
			}
			for j, p := range got.Params() {
				if q := net.Params()[j]; p.Value.Rows != q.Value.Rows || p.Value.Cols != q.Value.Cols {
					t.Fatalf("byte %d changed: %s is %dx%d", i, p.Name, p.Value.Rows, p.Value.Cols)
				}
			}
		}
	}
}

// loadMemory is how many bytes it takes to load a network, or to refuse it.
func loadMemory(data []byte) (bytes uint64, net *layers.Sequential[float32]) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	net, _ = layers.Load[float32](data)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, net
}

func TestRun(t *testing.T) {
	var out strings.Builder
	if err := run(&out, nil, nil); err != nil {
		t.Fatal(err)
	}
	var answers []string
	for _, line := range strings.Split(out.String(), "\n") {
		if strings.HasSuffix(line, " %)") {
			answers = append(answers, line[:1])
		}
	}
	if want := []string{"7", "3", "4"}; !slices.Equal(answers, want) {
		t.Errorf("the samples are %q, want %q", answers, want)
	}
	var again strings.Builder
	if err := run(&again, strings.NewReader(strings.ReplaceAll(samples, " ", " , ")), []string{"-"}); err != nil || again.String() != out.String() {
		t.Errorf("standard input with commas: %v, %s", err, again.String())
	}
}

func TestErrors(t *testing.T) {
	for in, want := range map[string]string{
		"":                        "standard input: 0 numbers, want 64 for each picture",
		"1 2 3":                   "3 numbers, want 64",
		"1 2 x":                   `number 3 is "x", want one from 0 to 16`,
		"1,17":                    `number 2 is "17"`,
		"NaN":                     `number 1 is "NaN"`,
		strings.Repeat("1 ", 128): "",
	} {
		var out strings.Builder
		err := run(&out, strings.NewReader(in), []string{"-"})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: error %v, want one with %s", in, err, want)
		}
	}
	if err := run(&strings.Builder{}, nil, []string{"no such file"}); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if err := run(&strings.Builder{}, nil, []string{"a", "b"}); err == nil {
		t.Error("two files are taken")
	}
}
