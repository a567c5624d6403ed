package bench

import (
	"math/rand/v2"
	"testing"

	"github.com/db75a6f2/downhill/tensor"
)

// BenchmarkGather times the rows of a batch coming from a set that no cache holds, of
// MNIST's size, beside a plain loop of copies.
func BenchmarkGather(b *testing.B) {
	const rows, cols, batch = 60_000, 784, 64
	set, x := tensor.New[float32](rows, cols), tensor.New[float32](batch, cols)
	for i := range set.Data {
		set.Data[i] = 1 // takes the memory
	}
	order, at := rand.New(rand.NewPCG(1, 2)).Perm(rows), 0
	next := func() []int {
		at = (at + batch) % (rows - batch)
		return order[at : at+batch]
	}
	b.Run("how=Gather", func(b *testing.B) {
		for b.Loop() {
			x.Gather(set, next())
		}
	})
	b.Run("how=copy", func(b *testing.B) {
		for b.Loop() {
			for i, r := range next() {
				copy(x.Row(i), set.Row(r))
			}
		}
	})
}
