package data

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestClassesOfLabels(t *testing.T) {
	for _, c := range []struct {
		name   string
		labels string
		want   string // classes, and their numbers by row
	}{
		{"integers that a float64 cannot tell apart", "9007199254740993 9007199254740992 9", `["9" "9007199254740992" "9007199254740993"] [2 1 0]`},
		{"large integers, of other lengths", "9007199254740993 10000000000000000", `["10000000000000000" "9007199254740993"] [1 0]`},
		{"15 digits", "999999999999999 5 1e300", `["5" "999999999999999" "1e300"] [1 0 2]`},
		{"digits beyond 15 after the point", "0.1 0.1000000000000000055511151231257827 2", `["0.1" "0.1000000000000000055511151231257827" "2"] [0 1 2]`},
		{"zeros for digits", "1.000000000000000000e+01 2.000000000000000000e+00 0.000000000000000000e+00", `["0.000000000000000000e+00" "2.000000000000000000e+00" "1.000000000000000000e+01"] [2 1 0]`},
		{"leading zeros", "007 7 10", `["007" "10" "7"] [0 2 1]`},
		{"leading zeros of one length", "07 7", `["07" "7"] [0 1]`},
		{"a sign before zeros", "-07 -7", `["-07" "-7"] [0 1]`},
		{"zeros alone", "00 0", `["0" "00"] [1 0]`},
		{"a zero before a point or alone", "10 0.5 -0.5 0 2", `["-0.5" "0" "0.5" "2" "10"] [4 2 0 1 3]`},
		{"zero", "0 0.0 -0 0e5 1", `["-0" "1"] [0 0 0 0 1]`},
		{"written otherwise", "1 1.0 +1 10 1e1 .5 0.5", `[".5" "+1" "10"] [1 1 1 2 2 0 0]`},
		{"hexadecimal", "0x1p1 2", `["0x1p1" "2"] [0 1]`},
		{"not to be told from zero", "1e-400 0 2 10", `["0" "10" "1e-400" "2"] [2 0 3 1]`},
		{"below the digits", "1e-323 1.1e-323", `["1.1e-323" "1e-323"] [1 0]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := strings.Fields(c.labels)
			s, err := ReadCSV[float64](strings.NewReader("1,"+strings.Join(rows, "\n1,")+"\n"), CSV{})
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprintf("%q %v", s.Classes, s.Y.Data); got != c.want {
				t.Errorf("it is %s\nwant  %s", got, c.want)
			}
		})
	}
}

// A header whose inputs are numbers is not taken for a sample where that can be told, and
// what is a row is none in doubt.
func TestReadCSVHeaderOfNumbers(t *testing.T) {
	const pandas = "\n0,1,label\n5,6,3\n7,8,4\n9,1,3\n"
	for _, text := range []string{pandas, "0,1,label\n5,6,3\n", "0,1,label\n5,6,3\n5,6,nan\n"} {
		_, err := ReadCSV[float32](strings.NewReader(text), CSV{})
		line := 1 + strings.Index(text, "0")
		wantError(t, err, fmt.Sprintf(`csv:%d: neither clearly a header nor a row: "label" is the only label that is no number; with Label it is a header, with Names or Classes a row`, line))
	}
	for _, c := range []struct {
		name, text string
		how        CSV
		want       string
	}{
		{"a header by Label", pandas, CSV{Label: "label"}, `["0" "1"] ["3" "4"] [0 1 0]`},
		{"a header by Drop", pandas, CSV{Drop: []string{"0"}}, `["1"] ["3" "4"] [0 1 0]`},
		{"a row by Names", pandas, CSV{Names: []string{"a", "b", "c"}}, `["a" "b"] ["3" "4" "label"] [2 0 1 0]`},
		{"a row by Classes", pandas, CSV{Classes: []string{"3", "4", "label"}}, `[] ["3" "4" "label"] [2 0 1 0]`},
		{"a header, and a first label that is no number", "a,kind\n1,x\n2,3\n", CSV{}, `["a"] ["3" "x"] [1 0]`},
		{"one class of that name", "1,x\n2,x\n", CSV{}, `[] ["x"] [0 0]`},
		{"the first label again", "1,x\n2,3\n3,x\n", CSV{}, `[] ["3" "x"] [1 0 1]`},
		{"another that is no number", "1,x\n2,3\n3,y\n", CSV{}, `[] ["3" "x" "y"] [1 0 2]`},
		{"a number first", "1,3\n2,x\n", CSV{}, `[] ["3" "x"] [0 1]`},
		{"a number that is not finite", "1,inf\n2,3\n", CSV{}, `[] ["3" "inf"] [1 0]`},
		{"a missing label", "1,?\n2,3\n", CSV{Missing: []string{"?"}}, `[] ["3" "?"] [1 0]`},
	} {
		s, err := ReadCSV[float32](strings.NewReader(c.text), c.how)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if got := fmt.Sprintf("%q %q %v", s.Columns, s.Classes, s.Y.Data); got != c.want {
			t.Errorf("%s: it is %s\nwant  %s", c.name, got, c.want)
		}
	}
}

// A float32 counts to 1<<24.
func TestTooManyClasses(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 256 MB of address space")
	}
	p := csvParser[float32]{classes: map[string]int{}, labels: make([]string, 1<<24, 1<<24+1)}
	if c, err := p.class("the last"); err != nil || c != 1<<24 {
		t.Errorf("%v, %v", c, err)
	}
	_, err := p.class("x")
	wantError(t, err, `label "x" is one of more than 16777217, which a float32 cannot number; are they numbers to predict?`)
	if !counts[float64](1<<24 + 1) {
		t.Error("a float64 counts further")
	}
}

// A label's text is kept once, not once a row. What a row takes beside its numbers is a
// string of encoding/csv's, which is garbage at once.
func TestReadCSVMemory(t *testing.T) {
	const rows = 1 << 18
	text := strings.Repeat("1,1\n", rows)
	file := strings.NewReader(packed(text))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s, err := ReadCSV[float64](file, CSV{})
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	if n := after.Mallocs - before.Mallocs; n > rows+1000 {
		t.Errorf("%d rows take %d allocations", rows, n)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 32*uint64(len(text)) {
		t.Errorf("%d bytes of text take %d", len(text), n)
	}
	if s.Len() != rows || !slices.Equal(s.Classes, []string{"1"}) {
		t.Errorf("%d samples of %q", s.Len(), s.Classes)
	}
}

// A class's name does not keep the row alive that it came in.
func TestClassesKeepNoRows(t *testing.T) {
	const rows, width = 500, 1 << 12
	var text strings.Builder
	for i := range rows {
		fmt.Fprintf(&text, "1%*s,class %d\n", width, "", i)
	}
	live := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := live()
	s, err := ReadCSV[float32](strings.NewReader(text.String()), CSV{})
	if err != nil {
		t.Fatal(err)
	}
	if after := live(); after > before+rows*width/4 {
		t.Errorf("a set of %d samples keeps %d bytes", s.Len(), after-before)
	}
	runtime.KeepAlive(s)
	runtime.KeepAlive(&text)
}
