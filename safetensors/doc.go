// Package safetensors reads and writes files of named tensors in the safetensors format:
// eight bytes for the length of a header, a header in JSON that gives each tensor a name,
// a type, a shape and a place, and the data, little-endian. PyTorch, Hugging Face and
// most other frameworks read and write it, and nothing in it is ever executed.
//
//	f, err := safetensors.Parse(data) // checks all of it
//	w := f.Tensor("0.weight")         // nil if there is none
//	values, err := safetensors.Values[float32](w)
//
//	f := &safetensors.File{Metadata: map[string]string{"format": "pt"}}
//	f.Tensors = append(f.Tensors, safetensors.New("0.weight", []int{10, 64}, values))
//	_, err := f.WriteTo(w)
//
// The reader is strict: what the format's rules forbid is an error that says what and
// where, also where other readers let it pass (a name that occurs twice, holes between
// tensors, bytes behind the last one). It never takes more memory than the file warrants.
// It works on any machine, whatever the size of its int and the order of its bytes.
//
// The format is described at https://huggingface.co/docs/safetensors; this package
// follows its reference implementation, and is stricter where that is lenient.
package safetensors
