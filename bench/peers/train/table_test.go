package main

import (
	"math"
	"strings"
	"testing"
)

// figures are two rivals and Downhill beside each.
func figures() []row {
	figure := func(rival, library, workload string, round int, seconds float64) row {
		return row{Rival: rival, Library: library, Workload: workload, Threads: 1, Round: round, Seconds: seconds, Ceiling: 100}
	}
	return []row{
		figure("numpy", "numpy", "a32", 1, 400e-6), figure("numpy", ourFit, "a32", 1, 220e-6), figure("numpy", ourHand, "a32", 1, 230e-6),
		figure("numpy", "numpy", "a32", 2, 300e-6), figure("numpy", ourFit, "a32", 2, 250e-6), figure("numpy", ourHand, "a32", 2, 240e-6),
		figure("gonum", "gonum", "a32", 1, 900e-6), figure("gonum", ourFit, "a32", 1, 200e-6), figure("gonum", ourHand, "a32", 1, 210e-6),
		figure("gonum", "gonum", "infer-1", 1, 8e-6), figure("gonum", ourFit, "infer-1", 1, 4e-6),
	}
}

func TestStepTable(t *testing.T) {
	all := tables(figures())
	if len(all) != 1 || len(all[0].workloads) != 2 {
		t.Fatalf("tables: %+v", all)
	}
	got := all[0]
	a32 := workloads[0]
	if best := got.fastest(a32); best != "numpy" {
		t.Errorf("the best on a32 is %s", best)
	}
	if theirs, us := got.theirs("numpy", a32), got.ours("numpy", ourFit, a32); theirs != 300e-6 || us != 220e-6 {
		t.Errorf("the best rounds are %v and %v", theirs, us)
	}
	for _, mean := range []struct{ got, want float64 }{
		{got.against(func(workload) string { return "numpy" }), 300. / 220},
		{got.against(func(workload) string { return "gonum" }), math.Sqrt(900. / 200 * 8 / 4)},
		{got.against(got.fastest), math.Sqrt(300. / 220 * 8 / 4)}, // gonum alone has infer-1
	} {
		if !(math.Abs(mean.got-mean.want) < 1e-12) {
			t.Errorf("a mean is %v, not %v", mean.got, mean.want)
		}
	}
	text := stepText(figures())
	for _, want := range []string{"float32, 1 thread", "784-128-10", "300.00", "220.00", "230.00", "0.60", "1.36", "1.65"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if lines := strings.Count(stepTSV(figures()), "\n"); lines != 4 {
		t.Errorf("the TSV has %d lines, not 4", lines)
	}
}

func TestCourse(t *testing.T) {
	var c course
	for i, accuracy := range []float64{0.5, 0.98, 0.96} {
		c.epoch(1e9, accuracy, 0.97)
		if want := min(i, 1) * 2; c.Reached != want || c.ToTarget != float64(want) {
			t.Errorf("after epoch %d: %+v", i+1, c)
		}
	}
	if c.Epochs != 3 || c.Seconds != 3 || c.Accuracy != 0.96 {
		t.Errorf("at the end: %+v", c)
	}
}

func TestCourseTable(t *testing.T) {
	var rows []course
	for seed := range uint64(3) {
		slow := course{Rival: "torch", Library: "torch", Threads: 2, Seed: seed, Epochs: 12, Seconds: 24, Accuracy: 0.96}
		fast := course{Rival: "torch", Library: ourFit, Threads: 2, Seed: seed, Epochs: 12, Seconds: 6, Accuracy: 0.98, Reached: 8 + int(seed), ToTarget: 4 + float64(seed)}
		rows = append(rows, slow, fast)
	}
	rows[4].Reached, rows[4].ToTarget = 7, 14
	rows[4].Accuracy = 0.97
	all := outcomes(rows)
	if want := (outcome{"torch", "torch", 2, 3, 1, 14, 7, 0.96, 2}); len(all) != 2 || all[0] != want {
		t.Errorf("outcomes: %+v", all)
	}
	if want := (outcome{"torch", ourFit, 2, 3, 3, 5, 9, 0.98, 0.5}); len(all) != 2 || all[1] != want {
		t.Errorf("outcomes: %+v", all)
	}
	text := courseText(rows)
	for _, want := range []string{"float32, 2 threads", "1 of 3", "14.000", "5.000", "0.9800", "4.00"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for i := range rows {
		rows[i].Reached = 0
	}
	if text := courseText(rows); !strings.Contains(text, "0 of 3") || strings.Contains(text, "0.000") {
		t.Errorf("nobody reached the target, and the table is\n%s", text)
	}
	if lines := strings.Count(courseTSV(rows), "\n"); lines != 7 {
		t.Errorf("the TSV has %d lines, not 7", lines)
	}
}
