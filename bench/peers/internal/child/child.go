// Package child starts the program again for one rival at a time: libraries read their
// settings when they are loaded.
package child

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/db75a6f2/downhill/bench/peers/internal/host"
)

// OpenBLAS is what every process with OpenBLAS has among its settings: its idle threads
// sleep after 2^24 cycles, not 2^28, so that one waits 10 ms for them and not 100.
// Within a block they never idle that long.
const OpenBLAS = "OPENBLAS_THREAD_TIMEOUT=24"

// Rounds calls run for each round, number of threads and rival, one at a time, and
// returns all rows. What fails is said at once, and in the error. A signal to stop ends
// the run's context, and Rounds returns the rows so far.
func Rounds[V, R any](rounds int, threads []int, rivals []V, name func(V) string, run func(ctx context.Context, r V, threads, round int) ([]R, error)) ([]R, error) {
	ctx, restore := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer restore()
	var rows []R
	var all error
	for round := 1; round <= rounds; round++ {
		for _, n := range threads {
			for _, r := range rivals {
				began := time.Now()
				got, err := run(ctx, r, n, round)
				rows = append(rows, got...)
				if ctx.Err() != nil {
					return rows, errors.Join(all, fmt.Errorf("stopped in round %d, at %s on %d threads", round, name(r), n))
				}
				if err != nil {
					err = fmt.Errorf("%s on %d threads: %w", name(r), n, err)
					fmt.Fprintln(os.Stderr, "peers:", err)
					all = errors.Join(all, err)
				} else if len(got) > 0 {
					fmt.Fprintf(os.Stderr, "round %d of %d, threads %d: %-12s %5.1f s\n", round, rounds, n, name(r), time.Since(began).Seconds())
				}
			}
		}
	}
	return rows, all
}

// Rows runs this program with the given arguments on so many threads, and returns the
// rows that it writes as JSON. One thread is pinned.
func Rows[R any](ctx context.Context, threads int, env []string, args ...string) ([]R, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	command := append([]string{self}, args...)
	if threads == 1 {
		command = append(host.Pin(), command...)
	}
	child := exec.CommandContext(ctx, command[0], command[1:]...)
	child.Stderr = os.Stderr
	n := strconv.Itoa(threads)
	child.Env = append(os.Environ(), "GOMAXPROCS="+n, "OPENBLAS_NUM_THREADS="+n, "BLIS_NUM_THREADS="+n, "OMP_NUM_THREADS="+n)
	child.Env = append(child.Env, env...)
	output, failed := child.Output()
	var rows []R
	for d := json.NewDecoder(bytes.NewReader(output)); ; {
		var one R
		if err := d.Decode(&one); err == io.EOF {
			return rows, failed
		} else if err != nil {
			return rows, errors.Join(failed, err)
		}
		rows = append(rows, one)
	}
}
