package downhill

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// hardCases are operands near everything that can go wrong in an emulated FMA: ties,
// sums just beside a tie, results below the normal range, cancellation, overflow.
func hardCases(rng *rand.Rand) (x, y, z float32) {
	bits := func() float32 { return math.Float32frombits(rng.Uint32()) }
	scaled := func(e int) float32 { return float32(math.Ldexp(1+rng.Float64(), e)) }
	short := func(e int) float32 { return float32(math.Ldexp(float64(1+rng.IntN(255)), e)) }
	switch rng.IntN(7) {
	case 0:
		return bits(), bits(), bits()
	case 1:
		return scaled(0), scaled(0), scaled(0)
	case 2: // ties and almost ties: a short product half a unit below z
		z = scaled(0)
		return short(-20 + rng.IntN(8)), short(-20 + rng.IntN(8)), z
	case 3: // the result is subnormal
		return scaled(-70 - rng.IntN(10)), scaled(-60 - rng.IntN(20)), scaled(-126 - rng.IntN(24))
	case 4: // cancellation
		x, y = scaled(rng.IntN(20)), scaled(rng.IntN(20))
		return x, y, -x * y
	case 5: // the edge of overflow
		return scaled(63), scaled(64), -scaled(126 + rng.IntN(2))
	}
	x, y = short(rng.IntN(10)), short(rng.IntN(10))
	return x, y, float32(math.Ldexp(float64(rng.IntN(3)-1), -rng.IntN(150))) // exact, or a hair beside it
}

// TestExactFMA compares the emulated float32 FMA with big.Float, rounded once.
func TestExactFMA(t *testing.T) {
	rng := rand.New(rand.NewPCG(33, 34))
	cases := 400_000
	if testing.Short() {
		cases = 50_000
	}
	for range cases {
		x, y, z := hardCases(rng)
		for _, z := range []float32{z, -z} {
			got := exactFMA(x, y, z)
			want, known := bigFMA(x, y, z)
			if known && math.Float32bits(got) != math.Float32bits(want) {
				t.Fatalf("fma(%x, %x, %x) is %x, want %x", x, y, z, got, want)
			}
		}
	}
}

// bigFMA is x*y + z in 1000 bits, rounded to float32; not for NaN, Inf and zeros,
// whose signs big.Float does not have.
func bigFMA(x, y, z float32) (result float32, known bool) {
	for _, v := range []float32{x, y, z} {
		if v-v != 0 {
			return 0, false
		}
	}
	of := func(v float32) *big.Float { return new(big.Float).SetPrec(1000).SetFloat64(float64(v)) }
	sum := new(big.Float).SetPrec(1000).Mul(of(x), of(y))
	sum.Add(sum, of(z))
	if sum.Sign() == 0 {
		return 0, false
	}
	result, _ = sum.Float32()
	return result, true
}

// TestFusedHardware compares the emulated FMA with the machine's, which the assembly
// uses, on many more cases.
func TestFusedHardware(t *testing.T) {
	var fastest *set
	for _, s := range usable() {
		if s.needs != 0 {
			fastest = s
		}
	}
	if fastest == nil {
		t.Skip("no assembly")
	}
	rng := rand.New(rand.NewPCG(35, 36))
	rounds := 200
	if testing.Short() || raceEnabled {
		rounds = 10
	}
	const n = 4096
	x, z := make([]float32, n), make([]float32, n)
	for range rounds {
		_, y, _ := hardCases(rng)
		for i := range x {
			x[i], _, z[i] = hardCases(rng)
		}
		got := append([]float32(nil), z...)
		fastest.f32.axpy(y, x, got)
		for i := range got {
			if want := exactFMA(y, x[i], z[i]); bitsOf(got[i]) != bitsOf(want) {
				t.Fatalf("fma(%x, %x, %x) is %x in assembly, %x emulated", y, x[i], z[i], got[i], want)
			}
		}
	}
}
