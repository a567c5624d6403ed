//go:build gc && !purego && !noasm && !msan && !asan

package downhill

// cpu holds what this CPU can run and the operating system preserves, and what it is like.
var cpu = detect()

func detect() features {
	const (
		fma, osxsave, avx       = 1 << 12, 1 << 27, 1 << 28                  // leaf 1, ECX
		avx2, f, dq, bw, vl     = 1 << 5, 1 << 16, 1 << 17, 1 << 30, 1 << 31 // leaf 7, EBX
		ymm, opmask, zmm, zmm16 = 1<<1 | 1<<2, 1 << 5, 1 << 6, 1 << 7        // XCR0
	)
	leaves, vendor, _ := cpuid(0, 0)
	if leaves < 7 {
		return 0
	}
	version, _, c := cpuid(1, 0)
	_, b, _ := cpuid(7, 0)
	if c&(fma|osxsave|avx) != fma|osxsave|avx || b&avx2 == 0 {
		return 0
	}
	saved := xgetbv()
	if saved&ymm != ymm {
		return 0
	}
	if b&(f|dq|bw|vl) != f|dq|bw|vl || saved&(opmask|zmm|zmm16) != opmask|zmm|zmm16 {
		return avx2fma
	}
	return avx2fma | avx512f | traits(vendor, version)
}

// traits tells, given EBX of leaf 0 and EAX of leaf 1, what a CPU with AVX-512 is like.
func traits(vendor, version uint32) features {
	const auth = 'A' | 'u'<<8 | 't'<<16 | 'h'<<24
	base, more := version>>8&0xF, version>>20&0xFF
	if vendor == auth && base+more == 25 { // Zen 4: the older ones of the family have no AVX-512
		return halves
	}
	return 0
}

// cpuid executes CPUID for a leaf and subleaf.
func cpuid(leaf, sub uint32) (a, b, c uint32)

// xgetbv returns the low half of XCR0: the registers the operating system saves.
func xgetbv() uint32

// ticks reads the CPU's clock, which runs at a constant rate of some 1-5 a nanosecond.
func ticks() int64
