// Package data holds what networks learn from: sets in memory, split, standardised
// and dealt out in batches; a reader for CSV; and a real set to begin with.
//
//	digits := data.Digits()
//	train, test := digits.Split(rng, 0.8)
//	data.Standardise(train, test) // fitted on train, applied to both
//
//	batches := data.NewBatcher(train, rng, 32)
//	for x, y := range batches.Epoch() {
//		...
//	}
//
// A [Set] is two tensors with a row for each sample: the inputs X and the targets Y,
// which are one column of class numbers for a classifier.
package data
