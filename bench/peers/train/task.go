package main

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"

	"github.com/db75a6f2/downhill/data"
)

// task is what is trained until an accuracy is reached.
type task struct {
	workload
	train, test *data.Set[float32]
	epochs      int
	target      float64
}

const (
	taskRate  = 0.1
	taskBatch = 64
	classes   = 10
)

// task reads the data that the flags name.
func (o options) task() (task, error) {
	t := task{epochs: o.epochs, target: o.target}
	usual := 12
	if o.data == "" {
		usual = 60
		t.train, t.test = digits()
	} else {
		var err error
		if t.train, err = readSet(o.data, "train"); err != nil {
			return task{}, err
		}
		if t.test, err = readSet(o.data, "t10k"); err != nil {
			return task{}, err
		}
		if a, b := t.train.X.Cols, t.test.X.Cols; a != b {
			return task{}, fmt.Errorf("%s: training images of %d pixels, test images of %d", o.data, a, b)
		}
	}
	switch {
	case o.quick:
		t.epochs = 2
	case t.epochs == 0:
		t.epochs = usual
	}
	t.workload = workload{name: "accuracy", widths: []int{t.train.X.Cols, 128, classes}, batch: taskBatch}
	return t, nil
}

// heading says what is trained.
func (o options) heading(t task) string {
	from := "Downhill's digits"
	if o.data != "" {
		from = o.data
	}
	return fmt.Sprintf(`
Training of %s on %s
by plain SGD, rate %v, in batches of %d. "downhill" is train.Fit. Seconds are those of training,
without evaluation; the target is a test accuracy of %v.
`, t.network(), from, taskRate, t.batch, t.target)
}

// digits are Downhill's own, standardised as its example has them.
func digits() (train, test *data.Set[float32]) {
	train, test = data.Digits().Split(rand.NewPCG(1, 2), 0.8)
	data.Standardise(train, test)
	return train, test
}

// readSet reads the images and labels of one of the two sets in a folder.
func readSet(dir, name string) (*data.Set[float32], error) {
	images, err := readIDX(filepath.Join(dir, name+"-images-idx3-ubyte"))
	if err != nil {
		return nil, err
	}
	labels, err := readIDX(filepath.Join(dir, name+"-labels-idx1-ubyte"))
	if err != nil {
		return nil, err
	}
	set, err := data.FromArrays(images, labels, strings.Split("0123456789", ""))
	if err != nil {
		return nil, fmt.Errorf("%s, %s: %w", dir, name, err)
	}
	for i := range set.X.Data {
		set.X.Data[i] /= 255
	}
	return set, nil
}
