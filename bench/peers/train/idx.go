package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/db75a6f2/downhill/data"
)

// readIDX reads a file, or the one with .gz after its name.
func readIDX(path string) (*data.Array[float32], error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		f, err = os.Open(path + ".gz")
	}
	if err != nil {
		return nil, fmt.Errorf("neither packed nor plain: %w", err)
	}
	defer f.Close()
	return data.ReadIDX[float32](f, f.Name())
}
