// Package optim changes parameters so that a loss falls: optimisers, learning-rate
// schedules and gradient clipping.
//
//	sgd := optim.NewSGD(net.Params(), 0.1)
//	sgd.Momentum = 0.9
//
// Step uses the gradients that Backward has left in the parameters and forgets
// them. The definitions are PyTorch's, so a recipe carries over: weight decay in SGD
// is added to the gradient, in AdamW it is not; eps stands outside the root.
package optim
