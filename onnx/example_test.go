package onnx_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"

	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/onnx"
)

// A file of a network, here in memory.
func ExampleExport() {
	net := layers.MLP[float32](rand.NewPCG(1, 2), 64, 128, 10)
	var file bytes.Buffer
	if err := onnx.Export(&file, net); err != nil {
		fmt.Println(err)
		return
	}
	weights := 0
	for _, p := range net.Params() {
		weights += 4 * len(p.Value.Data)
	}
	fmt.Println(weights, "bytes of weights and", file.Len()-weights, "of description")
	// Output: 38440 bytes of weights and 310 of description
}
