// The vocabulary of float32: the same names stand for float64 in f64_amd64.h.

#define SIZE    4
#define LOGSIZE 2
#define BCAST   VBROADCASTSS
#define VMOVU   VMOVUPS
#define VADD    VADDPS
#define VSUB    VSUBPS
#define VMUL    VMULPS
#define VDIV    VDIVPS
#define VSQRT   VSQRTPS
#define VMIN    VMINPS
#define VMAX    VMAXPS
#define VCMP    VCMPPS
#define FMA213  VFMADD213PS
#define FMA231  VFMADD231PS
#define FNMA231 VFNMADD231PS
#define VSCALEF VSCALEFPS
#define MASKMOV VMASKMOVPS
#define VBLENDV VBLENDVPS
#define VBLENDM VBLENDMPS
#define PBCAST  VPBROADCASTD
#define PCMPGT  VPCMPGTD

// An operand that is a constant, read once and broadcast: for these instructions AVX-512
// has a form, which saves reading 64 bytes that may lie in two lines of the cache.
#define FMA213B VFMADD213PS.BCST
#define FMA231B VFMADD231PS.BCST
#define FNMA231B VFNMADD231PS.BCST
#define VADDB VADDPS.BCST
#define VSUBB VSUBPS.BCST
#define VMULB VMULPS.BCST
#define VORB VORPS.BCST
#define VANDB VANDPS.BCST
#define VPADDB VPADDD.BCST
#define VOR   VORPS
#define VAND  VANDPS
#define VPADD VPADDD

// CMPONE compares the bits of x with those of 1; r is clobbered.
#define CMPONE(x, r) CMPL x, $0x3f800000

// FOLD(OP) is the end of a reduction: the upper half of Y0's lanes joins the lower
// until one is left.
#define FOLD(OP) \
	VEXTRACTF128 $1, Y0, X1 \
	OP(X1, X0) \
	VPERMILPS $0x4e, X0, X1 \
	OP(X1, X0) \
	VPERMILPS $0xb1, X0, X1 \
	OP(X1, X0)

// CONST defines a constant in all lanes of any vector, to be read as an operand.
#define CONST(name, x) \
	DATA name<>+0(SB)/4, $x \
	DATA name<>+4(SB)/4, $x \
	DATA name<>+8(SB)/4, $x \
	DATA name<>+12(SB)/4, $x \
	DATA name<>+16(SB)/4, $x \
	DATA name<>+20(SB)/4, $x \
	DATA name<>+24(SB)/4, $x \
	DATA name<>+28(SB)/4, $x \
	DATA name<>+32(SB)/4, $x \
	DATA name<>+36(SB)/4, $x \
	DATA name<>+40(SB)/4, $x \
	DATA name<>+44(SB)/4, $x \
	DATA name<>+48(SB)/4, $x \
	DATA name<>+52(SB)/4, $x \
	DATA name<>+56(SB)/4, $x \
	DATA name<>+60(SB)/4, $x \
	GLOBL name<>(SB), RODATA|NOPTR, $64
