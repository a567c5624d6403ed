package train

import (
	"fmt"
	"math"
	"reflect"
	"slices"
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
		{"the file format", "downhill checkpoint 2"},
		{"the type of the numbers", fmt.Sprintf("%T", T(0))},
		{"the numeric profile", profile},
		{"the network", strings.Join(all, ", ")},
		{"the training set", fingerprint(set)},
		{"Options.Validation", fingerprint(o.Validation)},
		{"Options.Loss", settings(o.Loss)},
		{"Options.Optimizer", settings(o.Optimizer) + chosen(net.Params(), o.Optimizer.Params())},
		{"Options.Schedule", fmt.Sprintf("given: %t", o.Schedule != nil)},
		{"Options.BatchSize", fmt.Sprint(o.BatchSize)},
		{"Options.ClipNorm", fmt.Sprint(o.ClipNorm)},
		{"Options.Patience", fmt.Sprint(o.Patience)},
		{"Options.Rand", fmt.Sprintf("%T", o.Rand)},
	}
}

// chosen says which of the network's parameters an optimiser has, unless it has all in order.
func chosen[T tensor.Float](all, some []*tensor.Param[T]) string {
	if slices.Equal(all, some) {
		return ""
	}
	text := " of parameters"
	for _, p := range some {
		text += fmt.Sprintf(" %d", slices.Index(all, p))
	}
	return text
}

// fingerprint is a set's size, a hash of its numbers and the names of its classes.
func fingerprint[T tensor.Float](s *data.Set[T]) string {
	if s == nil {
		return "none"
	}
	text := fmt.Sprintf("%d samples of %d and %d numbers, hash %016x", s.Len(), s.X.Cols, s.Y.Cols, hash(hash(0, s.X.Data...), s.Y.Data...))
	if len(s.Classes) > 0 {
		text += fmt.Sprintf(", classes %q", s.Classes)
	}
	return text
}

// hash mixes the bits of numbers into h, by the multiplication and shift of SplitMix64.
func hash[T tensor.Float](h uint64, x ...T) uint64 {
	for _, v := range x {
		h = (h ^ math.Float64bits(float64(v))) * 0xbf58476d1ce4e5b9
		h ^= h >> 29
	}
	return h
}

// settings are the type of v and what its exported fields say.
func settings(v any) string {
	text := fmt.Appendf(nil, "%T", v)
	return string(appendPlain(text, "", reflect.Indirect(reflect.ValueOf(v))))
}

// appendPlain appends what of v is flags, numbers and texts, each behind a name: those in
// the exported fields of structs and in slices and arrays included.
func appendPlain(text []byte, name string, v reflect.Value) []byte {
	switch k := v.Kind(); {
	case reflect.Bool <= k && k <= reflect.Complex128 || k == reflect.String:
		return fmt.Appendf(text, " %s=%v", name, v)
	case k == reflect.Slice || k == reflect.Array:
		for i := range v.Len() {
			text = appendPlain(text, fmt.Sprintf("%s[%d]", name, i), v.Index(i))
		}
	case k == reflect.Struct:
		for i := range v.NumField() {
			switch f := v.Type().Field(i); {
			case f.Anonymous:
				text = appendPlain(text, name, v.Field(i))
			case f.IsExported():
				text = appendPlain(text, strings.TrimPrefix(name+"."+f.Name, "."), v.Field(i))
			}
		}
	}
	return text
}

// scheduled is a hash of the rates that a schedule gives for the first steps.
func scheduled(schedule optim.Schedule, steps int) (h uint64) {
	if schedule == nil {
		return 0
	}
	for step := range steps {
		h = hash(h, schedule(step))
	}
	return h
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
