// The loops of the vector operations, for any instruction set and element type:
// the files that include this one include their vocabularies first.

// Predicates of VCMP. Those with an N are true for a NaN.
#define EQ    0
#define LT    1
#define LE    2
#define UNORD 3
#define NLT   5

#define LANES (VBYTES/SIZE)

// MAP1(OP) applies OP to whole vectors, then under a mask to what is left. OP finds
// x in V0, leaves its result there and may use V1 to V10. MAP2 has y in V1 as well.
#define MAP1(OP) \
	SUBQ   $LANES, CX \
	JLT    tail \
loop: \
	VMOVU  (SI), V0 \
	OP \
	VMOVU  V0, (DI) \
	ADDQ   $VBYTES, SI \
	ADDQ   $VBYTES, DI \
	SUBQ   $LANES, CX \
	JGE    loop \
tail: \
	ADDQ   $LANES, CX \
	JEQ    done \
	COUNT(CX) \
	FIRSTOF(0) \
	LOADM((SI), V0) \
	OP \
	STOREM(V0, (DI)) \
done: \
	VZEROUPPER \
	RET

#define MAP2(OP) \
	SUBQ   $LANES, CX \
	JLT    tail \
loop: \
	VMOVU  (SI), V0 \
	VMOVU  (BX), V1 \
	OP \
	VMOVU  V0, (DI) \
	ADDQ   $VBYTES, SI \
	ADDQ   $VBYTES, BX \
	ADDQ   $VBYTES, DI \
	SUBQ   $LANES, CX \
	JGE    loop \
tail: \
	ADDQ   $LANES, CX \
	JEQ    done \
	COUNT(CX) \
	FIRSTOF(0) \
	LOADM((SI), V0) \
	LOADM((BX), V1) \
	OP \
	STOREM(V0, (DI)) \
done: \
	VZEROUPPER \
	RET

// ADAMLOOP is the step of AdamW, vector by vector:
//
//	SI  g    V0 g, then the root      V4 V5   Beta1, Rest1
//	BX  m    V1 m, then the step      V6 V7   Beta2, Rest2
//	R10 v    V2 v                     V8 V9   Keep, Rate
//	DI  w    V3 products, then w      V10 V11 Root, Eps
#define ADAMLOOP \
	MOVQ   w_base+0(FP), DI \
	MOVQ   w_len+8(FP), R9 \
	MOVQ   m_base+24(FP), BX \
	MOVQ   v_base+48(FP), R10 \
	MOVQ   g_base+72(FP), SI \
	MOVQ   f+96(FP), R8 \
	BCAST  (R8), V4 \
	BCAST  SIZE(R8), V5 \
	BCAST  (2*SIZE)(R8), V6 \
	BCAST  (3*SIZE)(R8), V7 \
	BCAST  (4*SIZE)(R8), V8 \
	BCAST  (5*SIZE)(R8), V9 \
	BCAST  (6*SIZE)(R8), V10 \
	BCAST  (7*SIZE)(R8), V11 \
	SUBQ   $LANES, R9 \
	JLT    tail \
loop: \
	VMOVU  (SI), V0 \
	VMOVU  (BX), V1 \
	VMOVU  (R10), V2 \
	ADAMMOMENTS \
	VMOVU  V1, (BX) \
	VMOVU  V2, (R10) \
	VMOVU  (DI), V3 \
	ADAMSTEP \
	VMOVU  V3, (DI) \
	ADDQ   $VBYTES, SI \
	ADDQ   $VBYTES, BX \
	ADDQ   $VBYTES, R10 \
	ADDQ   $VBYTES, DI \
	SUBQ   $LANES, R9 \
	JGE    loop \
tail: \
	ADDQ   $LANES, R9 \
	JEQ    done \
	COUNT(R9) \
	FIRSTOF(0) \
	LOADM((SI), V0) \
	LOADM((BX), V1) \
	LOADM((R10), V2) \
	ADAMMOMENTS \
	STOREM(V1, (BX)) \
	STOREM(V2, (R10)) \
	LOADM((DI), V3) \
	ADAMSTEP \
	STOREM(V3, (DI)) \
done: \
	VZEROUPPER \
	RET

#define ADAMMOMENTS \
	VMUL   V4, V1, V1 \ // Beta1*m
	VMUL   V5, V0, V3 \ // Rest1*g
	VADD   V3, V1, V1 \
	VMUL   V6, V2, V2 \ // Beta2*v
	VMUL   V7, V0, V3 \ // Rest2*g
	VMUL   V0, V3, V3 \ // Rest2*g*g
	VADD   V3, V2, V2

#define ADAMSTEP \
	VSQRT  V2, V0 \
	VDIV   V10, V0, V0 \ // sqrt(v)/Root
	VADD   V11, V0, V0 \
	VDIV   V0, V1, V1 \ // m/(sqrt(v)/Root + Eps)
	VMUL   V9, V1, V1 \
	VMUL   V8, V3, V3 \ // Keep*w
	VSUB   V1, V3, V3

// MAPF(F) applies one of the functions, on all sets of registers and then, vector by
// vector, on one.
#define MAPF(F) \
	MOVQ    CX, R9 \
	SUBQ    $(SETS*LANES), R9 \
	JLT     tail \
loop: \
	LOADALL \
	F(ONALL) \
	STOREALL \
	ADDQ    $(SETS*VBYTES), SI \
	ADDQ    $(SETS*VBYTES), DI \
	SUBQ    $(SETS*LANES), R9 \
	JGE     loop \
tail: \
	ADDQ    $(SETS*LANES), R9 \
	JEQ     done \
vector: \
	MOVQ    $LANES, R8 \
	CMPQ    R9, R8 \
	CMOVQLT R9, R8 \
	COUNT(R8) \
	FIRSTOF(0) \
	LOADM((SI), V0) \
	F(ON1) \
	STOREM(V0, (DI)) \
	ADDQ    $VBYTES, SI \
	ADDQ    $VBYTES, DI \
	SUBQ    R8, R9 \
	JNZ     vector \
done: \
	VZEROUPPER \
	RET

// The arguments (dst, x []T) and (dst, x, y []T).
#define DSTX \
	MOVQ dst_base+0(FP), DI \
	MOVQ x_base+24(FP), SI \
	MOVQ x_len+32(FP), CX
#define DSTXY \
	DSTX \
	MOVQ y_base+48(FP), BX

// The operations. SCALAR holds the scalar operand in all lanes.
#define SCALAR   V10
#define AXPY     FMA213 V1, SCALAR, V0
#define SCAL     VMUL SCALAR, V0, V0
#define PLUSY    VADD V1, V0, V0
#define TIMESY   VMUL V1, V0, V0
#define SHIFT    VADD SCALAR, V0, V0
#define DIVIDE   VDIV SCALAR, V0, V0
#define RELU     VXORPS V2, V2, V2; PICK(LE, V2, V0, V2, V0)
#define RELUGRAD VXORPS V2, V2, V2; PICK(LE, V2, V1, V2, V0)

// REDUCE(OP, REST) runs over x (and y) by sixteens with OP, then over what is left
// with REST. The including file's EACH(OP) does OP(i, v) for the vectors v that
// hold the 16 lanes of the specification.
#define REDUCE(OP, REST) \
	SUBQ   $16, CX \
	JLT    tail \
loop: \
	EACH(OP) \
	ADDQ   $(16*SIZE), SI \
	ADDQ   $(16*SIZE), BX \
	SUBQ   $16, CX \
	JGE    loop \
tail: \
	ADDQ   $16, CX \
	COUNT(CX) \
	EACH(REST)

#define NONE(i, v)  VXORPS v, v, v
#define LEAST(i, v) VMOVU V10, v

#define SUM(i, v)     VADD VBYTES*i(SI), v, v
#define SUMREST(i, v) FIRSTOF(i); LOADM(VBYTES*i(SI), V8); VADD V8, v, v

#define DOT(i, v)     VMOVU VBYTES*i(SI), V8; FMA231 VBYTES*i(BX), V8, v
#define DOTREST(i, v) FIRSTOF(i); LOADM(VBYTES*i(SI), V8); LOADM(VBYTES*i(BX), V9); FMA231 V9, V8, v

// V10 is -Inf. VMAX yields its first operand, the lane so far, unless x is greater.
#define MAX(i, v)     VMOVU VBYTES*i(SI), V8; ANYNAN(V8); VMAX v, V8, v
#define MAXREST(i, v) FIRSTOF(i); LOADM(VBYTES*i(SI), V8); ANYNAN(V8); ELSE(V10, V8); VMAX v, V8, v

// What the halves of a reduction join by.
#define PLUS(hi, lo) VADD hi, lo, lo
#define MOST(hi, lo) VMAX lo, hi, lo
