// exp, log, sigmoid and tanh of float32: functions.go, a vector at a time. The
// comments give its lines. Each takes x in V0, leaves its result there, and uses
// V1 up to V4 (EXP), V8 (LOG, SIGMOID) or V10 (TANH).

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
#define EXP \
	VMOVU   expMax<>(SB), V1 \
	VMIN    V0, V1, V0 \ // if x > 89 { x = 89 }
	VMOVU   expMin<>(SB), V1 \
	VMAX    V0, V1, V0 \ // if x < -104 { x = -104 }
	VMOVU   round<>(SB), V1 \
	FMA231  log2e<>(SB), V0, V1 \ // t := fma(x, log2e, round)
	VSUB    round<>(SB), V1, V2 \ // n := t - round
	FNMA231 expHi<>(SB), V2, V0 \ // r := fma(n, -hi, x)
	FNMA231 expLo<>(SB), V2, V0 \ // r = fma(n, -lo, r)
	VMOVU   exp7<>(SB), V3 \
	FMA213  exp6<>(SB), V0, V3 \ // q := fma(c7, r, c6), and so on
	FMA213  exp5<>(SB), V0, V3 \
	FMA213  exp4<>(SB), V0, V3 \
	FMA213  exp3<>(SB), V0, V3 \
	FMA213  exp2<>(SB), V0, V3 \
	VMUL    V0, V0, V4 \ // rr
	FMA213  V0, V4, V3 \ // p := fma(rr, q, r) + 1
	VADD    one<>(SB), V3, V3 \
	SCALE // p * 2^n

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

#define LOG \
	VMOVU   V0, V8 \
	VMUL    logScale<>(SB), V0, V2 \
	VMOVU   logBias<>(SB), V3 \ // k := -127
	PICK(LT, logSmall<>(SB), V8, V2, V0) \ // if x < 0x1p-126 { x *= 0x1p25
	PICK(LT, logSmall<>(SB), V8, logBiasSmall<>(SB), V3) \ // k = -127 - 25 }
	VPADDD  logTop<>(SB), V0, V0 \ // u
	VPSRLD  $23, V0, V4 \
	VCVTDQ2PS V4, V4 \
	VADD    V4, V3, V3 \ // k += u>>23
	VANDPS  mantissa<>(SB), V0, V0 \
	VPADDD  logHalf<>(SB), V0, V0 \
	VSUB    one<>(SB), V0, V0 \ // f
	VADD    two<>(SB), V0, V5 \
	VDIV    V5, V0, V5 \ // s := f / (f + 2)
	VMUL    V5, V5, V6 \ // z
	VMUL    V6, V6, V7 \ // w
	VMOVU   log1<>(SB), V1 \
	FMA231  log3<>(SB), V7, V1 \
	VMUL    V1, V6, V1 \ // z*fma(w, c3, c1)
	VMOVU   log2<>(SB), V2 \
	FMA231  log4<>(SB), V7, V2 \
	FMA231  V2, V7, V1 \ // r
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
CONST(tanh9, (-5.70498872745e-3))
CONST(tanh7, (2.06390887954e-2))
CONST(tanh5, (-5.37397155531e-2))
CONST(tanh3, (1.33314422036e-1))
CONST(tanh1, (-3.33332819422e-1))

#define TANH \
	VMOVU   sign<>(SB), V1 \
	VANDPS  V1, V0, V8 \ // the sign of x
	VANDNPS V0, V1, V9 \ // a := |x|
	VMUL    V9, V9, V1 \ // z
	VMOVU   tanh9<>(SB), V10 \
	FMA213  tanh7<>(SB), V1, V10 \ // p := fma(c9, z, c7), and so on
	FMA213  tanh5<>(SB), V1, V10 \
	FMA213  tanh3<>(SB), V1, V10 \
	FMA213  tanh1<>(SB), V1, V10 \
	VMUL    V1, V10, V10 \
	FMA213  V9, V9, V10 \ // fma(p*z, a, a)
	VADD    V9, V9, V0 \
	EXP \
	VMOVU   one<>(SB), V1 \
	VMOVU   two<>(SB), V2 \
	VADD    V1, V0, V0 \
	VDIV    V0, V2, V0 \
	VSUB    V0, V1, V0 \ // 1 - 2/(exp(a+a)+1)
	PICK(LT, tanhSplit<>(SB), V9, V10, V0) \
	VORPS   V8, V0, V0
