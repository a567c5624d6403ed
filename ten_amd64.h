// The register tiles of Gemm for AVX-512 and a C of 9 or 10 columns: ten classes are what most
// heads tell apart, and of two vectors of eight elements they would leave 6 lanes in 16 idle. So
// a row has one to itself and shares another with three rows:
//
//	             E24            E25      row p of B: b0-b7, then b8 b9 b8 b9 b8 b9 b8 b9
//	          +--------+   +----------+
//	E12    0  | E0     |   |          |
//	E13    1  | E1     |   |          |
//	(A at  2  | E2     |   |   E16    |  C: columns 8 and 9 of rows 0 to 3 side by side
//	a row) 3  | E3     |   |          |
//	          +--------+   +----------+
//	       4  | E4     |   |   E17    |
//	        ...                ...       up to 12 rows
//
// E stands for the registers of eight elements: Y in float32, Z in float64. E12 is A at row 0,
// which those of the other rows join: E25 is multiplied by A at rows 0 0 1 1 2 2 3 3. K1 to K4 are
// the lanes of the four rows, and K5 all of those: every second one if there is no column 9.
//
// ten_f32_amd64.h and ten_f64_amd64.h say what differs: the registers; TWO(from, to), which
// repeats two elements under K5; and INTO12(k, imm), which moves those lanes from E13 to E12.

// LONE to QUAD do OP(a, r, c, tail, lanes, at, MERGE) for 1 to 4 rows that share a tail: an
// element of A and the register for it, the row of C, its lanes of the tail, where the
// tail would lie in memory to have those at columns 8 and 9, and what to do once r is there.
#define LONE(OP, m0, c0, t) OP(m0, E12, c0, t, K1, 8*SIZE, ONLY)
#define PAIR(OP, m0, m1, c0, c1, t) OP(m0, E12, c0, t, K1, 8*SIZE, FIRST); OP(m1, E13, c1, t, K2, 6*SIZE, LAST2)
#define TRIO(OP, m0, m1, m2, c0, c1, c2, t) OP(m0, E12, c0, t, K1, 8*SIZE, FIRST); OP(m1, E13, c1, t, K2, 6*SIZE, NEXT2); OP(m2, E13, c2, t, K3, 4*SIZE, LAST3)
#define QUAD(OP, m0, m1, m2, m3, c0, c1, c2, c3, t) OP(m0, E12, c0, t, K1, 8*SIZE, FIRST); OP(m1, E13, c1, t, K2, 6*SIZE, NEXT2); OP(m2, E13, c2, t, K3, 4*SIZE, NEXT3); OP(m3, E13, c3, t, K4, 2*SIZE, LAST4)

// Row i's element of A joins E12, and the last one has the tail formed. Lanes of rows that
// a group does not have are never stored.
#define FIRST(t)
#define NEXT2(t) INTO12(K2, $0x0c)
#define NEXT3(t) INTO12(K3, $0x30)
#define ONLY(t)  FMA231 E25, E12, t
#define LAST2(t) NEXT2(t); ONLY(t)
#define LAST3(t) NEXT3(t); ONLY(t)
#define LAST4(t) INTO12(K4, $0xc0); ONLY(t)

#define ROWS1xTEN(OP) LONE(OP, (a0), E0, E16)
#define ROWS2xTEN(OP) PAIR(OP, (a0), (a0)(aDown*1), E0, E1, E16)
#define ROWS3xTEN(OP) TRIO(OP, (a0), (a0)(aDown*1), (a0)(aDown*2), E0, E1, E2, E16)
#define ROWS4xTEN(OP) QUAD(OP, (a0), (a0)(aDown*1), (a0)(aDown*2), (a3), E0, E1, E2, E3, E16)
#define ROWS5xTEN(OP) ROWS4xTEN(OP); LONE(OP, (a3)(aDown*1), E4, E17)
#define ROWS6xTEN(OP) ROWS4xTEN(OP); PAIR(OP, (a3)(aDown*1), (a3)(aDown*2), E4, E5, E17)
#define ROWS7xTEN(OP) ROWS4xTEN(OP); TRIO(OP, (a3)(aDown*1), (a3)(aDown*2), (a6), E4, E5, E6, E17)
#define ROWS8xTEN(OP) ROWS4xTEN(OP); QUAD(OP, (a3)(aDown*1), (a3)(aDown*2), (a6), (a6)(aDown*1), E4, E5, E6, E7, E17)
#define ROWS9xTEN(OP) ROWS8xTEN(OP); LONE(OP, (a6)(aDown*2), E8, E18)
#define ROWS10xTEN(OP) ROWS8xTEN(OP); PAIR(OP, (a6)(aDown*2), (a9), E8, E9, E18)
#define ROWS11xTEN(OP) ROWS8xTEN(OP); TRIO(OP, (a6)(aDown*2), (a9), (a9)(aDown*1), E8, E9, E10, E18)
#define ROWS12xTEN(OP) ROWS8xTEN(OP); QUAD(OP, (a6)(aDown*2), (a9), (a9)(aDown*1), (a9)(aDown*2), E8, E9, E10, E11, E18)

// What to do with a row, as in tiles_avx512_amd64.h.
#define LOADTEN VMOVU (bRow), E24; TWO((8*SIZE)(bRow), E25)
#define ROWTEN(a, r, c, t, lanes, at, MERGE) BCAST a, r; FMA231 E24, r, c; MERGE(t)
#define PUTTEN(a, r, c, t, lanes, at, MERGE) VMOVU c, (cRow); VMOVU t, lanes, (at)(cRow); ADDQ cDown, cRow
#define FMATEN(a, r, c, t, lanes, at, MERGE) FMA213 (cRow), E31, c; VMOVU c, (cRow); FMA213 (at)(cRow), E31, lanes, t; VMOVU t, lanes, (at)(cRow); ADDQ cDown, cRow

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
	KMOVW AX, K4 \
	READY

#define SHAPETEN(ROWS, NEXTK, ADDS) SHAPE(ROWS, LOADTEN, ROWTEN, PUTTEN, FMATEN, NEXTK, ADDS)
#define TILESTEN \
	BEGIN(FETCH1) \
	BLOCK \
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
