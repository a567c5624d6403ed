package layers

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/db75a6f2/downhill/safetensors"
	"github.com/db75a6f2/downhill/tensor"
)

// The metadata of a file hold what its tensors do not say.
const (
	keyLayers  = "downhill.layers"  // a line for each layer: what Describe says
	keyMean    = "downhill.mean"    // the numbers of Standardise, with a space between
	keyScale   = "downhill.scale"   // likewise
	keyClasses = "downhill.classes" // texts quoted as in Go, with a space between
)

// same is the kind of a layer that stands in the network before: "same 0".
const same = "same"

// Encode returns the network as a file: its parameters under PyTorch's names and in
// PyTorch's shapes, "0.weight" of out x in and "0.bias" of out, and as metadata the
// layers, the standardisation of the inputs and the names of the classes. The file is
// enough to predict, with [Load], and PyTorch takes its tensors for a state dict: with
// strict=False where a layer stands in two places, as the file has its parameters once,
// under the name of the first.
//
// A layer of the user's own must be a [Describer]. The first word of what it says is the
// kind that [Decode] knows it by, and the line must say everything about the layer but its
// parameters, which are stored as they are. One that has the parameters of a layer before it must say the same, and stands there
// again. What a Dropout has drawn so far is not stored. The error names the layer that
// cannot be encoded.
func (s *Sequential[T]) Encode() (*safetensors.File, error) {
	f := &safetensors.File{Metadata: map[string]string{"format": "pt"}} // for PyTorch
	lines, ours := make([]string, len(s.layers)), kinds[T]()
	if len(s.layers) > maxLayers {
		return nil, errors.New("layers: Encode: more than " + strconv.Itoa(maxLayers) + " layers, which Decode would refuse")
	}
	for i := range s.layers {
		var err error
		if lines[i], err = s.line(i, lines[:i], ours); err != nil {
			return nil, errors.New("layers: Encode: layer " + strconv.Itoa(i) + " " + err.Error())
		}
	}
	for i, p := range s.params {
		f.Tensors = append(f.Tensors, encodeParam(s.names[i], s.owners[i], p))
	}
	if err := s.checkExtras(); err != nil {
		return nil, errors.New("layers: Encode: " + err.Error())
	}
	f.Metadata[keyLayers] = strings.Join(lines, "\n")
	if a := s.Standardise; a != nil {
		f.Metadata[keyMean], f.Metadata[keyScale] = numbers(a.Mean), numbers(a.Scale)
	}
	if len(s.Classes) > 0 {
		quoted := make([]string, len(s.Classes))
		for i, c := range s.Classes {
			quoted[i] = strconv.Quote(c)
		}
		f.Metadata[keyClasses] = strings.Join(quoted, " ")
	}
	return f, nil
}

// line is what the metadata say of layer i, after the lines before it.
func (s *Sequential[T]) line(i int, before []string, ours map[string]maker[T]) (string, error) {
	l := s.layers[i]
	d, ok := l.(Describer)
	if !ok {
		return "", errors.New("has no Describe method, so that Decode could not make it again")
	}
	line := d.Describe()
	words := strings.Fields(line) // as Decode cuts it
	kind := ""
	if len(words) > 0 {
		kind = words[0]
	}
	_, known := ours[kind]
	switch {
	case kind == "" || kind == same || line != strings.Join(words, " ") || !utf8.ValidString(line):
		return "", errors.New("has a Describe that is no line of a kind and its numbers: " + strconv.Quote(line))
	case known != builtIn(l):
		return "", errors.New("has a Describe that names a layer of this package, which it is not: " + strconv.Quote(line))
	}
	for j, text := range before {
		earlier := s.layers[j]
		_, state := earlier.(Trainer[T])
		switch shared := sharedParams(earlier, l); {
		case shared == 0:
		case line == text && !state && slices.Equal(l.Params(), earlier.Params()):
			return same + " " + strconv.Itoa(j), nil
		case shared == len(l.Params()) && shared == len(earlier.Params()):
			return "", errors.New("has the parameters of layer " + strconv.Itoa(j) + ", but is another layer")
		default:
			return "", errors.New("has some of the parameters of layer " + strconv.Itoa(j) + ", but not all")
		}
	}
	return line, nil
}

// sharedParams is how many parameters of b are among those of a.
func sharedParams[T tensor.Float](a, b Layer[T]) (n int) {
	for _, p := range b.Params() {
		for _, q := range a.Params() {
			if p == q {
				n++
			}
		}
	}
	return n
}

// builtIn reports whether l is of a type of this package. One that embeds it is not.
func builtIn[T tensor.Float](l Layer[T]) bool {
	switch l.(type) {
	case *Dense[T], *Dropout[T]:
		return true
	}
	return fusible(l) != nil
}

// numbers are x in the shortest form that gives the same bits.
func numbers[T tensor.Float](x []T) string {
	texts := make([]string, len(x))
	for i, v := range x {
		texts[i] = number(v)
	}
	return strings.Join(texts, " ")
}
