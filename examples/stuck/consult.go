package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/doctor"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// consult has the doctor examine the network of the question, look on while it trains,
// and examine it again each time that one of its faults has been mended: first those of
// the gradients, which make all else look strange, then the weights.
func consult(w io.Writer, made faults, seed uint64, lr float64, epochs int) error {
	set := samples(rand.NewPCG(seed, 0))
	report, err := examine(made, set, seed, lr)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nThe doctor, before training, without having been told what is wrong:\n\n")
	if err := report.WriteText(w); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nThe doctor, looking on while it trains:\n\n")
	if err := watched(made, set, seed, lr, epochs).WriteText(w); err != nil {
		return err
	}
	if len(made) == 0 {
		return nil
	}
	fmt.Fprintf(w, "\nMended one after the other:\n")
	left := faults{}
	for f := range made {
		left[f] = true
	}
	for _, f := range []fault{clipsOneSide, derivesUpstream, biasFromUpstream, dividesByWidth, updatesFirst, wildWeights} {
		if !left[f] {
			continue
		}
		delete(left, f)
		if report, err = examine(left, set, seed, lr); err != nil {
			return err
		}
		history := losses(question(left, rand.NewPCG(seed, 1), lr), set, clippedLoss{left}, lr, epochs)
		fmt.Fprintf(w, "  then without fault %d: loss %6.3f -> %6.3f   %s\n", f, history[0], history[epochs-1], rules(report))
	}
	return nil
}

// examine is what the doctor finds.
func examine(made faults, set *data.Set[float64], seed uint64, lr float64) (doctor.Report, error) {
	net := question(made, rand.NewPCG(seed, 1), lr)
	return doctor.Examine(context.Background(), doctor.Case[float64]{
		Net: net, Loss: clippedLoss{made}, Optimizer: optim.NewSGD(net.Params(), lr), Train: set, BatchSize: set.Len(),
	})
}

// watched is what the doctor sees while the network trains.
func watched(made faults, set *data.Set[float64], seed uint64, lr float64, epochs int) doctor.Report {
	net, loss := question(made, rand.NewPCG(seed, 1), lr), clippedLoss{made}
	sgd := optim.NewSGD(net.Params(), lr)
	watch := doctor.NewWatch[float64]()
	watch.Begin(net, loss, sgd)
	var grad tensor.Tensor[float64]
	for range epochs {
		l := loss.Loss(&grad, net.Forward(set.X), set.Y)
		net.Backward(&grad)
		watch.Step(set.X, set.Y, l)
		sgd.Step()
	}
	return watch.Report()
}

// rules are those that a report names, each once.
func rules(report doctor.Report) string {
	var names []string
	for _, f := range report {
		if !slices.Contains(names, f.Rule) {
			names = append(names, f.Rule)
		}
	}
	if len(names) == 0 {
		return "the doctor is silent"
	}
	return strings.Join(names, ", ")
}
