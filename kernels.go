package downhill

import (
	"math"
	"syscall"
	"unsafe"
)

// kernels is one implementation of everything that runs in a loop over elements.
// Slices of one call have equal lengths, and destinations may be operands.
type kernels[T Float] struct {
	strips     []strip[T] // of C, the widest first
	short      int        // index of the strip for sums of a few k's
	mr, nr     int        // the largest register tile
	lanes      int        // elements in a vector
	mc, kc, nc int        // cache blocks, see gemm.block; kc is a multiple of kb, nc of nr
	deep       int        // kc as long as B is not packed
	unpacked   int        // elements of B from which it may be packed, see gemm.packs
	straight   int        // rows of C from which B is packed if it lies askew, see gemm.askew
	climbs     bool       // tiles may begin at the last row: rs and ldc may be negative
	lead       int        // operations, as amount counts them, done before a thread begins with what it is handed
	one        []T        // a 1

	plain[T]
	axpy          func(alpha T, x, y []T) // y += alpha*x
	dot           func(x, y []T) T
	exp, log      func(dst, x []T)
	sigmoid, tanh func(dst, x []T)
}

// plain are the kernels without a multiply-add.
type plain[T Float] struct {
	scal       func(alpha T, x []T)
	add, mul   func(dst, x, y []T)
	shift, div func(dst, x []T, y T) // x+y and x/y
	relu       func(dst, x []T)
	reluGrad   func(dx, dy, y []T) // dy where !(y <= 0), else 0
	adam       func(w, m, v, g []T, f *AdamFactors[T])
	sum, max   func(x []T) T
	// transpose sets dst[j*ldd+i] to src[i*lds+j] for i < rows and j < cols.
	transpose func(dst []T, ldd int, src []T, lds, rows, cols int)
	// gather sets dst[i*cols+j] to src[i*lds+j] for i < rows and j < cols.
	gather func(dst, src []T, lds, rows, cols int)
	// fetch has x brought into the second cache, some time soon.
	fetch func(x []T)
}

// never is a number of rows that no C has.
const never = math.MaxInt

// strip is a family of register tiles: up to rows high and from min to max
// columns wide. A low one serves only a C that is one tile high.
//
// tiles computes a run of tiles, one below the other: so many of the given height, then
// some that are a row lower.
//
//	for i := range tiles*rows + lower*(rows-1) { // C = A*B or, with add, C += alpha*A*B
//		for j := range cols {
//			c[i*ldc+j] = sum over p < k of a[i*rs+p*cs] * b[p*ldb+j]
//		}
//	}
//
// with the sum in blocks of kb as the package documentation says. Without add, alpha is 1.
type strip[T Float] struct {
	min, max, rows int
	low            bool
	lanes          int // whose time a row takes, if not that of the vectors it lies in
	tiles          func(tiles, rows, cols, k int, alpha T, a []T, rs, cs int, b []T, ldb int, c []T, ldc int, add bool, lower int)
	// packing, if there is one, is tiles for one tile of full size, which also copies rows of a
	// strip still to come to where that is packed: a vector for two k's, of which there are whole rows.
	//
	//	to[q*max+j] = from[q*fromLd+j] for q < k*lanes/(2*max) and j < max
	packing func(tiles, rows, cols, k int, alpha T, a []T, rs, cs int, b []T, ldb int, c []T, ldc int, add bool, lower int, from []T, fromLd int, to []T)
}

// stripFor is the strip to take when cols columns of a C of so many rows are left, and
// how many of them it takes: the widest, unless another takes all of a few rows in one
// tile, so that B is read once.
func (k *kernels[T]) stripFor(rows, left int) (s *strip[T], cols int) {
	var widest *strip[T]
	for i := range k.strips {
		s := &k.strips[i]
		switch {
		case left < s.min || s.low && rows > s.rows:
			continue
		case widest == nil:
			widest = s
		}
		if rows <= s.rows && rows <= 8 || left <= widest.max {
			return s, min(s.max, left)
		}
	}
	return widest, widest.max
}

// width is the number of lanes whose time n columns take, in use or not.
func (k *kernels[T]) width(n int) int {
	rest := n % k.nr
	if rest == 0 {
		return n
	}
	s, cols := k.stripFor(k.mc, rest)
	if s.lanes > 0 {
		return n - rest + s.lanes
	}
	return n - rest + min(s.max, (cols+k.lanes-1)/k.lanes*k.lanes)
}

// set is a kernel set: the same operations for both types, and a name.
type set struct {
	name  string
	needs features
	fused bool // multiply-adds round once: the numeric profile fma, else muladd
	f32   kernels[float32]
	f64   kernels[float64]
}

// features are the instruction sets that a kernel set needs, or that the CPU has
// and the operating system saves, and what such a CPU is like.
type features uint

const (
	avx2fma features = 1 << iota // AVX2 and FMA3
	avx512f                      // AVX-512 F, DQ, BW and VL
	halves                       // and these take the time of two operations on half vectors
)

// of returns a set's kernels for T.
func of[T Float](s *set) *kernels[T] {
	return (*kernels[T])(either[T](unsafe.Pointer(&s.f32), unsafe.Pointer(&s.f64)))
}

// either returns the first pointer if T is float32, else the second: what it points to is of the
// type that T makes it. (A conversion to any and back would keep in a program the methods of the
// type it does not use.)
func either[T Float](f32, f64 unsafe.Pointer) unsafe.Pointer {
	if unsafe.Sizeof(T(0)) == 4 {
		return f32
	}
	return f64
}

// active is the set in use: the one that DOWNHILL_KERNEL names, if this build has
// it and this CPU can run it, else the last of those it can run.
var active = choose(cpu, named())

func named() string {
	name, _ := syscall.Getenv("DOWNHILL_KERNEL")
	return name
}

func choose(cpu features, name string) *set {
	var best *set
	for _, s := range sets {
		if s.needs&^cpu == 0 && (best == nil || best.name != name || s.name == name) {
			best = s
		}
	}
	return best
}

// Kernel names the kernel set in use: avx512, avx2, exact or generic. The first
// three give the same bits (profile fma), generic gives others (profile muladd).
// The environment variable DOWNHILL_KERNEL chooses one at program start; a name
// that this build does not have or this CPU cannot run is passed over, so look
// here for what you got.
func Kernel() string { return active.name }
