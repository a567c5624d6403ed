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
#define LOADTEN VMOVU (bRow), Y24; VBROADCASTF32X2.Z 32(bRow), K5, Y25
#define ROWTEN(a, r, c, t, lanes, at, MERGE) BCAST a, r; FMA231 Y24, r, c; MERGE(t)
#define PUTTEN(a, r, c, t, lanes, at, MERGE) VMOVU c, (cRow); VMOVU t, lanes, at(cRow); ADDQ cDown, cRow
#define FMATEN(a, r, c, t, lanes, at, MERGE) HALF(c, 0); FMA213 at(cRow), Y31, lanes, t; VMOVU t, lanes, at(cRow); ADDQ cDown, cRow

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

#define SHAPETEN(ROWS, NEXTK, ADDS) SHAPE(ROWS, LOADTEN, ROWTEN, PUTTEN, FMATEN, NEXTK, ADDS)
#define TILESTEN \
	BEGIN(FETCH1) \
	START12 \
	SHAPETEN(ROWS12xTEN, rows12, adds12) \
	SHAPETEN(ROWS11xTEN, rows11, adds11) \
	SHAPETEN(ROWS10xTEN, rows10, adds10) \
	SHAPETEN(ROWS9xTEN, rows9, adds9) \
	SHAPETEN(ROWS8xTEN, rows8, adds8) \
	SHAPETEN(ROWS7xTEN, rows7, adds7) \
	SHAPETEN(ROWS6xTEN, rows6, adds6) \
	SHAPETEN(ROWS5xTEN, rows5, adds5) \
	SHAPETEN(ROWS4xTEN, rows4, adds4) \
	SHAPETEN(ROWS3xTEN, rows3, adds3) \
	SHAPETEN(ROWS2xTEN, rows2, adds2) \
	SHAPETEN(ROWS1xTEN, rows1, adds1) \
	FINISH
