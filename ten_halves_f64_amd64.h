// The register tiles of Gemm for AVX-512 and a C of 9 or 10 columns of float64 where half a vector
// takes half the time: as those of ten_amd64.h, but a row has two half vectors to itself and
// shares a third with one row. Whole vectors would keep the FMA units no longer, but need as many
// loads, and of whole ones there is one in a cycle.
//
//	          Y24   Y25       Y26      row p of B: b0-b3, b4-b7, then b8 b9 b8 b9
//	        +-----+-----+   +-----+
//	Y14  0  | Y0  | Y1  |   |     |
//	Y15  1  | Y2  | Y3  |   | Y16 |    C: columns 8 and 9 of rows 0 and 1 side by side
//	        +-----+-----+   +-----+
//	     2  | Y4  | Y5  |   | Y17 |
//	      ...                ...       up to 8 rows
//
// Y14 is A at row 0, which that of row 1 joins: Y26 is multiplied by A at rows 0 0 1 1. K1
// and K2 are the lanes of the two rows, K5 those of both: every second one if there is no
// column 9. Y29 is -0, for adding it to an element under a mask moves that and changes no
// bit, and additions have units of their own, while a blend takes time from those of the
// FMAs.

// LONEH and PAIRH do OP(a, r, c0, c1, tail, lanes, at, MERGE) for rows that share a tail.
#define LONEH(OP, m0, c0, c1, t) OP(m0, Y14, c0, c1, t, K1, 64, ONLYH)
#define PAIRH(OP, m0, m1, c0, c1, c2, c3, t) OP(m0, Y14, c0, c1, t, K1, 64, FIRSTH); OP(m1, Y15, c2, c3, t, K2, 48, LAST2H)

// The second row's element of A joins the first one's, and the tail is formed.
#define FIRSTH(t)
#define ONLYH(t)  FMA231 Y26, Y14, t
#define LAST2H(t) VADD Y15, Y29, K2, Y14; ONLYH(t)

#define ROWS1xHTEN(OP) LONEH(OP, (a0), Y0, Y1, Y16)
#define ROWS2xHTEN(OP) PAIRH(OP, (a0), (a0)(aDown*1), Y0, Y1, Y2, Y3, Y16)
#define ROWS3xHTEN(OP) ROWS2xHTEN(OP); LONEH(OP, (a0)(aDown*2), Y4, Y5, Y17)
#define ROWS4xHTEN(OP) ROWS2xHTEN(OP); PAIRH(OP, (a0)(aDown*2), (a3), Y4, Y5, Y6, Y7, Y17)
#define ROWS5xHTEN(OP) ROWS4xHTEN(OP); LONEH(OP, (a3)(aDown*1), Y8, Y9, Y18)
#define ROWS6xHTEN(OP) ROWS4xHTEN(OP); PAIRH(OP, (a3)(aDown*1), (a3)(aDown*2), Y8, Y9, Y10, Y11, Y18)
#define ROWS7xHTEN(OP) ROWS6xHTEN(OP); LONEH(OP, (a6), Y12, Y13, Y19)
#define ROWS8xHTEN(OP) ROWS6xHTEN(OP); PAIRH(OP, (a6), (a6)(aDown*1), Y12, Y13, Y20, Y21, Y19)

// What to do with a row, as in tiles_avx512_amd64.h.
#define LOADHTEN VMOVU (bRow), Y24; VMOVU 32(bRow), Y25; VBROADCASTF64X2.Z 64(bRow), K5, Y26
#define ROWHTEN(a, r, c0, c1, t, lanes, at, MERGE) BCAST a, r; FMA231 Y24, r, c0; FMA231 Y25, r, c1; MERGE(t)
#define PUTHTEN(a, r, c0, c1, t, lanes, at, MERGE) VMOVU c0, (cRow); VMOVU c1, 32(cRow); VMOVU t, lanes, at(cRow); ADDQ cDown, cRow
#define FMAHTEN(a, r, c0, c1, t, lanes, at, MERGE) HALF(c0, 0); HALF(c1, 32); FMA213 at(cRow), Y31, lanes, t; VMOVU t, lanes, at(cRow); ADDQ cDown, cRow

// MASKHTEN sets the masks, and Y29.
#define MASKHTEN \
	MOVQ  cols+16(FP), CX \
	SUBQ  $8, CX \
	MOVL  $1, AX \
	SHLL  CX, AX \
	DECL  AX \
	KMOVW AX, K1 \
	IMUL3L $0x5, AX, CX \
	KMOVW CX, K5 \
	SHLL  $2, AX \
	KMOVW AX, K2 \
	MOVQ  $0x8000000000000000, AX \
	VPBROADCASTQ AX, Y29

// A tile of full height takes two k's in a turn, 10 cycles each, and of a block that is just stored the
// last by itself: ENDHTEN stores the two vectors of a row when their sums are complete, for the
// reason given in tiles_avx512_amd64.h, and TAILHTEN the tails after all, from row AX on.
#define ENDHTEN(a, r, c0, c1, t, lanes, at, MERGE) BCAST a, r; FMA231 Y24, r, c0; VMOVU c0, (cRow); FMA231 Y25, r, c1; VMOVU c1, 32(cRow); MERGE(t); ADDQ cDown, cRow
#define TAILHTEN(a, r, c0, c1, t, lanes, at, MERGE) VMOVU t, lanes, at(AX); ADDQ cDown, AX
#define STEPHTEN ADDQ bDown, bRow; ADDQ aRight, a0; ADDQ aRight, a3; ADDQ aRight, a6
#define ONEK LOADHTEN; ROWS8xHTEN(ROWHTEN); STEPHTEN
#define FULLHTEN \
	DECQ  count \
	JEQ   last \
	TESTQ $1, count \
	JEQ   pairs \
	ONEK \
	DECQ  count \
	JEQ   last \
	PCALIGN $64 \
pairs: \
	ONEK \
	ONEK \
	SUBQ $2, count \
	JNE  pairs \
last: \
	KORTESTW K6, K6 \
	JNE  adds8 \
	LOADHTEN \
	MOVQ cRow, AX \
	ROWS8xHTEN(ENDHTEN) \
	ROWS8xHTEN(TAILHTEN) \
	STEPHTEN \
	JMP  joined \
adds8: \
	ONEK \
	BCAST alpha+32(FP), Z31 \
	ROWS8xHTEN(FMAHTEN) \
	JMP  joined

#define SHAPEHTEN(ROWS, NEXTK, ADDS) SHAPE(ROWS, LOADHTEN, ROWHTEN, PUTHTEN, FMAHTEN, NEXTK, ADDS)
#define TILESHTEN \
	BEGIN(FETCH1) \
	BLOCK \
	START8 \
	FULLHTEN \
	SHAPEHTEN(ROWS7xHTEN, rows7, adds7) \
	SHAPEHTEN(ROWS6xHTEN, rows6, adds6) \
	SHAPEHTEN(ROWS5xHTEN, rows5, adds5) \
	SHAPEHTEN(ROWS4xHTEN, rows4, adds4) \
	SHAPEHTEN(ROWS3xHTEN, rows3, adds3) \
	SHAPEHTEN(ROWS2xHTEN, rows2, adds2) \
	SHAPEHTEN(ROWS1xHTEN, rows1, adds1) \
	FINISH
