package ailments

import (
	"math/rand/v2"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// unless is the mistake, if it is still there.
func unless(mended bool, made mistake) mistake {
	if mended {
		return none
	}
	return made
}

// inTurns gives every second program elements of float32, the others of float64, in
// which differences are exact enough to say what is right.
func inTurns(all []Program, single, double func(i int, mended bool) Subject) []Program {
	for i := range all {
		all[i].Exact = func(mended bool) Subject { return double(i, mended) }
		all[i].Build = all[i].Exact
		if i%2 == 0 {
			all[i].Build = func(mended bool) Subject { return single(i, mended) }
		}
	}
	return all
}

// lossFaults are gradients of hand-written losses.
func lossFaults() []Program {
	faults := []struct {
		name  string
		rules []string
		kind  string // of the loss
		made  mistake
	}{
		{"digits: softmax loss, sign", []string{"gradient/sign"}, "softmax", wrongSign},
		{"waves: squared error, sign", []string{"gradient/sign"}, "square", wrongSign},
		{"waves: squared error, gradient of the sum", []string{"gradient/scaled"}, "square", notMean},
		{"digits: softmax loss, gradient of the sum", []string{"gradient/scaled"}, "softmax", notMean},
		{"digits: softmax loss, twice", []string{"gradient/scaled"}, "softmax", factorTwo},
		{"waves: squared error without the 2", []string{"gradient/scaled"}, "square", noTwo},
		{"moons: binary loss, clipped on one side", []string{"gradient/clip"}, "binary", clipsOneSide},
		{"moons: binary loss, sign", []string{"gradient/sign"}, "binary", wrongSign},
		{"moons: binary loss, gradient of the first row", []string{"gradient/rows", "gradient/wrong"}, "binary", firstRowOnly},
		{"waves: squared error, target forgotten", []string{"gradient/wrong"}, "square", forgetsTarget},
		{"digits: softmax loss, target forgotten", []string{"gradient/wrong"}, "softmax", forgetsTarget},
		{"moons: binary loss, no gradient", []string{"gradient/zero"}, "binary", returnsZero},
	}
	var all []Program
	for _, f := range faults {
		all = append(all, Program{Name: f.name, Rules: f.rules})
	}
	return inTurns(all,
		func(i int, mended bool) Subject {
			return ownLossProgram[float32](faults[i].kind, unless(mended, faults[i].made))
		},
		func(i int, mended bool) Subject {
			return ownLossProgram[float64](faults[i].kind, unless(mended, faults[i].made))
		})
}

func ownLossProgram[T tensor.Float](kind string, made mistake) *subject[T] {
	switch kind {
	case "softmax":
		set := oneHot(standard(digits[T]()), 10)
		return program(set, ownSoftmax[T](made), 0.1, stack(relu[T], 64, 16, 10)...)
	case "square":
		return program(waves[T](9, 300), ownSquare[T](made), 0.05, stack(tanh[T], 2, 16, 1)...)
	}
	return program(moons[T](12, 200), ownBinary[T](made), 0.2, append(stack(tanh[T], 2, 16, 1), sigmoid[T]())...)
}

// layerFaults are backward passes of hand-written layers.
func layerFaults() []Program {
	faults := []struct {
		name  string
		rules []string
		set   string
		act   function
		made  mistake
	}{
		{"moons: act'(dy), sigmoid", []string{"gradient/upstream"}, "moons", ownSigmoid, upstreamDerivative},
		{"iris: act'(dy), ReLU", []string{"gradient/upstream"}, "iris", ownReLU, upstreamDerivative},
		{"iris: bias gradient from dy", []string{"gradient/bias"}, "iris", ownTanh, biasOfUpstream},
		{"wine: bias gradient from dy, ReLU", []string{"gradient/bias"}, "wine", ownReLU, biasOfUpstream},
		{"wine: divided by the features", []string{"gradient/scaled"}, "wine", ownReLU, byWidth},
		{"waves: divided by the batch again", []string{"gradient/scaled"}, "waves", ownTanh, byBatch},
		{"moons: dx from the new weights", []string{"gradient/early-update"}, "moons", ownTanh, inputAfterUpdate},
		{"iris: weights updated in Backward, before dx", []string{"gradient/early-update"}, "iris", ownReLU, updateInPlace},
		{"waves: dx = dz*W", []string{"gradient/transposed"}, "waves", ownTanh, inputTurned},
		{"wine: dW = dz^T*x", []string{"gradient/transposed"}, "wine", ownSigmoid, weightTurned},
		{"moons: no bias gradient", []string{"gradient/missing", "gradient/zero", "gradient/bias"}, "moons", ownReLU, biasNotAdded},
		{"iris: weight gradient 0", []string{"gradient/zero", "gradient/missing"}, "iris", ownTanh, weightZero},
		{"waves: gradients written over, the layer used twice", []string{"gradient/overwritten"}, "waves", ownTanh, weightWritten},
		{"wine: gradients written over, the layer used twice", []string{"gradient/overwritten"}, "wine", ownReLU, weightWritten},
		{"moons: act'(y), sigmoid", []string{"gradient/derivative"}, "moons", ownSigmoid, outputDerivative},
		{"waves: act'(y), tanh", []string{"gradient/derivative"}, "waves", ownTanh, outputDerivative},
		{"iris: tanh' as 1 - z*z", []string{"gradient/derivative", "gradient/wrong"}, "iris", ownTanh, squareOfSum},
		{"wine: sigmoid's derivative for tanh", []string{"gradient/derivative", "gradient/wrong"}, "wine", ownTanh, sigmoidForTanh},
		{"waves: no act' at all", []string{"gradient/upstream", "gradient/derivative", "gradient/wrong"}, "waves", ownSigmoid, noDerivative},
		{"moons: dx from dy, not from dy*act'(z)", []string{"gradient/upstream", "gradient/derivative", "gradient/wrong"}, "moons", ownTanh, inputOfUpstream},
		{"iris: sign of dx", []string{"gradient/sign"}, "iris", ownReLU, inputNegative},
		{"wine: sign of dW", []string{"gradient/sign"}, "wine", ownTanh, weightNegative},
		{"moons: sign of the bias gradient", []string{"gradient/sign", "gradient/bias"}, "moons", ownTanh, biasNegative},
		{"waves: dx is 0", []string{"gradient/zero", "gradient/missing"}, "waves", ownReLU, inputZero},
		{"iris: dx twice", []string{"gradient/scaled"}, "iris", ownSigmoid, inputTwice},
		{"wine: bias gradient of the last row", []string{"gradient/rows", "gradient/bias"}, "wine", ownTanh, biasOfOneRow},
		{"moons: weight gradient of the first row", []string{"gradient/rows", "gradient/wrong"}, "moons", ownTanh, weightOfOneRow},
	}
	var all []Program
	for _, f := range faults {
		all = append(all, Program{Name: f.name, Rules: f.rules})
	}
	all = inTurns(all,
		func(i int, mended bool) Subject {
			return ownLayerProgram[float32](faults[i].set, faults[i].act, unless(mended, faults[i].made))
		},
		func(i int, mended bool) Subject {
			return ownLayerProgram[float64](faults[i].set, faults[i].act, unless(mended, faults[i].made))
		})
	return append(all, activationFaults()...)
}

// ownLayerProgram is a network of three hand-written layers, the middle one of which is
// as asked.
func ownLayerProgram[T tensor.Float](name string, act function, made mistake) *subject[T] {
	var set *data.Set[T]
	var loss layers.Loss[T] = layers.SoftmaxCrossEntropy[T]{}
	lr, out, src := 0.3, 3, rand.NewPCG(31, 31)
	switch name {
	case "moons":
		set, out = moons[T](13, 200), 2
	case "iris":
		set = standard(iris[T]())
	case "wine":
		set = standard(wine[T]())
	case "waves":
		set, loss, lr, out = waves[T](10, 300), layers.MeanSquaredError[T]{}, 0.1, 1
	}
	const width = 8
	first := newOwnDense[T](src, set.X.Cols, width, ownTanh, none, lr)
	middle := newOwnDense[T](src, width, width, act, made, lr)
	last := newOwnDense[T](src, width, out, ownLinear, none, lr)
	if made == weightWritten {
		return program[T](set, loss, lr, first, middle, middle, last)
	}
	return program[T](set, loss, lr, first, middle, last)
}

// activationFaults are backward passes of hand-written activations.
func activationFaults() []Program {
	all := []Program{
		{Name: "digits: ReLU forgotten in Backward", Rules: []string{"gradient/derivative", "gradient/upstream", "gradient/wrong"}},
		{Name: "moons: two ReLUs share a mask", Rules: []string{"gradient/derivative", "gradient/wrong"}},
		{Name: "wine: softmax' as y*(1-y)", Rules: []string{"gradient/wrong", "gradient/derivative"}},
	}
	return inTurns(all,
		func(i int, mended bool) Subject { return activationFault[float32](i, mended) },
		func(i int, mended bool) Subject { return activationFault[float64](i, mended) })
}

func activationFault[T tensor.Float](i int, mended bool) *subject[T] {
	switch i {
	case 0:
		s := stack(relu[T], 64, 16, 10)
		return program[T](standard(digits[T]()), layers.SoftmaxCrossEntropy[T]{}, 0.1, s[0], bareReLU[T]{!mended}, s[2])
	case 1:
		masks := [2][]bool{}
		upper := maskedReLU[T]{&masks[0]}
		if mended {
			upper.mask = &masks[1]
		}
		s := stack(relu[T], 2, 16, 16, 2)
		return program[T](moons[T](14, 200), layers.SoftmaxCrossEntropy[T]{}, 0.1, s[0], maskedReLU[T]{&masks[0]}, s[2], upper, s[4])
	}
	set := oneHot(standard(wine[T]()), 3)
	return program(set, ownLog[T](none), 0.1, append(stack(tanh[T], 13, 16, 3), softmax[T]{!mended})...)
}
