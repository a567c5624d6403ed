package data_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
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

// Samples of which an input is missing are left out.
func ExampleReadCSV_missing() {
	text := `patient,age,pressure,ill
p01,54,140,yes
p02,?,125,no
p03,38,120,no
`
	set, err := data.ReadCSV[float32](strings.NewReader(text), data.CSV{Drop: []string{"patient"}, Missing: []string{"?"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	var complete []int
	for i := range set.Len() {
		if !slices.ContainsFunc(set.X.Row(i), func(v float32) bool { return v != v }) {
			complete = append(complete, i)
		}
	}
	set = set.Subset(complete)
	fmt.Println(set.Columns, set.X.Data, set.Y.Data, set.Check())
	// Output: [age pressure] [54 140 38 120] [1 0] <nil>
}

// The files of MNIST and Fashion-MNIST are read like these two, of three images of 2x2
// pixels and their labels.
func ExampleReadIDX() {
	pixels := strings.NewReader("\x00\x00\x08\x03" + "\x00\x00\x00\x03\x00\x00\x00\x02\x00\x00\x00\x02" +
		"\xff\x00\x00\x00" + "\x00\x7f\x00\x00" + "\x00\x00\x00\xff")
	images, err := data.ReadIDX[float32](pixels, "train-images-idx3-ubyte")
	if err != nil {
		fmt.Println(err)
		return
	}
	labels, err := data.ReadIDX[float32](strings.NewReader("\x00\x00\x08\x01"+"\x00\x00\x00\x03"+"\x00\x02\x01"), "train-labels-idx1-ubyte")
	if err != nil {
		fmt.Println(err)
		return
	}
	set, err := data.FromArrays(images, labels, []string{"shirt", "coat", "bag"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("images", images.Shape, "make rows of", set.X.Cols)
	for i := range set.Len() {
		fmt.Println(set.X.Row(i), set.Classes[int(set.Y.At(i, 0))])
	}
	// Output:
	// images [3 2 2] make rows of 4
	// [255 0 0 0] shirt
	// [0 127 0 0] bag
	// [0 0 0 255] coat
}

func ExampleReadNPY() {
	// numpy.save("ages.npy", numpy.array([[1, -2, 3], [4, 5, -6]], dtype="<i2"))
	file := "\x93NUMPY\x01\x00\x76\x00{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }" + strings.Repeat(" ", 58) + "\n" +
		"\x01\x00\xfe\xff\x03\x00\x04\x00\x05\x00\xfa\xff"
	a, err := data.ReadNPY[float64](strings.NewReader(file), "ages.npy")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(a.Shape, a.Data, a.Tensor().Row(1))
	// Output: [2 3] [1 -2 3 4 5 -6] [4 5 -6]
}

func ExampleReadNPY_error() {
	// numpy.save("names.npy", numpy.array(["Ann", "Bob"]))
	file := "\x93NUMPY\x01\x00\x3b\x00{'descr': '<U3', 'fortran_order': False, 'shape': (2,), }  \n"
	_, err := data.ReadNPY[float64](strings.NewReader(file), "names.npy")
	fmt.Println(err)
	// Output: names.npy: offset 20: the dtype "<U3", expected < or > and one of b1 i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8
}

func ExampleFromArrays() {
	x := &data.Array[float32]{Shape: []int{2, 3}, Data: []float32{1, 2, 3, 4, 5, 6}}
	y := &data.Array[float32]{Shape: []int{2}, Data: []float32{0, 7}}
	_, err := data.FromArrays(x, y, []string{"no", "yes"})
	fmt.Println(err)
	// Output: data: FromArrays: row 1: label 7 is no class from 0 to 1
}

func ExampleArray_Tensor() {
	images := &data.Array[float32]{Shape: []int{2, 2, 2}, Data: []float32{1, 2, 3, 4, 5, 6, 7, 8}}
	x := images.Tensor()
	fmt.Println(x.Rows, "x", x.Cols, x.Row(1))
	// Output: 2 x 4 [5 6 7 8]
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
