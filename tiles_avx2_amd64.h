// The register tiles of Gemm for AVX2 with FMA3.
//
// A tile is up to 6 rows of two vectors of C (6x16 float32, 6x8 float64), summed
// in registers over a block of k's, with A and B read where they lie:
//
//	              Y12      Y13     row p of B, two vectors
//	            +--------+--------+
//	  Y15    0  |  Y0    |  Y1    |
//	(column  1  |  Y2    |  Y3    |
//	p of A)  2  |  Y4    |  Y5    |  C
//	         3  |  Y6    |  Y7    |
//	         4  |  Y8    |  Y9    |
//	         5  |  Y10   |  Y11   |
//	            +--------+--------+
//
// 12 sums keep two FMA units busy through their latency of 4 cycles. At the right
// edge Y14 masks the last vector, so that nothing outside B and C is touched.

// The registers of a run of tiles. Strides are in bytes. The arguments a and c are
// moved from tile to tile in place.
#define left   AX  // k's of the tile after this block
#define adds   BX  // whether to add to C
#define count  CX  // k's of this block, counted down
#define cRow   DX  // the row of C to join
#define a0     SI  // A at row 0 of the tile, walking along k
#define a3     R12 // A at row 3
#define bRow   DI  // row p of B
#define aDown  R8  // from a row of op(A) to the next
#define aRight R9  // from a column of op(A) to the next
#define bDown  R10 // from a row of B to the next
#define cDown  R11 // from a row of C to the next

// ROWSn(OP) does OP(a, c0, c1) for n rows: an element of A and two vectors of C.
#define ROWS1(OP) OP((a0), Y0, Y1)
#define ROWS2(OP) ROWS1(OP); OP((a0)(aDown*1), Y2, Y3)
#define ROWS3(OP) ROWS2(OP); OP((a0)(aDown*2), Y4, Y5)
#define ROWS4(OP) ROWS3(OP); OP((a3), Y6, Y7)
#define ROWS5(OP) ROWS4(OP); OP((a3)(aDown*1), Y8, Y9)
#define ROWS6(OP) ROWS5(OP); OP((a3)(aDown*2), Y10, Y11)

#define ZERO(a, c0, c1) VXORPS c0, c0, c0; VXORPS c1, c1, c1

// What to do with a row depends on the width of the tile: LOADB loads a row of B,
// ROW multiplies and adds it, PUT stores the sum to C, ADD stores alpha*sum + C.
// Y15 is the element of A, or alpha. Two full vectors:
#define LOADB2 VMOVUPS (bRow), Y12; VMOVUPS 32(bRow), Y13
#define ROW2(a, c0, c1) BCAST a, Y15; FMA231 Y12, Y15, c0; FMA231 Y13, Y15, c1
#define PUT2(a, c0, c1) VMOVUPS c0, (cRow); VMOVUPS c1, 32(cRow); ADDQ cDown, cRow
#define ADD2(a, c0, c1) FMA213 (cRow), Y15, c0; VMOVUPS c0, (cRow); FMA213 32(cRow), Y15, c1; VMOVUPS c1, 32(cRow); ADDQ cDown, cRow

// one full vector and a part of one:
#define LOADB2M VMOVUPS (bRow), Y12; MASKMOV 32(bRow), Y14, Y13
#define PUT2M(a, c0, c1) VMOVUPS c0, (cRow); MASKMOV c1, Y14, 32(cRow); ADDQ cDown, cRow
#define ADD2M(a, c0, c1) FMA213 (cRow), Y15, c0; VMOVUPS c0, (cRow); MASKMOV 32(cRow), Y14, Y13; FMA213 Y13, Y15, c1; MASKMOV c1, Y14, 32(cRow); ADDQ cDown, cRow

// one vector or a part of one:
#define LOADB1M MASKMOV (bRow), Y14, Y12
#define ROW1(a, c0, c1) BCAST a, Y15; FMA231 Y12, Y15, c0
#define PUT1M(a, c0, c1) MASKMOV c0, Y14, (cRow); ADDQ cDown, cRow
#define ADD1M(a, c0, c1) MASKMOV (cRow), Y14, Y12; FMA213 Y12, Y15, c0; MASKMOV c0, Y14, (cRow); ADDQ cDown, cRow

// MASK(first) sets Y14 to the lanes in use of the vector that begins at column
// first.
#define MASK(first) \
	MOVQ   cols+16(FP), AX \
	SUBQ   $first, AX \
	VMOVQ  AX, X14 \
	PBCAST X14, Y14 \
	PCMPGT iota<>+0(SB), Y14, Y14

// A run of tiles of one height: for each tile and each block of 256 k's ROW for
// every k, then PUT or ADD; after the last tile those that are one row lower. The
// arguments from TILE on are labels.
#define RUN(ROWS, LOADB, ROW, PUT, ADD, TILE, BLOCK, NEXTK, ADDS, NEXT, LOWER) \
TILE: \
	MOVQ    a_base+40(FP), a0 \
	MOVQ    b_base+80(FP), bRow \
	LEAQ    (a0)(aDown*2), a3 \
	ADDQ    aDown, a3 \
	MOVQ    k+24(FP), left \
	MOVBLZX add+144(FP), adds \
BLOCK: \
	MOVQ    $256, count \
	CMPQ    left, count \
	CMOVQLT left, count \
	SUBQ    count, left \
	ROWS(ZERO) \
	PCALIGN $32 \
NEXTK: \
	LOADB \
	ROWS(ROW) \
	PREFETCHT0 (bRow)(bDown*8) \
	ADDQ    bDown, bRow \
	ADDQ    aRight, a0 \
	ADDQ    aRight, a3 \
	DECQ    count \
	JNZ     NEXTK \
	MOVQ    c_base+112(FP), cRow \
	TESTQ   adds, adds \
	JNZ     ADDS \
	ROWS(PUT) \
	MOVQ    $1, adds \
	TESTQ   left, left \
	JNZ     BLOCK \
	JMP     NEXT \
ADDS: \
	BCAST   alpha+32(FP), Y15 \
	ROWS(ADD) \
	TESTQ   left, left \
	JNZ     BLOCK \
NEXT: \
	MOVQ    cRow, c_base+112(FP) \
	MOVQ    rows+8(FP), AX \
	IMULQ   aDown, AX \
	ADDQ    AX, a_base+40(FP) \
	DECQ    tiles+0(FP) \
	JNZ     TILE \
	MOVQ    lower+152(FP), AX \
	MOVQ    AX, tiles+0(FP) \
	MOVQ    $0, lower+152(FP) \
	DECQ    rows+8(FP) \
	TESTQ   AX, AX \
	JNZ     LOWER \
	VZEROUPPER \
	RET

// The body of a function: strides to bytes, then the run of the right height.
#define TILES(LOADB, ROW, PUT, ADD) \
	MOVQ rs+64(FP), aDown \
	MOVQ cs+72(FP), aRight \
	MOVQ ldb+104(FP), bDown \
	MOVQ ldc+136(FP), cDown \
	SHLQ $LOGSIZE, aDown \
	SHLQ $LOGSIZE, aRight \
	SHLQ $LOGSIZE, bDown \
	SHLQ $LOGSIZE, cDown \
	MOVQ rows+8(FP), AX \
	CMPQ AX, $2 \
	JLT  tile1 \
	JEQ  tile2 \
	CMPQ AX, $4 \
	JLT  tile3 \
	JEQ  tile4 \
	CMPQ AX, $6 \
	JLT  tile5 \
	RUN(ROWS6, LOADB, ROW, PUT, ADD, tile6, block6, k6, add6, next6, tile5) \
	RUN(ROWS5, LOADB, ROW, PUT, ADD, tile5, block5, k5, add5, next5, tile4) \
	RUN(ROWS4, LOADB, ROW, PUT, ADD, tile4, block4, k4, add4, next4, tile3) \
	RUN(ROWS3, LOADB, ROW, PUT, ADD, tile3, block3, k3, add3, next3, tile2) \
	RUN(ROWS2, LOADB, ROW, PUT, ADD, tile2, block2, k2, add2, next2, tile1) \
	RUN(ROWS1, LOADB, ROW, PUT, ADD, tile1, block1, k1, add1, next1, tile1)
