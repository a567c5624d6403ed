// The register tiles of Gemm for AVX-512 and a C of 9 or 10 columns of float32: ten classes
// are what most heads tell apart, and of two half vectors they would leave 6 lanes in 16
// idle. So a row has one half vector to itself and shares another with three rows:
//
//	             Y24            Y25      row p of B: b0-b7, then b8 b9 b8 b9 b8 b9 b8 b9
//	          +--------+   +----------+
//	Y13    0  | Y0     |   |          |
//	(A at  1  | Y1     |   |          |
//	a row) 2  | Y2     |   |   Y16    |  C: columns 8 and 9 of rows 0 to 3 side by side
//	       3  | Y3     |   |          |
//	          +--------+   +----------+
//	       4  | Y4     |   |   Y17    |
//	        ...                ...       up to 12 rows
//
// Y12 is A at row 0, which those of the other rows join: Y25 is multiplied by A at rows
// 0 0 1 1 2 2 3 3. K1 to K4 are the lanes of the four rows, and K5 all of those: every
// second one if there is no column 9.

// LONE to QUAD do OP(a, r, c, tail, lanes, at, MERGE) for 1 to 4 rows that share a tail: an
// element of A and the register for it, the row of C, its lanes of the tail, where the
// tail would lie in memory to have those at columns 8 and 9, and what to do once r is there.
#define LONE(OP, m0, c0, t) OP(m0, Y12, c0, t, K1, 32, ONLY)
#define PAIR(OP, m0, m1, c0, c1, t) OP(m0, Y12, c0, t, K1, 32, FIRST); OP(m1, Y13, c1, t, K2, 24, LAST2)
#define TRIO(OP, m0, m1, m2, c0, c1, c2, t) OP(m0, Y12, c0, t, K1, 32, FIRST); OP(m1, Y13, c1, t, K2, 24, NEXT2); OP(m2, Y13, c2, t, K3, 16, LAST3)
#define QUAD(OP, m0, m1, m2, m3, c0, c1, c2, c3, t) OP(m0, Y12, c0, t, K1, 32, FIRST); OP(m1, Y13, c1, t, K2, 24, NEXT2); OP(m2, Y13, c2, t, K3, 16, NEXT3); OP(m3, Y13, c3, t, K4, 8, LAST4)

// Row i's element of A joins Y12, and the last one has the tail formed. Lanes of rows that
// a group does not have are never stored.
#define FIRST(t)
#define NEXT2(t) VBLENDPS $0x0c, Y13, Y12, Y12
#define NEXT3(t) VBLENDPS $0x30, Y13, Y12, Y12
#define ONLY(t)  FMA231 Y25, Y12, t
#define LAST2(t) NEXT2(t); ONLY(t)
#define LAST3(t) NEXT3(t); ONLY(t)
#define LAST4(t) VBLENDPS $0xc0, Y13, Y12, Y12; ONLY(t)

#define ROWS1xTEN(OP) LONE(OP, (a0), Y0, Y16)
#define ROWS2xTEN(OP) PAIR(OP, (a0), (a0)(aDown*1), Y0, Y1, Y16)
#define ROWS3xTEN(OP) TRIO(OP, (a0), (a0)(aDown*1), (a0)(aDown*2), Y0, Y1, Y2, Y16)
#define ROWS4xTEN(OP) QUAD(OP, (a0), (a0)(aDown*1), (a0)(aDown*2), (a3), Y0, Y1, Y2, Y3, Y16)
#define ROWS5xTEN(OP) ROWS4xTEN(OP); LONE(OP, (a3)(aDown*1), Y4, Y17)
#define ROWS6xTEN(OP) ROWS4xTEN(OP); PAIR(OP, (a3)(aDown*1), (a3)(aDown*2), Y4, Y5, Y17)
#define ROWS7xTEN(OP) ROWS4xTEN(OP); TRIO(OP, (a3)(aDown*1), (a3)(aDown*2), (a6), Y4, Y5, Y6, Y17)
#define ROWS8xTEN(OP) ROWS4xTEN(OP); QUAD(OP, (a3)(aDown*1), (a3)(aDown*2), (a6), (a6)(aDown*1), Y4, Y5, Y6, Y7, Y17)
#define ROWS9xTEN(OP) ROWS8xTEN(OP); LONE(OP, (a6)(aDown*2), Y8, Y18)
#define ROWS10xTEN(OP) ROWS8xTEN(OP); PAIR(OP, (a6)(aDown*2), (a9), Y8, Y9, Y18)
#define ROWS11xTEN(OP) ROWS8xTEN(OP); TRIO(OP, (a6)(aDown*2), (a9), (a9)(aDown*1), Y8, Y9, Y10, Y18)
#define ROWS12xTEN(OP) ROWS8xTEN(OP); QUAD(OP, (a6)(aDown*2), (a9), (a9)(aDown*1), (a9)(aDown*2), Y8, Y9, Y10, Y11, Y18)

// What to do with a row, as in tiles_avx512_amd64.h.
#define ZEROTEN(a, r, c, t, lanes, at, MERGE) VPXORQ c, c, c; VPXORQ t, t, t
#define LOADTEN VMOVU (bRow), Y24; VBROADCASTF32X2.Z 32(bRow), K5, Y25
#define ROWTEN(a, r, c, t, lanes, at, MERGE) BCAST a, r; FMA231 Y24, r, c; MERGE(t)
#define PUTTEN(a, r, c, t, lanes, at, MERGE) VMOVU c, (cRow); VMOVU t, lanes, at(cRow); ADDQ cDown, cRow
#define FMATEN(a, r, c, t, lanes, at, MERGE) FMAHALF(c, 0); FMA213 at(cRow), Y28, lanes, t; VMOVU t, lanes, at(cRow); ADDQ cDown, cRow
#define SCALETEN(a, r, c, t, lanes, at, MERGE) VMUL Y28, c, c; VMUL Y28, t, lanes, t
#define FETCHTEN(a, r, c, t, lanes, at, MERGE) PREFETCHT0 (cRow); ADDQ cDown, cRow

// MASKTEN sets the masks.
#define MASKTEN \
	MOVQ  cols+16(FP), CX \
	SUBQ  $8, CX \
	MOVL  $1, AX \
	SHLL  CX, AX \
	DECL  AX \
	KMOVW AX, K1 \
	IMUL3L $0x55, AX, CX \
	KMOVW CX, K5 \
	SHLL  $2, AX \
	KMOVW AX, K2 \
	SHLL  $2, AX \
	KMOVW AX, K3 \
	SHLL  $2, AX \
	KMOVW AX, K4

#define TILESTEN \
	START12 \
	RUN(ROWS12xTEN, ZEROTEN, LOADTEN, ROWTEN, PUTTEN, NOSUM, FMATEN, SCALETEN, FETCHTEN, tile12, block12, k12, put12, add12, fma12, scaled12, joined12, tile11) \
	RUN(ROWS11xTEN, ZEROTEN, LOADTEN, ROWTEN, PUTTEN, NOSUM, FMATEN, SCALETEN, FETCHTEN, tile11, block11, k11, put11, add11, fma11, scaled11, joined11, tile10) \
	RUN(ROWS10xTEN, ZEROTEN, LOADTEN, ROWTEN, PUTTEN, NOSUM, FMATEN, SCALETEN, FETCHTEN, tile10, block10, k10, put10, add10, fma10, scaled10, joined10, tile9) \
	RUN(ROWS9xTEN, ZEROTEN, LOADTEN, ROWTEN, PUTTEN, NOSUM, FMATEN, SCALETEN, FETCHTEN, tile9, block9, k9, put9, add9, fma9, scaled9, joined9, tile8) \
	RUN(ROWS8xTEN, ZEROTEN, LOADTEN, ROWTEN, PUTTEN, NOSUM, FMATEN, SCALETEN, FETCHTEN, tile8, block8, k8, put8, add8, fma8, scaled8, joined8, tile7) \
	RUN(ROWS7xTEN, ZEROTEN, LOADTEN, ROWTEN, PUTTEN, NOSUM, FMATEN, SCALETEN, FETCHTEN, tile7, block7, k7, put7, add7, fma7, scaled7, joined7, tile6) \
	RUN(ROWS6xTEN, ZEROTEN, LOADTEN, ROWTEN, PUTTEN, NOSUM, FMATEN, SCALETEN, FETCHTEN, tile6, block6, k6, put6, add6, fma6, scaled6, joined6, tile5) \
	RUN(ROWS5xTEN, ZEROTEN, LOADTEN, ROWTEN, PUTTEN, NOSUM, FMATEN, SCALETEN, FETCHTEN, tile5, block5, k5, put5, add5, fma5, scaled5, joined5, tile4) \
	RUN(ROWS4xTEN, ZEROTEN, LOADTEN, ROWTEN, PUTTEN, NOSUM, FMATEN, SCALETEN, FETCHTEN, tile4, block4, k4, put4, add4, fma4, scaled4, joined4, tile3) \
	RUN(ROWS3xTEN, ZEROTEN, LOADTEN, ROWTEN, PUTTEN, NOSUM, FMATEN, SCALETEN, FETCHTEN, tile3, block3, k3, put3, add3, fma3, scaled3, joined3, tile2) \
	RUN(ROWS2xTEN, ZEROTEN, LOADTEN, ROWTEN, PUTTEN, NOSUM, FMATEN, SCALETEN, FETCHTEN, tile2, block2, k2, put2, add2, fma2, scaled2, joined2, tile1) \
	RUN(ROWS1xTEN, ZEROTEN, LOADTEN, ROWTEN, PUTTEN, NOSUM, FMATEN, SCALETEN, FETCHTEN, tile1, block1, k1, put1, add1, fma1, scaled1, joined1, tile1)
