package ailments

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/db75a6f2/downhill/doctor"
)

// WriteMarkdown writes the table for README.md.
func (t *Table) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	t.score(&b)
	t.faulty(&b)
	if len(t.Mended) > 0 {
		t.mended(&b)
	}
	t.healthy(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

func (t *Table) score(b *strings.Builder) {
	s := t.Score()
	fmt.Fprintf(b, "| | |\n|---|---|\n")
	fmt.Fprintf(b, "| faulty programs | %d |\n", s.Faulty)
	fmt.Fprintf(b, "| fault named first | %s |\n", share(s.First, s.Faulty))
	fmt.Fprintf(b, "| fault named at all (recall) | %s |\n", share(s.Named, s.Faulty))
	fmt.Fprintf(b, "| healthy runs | %d |\n", s.Healthy)
	fmt.Fprintf(b, "| with a warning or fault (false positives) | %s |\n", share(s.Alarms, s.Healthy))
	fmt.Fprintf(b, "| of all that is flagged, really faulty (precision) | %s |\n", share(s.Flagged, s.Flagged+s.Alarms))
	if s.Errors > 0 {
		fmt.Fprintf(b, "| errors instead of a report | %d |\n", s.Errors)
	}
}

// share is n of all, also in percent.
func share(n, all int) string {
	if all == 0 {
		return "0 of 0"
	}
	return fmt.Sprintf("%d of %d, %.1f %%", n, all, 100*float64(n)/float64(all))
}

func (t *Table) faulty(b *strings.Builder) {
	fmt.Fprintf(b, "\n| program | rules that name it | first finding | named first | at all |\n|---|---|---|---|---|\n")
	for i := range t.Faulty {
		d := &t.Faulty[i]
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", cell(d.Name), strings.Join(d.Rules, ", "), firstFinding(d), mark(d.First()), mark(d.Named()))
	}
}

// firstFinding is the rule of a report's first finding.
func firstFinding(d *Diagnosis) string {
	if d.Err != nil {
		return "error"
	}
	if len(d.Report) == 0 {
		return "none"
	}
	return d.Report[0].Rule
}

func mark(b bool) string {
	if b {
		return "yes"
	}
	return "**no**"
}

func (t *Table) mended(b *strings.Builder) {
	still, any, rules := 0, 0, map[string]int{}
	for i := range t.Mended {
		d := &t.Mended[i]
		still += number(d.Named())
		any += number(flagged(d.Report))
		count(rules, d.Report)
	}
	fmt.Fprintf(b, "\nAfter the cure the fault is still named in %s of these programs, and anything at all in %s%s.\n",
		share(still, len(t.Mended)), share(any, len(t.Mended)), listed(rules))
}

func (t *Table) healthy(b *strings.Builder) {
	fmt.Fprintf(b, "\n| healthy runs | runs | with a warning or fault | by rule |\n|---|---|---|---|\n")
	for _, group := range groups {
		runs, alarms, rules := 0, 0, map[string]int{}
		for _, c := range t.Healthy {
			if c.Group == group {
				runs++
				alarms += number(flagged(c.Report))
				count(rules, c.Report)
			}
		}
		fmt.Fprintf(b, "| %s | %d | %d | %s |\n", group, runs, alarms, strings.TrimPrefix(listed(rules), ": "))
	}
}

// count counts a report under each rule that it has a warning or a fault by.
func count(rules map[string]int, r doctor.Report) {
	seen := map[string]bool{}
	for _, f := range r {
		if f.Severity >= doctor.Warning && !seen[f.Rule] {
			seen[f.Rule] = true
			rules[f.Rule]++
		}
	}
}

// listed is counted rules in words.
func listed(rules map[string]int) string {
	var parts []string
	for _, rule := range slices.Sorted(maps.Keys(rules)) {
		parts = append(parts, fmt.Sprintf("%s %d", rule, rules[rule]))
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}

// cell keeps a text from being taken for Markdown.
func cell(s string) string { return strings.NewReplacer("|", `\|`, "*", `\*`).Replace(s) }

// Missed writes a line for everything that is not as it should be.
func (t *Table) Missed(w io.Writer) error {
	var b strings.Builder
	for i := range t.Faulty {
		if d := &t.Faulty[i]; !d.First() {
			fmt.Fprintf(&b, "%s: want %s, have %s\n", d.Name, strings.Join(d.Rules, " or "), rules(d.Report, d.Err))
		}
	}
	for i := range t.Mended {
		if d := &t.Mended[i]; flagged(d.Report) || d.Err != nil {
			fmt.Fprintf(&b, "%s, mended: %s\n", d.Name, rules(d.Report, d.Err))
		}
	}
	for _, c := range t.Healthy {
		if flagged(c.Report) || c.Err != nil {
			fmt.Fprintf(&b, "%s: %s\n", c.Name, rules(c.Report, c.Err))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// rules is a report in one line.
func rules(r doctor.Report, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	if len(r) == 0 {
		return "nothing"
	}
	var parts []string
	for _, f := range r {
		parts = append(parts, fmt.Sprintf("%s (%s, %s)", f.Rule, f.Severity, f.Evidence))
	}
	return strings.Join(parts, "; ")
}
