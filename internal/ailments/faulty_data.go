package ailments

import (
	"math"
	"math/rand/v2"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// classifier is a plain network on a set of classes: one hidden layer of ReLU.
func classifier[T tensor.Float](set *data.Set[T], hidden, classes int) *subject[T] {
	return program(set, layers.SoftmaxCrossEntropy[T]{}, 0.1, stack(relu[T], set.X.Cols, hidden, classes)...)
}

// regressor is a plain network for one number: one hidden layer of tanh.
func regressor[T tensor.Float](set *data.Set[T], hidden int) *subject[T] {
	return program(set, layers.MeanSquaredError[T]{}, 0.1, stack(tanh[T], set.X.Cols, hidden, 1)...)
}

// dataFaults are in the inputs.
func dataFaults() []Program {
	scaled := []string{"data/scale"}
	return []Program{
		{"wine: raw inputs", scaled, func(mended bool) Subject {
			set := wine[float32]()
			if mended {
				standard(set)
			}
			return classifier(set, 16, 3)
		}, nil},
		{"breast cancer: raw inputs", scaled, func(mended bool) Subject {
			set := cancer[float64]()
			if mended {
				standard(set)
			}
			return program(set, layers.BinaryCrossEntropy[float64]{}, 0.1, stack(relu[float64], 30, 16, 1)...)
		}, nil},
		{"digits: pixels from 0 to 255 and tanh", scaled, func(mended bool) Subject {
			set := digits[float32]()
			scale(set.X, 16)
			if mended {
				standard(set)
			}
			return program(set, layers.SoftmaxCrossEntropy[float32]{}, 0.1, stack(tanh[float32], 64, 32, 10)...)
		}, nil},
		{"houses: raw inputs", scaled, func(mended bool) Subject {
			set := standardTargets(houses[float32](300))
			if mended {
				standard(set)
			}
			return program(set, layers.MeanSquaredError[float32]{}, 0.03, stack(relu[float32], 4, 16, 1)...)
		}, nil},
		{"iris: one column in another unit", scaled, func(mended bool) Subject {
			set := standard(iris[float64]())
			if !mended {
				for i := range set.X.Rows {
					set.X.Row(i)[2] *= 1e4
				}
			}
			return classifier(set, 16, 3)
		}, nil},
		{"moons: inputs of 1e-4", scaled, func(mended bool) Subject {
			set := moons[float32](1, 200)
			if !mended {
				scale(set.X, 1e-4)
			}
			return classifier(set, 16, 2)
		}, nil},
		{"wine: one NaN", []string{"data/nan"}, func(mended bool) Subject {
			set := standard(wine[float32]())
			if !mended {
				set.X.Set(40, 3, float32(math.NaN()))
			}
			return classifier(set, 16, 3)
		}, nil},
		{"breast cancer: one Inf", []string{"data/inf"}, func(mended bool) Subject {
			set := standard(cancer[float64]())
			if !mended {
				set.X.Set(400, 20, math.Inf(1))
			}
			return classifier(set, 16, 2)
		}, nil},
		{"waves: a NaN target", []string{"data/nan"}, func(mended bool) Subject {
			set := waves[float64](1, 300)
			if !mended {
				set.Y.Data[17] = math.NaN()
			}
			return regressor(set, 16)
		}, nil},
		{"iris: a constant column of 2024", []string{"data/constant-column", "data/scale"}, func(mended bool) Subject {
			set := standard(iris[float32]())
			if !mended {
				set = withColumn(set, 2024)
			}
			return classifier(set, 16, 3)
		}, nil},
	}
}

// withColumn is the set with one more column, of v.
func withColumn[T tensor.Float](set *data.Set[T], v T) *data.Set[T] {
	x := tensor.New[T](set.X.Rows, set.X.Cols+1)
	for i := range x.Rows {
		copy(x.Row(i), set.X.Row(i))
		x.Set(i, set.X.Cols, v)
	}
	other := *set
	other.X, other.Standardised = x, nil
	return &other
}

// labelFaults are in the targets. Learn measures by the right ones.
func labelFaults() []Program {
	wrong, moved := []string{"labels/range"}, []string{"labels/shifted"}
	return []Program{
		{"iris: classes 1 to 3", wrong, func(mended bool) Subject {
			set := standard(iris[float32]())
			if !mended {
				set = relabelled(set, func(_ int, v float32) float32 { return v + 1 })
			}
			return classifier(set, 16, 3)
		}, nil},
		{"digits: classes 1 to 10", wrong, func(mended bool) Subject {
			set := standard(digits[float64]())
			if !mended {
				set = relabelled(set, func(_ int, v float64) float64 { return v + 1 })
			}
			return classifier(set, 32, 10)
		}, nil},
		{"digits: classes divided by 9", wrong, func(mended bool) Subject {
			set := standard(digits[float32]())
			if !mended {
				set = relabelled(set, func(_ int, v float32) float32 { return v / 9 })
			}
			return classifier(set, 32, 10)
		}, nil},
		{"moons: -1 and 1 for binary cross-entropy", wrong, func(mended bool) Subject {
			set := moons[float32](2, 200)
			if !mended {
				set = relabelled(set, func(_ int, v float32) float32 { return 2*v - 1 })
			}
			return program(set, layers.BinaryCrossEntropy[float32]{}, 0.1, stack(relu[float32], 2, 16, 1)...)
		}, nil},
		{"breast cancer: -1 and 1 for a sigmoid and squared error", []string{"labels/range", "loss/last-activation"}, func(mended bool) Subject {
			set := standard(cancer[float64]())
			if !mended {
				set = relabelled(set, func(_ int, v float64) float64 { return 2*v - 1 })
			}
			return program(set, ownSquare[float64](none), 0.1, append(stack(tanh[float64], 30, 8, 1), sigmoid[float64]())...)
		}, nil},
		{"wine: three classes for binary cross-entropy", []string{"labels/range", "loss/last-activation"}, func(mended bool) Subject {
			set := standard(wine[float32]())
			if mended {
				return classifier(set, 16, 3)
			}
			return program(set, layers.BinaryCrossEntropy[float32]{}, 0.1, stack(relu[float32], 13, 16, 1)...)
		}, nil},
		{"houses: prices as targets", []string{"labels/scale"}, func(mended bool) Subject {
			set := standard(houses[float32](300))
			if mended {
				set = standardTargets(set)
			}
			s := regressor(set, 16)
			_, deviation := moments(set.Y.Data)
			s.unit = deviation * deviation
			return s
		}, nil},
		{"line: percents for a sigmoid", []string{"labels/range", "labels/scale", "loss/last-activation"}, func(mended bool) Subject {
			unit := 100.0
			if mended {
				unit = 1
			}
			set := relabelled(line[float64](3, 300, 5), func(_ int, v float64) float64 { return unit * logistic(2*v) })
			s := program(set, layers.MeanSquaredError[float64]{}, 0.5, append(stack(tanh[float64], 5, 8, 1), sigmoid[float64]())...)
			s.unit = unit * unit
			return s
		}, nil},
		{"digits: labels moved by a row", moved, func(mended bool) Subject {
			return mislabelled(standard(digits[float32]()), mended, 32, 10, 1)
		}, nil},
		{"breast cancer: labels moved by a row", moved, func(mended bool) Subject {
			return mislabelled(standard(cancer[float64]()), mended, 16, 2, -1)
		}, nil},
		{"line: targets moved by a row", moved, func(mended bool) Subject {
			right := line[float64](4, 300, 5)
			set := right
			if !mended {
				set = rotated(right, 1)
			}
			s := regressor(set, 8)
			s.truth = right
			return s
		}, nil},
		{"digits: labels in another order", []string{"labels/unrelated", "labels/shifted"}, func(mended bool) Subject {
			right := standard(digits[float32]())
			set := right
			if !mended {
				order := rand.New(rand.NewPCG(9, 9)).Perm(set.Len())
				set = relabelled(right, func(i int, _ float32) float32 { return right.Y.Data[order[i]] })
			}
			s := classifier(set, 32, 10)
			s.truth = right
			return s
		}, nil},
		{"moons: all of one class", []string{"labels/one-class"}, func(mended bool) Subject {
			right := moons[float64](3, 200)
			set := right
			if !mended {
				set = relabelled(right, func(int, float64) float64 { return 1 })
			}
			s := classifier(set, 16, 2)
			s.truth = right
			return s
		}, nil},
	}
}

// mislabelled is a classifier whose labels are so many rows away, unless it is mended.
func mislabelled[T tensor.Float](right *data.Set[T], mended bool, hidden, classes, rows int) *subject[T] {
	set := right
	if !mended {
		set = rotated(right, rows)
	}
	s := classifier(set, hidden, classes)
	s.truth = right
	return s
}

// rotated is the set with every target so many rows further down.
func rotated[T tensor.Float](set *data.Set[T], rows int) *data.Set[T] {
	n := set.Len()
	return relabelled(set, func(i int, _ T) T { return set.Y.Data[(i-rows+n)%n] })
}
