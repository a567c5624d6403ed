// Command stuck shows the question that Downhill grew out of: a network written by
// hand whose loss rises and then sticks at 9.210 or 13.816, and beside it Downhill's
// own layers on the same data, going down. Then the doctor examines that network, names
// its faults, and falls silent as they are mended.
//
//	go run ./examples/stuck
//	go run ./examples/stuck -faults 2,5    only these of the six faults
//	go run ./examples/stuck -faults none   all of them mended
package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

func main() {
	list := flag.String("faults", "1,2,3,4,5,6", "which faults to make, by number, or none")
	seed := flag.Uint64("seed", 1, "of the samples and the weights")
	lr := flag.Float64("lr", 0.01, "learning rate")
	epochs := flag.Int("epochs", 2000, "how often to go through the samples")
	flag.Parse()
	made, err := parse(*list)
	if err == nil && (*epochs < 1 || !(*lr >= 0 && *lr <= 100)) {
		err = fmt.Errorf("want -epochs above 0 and -lr from 0 to 100, have %d and %v", *epochs, *lr)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "stuck:", err)
		os.Exit(2)
	}
	show(os.Stdout, made, *seed, *lr, *epochs)
	if err := consult(os.Stdout, made, *seed, *lr, *epochs); err != nil {
		fmt.Fprintln(os.Stderr, "stuck:", err)
		os.Exit(1)
	}
}

// parse reads a list of fault numbers.
func parse(list string) (faults, error) {
	made := faults{}
	if list == "none" {
		return made, nil
	}
	for _, field := range strings.Split(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(field))
		if _, known := faultNames[fault(n)]; err != nil || !known {
			return nil, fmt.Errorf("no fault %q; they are 1 to %d", field, len(faultNames))
		}
		made[fault(n)] = true
	}
	return made, nil
}

// show trains both networks and draws their losses.
func show(w io.Writer, made faults, seed uint64, lr float64, epochs int) {
	set := samples(rand.NewPCG(seed, 0))
	with := "these faults:"
	if len(made) == 0 {
		with = "all faults mended"
	}
	fmt.Fprintln(w, "The network of the question, 4-8-1, with", with)
	for f := fault(1); int(f) <= len(faultNames); f++ {
		if made[f] {
			fmt.Fprintf(w, "  %d. %s\n", f, faultNames[f])
		}
	}
	theirs := losses(question(made, rand.NewPCG(seed, 1), lr), set, clippedLoss{made}, lr, epochs)
	ours := losses(layers.MLP[float64](rand.NewPCG(seed, 1), 4, 8, 1), set, layers.BinaryCrossEntropy[float64]{}, lr, epochs)

	fmt.Fprintf(w, "\nepoch     the question   Downhill\n")
	for epoch := 1; epoch <= epochs; epoch++ {
		switch epoch {
		case 1, 2, 3, 10, 100, 1000, epochs:
			fmt.Fprintf(w, "%5d %15.3f %11.3f\n", epoch, theirs[epoch-1], ours[epoch-1])
		}
	}
	fmt.Fprintln(w)
	chart(w, 60, 15, curve{'x', "the question", theirs}, curve{'o', "Downhill", ours})

	plateau := -math.Log(clip)
	fmt.Fprintf(w, `
A sample that is surely wrong costs -ln(1e-10) = %.3f. 40 of the 100 are positive:
  always 0 costs 0.40 x %.3f = %.3f
  always 1 costs 0.60 x %.3f = %.3f
`, plateau, plateau, 0.4*plateau, plateau, 0.6*plateau)
}

// losses trains a network on the whole set at once with plain SGD and returns the loss
// of every epoch.
func losses(net *layers.Sequential[float64], set *data.Set[float64], loss layers.Loss[float64], lr float64, epochs int) (history []float64) {
	sgd := optim.NewSGD(net.Params(), lr)
	var grad tensor.Tensor[float64]
	for range epochs {
		history = append(history, loss.Loss(&grad, net.Forward(set.X), set.Y))
		net.Backward(&grad)
		sgd.Step()
	}
	return history
}
