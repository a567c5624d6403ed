//go:build gc && !purego && !noasm && !msan && !asan

package downhill

// cpu holds what this CPU can run and the operating system preserves.
var cpu = detect()

func detect() features {
	const (
		fma, osxsave, avx       = 1 << 12, 1 << 27, 1 << 28                  // leaf 1, ECX
		avx2, f, dq, bw, vl     = 1 << 5, 1 << 16, 1 << 17, 1 << 30, 1 << 31 // leaf 7, EBX
		ymm, opmask, zmm, zmm16 = 1<<1 | 1<<2, 1 << 5, 1 << 6, 1 << 7        // XCR0
	)
	if leaves, _, _ := cpuid(0, 0); leaves < 7 {
		return 0
	}
	_, _, c := cpuid(1, 0)
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
	return avx2fma | avx512f
}

// cpuid executes CPUID for a leaf and subleaf.
func cpuid(leaf, sub uint32) (a, b, c uint32)

// xgetbv returns the low half of XCR0: the registers the operating system saves.
func xgetbv() uint32
