// Package doctor says why a loss does not fall. It names the fault, not just the
// symptom, with the numbers that show it and what to change.
//
//	report, err := doctor.Examine(ctx, doctor.Case[float32]{
//		Net: net, Loss: loss, Optimizer: sgd, Train: trainSet, Validation: testSet, BatchSize: 32,
//	})
//	...
//	report.WriteText(os.Stdout)
//
// [Examine] looks before training, in a second on small data: at the data and labels, at
// the network and its loss, at the gradients, the first loss, the initial weights and
// the learning rate. What is only suspected it tries out: a few dozen steps from a
// snapshot with one thing changed, such as a tenth of the learning rate. What makes the
// loss fall is the cause. It leaves the network, the optimiser and every random source as
// they were, to the bit.
//
// [Gradients] checks a backward pass against differences, and says what kind of mistake
// it is: a sign, a factor and which one, a transposed product, a derivative taken at the
// wrong place, weights changed too early.
//
// [Watch] looks on while a network trains: a loss that rises, sticks or is NaN and where
// that began, a plateau that comes from a clip in the loss, dead and saturated units,
// gradients that vanish or explode.
//
// A finding of severity [Note] is worth knowing, a [Warning] may keep the network from
// learning well, a [Fault] keeps it from learning. The rules are described one by one in
// README.md, with their sources and with how often they are right.
package doctor
