package layers

import (
	"slices"
	"strconv"
	"strings"

	"github.com/db75a6f2/downhill/tensor"
)

// place is a parameter of a network and the first layer that has it.
type place[T tensor.Float] struct {
	name  string // in a file; the parameter's own changes when its layer moves to another network
	layer Layer[T]
	param *tensor.Param[T]
}

// addParams adds the parameters of layer i that no layer before it has, and names them
// after it. It panics if two of them have one name. names are those of all before, in a
// file.
func (s *Sequential[T]) addParams(i int, names map[*tensor.Param[T]]string) {
	l, prefix, before := s.layers[i], strconv.Itoa(i)+".", len(s.params)
	for _, p := range l.Params() {
		first, again := names[p]
		if !again {
			p.SetPrefix(prefix)
		}
		_, local, _ := strings.Cut(p.Name, ".") // behind the index
		if !again && slices.ContainsFunc(s.params[before:], func(q *tensor.Param[T]) bool { return p.Name == q.Name }) {
			panic("layers: NewSequential: layer " + describe(s.layers, i) + " has two parameters named " + strconv.Quote(local))
		}
		if d, ok := l.(*Dense[T]); ok {
			local = d.localName(p) // a layer that is made of several may have named it otherwise
		}
		if again {
			if s.aliases == nil {
				s.aliases = map[string]string{}
			}
			s.aliases[prefix+local] = first
			continue
		}
		names[p] = prefix + local
		s.params = append(s.params, p)
		s.places = append(s.places, place[T]{names[p], l, p})
	}
}
