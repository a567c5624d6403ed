package doctor

import "github.com/db75a6f2/downhill/tensor"

// A network hands a layer the same y and dx at every step, and Resize leaves their
// elements as they were. A loop of += that does not set them first is right once, in
// fresh memory, which is zeros.

// leftover is what memory holds in the checks of what happens to it.
const leftover = 1234.5

// memory returns an empty tensor with room for rows x cols elements, which hold old: a
// network's have been used before, and Resize does not clear them.
func memory[T tensor.Float](rows, cols int, old T) *tensor.Tensor[T] {
	t := tensor.New[T](rows, cols)
	for i := range t.Data {
		t.Data[i] = old
	}
	return t.Resize(0, 0)
}

// again reports whether Forward gives y again, and whether it does so only in memory that
// was cleared.
func (c *layerCheck[T]) again() (same, adds bool) {
	for _, old := range []T{leftover, 0} {
		x, y := clone(c.x), memory(c.y.Rows, c.y.Cols, old)
		c.layer.Forward(y, x)
		if sameBits(y.Data, c.y.Data) {
			return true, old == 0
		}
	}
	return false, false
}

// checkMemory: dx is the same whatever its memory held before.
func (c *layerCheck[T]) checkMemory() {
	is := func(p *pass) bool { return sameBits(p.grads[0], c.once.grads[0]) }
	if is(c.backwardInto(leftover, c.x, c.r)) || !is(c.backward(c.x, c.r)) {
		return
	}
	c.add(mistake{rule: "gradient/uninitialised", tensors: []string{"dx"}, evidence: []string{"dx differs with what its memory held before"},
		cause: "Backward adds to what dx held before, or leaves some of it as it was",
		cure:  "set every element of dx before adding to it: Resize does not clear them, and a network hands Backward the same memory every time"})
}

// forwardAdds is the mistake of a Forward that gives something else in used memory.
func forwardAdds() mistake {
	return mistake{rule: "gradient/uninitialised", tensors: []string{"y"}, evidence: []string{"y differs with what its memory held before"},
		cause: "Forward adds to what y held before, or leaves some of it as it was",
		cure:  "set every element of y before adding to it: Resize does not clear them, and a network hands Forward the same memory every time"}
}
