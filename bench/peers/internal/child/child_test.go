package child

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

func TestRounds(t *testing.T) {
	gone := errors.New("gone")
	rows, err := Rounds(2, []int{1, 2}, []string{"a", "b"}, func(s string) string { return s }, func(s string, threads, round int) ([]string, error) {
		if s == "b" && threads == 2 {
			return nil, gone
		}
		return []string{fmt.Sprint(s, threads, round)}, nil
	})
	if want := []string{"a1 1", "b1 1", "a2 1", "a1 2", "b1 2", "a2 2"}; !slices.Equal(rows, want) {
		t.Errorf("the rows are %q, not %q", rows, want)
	}
	if !errors.Is(err, gone) {
		t.Errorf("the error is %v", err)
	}
}
