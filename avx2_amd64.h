// The vocabulary of AVX2: the same names stand for AVX-512 in avx512_amd64.h.

#define V0  Y0
#define V1  Y1
#define V2  Y2
#define V3  Y3
#define V4  Y4
#define V5  Y5
#define V6  Y6
#define V7  Y7
#define V8  Y8
#define V9  Y9
#define V10 Y10
#define V11 Y11

#define VBYTES 32

// Y15 is the mask of a partial vector. After COUNT(n), which keeps n in Y14,
// FIRSTOF(i) lets the lanes of vector i pass that come before element n. Lanes
// masked out of a load are 0, and their memory is not touched.
#define COUNT(n)       VMOVQ n, X14; PBCAST X14, Y14
#define FIRSTOF(i)     PCMPGT iota<>+32*i(SB), Y14, Y15
#define LOADM(mem, v)  MASKMOV mem, Y15, v
#define STOREM(v, mem) MASKMOV v, Y15, mem
#define ELSE(w, v)     VBLENDV Y15, v, w, v // lanes masked out of v from w

// Instructions whose first operand is a constant.
#define FMA213C FMA213
#define FMA231C FMA231
#define FNMA231C FNMA231
#define VADDC VADD
#define VSUBC VSUB
#define VMULC VMUL
#define VORC VOR
#define VANDC VAND
#define VPADDC VPADD
#define VMOVC VMOVU

// PICK(pred, y, x, yes, v) replaces v by yes where x pred y.
#define PICK(pred, y, x, yes, v) VCMP $pred, y, x, Y13; VBLENDV Y13, yes, v, v

// Whether there was a NaN: Y12 gathers it.
#define NONAN     VXORPS Y12, Y12, Y12
#define ANYNAN(v) VCMP $UNORD, v, v, Y13; VORPS Y13, Y12, Y12
#define NANS(r)   VMOVMSKPS Y12, r

// The sets of registers that a function works on at a time, see functions_amd64.h.
#define SETS 2
#define ON1(STAGE)   STAGE(V0, V1, V2, V3, V4, V10)
#define ONALL(STAGE) ON1(STAGE); STAGE(V5, V6, V7, V8, V9, V11)
#define LOADALL      VMOVU (SI), V0; VMOVU VBYTES(SI), V5
#define STOREALL     VMOVU V0, (DI); VMOVU V5, VBYTES(DI)
