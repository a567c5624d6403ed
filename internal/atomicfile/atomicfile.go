// Package atomicfile replaces files so that there is always a whole one: the old one or
// the new one, whenever the program or the machine stops.
package atomicfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// Write replaces the file at path by what write writes. The new file has the permissions
// of the old one; a symbolic link stays, and what it points to is replaced. After an error
// the old file is there as it was, and nothing beside it; unless it is the last step that
// fails, and the new file is there, whole, but its name may not outlast the machine.
//
// The new file is on the disk before it takes the old one's name, and that it has the name
// is on the disk before Write returns.
func Write(path string, write func(io.Writer) error) error {
	path, err := target(path)
	if err != nil {
		return err
	}
	f, err := create(path)
	if err != nil {
		return err
	}
	there := false
	defer func() { // after a panic, too
		if !there {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := fill(f, path, write); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	there = true
	return syncDir(filepath.Dir(path))
}

// fill writes f, that is to be the file at path, to the disk and closes it.
func fill(f *os.File, path string, write func(io.Writer) error) error {
	b := bufio.NewWriterSize(f, 1<<16)
	if err := write(b); err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return err
	}
	if old, err := os.Stat(path); err == nil {
		// Where there are no permissions, none are lost.
		if err := f.Chmod(old.Mode().Perm()); err != nil && !errors.Is(err, errors.ErrUnsupported) {
			return err
		}
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}

// target is path or, if that is a symbolic link, what it points to.
func target(path string) (string, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return path, nil
	case err != nil:
		return "", err
	case info.Mode()&fs.ModeSymlink != 0:
		return filepath.EvalSymlinks(path)
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("%s is there and is no file", path)
	}
	return path, nil
}

// prefix begins the names of the files that are to be the one at path. They begin with a
// dot, so that nobody takes them for one.
func prefix(path string) string { return "." + filepath.Base(path) + ".new-" }

// create makes a file beside path, with the permissions that os.Create would give it, or no more
// than the file at path has, so that nobody reads in it what they may not read there.
func create(path string) (*os.File, error) {
	perm := fs.FileMode(0o666)
	if old, err := os.Stat(path); err == nil {
		perm = old.Mode().Perm() | 0o200
	}
	name := filepath.Join(filepath.Dir(path), prefix(path)+strconv.Itoa(os.Getpid())+"-")
	for i := 0; ; i++ {
		f, err := os.OpenFile(name+strconv.Itoa(i), os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// Clean removes what a Write of the file at path has left that was killed. No other Write
// of it may be under way.
func Clean(path string) error {
	path, err := target(path)
	if err != nil {
		return err
	}
	dir := filepath.Dir(path)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if rest, ok := strings.CutPrefix(e.Name(), prefix(path)); ok && strings.Trim(rest, "0123456789-") == "" {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// syncDir brings the names in a folder to the disk, where the system can.
func syncDir(dir string) error {
	switch runtime.GOOS {
	case "windows", "plan9", "js", "wasip1":
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) { // a file system without
		return err
	}
	return nil
}
