// The vocabulary of AVX-512: the same names stand for AVX2 in avx2_amd64.h.

#define V0  Z0
#define V1  Z1
#define V2  Z2
#define V3  Z3
#define V4  Z4
#define V5  Z5
#define V6  Z6
#define V7  Z7
#define V8  Z8
#define V9  Z9
#define V10 Z10
#define V11 Z11

#define VBYTES 64

// K1 is the mask of a partial vector. After COUNT(n), which keeps n ones in AX,
// FIRSTOF(i) lets the lanes of vector i pass that come before element n. Lanes
// masked out of a load are 0, and their memory is not touched.
#define COUNT(n)       MOVQ n, CX; MOVL $1, AX; SHLL CX, AX; DECL AX
#define FIRSTOF(i)     MOVL AX, DX; SHRL $(LANES*i), DX; KMOVW DX, K1
#define LOADM(mem, v)  VMOVU.Z mem, K1, v
#define STOREM(v, mem) VMOVU v, K1, mem
#define ELSE(w, v)     VBLENDM v, w, K1, v // lanes masked out of v from w

// Instructions whose first operand is a constant.
#define FMA213C FMA213B
#define FMA231C FMA231B
#define FNMA231C FNMA231B
#define VADDC VADDB
#define VSUBC VSUBB
#define VMULC VMULB
#define VORC VORB
#define VANDC VANDB
#define VPADDC VPADDB
#define VMOVC BCAST

// PICK(pred, y, x, yes, v) replaces v by yes where x pred y.
#define PICK(pred, y, x, yes, v) VCMP $pred, y, x, K2; VMOVU yes, K2, v

// SCALE(x, k, n, p) sets x to p * 2^n.
#define SCALE(x, k, n, p) VSCALEF n, p, x

// Whether there was a NaN: K3 gathers it.
#define NONAN     KXORW K3, K3, K3
#define ANYNAN(v) VCMP $UNORD, v, v, K2; KORW K2, K3, K3
#define NANS(r)   KMOVW K3, r

// The sets of registers that a function works on at a time, see functions_amd64.h.
#define SETS 4
#define ON1(STAGE)   STAGE(V0, V1, V2, V3, V4, V10)
#define ONALL(STAGE) ON1(STAGE); STAGE(V5, V6, V7, V8, V9, V11); STAGE(Z16, Z17, Z18, Z19, Z20, Z26); STAGE(Z21, Z22, Z23, Z24, Z25, Z27)
#define LOADALL      VMOVU (SI), V0; VMOVU VBYTES(SI), V5; VMOVU (2*VBYTES)(SI), Z16; VMOVU (3*VBYTES)(SI), Z21
#define STOREALL     VMOVU V0, (DI); VMOVU V5, VBYTES(DI); VMOVU Z16, (2*VBYTES)(DI); VMOVU Z21, (3*VBYTES)(DI)
