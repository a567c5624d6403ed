package ailments

import (
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// rate is the learning rate, mended or not.
func rate(mended bool, good, bad float64) float64 {
	if mended {
		return good
	}
	return bad
}

func momentum[T tensor.Float](s *subject[T], lr float64, nesterov bool) *subject[T] {
	sgd := optim.NewSGD(s.Net.Params(), lr)
	sgd.Momentum, sgd.Nesterov = 0.9, nesterov
	return s.by(sgd)
}

func adam[T tensor.Float](s *subject[T], lr float64) *subject[T] {
	return s.by(optim.NewAdamW(s.Net.Params(), lr))
}

// optimizerFaults are in the learning rate and in what the optimiser updates.
func optimizerFaults() []Program {
	large, small, few := []string{"lr/too-large"}, []string{"lr/too-small"}, []string{"optimizer/params"}
	return []Program{
		{"digits: lr 20", large, func(mended bool) Subject {
			s := classifier(standard(digits[float32]()), 32, 10)
			s.Optimizer.SetLR(rate(mended, 0.1, 20))
			return s
		}, nil},
		{"line: lr 1", large, func(mended bool) Subject {
			set := line[float64](6, 300, 8)
			return program(set, layers.MeanSquaredError[float64]{}, rate(mended, 0.02, 1), stack(relu[float64], 8, 16, 1)...)
		}, nil},
		{"wine: momentum and lr 3", large, func(mended bool) Subject {
			return momentum(classifier(standard(wine[float64]()), 16, 3), rate(mended, 0.02, 3), false)
		}, nil},
		{"waves: Nesterov and lr 0.5", large, func(mended bool) Subject {
			return momentum(regressor(waves[float32](7, 300), 16), rate(mended, 0.02, 0.5), true)
		}, nil},
		{"moons: AdamW and lr 3", large, func(mended bool) Subject {
			return adam(program(moons[float32](11, 200), layers.BinaryCrossEntropy[float32]{}, 0, stack(tanh[float32], 2, 16, 16, 1)...), rate(mended, 0.01, 3))
		}, nil},
		{"digits: lr 1e-6", small, func(mended bool) Subject {
			s := classifier(standard(digits[float64]()), 32, 10)
			s.Optimizer.SetLR(rate(mended, 0.1, 1e-6))
			return s
		}, nil},
		{"wine: AdamW and lr 1e-8", small, func(mended bool) Subject {
			return adam(classifier(standard(wine[float32]()), 16, 3), rate(mended, 0.003, 1e-8))
		}, nil},
		{"waves: lr 1e-5", small, func(mended bool) Subject {
			s := regressor(waves[float64](8, 300), 16)
			s.Optimizer.SetLR(rate(mended, 0.1, 1e-5))
			return s
		}, nil},
		{"breast cancer: lr 0", []string{"lr/zero"}, func(mended bool) Subject {
			s := classifier(standard(cancer[float32]()), 16, 2)
			s.Optimizer.SetLR(rate(mended, 0.1, 0))
			return s
		}, nil},
		{"iris: AdamW and lr 0", []string{"lr/zero"}, func(mended bool) Subject {
			return adam(classifier(standard(iris[float64]()), 16, 3), rate(mended, 0.01, 0))
		}, nil},
		{"spirals: only the last layer is updated", few, func(mended bool) Subject {
			s := program(spirals[float32](4, 300), layers.SoftmaxCrossEntropy[float32]{}, 0.2, stack(tanh[float32], 2, 16, 16, 2)...)
			params := s.Net.Params()
			if !mended {
				params = params[4:]
			}
			return s.by(optim.NewAdamW(params, 0.01))
		}, nil},
		{"digits: only biases are updated", few, func(mended bool) Subject {
			s := classifier(standard(digits[float64]()), 32, 10)
			params := s.Net.Params()
			if !mended {
				params = []*tensor.Param[float64]{params[1], params[3]}
			}
			return s.by(optim.NewSGD(params, 0.1))
		}, nil},
		{"wine: the optimiser has another network's parameters", few, func(mended bool) Subject {
			s := classifier(standard(wine[float32]()), 16, 3)
			params := s.Net.Params()
			if !mended {
				params = classifier(s.Train, 16, 3).Net.Params()
			}
			return s.by(optim.NewSGD(params, 0.1))
		}, nil},
	}
}
