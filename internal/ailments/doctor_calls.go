package ailments

import (
	"context"
	"math/rand/v2"

	"github.com/db75a6f2/downhill/doctor"
	"github.com/db75a6f2/downhill/train"
)

// All that depends on how the doctor is called is in this file.

// Examine implements Subject.
func (s *subject[T]) Examine(ctx context.Context) (doctor.Report, error) {
	return doctor.Examine(ctx, s.Case)
}

// Watch implements Subject.
func (s *subject[T]) Watch(ctx context.Context, steps int) (doctor.Report, error) {
	inEpoch := (s.Train.Len() + s.BatchSize - 1) / s.BatchSize
	watch := doctor.NewWatch[T]()
	_, err := train.Fit(ctx, s.Net, s.Train, train.Options[T]{
		Loss: s.Loss, Optimizer: s.Optimizer, Epochs: max(1, steps/inEpoch),
		BatchSize: s.BatchSize, Rand: rand.NewPCG(5, 5), Validation: s.Validation, Watch: watch,
	})
	return watch.Report(), err
}
