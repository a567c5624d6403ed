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
// tensors, bytes behind the last one); only blanks around the header pass, as in the tests of
// the reference. It works on any machine, whatever the size of its
// int and the order of its bytes; a file of a size or with a dimension that an int does not
// hold is an error there.
//
// It never takes more memory than the file warrants: none for the data that [Parse] gets,
// once the data for [Read], and at most 16 times the length of the header for names, shapes
// and metadata, if somebody makes a header for that purpose.
//
// The writer gives the same bytes for the same [File]: tensors in the format's order, the
// widest types first and then by name, metadata by name, and spaces so that the data begin
// at a multiple of 8.
//
// The format is described at https://huggingface.co/docs/safetensors; this package
// follows its reference implementation (safetensors/src/tensor.rs), and is stricter where
// that is lenient: any name or key that occurs twice, unknown keys, metadata that are
// null, more than 64 dimensions, and dimensions beside a 0 whose product no int holds are
// errors.
package safetensors
