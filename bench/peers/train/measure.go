package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/db75a6f2/downhill/bench/peers/internal/turns"
)

// row is one figure: what a step takes a library in one process.
type row struct {
	Rival    string // whose process it is
	Library  string // the rival, or one of Downhill's loops beside it
	Workload string
	Threads  int
	Round    int
	Seconds  float64 // median of the batches
	Ceiling  float64 // GFLOP/s of multiply-adds alone around it
}

// player is a contender with its name in the tables.
type player struct {
	name string
	contender
}

// duels times a rival and Downhill on all workloads, alternating, and writes the rows. A
// workload that fails does not keep it from the next.
func duels(w io.Writer, rival player, all []workload, threads, round int, p turns.Pace) error {
	out := json.NewEncoder(w)
	var failed error
	for _, x := range all {
		rows, err := duel(row{Rival: rival.name, Workload: x.name, Threads: threads, Round: round}, rival, newProblem(x), p)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", x.name, err))
		}
		for _, r := range rows {
			if err := out.Encode(r); err != nil {
				return errors.Join(failed, err)
			}
		}
	}
	return failed
}

// duel times one workload.
func duel(base row, rival player, p problem, pace turns.Pace) ([]row, error) {
	players := []player{rival, {ourFit, ours(ourFit)}}
	if !p.inference {
		players = append(players, player{ourHand, ours(ourHand)})
	}
	if err := agree(p, players); err != nil {
		return nil, err
	}
	var sides []*turns.Side
	for _, x := range players {
		if err := x.start(p); err != nil {
			return nil, fmt.Errorf("%s: %w", x.name, err)
		}
		sides = append(sides, &turns.Side{Time: x.run, Do: x.do})
	}
	ceiling, err := turns.Take(pace, base.Threads, sides...)
	if err != nil {
		return nil, err
	}
	var rows []row
	for i, x := range players {
		base.Library, base.Seconds, base.Ceiling = x.name, sides[i].Median(), ceiling
		rows = append(rows, base)
	}
	return rows, nil
}

// tolerance is the share by which the loss of two libraries may differ: they round
// differently.
const tolerance = 1e-3

// agree lets everybody take two steps from the same weights on the same batch, or infer
// it, and names those whose losses are not those of Downhill. The second loss shows
// whether the first step was right.
func agree(p problem, players []player) error {
	us := ours(ourFit)
	if err := us.start(p); err != nil {
		return err
	}
	want, err := us.check()
	if err != nil {
		return err
	}
	for _, x := range players {
		if err := x.start(p); err != nil {
			return fmt.Errorf("%s: %w", x.name, err)
		}
		var got []float64
		var err error
		x.do(func() { got, err = x.check() })
		if err != nil {
			return fmt.Errorf("%s: %w", x.name, err)
		}
		if !near(got, want) {
			return fmt.Errorf("%s is wrong: from the same weights and batch its losses are %.6g, Downhill's %.6g", x.name, got, want)
		}
	}
	return nil
}

func near(got, want []float64) bool {
	if len(got) != len(want) {
		return false
	}
	for i, w := range want {
		if !(math.Abs(got[i]-w) <= tolerance*math.Abs(w)) {
			return false
		}
	}
	return true
}
