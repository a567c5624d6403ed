package safetensors

// File is what a file holds.
type File struct {
	// Metadata is any text by name, or nil.
	Metadata map[string]string
	// Tensors have different names. Reading gives them in the order of their data; writing
	// puts them in the format's order, and leaves this slice as it is.
	Tensors []Tensor
}

// Tensor is a named array of numbers.
type Tensor struct {
	Name  string
	Type  DType
	Shape []int  // outermost dimension first; empty for a single number
	Data  []byte // the elements in row-major order, little-endian
}

// Tensor returns the tensor of that name, or nil. It belongs to f.
func (f *File) Tensor(name string) *Tensor {
	for i := range f.Tensors {
		if f.Tensors[i].Name == name {
			return &f.Tensors[i]
		}
	}
	return nil
}
