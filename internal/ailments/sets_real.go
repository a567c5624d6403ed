package ailments

import (
	"bytes"
	_ "embed"
	"math/rand/v2"
	"strings"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/tensor"
)

// The real sets; testdata/README.md says where they are from.
var (
	//go:embed testdata/breast_cancer.csv
	cancerCSV []byte
	//go:embed testdata/wine_data.csv
	wineCSV []byte
	//go:embed testdata/iris.csv
	irisCSV []byte
)

// cancer is 569 x 30, of 2 classes; raw columns reach from 0.001 to 4,000.
func cancer[T tensor.Float]() *data.Set[T] { return table[T](cancerCSV) }

// wine is 178 x 13, of 3 classes; raw columns reach from 0.1 to 1,700.
func wine[T tensor.Float]() *data.Set[T] { return table[T](wineCSV) }

// iris is 150 x 4, of 3 classes; raw columns reach from 0.1 to 8.
func iris[T tensor.Float]() *data.Set[T] { return table[T](irisCSV) }

// digits is 500 of the digits, 64 pixels from 0 to 16, of 10 classes.
func digits[T tensor.Float]() *data.Set[T] {
	return first(shuffled(data.Convert[T](data.Digits())), 500)
}

// table reads a file whose first line is rows, features and the names of the classes.
// The files are sorted by class, so the rows are shuffled.
func table[T tensor.Float](csv []byte) *data.Set[T] {
	head, rest, _ := bytes.Cut(csv, []byte("\n"))
	set, err := data.ReadCSV[T](bytes.NewReader(rest), data.CSV{})
	if err != nil {
		panic("ailments: " + err.Error())
	}
	set.Classes = strings.Split(strings.TrimSpace(string(head)), ",")[2:]
	return shuffled(set)
}

// shuffled is the set in another order, always the same.
func shuffled[T tensor.Float](set *data.Set[T]) *data.Set[T] {
	all, _ := set.Split(rand.NewPCG(7, 7), 1)
	return all
}

// first is the first n samples.
func first[T tensor.Float](set *data.Set[T], n int) *data.Set[T] {
	rows := make([]int, min(n, set.Len()))
	for i := range rows {
		rows[i] = i
	}
	return set.Subset(rows)
}

// standard standardises the inputs of a set and returns it.
func standard[T tensor.Float](set *data.Set[T]) *data.Set[T] {
	if err := data.Standardise(set); err != nil {
		panic("ailments: " + err.Error())
	}
	return set
}

// relabelled is the set with each label passed through f, and without names of classes.
func relabelled[T tensor.Float](set *data.Set[T], f func(row int, label T) T) *data.Set[T] {
	y := tensor.New[T](set.Y.Rows, set.Y.Cols)
	for i, v := range set.Y.Data {
		y.Data[i] = f(i/set.Y.Cols, v)
	}
	other := *set
	other.Y, other.Classes = y, nil
	return &other
}

// oneHot is the set with a row of 0 and 1 for each label.
func oneHot[T tensor.Float](set *data.Set[T], classes int) *data.Set[T] {
	y, err := data.OneHot(set.Y, classes)
	if err != nil {
		panic("ailments: " + err.Error())
	}
	other := *set
	other.Y = y
	return &other
}
