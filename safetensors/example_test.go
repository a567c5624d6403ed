package safetensors_test

import (
	"bytes"
	"fmt"

	"github.com/db75a6f2/downhill/safetensors"
)

func ExampleFile_WriteTo() {
	f := &safetensors.File{Metadata: map[string]string{"format": "pt"}}
	f.Tensors = append(f.Tensors,
		safetensors.New("0.weight", []int{2, 3}, []float32{1, 2, 3, 4, 5, 6}),
		safetensors.New("0.bias", []int{2}, []float32{0.5, -0.5}))
	var w bytes.Buffer
	if _, err := f.WriteTo(&w); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(w.Len(), "bytes")
	fmt.Printf("%q\n", w.String()[:40])
	// Output:
	// 200 bytes
	// "\xa0\x00\x00\x00\x00\x00\x00\x00{\"__metadata__\":{\"format\":\"pt\"},"
}

func ExampleParse() {
	const header = `{"0.bias":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}`
	data := append([]byte{byte(len(header)), 0, 0, 0, 0, 0, 0, 0}, header...)
	data = append(data, 0x00, 0x3f, 0x80, 0xc0)

	f, err := safetensors.Parse(data)
	if err != nil {
		fmt.Println(err)
		return
	}
	bias := f.Tensor("0.bias")
	values, err := safetensors.Values[float32](bias)
	fmt.Println(bias.Type, bias.Shape, values, err)

	_, err = safetensors.Parse(data[:len(data)-1])
	fmt.Println(err)
	// Output:
	// BF16 [2] [0.5 -4] <nil>
	// safetensors: tensor "0.bias": data_offsets [0 4] in data of 3 bytes
}

func ExampleValues() {
	x := safetensors.New("step", nil, []int64{7})
	steps, err := safetensors.Values[int64](&x)
	fmt.Println(steps, err)
	_, err = safetensors.Values[float32](&x)
	fmt.Println(err)
	// Output:
	// [7] <nil>
	// safetensors: tensor "step": type "I64", BF16 or F16 or F32 expected
}
