package ailments

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/doctor"
)

// TestDoctor: the doctor names faults, and leaves the healthy alone.
func TestDoctor(t *testing.T) {
	if testing.Short() {
		t.Skip("examines hundreds of networks")
	}
	table := Make(context.Background(), false)
	s := table.Score()
	if 100*s.First < 90*s.Faulty || 100*s.Named < 95*s.Faulty {
		t.Errorf("of %d faults %d are named first and %d at all, want 90 and 95 %%", s.Faulty, s.First, s.Named)
	}
	if 100*s.Alarms > s.Healthy {
		t.Errorf("of %d healthy runs %d have a warning or a fault, want 1 %% at most", s.Healthy, s.Alarms)
	}
	if s.Errors > 0 {
		t.Errorf("%d errors", s.Errors)
	}
	if t.Failed() {
		var missed strings.Builder
		table.Missed(&missed)
		t.Log(missed.String())
	}
}

// TestScore: what counts as named, and as an alarm.
func TestScore(t *testing.T) {
	p := Program{Name: "p", Rules: []string{"a/b", "c/d"}}
	finding := func(rule string, s doctor.Severity) doctor.Finding { return doctor.Finding{Rule: rule, Severity: s} }
	table := Table{
		Faulty: []Diagnosis{
			{p, doctor.Report{finding("c/d", doctor.Warning)}, nil},
			{p, doctor.Report{finding("x/y", doctor.Warning), finding("a/b", doctor.Fault)}, nil},
			{p, doctor.Report{finding("a/b", doctor.Note)}, nil}, // nobody reads notes
			{p, nil, errors.New("refused")},
		},
		Healthy: []Checkup{
			{Run{Name: "n", Group: "fresh"}, doctor.Report{finding("x/y", doctor.Note)}, nil},
			{Run{Name: "w", Group: "fresh"}, doctor.Report{finding("x/y", doctor.Warning)}, nil},
		},
	}
	want := Score{Faulty: 4, First: 1, Named: 2, Flagged: 2, Healthy: 2, Alarms: 1, Errors: 1}
	if got := table.Score(); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	var text strings.Builder
	if err := table.WriteMarkdown(&text); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"| fault named first | 1 of 4, 25.0 % |",
		"| p | a/b, c/d | x/y | **no** | yes |",
		"| fresh | 2 | 1 | x/y 1 |",
	} {
		if !strings.Contains(text.String(), line+"\n") {
			t.Errorf("no line %q in\n%s", line, text.String())
		}
	}
}
