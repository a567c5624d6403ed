package doctor

import (
	"math"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// constantOutput finds the loss of the best output that is the same for every sample:
// what a network reaches that has not looked at its input. It works for any loss, since it
// tries what is best for the usual ones and asks the loss.
type constantOutput[T tensor.Float] struct {
	rows  []T // a sample of the targets, row after row
	cols  int // of the targets
	at    int // len(rows) when level was computed
	batch int // and the batch size

	loss  float64 // NaN if there is nothing to go by
	noise float64 // relative standard deviation of the loss between batches, or chunks
}

const (
	firstTargets = 512     // rows that are kept of the first steps
	maxTargets   = 2048    // and of looks, later
	maxElements  = 1 << 16 // but no more than so many elements
)

// see keeps the rows of a batch's targets, up to so many in all.
func (c *constantOutput[T]) see(y *tensor.Tensor[T], limit int) {
	if c.cols == 0 {
		c.cols = y.Cols
	}
	if y.Cols != c.cols || y.Cols == 0 {
		return
	}
	if room := min(limit, maxElements/c.cols) - len(c.rows)/c.cols; room > 0 {
		c.rows = append(c.rows, y.Data[:min(y.Rows, room)*y.Cols]...)
	}
}

// level computes loss and noise for outputs of cols columns and batches of the given
// size.
func (c *constantOutput[T]) level(loss layers.Loss[T], cols, batch int) {
	batch = max(batch, chunkRows)
	if c.at == len(c.rows) && c.at > 0 && c.batch == batch {
		return
	}
	c.at, c.batch, c.loss, c.noise = len(c.rows), batch, math.NaN(), math.NaN()
	if c.cols == 0 || len(c.rows)/c.cols < 32 {
		return
	}
	n := len(c.rows) / c.cols
	if constant(tensor.From(n, c.cols, c.rows[:n*c.cols])) { // no sample yet of a rare class
		return
	}
	batch = min(batch, n)
	var pred, grad tensor.Tensor[T]
	pred.Resize(batch, cols)
	for _, row := range c.candidates(cols) {
		for i := range batch {
			copy(pred.Row(i), row)
		}
		var sum, squares, parts float64
		for lo := 0; lo+batch <= n; lo += batch {
			v := loss.Loss(&grad, &pred, tensor.From(batch, c.cols, c.rows[lo*c.cols:(lo+batch)*c.cols]))
			sum += v
			squares += v * v
			parts++
		}
		if v := sum / parts; finite(v) && !(v >= c.loss) {
			c.loss, c.noise = v, 1
			if parts > 1 && v > 0 {
				c.noise = math.Sqrt(max(0, squares/parts-v*v)*parts/(parts-1)) / v
			}
		}
	}
}

// candidates are outputs that are best for squared errors and for cross-entropies of
// probabilities, the mean target, and for those of logits.
func (c *constantOutput[T]) candidates(cols int) (rows [][]T) {
	mean := make([]float64, cols)
	n := float64(len(c.rows) / c.cols)
	switch {
	case c.cols == cols:
		for i, v := range c.rows {
			mean[i%cols] += float64(v) / n
		}
	case c.cols == 1: // class numbers
		for _, v := range c.rows {
			if v >= 0 && v < T(cols) {
				mean[int(v)] += 1 / n
			}
		}
	default:
		return nil
	}
	probable := true
	same, logits, logs := make([]T, cols), make([]T, cols), make([]T, cols)
	for j, m := range mean {
		probable = probable && m >= 0 && m <= 1
		p := min(max(m, 1e-6), 1-1e-6)
		same[j], logits[j], logs[j] = T(m), T(math.Log(p/(1-p))), T(math.Log(p))
	}
	if !probable {
		return [][]T{same}
	}
	return [][]T{same, logits, logs}
}
