package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
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
		"train: data: FromArrays: 2 rows of X, 3 of Y":                     {1, 2, 3},
		"train: data: FromArrays: row 1: label 10 is no class from 0 to 9": {1, 10},
	} {
		if _, err := (options{data: write(t, true, labels...)}).task(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, not %s", err, want)
		}
	}
	if _, err := (options{data: t.TempDir()}).task(); err == nil || !strings.Contains(err.Error(), "train-images-idx3-ubyte") {
		t.Errorf("the error is %v", err)
	}
}
