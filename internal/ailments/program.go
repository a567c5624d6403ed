package ailments

import (
	"slices"

	"github.com/db75a6f2/downhill/doctor"
)

// Program is a program with a fault.
type Program struct {
	Name string // the data set, and the fault in a few words
	// Rules are those that name the fault, the best one first. The others name it as
	// well: a fault may be seen from more than one side.
	Rules []string
	// Build returns the program, with the fault or mended. The two differ in what the
	// rule's cure names, and in nothing else.
	Build func(mended bool) Subject
	// Exact is Build in float64 where the fault is in a gradient, else nil.
	Exact func(mended bool) Subject
}

// Programs returns all programs with a fault.
func Programs() []Program {
	return slices.Concat(dataFaults(), labelFaults(), outputFaults(), networkFaults(), weightFaults(), optimizerFaults(), lossFaults(), layerFaults())
}

// names reports whether a finding names the program's fault. A note does not: who reads
// warnings only must see it.
func (p *Program) names(f doctor.Finding) bool {
	return f.Severity >= doctor.Warning && slices.Contains(p.Rules, f.Rule)
}
