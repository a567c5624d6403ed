package train

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestCheckpointFails: where a checkpoint cannot be written, Fit says so, the one before is
// whole and nothing else is left. Once there is room again training goes on from it.
func TestCheckpointFails(t *testing.T) {
	straight := newTraining(variants["adamw"])
	result, err := straight.run(t, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	want := straight.everything(result)

	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, dir string)
		mend  func(t *testing.T, dir string)
		want  error
	}{
		{"full disk", fill, func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, "filler")) }, syscall.ENOSPC},
		{"read-only", remount(syscall.MS_RDONLY), remount(0), syscall.EROFS},
		{"vanished folder", move("dir", "elsewhere"), move("elsewhere", "dir"), fs.ErrNotExist},
		{"file in the folder's place", func(t *testing.T, dir string) {
			move("dir", "elsewhere")(t, dir)
			if err := os.WriteFile(filepath.Join(dir, "dir"), nil, 0o666); err != nil {
				t.Fatal(err)
			}
		}, func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, "dir")); move("elsewhere", "dir")(t, dir) }, syscall.ENOTDIR},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=256k"); err != nil {
				t.Skip("no file system of our own: ", err)
			}
			defer syscall.Unmount(dir, 0)
			if err := os.Mkdir(filepath.Join(dir, "dir"), 0o777); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "dir", "checkpoint")

			r := newTraining(variants["adamw"])
			r.opts.OnEpoch = func(e Epoch) error {
				if e.Number == 2 {
					c.spoil(t, dir)
				}
				return nil
			}
			result, err := r.run(t, path, 0)
			if !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), "train: Fit: checkpoint: ") || len(result.History) != 2 {
				t.Errorf("the error is %v after %d epochs, want %v", err, len(result.History), c.want)
			}
			c.mend(t, dir)
			if entries, err := os.ReadDir(filepath.Join(dir, "dir")); err != nil || len(entries) != 1 {
				t.Errorf("%d files in the folder, want the checkpoint alone (%v)", len(entries), err)
			}
			again := newTraining(variants["adamw"])
			if result, err = again.run(t, path, 0); err != nil {
				t.Fatal(err)
			}
			if got := again.everything(result); got != want {
				t.Error("another result than without the failure")
			}
		})
	}
}

// fill fills the file system of dir.
func fill(t *testing.T, dir string) {
	f, err := os.Create(filepath.Join(dir, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for err == nil {
		_, err = f.Write(make([]byte, 4096))
	}
}

func remount(flags uintptr) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|flags, ""); err != nil {
			t.Fatal(err)
		}
	}
}

func move(from, to string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		if err := os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)); err != nil {
			t.Fatal(err)
		}
	}
}
