//go:build race

package downhill

import (
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

const raceEnabled = true

// TestRaceIsSeen: two goroutines that write the same C are reported, although it is
// assembly that writes.
func TestRaceIsSeen(t *testing.T) {
	for _, op := range []string{"Gemm", "Add"} {
		child := exec.Command(os.Args[0], "-test.run=^TestRacing$")
		child.Env = append(os.Environ(), "DOWNHILL_TEST_RACE="+op)
		out, err := child.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "DATA RACE") {
			t.Errorf("%s: no race was reported: %v\n%s", op, err, out)
		}
	}
}

// TestRacing is the child of TestRaceIsSeen.
func TestRacing(t *testing.T) {
	op := os.Getenv("DOWNHILL_TEST_RACE")
	if op == "" {
		t.Skip("for TestRaceIsSeen")
	}
	a, b, c := make([]float32, 64), make([]float32, 64), make([]float32, 64)
	var group sync.WaitGroup
	for range 2 {
		group.Add(1)
		go func() {
			defer group.Done()
			if op == "Gemm" {
				Gemm(NoTrans, NoTrans, 8, 8, 8, 1, a, 8, b, 8, 0, c, 8)
			} else {
				Add(c, a, b)
			}
		}()
	}
	group.Wait()
}
