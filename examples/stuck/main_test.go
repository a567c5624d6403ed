package main

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/doctor"
	"github.com/db75a6f2/downhill/internal/gradcheck"
	"github.com/db75a6f2/downhill/layers/layertest"
)

// TestStuck: with all faults the loss shows both plateaus, and Downhill's own layers go
// down on the same data.
func TestStuck(t *testing.T) {
	all, err := parse("1,2,3,4,5,6")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	show(&out, all, 1, 0.01, 2000)
	for _, want := range []string{"8.386", "13.816", "9.210"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in\n%s", want, out.String())
		}
	}
}

// TestMended: without faults the same network learns, and its gradients are right.
func TestMended(t *testing.T) {
	set := samples(rand.NewPCG(1, 0))
	net := question(faults{}, rand.NewPCG(1, 1), 0.1)
	history := losses(net, set, clippedLoss{}, 0.1, 2000)
	if first, last := history[0], history[len(history)-1]; !(last < 0.2*first) {
		t.Errorf("loss went from %.3f to %.3f", first, last)
	}
	net = question(faults{}, rand.NewPCG(1, 1), 0.1)
	for _, g := range gradcheck.Network(net, clippedLoss{}, set.X, set.Y) {
		if i, off := g.Worst(); off > layertest.Tolerance {
			t.Errorf("gradient of %s: element %d is %v, the difference quotient %v", g.Name, i, g.Analytic[i], g.Numeric[i])
		}
	}
}

// TestEachFault: each gradient fault alone makes the gradient wrong.
func TestEachFault(t *testing.T) {
	set := samples(rand.NewPCG(1, 0))
	for _, f := range []fault{derivesUpstream, biasFromUpstream, dividesByWidth, updatesFirst} {
		made := faults{f: true}
		worst := 0.0
		for _, g := range gradcheck.Network(question(made, rand.NewPCG(1, 1), 0.1), clippedLoss{made}, set.X, set.Y) {
			_, off := g.Worst()
			worst = max(worst, off)
		}
		if worst < 100*layertest.Tolerance {
			t.Errorf("fault %d, %s, does not show in the gradients: %.2g", f, faultNames[f], worst)
		}
	}
}

func TestParse(t *testing.T) {
	for _, bad := range []string{"", "7", "0", "1,x"} {
		if f, err := parse(bad); err == nil {
			t.Errorf("%q gives %v", bad, f)
		}
	}
	if f, err := parse("none"); err != nil || len(f) != 0 {
		t.Errorf("none gives %v, %v", f, err)
	}
}

// TestConsult: the doctor names every fault of the gradients at once, then the weights,
// and is silent when all are mended.
func TestConsult(t *testing.T) {
	all, err := parse("1,2,3,4,5,6")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := consult(&out, all, 1, 0.01, 50); err != nil {
		t.Fatal(err)
	}
	before, after, _ := strings.Cut(out.String(), "Mended one after the other")
	for _, rule := range []string{"gradient/clip", "gradient/upstream", "gradient/bias", "gradient/scaled", "gradient/early-update"} {
		if n := strings.Count(before, rule); n < 2 && (n < 1 || rule != "gradient/clip") {
			t.Errorf("%s is named %d times in\n%s", rule, n, before)
		}
	}
	if !strings.Contains(after, "init/large") || !strings.HasSuffix(after, "the doctor is silent\n") {
		t.Errorf("want init/large, and silence at the end, have\n%s", after)
	}
}

// TestAlone: each fault by itself, and a learning rate that does harm, is named first and
// where it is.
func TestAlone(t *testing.T) {
	for f, want := range map[fault]struct{ rule, where string }{
		clipsOneSide:     {"gradient/clip", "clippedLoss, grad"},
		derivesUpstream:  {"gradient/upstream", "layer 1 (*main.dense), weight, bias, dx"},
		biasFromUpstream: {"gradient/bias", "layer 1 (*main.dense), bias"},
		wildWeights:      {"init/large", "weight"},
		dividesByWidth:   {"gradient/scaled", "clippedLoss, grad"},
		updatesFirst:     {"gradient/early-update", "layer 1 (*main.dense), dx"},
		0:                {"lr/too-large", "learning rate"},
	} {
		made, lr := faults{f: true}, 0.1
		if f == 0 {
			made, lr = faults{}, 100
		}
		report, err := examine(made, samples(rand.NewPCG(1, 0)), 1, lr)
		if err != nil {
			t.Fatal(err)
		}
		if len(report) == 0 || report[0].Rule != want.rule || !strings.Contains(report[0].Where, want.where) {
			t.Errorf("fault %d (%s): want %s at %s, have\n%v", f, faultNames[f], want.rule, want.where, report)
		}
	}
}

// TestWildWeights: fault 4 alone is named first whatever the draw, also where the network
// learns all the same, and at the layer whose weights are 18 times He's in mean square.
func TestWildWeights(t *testing.T) {
	for _, lr := range []float64{0.1, 0.01} {
		named := 0
		for seed := uint64(1); seed <= 20; seed++ {
			report, err := examine(faults{wildWeights: true}, samples(rand.NewPCG(seed, 0)), seed, lr)
			if err != nil {
				t.Fatal(err)
			}
			if len(report) > 0 && report[0].Rule == "init/large" && report[0].Severity >= doctor.Warning && strings.Contains(report[0].Where, "layer 1 (*main.dense), 1.weight") {
				named++
			} else {
				t.Logf("learning rate %v, seed %d: %v", lr, seed, report)
			}
		}
		if named < 20 {
			t.Errorf("learning rate %v: named for %d of 20 seeds", lr, named)
		}
	}
}

// TestSaturated: where wild weights have predictions all but 0 and 1, right gradients are
// still called right.
func TestSaturated(t *testing.T) {
	for seed := uint64(1); seed <= 20; seed++ {
		report, err := examine(faults{wildWeights: true}, samples(rand.NewPCG(seed, 0)), seed, 0.1)
		if err != nil {
			t.Fatal(err)
		}
		if names := rules(report); strings.Contains(names, "gradient/") {
			t.Errorf("seed %d: %v", seed, report)
		}
	}
}
