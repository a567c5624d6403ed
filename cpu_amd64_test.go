//go:build gc && !purego && !noasm && !msan && !asan

package downhill

import "testing"

// TestZen4 knows the CPUs by what CPUID said on them.
func TestZen4(t *testing.T) {
	const amd, intel = 0x68747541, 0x756e6547
	for _, c := range []struct {
		name            string
		vendor, version uint32
		want            bool
	}{
		{"EPYC 9004, Zen 4", amd, 0xa10f11, true},
		{"Ryzen 7000, Zen 4", amd, 0xa60f12, true},
		{"EPYC 9005, Zen 5", amd, 0xb00f21, false},
		{"Xeon, Skylake", intel, 0x50654, false},
		{"Xeon, Sapphire Rapids", intel, 0x806f8, false},
	} {
		if got := zen4(c.vendor, c.version); got != c.want {
			t.Errorf("%s: zen4 is %v", c.name, got)
		}
	}
}
