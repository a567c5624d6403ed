package layers

import (
	"errors"
	"strconv"
	"strings"

	"github.com/db75a6f2/downhill/safetensors"
	"github.com/db75a6f2/downhill/tensor"
)

// LoadWeights sets the parameters of the network to the tensors of a file, such as a
// state dict of PyTorch's, that has those and no others: "0.weight" of out x in, "0.bias"
// of out, "2.weight" and so on, the numbers being those of the layers, activations
// included. A parameter that stands in several places has the name of the first. The file
// may have it under those of the others as well, as a state dict does, with the same
// contents. The metadata are not looked at: standardisation and classes stay as they are.
//
// The tensors must be of T's type or one that T holds exactly. An error names those that
// are missing, left over or of another shape or type, ten of them at most and the number
// of the others; nothing has been changed then.
func (s *Sequential[T]) LoadWeights(f *safetensors.File) error {
	if err := s.loadWeights(f); err != nil {
		return errors.New("layers: LoadWeights: " + err.Error())
	}
	return nil
}

func (s *Sequential[T]) loadWeights(f *safetensors.File) error {
	var wrong []string
	tensors, used := byName(f), map[string]bool{}
	for i, p := range s.params {
		name, l := s.names[i], s.owners[i]
		used[name] = true
		t, want := tensors[name], shapeInFile(l, p)
		if t == nil {
			wrong = append(wrong, "missing "+strconv.Quote(name))
		} else if !sameShape(t.Shape, want) {
			wrong = append(wrong, strconv.Quote(name)+" is "+shapeOf(t.Shape)+", want "+shapeOf(want))
		} else if err := safetensors.Copy[T](nil, t, 0); err != nil { // of the type, before anything is written
			wrong = append(wrong, strings.TrimPrefix(err.Error(), "safetensors: "))
		}
	}
	for i := range f.Tensors {
		t := &f.Tensors[i]
		if used[t.Name] {
			continue
		}
		text := "left over " + strconv.Quote(t.Name)
		if name, alias := s.aliases[t.Name]; alias {
			first := tensors[name]
			if first == nil || equal(t, first) {
				continue
			}
			text = strconv.Quote(t.Name) + " differs from " + strconv.Quote(name) + ", which is the same parameter here"
		}
		wrong = append(wrong, text)
	}
	const most = 10
	if n := len(wrong); n > most {
		wrong = append(wrong[:most], strconv.Itoa(n-most)+" more")
	}
	if wrong != nil {
		return errors.New(strings.Join(wrong, "; "))
	}
	for i, p := range s.params {
		decodeParam(s.owners[i], p, tensors[s.names[i]])
	}
	return nil
}

// equal reports whether two tensors are the same but for their names.
func equal(a, b *safetensors.Tensor) bool {
	return a.Type == b.Type && sameShape(a.Shape, b.Shape) && string(a.Data) == string(b.Data)
}

// shapeInFile is the shape that a parameter of l has in a file: PyTorch's for Dense, that
// in memory for all others.
func shapeInFile[T tensor.Float](l Layer[T], p *tensor.Param[T]) []int {
	d, ok := l.(*Dense[T])
	switch {
	case ok && p == d.weight:
		return []int{p.Value.Cols, p.Value.Rows}
	case ok:
		return []int{p.Value.Cols}
	}
	return []int{p.Value.Rows, p.Value.Cols}
}

// encodeParam returns a parameter of l as a file has it.
func encodeParam[T tensor.Float](name string, l Layer[T], p *tensor.Param[T]) safetensors.Tensor {
	values := p.Value.Data
	if d, ok := l.(*Dense[T]); ok && p == d.weight {
		values = make([]T, len(values))
		for i := range p.Value.Rows {
			for j, v := range p.Value.Row(i) {
				values[j*p.Value.Rows+i] = v
			}
		}
	}
	return safetensors.New(name, shapeInFile(l, p), values)
}

// decodeParam sets a parameter of l to a tensor that has its shape.
func decodeParam[T tensor.Float](l Layer[T], p *tensor.Param[T], t *safetensors.Tensor) {
	if d, ok := l.(*Dense[T]); !ok || p != d.weight {
		safetensors.Copy(p.Value.Data, t, 0)
		return
	}
	column := make([]T, p.Value.Rows) // a row of the file
	for j := range p.Value.Cols {
		safetensors.Copy(column, t, j*len(column))
		for i, v := range column {
			p.Value.Data[i*p.Value.Cols+j] = v
		}
	}
}

// sameShape reports whether a tensor has the shape wanted. A row may be a vector.
func sameShape(have, want []int) bool {
	if len(want) == 2 && want[0] == 1 && len(have) == 1 {
		want = want[1:]
	}
	if len(have) != len(want) {
		return false
	}
	for i := range have {
		if have[i] != want[i] {
			return false
		}
	}
	return true
}

// shapeOf is a shape in a message, such as 128x64.
func shapeOf(shape []int) string {
	texts := make([]string, len(shape))
	for i, n := range shape {
		texts[i] = strconv.Itoa(n)
	}
	if len(texts) == 1 {
		return texts[0] + " numbers"
	}
	return strings.Join(texts, "x")
}
