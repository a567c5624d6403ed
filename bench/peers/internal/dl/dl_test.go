package dl

import (
	"strings"
	"testing"
)

func TestMissing(t *testing.T) {
	if _, err := Open("/no/such/library.so"); err == nil || !strings.Contains(err.Error(), "/no/such/library.so") {
		t.Errorf("the error is %v", err)
	}
}

func TestThread(t *testing.T) {
	ran := 0
	do := Thread()
	for range 3 {
		do(func() { ran++ })
	}
	if ran != 3 {
		t.Errorf("%d blocks ran, not 3", ran)
	}
}
