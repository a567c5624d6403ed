package main

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"github.com/db75a6f2/downhill/bench/peers/internal/child"
	"github.com/db75a6f2/downhill/bench/peers/internal/host"
)

// located is a rival and its library.
type located struct {
	rival
	path string
}

// locate finds the rivals' libraries, and says which there are not.
func locate(rs []rival, work string) []located {
	var found []located
	for _, r := range rs {
		library, err := r.locate(work)
		if err != nil {
			fmt.Fprintf(os.Stderr, "peers: %s is left out: %v\n", r.name, err)
			continue
		}
		found = append(found, located{r, library})
	}
	return found
}

// collect starts a process for each rival, number of threads and round, and returns
// their rows.
func (o options) collect(found []located, threads []int) ([]row, error) {
	name := func(r located) string { return r.name }
	return child.Rounds(o.rounds, threads, found, name, func(ctx context.Context, r located, n, round int) ([]row, error) {
		if r.single && n > 1 {
			return nil, nil
		}
		return child.Rows[row](ctx, n, r.env, "-child", r.name, "-library", r.path, "-round", strconv.Itoa(round),
			"-shapes", o.shapes, "-quick="+strconv.FormatBool(o.quick))
	})
}

// machine says what was timed, and on what.
func machine(found []located) string {
	var versions []string
	for _, r := range found {
		versions = append(versions, r.version())
	}
	return host.Describe(versions)
}
