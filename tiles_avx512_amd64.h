// The register tiles of Gemm for AVX-512.
//
// A tile is up to 24 vectors of C, summed in registers over a block of k's, with A
// and B read where they lie. These shapes serve every width of a strip:
//
//	6 rows x 4 vectors   8 rows x 3   12 rows x 2
//	8 rows x 3 half vectors   12 rows x 2   12 rows x 1
//
// and 2 rows x 8 vectors a C of one or two rows, for which B is read in longer pieces. Nine
// or ten columns have shapes of their own, in ten_f32_amd64.h and ten_f64_amd64.h.
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
// K1 masks the last vector of a row, so that nothing outside B and C is touched. A mask
// costs nothing, so no shape has another kernel for edges.

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

#define ROWS1x8(OP) OP((a0), Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7)
#define ROWS2x8(OP) ROWS1x8(OP); OP((a0)(aDown*1), Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15)

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


// The same for rows of V half vectors.
#define ROWS1xH3(OP) OP((a0), Y0, Y1, Y2)
#define ROWS2xH3(OP) ROWS1xH3(OP); OP((a0)(aDown*1), Y3, Y4, Y5)
#define ROWS3xH3(OP) ROWS2xH3(OP); OP((a0)(aDown*2), Y6, Y7, Y8)
#define ROWS4xH3(OP) ROWS3xH3(OP); OP((a3), Y9, Y10, Y11)
#define ROWS5xH3(OP) ROWS4xH3(OP); OP((a3)(aDown*1), Y12, Y13, Y14)
#define ROWS6xH3(OP) ROWS5xH3(OP); OP((a3)(aDown*2), Y15, Y16, Y17)
#define ROWS7xH3(OP) ROWS6xH3(OP); OP((a6), Y18, Y19, Y20)
#define ROWS8xH3(OP) ROWS7xH3(OP); OP((a6)(aDown*1), Y21, Y22, Y23)

#define ROWS1xH2(OP) OP((a0), Y0, Y1)
#define ROWS2xH2(OP) ROWS1xH2(OP); OP((a0)(aDown*1), Y2, Y3)
#define ROWS3xH2(OP) ROWS2xH2(OP); OP((a0)(aDown*2), Y4, Y5)
#define ROWS4xH2(OP) ROWS3xH2(OP); OP((a3), Y6, Y7)
#define ROWS5xH2(OP) ROWS4xH2(OP); OP((a3)(aDown*1), Y8, Y9)
#define ROWS6xH2(OP) ROWS5xH2(OP); OP((a3)(aDown*2), Y10, Y11)
#define ROWS7xH2(OP) ROWS6xH2(OP); OP((a6), Y12, Y13)
#define ROWS8xH2(OP) ROWS7xH2(OP); OP((a6)(aDown*1), Y14, Y15)
#define ROWS9xH2(OP) ROWS8xH2(OP); OP((a6)(aDown*2), Y16, Y17)
#define ROWS10xH2(OP) ROWS9xH2(OP); OP((a9), Y18, Y19)
#define ROWS11xH2(OP) ROWS10xH2(OP); OP((a9)(aDown*1), Y20, Y21)
#define ROWS12xH2(OP) ROWS11xH2(OP); OP((a9)(aDown*2), Y22, Y23)

#define ROWS1xH1(OP) OP((a0), Y0)
#define ROWS2xH1(OP) ROWS1xH1(OP); OP((a0)(aDown*1), Y1)
#define ROWS3xH1(OP) ROWS2xH1(OP); OP((a0)(aDown*2), Y2)
#define ROWS4xH1(OP) ROWS3xH1(OP); OP((a3), Y3)
#define ROWS5xH1(OP) ROWS4xH1(OP); OP((a3)(aDown*1), Y4)
#define ROWS6xH1(OP) ROWS5xH1(OP); OP((a3)(aDown*2), Y5)
#define ROWS7xH1(OP) ROWS6xH1(OP); OP((a6), Y6)
#define ROWS8xH1(OP) ROWS7xH1(OP); OP((a6)(aDown*1), Y7)
#define ROWS9xH1(OP) ROWS8xH1(OP); OP((a6)(aDown*2), Y8)
#define ROWS10xH1(OP) ROWS9xH1(OP); OP((a9), Y9)
#define ROWS11xH1(OP) ROWS10xH1(OP); OP((a9)(aDown*1), Y10)
#define ROWS12xH1(OP) ROWS11xH1(OP); OP((a9)(aDown*2), Y11)

// What to do with a row of V vectors: ZEROV clears the sums, LOADV loads a row of B,
// ROWV multiplies it by an element of A and adds it; that is an operand of two or three
// multiply-adds, but for more a broadcast of its own is cheaper. Then, with a row of C:
// PUTV stores the sums, ADDV adds them to it, FMAV adds alpha times them, and SCALEV
// multiplies them by alpha. Z28 is the element of A, or alpha. LAST is the masked vector's
// part of each. FETCHV brings the row of C nearer while long sums are formed.
#define ADDFULL(c, offset) VADD offset(cRow), c, c; VMOVU c, offset(cRow)
#define ADDLAST(c, offset) VMOVU.Z offset(cRow), K1, Z24; VADD Z24, c, c; VMOVU c, K1, offset(cRow)
#define FMAFULL(c, offset) FMA213 offset(cRow), Z28, c; VMOVU c, offset(cRow)
#define FMALAST(c, offset) VMOVU.Z offset(cRow), K1, Z24; FMA213 Z24, Z28, c; VMOVU c, K1, offset(cRow)

#define ZERO8(a, c0, c1, c2, c3, c4, c5, c6, c7) VPXORQ c0, c0, c0; VPXORQ c1, c1, c1; VPXORQ c2, c2, c2; VPXORQ c3, c3, c3; VPXORQ c4, c4, c4; VPXORQ c5, c5, c5; VPXORQ c6, c6, c6; VPXORQ c7, c7, c7
#define LOAD8 VMOVU (bRow), Z16; VMOVU 64(bRow), Z17; VMOVU 128(bRow), Z18; VMOVU 192(bRow), Z19; VMOVU 256(bRow), Z20; VMOVU 320(bRow), Z21; VMOVU 384(bRow), Z22; VMOVU.Z 448(bRow), K1, Z23
#define ROW8(a, c0, c1, c2, c3, c4, c5, c6, c7) BCAST a, Z28; FMA231 Z16, Z28, c0; FMA231 Z17, Z28, c1; FMA231 Z18, Z28, c2; FMA231 Z19, Z28, c3; FMA231 Z20, Z28, c4; FMA231 Z21, Z28, c5; FMA231 Z22, Z28, c6; FMA231 Z23, Z28, c7
#define PUT8(a, c0, c1, c2, c3, c4, c5, c6, c7) VMOVU c0, (cRow); VMOVU c1, 64(cRow); VMOVU c2, 128(cRow); VMOVU c3, 192(cRow); VMOVU c4, 256(cRow); VMOVU c5, 320(cRow); VMOVU c6, 384(cRow); VMOVU c7, K1, 448(cRow); ADDQ cDown, cRow
#define ADD8(a, c0, c1, c2, c3, c4, c5, c6, c7) ADDFULL(c0, 0); ADDFULL(c1, 64); ADDFULL(c2, 128); ADDFULL(c3, 192); ADDFULL(c4, 256); ADDFULL(c5, 320); ADDFULL(c6, 384); ADDLAST(c7, 448); ADDQ cDown, cRow
#define FMA8(a, c0, c1, c2, c3, c4, c5, c6, c7) FMAFULL(c0, 0); FMAFULL(c1, 64); FMAFULL(c2, 128); FMAFULL(c3, 192); FMAFULL(c4, 256); FMAFULL(c5, 320); FMAFULL(c6, 384); FMALAST(c7, 448); ADDQ cDown, cRow
#define FETCH8(a, c0, c1, c2, c3, c4, c5, c6, c7) PREFETCHT0 (cRow); PREFETCHT0 64(cRow); PREFETCHT0 128(cRow); PREFETCHT0 192(cRow); PREFETCHT0 256(cRow); PREFETCHT0 320(cRow); PREFETCHT0 384(cRow); PREFETCHT0 448(cRow); ADDQ cDown, cRow
#define SCALE8(a, c0, c1, c2, c3, c4, c5, c6, c7) VMUL Z28, c0, c0; VMUL Z28, c1, c1; VMUL Z28, c2, c2; VMUL Z28, c3, c3; VMUL Z28, c4, c4; VMUL Z28, c5, c5; VMUL Z28, c6, c6; VMUL Z28, c7, c7

#define ZERO4(a, c0, c1, c2, c3) VPXORQ c0, c0, c0; VPXORQ c1, c1, c1; VPXORQ c2, c2, c2; VPXORQ c3, c3, c3
#define LOAD4 VMOVU (bRow), Z24; VMOVU 64(bRow), Z25; VMOVU 128(bRow), Z26; VMOVU.Z 192(bRow), K1, Z27
#define ROW4(a, c0, c1, c2, c3) BCAST a, Z28; FMA231 Z24, Z28, c0; FMA231 Z25, Z28, c1; FMA231 Z26, Z28, c2; FMA231 Z27, Z28, c3
#define PUT4(a, c0, c1, c2, c3) VMOVU c0, (cRow); VMOVU c1, 64(cRow); VMOVU c2, 128(cRow); VMOVU c3, K1, 192(cRow); ADDQ cDown, cRow
#define ADD4(a, c0, c1, c2, c3) ADDFULL(c0, 0); ADDFULL(c1, 64); ADDFULL(c2, 128); ADDLAST(c3, 192); ADDQ cDown, cRow
#define FMA4(a, c0, c1, c2, c3) FMAFULL(c0, 0); FMAFULL(c1, 64); FMAFULL(c2, 128); FMALAST(c3, 192); ADDQ cDown, cRow
#define FETCH4(a, c0, c1, c2, c3) PREFETCHT0 (cRow); PREFETCHT0 64(cRow); PREFETCHT0 128(cRow); PREFETCHT0 192(cRow); ADDQ cDown, cRow
#define SCALE4(a, c0, c1, c2, c3) VMUL Z28, c0, c0; VMUL Z28, c1, c1; VMUL Z28, c2, c2; VMUL Z28, c3, c3

#define ZERO3(a, c0, c1, c2) VPXORQ c0, c0, c0; VPXORQ c1, c1, c1; VPXORQ c2, c2, c2
#define LOAD3 VMOVU (bRow), Z24; VMOVU 64(bRow), Z25; VMOVU.Z 128(bRow), K1, Z26
#define ROW3(a, c0, c1, c2) FMA231B a, Z24, c0; FMA231B a, Z25, c1; FMA231B a, Z26, c2
#define PUT3(a, c0, c1, c2) VMOVU c0, (cRow); VMOVU c1, 64(cRow); VMOVU c2, K1, 128(cRow); ADDQ cDown, cRow
#define ADD3(a, c0, c1, c2) ADDFULL(c0, 0); ADDFULL(c1, 64); ADDLAST(c2, 128); ADDQ cDown, cRow
#define FMA3(a, c0, c1, c2) FMAFULL(c0, 0); FMAFULL(c1, 64); FMALAST(c2, 128); ADDQ cDown, cRow
#define FETCH3(a, c0, c1, c2) PREFETCHT0 (cRow); PREFETCHT0 64(cRow); PREFETCHT0 128(cRow); ADDQ cDown, cRow
#define SCALE3(a, c0, c1, c2) VMUL Z28, c0, c0; VMUL Z28, c1, c1; VMUL Z28, c2, c2

#define ZERO2(a, c0, c1) VPXORQ c0, c0, c0; VPXORQ c1, c1, c1
#define LOAD2 VMOVU (bRow), Z24; VMOVU.Z 64(bRow), K1, Z25
#define ROW2(a, c0, c1) FMA231B a, Z24, c0; FMA231B a, Z25, c1
#define PUT2(a, c0, c1) VMOVU c0, (cRow); VMOVU c1, K1, 64(cRow); ADDQ cDown, cRow
#define ADD2(a, c0, c1) ADDFULL(c0, 0); ADDLAST(c1, 64); ADDQ cDown, cRow
#define FMA2(a, c0, c1) FMAFULL(c0, 0); FMALAST(c1, 64); ADDQ cDown, cRow
#define FETCH2(a, c0, c1) PREFETCHT0 (cRow); PREFETCHT0 64(cRow); ADDQ cDown, cRow
#define SCALE2(a, c0, c1) VMUL Z28, c0, c0; VMUL Z28, c1, c1

// The same for rows of V half vectors. They are for narrow strips: a 512-bit broadcast
// takes time from the FMA units that a 256-bit one does not.
#define FMAHALF(c, offset) FMA213 offset(cRow), Y28, c; VMOVU c, offset(cRow)
#define FMALASTHALF(c, offset) VMOVU.Z offset(cRow), K1, Y24; FMA213 Y24, Y28, c; VMOVU c, K1, offset(cRow)

#define ZEROH3(a, c0, c1, c2) VPXORQ c0, c0, c0; VPXORQ c1, c1, c1; VPXORQ c2, c2, c2
#define LOADH3 VMOVU (bRow), Y24; VMOVU 32(bRow), Y25; VMOVU.Z 64(bRow), K1, Y26
#define ROWH3(a, c0, c1, c2) BCAST a, Y28; FMA231 Y24, Y28, c0; FMA231 Y25, Y28, c1; FMA231 Y26, Y28, c2
#define PUTH3(a, c0, c1, c2) VMOVU c0, (cRow); VMOVU c1, 32(cRow); VMOVU c2, K1, 64(cRow); ADDQ cDown, cRow
#define FMAH3(a, c0, c1, c2) FMAHALF(c0, 0); FMAHALF(c1, 32); FMALASTHALF(c2, 64); ADDQ cDown, cRow
#define SCALEH3(a, c0, c1, c2) VMUL Y28, c0, c0; VMUL Y28, c1, c1; VMUL Y28, c2, c2
#define FETCHH3(a, c0, c1, c2) PREFETCHT0 (cRow); ADDQ cDown, cRow

#define ZEROH2(a, c0, c1) VPXORQ c0, c0, c0; VPXORQ c1, c1, c1
#define LOADH2 VMOVU (bRow), Y24; VMOVU.Z 32(bRow), K1, Y25
#define ROWH2(a, c0, c1) BCAST a, Y28; FMA231 Y24, Y28, c0; FMA231 Y25, Y28, c1
#define PUTH2(a, c0, c1) VMOVU c0, (cRow); VMOVU c1, K1, 32(cRow); ADDQ cDown, cRow
#define FMAH2(a, c0, c1) FMAHALF(c0, 0); FMALASTHALF(c1, 32); ADDQ cDown, cRow
#define SCALEH2(a, c0, c1) VMUL Y28, c0, c0; VMUL Y28, c1, c1
#define FETCHH2(a, c0, c1) PREFETCHT0 (cRow); ADDQ cDown, cRow

#define ZEROH1(a, c0) VPXORQ c0, c0, c0
#define LOADH1 VMOVU.Z (bRow), K1, Y24
#define ROWH1(a, c0) BCAST a, Y28; FMA231 Y24, Y28, c0
#define PUTH1(a, c0) VMOVU c0, K1, (cRow); ADDQ cDown, cRow
#define FMAH1(a, c0) FMALASTHALF(c0, 0); ADDQ cDown, cRow
#define SCALEH1(a, c0) VMUL Y28, c0, c0
#define FETCHH1(a, c0) PREFETCHT0 (cRow); ADDQ cDown, cRow

// SUMV(ROWS, JOINED) adds the rows to C. Narrow shapes do without a code of their own for
// that: where NOSUM stands they go on to FMAV with an alpha of 1, whose bits are the same.
#define SUM8(ROWS, JOINED) ROWS(ADD8); JMP JOINED
#define SUM4(ROWS, JOINED) ROWS(ADD4); JMP JOINED
#define SUM3(ROWS, JOINED) ROWS(ADD3); JMP JOINED
#define SUM2(ROWS, JOINED) ROWS(ADD2); JMP JOINED
#define NOSUM(ROWS, JOINED)

// MASK(first) sets K1 to the lanes in use of the vector that begins at column first.
#define MASK(first) \
	MOVQ  cols+16(FP), CX \
	SUBQ  $(first), CX \
	MOVL  $1, AX \
	SHLL  CX, AX \
	DECL  AX \
	KMOVW AX, K1

// A run of tiles of one height: for each tile and each block of 256 k's ROW for
// every k, then PUT, ADD or FMA; after the last tile those that are one row lower. The
// arguments from TILE on are labels.
#define RUN(ROWS, ZERO, LOAD, ROW, PUT, ADD, FMA, SCALE, FETCH, TILE, BLOCK, NEXTK, PUTS, ADDS, FMAS, SCALED, JOINED, LOWER) \
TILE: \
	MOVQ    a_base+40(FP), a0 \
	MOVQ    b_base+80(FP), bRow \
	LEAQ    (aDown)(aDown*2), a9 \
	LEAQ    (a0)(a9*1), a3 \
	LEAQ    (a3)(a9*1), a6 \
	ADDQ    a6, a9 \
	MOVQ    k+24(FP), left \
	MOVBLZX add+144(FP), adds \
	CMPQ    left, $256 \
	JLT     BLOCK \
	MOVQ    c_base+112(FP), cRow \
	ROWS(FETCH) \
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
	CMPONE(alpha+32(FP), CX) \
	JNE     FMAS \
	TESTQ   adds, adds \
	JNZ     ADDS \
PUTS: \
	ROWS(PUT) \
	MOVQ    $1, adds \
	JMP     JOINED \
FMAS: \
	TESTQ   adds, adds \
	JNZ     SCALED \
	ROWS(SCALE) \
	JMP     PUTS \
ADDS: \
	ADD(ROWS, JOINED) \
SCALED: \
	ROWS(FMA) \
JOINED: \
	TESTQ   left, left \
	JNZ     BLOCK \
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

// The bodies of the functions: strides to bytes, then the runs of all heights.
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

// STARTn goes to the run of the right height, or on to the one of n rows.
#define START2  STRIDES; WHEN(1, tile1)
#define START6  START2; WHEN(2, tile2); WHEN(3, tile3); WHEN(4, tile4); WHEN(5, tile5)
#define START8  START6; WHEN(6, tile6); WHEN(7, tile7)
#define START12 START8; WHEN(8, tile8); WHEN(9, tile9); WHEN(10, tile10); WHEN(11, tile11)

#define TILES8 \
	START2 \
	RUN(ROWS2x8, ZERO8, LOAD8, ROW8, PUT8, SUM8, FMA8, SCALE8, FETCH8, tile2, block2, k2, put2, add2, fma2, scaled2, joined2, tile1) \
	RUN(ROWS1x8, ZERO8, LOAD8, ROW8, PUT8, SUM8, FMA8, SCALE8, FETCH8, tile1, block1, k1, put1, add1, fma1, scaled1, joined1, tile1)

#define TILES4 \
	START6 \
	RUN(ROWS6x4, ZERO4, LOAD4, ROW4, PUT4, SUM4, FMA4, SCALE4, FETCH4, tile6, block6, k6, put6, add6, fma6, scaled6, joined6, tile5) \
	RUN(ROWS5x4, ZERO4, LOAD4, ROW4, PUT4, SUM4, FMA4, SCALE4, FETCH4, tile5, block5, k5, put5, add5, fma5, scaled5, joined5, tile4) \
	RUN(ROWS4x4, ZERO4, LOAD4, ROW4, PUT4, SUM4, FMA4, SCALE4, FETCH4, tile4, block4, k4, put4, add4, fma4, scaled4, joined4, tile3) \
	RUN(ROWS3x4, ZERO4, LOAD4, ROW4, PUT4, SUM4, FMA4, SCALE4, FETCH4, tile3, block3, k3, put3, add3, fma3, scaled3, joined3, tile2) \
	RUN(ROWS2x4, ZERO4, LOAD4, ROW4, PUT4, SUM4, FMA4, SCALE4, FETCH4, tile2, block2, k2, put2, add2, fma2, scaled2, joined2, tile1) \
	RUN(ROWS1x4, ZERO4, LOAD4, ROW4, PUT4, SUM4, FMA4, SCALE4, FETCH4, tile1, block1, k1, put1, add1, fma1, scaled1, joined1, tile1)

#define TILES3 \
	START8 \
	RUN(ROWS8x3, ZERO3, LOAD3, ROW3, PUT3, SUM3, FMA3, SCALE3, FETCH3, tile8, block8, k8, put8, add8, fma8, scaled8, joined8, tile7) \
	RUN(ROWS7x3, ZERO3, LOAD3, ROW3, PUT3, SUM3, FMA3, SCALE3, FETCH3, tile7, block7, k7, put7, add7, fma7, scaled7, joined7, tile6) \
	RUN(ROWS6x3, ZERO3, LOAD3, ROW3, PUT3, SUM3, FMA3, SCALE3, FETCH3, tile6, block6, k6, put6, add6, fma6, scaled6, joined6, tile5) \
	RUN(ROWS5x3, ZERO3, LOAD3, ROW3, PUT3, SUM3, FMA3, SCALE3, FETCH3, tile5, block5, k5, put5, add5, fma5, scaled5, joined5, tile4) \
	RUN(ROWS4x3, ZERO3, LOAD3, ROW3, PUT3, SUM3, FMA3, SCALE3, FETCH3, tile4, block4, k4, put4, add4, fma4, scaled4, joined4, tile3) \
	RUN(ROWS3x3, ZERO3, LOAD3, ROW3, PUT3, SUM3, FMA3, SCALE3, FETCH3, tile3, block3, k3, put3, add3, fma3, scaled3, joined3, tile2) \
	RUN(ROWS2x3, ZERO3, LOAD3, ROW3, PUT3, SUM3, FMA3, SCALE3, FETCH3, tile2, block2, k2, put2, add2, fma2, scaled2, joined2, tile1) \
	RUN(ROWS1x3, ZERO3, LOAD3, ROW3, PUT3, SUM3, FMA3, SCALE3, FETCH3, tile1, block1, k1, put1, add1, fma1, scaled1, joined1, tile1)

#define TILES2 \
	START12 \
	RUN(ROWS12x2, ZERO2, LOAD2, ROW2, PUT2, SUM2, FMA2, SCALE2, FETCH2, tile12, block12, k12, put12, add12, fma12, scaled12, joined12, tile11) \
	RUN(ROWS11x2, ZERO2, LOAD2, ROW2, PUT2, SUM2, FMA2, SCALE2, FETCH2, tile11, block11, k11, put11, add11, fma11, scaled11, joined11, tile10) \
	RUN(ROWS10x2, ZERO2, LOAD2, ROW2, PUT2, SUM2, FMA2, SCALE2, FETCH2, tile10, block10, k10, put10, add10, fma10, scaled10, joined10, tile9) \
	RUN(ROWS9x2, ZERO2, LOAD2, ROW2, PUT2, SUM2, FMA2, SCALE2, FETCH2, tile9, block9, k9, put9, add9, fma9, scaled9, joined9, tile8) \
	RUN(ROWS8x2, ZERO2, LOAD2, ROW2, PUT2, SUM2, FMA2, SCALE2, FETCH2, tile8, block8, k8, put8, add8, fma8, scaled8, joined8, tile7) \
	RUN(ROWS7x2, ZERO2, LOAD2, ROW2, PUT2, SUM2, FMA2, SCALE2, FETCH2, tile7, block7, k7, put7, add7, fma7, scaled7, joined7, tile6) \
	RUN(ROWS6x2, ZERO2, LOAD2, ROW2, PUT2, SUM2, FMA2, SCALE2, FETCH2, tile6, block6, k6, put6, add6, fma6, scaled6, joined6, tile5) \
	RUN(ROWS5x2, ZERO2, LOAD2, ROW2, PUT2, SUM2, FMA2, SCALE2, FETCH2, tile5, block5, k5, put5, add5, fma5, scaled5, joined5, tile4) \
	RUN(ROWS4x2, ZERO2, LOAD2, ROW2, PUT2, SUM2, FMA2, SCALE2, FETCH2, tile4, block4, k4, put4, add4, fma4, scaled4, joined4, tile3) \
	RUN(ROWS3x2, ZERO2, LOAD2, ROW2, PUT2, SUM2, FMA2, SCALE2, FETCH2, tile3, block3, k3, put3, add3, fma3, scaled3, joined3, tile2) \
	RUN(ROWS2x2, ZERO2, LOAD2, ROW2, PUT2, SUM2, FMA2, SCALE2, FETCH2, tile2, block2, k2, put2, add2, fma2, scaled2, joined2, tile1) \
	RUN(ROWS1x2, ZERO2, LOAD2, ROW2, PUT2, SUM2, FMA2, SCALE2, FETCH2, tile1, block1, k1, put1, add1, fma1, scaled1, joined1, tile1)

#define TILESH3 \
	START8 \
	RUN(ROWS8xH3, ZEROH3, LOADH3, ROWH3, PUTH3, NOSUM, FMAH3, SCALEH3, FETCHH3, tile8, block8, k8, put8, add8, fma8, scaled8, joined8, tile7) \
	RUN(ROWS7xH3, ZEROH3, LOADH3, ROWH3, PUTH3, NOSUM, FMAH3, SCALEH3, FETCHH3, tile7, block7, k7, put7, add7, fma7, scaled7, joined7, tile6) \
	RUN(ROWS6xH3, ZEROH3, LOADH3, ROWH3, PUTH3, NOSUM, FMAH3, SCALEH3, FETCHH3, tile6, block6, k6, put6, add6, fma6, scaled6, joined6, tile5) \
	RUN(ROWS5xH3, ZEROH3, LOADH3, ROWH3, PUTH3, NOSUM, FMAH3, SCALEH3, FETCHH3, tile5, block5, k5, put5, add5, fma5, scaled5, joined5, tile4) \
	RUN(ROWS4xH3, ZEROH3, LOADH3, ROWH3, PUTH3, NOSUM, FMAH3, SCALEH3, FETCHH3, tile4, block4, k4, put4, add4, fma4, scaled4, joined4, tile3) \
	RUN(ROWS3xH3, ZEROH3, LOADH3, ROWH3, PUTH3, NOSUM, FMAH3, SCALEH3, FETCHH3, tile3, block3, k3, put3, add3, fma3, scaled3, joined3, tile2) \
	RUN(ROWS2xH3, ZEROH3, LOADH3, ROWH3, PUTH3, NOSUM, FMAH3, SCALEH3, FETCHH3, tile2, block2, k2, put2, add2, fma2, scaled2, joined2, tile1) \
	RUN(ROWS1xH3, ZEROH3, LOADH3, ROWH3, PUTH3, NOSUM, FMAH3, SCALEH3, FETCHH3, tile1, block1, k1, put1, add1, fma1, scaled1, joined1, tile1)

#define TILESH2 \
	START12 \
	RUN(ROWS12xH2, ZEROH2, LOADH2, ROWH2, PUTH2, NOSUM, FMAH2, SCALEH2, FETCHH2, tile12, block12, k12, put12, add12, fma12, scaled12, joined12, tile11) \
	RUN(ROWS11xH2, ZEROH2, LOADH2, ROWH2, PUTH2, NOSUM, FMAH2, SCALEH2, FETCHH2, tile11, block11, k11, put11, add11, fma11, scaled11, joined11, tile10) \
	RUN(ROWS10xH2, ZEROH2, LOADH2, ROWH2, PUTH2, NOSUM, FMAH2, SCALEH2, FETCHH2, tile10, block10, k10, put10, add10, fma10, scaled10, joined10, tile9) \
	RUN(ROWS9xH2, ZEROH2, LOADH2, ROWH2, PUTH2, NOSUM, FMAH2, SCALEH2, FETCHH2, tile9, block9, k9, put9, add9, fma9, scaled9, joined9, tile8) \
	RUN(ROWS8xH2, ZEROH2, LOADH2, ROWH2, PUTH2, NOSUM, FMAH2, SCALEH2, FETCHH2, tile8, block8, k8, put8, add8, fma8, scaled8, joined8, tile7) \
	RUN(ROWS7xH2, ZEROH2, LOADH2, ROWH2, PUTH2, NOSUM, FMAH2, SCALEH2, FETCHH2, tile7, block7, k7, put7, add7, fma7, scaled7, joined7, tile6) \
	RUN(ROWS6xH2, ZEROH2, LOADH2, ROWH2, PUTH2, NOSUM, FMAH2, SCALEH2, FETCHH2, tile6, block6, k6, put6, add6, fma6, scaled6, joined6, tile5) \
	RUN(ROWS5xH2, ZEROH2, LOADH2, ROWH2, PUTH2, NOSUM, FMAH2, SCALEH2, FETCHH2, tile5, block5, k5, put5, add5, fma5, scaled5, joined5, tile4) \
	RUN(ROWS4xH2, ZEROH2, LOADH2, ROWH2, PUTH2, NOSUM, FMAH2, SCALEH2, FETCHH2, tile4, block4, k4, put4, add4, fma4, scaled4, joined4, tile3) \
	RUN(ROWS3xH2, ZEROH2, LOADH2, ROWH2, PUTH2, NOSUM, FMAH2, SCALEH2, FETCHH2, tile3, block3, k3, put3, add3, fma3, scaled3, joined3, tile2) \
	RUN(ROWS2xH2, ZEROH2, LOADH2, ROWH2, PUTH2, NOSUM, FMAH2, SCALEH2, FETCHH2, tile2, block2, k2, put2, add2, fma2, scaled2, joined2, tile1) \
	RUN(ROWS1xH2, ZEROH2, LOADH2, ROWH2, PUTH2, NOSUM, FMAH2, SCALEH2, FETCHH2, tile1, block1, k1, put1, add1, fma1, scaled1, joined1, tile1)

#define TILESH1 \
	START12 \
	RUN(ROWS12xH1, ZEROH1, LOADH1, ROWH1, PUTH1, NOSUM, FMAH1, SCALEH1, FETCHH1, tile12, block12, k12, put12, add12, fma12, scaled12, joined12, tile11) \
	RUN(ROWS11xH1, ZEROH1, LOADH1, ROWH1, PUTH1, NOSUM, FMAH1, SCALEH1, FETCHH1, tile11, block11, k11, put11, add11, fma11, scaled11, joined11, tile10) \
	RUN(ROWS10xH1, ZEROH1, LOADH1, ROWH1, PUTH1, NOSUM, FMAH1, SCALEH1, FETCHH1, tile10, block10, k10, put10, add10, fma10, scaled10, joined10, tile9) \
	RUN(ROWS9xH1, ZEROH1, LOADH1, ROWH1, PUTH1, NOSUM, FMAH1, SCALEH1, FETCHH1, tile9, block9, k9, put9, add9, fma9, scaled9, joined9, tile8) \
	RUN(ROWS8xH1, ZEROH1, LOADH1, ROWH1, PUTH1, NOSUM, FMAH1, SCALEH1, FETCHH1, tile8, block8, k8, put8, add8, fma8, scaled8, joined8, tile7) \
	RUN(ROWS7xH1, ZEROH1, LOADH1, ROWH1, PUTH1, NOSUM, FMAH1, SCALEH1, FETCHH1, tile7, block7, k7, put7, add7, fma7, scaled7, joined7, tile6) \
	RUN(ROWS6xH1, ZEROH1, LOADH1, ROWH1, PUTH1, NOSUM, FMAH1, SCALEH1, FETCHH1, tile6, block6, k6, put6, add6, fma6, scaled6, joined6, tile5) \
	RUN(ROWS5xH1, ZEROH1, LOADH1, ROWH1, PUTH1, NOSUM, FMAH1, SCALEH1, FETCHH1, tile5, block5, k5, put5, add5, fma5, scaled5, joined5, tile4) \
	RUN(ROWS4xH1, ZEROH1, LOADH1, ROWH1, PUTH1, NOSUM, FMAH1, SCALEH1, FETCHH1, tile4, block4, k4, put4, add4, fma4, scaled4, joined4, tile3) \
	RUN(ROWS3xH1, ZEROH1, LOADH1, ROWH1, PUTH1, NOSUM, FMAH1, SCALEH1, FETCHH1, tile3, block3, k3, put3, add3, fma3, scaled3, joined3, tile2) \
	RUN(ROWS2xH1, ZEROH1, LOADH1, ROWH1, PUTH1, NOSUM, FMAH1, SCALEH1, FETCHH1, tile2, block2, k2, put2, add2, fma2, scaled2, joined2, tile1) \
	RUN(ROWS1xH1, ZEROH1, LOADH1, ROWH1, PUTH1, NOSUM, FMAH1, SCALEH1, FETCHH1, tile1, block1, k1, put1, add1, fma1, scaled1, joined1, tile1)
