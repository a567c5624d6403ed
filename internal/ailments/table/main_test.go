package main

import "testing"

func TestBetween(t *testing.T) {
	got, err := between([]byte("a\n"+begin+"old\n"+end+"b\n"), []byte("new\n"))
	if want := "a\n" + begin + "new\n" + end + "b\n"; err != nil || string(got) != want {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	for _, bad := range []string{"", begin, end, end + begin} {
		if got, err := between([]byte(bad), nil); err == nil {
			t.Errorf("%q gives %q", bad, got)
		}
	}
}
