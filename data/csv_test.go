package data

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/db75a6f2/downhill/tensor"
)

func TestReadCSV(t *testing.T) {
	for _, c := range []struct {
		name, text string
		how        CSV
		want       string // X, Y, Columns and Classes
	}{
		{"header", "a,b,kind\n1,2,x\n3,4,y\n", CSV{}, `[1 2 3 4] [0 1] ["a" "b"] ["x" "y"]`},
		{"no header", "1,2,x\n3,4,y\n", CSV{}, `[1 2 3 4] [0 1] [] ["x" "y"]`},
		{"no last newline", "1,2\n3,4", CSV{}, `[1 3] [0 1] [] ["2" "4"]`},
		{"one row", "1,x", CSV{}, `[1] [0] [] ["x"]`},
		{"label first", "kind,a,b\nx,1,2\ny,3,4\n", CSV{Label: "kind"}, `[1 2 3 4] [0 1] ["a" "b"] ["x" "y"]`},
		{"label inside", "a,kind,b\n1,x,2\n3,y,4\n", CSV{Label: "kind"}, `[1 2 3 4] [0 1] ["a" "b"] ["x" "y"]`},
		{"label last", "a,b,kind\n1,2,x\n", CSV{Label: "kind"}, `[1 2] [0] ["a" "b"] ["x"]`},
		{"header of numbers", "1,2,3\n4,5,6\n", CSV{Label: "2"}, `[4 6] [0] ["1" "3"] ["5"]`},
		{"numbers for classes", "1,3\n1,1\n1,2\n1,3\n", CSV{}, `[1 1 1 1] [2 0 1 2] [] ["1" "2" "3"]`},
		{"one number written twice", "1,1\n1,1.0\n1,10\n1,1e1\n", CSV{}, `[1 1 1 1] [0 0 1 1] [] ["1" "10"]`},
		{"order of numbers", "1,10\n1,2\n1,-3\n1,0.5\n", CSV{}, `[1 1 1 1] [3 2 0 1] [] ["-3" "0.5" "2" "10"]`},
		{"order of texts", "1,10\n1,2\n1,B\n1,a\n", CSV{}, `[1 1 1 1] [0 1 2 3] [] ["10" "2" "B" "a"]`},
		{"a text that is a name for NaN", "1,nan\n1,2\n1,10\n", CSV{}, `[1 1 1] [2 1 0] [] ["10" "2" "nan"]`},
		{"classes that are known", "1,b\n2,a\n", CSV{Classes: []string{"c", "b", "a"}}, `[1 2] [1 2] [] ["c" "b" "a"]`},
		{"numbers to predict", "a,price\n1,2.5\n3,-4\n", CSV{Number: true}, `[1 3] [2.5 -4] ["a"] []`},
		{"a class twice among those that are known", "1,b\n2,a\n", CSV{Classes: []string{"a", "b", "b"}}, `[1 2] [1 0] [] ["a" "b" "b"]`},
		{"numbers to predict, first", "price,a\n2.5,1\n-4,3\n", CSV{Number: true, Label: "price"}, `[1 3] [2.5 -4] ["a"] []`},
		{"names for a file without", "x,1,2\ny,3,4\n", CSV{Names: []string{"kind", "a", "b"}, Label: "kind"}, `[1 2 3 4] [0 1] ["a" "b"] ["x" "y"]`},
		{"names, the last is the label", "1,2,x\n", CSV{Names: []string{"a", "b", "kind"}}, `[1 2] [0] ["a" "b"] ["x"]`},
		{"names, and texts that would be a header", "u,v\n", CSV{Names: []string{"a", "kind"}, Drop: []string{}, Missing: []string{"u"}}, `[NaN] [0] ["a"] ["v"]`},
		{"dropped", "id,a,name,b,kind\nu1,1,Ann,2,x\nu2,3,Bob,4,y\n", CSV{Drop: []string{"name", "id"}}, `[1 2 3 4] [0 1] ["a" "b"] ["x" "y"]`},
		{"two of one name that nobody asks for", "a,a,kind\n1,2,x\n", CSV{Label: "kind"}, `[1 2] [0] ["a" "a"] ["x"]`},
		{"dropped twice", "id,a,kind\n1,2,x\n", CSV{Drop: []string{"id", "id"}}, `[2] [0] ["a"] ["x"]`},
		{"dropped around the label", "1,2,3\n4,x,\n5,y,?\n", CSV{Label: "2", Drop: []string{"3"}}, `[4 5] [0 1] ["1"] ["x" "y"]`},
		{"dropped of names", "7,1,x\n", CSV{Names: []string{"id", "a", "kind"}, Drop: []string{"id"}}, `[1] [0] ["a"] ["x"]`},
		{"dropped by numbers of a header", "1,2,3\n4,5,6\n", CSV{Drop: []string{"1"}}, `[5] [0] ["2"] ["6"]`},
		{"missing", "a,b,kind\n?,1,x\n2,,?\n NA ,4,y\n", CSV{Missing: []string{"?", "", "NA"}}, `[NaN 1 2 NaN NaN 4] [1 0 2] ["a" "b"] ["?" "x" "y"]`},
		{"missing in the first row", "?,1,x\n2,NA,y\n", CSV{Missing: []string{"?", "NA"}}, `[NaN 1 2 NaN] [0 1] [] ["x" "y"]`},
		{"all missing in the first row", "?,?,x\n2,3,y\n", CSV{Missing: []string{"?"}}, `[NaN NaN 2 3] [0 1] [] ["x" "y"]`},
		{"missing numbers", "-999,1,3\n2,-999,-999\n", CSV{Missing: []string{"-999"}, Number: true}, `[NaN 1 2 NaN] [3 -999] [] []`},
		{"semicolons", "a;b\n1;x,y\n", CSV{Comma: ';'}, `[1] [0] ["a"] ["x,y"]`},
		{"tabs", "a\tb\n1\tx y\n", CSV{Comma: '\t'}, `[1] [0] ["a"] ["x y"]`},
		{"quotes", "\"a, b\",kind\n\"1\",\"say \"\"x\"\"\"\n2,\"y\nz\"\n", CSV{}, `[1 2] [0 1] ["a, b"] ["say \"x\"" "y\nz"]`},
		{"carriage returns", "a,kind\r\n1,x\r\n2,y\r\n", CSV{}, `[1 2] [0 1] ["a"] ["x" "y"]`},
		{"empty lines", "\na,kind\n\n1,x\n\n", CSV{}, `[1] [0] ["a"] ["x"]`},
		{"spaces", " a, kind\n 1 , x\n\t2\t, x\n", CSV{}, `[1 2] [0 0] ["a"] ["x"]`},
		{"spaces around numbers for classes", "1, 2\n1,2 \n", CSV{}, `[1 1] [0 0] [] ["2"]`},
		{"ways to write numbers", "+1,-0.5e-1,.5,1E2,0x10p0,x\n", CSV{}, `[1 -0.05 0.5 100 16] [0] [] ["x"]`},
		{"not ASCII", "größe,art\n1,süß\n", CSV{}, `[1] [0] ["größe"] ["süß"]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := ReadCSV[float64](strings.NewReader(c.text), c.how)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprintf("%v %v %q %q", s.X.Data, s.Y.Data, s.Columns, s.Classes); got != c.want {
				t.Errorf("it is %s\nwant  %s", got, c.want)
			}
			if rows := s.Y.Rows; s.X.Rows != rows || s.X.Rows*s.X.Cols != len(s.X.Data) || s.Y.Cols != 1 {
				t.Errorf("X is %dx%d, Y is %dx%d", s.X.Rows, s.X.Cols, rows, s.Y.Cols)
			}
			if s.Standardised != nil {
				t.Error("it counts as standardised")
			}
		})
	}
}

// The number is a little above the middle of 1 and the next float32. As a float64 it is
// the middle itself, which rounds to 1.
func TestReadCSVRoundsOnce(t *testing.T) {
	const text = "1.00000005960464477539062500001,1.00000005960464477539062500001\n"
	s, err := ReadCSV[float32](strings.NewReader(text), CSV{Number: true})
	if err != nil {
		t.Fatal(err)
	}
	if x, y := s.X.Data[0], s.Y.Data[0]; x != 1+0x1p-23 || y != x {
		t.Errorf("it is %v and %v, want %v", x, y, float32(1+0x1p-23))
	}
}

func TestReadCSVErrors(t *testing.T) {
	for _, c := range []struct {
		name, text string
		how        CSV
		want       string
	}{
		{"nothing", "", CSV{}, "t.csv: no rows"},
		{"empty lines", "\n\r\n\n", CSV{}, "t.csv: no rows"},
		{"only a header", "a,kind\n", CSV{}, "t.csv: no rows"},
		{"one column", "1\n2\n", CSV{}, "t.csv:1: one column only; a label and an input make two"},
		{"another separator", "a;b\n1;2\n", CSV{}, "t.csv:1: one column only; a label and an input make two, with a separator that is not CSV.Comma?"},
		{"no such label", "a,b\n1,2\n", CSV{Label: "kind"}, `t.csv:1: no column "kind" among ["a" "b"]`},
		{"no such column to drop", "a,b\n1,2\n", CSV{Drop: []string{"id"}}, `t.csv:1: no column "id" among ["a" "b"]`},
		{"two columns of the last one's name", "kind,a,kind\n1,2,3\n", CSV{}, `t.csv:1: columns 1 and 3 are both "kind", expected one of that name`},
		{"two columns of the label's name", "kind,a,kind\n1,2,3\n", CSV{Label: "kind"}, `t.csv:1: columns 1 and 3 are both "kind", expected one of that name`},
		{"two columns to drop of one name", "id,a,id,kind\n1,2,3,x\n", CSV{Drop: []string{"id"}}, `t.csv:1: columns 1 and 3 are both "id", expected one of that name`},
		{"two of the Names", "1,2,x\n", CSV{Names: []string{"a", "a", "kind"}, Drop: []string{"a"}}, `t.csv:1: columns 1 and 2 are both "a", expected one of that name`},
		{"the label dropped", "a,b\n1,2\n", CSV{Drop: []string{"b"}}, "t.csv:1: column 2, the label, is one to drop"},
		{"all inputs dropped", "a,b,kind\n1,2,x\n", CSV{Drop: []string{"b", "a", "b"}}, `t.csv:1: no inputs are left of ["a" "b" "kind"]`},
		{"too few names", "1,2,x\n", CSV{Names: []string{"a", "kind"}}, "t.csv:1: 3 fields, want 2 as there are Names"},
		{"a header in spite of names", "a,kind\n1,x\n", CSV{Names: []string{"a", "kind"}}, `t.csv:1:1: column 1 (a): "a" is no finite number`},
		{"no such label of names", "1,x\n", CSV{Names: []string{"a", "b"}, Label: "kind"}, `t.csv:1: no column "kind" among ["a" "b"]`},
		{"no number beside dropped", "id,a,kind\nu,?,x\n", CSV{Drop: []string{"id"}, Missing: []string{"", "NA"}}, `t.csv:2:3: column 2 (a): "?" is no finite number`},
		{"missing number to predict", "1,2\n3,?\n", CSV{Number: true, Missing: []string{"?"}}, `t.csv:2:3: column 2: "?" is no finite number`},
		{"short row", "a,b,kind\n1,2,x\n1,2\n", CSV{}, "t.csv:3: 2 fields, want 3 as in the first line"},
		{"long row", "1,2,x\n\n1,2,3,x\n", CSV{}, "t.csv:3: 4 fields, want 3 as in the first line"},
		{"short row after the header", "a,b,kind\n1,x\n", CSV{}, "t.csv:2: 2 fields, want 3 as in the first line"},
		{"no number", "1,2,x\n1, two,x\n", CSV{}, `t.csv:2:4: column 2: "two" is no finite number`},
		{"no number in a named column", "a,kind,b\n1,x,2\n3,x,?\n", CSV{Label: "kind"}, `t.csv:3:5: column 3 (b): "?" is no finite number`},
		{"no number before the label", "a,kind,b\n-,x,2\n", CSV{Label: "kind"}, `t.csv:2:1: column 1 (a): "-" is no finite number`},
		{"comma for a point", "a;b;y\n1;2,5;3\n", CSV{Comma: ';'}, `t.csv:2:3: column 2 (b): "2,5" is no finite number`},
		{"empty input", "1,2,x\n1,,x\n", CSV{}, `t.csv:2:3: column 2: "" is no finite number`},
		{"an underscore", "a,kind\n2024_01,x\n", CSV{}, `t.csv:2:1: column 1 (a): "2024_01" is no finite number`},
		{"NaN", "a,kind\n1,x\nNaN,x\n", CSV{}, `t.csv:3:1: column 1 (a): "NaN" is no finite number`},
		{"Inf", "a,kind\n1,x\n-inf,x\n", CSV{}, `t.csv:3:1: column 1 (a): "-inf" is no finite number`},
		{"too large", "a,kind\n1,x\n1e999,x\n", CSV{}, `t.csv:3:1: column 1 (a): "1e999" is no finite number`},
		{"after a quoted newline", "1,\"x\ny\"\n?,z\n", CSV{}, `t.csv:3:1: column 1: "?" is no finite number`},
		{"empty label", "1,x\n2,\n", CSV{}, "t.csv:2:3: column 2: the label is empty"},
		{"label of spaces", "1,x\n2, \n", CSV{}, "t.csv:2:4: column 2: the label is empty"},
		{"label to predict", "a,price\n1,2\n3,dear\n", CSV{Number: true}, `t.csv:3:3: column 2: "dear" is no finite number`},
		{"empty label to predict", "a,price\n1,2\n3,\n", CSV{Number: true}, `t.csv:3:3: column 2: "" is no finite number`},
		{"label of no class", "1,a\n2,d\n", CSV{Classes: []string{"a", "b"}}, `t.csv:2:3: column 2: label "d" is none of ["a" "b"]`},
		{"open quote", "1,x\n2,\"y\n3,z\n", CSV{}, `t.csv:2: extraneous or missing " in quoted-field, in the row that begins here and ends at line 3`},
		{"quote inside", "1,x\n2,y\"z\n", CSV{}, `t.csv:2:4: bare " in non-quoted-field`},
		{"after the quote", "1,x\n2,\"y\"z\n", CSV{}, `t.csv:2:5: extraneous or missing " in quoted-field`},
		{"a quote for a comma", "1,x\n", CSV{Comma: '"'}, "t.csv: csv: invalid field or comment delimiter"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.how.File = "t.csv"
			s, err := ReadCSV[float64](strings.NewReader(c.text), c.how)
			wantError(t, err, c.want)
			if s != nil {
				t.Errorf("there is a set too: %v", s)
			}
		})
	}
}

// Labels and names that Go alone would take for numbers are texts.
func TestReadCSVUnderscores(t *testing.T) {
	s, err := ReadCSV[float64](strings.NewReader("2019_20,2020_21\n1,1_1\n2,11\n"), CSV{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Len() != 2 || len(s.Classes) != 2 || s.Columns[0] != "2019_20" || s.Y.Data[0] == s.Y.Data[1] {
		t.Errorf("columns %q, classes %q, labels %v", s.Columns, s.Classes, s.Y.Data)
	}
}

func TestReadCSVNumberTooLargeForFloat32(t *testing.T) {
	_, err := ReadCSV[float32](strings.NewReader("1,x\n1e39,x\n"), CSV{})
	wantError(t, err, `csv:2:1: column 1: "1e39" is no finite number`)
}

func TestReadCSVReadError(t *testing.T) {
	broken := errors.New("the disk is gone")
	_, err := ReadCSV[float32](io.MultiReader(strings.NewReader("1,x\n"), iotest.ErrReader(broken)), CSV{})
	wantError(t, err, "csv: offset 4: the disk is gone")
	if !errors.Is(err, broken) {
		t.Error("the reader's error is not wrapped")
	}
}

// A reader that gives little at a time gives the same set.
func TestReadCSVInPieces(t *testing.T) {
	const text = "a,kind\n1.5,x\n\"2\",\"y\nz\"\n"
	whole, err := ReadCSV[float32](strings.NewReader(text), CSV{})
	if err != nil {
		t.Fatal(err)
	}
	pieces, err := ReadCSV[float32](iotest.OneByteReader(strings.NewReader(text)), CSV{})
	if err != nil {
		t.Fatal(err)
	}
	if !equal(whole, pieces) {
		t.Errorf("it is %v, want %v", pieces, whole)
	}
}

// equal reports whether two sets have the same samples and names.
func equal[T tensor.Float](a, b *Set[T]) bool {
	return sameBits(a.X.Data, b.X.Data) && slices.Equal(a.Y.Data, b.Y.Data) && a.X.Cols == b.X.Cols &&
		slices.Equal(a.Columns, b.Columns) && slices.Equal(a.Classes, b.Classes)
}

func TestReadCSVByteOrderMark(t *testing.T) {
	for _, text := range []string{"\ufeff1,x\n2,y\n", "\ufeffa,kind\n1,x\n2,y\n", "\ufeff\"a\",kind\n1,x\n2,y\n"} {
		s, err := ReadCSV[float32](strings.NewReader(text), CSV{})
		if err != nil {
			t.Error(err)
		} else if s.Len() != 2 || len(s.Columns) == 1 && s.Columns[0] != "a" {
			t.Errorf("%q: %d samples of %q", text, s.Len(), s.Columns)
		}
	}
}

func TestReadCSVDoesNotLoseTheFirstRow(t *testing.T) {
	for _, text := range []string{"1,NaN,x\n3,4,y\n", "1,,x\n3,4,y\n", "1,1e999,x\n3,4,y\n", "1,NA,x\n3,4,y\n", "1,inf,x\n3,4,y\n"} {
		_, err := ReadCSV[float32](strings.NewReader(text), CSV{})
		if err == nil || !strings.HasPrefix(err.Error(), "csv:1") {
			t.Errorf("%q: the error is %v", text, err)
		}
	}
}

func TestReadCSVSpacesAfterTexts(t *testing.T) {
	s, err := ReadCSV[float32](strings.NewReader("a ,kind \n1,cat \n2,cat\n"), CSV{Label: "kind"})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(s.Classes, []string{"cat"}) || s.Columns[0] != "a" {
		t.Errorf("the names are %q and %q", s.Columns, s.Classes)
	}
}

// White space that separates fields is no space before one.
func TestReadCSVEmptyFieldBetweenTabs(t *testing.T) {
	for text, want := range map[string]string{
		"a\tb\tc\tkind\n1\t\t3\tx\n\t2\t3\tx\n": `csv:2:3: column 2 (b): "" is no finite number`,
		"1\t2\t3\tx\n\t2\t3\tx\n":               `csv:2:1: column 1: "" is no finite number`,
		"1\t\t3\tx\n\t2\t3\tx\n1\t2\t\tx\n":     `csv:1:3: column 2: "" is no finite number`,
	} {
		_, err := ReadCSV[float32](strings.NewReader(text), CSV{Comma: '\t'})
		wantError(t, err, want)
	}
}

func TestReadCSVLineOfTheHeader(t *testing.T) {
	_, err := ReadCSV[float32](strings.NewReader("\n\na,b\n1,2\n"), CSV{Label: "x"})
	wantError(t, err, `csv:3: no column "x" among ["a" "b"]`)
}

// The line to look at is that of the open quote, not the last one of the file.
func TestReadCSVOpenQuote(t *testing.T) {
	_, err := ReadCSV[float32](strings.NewReader("1,x\n2,\"y\n3,z\n4,z\n"), CSV{})
	if err == nil || !strings.HasPrefix(err.Error(), "csv:2") {
		t.Errorf("the error is %v", err)
	}
}
