// Command killtest kills a training of the real digits at random moments, over and over,
// and sees to it that it goes on from its checkpoint as if nothing had happened: the model
// at the end has the bytes of one that was trained at a stretch.
//
//	go run ./internal/killtest            # 200 kills; threads and kernels change at each start
//	go run ./internal/killtest -portable  # the portable kernels on amd64, 386 and an emulated arm64 in turn
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/db75a6f2/downhill"
)

func main() {
	var t task
	n := flag.Int("n", 200, "how often to kill")
	portable := flag.Bool("portable", false, "portable kernels, on other CPUs too")
	seed := flag.Uint64("seed", 1, "of the moments")
	child := flag.Bool("child", false, "train, and be killed")
	kernel := flag.Bool("kernel", false, "say what kernels would train")
	flag.StringVar(&t.checkpoint, "checkpoint", "", "of the child: file of the checkpoint")
	flag.StringVar(&t.model, "model", "", "of the child: file of the model")
	flag.IntVar(&t.every, "every", 3, "steps between checkpoints")
	flag.IntVar(&t.epochs, "epochs", 30, "how often to go through the set")
	flag.Parse()
	var err error
	switch {
	case *kernel:
		fmt.Println(downhill.Kernel())
	case *child:
		err = t.run()
	default:
		err = parent(os.Stdout, *n, *portable, *seed, t)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "killtest:", err)
		os.Exit(1)
	}
}

// tally is what the kills came to.
type tally struct {
	kills, early, resumed, trainings int
}

// parent trains at a stretch, then kills until n kills are done and the last training has
// ended.
func parent(out io.Writer, n int, portable bool, seed uint64, t task) error {
	dir, err := os.MkdirTemp("", "killtest")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	programs, err := build(dir, portable)
	if err != nil {
		return err
	}
	t.checkpoint, t.model = filepath.Join(dir, "checkpoint"), filepath.Join(dir, "model")
	took, want, err := stretch(programs, t)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "at a stretch: %.1f s; %d ways to go on: %s\n", took.Seconds(), len(programs), strings.Join(names(programs), ", "))

	src := rand.New(rand.NewPCG(seed, 0))
	var all tally
	for all.kills < n {
		if err := training(programs, t, src, took, n-all.kills, &all); err != nil {
			return err
		}
		got, err := os.ReadFile(t.model)
		if err != nil {
			return err
		}
		if !bytes.Equal(got, want) {
			return fmt.Errorf("training %d ends with other weights than one at a stretch", all.trainings)
		}
		if err := clean(dir, t); err != nil {
			return err
		}
	}
	if all.resumed == 0 {
		return fmt.Errorf("%d kills, and not once did a training go on", all.kills)
	}
	fmt.Fprintf(out, "%d kills, %d of them before the first checkpoint; %d times it went on; %d trainings ended with the very bytes; 0 checkpoints unreadable, 0 files left behind\n",
		all.kills, all.early, all.resumed, all.trainings)
	return nil
}

// stretch trains without a kill, in every way: the model is the same.
func stretch(programs []program, t task) (took time.Duration, model []byte, err error) {
	for _, p := range programs {
		start := time.Now()
		if _, err := p.run(t, 0); err != nil {
			return 0, nil, fmt.Errorf("%s: %w", p.name, err)
		}
		if took == 0 {
			took = time.Since(start)
		}
		got, err := os.ReadFile(t.model)
		if err != nil {
			return 0, nil, err
		}
		if model != nil && !bytes.Equal(got, model) {
			return 0, nil, fmt.Errorf("%s trains to other weights than %s", p.name, programs[0].name)
		}
		model = got
		if err := clean(filepath.Dir(t.model), t); err != nil {
			return 0, nil, err
		}
	}
	return took, model, nil
}

// training runs one training to its end, however often it is killed, at most so many
// times.
func training(programs []program, t task, src *rand.Rand, took time.Duration, kills int, all *tally) error {
	for {
		p := programs[src.IntN(len(programs))]
		after := time.Duration(0) // no kill
		if kills > 0 {
			after = 1 + time.Duration(src.Float64()*float64(p.slower)*float64(took)/2)
		}
		found := exists(t.checkpoint)
		began, err := p.run(t, after)
		switch {
		case err != nil && err != errKilled:
			return fmt.Errorf("%s, after %d kills: %w", p.name, all.kills, err)
		case found && began == "0":
			return fmt.Errorf("%s, after %d kills, began anew beside a checkpoint", p.name, all.kills)
		case found && began != "":
			all.resumed++
		}
		if err == nil {
			all.trainings++
			return nil
		}
		all.kills++
		kills--
		if !found && !exists(t.checkpoint) {
			all.early++
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// clean removes the files of a training that has ended, of which there are two.
func clean(dir string, t task) error {
	for _, file := range []string{t.checkpoint, t.model} {
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), programPrefix) {
			return fmt.Errorf("%s is left behind", e.Name())
		}
	}
	return nil
}
