package downhill

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"unsafe"
)

// usable are the kernel sets that this build has and this CPU can run, be they made for another.
func usable() []*set {
	var u []*set
	for _, s := range sets {
		if s.needs&^(cpu|halves) == 0 {
			u = append(u, s)
		}
	}
	return u
}

// eachSet runs a test on every usable set and both element types, or only on the
// active one where the race detector makes everything slow.
func eachSet(t *testing.T, f32 func(*testing.T, *set, *kernels[float32]), f64 func(*testing.T, *set, *kernels[float64])) {
	for _, s := range usable() {
		if raceEnabled && s != active {
			continue
		}
		t.Run(s.name+"/float32", func(t *testing.T) { f32(t, s, &s.f32) })
		t.Run(s.name+"/float64", func(t *testing.T) { f64(t, s, &s.f64) })
	}
}

// bitsOf are those of x, with all NaNs the same: which NaN an operation yields is no
// part of the contract.
func bitsOf[T Float](x T) uint64 {
	if x != x {
		return math.MaxUint64
	}
	if unsafe.Sizeof(x) == 4 {
		return uint64(math.Float32bits(float32(x)))
	}
	return math.Float64bits(float64(x))
}

// firstDiff returns the first index where the bits differ, or -1.
func firstDiff[T Float](x, y []T) int {
	for i := range x {
		if bitsOf(x[i]) != bitsOf(y[i]) {
			return i
		}
	}
	return -1
}

// random returns numbers in [-1, 1) of magnitudes down to 2^-12.
func random[T Float](rng *rand.Rand, n int) []T {
	x := make([]T, n)
	for i := range x {
		x[i] = T((rng.Float64()*2 - 1) * math.Ldexp(1, -rng.IntN(12)))
	}
	return x
}

// TestRequired fails where the environment asks for a kernel set and does not get it, so
// that a machine known to have it cannot fall back in silence.
func TestRequired(t *testing.T) {
	if want := os.Getenv("DOWNHILL_REQUIRE"); want != "" && Kernel() != want {
		t.Fatalf("the kernel set is %s, DOWNHILL_REQUIRE is %s", Kernel(), want)
	}
	t.Log("kernel set ", Kernel())
}
