// Train times Downhill's training and inference beside other libraries' on one machine, in
// one run, and writes a table. README.md of the folder above says how to run and how to
// read it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"

	"github.com/db75a6f2/downhill/bench/peers/internal/child"
	"github.com/db75a6f2/downhill/bench/peers/internal/cli"
	"github.com/db75a6f2/downhill/bench/peers/internal/host"
	"github.com/db75a6f2/downhill/bench/peers/internal/turns"
)

// options are the flags.
type options struct {
	rounds                        int
	threads, only, workloads, out string
	python                        string
	install, quick, accuracy      bool
	data                          string
	target                        float64
	seeds, epochs                 int
	// Of a process that the program starts: the rival, its library or script, and the round.
	child, path string
	round       int
}

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 3, "how often every workload is timed; a figure is that of the best round")
	flag.StringVar(&o.threads, "threads", "1,2", "numbers of threads")
	flag.StringVar(&o.only, "only", "", "rivals to time, separated by commas (all if empty)")
	flag.StringVar(&o.workloads, "workloads", "", "workloads to time, separated by commas (all if empty)")
	flag.StringVar(&o.out, "out", "", "folder for the results (a new temporary one if empty)")
	flag.StringVar(&o.python, "python", "/usr/bin/python3", "the Python of numpy and torch")
	flag.BoolVar(&o.install, "install", false, "install the Debian packages first")
	flag.BoolVar(&o.quick, "quick", false, "time a few milliseconds or two epochs only, to see whether all works")
	flag.BoolVar(&o.accuracy, "accuracy", false, "time training until an accuracy is reached, in the place of workloads")
	flag.StringVar(&o.data, "data", "", "with -accuracy: folder with the four IDX files of MNIST or Fashion-MNIST (Downhill's digits if empty)")
	flag.Float64Var(&o.target, "target", 0.97, "with -accuracy: the test accuracy to reach")
	flag.IntVar(&o.seeds, "seeds", 3, "with -accuracy: trainings, from the seeds 1, 2 and so on")
	flag.IntVar(&o.epochs, "epochs", 0, "with -accuracy: epochs of a training (12, or 60 of the digits, if 0)")
	flag.StringVar(&o.child, "child", "", "the program's own: time this rival in this process")
	flag.StringVar(&o.path, "library", "", "the program's own: the rival's library or script")
	flag.IntVar(&o.round, "round", 1, "the program's own: the number of the round")
	flag.Parse()
	if err := o.run(flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

func (o options) run(rest []string) error {
	if len(rest) > 0 {
		return fmt.Errorf("unknown argument %q; see -help", rest[0])
	}
	list, err := cli.Pick(workloads, func(w workload) string { return w.name }, o.workloads)
	if err != nil {
		return fmt.Errorf("-workloads: %w", err)
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
	switch {
	case o.rounds < 1:
		return fmt.Errorf("-rounds: %d is none", o.rounds)
	case o.seeds < 1:
		return fmt.Errorf("-seeds: %d is none", o.seeds)
	case o.epochs < 0:
		return fmt.Errorf("-epochs: %d is negative", o.epochs)
	case !(o.target > 0 && o.target <= 1):
		return fmt.Errorf("-target: %v is no accuracy; want one above 0 and up to 1", o.target)
	}
	about := heading
	if o.accuracy {
		o.rounds = 1 // the seeds are rounds enough
		t, err := o.task()
		if err != nil {
			return err
		}
		about = o.heading(t)
	}
	if o.install {
		if err := install(chosen); err != nil {
			return err
		}
	}
	if err := cli.Folder(o.out); err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "peers-scripts-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := os.CopyFS(folder, scripts); err != nil {
		return err
	}
	all := o.locate(chosen, folder)
	if len(all) == 0 {
		return errors.New("no rival to be had")
	}
	if o.accuracy {
		return collect(o, all, threads, about, courseText, courseTSV)
	}
	return collect(o, all, threads, about, stepText, stepTSV)
}

// locate finds the rivals, and says which there are not.
func (o options) locate(chosen []rival, scripts string) []found {
	var all []found
	for _, r := range chosen {
		f, err := r.locate(o.python, scripts)
		if err != nil {
			fmt.Fprintf(os.Stderr, "peers: %s is left out: %v\n", r.name, err)
			continue
		}
		all = append(all, f)
	}
	return all
}

// collect starts a process for each rival, number of threads and round, and reports
// their rows.
func collect[R any](o options, all []found, threads []int, heading string, text, tsv func([]R) string) error {
	var versions []string
	for _, f := range all {
		versions = append(versions, f.version)
	}
	about := host.Describe(slices.Compact(versions))
	fmt.Print(about)
	name := func(f found) string { return f.name }
	rows, failed := child.Rounds(o.rounds, threads, all, name, func(ctx context.Context, f found, n, round int) ([]R, error) {
		return child.Rows[R](ctx, n, f.env, "-child", f.name, "-library", f.path, "-round", strconv.Itoa(round),
			"-python", o.python, "-workloads", o.workloads, "-quick="+strconv.FormatBool(o.quick),
			"-accuracy="+strconv.FormatBool(o.accuracy), "-data", o.data, "-target", fmt.Sprint(o.target),
			"-seeds", strconv.Itoa(o.seeds), "-epochs", strconv.Itoa(o.epochs))
	})
	if len(rows) == 0 {
		return errors.Join(failed, errors.New("no figures"))
	}
	tables := heading + text(rows)
	fmt.Print(tables)
	return errors.Join(failed, cli.Write(o.out,
		cli.File{Name: "table.txt", Content: about + tables},
		cli.File{Name: "table.tsv", Content: tsv(rows)}))
}

// time is what the program does in the process of one rival.
func (o options) time(list []workload) (err error) {
	chosen, err := cli.Pick(rivals, func(r rival) string { return r.name }, o.child)
	if err != nil {
		return err
	}
	c, err := chosen[0].open(o.python, o.path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	rival, threads := player{o.child, c}, runtime.GOMAXPROCS(0)
	if o.accuracy {
		t, err := o.task()
		if err != nil {
			return err
		}
		return races(json.NewEncoder(os.Stdout), rival, t, threads, o.seeds)
	}
	pace := turns.Full
	if o.quick {
		pace = turns.Quick
	}
	return duels(os.Stdout, rival, list, threads, o.round, pace)
}
