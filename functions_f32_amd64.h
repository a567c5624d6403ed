// exp, log, sigmoid and tanh of float32: functions.go, a vector at a time. The comments
// give its lines. functions_amd64.h has the stages that both types share.

CONST(one, (1.0))
CONST(two, (2.0))
CONST(half, (0.5))
CONST(sign, 0x80000000)
CONST(nan, 0x7fc00000)
CONST(inf, 0x7f800000)
CONST(minusInf, 0xff800000)

CONST(expMax, (89.0))
CONST(expMin, (-104.0))
CONST(log2e, (1.44269504088896341))
CONST(round, (12582912.0))
CONST(expHi, (0.693145751953125))
CONST(expLo, (1.428606765330187e-06))
CONST(exp7, (1.9875691500e-4))
CONST(exp6, (1.3981999507e-3))
CONST(exp5, (8.3334519073e-3))
CONST(exp4, (4.1665795894e-2))
CONST(exp3, (1.6666665459e-1))
CONST(exp2, (5.0000001201e-1))

// VMIN and VMAX have x in the place whose NaN they yield.
#define CLAMP(x, k, n, q, t, keep) \
	VMOVC expMax<>(SB), k \
	VMIN  x, k, x \ // if x > 89 { x = 89 }
	VMOVC expMin<>(SB), k \
	VMAX  x, k, x // if x < -104 { x = -104 }
#define POLY1(x, k, n, q, t, keep) \
	VMOVC  exp7<>(SB), q \ // q := fma(c7, r, c6), and so on
	FMA213C exp6<>(SB), x, q \
	FMA213C exp5<>(SB), x, q
#define POLY2(x, k, n, q, t, keep) \
	FMA213C exp4<>(SB), x, q \
	FMA213C exp3<>(SB), x, q \
	FMA213C exp2<>(SB), x, q
#define EXP(ON) ON(CLAMP); ON(WHOLE); ON(REST); ON(POLY1); ON(POLY2); ON(POWER)

CONST(logSmall, 0x00800000)
CONST(logScale, (33554432.0))
CONST(logBias, (-127.0))
CONST(logBiasSmall, (-152.0))
CONST(logTop, 0x004afb0d)
CONST(logHalf, 0x3f3504f3)
CONST(mantissa, 0x007fffff)
CONST(logHi, (6.9313812256e-01))
CONST(logLo, (9.0580006145e-06))
CONST(log1, (0.66666662693))
CONST(log2, (0.40000972152))
CONST(log3, (0.28498786688))
CONST(log4, (0.24279078841))

// LOG takes x in V0, leaves its result there, and uses V1 to V8.
#define LOG \
	VMOVU   V0, V8 \
	VMULC   logScale<>(SB), V0, V2 \
	VMOVC   logBias<>(SB), V3 \ // k := -127
	PICK(LT, logSmall<>(SB), V8, V2, V0) \ // if x < 0x1p-126 { x *= 0x1p25
	PICK(LT, logSmall<>(SB), V8, logBiasSmall<>(SB), V3) \ // k = -127 - 25 }
	VPADDC  logTop<>(SB), V0, V0 \ // u
	VPSRLD  $23, V0, V4 \
	VCVTDQ2PS V4, V4 \
	VADD    V4, V3, V3 \ // k += u>>23
	VANDC   mantissa<>(SB), V0, V0 \
	VPADDC  logHalf<>(SB), V0, V0 \
	VSUBC   one<>(SB), V0, V0 \ // f
	VADDC   two<>(SB), V0, V5 \
	VDIV    V5, V0, V5 \ // s := f / (f + 2)
	VMUL    V5, V5, V6 \ // z
	VMUL    V6, V6, V7 \ // w
	VMOVC   log1<>(SB), V1 \
	FMA231C log3<>(SB), V7, V1 \
	VMUL    V1, V6, V1 \ // z*fma(w, c3, c1)
	VMOVC   log2<>(SB), V2 \
	FMA231C log4<>(SB), V7, V2 \
	FMA231  V2, V7, V1 \ // r
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
CONST(tanh9, (-5.70498872745e-3))
CONST(tanh7, (2.06390887954e-2))
CONST(tanh5, (-5.37397155531e-2))
CONST(tanh3, (1.33314422036e-1))
CONST(tanh1, (-3.33332819422e-1))

#define SMALL(x, k, n, q, t, keep) \
	VMOVC   sign<>(SB), k \
	VANDNPS keep, k, t \ // a := |x|
	VMUL    t, t, k \ // z
	VMOVC   tanh9<>(SB), q \
	FMA213C tanh7<>(SB), k, q \ // p := fma(c9, z, c7), and so on
	FMA213C tanh5<>(SB), k, q \
	FMA213C tanh3<>(SB), k, q \
	FMA213C tanh1<>(SB), k, q \
	VMUL    k, q, q \
	FMA213  t, t, q // fma(p*z, a, a)
