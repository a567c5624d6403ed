// Peers times Downhill's Gemm beside other libraries' on one machine, in one run, and
// writes a table and a picture. README.md says how to run and how to read it.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"

	"github.com/db75a6f2/downhill/bench/peers/internal/cli"
	"github.com/db75a6f2/downhill/bench/peers/internal/turns"
)

// options are the flags.
type options struct {
	rounds                     int
	threads, only, shapes, out string
	install, quick             bool
	// Of a process that the program starts: the rival, its library, and the round.
	child, path string
	round       int
}

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 3, "how often everything is timed; a figure is that of the best round")
	flag.StringVar(&o.threads, "threads", "1,2", "numbers of threads")
	flag.StringVar(&o.only, "only", "", "rivals to time, separated by commas (all if empty)")
	flag.StringVar(&o.shapes, "shapes", "", "shapes to time, separated by commas (all if empty)")
	flag.StringVar(&o.out, "out", "", "folder for the results (a new temporary one if empty)")
	flag.BoolVar(&o.install, "install", false, "install the Debian packages first")
	flag.BoolVar(&o.quick, "quick", false, "time a few milliseconds only, to see whether all works")
	flag.StringVar(&o.child, "child", "", "the program's own: time this rival in this process")
	flag.StringVar(&o.path, "library", "", "the program's own: the rival's library")
	flag.IntVar(&o.round, "round", 1, "the program's own: the number of the round")
	flag.Parse()
	if err := o.run(); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

func (o options) run() error {
	if flag.NArg() > 0 {
		return fmt.Errorf("unknown argument %q; see -help", flag.Arg(0))
	}
	list, err := cli.Pick(shapes, func(s shape) string { return s.ID }, o.shapes)
	if err != nil {
		return fmt.Errorf("-shapes: %w", err)
	}
	if o.child != "" {
		return o.time(list)
	}
	chosen, err := cli.Pick(rivals, func(r rival) string { return r.name }, o.only)
	if err != nil {
		return fmt.Errorf("-only: %w", err)
	}
	threads, err := cli.Threads(o.threads)
	if err != nil {
		return fmt.Errorf("-threads: %w", err)
	}
	if o.rounds < 1 {
		return fmt.Errorf("-rounds: %d is none", o.rounds)
	}
	if o.install {
		if err := install(chosen); err != nil {
			return err
		}
	}
	if err := cli.Folder(o.out); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "peers-shims-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	found := locate(chosen, work)
	if len(found) == 0 {
		return errors.New("no rival to be had")
	}
	about := machine(found)
	fmt.Print(about)
	rows, failed := o.collect(found, threads)
	if len(rows) == 0 {
		return errors.Join(failed, errors.New("no figures"))
	}
	return errors.Join(failed, o.report(about, rows))
}

// time is what the program does in the process of one rival.
func (o options) time(list []shape) error {
	chosen, err := cli.Pick(rivals, func(r rival) string { return r.name }, o.child)
	if err != nil {
		return err
	}
	c, err := chosen[0].open(o.path)
	if err != nil {
		return err
	}
	p := turns.Full
	if o.quick {
		p = turns.Quick
	}
	return duels(os.Stdout, o.child, c, list, runtime.GOMAXPROCS(0), o.round, p)
}

// report writes the results to files, and the text to standard output as well.
func (o options) report(about string, rows []row) error {
	all := tables(rows)
	text := tableText(all)
	fmt.Print(text)
	err := cli.Write(o.out,
		cli.File{Name: "table.txt", Content: about + text},
		cli.File{Name: "table.tsv", Content: tableTSV(all)},
		cli.File{Name: "rounds.tsv", Content: rowsTSV(rows)},
		cli.File{Name: "squares.svg", Content: squaresSVG(all)})
	return errors.Join(err, wrong(rows))
}
