package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Severity says how bad a finding is.
type Severity int

const (
	Note    Severity = iota // worth knowing
	Warning                 // may keep the network from learning well
	Fault                   // keeps the network from learning, or makes its results wrong
)

// String returns the severity in lower case.
func (s Severity) String() string {
	switch s {
	case Note:
		return "note"
	case Warning:
		return "warning"
	case Fault:
		return "fault"
	}
	return fmt.Sprintf("severity %d", int(s))
}

// MarshalText is String, so that JSON has a word.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Severity) UnmarshalText(text []byte) error {
	for v := Note; v <= Fault; v++ {
		if v.String() == string(text) {
			*s = v
			return nil
		}
	}
	return fmt.Errorf("doctor: the severity is %q, want note, warning or fault", text)
}

// Finding is one thing that the doctor has found.
type Finding struct {
	Rule     string   `json:"rule"` // stable name, such as "gradient/scaled"; README.md lists them
	Severity Severity `json:"severity"`
	Where    string   `json:"where"`    // the layer, tensor, column or option that it is about
	Evidence string   `json:"evidence"` // the numbers that show it
	Cause    string   `json:"cause"`    // what is wrong, in a sentence
	Cure     string   `json:"cure"`     // what to change, in a sentence
}

// String returns the finding as a few lines that a beginner understands.
func (f Finding) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", f.Severity, f.Cause)
	for _, part := range []struct{ name, text string }{{"where", f.Where}, {"seen", f.Evidence}, {"cure", f.Cure}, {"rule", f.Rule}} {
		if part.text != "" {
			fmt.Fprintf(&b, "  %-6s %s\n", part.name+":", part.text)
		}
	}
	return b.String()
}

// Report is what an examination has found, the likeliest cause first. An empty one says
// that no rule has found anything, not that the network will be a good one.
type Report []Finding

// Worst returns the highest severity in the report, and false if it is empty.
func (r Report) Worst() (worst Severity, ok bool) {
	for _, f := range r {
		worst = max(worst, f.Severity)
	}
	return worst, len(r) > 0
}

// WriteText writes the findings as plain text, or a line that says there are none.
func (r Report) WriteText(w io.Writer) error {
	if len(r) == 0 {
		_, err := io.WriteString(w, "no findings\n")
		return err
	}
	for i, f := range r {
		if _, err := fmt.Fprintf(w, "%d. %v", i+1, f); err != nil {
			return err
		}
	}
	return nil
}

// WriteJSON writes the findings as a JSON array, one field for each of a Finding's.
func (r Report) WriteJSON(w io.Writer) error {
	if r == nil {
		r = Report{}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}
