package turns

import (
	"errors"
	"testing"
	"time"
)

func TestTake(t *testing.T) {
	calls := 0
	side := func(each time.Duration) *Side {
		return &Side{Do: Directly, Time: func(n int) (time.Duration, error) {
			calls += n
			time.Sleep(time.Duration(n) * each)
			return time.Duration(n) * each, nil
		}}
	}
	slow, fast := side(3*time.Millisecond), side(2*time.Millisecond)
	if _, err := Take(Quick, 1, slow, fast); err != nil {
		t.Fatal(err)
	}
	if slow.Median() != 0.003 || fast.Median() != 0.002 || calls < 4 {
		t.Errorf("%v and %v seconds, %d calls", slow.Median(), fast.Median(), calls)
	}
}

func TestTakeFails(t *testing.T) {
	gone := errors.New("gone")
	for after := range 2 { // in the warm-up, in a block
		n := 0
		side := &Side{Do: Directly, Time: func(int) (time.Duration, error) {
			if n++; n > after {
				return 0, gone
			}
			time.Sleep(6 * time.Millisecond)
			return 6 * time.Millisecond, nil
		}}
		if _, err := Take(Quick, 1, side); err != gone {
			t.Errorf("after %d calls the error is %v", after, err)
		}
	}
}
