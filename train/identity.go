package train

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"

	"github.com/db75a6f2/downhill"
	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/tensor"
)

// trait is one thing that must be the same for a training to go on to the same bits.
type trait struct{ name, value string }

// identity is what a training is: all that it came from, but the source of random numbers
// and the weights, whose state is saved.
func identity[T tensor.Float](net *layers.Sequential[T], set *data.Set[T], o Options[T]) []trait {
	var all []string
	for i, l := range net.Layers() {
		text := fmt.Sprintf("%T", l)
		if d, ok := l.(layers.Describer); ok {
			text = d.Describe()
		}
		for _, p := range l.Params() {
			text += fmt.Sprintf(" %dx%d", p.Value.Rows, p.Value.Cols)
		}
		all = append(all, fmt.Sprintf("%d: %s", i, text))
	}
	profile := "fma"
	if downhill.Kernel() == "generic" {
		profile = "muladd" // other bits: see the documentation of the root package
	}
	return []trait{
		{"the file format", "downhill checkpoint 1"},
		{"the type of the numbers", fmt.Sprintf("%T", T(0))},
		{"the numeric profile", profile},
		{"the network", strings.Join(all, ", ")},
		{"the training set", fingerprint(set)},
		{"Options.Validation", fingerprint(o.Validation)},
		{"Options.Loss", settings(o.Loss)},
		{"Options.Optimizer", settings(o.Optimizer)},
		{"the optimiser's first learning rate", fmt.Sprint(o.Optimizer.LR())},
		{"Options.BatchSize", fmt.Sprint(o.BatchSize)},
		{"Options.ClipNorm", fmt.Sprint(o.ClipNorm)},
		{"Options.Patience", fmt.Sprint(o.Patience)},
		{"Options.Rand", fmt.Sprintf("%T", o.Rand)},
	}
}

// fingerprint is a set's size and a hash of its numbers.
func fingerprint[T tensor.Float](s *data.Set[T]) string {
	if s == nil {
		return "none"
	}
	return fmt.Sprintf("%d samples of %d and %d numbers, hash %016x", s.Len(), s.X.Cols, s.Y.Cols, hash(hash(0, s.X.Data), s.Y.Data))
}

// hash mixes the bits of numbers into h, by the multiplication and shift of SplitMix64.
func hash[T tensor.Float](h uint64, x []T) uint64 {
	for _, v := range x {
		h = (h ^ math.Float64bits(float64(v))) * 0xbf58476d1ce4e5b9
		h ^= h >> 29
	}
	return h
}

// settings are the type of v and its exported fields that are flags, numbers or texts.
func settings(v any) string {
	text := fmt.Sprintf("%T", v)
	s := reflect.Indirect(reflect.ValueOf(v))
	if s.Kind() != reflect.Struct {
		return text
	}
	for i := range s.NumField() {
		f := s.Type().Field(i)
		if k := f.Type.Kind(); f.IsExported() && (reflect.Bool <= k && k <= reflect.Float64 || k == reflect.String) {
			text += fmt.Sprintf(" %s=%v", f.Name, s.Field(i))
		}
	}
	return text
}

// rates are what a schedule has given at the steps 0, 1, 2, 4, 8 and so on below steps,
// since functions cannot be compared.
func rates(schedule optim.Schedule, steps int) (all []float64) {
	if schedule == nil {
		return nil
	}
	for step := 0; step < steps; step = max(1, 2*step) {
		all = append(all, schedule(step))
	}
	return all
}

// checkRates compares the schedule with what it gave before.
func checkRates(schedule optim.Schedule, before []float64, steps int) error {
	now := rates(schedule, steps)
	if len(now) != len(before) {
		return errors.New("there is an Options.Schedule in one of them only")
	}
	step := 0
	for i := range now {
		if now[i] != before[i] {
			return fmt.Errorf("Options.Schedule gave %v at step %d, now it gives %v", before[i], step, now[i])
		}
		step = max(1, 2*step)
	}
	return nil
}

// states are what has a state of its own, by the names of its tensors in a checkpoint. It
// returns an error if something has one that cannot be written down.
func states[T tensor.Float](net *layers.Sequential[T], batches *data.Batcher[T], o Options[T]) (map[string]binaryState, error) {
	all := map[string]binaryState{keyPlace: batches}
	if o.Rand != nil {
		s, ok := o.Rand.(binaryState)
		if !ok {
			return nil, fmt.Errorf("Options.Rand is a %T, which cannot be saved; *rand.PCG and *rand.ChaCha8 can", o.Rand)
		}
		all[keyRand] = s
	}
	for i, l := range net.Layers() {
		if s, ok := l.(binaryState); ok {
			all[numbered(keyLayer, i)] = s
		} else if _, ok := l.(layers.Trainer[T]); ok {
			return nil, fmt.Errorf("layer %d, a %T, has a state that cannot be saved; it needs MarshalBinary and UnmarshalBinary", i, l)
		}
	}
	return all, nil
}
