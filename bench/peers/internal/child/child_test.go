package child

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func TestRounds(t *testing.T) {
	gone := errors.New("gone")
	rows, err := Rounds(2, []int{1, 2}, []string{"a", "b"}, func(s string) string { return s }, func(_ context.Context, s string, threads, round int) ([]string, error) {
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

func TestStop(t *testing.T) {
	rows, err := Rounds(2, []int{1}, []string{"a", "b"}, func(s string) string { return s }, func(ctx context.Context, s string, _, _ int) ([]string, error) {
		if s == "b" {
			syscall.Kill(syscall.Getpid(), syscall.SIGTERM)
			<-ctx.Done()
			return []string{"half of b"}, ctx.Err()
		}
		return []string{s}, nil
	})
	if !slices.Equal(rows, []string{"a", "half of b"}) || err == nil || !strings.Contains(err.Error(), "stopped in round 1, at b") {
		t.Errorf("%q, %v", rows, err)
	}
}
