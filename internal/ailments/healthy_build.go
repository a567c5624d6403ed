package ailments

import (
	"math/rand/v2"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// cook makes of a recipe what the doctor is shown.
func cook[T tensor.Float](r recipe) *subject[T] {
	set, classes := ingredients[T](r)
	out := classes
	switch r.loss {
	case "binary", "probability":
		out = 1
	case "one-hot", "own":
		if classes > 1 {
			set = oneHot(set, classes)
		}
	}
	var validation *data.Set[T]
	if r.validation {
		set, validation = set.Split(rand.NewPCG(r.seed, 42), 0.8)
	}
	set = first(set, 150*r.batch) // about 150 steps see all of it

	s := program(set, lossOf[T](r.loss, classes), 0, layersOf[T](r, set.X.Cols, out)...)
	s.Validation, s.BatchSize = validation, r.batch
	s.by(optimizerOf(r, s.Net.Params()))
	if r.converged() {
		s.steps(1000)
		if r.weights != "" { // trained by somebody else
			s.by(optimizerOf(r, s.Net.Params()))
		}
	}
	return s
}

// ingredients is a recipe's data set and its number of classes, 1 for a number to
// predict.
func ingredients[T tensor.Float](r recipe) (set *data.Set[T], classes int) {
	switch r.set {
	case "digits":
		return standard(digits[T]()), 10
	case "breast cancer":
		return standard(cancer[T]()), 2
	case "wine":
		return standard(wine[T]()), 3
	case "iris":
		return standard(iris[T]()), 3
	case "moons":
		return moons[T](r.seed, 300), 2
	case "spirals":
		return spirals[T](r.seed, 300), 2
	case "blobs":
		return blobs[T](r.seed, 300, 6, 4), 4
	case "rare":
		return rare[T](r.seed, 400, 4), 2
	case "eight":
		return blobs[T](r.seed, 8, 5, 2), 2
	case "xor":
		return xor[T](), 2
	case "series":
		return series[T](r.seed, 500, 4), 1
	case "counts":
		return counts[T](r.seed, 400, 4), 1
	case "parity":
		return parity[T](7), 2
	case "shares":
		return shares[T](r.seed, 400, 4), 2
	case "fraud":
		return rareOf[T](r.seed, 6000, 6, 300), 2
	case "line":
		return line[T](r.seed, 300, 6), 1
	case "houses":
		return standardTargets(standard(houses[T](300))), 1
	}
	return waves[T](r.seed, 300), 1
}

func lossOf[T tensor.Float](name string, classes int) layers.Loss[T] {
	switch name {
	case "square":
		return layers.MeanSquaredError[T]{}
	case "binary":
		return layers.BinaryCrossEntropy[T]{}
	case "probability":
		return layers.BinaryCrossEntropyProb[T]{}
	case "absolute":
		return ownAbsolute[T](0)
	case "huber":
		return ownAbsolute[T](1)
	case "own":
		if classes == 1 {
			return ownSquare[T](none)
		}
		return ownSoftmax[T](none)
	}
	return layers.SoftmaxCrossEntropy[T]{}
}

// layersOf is a recipe's network from so many columns to so many outputs.
func layersOf[T tensor.Float](r recipe, in, out int) []layers.Layer[T] {
	src, widths := rand.NewPCG(r.seed, 43), []int{in}
	for range r.depth - 1 {
		widths = append(widths, r.width)
	}
	widths = append(widths, out)
	if r.group == "hand-written layers" {
		return ownLayers[T](r, src, widths)
	}
	var all []layers.Layer[T]
	dense := weighted(stackFrom(src, activationOf[T](r.act), widths...), func(w, b *tensor.Tensor[T]) { begin(r.weights, w, b, src) })
	for i, l := range dense {
		all = append(all, l)
		if r.group == "dropout" && i%2 == 1 {
			all = append(all, layers.NewDropout[T](src, 0.2))
		}
	}
	if r.loss == "probability" {
		all = append(all, sigmoid[T]())
	}
	return all
}

func activationOf[T tensor.Float](name string) maker[T] {
	switch name {
	case "leaky":
		return leaky[T]
	case "tanh":
		return tanh[T]
	case "sigmoid":
		return sigmoid[T]
	}
	return relu[T]
}

// ownLayers is a network of right layers that somebody has written himself.
func ownLayers[T tensor.Float](r recipe, src rand.Source, widths []int) []layers.Layer[T] {
	acts := map[string]function{"relu": ownLinear, "tanh": ownTanh, "sigmoid": ownSigmoid}
	var all []layers.Layer[T]
	for i := 1; i < len(widths); i++ {
		act := acts[r.act]
		if i == len(widths)-1 {
			act = ownLinear
		}
		d := newOwnDense[T](src, widths[i-1], widths[i], act, none, r.rate())
		all = append(all, d)
		if r.act == "relu" && i < len(widths)-1 {
			tensor.HeNormal(d.weight.Value, src)
			all = append(all, bareReLU[T]{})
		}
	}
	return all
}

func optimizerOf[T tensor.Float](r recipe, params []*tensor.Param[T]) optim.Optimizer[T] {
	if r.optimizer == "adamw" {
		return optim.NewAdamW(params, r.rate())
	}
	sgd := optim.NewSGD(params, r.rate())
	if r.optimizer != "sgd" {
		sgd.Momentum, sgd.Nesterov = 0.9, r.optimizer == "nesterov"
	}
	return sgd
}
