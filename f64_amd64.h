// The vocabulary of float64: the same names stand for float32 in f32_amd64.h.

#define SIZE    8
#define LOGSIZE 3
#define BCAST   VBROADCASTSD
#define VMOVU   VMOVUPD
#define VADD    VADDPD
#define VSUB    VSUBPD
#define VMUL    VMULPD
#define VDIV    VDIVPD
#define VSQRT   VSQRTPD
#define VMIN    VMINPD
#define VMAX    VMAXPD
#define VCMP    VCMPPD
#define FMA213  VFMADD213PD
#define FMA231  VFMADD231PD
#define FNMA231 VFNMADD231PD
#define VSCALEF VSCALEFPD
#define MASKMOV VMASKMOVPD
#define VBLENDV VBLENDVPD
#define VBLENDM VBLENDMPD
#define PBCAST  VPBROADCASTQ
#define PCMPGT  VPCMPGTQ

// An operand that is a constant, read once and broadcast: for these instructions AVX-512
// has a form, which saves reading 64 bytes that may lie in two lines of the cache.
#define FMA213B VFMADD213PD.BCST
#define FMA231B VFMADD231PD.BCST
#define FNMA231B VFNMADD231PD.BCST
#define VADDB VADDPD.BCST
#define VSUBB VSUBPD.BCST
#define VMULB VMULPD.BCST
#define VORB VORPD.BCST
#define VANDB VANDPD.BCST
#define VPADDB VPADDQ.BCST
#define VOR   VORPD
#define VAND  VANDPD
#define VPADD VPADDQ

// CMPONE compares the bits of x with those of 1; r is clobbered.
#define CMPONE(x, r) MOVQ $0x3ff0000000000000, r; CMPQ r, x

// FOLD(OP) is the end of a reduction: the upper half of Y0's lanes joins the lower
// until one is left.
#define FOLD(OP) \
	VEXTRACTF128 $1, Y0, X1 \
	OP(X1, X0) \
	VPERMILPD $1, X0, X1 \
	OP(X1, X0)

// CONST defines a constant in all lanes of any vector, to be read as an operand.
#define CONST(name, x) \
	DATA name<>+0(SB)/8, $x \
	DATA name<>+8(SB)/8, $x \
	DATA name<>+16(SB)/8, $x \
	DATA name<>+24(SB)/8, $x \
	DATA name<>+32(SB)/8, $x \
	DATA name<>+40(SB)/8, $x \
	DATA name<>+48(SB)/8, $x \
	DATA name<>+56(SB)/8, $x \
	GLOBL name<>(SB), RODATA|NOPTR, $64
