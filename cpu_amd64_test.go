//go:build gc && !purego && !noasm && !msan && !asan

package downhill

import "testing"

// TestTraits knows the CPUs by what CPUID said on them.
func TestTraits(t *testing.T) {
	const amd, intel = 0x68747541, 0x756e6547
	for _, c := range []struct {
		name            string
		vendor, version uint32
		want            features
	}{
		{"EPYC 9004, Zen 4", amd, 0xa10f11, halves},
		{"Ryzen 7000, Zen 4", amd, 0xa60f12, halves},
		{"EPYC 9005, Zen 5", amd, 0xb00f21, 0},
		{"Xeon, Skylake", intel, 0x50654, 0},
		{"Xeon, Sapphire Rapids", intel, 0x806f8, 0},
		{"Xeon, Emerald Rapids", intel, 0xc06f2, 0},
	} {
		if got := traits(c.vendor, c.version); got != c.want {
			t.Errorf("%s: traits %b, want %b", c.name, got, c.want)
		}
	}
}

// TestChoose finds the set for every CPU and name.
func TestChoose(t *testing.T) {
	const wide, zen4 = avx2fma | avx512f, avx2fma | avx512f | halves
	for _, c := range []struct {
		cpu  features
		name string
		want *set
	}{
		{0, "", &generic}, {0, "avx2", &generic}, {0, "exact", &exact},
		{avx2fma, "", &avx2}, {avx2fma, "avx512", &avx2}, {avx2fma, "generic", &generic},
		{wide, "", &avx512}, {wide, "avx512", &avx512}, {wide, "avx2", &avx2}, {wide, "exact", &exact},
		{zen4, "", &avx512Halves}, {zen4, "avx512", &avx512Halves}, {zen4, "avx2", &avx2}, {zen4, "sse", &avx512Halves},
	} {
		if got := choose(c.cpu, c.name); got != c.want {
			t.Errorf("cpu %b, DOWNHILL_KERNEL=%q: the set is %s (needs %b)", c.cpu, c.name, got.name, got.needs)
		}
	}
}
