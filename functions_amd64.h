// The stages of exp, sigmoid and tanh that are the same for both types, and the rows that
// they make up: functions.go, some vectors at a time. The comments give its lines.
//
// A function is a row of stages, each of them done ON one set of registers, or ON all
// sets before the next stage, so that the units find work in one set while another
// waits. A stage takes x, four more registers, and one that EXP leaves alone.

#define WHOLE(x, k, n, q, t, keep) \
	VMOVC  round<>(SB), k \
	FMA231C log2e<>(SB), x, k \ // t := fma(x, log2e, round)
	VSUBC  round<>(SB), k, n // n := t - round

#define REST(x, k, n, q, t, keep) \
	FNMA231C expHi<>(SB), n, x \ // r := fma(n, -hi, x)
	FNMA231C expLo<>(SB), n, x // r = fma(n, -lo, r)

#define POWER(x, k, n, q, t, keep) \
	VMUL   x, x, t \ // rr
	FMA213 x, t, q \ // p := fma(rr, q, r) + 1
	VADDC  one<>(SB), q, q \
	SCALE(x, k, n, q) // p * 2^n

#define NEGATIVE(x, k, n, q, t, keep) \
	VMOVU x, keep \
	VORC  sign<>(SB), x, x // -|x|

#define QUOTIENT(x, k, n, q, t, keep) \
	VMOVC  one<>(SB), k \
	VADD   k, x, n \
	VXORPS t, t, t \
	PICK(LT, t, keep, x, k) \ // e if x < 0, else 1
	VDIV   n, k, x // over e + 1

#define SIGMOID(ON) ON(NEGATIVE); EXP(ON); ON(QUOTIENT) // e := exp(-|x|)

#define TWICE(x, k, n, q, t, keep) \
	VMOVU   x, keep \
	VMOVC   sign<>(SB), k \
	VANDNPS x, k, x \
	VADD    x, x, x // a + a

#define LARGE(x, k, n, q, t, keep) \
	VMOVC   one<>(SB), k \
	VMOVC   two<>(SB), n \
	VADD    k, x, x \
	VDIV    x, n, x \
	VSUB    x, k, x // 1 - 2/(exp(a+a)+1)

#define SIGNED(x, k, n, q, t, keep) \
	PICK(LT, tanhSplit<>(SB), t, q, x) \ // if a < 0.625
	VANDC   sign<>(SB), keep, k \
	VORPS   k, x, x

#define TANH(ON) ON(TWICE); EXP(ON); ON(LARGE); ON(SMALL); ON(SIGNED)
