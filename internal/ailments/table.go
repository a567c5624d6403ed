package ailments

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"github.com/db75a6f2/downhill/doctor"
)

// WatchedSteps is about how many steps of training of a healthy run the doctor looks on.
const WatchedSteps = 150

// Table is what the doctor says of all programs and runs.
type Table struct {
	Faulty  []Diagnosis
	Mended  []Diagnosis // the same programs after the cure; empty if they were not looked at
	Healthy []Checkup
}

// Diagnosis is what the doctor says of a program.
type Diagnosis struct {
	Program
	Report doctor.Report
	Err    error
}

// First says whether the first finding names the fault.
func (d *Diagnosis) First() bool { return len(d.Report) > 0 && d.names(d.Report[0]) }

// Named says whether any finding names the fault.
func (d *Diagnosis) Named() bool {
	for _, f := range d.Report {
		if d.names(f) {
			return true
		}
	}
	return false
}

// Checkup is what the doctor says of a healthy run, before training and in it.
type Checkup struct {
	Run
	Report doctor.Report
	Err    error
}

// Make shows the doctor all programs and healthy runs, as many at a time as there are
// processors, and the mended programs too if asked.
func Make(ctx context.Context, mended bool) *Table {
	t := &Table{}
	var tasks []func()
	programs := Programs()
	t.Faulty = make([]Diagnosis, len(programs))
	if mended {
		t.Mended = make([]Diagnosis, len(programs))
	}
	for i, p := range programs {
		tasks = append(tasks, func() { t.Faulty[i] = diagnose(ctx, p, false) })
		if mended {
			tasks = append(tasks, func() { t.Mended[i] = diagnose(ctx, p, true) })
		}
	}
	runs := Healthy()
	t.Healthy = make([]Checkup, len(runs))
	for i, r := range runs {
		tasks = append(tasks, func() { t.Healthy[i] = checkUp(ctx, r) })
	}
	inParallel(tasks)
	return t
}

// inParallel does all tasks.
func inParallel(tasks []func()) {
	var wait sync.WaitGroup
	next := make(chan func())
	for range runtime.GOMAXPROCS(0) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for task := range next {
				task()
			}
		}()
	}
	for _, task := range tasks {
		next <- task
	}
	close(next)
	wait.Wait()
}

func diagnose(ctx context.Context, p Program, mended bool) (d Diagnosis) {
	d.Program = p
	defer recovered(&d.Err)
	d.Report, d.Err = p.Build(mended).Examine(ctx)
	return d
}

func checkUp(ctx context.Context, r Run) (c Checkup) {
	c.Run = r
	defer recovered(&c.Err)
	s := r.Build()
	if c.Report, c.Err = s.Examine(ctx); c.Err != nil {
		return c
	}
	seen, err := s.Watch(ctx, WatchedSteps)
	c.Report, c.Err = append(c.Report, seen...), err
	return c
}

// recovered makes an error of a panic: one program must not cost the whole table.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("panic: %v", r)
	}
}

// Score is the table in figures.
type Score struct {
	Faulty, First, Named, Flagged int // programs: all, fault named first, named at all, with any warning or fault
	Healthy, Alarms               int // runs: all, with any warning or fault
	Errors                        int // the doctor has refused or panicked
}

// Score counts.
func (t *Table) Score() (s Score) {
	for i := range t.Faulty {
		d := &t.Faulty[i]
		s.Faulty++
		s.First += number(d.First())
		s.Named += number(d.Named())
		s.Flagged += number(flagged(d.Report))
		s.Errors += number(d.Err != nil)
	}
	for _, c := range t.Healthy {
		s.Healthy++
		s.Alarms += number(flagged(c.Report))
		s.Errors += number(c.Err != nil)
	}
	return s
}

// flagged says whether a report has anything but notes.
func flagged(r doctor.Report) bool {
	worst, any := r.Worst()
	return any && worst >= doctor.Warning
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}
