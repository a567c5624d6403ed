package train_test

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/train"
)

func TestSave(t *testing.T) {
	path := filepath.Join(t.TempDir(), "net.safetensors")
	if _, err := train.Load[float32](path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	left := filepath.Join(filepath.Dir(path), ".net.safetensors.new-1-0") // by a process that was killed
	if err := os.WriteFile(left, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(2) { // the second replaces the first
		net := layers.MLP[float32](rand.NewPCG(seed, 0), 3, 4, 2)
		net.Classes = []string{"a", "b"}
		if err := train.Save(path, net); err != nil {
			t.Fatal(err)
		}
		back, err := train.Load[float32](path)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(back.Params()[0].Value.Data, net.Params()[0].Value.Data) || !slices.Equal(back.Classes, net.Classes) {
			t.Error("another network comes back")
		}
	}
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there: %v", left, err)
	}
	if err := os.WriteFile(path, []byte("no model"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := train.Load[float32](path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want one with the name of the file", err)
	}
	if err := train.Save(filepath.Join(path, "net"), layers.MLP[float32](rand.NewPCG(1, 2), 3, 2)); err == nil {
		t.Error("a file is taken for a folder")
	}
}
