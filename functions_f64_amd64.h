// exp, log, sigmoid and tanh of float64: functions.go, a vector at a time. The
// comments give its lines. Each takes x in V0, leaves its result there, and uses
// V1 up to V4 (EXP), V8 (LOG, SIGMOID) or V10 (TANH).

CONST(one, (1.0))
CONST(two, (2.0))
CONST(half, (0.5))
CONST(sign, 0x8000000000000000)
CONST(nan, 0x7ff8000000000000)
CONST(inf, 0x7ff0000000000000)
CONST(minusInf, 0xfff0000000000000)

CONST(expMax, (710.0))
CONST(expMin, (-746.0))
CONST(log2e, (1.44269504088896341))
CONST(round, (6755399441055744.0))
CONST(expHi, 0x3fe62e42fee00000)
CONST(expLo, 0x3dea39ef35793c76)
CONST(exp13, 0x3de6124613a86d09) // 1/13!
CONST(exp12, 0x3e21eed8eff8d898) // 1/12!
CONST(exp11, 0x3e5ae64567f544e4) // 1/11!
CONST(exp10, 0x3e927e4fb7789f5c) // 1/10!
CONST(exp9, 0x3ec71de3a556c734) // 1/9!
CONST(exp8, 0x3efa01a01a01a01a) // 1/8!
CONST(exp7, 0x3f2a01a01a01a01a) // 1/7!
CONST(exp6, 0x3f56c16c16c16c17) // 1/6!
CONST(exp5, 0x3f81111111111111) // 1/5!
CONST(exp4, 0x3fa5555555555555) // 1/4!
CONST(exp3, 0x3fc5555555555555) // 1/3!
CONST(exp2, 0x3fe0000000000000) // 1/2!

// VMIN and VMAX have x in the place whose NaN they yield.
#define EXP \
	VMOVU   expMax<>(SB), V1 \
	VMIN    V0, V1, V0 \ // if x > 710 { x = 710 }
	VMOVU   expMin<>(SB), V1 \
	VMAX    V0, V1, V0 \ // if x < -746 { x = -746 }
	VMOVU   round<>(SB), V1 \
	FMA231  log2e<>(SB), V0, V1 \ // t := fma(x, log2e, round)
	VSUB    round<>(SB), V1, V2 \ // n := t - round
	FNMA231 expHi<>(SB), V2, V0 \ // r := fma(n, -hi, x)
	FNMA231 expLo<>(SB), V2, V0 \ // r = fma(n, -lo, r)
	VMOVU   exp13<>(SB), V3 \
	FMA213  exp12<>(SB), V0, V3 \ // q := fma(1/13!, r, 1/12!), and so on
	FMA213  exp11<>(SB), V0, V3 \
	FMA213  exp10<>(SB), V0, V3 \
	FMA213  exp9<>(SB), V0, V3 \
	FMA213  exp8<>(SB), V0, V3 \
	FMA213  exp7<>(SB), V0, V3 \
	FMA213  exp6<>(SB), V0, V3 \
	FMA213  exp5<>(SB), V0, V3 \
	FMA213  exp4<>(SB), V0, V3 \
	FMA213  exp3<>(SB), V0, V3 \
	FMA213  exp2<>(SB), V0, V3 \
	VMUL    V0, V0, V4 \ // rr
	FMA213  V0, V4, V3 \ // p := fma(rr, q, r) + 1
	VADD    one<>(SB), V3, V3 \
	SCALE // p * 2^n

CONST(logSmall, 0x0010000000000000)
CONST(logScale, (18014398509481984.0))
CONST(logBias, (-1023.0))
CONST(logBiasSmall, (-1077.0))
CONST(logTop, 0x00095f619980c433)
CONST(logHalf, 0x3fe6a09e667f3bcd)
CONST(mantissa, 0x000fffffffffffff)
CONST(logInt, 0x4330000000000000) // 2^52; an integer ORed to it is added
CONST(logHi, (6.93147180369123816490e-01))
CONST(logLo, (1.90821492927058770002e-10))
CONST(log1, (6.666666666666735130e-01))
CONST(log2, (3.999999999940941908e-01))
CONST(log3, (2.857142874366239149e-01))
CONST(log4, (2.222219843214978396e-01))
CONST(log5, (1.818357216161805012e-01))
CONST(log6, (1.531383769920937332e-01))
CONST(log7, (1.479819860511658591e-01))

#define LOG \
	VMOVU   V0, V8 \
	VMUL    logScale<>(SB), V0, V2 \
	VMOVU   logBias<>(SB), V3 \ // k := -1023
	PICK(LT, logSmall<>(SB), V8, V2, V0) \ // if x < 0x1p-1022 { x *= 0x1p54
	PICK(LT, logSmall<>(SB), V8, logBiasSmall<>(SB), V3) \ // k = -1023 - 54 }
	VPADDQ  logTop<>(SB), V0, V0 \ // u
	VPSRLQ  $52, V0, V4 \
	VORPS   logInt<>(SB), V4, V4 \
	VSUB    logInt<>(SB), V4, V4 \
	VADD    V4, V3, V3 \ // k += u>>52
	VANDPS  mantissa<>(SB), V0, V0 \
	VPADDQ  logHalf<>(SB), V0, V0 \
	VSUB    one<>(SB), V0, V0 \ // f
	VADD    two<>(SB), V0, V5 \
	VDIV    V5, V0, V5 \ // s := f / (f + 2)
	VMUL    V5, V5, V6 \ // z
	VMUL    V6, V6, V7 \ // w
	VMOVU   log7<>(SB), V1 \
	FMA213  log5<>(SB), V7, V1 \
	FMA213  log3<>(SB), V7, V1 \
	FMA213  log1<>(SB), V7, V1 \ // odd
	VMUL    V1, V6, V1 \
	VMOVU   log6<>(SB), V2 \
	FMA213  log4<>(SB), V7, V2 \
	FMA213  log2<>(SB), V7, V2 \ // even
	FMA231  V2, V7, V1 \ // r := fma(w, even, z*odd)
	VMUL    half<>(SB), V0, V2 \
	VMUL    V0, V2, V2 \ // h
	VADD    V1, V2, V1 \
	VMUL    logLo<>(SB), V3, V4 \
	FMA213  V4, V5, V1 \ // y := fma(s, h+r, k*lo)
	VSUB    V2, V1, V1 \
	VADD    V0, V1, V0 \
	FMA231  logHi<>(SB), V3, V0 \ // fma(k, hi, (y-h)+f)
	VXORPS  V2, V2, V2 \
	PICK(NLT, inf<>(SB), V8, V8, V0) \ // x if x is +Inf or NaN
	PICK(LT, V2, V8, nan<>(SB), V0) \ // NaN if x < 0
	PICK(EQ, V2, V8, minusInf<>(SB), V0) // -Inf if x == 0

#define SIGMOID \
	VMOVU   V0, V8 \
	VORPS   sign<>(SB), V0, V0 \
	EXP \ // e := exp(-|x|)
	VMOVU   one<>(SB), V1 \
	VADD    V1, V0, V2 \
	VXORPS  V3, V3, V3 \
	PICK(LT, V3, V8, V0, V1) \ // e if x < 0, else 1
	VDIV    V2, V1, V0 // over e + 1

CONST(tanhSplit, (0.625))
CONST(tanhP2, (-9.64399179425052238628e-1))
CONST(tanhP1, (-9.92877231001918586564e1))
CONST(tanhP0, (-1.61468768441708447952e3))
CONST(tanhQ2, (1.12811678491632931402e2))
CONST(tanhQ1, (2.23548839060100448583e3))
CONST(tanhQ0, (4.84406305325125486048e3))

#define TANH \
	VMOVU   sign<>(SB), V1 \
	VANDPS  V1, V0, V8 \ // the sign of x
	VANDNPS V0, V1, V9 \ // a := |x|
	VMUL    V9, V9, V1 \ // z
	VMOVU   tanhP2<>(SB), V10 \
	FMA213  tanhP1<>(SB), V1, V10 \
	FMA213  tanhP0<>(SB), V1, V10 \ // p
	VADD    tanhQ2<>(SB), V1, V2 \
	FMA213  tanhQ1<>(SB), V1, V2 \
	FMA213  tanhQ0<>(SB), V1, V2 \ // q
	VDIV    V2, V10, V10 \
	VMUL    V1, V10, V10 \
	FMA213  V9, V9, V10 \ // fma(p/q*z, a, a)
	VADD    V9, V9, V0 \
	EXP \
	VMOVU   one<>(SB), V1 \
	VMOVU   two<>(SB), V2 \
	VADD    V1, V0, V0 \
	VDIV    V0, V2, V0 \
	VSUB    V0, V1, V0 \ // 1 - 2/(exp(a+a)+1)
	PICK(LT, tanhSplit<>(SB), V9, V10, V0) \
	VORPS   V8, V0, V0
