package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill"
	"github.com/db75a6f2/downhill/bench/peers/internal/turns"
)

// figures are two rivals and Downhill beside each, over two rounds.
func figures() []row {
	figure := func(rival, library, shape string, round int, rate float64) row {
		return row{Rival: rival, Library: library, Type: "float32", Shape: shape, Threads: 1, Round: round, Rate: rate, Ceiling: 100, Correct: true}
	}
	return []row{
		figure("onednn", "onednn", "sq32", 1, 40), figure("onednn", project, "sq32", 1, 60),
		figure("onednn", "onednn", "sq32", 2, 50), figure("onednn", project, "sq32", 2, 55),
		figure("gonum", "gonum", "sq32", 1, 10), figure("gonum", project, "sq32", 1, 70),
		figure("gonum", "gonum", "sq64", 1, 20), figure("gonum", project, "sq64", 1, 40),
	}
}

func TestTable(t *testing.T) {
	all := tables(figures())
	if len(all) != 1 || all[0].title() != "float32, 1 thread" || all[0].Ceiling != 100 {
		t.Fatalf("tables: %+v", all)
	}
	got := all[0]
	if best := got.best("sq32"); best != "onednn" {
		t.Errorf("the best on sq32 is %s", best)
	}
	if c := got.cell("onednn", "sq32"); c != (cell{50, 60}) {
		t.Errorf("the best rounds are %v", c)
	}
	for _, mean := range []struct{ got, want float64 }{
		{got.against("onednn"), 60. / 50},
		{got.against("gonum"), math.Sqrt(70. / 10 * 40 / 20)},
		{got.againstBest(), math.Sqrt(60. / 50 * 40 / 20)}, // gonum alone has sq64
	} {
		if !(math.Abs(mean.got-mean.want) < 1e-12) {
			t.Errorf("a mean is %v, not %v", mean.got, mean.want)
		}
	}
	text := tableText(all)
	for _, want := range []string{"50.0", "60.0", "0.60", "1.20", "float32, 1 thread   1.55 (shapes: 2)"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if lines := strings.Count(tableTSV(all), "\n"); lines != 4 {
		t.Errorf("the TSV has %d lines, not 4", lines)
	}
}

func TestWrongCountsAsNone(t *testing.T) {
	rows := figures()
	rows[2].Correct = false
	if c := tables(rows)[0].cell("onednn", "sq32"); c.rival != 40 {
		t.Errorf("the rate is %v, not 40", c.rival)
	}
	if err := wrong(rows); err == nil || !strings.Contains(err.Error(), "onednn") {
		t.Errorf("the error is %v", err)
	}
	if err := wrong(figures()); err != nil {
		t.Error(err)
	}
}

func TestSVG(t *testing.T) {
	rows := figures()
	none := row{Rival: "eigen", Library: "eigen", Type: "float64", Shape: "fwd_b1", Threads: 2, Rate: 1, Correct: true}
	beside := none
	beside.Library = project
	for name, rows := range map[string][]row{"curves": rows, "no squares, no ceiling": append(rows, none, beside)} {
		svg := squaresSVG(tables(rows))
		d := xml.NewDecoder(strings.NewReader(svg))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, svg)
			}
		}
		if strings.Contains(svg, "NaN") || strings.Contains(svg, "%!") {
			t.Errorf("%s: no picture:\n%s", name, svg)
		}
		for _, want := range []string{">downhill<", ">onednn<", ">gonum<", ">ceiling<", "GFLOP/s", "n (logarithmic)"} {
			if !strings.Contains(svg, want) {
				t.Errorf("%s: no %s", name, want)
			}
		}
	}
}

func TestStyles(t *testing.T) {
	for _, r := range rivals {
		if styles[r.name] == "" {
			t.Errorf("%s has no style", r.name)
		}
	}
}

func TestGonumAgrees(t *testing.T) {
	g, us := gonumBLAS(), ours()
	for _, s := range shapes {
		if s.flops() < 1e8 {
			agree(t, s, g.f32, us.f32, 1e-4)
			agree(t, s, g.f64, us.f64, 1e-12)
		}
	}
}

func agree[T downhill.Float](t *testing.T, s shape, x, y product[T], tolerance float64) {
	a, b := random[T](1, s.M*s.K), random[T](2, s.K*s.N)
	c, d := make([]T, s.M*s.N), make([]T, s.M*s.N)
	x(1, s, a, b, c)
	y(1, s, a, b, d)
	for i := range c {
		if !(math.Abs(float64(c[i]-d[i])) <= tolerance) {
			t.Fatalf("%s: element %d is %v and %v", s.ID, i, c[i], d[i])
		}
	}
	if !check(s, a, b, c) {
		t.Errorf("%s: check finds a right product wrong", s.ID)
	}
	c[0] += 0.01
	if check(s, a, b, c) {
		t.Errorf("%s: check misses a wrong element", s.ID)
	}
}

// TestCheckLooksEverywhere spoils one diagonal in eight, as a fault in one lane does.
func TestCheckLooksEverywhere(t *testing.T) {
	s := shape{ID: "sq64", M: 64, N: 64, K: 64}
	a, b := random[float32](1, s.M*s.K), random[float32](2, s.K*s.N)
	for class := range 8 {
		c := make([]float32, s.M*s.N)
		downhillGemm(1, s, a, b, c)
		for at := range c {
			if (at/s.N+at%s.N)%8 == class {
				c[at] += 0.01
			}
		}
		if check(s, a, b, c) {
			t.Errorf("check misses wrong elements where (i+j)%%8 is %d", class)
		}
	}
}

// TestLaterFaults has a rival that refuses, or errs, only after its first product.
func TestLaterFaults(t *testing.T) {
	s, us := shapes[0], player[float32]{downhillGemm[float32], turns.Directly}
	base := row{Rival: "faulty", Threads: 1}
	later := func(fault func(c []float32) bool) player[float32] {
		first := true
		return player[float32]{func(calls int, s shape, a, b, c []float32) bool {
			downhillGemm(calls, s, a, b, c)
			if first {
				first = false
				return true
			}
			return fault(c)
		}, turns.Directly}
	}
	_, err := duel(base, s, later(func([]float32) bool { return false }), us, turns.Quick)
	if err == nil || !strings.Contains(err.Error(), "faulty refuses sq32") {
		t.Errorf("the error is %v", err)
	}
	rows, err := duel(base, s, later(func(c []float32) bool { c[0]++; return true }), us, turns.Quick)
	if err != nil || rows[0].Correct || !rows[1].Correct {
		t.Errorf("%+v, %v", rows, err)
	}
}

// TestDuels times gonum and Downhill for some milliseconds.
func TestDuels(t *testing.T) {
	var out bytes.Buffer
	if err := duels(&out, "gonum", gonumBLAS(), shapes[:1], 1, 1, turns.Quick); err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(&out)
	for _, library := range []string{"gonum", project, "gonum", project} {
		var r row
		if err := d.Decode(&r); err != nil || r.Library != library || !r.Correct || !(r.Rate > 0) {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

func TestMissingLibrary(t *testing.T) {
	if _, err := load(cblas, "/no/such/library.so"); err == nil {
		t.Error("no error")
	}
}
