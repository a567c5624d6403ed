// The register tiles of Gemm for AVX-512.
//
// A tile is up to 24 vectors of C, summed in registers over a block of k's, with A
// and B read where they lie. Four shapes serve every width of a strip:
//
//	6 rows x 4 vectors   8 rows x 3   12 rows x 2   12 rows x 1
//
//	              Z24   Z25   Z26   Z27     row p of B, up to four vectors
//	            +-----+-----+-----+-----+
//	  Z28    0  | Z0  | Z1  | Z2  | Z3  |
//	(column  1  | Z4  | Z5  | Z6  | Z7  |
//	p of A)  2  | Z8  | Z9  | Z10 | Z11 |  C, here 6 x 4
//	         3  | Z12 | Z13 | Z14 | Z15 |
//	         4  | Z16 | Z17 | Z18 | Z19 |
//	         5  | Z20 | Z21 | Z22 | Z23 |
//	            +-----+-----+-----+-----+
//
// K1 masks the last vector of a row, so that nothing outside B and C is touched.
// A mask costs nothing, so there are no other edge kernels.

// The registers of a run of tiles. Strides are in bytes. The arguments a and c are
// moved from tile to tile in place.
#define left   AX  // k's of the tile after this block
#define adds   BX  // whether to add to C
#define count  CX  // k's of this block, counted down
#define cRow   DX  // the row of C to join
#define a0     SI  // A at row 0 of the tile, walking along k
#define a3     R12 // A at row 3
#define a6     R13
#define a9     R14
#define bRow   DI  // row p of B
#define aDown  R8  // from a row of op(A) to the next
#define aRight R9  // from a column of op(A) to the next
#define bDown  R10 // from a row of B to the next
#define cDown  R11 // from a row of C to the next

// ROWSnxV(OP) does OP(a, c0, ...) for n rows: an element of A and V vectors of C.
#define ROWS1x4(OP) OP((a0), Z0, Z1, Z2, Z3)
#define ROWS2x4(OP) ROWS1x4(OP); OP((a0)(aDown*1), Z4, Z5, Z6, Z7)
#define ROWS3x4(OP) ROWS2x4(OP); OP((a0)(aDown*2), Z8, Z9, Z10, Z11)
#define ROWS4x4(OP) ROWS3x4(OP); OP((a3), Z12, Z13, Z14, Z15)
#define ROWS5x4(OP) ROWS4x4(OP); OP((a3)(aDown*1), Z16, Z17, Z18, Z19)
#define ROWS6x4(OP) ROWS5x4(OP); OP((a3)(aDown*2), Z20, Z21, Z22, Z23)

#define ROWS1x3(OP) OP((a0), Z0, Z1, Z2)
#define ROWS2x3(OP) ROWS1x3(OP); OP((a0)(aDown*1), Z3, Z4, Z5)
#define ROWS3x3(OP) ROWS2x3(OP); OP((a0)(aDown*2), Z6, Z7, Z8)
#define ROWS4x3(OP) ROWS3x3(OP); OP((a3), Z9, Z10, Z11)
#define ROWS5x3(OP) ROWS4x3(OP); OP((a3)(aDown*1), Z12, Z13, Z14)
#define ROWS6x3(OP) ROWS5x3(OP); OP((a3)(aDown*2), Z15, Z16, Z17)
#define ROWS7x3(OP) ROWS6x3(OP); OP((a6), Z18, Z19, Z20)
#define ROWS8x3(OP) ROWS7x3(OP); OP((a6)(aDown*1), Z21, Z22, Z23)

#define ROWS1x2(OP) OP((a0), Z0, Z1)
#define ROWS2x2(OP) ROWS1x2(OP); OP((a0)(aDown*1), Z2, Z3)
#define ROWS3x2(OP) ROWS2x2(OP); OP((a0)(aDown*2), Z4, Z5)
#define ROWS4x2(OP) ROWS3x2(OP); OP((a3), Z6, Z7)
#define ROWS5x2(OP) ROWS4x2(OP); OP((a3)(aDown*1), Z8, Z9)
#define ROWS6x2(OP) ROWS5x2(OP); OP((a3)(aDown*2), Z10, Z11)
#define ROWS7x2(OP) ROWS6x2(OP); OP((a6), Z12, Z13)
#define ROWS8x2(OP) ROWS7x2(OP); OP((a6)(aDown*1), Z14, Z15)
#define ROWS9x2(OP) ROWS8x2(OP); OP((a6)(aDown*2), Z16, Z17)
#define ROWS10x2(OP) ROWS9x2(OP); OP((a9), Z18, Z19)
#define ROWS11x2(OP) ROWS10x2(OP); OP((a9)(aDown*1), Z20, Z21)
#define ROWS12x2(OP) ROWS11x2(OP); OP((a9)(aDown*2), Z22, Z23)

#define ROWS1x1(OP) OP((a0), Z0)
#define ROWS2x1(OP) ROWS1x1(OP); OP((a0)(aDown*1), Z1)
#define ROWS3x1(OP) ROWS2x1(OP); OP((a0)(aDown*2), Z2)
#define ROWS4x1(OP) ROWS3x1(OP); OP((a3), Z3)
#define ROWS5x1(OP) ROWS4x1(OP); OP((a3)(aDown*1), Z4)
#define ROWS6x1(OP) ROWS5x1(OP); OP((a3)(aDown*2), Z5)
#define ROWS7x1(OP) ROWS6x1(OP); OP((a6), Z6)
#define ROWS8x1(OP) ROWS7x1(OP); OP((a6)(aDown*1), Z7)
#define ROWS9x1(OP) ROWS8x1(OP); OP((a6)(aDown*2), Z8)
#define ROWS10x1(OP) ROWS9x1(OP); OP((a9), Z9)
#define ROWS11x1(OP) ROWS10x1(OP); OP((a9)(aDown*1), Z10)
#define ROWS12x1(OP) ROWS11x1(OP); OP((a9)(aDown*2), Z11)

// What to do with a row of V vectors: ZEROV clears the sums, LOADV loads a row of B,
// ROWV multiplies and adds it, PUTV stores alpha*sum to C, ADDV stores alpha*sum + C.
// Z28 is the element of A, or alpha. LAST is the last vector's part of each.
#define PUTLAST(c, offset) VMUL Z28, c, c; VMOVU c, K1, offset(cRow); ADDQ cDown, cRow
#define ADDLAST(c, offset) VMOVU.Z offset(cRow), K1, Z24; FMA213 Z24, Z28, c; VMOVU c, K1, offset(cRow); ADDQ cDown, cRow
#define PUTFULL(c, offset) VMUL Z28, c, c; VMOVU c, offset(cRow)
#define ADDFULL(c, offset) FMA213 offset(cRow), Z28, c; VMOVU c, offset(cRow)

#define ZERO4(a, c0, c1, c2, c3) VPXORQ c0, c0, c0; VPXORQ c1, c1, c1; VPXORQ c2, c2, c2; VPXORQ c3, c3, c3
#define LOAD4 VMOVU (bRow), Z24; VMOVU 64(bRow), Z25; VMOVU 128(bRow), Z26; VMOVU.Z 192(bRow), K1, Z27
#define ROW4(a, c0, c1, c2, c3) BCAST a, Z28; FMA231 Z24, Z28, c0; FMA231 Z25, Z28, c1; FMA231 Z26, Z28, c2; FMA231 Z27, Z28, c3
#define PUT4(a, c0, c1, c2, c3) PUTFULL(c0, 0); PUTFULL(c1, 64); PUTFULL(c2, 128); PUTLAST(c3, 192)
#define ADD4(a, c0, c1, c2, c3) ADDFULL(c0, 0); ADDFULL(c1, 64); ADDFULL(c2, 128); ADDLAST(c3, 192)

#define ZERO3(a, c0, c1, c2) VPXORQ c0, c0, c0; VPXORQ c1, c1, c1; VPXORQ c2, c2, c2
#define LOAD3 VMOVU (bRow), Z24; VMOVU 64(bRow), Z25; VMOVU.Z 128(bRow), K1, Z26
#define ROW3(a, c0, c1, c2) BCAST a, Z28; FMA231 Z24, Z28, c0; FMA231 Z25, Z28, c1; FMA231 Z26, Z28, c2
#define PUT3(a, c0, c1, c2) PUTFULL(c0, 0); PUTFULL(c1, 64); PUTLAST(c2, 128)
#define ADD3(a, c0, c1, c2) ADDFULL(c0, 0); ADDFULL(c1, 64); ADDLAST(c2, 128)

#define ZERO2(a, c0, c1) VPXORQ c0, c0, c0; VPXORQ c1, c1, c1
#define LOAD2 VMOVU (bRow), Z24; VMOVU.Z 64(bRow), K1, Z25
#define ROW2(a, c0, c1) BCAST a, Z28; FMA231 Z24, Z28, c0; FMA231 Z25, Z28, c1
#define PUT2(a, c0, c1) PUTFULL(c0, 0); PUTLAST(c1, 64)
#define ADD2(a, c0, c1) ADDFULL(c0, 0); ADDLAST(c1, 64)

#define ZERO1(a, c0) VPXORQ c0, c0, c0
#define LOAD1 VMOVU.Z (bRow), K1, Z24
#define ROW1(a, c0) BCAST a, Z28; FMA231 Z24, Z28, c0
#define PUT1(a, c0) PUTLAST(c0, 0)
#define ADD1(a, c0) ADDLAST(c0, 0)

// MASK(full) sets K1 to the lanes in use of the vector after the given number of
// full ones.
#define MASK(full) \
	MOVQ  cols+16(FP), CX \
	SUBQ  $(full*LANES), CX \
	MOVL  $1, AX \
	SHLL  CX, AX \
	DECL  AX \
	KMOVW AX, K1

// A run of tiles of one height: for each tile and each block of 256 k's ROW for
// every k, then PUT or ADD. The last five arguments are labels.
#define RUN(ROWS, ZERO, LOAD, ROW, PUT, ADD, TILE, BLOCK, NEXTK, ADDS, NEXT) \
TILE: \
	MOVQ    a_base+40(FP), a0 \
	MOVQ    b_base+80(FP), bRow \
	LEAQ    (aDown)(aDown*2), a9 \
	LEAQ    (a0)(a9*1), a3 \
	LEAQ    (a3)(a9*1), a6 \
	ADDQ    a6, a9 \
	MOVQ    k+24(FP), left \
	MOVBLZX add+144(FP), adds \
BLOCK: \
	MOVQ    $256, count \
	CMPQ    left, count \
	CMOVQLT left, count \
	SUBQ    count, left \
	ROWS(ZERO) \
	PCALIGN $64 \
NEXTK: \
	LOAD \
	ROWS(ROW) \
	ADDQ    bDown, bRow \
	ADDQ    aRight, a0 \
	ADDQ    aRight, a3 \
	ADDQ    aRight, a6 \
	ADDQ    aRight, a9 \
	DECQ    count \
	JNZ     NEXTK \
	MOVQ    c_base+112(FP), cRow \
	BCAST   alpha+32(FP), Z28 \
	TESTQ   adds, adds \
	JNZ     ADDS \
	ROWS(PUT) \
	MOVQ    $1, adds \
	TESTQ   left, left \
	JNZ     BLOCK \
	JMP     NEXT \
ADDS: \
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
	VZEROUPPER \
	RET

// The bodies of the functions: strides to bytes, then the run of the right height.
#define STRIDES \
	MOVQ rs+64(FP), aDown \
	MOVQ cs+72(FP), aRight \
	MOVQ ldb+104(FP), bDown \
	MOVQ ldc+136(FP), cDown \
	SHLQ $LOGSIZE, aDown \
	SHLQ $LOGSIZE, aRight \
	SHLQ $LOGSIZE, bDown \
	SHLQ $LOGSIZE, cDown \
	MOVQ rows+8(FP), AX

#define WHEN(n, label) CMPQ AX, $n; JEQ label

#define TILES4 \
	STRIDES \
	WHEN(5, tile5) \
	WHEN(4, tile4) \
	WHEN(3, tile3) \
	WHEN(2, tile2) \
	WHEN(1, tile1) \
	RUN(ROWS6x4, ZERO4, LOAD4, ROW4, PUT4, ADD4, tile6, block6, k6, add6, next6) \
	RUN(ROWS5x4, ZERO4, LOAD4, ROW4, PUT4, ADD4, tile5, block5, k5, add5, next5) \
	RUN(ROWS4x4, ZERO4, LOAD4, ROW4, PUT4, ADD4, tile4, block4, k4, add4, next4) \
	RUN(ROWS3x4, ZERO4, LOAD4, ROW4, PUT4, ADD4, tile3, block3, k3, add3, next3) \
	RUN(ROWS2x4, ZERO4, LOAD4, ROW4, PUT4, ADD4, tile2, block2, k2, add2, next2) \
	RUN(ROWS1x4, ZERO4, LOAD4, ROW4, PUT4, ADD4, tile1, block1, k1, add1, next1)

#define TILES3 \
	STRIDES \
	WHEN(7, tile7) \
	WHEN(6, tile6) \
	WHEN(5, tile5) \
	WHEN(4, tile4) \
	WHEN(3, tile3) \
	WHEN(2, tile2) \
	WHEN(1, tile1) \
	RUN(ROWS8x3, ZERO3, LOAD3, ROW3, PUT3, ADD3, tile8, block8, k8, add8, next8) \
	RUN(ROWS7x3, ZERO3, LOAD3, ROW3, PUT3, ADD3, tile7, block7, k7, add7, next7) \
	RUN(ROWS6x3, ZERO3, LOAD3, ROW3, PUT3, ADD3, tile6, block6, k6, add6, next6) \
	RUN(ROWS5x3, ZERO3, LOAD3, ROW3, PUT3, ADD3, tile5, block5, k5, add5, next5) \
	RUN(ROWS4x3, ZERO3, LOAD3, ROW3, PUT3, ADD3, tile4, block4, k4, add4, next4) \
	RUN(ROWS3x3, ZERO3, LOAD3, ROW3, PUT3, ADD3, tile3, block3, k3, add3, next3) \
	RUN(ROWS2x3, ZERO3, LOAD3, ROW3, PUT3, ADD3, tile2, block2, k2, add2, next2) \
	RUN(ROWS1x3, ZERO3, LOAD3, ROW3, PUT3, ADD3, tile1, block1, k1, add1, next1)

#define TILES2 \
	STRIDES \
	WHEN(11, tile11) \
	WHEN(10, tile10) \
	WHEN(9, tile9) \
	WHEN(8, tile8) \
	WHEN(7, tile7) \
	WHEN(6, tile6) \
	WHEN(5, tile5) \
	WHEN(4, tile4) \
	WHEN(3, tile3) \
	WHEN(2, tile2) \
	WHEN(1, tile1) \
	RUN(ROWS12x2, ZERO2, LOAD2, ROW2, PUT2, ADD2, tile12, block12, k12, add12, next12) \
	RUN(ROWS11x2, ZERO2, LOAD2, ROW2, PUT2, ADD2, tile11, block11, k11, add11, next11) \
	RUN(ROWS10x2, ZERO2, LOAD2, ROW2, PUT2, ADD2, tile10, block10, k10, add10, next10) \
	RUN(ROWS9x2, ZERO2, LOAD2, ROW2, PUT2, ADD2, tile9, block9, k9, add9, next9) \
	RUN(ROWS8x2, ZERO2, LOAD2, ROW2, PUT2, ADD2, tile8, block8, k8, add8, next8) \
	RUN(ROWS7x2, ZERO2, LOAD2, ROW2, PUT2, ADD2, tile7, block7, k7, add7, next7) \
	RUN(ROWS6x2, ZERO2, LOAD2, ROW2, PUT2, ADD2, tile6, block6, k6, add6, next6) \
	RUN(ROWS5x2, ZERO2, LOAD2, ROW2, PUT2, ADD2, tile5, block5, k5, add5, next5) \
	RUN(ROWS4x2, ZERO2, LOAD2, ROW2, PUT2, ADD2, tile4, block4, k4, add4, next4) \
	RUN(ROWS3x2, ZERO2, LOAD2, ROW2, PUT2, ADD2, tile3, block3, k3, add3, next3) \
	RUN(ROWS2x2, ZERO2, LOAD2, ROW2, PUT2, ADD2, tile2, block2, k2, add2, next2) \
	RUN(ROWS1x2, ZERO2, LOAD2, ROW2, PUT2, ADD2, tile1, block1, k1, add1, next1)

#define TILES1 \
	STRIDES \
	WHEN(11, tile11) \
	WHEN(10, tile10) \
	WHEN(9, tile9) \
	WHEN(8, tile8) \
	WHEN(7, tile7) \
	WHEN(6, tile6) \
	WHEN(5, tile5) \
	WHEN(4, tile4) \
	WHEN(3, tile3) \
	WHEN(2, tile2) \
	WHEN(1, tile1) \
	RUN(ROWS12x1, ZERO1, LOAD1, ROW1, PUT1, ADD1, tile12, block12, k12, add12, next12) \
	RUN(ROWS11x1, ZERO1, LOAD1, ROW1, PUT1, ADD1, tile11, block11, k11, add11, next11) \
	RUN(ROWS10x1, ZERO1, LOAD1, ROW1, PUT1, ADD1, tile10, block10, k10, add10, next10) \
	RUN(ROWS9x1, ZERO1, LOAD1, ROW1, PUT1, ADD1, tile9, block9, k9, add9, next9) \
	RUN(ROWS8x1, ZERO1, LOAD1, ROW1, PUT1, ADD1, tile8, block8, k8, add8, next8) \
	RUN(ROWS7x1, ZERO1, LOAD1, ROW1, PUT1, ADD1, tile7, block7, k7, add7, next7) \
	RUN(ROWS6x1, ZERO1, LOAD1, ROW1, PUT1, ADD1, tile6, block6, k6, add6, next6) \
	RUN(ROWS5x1, ZERO1, LOAD1, ROW1, PUT1, ADD1, tile5, block5, k5, add5, next5) \
	RUN(ROWS4x1, ZERO1, LOAD1, ROW1, PUT1, ADD1, tile4, block4, k4, add4, next4) \
	RUN(ROWS3x1, ZERO1, LOAD1, ROW1, PUT1, ADD1, tile3, block3, k3, add3, next3) \
	RUN(ROWS2x1, ZERO1, LOAD1, ROW1, PUT1, ADD1, tile2, block2, k2, add2, next2) \
	RUN(ROWS1x1, ZERO1, LOAD1, ROW1, PUT1, ADD1, tile1, block1, k1, add1, next1)
