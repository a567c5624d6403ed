package doctor

import (
	"math/rand/v2"
	"testing"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// TestUnits: what outputs show, by the kind of layer; those of a user's own layer by
// their values.
func TestUnits(t *testing.T) {
	for _, c := range []struct {
		name            string
		kind            unitKind
		unit            func(row, unit int) float64
		dead, saturated float64
	}{
		{"relu, alive", reluUnit, func(row, unit int) float64 { return float64((row + unit) % 2) }, 0, 0},
		{"relu, half dead", reluUnit, func(row, unit int) float64 { return float64(row * (unit % 2)) }, 0.5, 0},
		{"sigmoid in the middle", sigmoidUnit, func(row, unit int) float64 { return 0.5 }, 0, 0},
		{"sigmoid at its ends", sigmoidUnit, func(row, unit int) float64 { return 0.001 + 0.998*float64(row%2) }, 0, 1},
		{"tanh, half at its ends", tanhUnit, func(row, unit int) float64 { return 0.999 * float64(unit%2) }, 0, 0.5},
		{"own, dead", anyUnit, func(row, unit int) float64 { return 0 }, 1, 0},
		{"own, without limits", anyUnit, func(row, unit int) float64 { return float64(row - unit) }, 0, 0},
		{"own, ends of a sigmoid", anyUnit, func(row, unit int) float64 { return float64((row + unit) % 2) }, 0, 1},
		{"own, ends of a tanh", anyUnit, func(row, unit int) float64 { return float64(1 - 2*(row%2)) }, 0, 1},
		{"own, in the middle", anyUnit, func(row, unit int) float64 { return 0.5 + 0.01*float64(row%10) }, 0, 0},
	} {
		u := unitWatch[float64]{kind: c.kind}
		y := tensor.New[float64](32, 300)
		for i := range y.Rows {
			for j := range y.Cols {
				y.Row(i)[j] = c.unit(i, j/2) // the sample takes every other unit
			}
		}
		for range 2 {
			u.look(y)
		}
		if u.windows != 1 || u.dead != c.dead || u.saturated != c.saturated {
			t.Errorf("%s: %d windows, dead %v, saturated %v", c.name, u.windows, u.dead, u.saturated)
		}
	}
}

// TestWatchedUnits: layers that zero units on purpose, or pass on what is in the data,
// are left alone, and so is the last one.
func TestWatchedUnits(t *testing.T) {
	rng := rand.NewPCG(1, 2)
	net := layers.NewSequential[float32](
		logLayer{}, layers.NewDense[float32](rng, 4, 4), layers.NewReLU[float32](), layers.NewDropout[float32](rng, 0.5),
		layers.NewDense[float32](rng, 4, 4), layers.NewLeakyReLU[float32](0.1), logLayer{},
		layers.NewDense[float32](rng, 4, 1), layers.NewSigmoid[float32](),
	)
	var got []int
	for _, u := range watchUnits(net) {
		got = append(got, u.layer)
	}
	if len(got) != 2 || got[0] != 2 || got[1] != 6 {
		t.Errorf("watches layers %v", got)
	}
}
