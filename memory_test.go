package downhill

import (
	"runtime"
	"testing"
	"time"
)

// slow is work whose first row takes longer than any worker waits.
type slow struct{ held []byte }

func (s *slow) Do(lo, hi int) {
	if lo == 0 {
		for patience := time.Now().Add(10 * time.Second); pool.alive.Load() > 0 && time.Now().Before(patience); {
			time.Sleep(time.Millisecond)
		}
	}
}

// TestForgets: when no worker is left, nothing holds the memory that they worked on, also
// if the caller was the last to be done.
func TestForgets(t *testing.T) {
	setThreads(t, 2)
	if runtime.GOMAXPROCS(0) < 2 {
		t.Skip("no threads")
	}
	gone := make(chan bool, 1)
	func() {
		job := &slow{make([]byte, 1<<20)}
		runtime.AddCleanup(job, func(int) { gone <- true }, 0)
		Split(2, plenty, job)
	}()
	for patience := time.Now().Add(10 * time.Second); time.Now().Before(patience); time.Sleep(time.Millisecond) {
		runtime.GC()
		select {
		case <-gone:
			return
		default:
		}
	}
	t.Error("what a region worked on is held after it")
}

// TestWorkspaceIsSmall: a long product takes no copy of its operands.
func TestWorkspaceIsSmall(t *testing.T) {
	setThreads(t, 1)
	const m, n, k = 64, 10, 50_000
	a, b, c := make([]float32, m*k), make([]float32, k*n), make([]float32, m*n)
	for _, s := range usable() {
		for spare32.Take(0) != nil { // those of other tests
		}
		for _, tA := range transposes {
			for _, tB := range transposes {
				lda, ldb := k, n
				if tA {
					lda = m
				}
				if tB {
					ldb = k
				}
				gemmWith(&s.f32, tA, tB, m, n, k, 1, a, lda, b, ldb, 0, c, n)
			}
		}
		for w := spare32.Take(0); w != nil; w = spare32.Take(0) {
			if got, most := cap(w.panel)+cap(w.tile), s.f32.kc*s.f32.nc+s.f32.mc*s.f32.nr; got > most {
				t.Errorf("%s: a workspace of %d elements, want %d at most", s.name, got, most)
			}
		}
	}
}
