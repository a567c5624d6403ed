package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// idx is a file of unsigned bytes.
func idx(shape []byte, values ...byte) []byte {
	file := []byte{0, 0, 8, byte(len(shape))}
	for _, d := range shape {
		file = append(file, 0, 0, 0, d)
	}
	return append(file, values...)
}

func TestIDX(t *testing.T) {
	shape, values, err := parseIDX(bytes.NewReader(idx([]byte{2, 1, 2}, 1, 2, 3, 4)), 3)
	if err != nil || len(shape) != 3 || shape[0] != 2 || string(values) != "\x01\x02\x03\x04" {
		t.Errorf("%v, %v, %v", shape, values, err)
	}
	for name, bad := range map[string]struct {
		file []byte
		want string
	}{
		"empty":         {nil, "after 0 bytes, want 16"},
		"short header":  {idx([]byte{2, 1}), "after 12 bytes, want 16"},
		"labels":        {idx([]byte{4}, make([]byte, 8)...), "0x00000801, want 0x00000803"},
		"other type":    {append([]byte{0, 0, 13, 3}, make([]byte, 12)...), "0x00000d03"},
		"no rows":       {idx([]byte{0, 1, 2}), "dimension 0 is 0"},
		"short":         {idx([]byte{2, 1, 2}, 1, 2, 3), "3 values, want 4"},
		"long":          {idx([]byte{2, 1, 2}, 1, 2, 3, 4, 5), "more values than the 4"},
		"huge":          {[]byte{0, 0, 8, 3, 255, 255, 255, 255, 0, 0, 0, 1, 0, 0, 0, 1}, "dimension 0 is 4294967295"},
		"huge together": {[]byte{0, 0, 8, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0}, "dimension 1 is 65536"},
	} {
		if _, _, err := parseIDX(bytes.NewReader(bad.file), 3); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

// TestIDXMemory: a header alone takes no memory for what it promises.
func TestIDXMemory(t *testing.T) {
	header := []byte{0, 0, 8, 1, 16, 0, 0, 0} // 2^28 values
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, _, err := parseIDX(bytes.NewReader(header), 1); err == nil {
		t.Error("no error")
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
		t.Errorf("took %d bytes", took)
	}
}

// write makes a folder with two training images, packed or not, and three test images.
func write(t *testing.T, packed bool, labels ...byte) string {
	dir := t.TempDir()
	for name, content := range map[string][]byte{
		"train-images-idx3-ubyte": idx([]byte{2, 1, 2}, 0, 255, 51, 0),
		"train-labels-idx1-ubyte": idx([]byte{byte(len(labels))}, labels...),
		"t10k-images-idx3-ubyte":  idx([]byte{3, 1, 2}, 1, 2, 3, 4, 5, 6),
		"t10k-labels-idx1-ubyte":  idx([]byte{3}, 1, 2, 3),
	} {
		if packed {
			var b bytes.Buffer
			w := gzip.NewWriter(&b)
			w.Write(content)
			w.Close()
			name, content = name+".gz", b.Bytes()
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTaskData(t *testing.T) {
	for _, packed := range []bool{false, true} {
		got, err := options{data: write(t, packed, 7, 9)}.task()
		if err != nil {
			t.Fatal(err)
		}
		x, y := got.train.X, got.train.Y
		if x.Rows != 2 || x.Cols != 2 || x.Data[1] != 1 || x.Data[2] != 0.2 || y.Data[0] != 7 || y.Data[1] != 9 {
			t.Errorf("the set is %v, %v", x, y)
		}
		if got.test.Len() != 3 || got.epochs != 12 || got.network() != "2-128-10" {
			t.Errorf("the task is %+v", got)
		}
	}
	for want, labels := range map[string][]byte{
		"3 labels, want one for each of the 2 images": {1, 2, 3},
		"label 1 is 10, want 0 to 9":                  {1, 10},
	} {
		if _, err := (options{data: write(t, true, labels...)}).task(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, not %s", err, want)
		}
	}
	if _, err := (options{data: t.TempDir()}).task(); err == nil || !strings.Contains(err.Error(), "train-images-idx3-ubyte") {
		t.Errorf("the error is %v", err)
	}
}
