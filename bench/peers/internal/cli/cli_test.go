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
	dir, err := Folder(filepath.Join(t.TempDir(), "new", "folder"))
	if err != nil {
		t.Fatal(err)
	}
	if err := Write(dir, File{"table.txt", "text"}); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "table.txt")); err != nil || string(got) != "text" {
		t.Errorf("%q, %v", got, err)
	}
}
