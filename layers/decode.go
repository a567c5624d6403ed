package layers

import (
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/db75a6f2/downhill/safetensors"
	"github.com/db75a6f2/downhill/tensor"
)

// Load returns the network of a safetensors file that [Sequential.Encode] has made. One
// file is enough to predict:
//
//	//go:embed digits.safetensors
//	var model []byte
//
//	net, err := layers.Load[float32](model)
//	net.Predict(&logits, pixels) // raw pixels
//	net.Classes[net.Class(logits.Row(0))]
//
// T must be the type that the network was trained with, or float64, which holds every
// float32 weight; the standardisation is read at T's size. The network keeps nothing of
// data.
func Load[T tensor.Float](data []byte) (*Sequential[T], error) {
	f, err := safetensors.Parse(data)
	if err != nil {
		return nil, err
	}
	return Decode[T](f, nil)
}

// Maker makes a layer from the words that follow its kind in what its Describe has said.
// The layer's parameters have their sizes; their values come from the file. A maker is
// given what a file says, and returns an error for words that it cannot take.
type Maker[T tensor.Float] func(words []string) (Layer[T], error)

// Decode is [Load] for a file in hand, with layers of the user's own: own has a maker for
// each kind of them. A maker may ask f for the shapes of the tensors before it takes
// memory.
//
// The error says what is wrong: a kind that nobody knows, widths that do not meet, tensors
// that are missing, left over or of another shape or type.
//
// A Dropout comes back with a seed that only depends on its place.
func Decode[T tensor.Float](f *safetensors.File, own map[string]Maker[T]) (*Sequential[T], error) {
	net, err := decode(f, own)
	if err != nil {
		return nil, errors.New("layers: Decode: " + err.Error())
	}
	return net, nil
}

// maxLayers is the most that Decode makes and Encode takes, since a layer needs many times the memory
// of its line.
const maxLayers = 10_000

func decode[T tensor.Float](f *safetensors.File, own map[string]Maker[T]) (*Sequential[T], error) {
	text, ok := f.Metadata[keyLayers]
	if !ok {
		return nil, errors.New("the file has weights, but no layers (" + keyLayers + "); LoadWeights takes them into a network")
	}
	tensors, ours := byName(f), kinds[T]()
	var all []Layer[T]
	if strings.Count(text, "\n") >= maxLayers {
		return nil, errors.New("more than " + strconv.Itoa(maxLayers) + " layers")
	}
	if text != "" {
		for _, line := range strings.Split(text, "\n") {
			l, err := decodeLayer(tensors, ours, own, all, strings.Fields(line))
			if err != nil {
				return nil, errors.New("layer " + strconv.Itoa(len(all)) + ", " + strconv.Quote(line[:min(len(line), 100)]) + ": " + err.Error())
			}
			all = append(all, l)
		}
	}
	if wrong := widths(all); wrong != "" {
		return nil, errors.New(wrong)
	}
	net := NewSequential(all...)
	if err := net.loadWeights(f); err != nil {
		return nil, err
	}
	if err := net.decodeExtras(f.Metadata); err != nil {
		return nil, err
	}
	return net, net.checkExtras()
}

// decodeLayer returns the layer that follows those before.
func decodeLayer[T tensor.Float](tensors named, ours map[string]maker[T], own map[string]Maker[T], before []Layer[T], words []string) (Layer[T], error) {
	if len(words) == 0 {
		return nil, errors.New("no kind of layer")
	}
	kind, words := words[0], words[1:]
	if kind == same {
		i, err := whole(words, len(before))
		if err != nil || len(before[i].Params()) == 0 {
			return nil, errors.New("not the number of a layer before it that has parameters")
		}
		if _, ok := before[i].(Trainer[T]); ok {
			return nil, errors.New("a layer with a state stands in one place only")
		}
		return before[i], nil
	}
	if makeOurs, ok := ours[kind]; ok {
		return makeOurs(tensors, len(before), words)
	}
	makeOwn, ok := own[kind]
	if !ok {
		return nil, errors.New("an unknown kind of layer")
	}
	l, err := makeOwn(words)
	if err == nil && l == nil {
		err = errors.New("its maker has made nothing")
	}
	return l, err
}

// whole is the one word as a number from 0 to below limit.
func whole(words []string, limit int) (int, error) {
	if len(words) != 1 {
		return 0, errors.New("want one number")
	}
	n, err := strconv.Atoi(words[0])
	if err != nil || n < 0 || n >= limit {
		return 0, errors.New("want a number from 0 to " + strconv.Itoa(limit-1))
	}
	return n, nil
}

// named is the tensors of a file by their names.
type named map[string]*safetensors.Tensor

func byName(f *safetensors.File) named {
	tensors := make(named, len(f.Tensors))
	for i := range f.Tensors {
		tensors[f.Tensors[i].Name] = &f.Tensors[i]
	}
	return tensors
}

// maker is a Maker for layer i of a file with such tensors.
type maker[T tensor.Float] func(tensors named, i int, words []string) (Layer[T], error)

// kinds has a maker for each kind of layer of this package.
func kinds[T tensor.Float]() map[string]maker[T] {
	plain := func(make func() Layer[T]) maker[T] {
		return func(_ named, _ int, words []string) (Layer[T], error) {
			if len(words) > 0 {
				return nil, errors.New("want no numbers")
			}
			return make(), nil
		}
	}
	return map[string]maker[T]{
		"relu":    plain(func() Layer[T] { return NewReLU[T]() }),
		"sigmoid": plain(func() Layer[T] { return NewSigmoid[T]() }),
		"tanh":    plain(func() Layer[T] { return NewTanh[T]() }),
		"leakyrelu": func(_ named, _ int, words []string) (Layer[T], error) {
			slope, err := parseNumbers[T](words)
			if err != nil || len(slope) != 1 || !(slope[0] > 0 && slope[0] < 1) {
				return nil, errors.New("want a slope between 0 and 1")
			}
			return NewLeakyReLU(slope[0]), nil
		},
		"dropout": func(_ named, i int, words []string) (Layer[T], error) {
			p, err := parseNumbers[float64](words)
			if err != nil || len(p) != 1 || !(p[0] >= 0 && p[0] < 1) {
				return nil, errors.New("want a share from 0 to below 1")
			}
			return NewDropout[T](rand.NewPCG(uint64(i), 0), p[0]), nil
		},
		"dense": decodeDense[T],
	}
}

// decodeDense looks for the weight in the file before it takes memory for one: the words
// may claim any size.
func decodeDense[T tensor.Float](tensors named, i int, words []string) (Layer[T], error) {
	if len(words) != 2 {
		return nil, errors.New("want two widths")
	}
	in, errIn := strconv.Atoi(words[0])
	out, errOut := strconv.Atoi(words[1])
	if errIn != nil || errOut != nil || in < 1 || out < 1 {
		return nil, errors.New("want two widths above 0")
	}
	name := strconv.Itoa(i) + ".weight"
	t := tensors[name]
	if t == nil {
		return nil, errors.New("missing " + strconv.Quote(name))
	}
	if len(t.Shape) != 2 || t.Shape[0] != out || t.Shape[1] != in {
		return nil, errors.New(strconv.Quote(name) + " is " + shapeOf(t.Shape) + ", want " + shapeOf([]int{out, in}))
	}
	return newDense[T](in, out), nil
}

// decodeExtras takes the standardisation and the names of the classes, if there are any.
func (s *Sequential[T]) decodeExtras(metadata map[string]string) error {
	mean, hasMean := metadata[keyMean]
	scale, hasScale := metadata[keyScale]
	if hasMean || hasScale {
		a := &tensor.Affine[T]{}
		var err error
		if a.Mean, err = parseNumbers[T](strings.Fields(mean)); err != nil {
			return errors.New(keyMean + ": " + err.Error())
		}
		if a.Scale, err = parseNumbers[T](strings.Fields(scale)); err != nil {
			return errors.New(keyScale + ": " + err.Error())
		}
		s.Standardise = a
	}
	quoted, ok := metadata[keyClasses]
	if !ok {
		return nil
	}
	for quoted != "" {
		q, err := strconv.QuotedPrefix(quoted)
		if err != nil {
			return errors.New(keyClasses + ": no quoted text at " + strconv.Quote(quoted[:min(len(quoted), 20)]))
		}
		class, _ := strconv.Unquote(q)
		s.Classes = append(s.Classes, class)
		quoted = strings.TrimPrefix(quoted[len(q):], " ")
	}
	return nil
}

// parseNumbers reads numbers at T's size.
func parseNumbers[T tensor.Float](words []string) ([]T, error) {
	bits := 64
	if _, ok := any(T(0)).(float32); ok {
		bits = 32
	}
	x := make([]T, len(words))
	for i, word := range words {
		v, err := strconv.ParseFloat(word, bits)
		if err != nil {
			return nil, errors.New(strconv.Quote(word) + " is no number")
		}
		x[i] = T(v)
	}
	return x, nil
}
