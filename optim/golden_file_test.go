package optim_test

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/db75a6f2/downhill/tensor"
)

// matrices are the matrices of a case by their names. Weights are [out, in], as
// PyTorch has them.
type matrices map[string]*tensor.Tensor[float64]

// readGolden returns the cases of testdata/golden.txt, whose format golden.py
// describes.
func readGolden(t *testing.T) map[string]matrices {
	t.Helper()
	file, err := os.Open("testdata/golden.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	cases := map[string]matrices{}
	var current matrices
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		fields := strings.Fields(lines.Text())
		if len(fields) == 2 && fields[0] == "case" {
			current = matrices{}
			cases[fields[1]] = current
			continue
		}
		m, ok := parseMatrix(fields)
		if !ok || current == nil {
			t.Fatalf("golden.txt, line %d: want \"case NAME\" or \"name rows columns value ...\"", n)
		}
		current[fields[0]] = m
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return cases
}

// parseMatrix parses "name rows columns value value ...".
func parseMatrix(fields []string) (m *tensor.Tensor[float64], ok bool) {
	if len(fields) < 3 {
		return nil, false
	}
	rows, errRows := strconv.Atoi(fields[1])
	cols, errCols := strconv.Atoi(fields[2])
	values := fields[3:]
	if errRows != nil || errCols != nil || rows < 1 || cols < 1 || rows*cols != len(values) {
		return nil, false
	}
	m = tensor.New[float64](rows, cols)
	for i, s := range values {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return nil, false
		}
		m.Data[i] = v
	}
	return m, true
}
