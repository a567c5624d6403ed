package atomicfile

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestMode(t *testing.T) {
	dir := t.TempDir()
	path, plain := filepath.Join(dir, "file"), filepath.Join(dir, "plain")
	if f, err := os.Create(plain); err != nil {
		t.Fatal(err)
	} else if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	mode := func(path string) os.FileMode {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode()
	}
	if err := Write(path, text("x")); err != nil || mode(path) != mode(plain) {
		t.Errorf("a new file has mode %v, want %v as of any file (%v)", mode(path), mode(plain), err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, text("y")); err != nil || mode(path) != 0o640 {
		t.Errorf("mode %v, was 0640 (%v)", mode(path), err)
	}
}

func TestLink(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	link := filepath.Join(dir, "link")
	if err := os.Symlink(filepath.Join(elsewhere, "file"), link); err != nil {
		t.Fatal(err)
	}
	if err := Write(link, text("x")); err == nil {
		t.Error("a link to nothing is written to")
	}
	if err := os.WriteFile(filepath.Join(elsewhere, "file"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Write(link, text("new")); err != nil {
		t.Fatal(err)
	}
	holds(t, elsewhere, map[string]string{"file": "new"})
	if to, err := os.Readlink(link); err != nil || to != filepath.Join(elsewhere, "file") {
		t.Errorf("the link is %q, %v", to, err)
	}
}

// TestLimits writes where the system refuses: beyond a limit of size, on a full disk, into
// a folder that may not be changed. A child does, since limits and rights are a process's.
func TestLimits(t *testing.T) {
	if path := os.Getenv("ATOMICFILE_TEST"); path != "" {
		if err := Write(path, text(strings.Repeat("new", 1<<18))); err != nil {
			os.Stderr.WriteString(err.Error())
			os.Exit(3)
		}
		os.Exit(0)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := exec.Command(self, "-test.run", "^$").Run(); err != nil {
		t.Skip("under an emulator that the system does not know: ", err)
	}
	// try runs a shell's commands, then the child, which must fail as said.
	try := func(t *testing.T, program, dir, before, want string, as *syscall.SysProcAttr) {
		t.Helper()
		path := filepath.Join(dir, "file")
		if err := os.WriteFile(path, []byte("old"), 0o666); err != nil {
			t.Fatal(err)
		}
		if before == "" {
			if err := os.Chmod(dir, 0o555); err != nil {
				t.Fatal(err)
			}
			defer os.Chmod(dir, 0o755)
		}
		child := exec.Command("sh", "-c", before+"exec \"$0\" -test.run TestLimits", program)
		child.Env = append(os.Environ(), "ATOMICFILE_TEST="+path)
		child.SysProcAttr = as
		out, err := child.CombinedOutput()
		if err == nil || child.ProcessState.ExitCode() != 3 || !strings.Contains(string(out), want) {
			t.Errorf("%v, %s; want exit code 3 and %q", err, out, want)
		}
		holds(t, dir, map[string]string{"file": "old"})
	}
	t.Run("size", func(t *testing.T) { try(t, self, t.TempDir(), "ulimit -f 20; ", "file too large", nil) })
	t.Run("read-only", func(t *testing.T) {
		if os.Getuid() != 0 {
			try(t, self, t.TempDir(), "", "permission denied", nil)
			return
		}
		// Root may write anywhere; nobody must at least reach the folder and the program.
		dir, err := os.MkdirTemp("", "atomicfile")
		if err != nil {
			t.Skip(err)
		}
		defer os.RemoveAll(dir)
		bytes, err := os.ReadFile(self)
		if err != nil {
			t.Fatal(err)
		}
		program := filepath.Join(dir, "program")
		if err := os.WriteFile(program, bytes, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		folder := filepath.Join(dir, "folder")
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		try(t, program, folder, "", "permission denied", &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}})
	})
	t.Run("full", func(t *testing.T) {
		dir := t.TempDir()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
			t.Skip("no file system of our own: ", err)
		}
		defer syscall.Unmount(dir, 0)
		try(t, self, dir, "true; ", "no space left", nil)
	})
}
