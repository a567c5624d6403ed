package data

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unsafe"

	"github.com/db75a6f2/downhill/tensor"
)

// Whatever the text, there is an error that begins with the name of the file, or a set
// that is fit to learn from, but for what is missing, and comes back when it is written
// and read again. What is allocated is in proportion to the text, once unpacked.
func FuzzReadCSV(f *testing.F) {
	f.Add("a,b,kind\n1,2,x\n3,4,y\n", "kind", false, false, "", "", "")
	f.Add("1;2;3\r\n4;5;6\r\n", "", true, true, "", "", "")
	f.Add(packed("?,1,2,x\n7,,3,y\n"), "kind", false, false, "a,id,b,kind", "id", "?,")
	f.Fuzz(func(t *testing.T, text, label string, number, semicolon bool, names, drop, missing string) {
		list := func(s string) []string {
			if s == "" {
				return nil
			}
			return strings.Split(s, ",")
		}
		how := CSV{File: "f.csv", Label: label, Number: number, Names: list(names), Drop: list(drop), Missing: list(missing)}
		if semicolon {
			how.Comma = ';'
		}
		fuzzReadCSV[float32](t, text, how)
		fuzzReadCSV[float64](t, text, how)
	})
}

// As many classes as rows.
func TestReadLargeCSV(t *testing.T) {
	var text strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&text, "%d,class %d\n", i, i)
	}
	fuzzReadCSV[float32](t, text.String(), CSV{File: "f.csv"})
}

func fuzzReadCSV[T tensor.Float](t *testing.T, text string, how CSV) {
	var s *Set[T]
	var err error
	took := allocated(func() { s, err = ReadCSV[T](strings.NewReader(text), how) })
	// Most of it is encoding/csv's: 40 bytes a field of a row, in slices that grow.
	if most := 1<<17 + 224*unpackedSize(text); took > most {
		t.Errorf("a text of %d bytes takes %d, want %d at most", len(text), took, most)
	}
	if err != nil {
		if !strings.HasPrefix(err.Error(), "f.csv:") || s != nil {
			t.Errorf("%v, and the set is %v", err, s)
		}
		return
	}
	if err := s.Check(); err != nil && how.Missing == nil {
		t.Fatal(err)
	}
	if s.Y.Cols != 1 || s.Columns != nil && len(s.Columns) != s.X.Cols || number(s) != how.Number {
		t.Fatalf("X is %dx%d, Y is %dx%d, the names are %q and %q", s.X.Rows, s.X.Cols, s.Y.Rows, s.Y.Cols, s.Columns, s.Classes)
	}
	if !number(s) {
		checkClasses(t, s)
	}
	if strings.Contains(text, "\r") || strings.HasPrefix(text, "\x1f\x8b") {
		return // a carriage return before a newline in a quoted field is lost
	}
	again, err := ReadCSV[T](strings.NewReader(written(s)), CSV{Label: "label", Number: how.Number, Missing: []string{"NaN"}})
	if err != nil {
		t.Fatal(err)
	}
	if again.Columns = s.Columns; !equal(s, again) {
		t.Fatalf("%v %v %q read again is %v %v %q", s.X, s.Y, s.Classes, again.X, again.Y, again.Classes)
	}
}

// checkClasses checks that every label is the number of a class, and every class a
// label.
func checkClasses[T tensor.Float](t *testing.T, s *Set[T]) {
	seen := map[T]bool{}
	for i, v := range s.Y.Data {
		if _, err := class(v, len(s.Classes)); err != nil {
			t.Fatalf("row %d: %v: %q", i, err, s.Classes)
		}
		seen[v] = true
	}
	if len(seen) != len(s.Classes) {
		t.Fatalf("%d of the classes %q have samples", len(seen), s.Classes)
	}
}

// number reports whether a set has numbers to predict.
func number[T tensor.Float](s *Set[T]) bool { return s.Classes == nil }

// written is a set in CSV, with the label first.
func written[T tensor.Float](s *Set[T]) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	record := []string{"label"}
	for j := range s.X.Cols {
		record = append(record, fmt.Sprint("x", j))
	}
	w.Write(record)
	for i := range s.Len() {
		record = record[:0]
		if number(s) {
			record = append(record, shortest(s.Y.Data[i]))
		} else {
			record = append(record, s.Classes[int(s.Y.Data[i])])
		}
		for _, v := range s.X.Row(i) {
			record = append(record, shortest(v))
		}
		w.Write(record)
	}
	w.Flush()
	return b.String()
}

// shortest writes a number so that it reads back as it is.
func shortest[T tensor.Float](v T) string {
	return strconv.FormatFloat(float64(v), 'g', -1, 8*int(unsafe.Sizeof(v)))
}
