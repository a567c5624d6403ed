package ailments

import (
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// outputFaults are last activations that do not fit the loss.
func outputFaults() []Program {
	last := []string{"loss/last-activation"}
	return []Program{
		{"digits: softmax before a loss of logits", last, func(mended bool) Subject {
			all := stack(relu[float32], 64, 32, 10)
			if !mended {
				all = append(all, softmax[float32]{})
			}
			return program(standard(digits[float32]()), layers.SoftmaxCrossEntropy[float32]{}, 0.1, all...)
		}, nil},
		{"wine: sigmoid before a loss of logits", last, func(mended bool) Subject {
			all := stack(relu[float64], 13, 16, 3)
			if !mended {
				all = append(all, sigmoid[float64]())
			}
			return program(standard(wine[float64]()), layers.SoftmaxCrossEntropy[float64]{}, 0.1, all...)
		}, nil},
		{"breast cancer: sigmoid before binary cross-entropy of logits", last, func(mended bool) Subject {
			all := stack(relu[float32], 30, 16, 1)
			if !mended {
				all = append(all, sigmoid[float32]())
			}
			return program(standard(cancer[float32]()), layers.BinaryCrossEntropy[float32]{}, 0.1, all...)
		}, nil},
		{"moons: ReLU before binary cross-entropy of logits", last, func(mended bool) Subject {
			all := stack(relu[float64], 2, 16, 1)
			if !mended {
				all = append(all, relu[float64]())
			}
			return program(moons[float64](4, 200), layers.BinaryCrossEntropy[float64]{}, 0.1, all...)
		}, nil},
		{"waves: ReLU last, targets below 0", last, func(mended bool) Subject {
			all := stack(tanh[float64], 2, 16, 1)
			if !mended {
				all = append(all, relu[float64]())
			}
			return program(waves[float64](2, 300), layers.MeanSquaredError[float64]{}, 0.1, all...)
		}, nil},
		{"line: tanh last, targets beyond 1", []string{"loss/last-activation", "labels/range", "labels/scale"}, func(mended bool) Subject {
			all := stack(relu[float32], 5, 16, 1)
			if !mended {
				all = append(all, tanh[float32]())
			}
			set := relabelled(line[float32](5, 300, 5), func(_ int, v float32) float32 { return 3 * v })
			return program(set, layers.MeanSquaredError[float32]{}, 0.02, all...)
		}, nil},
		{"moons: no sigmoid before a loss of probabilities", last, func(mended bool) Subject {
			all := stack(tanh[float64], 2, 16, 1)
			if mended {
				all = append(all, sigmoid[float64]())
			}
			s := program(moons[float64](5, 200), layers.BinaryCrossEntropyProb[float64]{}, 0.1, all...)
			s.measure = ownBinary[float64](none)
			return s
		}, nil},
		{"breast cancer: tanh before a loss of probabilities", last, func(mended bool) Subject {
			all := stack(relu[float32], 30, 16, 1)
			if mended {
				all = append(all, sigmoid[float32]())
			} else {
				all = append(all, tanh[float32]())
			}
			s := program(standard(cancer[float32]()), layers.BinaryCrossEntropyProb[float32]{}, 0.1, all...)
			s.measure = ownBinary[float32](none)
			return s
		}, nil},
		{"moons: softmax of one output", []string{"loss/last-activation", "learn/ignores-input"}, func(mended bool) Subject {
			all := stack(relu[float32], 2, 16, 1)
			if mended {
				all = append(all, sigmoid[float32]())
			} else {
				all = append(all, softmax[float32]{})
			}
			return program(moons[float32](6, 200), ownBinary[float32](none), 0.1, all...)
		}, nil},
	}
}

// networkFaults are layers that are missing, or too many, or too narrow.
func networkFaults() []Program {
	missing, doubled := []string{"layers/no-activation"}, []string{"layers/doubled-activation"}
	return []Program{
		{"spirals: no activation", missing, func(mended bool) Subject {
			return program(spirals[float32](1, 300), layers.SoftmaxCrossEntropy[float32]{}, 0.2,
				linearUnless(mended, stack(tanh[float32], 2, 32, 32, 2))...)
		}, nil},
		{"waves: no activation", missing, func(mended bool) Subject {
			return program(waves[float64](3, 300), layers.MeanSquaredError[float64]{}, 0.05,
				linearUnless(mended, stack(tanh[float64], 2, 24, 1))...)
		}, nil},
		{"moons: no activation", missing, func(mended bool) Subject {
			return program(moons[float64](7, 200), layers.BinaryCrossEntropy[float64]{}, 0.2,
				linearUnless(mended, stack(relu[float64], 2, 16, 16, 1))...)
		}, nil},
		{"digits: sigmoid twice", doubled, func(mended bool) Subject {
			act := func() []layers.Layer[float32] {
				if mended {
					return []layers.Layer[float32]{sigmoid[float32]()}
				}
				return []layers.Layer[float32]{sigmoid[float32](), sigmoid[float32]()}
			}
			s := stack(sigmoid[float32], 64, 32, 10)
			all := append(append(s[:1:1], act()...), s[2])
			return program(standard(digits[float32]()), layers.SoftmaxCrossEntropy[float32]{}, 0.3, all...)
		}, nil},
		{"breast cancer: ReLU and sigmoid last", []string{"layers/doubled-activation", "loss/last-activation"}, func(mended bool) Subject {
			all := stack(tanh[float64], 30, 8, 1)
			if !mended {
				all = append(all, relu[float64]())
			}
			all = append(all, sigmoid[float64]())
			return program(standard(cancer[float64]()), layers.BinaryCrossEntropyProb[float64]{}, 0.1, all...)
		}, nil},
		{"waves: a sigmoid after every tanh", doubled, func(mended bool) Subject {
			var all []layers.Layer[float64]
			for _, l := range stack(tanh[float64], 2, 8, 8, 1) {
				if all = append(all, l); !mended {
					if _, ok := l.(*layers.Tanh[float64]); ok {
						all = append(all, sigmoid[float64]())
					}
				}
			}
			return program(waves[float64](4, 300), layers.MeanSquaredError[float64]{}, 0.1, all...)
		}, nil},
		{"digits: one hidden unit", []string{"learn/cannot-overfit"}, func(mended bool) Subject {
			hidden := 1
			if mended {
				hidden = 24
			}
			return classifier(standard(digits[float32]()), hidden, 10)
		}, nil},
		{"moons: the mean taken from a row of one number", []string{"learn/ignores-input", "learn/cannot-overfit"}, func(mended bool) Subject {
			all := stack(relu[float64], 2, 16, 1)
			if !mended {
				all = append(all, centred[float64]{})
			}
			return program(moons[float64](8, 200), layers.BinaryCrossEntropy[float64]{}, 0.2, all...)
		}, nil},
	}
}

// linearUnless leaves out all but the dense layers.
func linearUnless[T tensor.Float](mended bool, all []layers.Layer[T]) []layers.Layer[T] {
	if mended {
		return all
	}
	var dense []layers.Layer[T]
	for _, l := range all {
		if len(l.Params()) > 0 {
			dense = append(dense, l)
		}
	}
	return dense
}
