package main

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
	"github.com/db75a6f2/downhill/train"
)

// network is one to export, and raw rows to try it on.
type network[T tensor.Float] struct {
	name string
	net  *layers.Sequential[T]
	x    *tensor.Tensor[T]
}

// networks returns a network for every layer that can be exported, and some of several.
func networks[T tensor.Float]() ([]network[T], error) {
	rng := rand.NewPCG(1, 2)
	dense := func(in, out int) *layers.Dense[T] {
		d := layers.NewDense[T](rng, in, out)
		tensor.XavierUniform(d.Weight().Value, rng) // as sigmoid and tanh have it
		tensor.Uniform(d.Bias().Value.Data, 1, rng)
		return d
	}
	var all []network[T]
	// add adds a network with rows of the given width, standardised or not.
	add := func(name string, width int, standardised bool, l ...layers.Layer[T]) {
		n := network[T]{name, layers.NewSequential(l...), tensor.New[T](batch, width)}
		if tensor.Normal(n.x.Data, 2, rng); standardised {
			tensor.Normal(n.x.Data, 1, rng)
			n.net.Standardise = standardise(n.x, rng)
		}
		all = append(all, n)
	}
	activations := []struct {
		name string
		make func() layers.Layer[T]
	}{
		{"relu", func() layers.Layer[T] { return layers.NewReLU[T]() }},
		{"leakyrelu", func() layers.Layer[T] { return layers.NewLeakyReLU[T](0.01) }},
		{"sigmoid", func() layers.Layer[T] { return layers.NewSigmoid[T]() }},
		{"tanh", func() layers.Layer[T] { return layers.NewTanh[T]() }},
		{"dropout", func() layers.Layer[T] { return layers.NewDropout[T](rng, 0.5) }},
	}
	add("dense", 30, false, dense(30, 7))
	add("dense, standardised", 30, true, dense(30, 7))
	add("dense 1 1", 1, false, dense(1, 1))
	for _, a := range activations {
		add(a.name+", dense", 30, false, a.make(), dense(30, 7))
		add("dense, "+a.name, 30, false, dense(30, 7), a.make())
		add("standardised, "+a.name, 30, true, a.make())
	}
	twice := dense(16, 16)
	add("a layer twice", 16, false, twice, layers.NewTanh[T](), twice)
	add("mlp 784 128 10", 784, true, layers.MLP[T](rng, 784, 128, 10).Layers()...)
	everything := []layers.Layer[T]{dense(20, 16)}
	for _, a := range activations {
		everything = append(everything, a.make(), dense(16, 16))
	}
	add("all layers", 20, true, append(everything, dense(16, 5))...)

	n, err := digits[T](rng)
	if err != nil {
		return nil, fmt.Errorf("digits: %w", err)
	}
	return append(all, n), nil
}

// standardise gives the columns of x means and scales far from 0 and 1, and returns how to
// undo that.
func standardise[T tensor.Float](x *tensor.Tensor[T], rng rand.Source) *tensor.Affine[T] {
	a := &tensor.Affine[T]{Mean: make([]T, x.Cols), Scale: make([]T, x.Cols)}
	tensor.Uniform(a.Mean, 20, rng)
	tensor.Uniform(a.Scale, 3, rng)
	for j := range a.Scale {
		a.Scale[j] = max(a.Scale[j], -a.Scale[j]) + 0.1
	}
	for i := range x.Rows {
		for j := range x.Cols {
			x.Set(i, j, x.At(i, j)*a.Scale[j]+a.Mean[j])
		}
	}
	return a
}

// digits is a classifier that has learnt something, with the names of its classes.
func digits[T tensor.Float](rng rand.Source) (network[T], error) {
	raw := data.Convert[T](data.Digits())
	trainSet, testSet := raw.Split(rng, 0.8)
	x := new(tensor.Tensor[T]).Copy(testSet.X)
	if err := data.Standardise(trainSet, testSet); err != nil {
		return network[T]{}, err
	}
	net := layers.MLP[T](rng, 64, 32, 10)
	_, err := train.Fit(context.Background(), net, trainSet, train.Options[T]{
		Loss:      layers.SoftmaxCrossEntropy[T]{},
		Optimizer: optim.NewSGD(net.Params(), 0.1),
		Epochs:    5,
		Rand:      rng,
	})
	net.Classes = []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nüün"}
	rows := x.Slice(0, batch)
	return network[T]{"digits", net, &rows}, err
}
