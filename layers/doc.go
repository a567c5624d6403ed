// Package layers builds networks: layers, the Sequential that strings them
// together, and the losses that training makes small.
//
//	net := layers.NewSequential(
//		layers.NewDense[float32](rng, 64, 128),
//		layers.NewReLU[float32](),
//		layers.NewDense[float32](rng, 128, 10),
//	)
//
// or, for the same, layers.MLP[float32](rng, 64, 128, 10). Networks end in logits,
// or in a Sigmoid for [BinaryCrossEntropyProb]; the loss knows how to read them, and so
// does [Sequential.Class].
//
// Training by hand is three calls a batch, which train.Fit makes for you:
//
//	loss := xent.Loss(grad, net.Forward(x), y)
//	net.Backward(grad)
//	sgd.Step()
//
// Inference is [Sequential.Predict], from any number of goroutines, or a
// [Predictor] for each.
//
// A trained network is a safetensors file: [Sequential.Encode] makes it, [Load] brings it
// back with the layers, the standardisation of its inputs and the names of its classes.
// train.Save and train.Load do that by a file's name.
// [Sequential.LoadWeights] takes weights alone, such as PyTorch's.
//
// # A layer of your own
//
// A type with the three methods of [Layer] is a layer. The faults that people make
// in them have names, and layertest.Check finds them:
//
//   - Backward multiplies dy by the derivative at the input of the forward pass, not
//     by a derivative of dy.
//   - The bias gradient sums what has gone through that derivative.
//   - Gradients are sums over the rows: the loss has divided by the batch, and
//     nobody divides by the number of features.
//   - dx is formed with the weights of the forward pass. Backward never changes a
//     weight; the optimiser's Step does.
package layers
