package train

import (
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// terminal opens a pseudo-terminal: what is written to tty can be read from screen.
func terminal(t *testing.T) (screen, tty *os.File) {
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { screen.Close() })
	var number, unlock int32
	for _, c := range []struct {
		request uintptr
		arg     *int32
	}{{syscall.TIOCSPTLCK, &unlock}, {syscall.TIOCGPTN, &number}} {
		if _, _, err := syscall.Syscall(syscall.SYS_IOCTL, screen.Fd(), c.request, uintptr(unsafe.Pointer(c.arg))); err != 0 {
			t.Skip(err)
		}
	}
	tty, err = os.OpenFile(fmt.Sprint("/dev/pts/", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	return screen, tty
}

func TestProgressOnATerminal(t *testing.T) {
	for _, c := range []struct {
		term, noColor string
		bar, color    bool
	}{
		{"xterm", "", true, true},
		{"xterm", "1", true, false},
		{"dumb", "", false, false},
	} {
		t.Setenv("TERM", c.term)
		t.Setenv("NO_COLOR", c.noColor)
		screen, tty := terminal(t)
		shown := make(chan string)
		go func() {
			text, _ := io.ReadAll(screen) // ends with an error when tty is closed
			shown <- string(text)
		}()
		net, o := plan[float32](3)
		o.Progress = tty
		r := mustFit(t, net, spots[float32](50, 1), o)
		tty.Close()
		got := strings.ReplaceAll(<-shown, "\r\n", "\n")

		if n := strings.Count(got, "\n"); n != len(r.History) {
			t.Errorf("TERM=%s NO_COLOR=%s: %d lines for %d epochs: %q", c.term, c.noColor, n, len(r.History), got)
		}
		if bar := strings.HasPrefix(got, wipe+"epoch 1/3 ["); bar != c.bar || strings.Contains(got, "\r") != c.bar {
			t.Errorf("TERM=%s NO_COLOR=%s: is a bar drawn? %v, want %v: %q", c.term, c.noColor, bar, c.bar, got)
		}
		if color := strings.Contains(got, "\x1b[32m"); color != c.color {
			t.Errorf("TERM=%s NO_COLOR=%s: is there colour? %v, want %v: %q", c.term, c.noColor, color, c.color, got)
		}
	}
}
