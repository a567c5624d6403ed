package train

import (
	"fmt"
	"io"
	"os"

	"github.com/db75a6f2/downhill/internal/atomicfile"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/safetensors"
	"github.com/db75a6f2/downhill/tensor"
)

// Save writes net to a file, see layers.Sequential.Encode. A file that is there is
// replaced in one step: whatever happens, path holds the old network or the new one, and
// what a Save that was killed has left is removed by the next. One Save at a time may
// write a file.
func Save[T tensor.Float](path string, net *layers.Sequential[T]) error {
	f, err := net.Encode()
	if err == nil {
		err = atomicfile.Clean(path)
	}
	if err == nil {
		err = atomicfile.Write(path, func(w io.Writer) error {
			_, err := f.WriteTo(w)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("train: Save: %w", err)
	}
	return nil
}

// Load reads a network that Save has written, see layers.Load. Layers of the user's own
// need layers.Decode, and a file of weights alone layers.Sequential.LoadWeights.
func Load[T tensor.Float](path string) (*layers.Sequential[T], error) {
	f, err := readFile(path)
	var net *layers.Sequential[T]
	if err == nil {
		net, err = layers.Decode[T](f, nil)
	}
	if err != nil {
		return nil, fmt.Errorf("train: Load: %s: %w", path, err)
	}
	return net, nil
}

func readFile(path string) (*safetensors.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	return safetensors.Read(file, info.Size())
}
