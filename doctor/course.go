package doctor

import (
	"fmt"
	"math"
	"slices"
)

// lossCourse is how a loss went, in bounded memory. The steps are gathered in chunks of
// at least chunkRows samples, so that small batches are no noisier than large ones, and
// the chunks in blocks, of twice as many chunks each time the blocks run out.
type lossCourse struct {
	steps  int
	start  float64    // the loss of the first step
	tail   [4]float64 // those of the last ones
	first  float64    // of the first chunk
	chunks int        // finished ones
	per    int        // chunks in a block
	blocks []lossBlock
	open   lossBlock // the block under way

	sum, last float64 // of the chunk under way, weighted by rows; of the last finished one
	rows      int     // of the chunk under way
	batch     int     // rows of the largest batch
}

const (
	chunkRows = 64
	maxBlocks = 64
)

// lossBlock is some chunks in a row.
type lossBlock struct {
	loss   float64 // sum over the chunks, in a finished block their mean
	jump   float64 // likewise of the distance from each chunk to the one before
	chunks int
	end    int // the step it ends with
}

// add is a step with the given loss and rows.
func (c *lossCourse) add(loss float64, rows int) {
	if c.steps == 0 {
		c.start = loss
	}
	c.tail[c.steps%len(c.tail)] = loss
	c.steps++
	c.batch = max(c.batch, rows)
	c.sum += loss * float64(rows)
	c.rows += rows
	if c.rows < chunkRows {
		return
	}
	v := c.sum / float64(c.rows)
	c.sum, c.rows = 0, 0
	if c.chunks == 0 {
		c.first, c.last, c.per = v, v, 1
	}
	c.chunks++
	c.open.loss += v
	c.open.jump += math.Abs(v - c.last)
	c.last = v
	c.open.end = c.steps
	if c.open.chunks++; c.open.chunks < c.per {
		return
	}
	n := float64(c.per)
	c.open.loss, c.open.jump = c.open.loss/n, c.open.jump/n
	c.blocks = append(c.blocks, c.open)
	c.open = lossBlock{}
	if len(c.blocks) == maxBlocks {
		c.halve()
	}
}

// halve makes one block of each two.
func (c *lossCourse) halve() {
	for i := range maxBlocks / 2 {
		a, b := c.blocks[2*i], c.blocks[2*i+1]
		c.blocks[i] = lossBlock{(a.loss + b.loss) / 2, (a.jump + b.jump) / 2, a.chunks + b.chunks, b.end}
	}
	c.blocks = c.blocks[:maxBlocks/2]
	c.per *= 2
}

// part is the median loss of the blocks from the share lo to the share hi of the course.
func (c *lossCourse) part(lo, hi float64) float64 {
	n := float64(len(c.blocks))
	return medianBy(c.blocks[int(lo*n):max(int(hi*n), int(lo*n)+1)], func(b lossBlock) float64 { return b.loss })
}

// recent is the level of the last quarter, and before that of the quarter before it.
func (c *lossCourse) recent() float64 { return c.part(0.75, 1) }
func (c *lossCourse) before() float64 { return c.part(0.5, 0.75) }

// early is the level of the first eighth.
func (c *lossCourse) early() float64 { return c.part(0, 0.125) }

// jump is how far the loss goes from one chunk to the next in the last half.
func (c *lossCourse) jump() float64 {
	return medianBy(c.blocks[len(c.blocks)/2:], func(b lossBlock) float64 { return b.jump })
}

// best is the lowest level that three blocks in a row have had, and the step it ended at.
func (c *lossCourse) best() (level float64, step int) {
	level = math.Inf(1)
	for i := 3; i <= len(c.blocks); i++ {
		if m := medianBy(c.blocks[i-3:i], func(b lossBlock) float64 { return b.loss }); m < level {
			level, step = m, c.blocks[i-1].end
		}
	}
	return level, step
}

// falling reports whether the last quarter is lower by more than 2 % than the one before,
// and than the first half.
func (c *lossCourse) falling() bool {
	return c.recent() < 0.98*min(c.before(), c.part(0, 0.5))
}

// long reports whether there is enough to judge by.
func (c *lossCourse) long() bool { return c.chunks >= 40 && len(c.blocks) >= 16 }

// medianBy is that of f of the elements, of which there must be one at least.
func medianBy[E any](all []E, f func(E) float64) float64 {
	v := make([]float64, len(all))
	for i, e := range all {
		v[i] = f(e)
	}
	slices.Sort(v)
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// unit names what a chunk is.
func (c *lossCourse) unit() string {
	if c.batch >= chunkRows {
		return "step"
	}
	return fmt.Sprintf("%d samples", chunkRows)
}

// lately says what the last losses were, the oldest first.
func (c *lossCourse) lately() string {
	if c.steps == 0 {
		return "and it is the first"
	}
	text := "the losses before were"
	for i := max(0, c.steps-len(c.tail)); i < c.steps; i++ {
		text += fmt.Sprintf(" %.4g", c.tail[i%len(c.tail)])
	}
	return text
}
