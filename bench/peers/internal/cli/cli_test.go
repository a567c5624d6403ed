package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPick(t *testing.T) {
	all, name := []string{"sq32", "sq64", "sq96"}, func(s string) string { return s }
	if got, err := Pick(all, name, "sq64,sq32"); err != nil || len(got) != 2 || got[0] != "sq64" {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := Pick(all, name, ""); err != nil || len(got) != len(all) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := Pick(all, name, "sq63"); err == nil || !strings.Contains(err.Error(), "sq64") {
		t.Errorf("the error is %v", err)
	}
}

func TestThreads(t *testing.T) {
	if got, err := Threads("1, 1"); err != nil || len(got) != 2 {
		t.Errorf("%v, %v", got, err)
	}
	for _, list := range []string{"", "0", "1,x", "1000000"} {
		if got, err := Threads(list); err == nil {
			t.Errorf("%q gives %v", list, got)
		}
	}
}

func TestWrite(t *testing.T) {
	dir, temporary := filepath.Join(t.TempDir(), "new", "folder"), t.TempDir()
	t.Setenv("TMPDIR", temporary)
	for _, out := range []string{dir, ""} {
		if err := Folder(out); err != nil {
			t.Fatal(err)
		}
		if made, _ := filepath.Glob(filepath.Join(temporary, "*")); len(made) > 0 {
			t.Errorf("nothing is written yet, and there is %q", made)
		}
		if err := Write(out, File{"table.txt", "text"}); err != nil {
			t.Fatal(err)
		}
	}
	for _, pattern := range []string{filepath.Join(dir, "table.txt"), filepath.Join(temporary, "peers-*", "table.txt")} {
		found, _ := filepath.Glob(pattern)
		if len(found) != 1 {
			t.Fatalf("%s: %q", pattern, found)
		}
		if got, err := os.ReadFile(found[0]); err != nil || string(got) != "text" {
			t.Errorf("%q, %v", got, err)
		}
	}
}
