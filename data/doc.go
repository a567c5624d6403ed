// Package data holds what networks learn from: sets in memory, split, standardised
// and dealt out in batches; readers for CSV, IDX (the format of MNIST) and NPY
// (NumPy's), packed by gzip or not; and a real set to begin with.
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
// which are one column of class numbers for a classifier. [ReadCSV] makes one of a
// table; [FromArrays] of two arrays, as [ReadIDX] and [ReadNPY] return them:
//
//	images, err := data.ReadIDX[float32](file, "train-images-idx3-ubyte.gz")
//	...
//	train, err := data.FromArrays(images, labels, nil)
//
// The readers take files that nobody vouches for: they panic on none, allocate in
// proportion to what arrives, and their errors name the file and the line or offset. Of
// a packed file it is the unpacked size that counts, which may be a thousand times the
// packed one, up to 1 GiB, and becomes 10 to 35 times more in memory as float64. Where this
// is too much, unpack the file under a limit of your own.
package data
