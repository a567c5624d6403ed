package atomicfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

// holds fails unless a folder has the files given, and nothing else.
func holds(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		got, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if text, ok := want[e.Name()]; err != nil || !ok || string(got) != text {
			t.Errorf("%s holds %.40q, want %.40q (%v)", e.Name(), got, text, err)
		}
	}
	if len(entries) != len(want) {
		t.Errorf("%d files, want %d", len(entries), len(want))
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	for _, s := range []string{"one", "", strings.Repeat("two", 1<<17)} {
		if err := Write(path, text(s)); err != nil {
			t.Fatal(err)
		}
		holds(t, dir, map[string]string{"file": s})
	}
}

// TestFailure: a writer that fails, early or late, leaves the old file and nothing else.
func TestFailure(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	want := errors.New("no more")
	for _, n := range []int{0, 10, 1 << 17} {
		fail := func(w io.Writer) error {
			if _, err := w.Write(make([]byte, n)); err != nil {
				return err
			}
			return want
		}
		if err := Write(path, fail); !errors.Is(err, want) {
			t.Errorf("%d bytes: %v", n, err)
		}
		holds(t, dir, map[string]string{})
	}
	if err := Write(path, text("old")); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, func(w io.Writer) error { io.WriteString(w, "new"); return want }); !errors.Is(err, want) {
		t.Error(err)
	}
	holds(t, dir, map[string]string{"file": "old"})
	func() {
		defer func() { recover() }()
		Write(path, func(io.Writer) error { panic("in the writer") })
	}()
	holds(t, dir, map[string]string{"file": "old"})
}

// TestPrivate: a file that only its owner may read is so while it is written, too.
func TestPrivate(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "js" {
		t.Skip("no permissions")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := Write(path, func(io.Writer) error {
		entries, err := os.ReadDir(dir)
		for _, e := range entries {
			if info, _ := e.Info(); info.Mode().Perm() != 0o600 {
				t.Errorf("%s has permissions %v", e.Name(), info.Mode().Perm())
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestPlaces: what is no place for a file is an error that names it.
func TestPlaces(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"folder", "none/file"} {
		path = filepath.Join(dir, path)
		if err := Write(path, text("x")); err == nil || !strings.Contains(err.Error(), filepath.Dir(path)) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestClean removes what was left of the very file, by whatever process.
func TestClean(t *testing.T) {
	dir := t.TempDir()
	want := map[string]string{}
	for _, name := range []string{"file", "file.new-1-0", ".file2.new-1-0", ".file.new-1-0x"} {
		want[name] = name
	}
	for _, name := range []string{"file", "file.new-1-0", ".file2.new-1-0", ".file.new-1-0x", ".file.new-1-0", ".file.new-70000-12"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := Clean(filepath.Join(dir, "file")); err != nil {
		t.Fatal(err)
	}
	holds(t, dir, want)
}
