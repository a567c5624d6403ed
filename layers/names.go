package layers

import (
	"strconv"
	"strings"

	"github.com/db75a6f2/downhill/tensor"
)

// addParams adds the parameters of layer i that no layer before it has, and names them
// after it. It panics if two of them have one name. known maps the parameters of the layers
// before to their names in a file.
func (s *Sequential[T]) addParams(i int, known map[*tensor.Param[T]]string) {
	l, prefix, before := s.layers[i], strconv.Itoa(i)+".", len(s.params)
	for _, p := range l.Params() {
		first, again := known[p]
		if !again {
			p.SetPrefix(prefix)
		}
		local := p.Name[strings.IndexByte(p.Name, '.')+1:] // behind the index
		for _, q := range s.params[before:] {
			if q.Name == p.Name && q != p {
				panic("layers: NewSequential: layer " + describe(s.layers, i) + " has two parameters named " + strconv.Quote(local))
			}
		}
		// A layer that is made of others may have named the parameters of a Dense; its files
		// have them by these names nevertheless.
		if d, ok := l.(*Dense[T]); ok {
			local = "bias"
			if p == d.weight {
				local = "weight"
			}
		}
		if again {
			s.aliases[prefix+local] = first
			continue
		}
		known[p] = prefix + local
		s.params, s.names, s.owners = append(s.params, p), append(s.names, known[p]), append(s.owners, l)
	}
}
