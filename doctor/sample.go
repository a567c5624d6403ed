package doctor

import (
	"math/rand/v2"
	"slices"
)

// leastOfClass is how many rows of a class a sample has, if there are so many.
const leastOfClass = 20

// sample draws n rows of Train without repeats, the same in every call. A class that is
// too rare for that gets rows of the others, up to leastOfClass, so that there is something
// to learn of it.
func (e *exam[T]) sample(n int) []int {
	all := rand.New(rand.NewPCG(seed, 0)).Perm(e.Train.Len())
	rows, rest := all[:n], all[n:]
	classes := classesOf(e.Train.Y)
	if len(rest) == 0 || classes == nil {
		return rows
	}
	k := slices.Max(classes) + 1
	least := min(leastOfClass, n/(2*k)) // so that the others keep half of the rows
	if least == 0 {
		return rows
	}
	counts := make([]int, k)
	for _, r := range rows {
		counts[classes[r]]++
	}
	last := n - 1
	for _, r := range rest {
		if counts[classes[r]] >= least {
			continue
		}
		for counts[classes[rows[last]]] <= least {
			last--
		}
		counts[classes[rows[last]]]--
		counts[classes[r]]++
		rows[last] = r
		last--
	}
	return rows
}
