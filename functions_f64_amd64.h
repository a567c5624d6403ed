// exp, log, sigmoid and tanh of float64: functions.go, a vector at a time. The comments
// give its lines. functions_amd64.h has the stages that both types share.

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
#define CLAMP(x, k, n, q, t, keep) \
	VMOVC expMax<>(SB), k \
	VMIN  x, k, x \ // if x > 710 { x = 710 }
	VMOVC expMin<>(SB), k \
	VMAX  x, k, x // if x < -746 { x = -746 }
#define POLY1(x, k, n, q, t, keep) \
	VMOVC  exp13<>(SB), q \ // q := fma(1/13!, r, 1/12!), and so on
	FMA213C exp12<>(SB), x, q \
	FMA213C exp11<>(SB), x, q
#define POLY2(x, k, n, q, t, keep) \
	FMA213C exp10<>(SB), x, q \
	FMA213C exp9<>(SB), x, q \
	FMA213C exp8<>(SB), x, q
#define POLY3(x, k, n, q, t, keep) \
	FMA213C exp7<>(SB), x, q \
	FMA213C exp6<>(SB), x, q \
	FMA213C exp5<>(SB), x, q
#define POLY4(x, k, n, q, t, keep) \
	FMA213C exp4<>(SB), x, q \
	FMA213C exp3<>(SB), x, q \
	FMA213C exp2<>(SB), x, q
#define EXP(ON) ON(CLAMP); ON(WHOLE); ON(REST); ON(POLY1); ON(POLY2); ON(POLY3); ON(POLY4); ON(POWER)

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

// LOG takes x in V0, leaves its result there, and uses V1 to V8.
#define LOG \
	VMOVU   V0, V8 \
	VMULC   logScale<>(SB), V0, V2 \
	VMOVC   logBias<>(SB), V3 \ // k := -1023
	PICK(LT, logSmall<>(SB), V8, V2, V0) \ // if x < 0x1p-1022 { x *= 0x1p54
	PICK(LT, logSmall<>(SB), V8, logBiasSmall<>(SB), V3) \ // k = -1023 - 54 }
	VPADDC  logTop<>(SB), V0, V0 \ // u
	VPSRLQ  $52, V0, V4 \
	VORC    logInt<>(SB), V4, V4 \
	VSUBC   logInt<>(SB), V4, V4 \
	VADD    V4, V3, V3 \ // k += u>>52
	VANDC   mantissa<>(SB), V0, V0 \
	VPADDC  logHalf<>(SB), V0, V0 \
	VSUBC   one<>(SB), V0, V0 \ // f
	VADDC   two<>(SB), V0, V5 \
	VDIV    V5, V0, V5 \ // s := f / (f + 2)
	VMUL    V5, V5, V6 \ // z
	VMUL    V6, V6, V7 \ // w
	VMOVC   log7<>(SB), V1 \
	FMA213C log5<>(SB), V7, V1 \
	FMA213C log3<>(SB), V7, V1 \
	FMA213C log1<>(SB), V7, V1 \ // odd
	VMUL    V1, V6, V1 \
	VMOVC   log6<>(SB), V2 \
	FMA213C log4<>(SB), V7, V2 \
	FMA213C log2<>(SB), V7, V2 \ // even
	FMA231  V2, V7, V1 \ // r := fma(w, even, z*odd)
	VMULC   half<>(SB), V0, V2 \
	VMUL    V0, V2, V2 \ // h
	VADD    V1, V2, V1 \
	VMULC   logLo<>(SB), V3, V4 \
	FMA213  V4, V5, V1 \ // y := fma(s, h+r, k*lo)
	VSUB    V2, V1, V1 \
	VADD    V0, V1, V0 \
	FMA231C logHi<>(SB), V3, V0 \ // fma(k, hi, (y-h)+f)
	VXORPS  V2, V2, V2 \
	PICK(NLT, inf<>(SB), V8, V8, V0) \ // x if x is +Inf or NaN
	PICK(LT, V2, V8, nan<>(SB), V0) \ // NaN if x < 0
	PICK(EQ, V2, V8, minusInf<>(SB), V0) // -Inf if x == 0

CONST(tanhSplit, (0.625))
CONST(tanhP2, (-9.64399179425052238628e-1))
CONST(tanhP1, (-9.92877231001918586564e1))
CONST(tanhP0, (-1.61468768441708447952e3))
CONST(tanhQ2, (1.12811678491632931402e2))
CONST(tanhQ1, (2.23548839060100448583e3))
CONST(tanhQ0, (4.84406305325125486048e3))

#define SMALL(x, k, n, q, t, keep) \
	VMOVC   sign<>(SB), k \
	VANDNPS keep, k, t \ // a := |x|
	VMUL    t, t, k \ // z
	VMOVC   tanhP2<>(SB), q \
	FMA213C tanhP1<>(SB), k, q \
	FMA213C tanhP0<>(SB), k, q \ // p
	VADDC   tanhQ2<>(SB), k, n \
	FMA213C tanhQ1<>(SB), k, n \
	FMA213C tanhQ0<>(SB), k, n \ // q
	VDIV    n, q, q \
	VMUL    k, q, q \
	FMA213  t, t, q // fma(p/q*z, a, a)
