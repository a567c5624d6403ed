// Command embed reads handwritten digits with a network that is part of the program: one
// file holds its weights, the standardisation of the pixels and the names of the classes,
// and one call makes a network of it.
//
//	go run ./examples/embed             reads the pictures of samples.txt
//	go run ./examples/embed FILE        reads those of a file, - for standard input
//
// A picture is 64 numbers from 0 to 16, row by row. The network is the one that
// go run ./examples/digits -hidden 32 -model examples/embed/model.safetensors has trained.
package main

import (
	_ "embed"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/db75a6f2/downhill"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

//go:embed model.safetensors
var model []byte

//go:embed samples.txt
var samples string

func main() {
	if err := run(os.Stdout, os.Stdin, os.Args[1:]); err != nil {
		os.Stderr.WriteString("embed: " + err.Error() + "\n")
		os.Exit(1)
	}
}

// run reads the pictures that args name and writes them to out, each with its digit.
func run(out io.Writer, in io.Reader, args []string) error {
	net, err := layers.Load[float32](model)
	if err != nil {
		return err
	}
	name, text := "samples.txt", samples
	if len(args) > 1 {
		return errors.New("want one file, or - for standard input")
	}
	if len(args) == 1 {
		if name, text, err = read(in, args[0]); err != nil {
			return err
		}
	}
	pictures, err := parse(text)
	if err != nil {
		return errors.New(name + ": " + err.Error())
	}

	var logits tensor.Tensor[float32]
	net.Predict(&logits, pictures)
	for i := range pictures.Rows {
		row := logits.Row(i)
		class := net.Class(row)
		downhill.Softmax(row, row)
		answer := net.Classes[class] + "  (" + strconv.FormatFloat(100*float64(row[class]), 'f', 1, 32) + " %)"
		if _, err := io.WriteString(out, draw(pictures.Row(i))+answer+"\n\n"); err != nil {
			return err
		}
	}
	return nil
}

// read returns the text of a file, and its name for messages.
func read(in io.Reader, name string) (string, string, error) {
	if name == "-" {
		text, err := io.ReadAll(in)
		return "standard input", string(text), err
	}
	text, err := os.ReadFile(name)
	return name, string(text), err
}

const side = 8 // pixels, of a picture

// parse returns a row of 64 numbers for each picture.
func parse(text string) (*tensor.Tensor[float32], error) {
	var x []float32
	for i, word := range strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' || r == ',' }) {
		v, err := strconv.ParseFloat(word, 32)
		if err != nil || !(v >= 0 && v <= 16) {
			return nil, errors.New("number " + strconv.Itoa(i+1) + " is " + strconv.Quote(word) + ", want one from 0 to 16")
		}
		x = append(x, float32(v))
	}
	if len(x) == 0 || len(x)%(side*side) != 0 {
		return nil, errors.New(strconv.Itoa(len(x)) + " numbers, want 64 for each picture")
	}
	return tensor.From(len(x)/(side*side), side*side, x), nil
}

// draw is a picture in letters, two for a pixel.
func draw(pixels []float32) string {
	const ink = " .:-=+*#@"
	var b strings.Builder
	for i, v := range pixels {
		c := ink[int(v/16*(float32(len(ink))-1)+0.5)]
		b.Write([]byte{c, c})
		if i%side == side-1 {
			b.WriteByte('\n')
		}
	}
	return b.String()
}
