package data_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/tensor"
)

func Example() {
	rng := rand.NewPCG(1, 2)
	train, test := data.Digits().Split(rng, 0.8)
	if err := data.Standardise(train, test); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(train.Len(), "to learn from and", test.Len(), "to test with")

	samples := 0
	batches := data.NewBatcher(train, rng, 32)
	for x, y := range batches.Epoch() {
		if samples == 0 {
			fmt.Println("inputs", x.Rows, "x", x.Cols, "and targets", y.Rows, "x", y.Cols)
		}
		samples += x.Rows
	}
	fmt.Println(samples, "in an epoch")
	// Output:
	// 1438 to learn from and 359 to test with
	// inputs 32 x 64 and targets 32 x 1
	// 1438 in an epoch
}

func ExampleReadCSV() {
	text := `length,width,kind
5.1,3.5,setosa
7.0,3.2,versicolor
6.3,3.3,virginica
4.9,3.0,setosa
`
	set, err := data.ReadCSV[float32](strings.NewReader(text), data.CSV{File: "iris.csv", Label: "kind"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(set.Len(), "samples of", set.Columns)
	for i := range set.Len() {
		fmt.Println(set.X.Row(i), set.Classes[int(set.Y.At(i, 0))])
	}
	// Output:
	// 4 samples of [length width]
	// [5.1 3.5] setosa
	// [7 3.2] versicolor
	// [6.3 3.3] virginica
	// [4.9 3] setosa
}

func ExampleReadCSV_error() {
	text := "length,width,kind\n5.1,3.5,setosa\n7.0,?,versicolor\n"
	_, err := data.ReadCSV[float32](strings.NewReader(text), data.CSV{File: "iris.csv"})
	fmt.Println(err)
	// Output: iris.csv:3:5: column 2 (width): "?" is no finite number
}

func ExampleStandardise() {
	train := &data.Set[float64]{X: tensor.From(2, 1, []float64{10, 30}), Y: data.Labels[float64]([]int{0, 1})}
	test := &data.Set[float64]{X: tensor.From(1, 1, []float64{40}), Y: data.Labels[float64]([]int{1})}
	if err := data.Standardise(train, test); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(train.X.Data, test.X.Data)
	// Output: [-1 1] [2]
}

func ExampleBatcher() {
	set := &data.Set[float32]{X: tensor.From(5, 1, []float32{10, 11, 12, 13, 14}), Y: data.Labels[float32]([]int{0, 1, 0, 1, 0})}
	batches := data.NewBatcher(set, nil, 2) // nil: in the set's order
	for x, y := range batches.Epoch() {
		fmt.Println(x.Data, y.Data)
	}
	// Output:
	// [10 11] [0 1]
	// [12 13] [0 1]
	// [14] [0]
}
