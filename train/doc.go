// Package train runs the training loop: epochs of shuffled batches, validation,
// early stopping, progress, cancellation.
//
//	net := layers.MLP[float32](rng, 64, 128, 10)
//	result, err := train.Fit(ctx, net, trainSet, train.Options[float32]{
//		Loss:       layers.SoftmaxCrossEntropy[float32]{},
//		Optimizer:  optim.NewSGD(net.Params(), 0.1),
//		Epochs:     30,
//		BatchSize:  32,
//		Rand:       rng,
//		Validation: testSet,
//		Progress:   os.Stderr,
//	})
//
// [Fit] does what a loop by hand would:
//
//	for x, y := range batches.Epoch() {
//		loss := options.Loss.Loss(grad, net.Forward(x), y)
//		net.Backward(grad)
//		options.Optimizer.Step()
//	}
//
// and the same numbers come out, to the bit, on any number of cores. Options.Watch takes
// somebody who looks on, such as a doctor.Watch, which says why a loss does not fall.
//
// Options.Checkpoint lets training go on after an interruption, to the same bits as without.
//
// [Save] and [Load] keep a network in a file, from which it predicts without this package.
package train
