// The register tiles of Gemm for AVX-512.
//
// A tile is up to 24 vectors of C, summed in registers over a block of k's, with A
// and B read where they lie. These shapes serve every width of a strip:
//
//	6 rows x 4 vectors   8 rows x 3   10 rows x 2   12 rows x 1
//
// and 2 rows x 8 vectors a C of one or two rows, for which B is read in longer pieces. Nine or ten
// columns have shapes of their own, in ten_amd64.h, and some widths those of half vectors, in
// halves_avx512_amd64.h.
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
// The last vector of a row ends where the row ends, and overlaps the one before if the columns
// are no whole vectors: so nothing outside B is touched without a mask, of which Intel's CPUs make
// an operation that takes the time of a multiply-add. K1 are the lanes that only the last vector
// has: others are not stored.

// The registers of a run of tiles. Strides are in bytes. The arguments a and c are
// moved from tile to tile in place, and that of cols, of which K1 says all, makes room.
#define left   cols+16(FP) // k's of the tile after this block
#define count  CX  // k's of this block, counted down
#define cRow   DX  // the row of C to join
#define a0     SI  // A at row 0 of the tile, walking along k
#define a3     R12 // A at row 3
#define a6     R13
#define a9     R14
#define e0     CX  // A one k further, for the last of a block
#define e3     BX
#define e6     AX
#define bRow   DI  // row p of B
#define aDown  R8  // from a row of op(A) to the next
#define aRight R9  // from a column of op(A) to the next
#define bDown  R10 // from a row of B to the next
#define cDown  R11 // from a row of C to the next
#define edge   R15 // from the first vector of a row to the last

// What to do with a row of V vectors: LOADV loads a row of B, ROWV multiplies it by an element
// of A and adds it to the sums: by one broadcast for all of a row, since a CPU that does two
// multiply-adds in a cycle has no more than two loads in it. Then, with a row of C: PUTV stores
// the sums, and FMAV adds alpha times them, where an alpha of 1 changes no bit. The element of A
// is in Z28, or Z30 in tiles of two and three vectors, and alpha in Z31. K6 lets every lane pass if the tile is added to C, else none, and K7 those of K1.
//
// How a block ends. On Zen 4 a vector that is stored the moment its sum is complete costs the
// FMA units nothing. One that waits takes 1.4 cycles of theirs, presumably to be read again. 24
// do wait, since a store takes two cycles, and if the sums of the last k are formed in a row, one is
// complete in each cycle. So the last two k's of a block go together. MOREV loads the row of B
// for the second of them, and ENDV does that for a row, and the first for the row below, in turns,
// so that a sum is complete in every second cycle. Of a tile of two vectors:
//
//	            k-2      k-1
//	  row 0    1  2     3   5      3 and 5 are stored
//	  row 1    4  6     7   9
//	  row 2    8 10       ...
//
// FINV is for the last row. SUM(c, offset) is what happens to a sum: PUTC stores it, ADDC adds
// it to C, FMAC adds alpha times it. SUMY and SUMZ do that with the last two of a row. Where they
// overlap, a load of C after a store would wait for that to reach the cache: so C is read for both
// before one is stored. Up to 12 vectors do not wait long enough to matter.
#define PUTC(c, offset)    VMOVU c, offset(cRow)
#define PUTZ(c, offset, l) VMOVU l, K1, (cRow)(edge*1)
#define ADDC(c, offset)    VADD offset(cRow), c, c; VMOVU c, offset(cRow)
#define ADDY(c, offset)    VMOVU (cRow)(edge*1), Z31; ADDC(c, offset)
#define ADDZ(c, offset, l) VADD Z31, l, l; VMOVU l, K1, (cRow)(edge*1)
#define FMAC(c, offset)    FMA213 offset(cRow), Z31, K6, c; VMOVU c, offset(cRow)
#define FMAY(c, offset)
#define FMAZ(c, offset, l) FMA213 offset(cRow), Z31, K6, c; FMA213 (cRow)(edge*1), Z31, K7, l; PUTC(c, offset); PUTZ(c, offset, l)

#define LOAD8 VMOVU (bRow), Z16; VMOVU 64(bRow), Z17; VMOVU 128(bRow), Z18; VMOVU 192(bRow), Z19; VMOVU 256(bRow), Z20; VMOVU 320(bRow), Z21; VMOVU 384(bRow), Z22; VMOVU (bRow)(edge*1), Z23
#define ROW8(a, c0, c1, c2, c3, c4, c5, c6, c7) BCAST a, Z28; FMA231 Z16, Z28, c0; FMA231 Z17, Z28, c1; FMA231 Z18, Z28, c2; FMA231 Z19, Z28, c3; FMA231 Z20, Z28, c4; FMA231 Z21, Z28, c5; FMA231 Z22, Z28, c6; FMA231 Z23, Z28, c7
#define PUT8(a, c0, c1, c2, c3, c4, c5, c6, c7) VMOVU c0, (cRow); VMOVU c1, 64(cRow); VMOVU c2, 128(cRow); VMOVU c3, 192(cRow); VMOVU c4, 256(cRow); VMOVU c5, 320(cRow); VMOVU c6, 384(cRow); VMOVU c7, K1, (cRow)(edge*1); ADDQ cDown, cRow
#define FMA8(a, c0, c1, c2, c3, c4, c5, c6, c7) FMAC(c0, 0); FMAC(c1, 64); FMAC(c2, 128); FMAC(c3, 192); FMAC(c4, 256); FMAC(c5, 320); FMAZ(c6, 384, c7); ADDQ cDown, cRow

#define LOAD4 VMOVU (bRow), Z24; VMOVU 64(bRow), Z25; VMOVU 128(bRow), Z26; VMOVU (bRow)(edge*1), Z27
#define ROW4(a, c0, c1, c2, c3) BCAST a, Z28; FMA231 Z24, Z28, c0; FMA231 Z25, Z28, c1; FMA231 Z26, Z28, c2; FMA231 Z27, Z28, c3
#define PUT4(a, c0, c1, c2, c3) VMOVU c0, (cRow); VMOVU c1, 64(cRow); VMOVU c2, 128(cRow); VMOVU c3, K1, (cRow)(edge*1); ADDQ cDown, cRow
#define FMA4(a, c0, c1, c2, c3) FMAC(c0, 0); FMAC(c1, 64); FMAZ(c2, 128, c3); ADDQ cDown, cRow
#define MORE4 // END4 and FIN4 have no registers for it and read it as operands
#define END4(SUM, SUMY, SUMZ, e, c0, c1, c2, c3, a, n0, n1, n2, n3) BCAST e, Z29; BCAST a, Z28; FMA231 (bRow), Z29, c0; SUM(c0, 0); FMA231 Z24, Z28, n0; FMA231 64(bRow), Z29, c1; SUM(c1, 64); FMA231 Z25, Z28, n1; FMA231 128(bRow), Z29, c2; SUMY(c2, 128); FMA231 Z26, Z28, n2; FMA231 (bRow)(edge*1), Z29, c3; SUMZ(c2, 128, c3); FMA231 Z27, Z28, n3; ADDQ cDown, cRow
#define FIN4(SUM, SUMY, SUMZ, e, c0, c1, c2, c3) BCAST e, Z29; FMA231 (bRow), Z29, c0; SUM(c0, 0); FMA231 64(bRow), Z29, c1; SUM(c1, 64); FMA231 128(bRow), Z29, c2; SUMY(c2, 128); FMA231 (bRow)(edge*1), Z29, c3; SUMZ(c2, 128, c3); ADDQ cDown, cRow

#define LOAD3 VMOVU (bRow), Z24; VMOVU 64(bRow), Z25; VMOVU (bRow)(edge*1), Z26
#define ROW3(a, c0, c1, c2) BCAST a, Z30; FMA231 Z24, Z30, c0; FMA231 Z25, Z30, c1; FMA231 Z26, Z30, c2
#define PUT3(a, c0, c1, c2) VMOVU c0, (cRow); VMOVU c1, 64(cRow); VMOVU c2, K1, (cRow)(edge*1); ADDQ cDown, cRow
#define FMA3(a, c0, c1, c2) FMAC(c0, 0); FMAZ(c1, 64, c2); ADDQ cDown, cRow
#define MORE3 VMOVU (bRow), Z27; VMOVU 64(bRow), Z28; VMOVU (bRow)(edge*1), Z29
#define END3(SUM, SUMY, SUMZ, e, c0, c1, c2, a, n0, n1, n2) BCAST a, Z30; FMA231B e, Z27, c0; SUM(c0, 0); FMA231 Z24, Z30, n0; FMA231B e, Z28, c1; SUMY(c1, 64); FMA231 Z25, Z30, n1; FMA231B e, Z29, c2; SUMZ(c1, 64, c2); FMA231 Z26, Z30, n2; ADDQ cDown, cRow
#define FIN3(SUM, SUMY, SUMZ, e, c0, c1, c2) FMA231B e, Z27, c0; SUM(c0, 0); FMA231B e, Z28, c1; SUMY(c1, 64); FMA231B e, Z29, c2; SUMZ(c1, 64, c2); ADDQ cDown, cRow

#define LOAD2 VMOVU (bRow), Z24; VMOVU (bRow)(edge*1), Z25
#define ROW2(a, c0, c1) BCAST a, Z30; FMA231 Z24, Z30, c0; FMA231 Z25, Z30, c1
#define PUT2(a, c0, c1) VMOVU c0, (cRow); VMOVU c1, K1, (cRow)(edge*1); ADDQ cDown, cRow
#define FMA2(a, c0, c1) FMAZ(c0, 0, c1); ADDQ cDown, cRow
#define MORE2 VMOVU (bRow), Z26; VMOVU (bRow)(edge*1), Z27
#define END2(SUM, SUMY, SUMZ, e, c0, c1, a, n0, n1) BCAST e, Z29; BCAST a, Z30; FMA231 Z26, Z29, c0; SUMY(c0, 0); FMA231 Z24, Z30, n0; FMA231 Z27, Z29, c1; SUMZ(c0, 0, c1); FMA231 Z25, Z30, n1; ADDQ cDown, cRow
#define FIN2(SUM, SUMY, SUMZ, e, c0, c1) BCAST e, Z29; FMA231 Z26, Z29, c0; SUMY(c0, 0); FMA231 Z27, Z29, c1; SUMZ(c0, 0, c1); ADDQ cDown, cRow

#define LOAD1 VMOVU (bRow)(edge*1), Z24
#define ROW1(a, c0) FMA231B a, Z24, c0
#define PUT1(a, c0) VMOVU c0, K1, (cRow)(edge*1); ADDQ cDown, cRow
#define FMA1(a, c0) FMA213 (cRow)(edge*1), Z31, K7, c0; PUT1(a, c0)

// FETCHV brings a row of C nearer while long sums are formed that will be added to it.
#define FETCH1 PREFETCHT0 (cRow)
#define FETCH2 FETCH1; PREFETCHT0 64(cRow)
#define FETCH3 FETCH2; PREFETCHT0 128(cRow)
#define FETCH4 FETCH3; PREFETCHT0 192(cRow)
#define FETCH8 FETCH4; PREFETCHT0 256(cRow); PREFETCHT0 320(cRow); PREFETCHT0 384(cRow); PREFETCHT0 448(cRow)

// EDGE(columns, lanes) is for a tile of so many columns, if all are in use, in vectors of so many
// lanes: it sets edge, and K1 to the lanes of the last vector that the one before does not have.
#define EDGE(columns, lanes) \
	MOVQ  cols+16(FP), edge \
	MOVQ  $(columns), CX \
	SUBQ  edge, CX \
	SUBQ  $(lanes), edge \
	SHLQ  $LOGSIZE, edge \
	MOVL  $-1, AX \
	SHLL  CX, AX \
	KMOVW AX, K1

// ALL(OP) does OP(c) for all registers of C.
#define ALL(OP) OP(Z0); OP(Z1); OP(Z2); OP(Z3); OP(Z4); OP(Z5); OP(Z6); OP(Z7); OP(Z8); OP(Z9); OP(Z10); OP(Z11); OP(Z12); OP(Z13); OP(Z14); OP(Z15); OP(Z16); OP(Z17); OP(Z18); OP(Z19); OP(Z20); OP(Z21); OP(Z22); OP(Z23)
#define ZERO(c) VPXORQ c, c, c

// The body of a function is BEGIN, BLOCK, STARTn, a SHAPE for each height, and FINISH.
//
// BEGIN makes strides of bytes, and is where a tile begins.
#define BEGIN(FETCH) \
	MOVQ rs+64(FP), aDown \
	MOVQ cs+72(FP), aRight \
	MOVQ ldb+104(FP), bDown \
	MOVQ ldc+136(FP), cDown \
	SHLQ $LOGSIZE, aDown \
	SHLQ $LOGSIZE, aRight \
	SHLQ $LOGSIZE, bDown \
	SHLQ $LOGSIZE, cDown \
tile: \
	MOVQ    a_base+40(FP), a0 \
	MOVQ    b_base+80(FP), bRow \
	LEAQ    (aDown)(aDown*2), a9 \
	LEAQ    (a0)(a9*1), a3 \
	LEAQ    (a3)(a9*1), a6 \
	ADDQ    a6, a9 \
	MOVBLZX add+144(FP), AX \
	NEGL    AX \
	KMOVW   AX, K6 \
	KANDW   K1, K6, K7 \
	MOVQ    k+24(FP), AX \
	MOVQ    AX, left \
	CMPQ    AX, $256 \
	JLT     begun \
	KORTESTW K6, K6 \
	JEQ     begun \
	MOVQ    c_base+112(FP), cRow \
	MOVQ    rows+8(FP), count \
nearer: \
	FETCH \
	ADDQ    cDown, cRow \
	DECQ    count \
	JNZ     nearer \
begun:

// BLOCK is where each of a tile's blocks of 256 k's begins.
#define BLOCK \
block: \
	MOVQ    c_base+112(FP), cRow \
	MOVQ    left, AX \
	MOVQ    $256, count \
	CMPQ    AX, count \
	CMOVQLT AX, count \
	SUBQ    count, left \
	ALL(ZERO)

// STARTn goes to the shape of the right height, or on to the one of n rows.
#define WHEN(n, label) CMPQ AX, $n; JEQ label
#define START2  MOVQ rows+8(FP), AX; WHEN(1, rows1)
#define START6  START2; WHEN(2, rows2); WHEN(3, rows3); WHEN(4, rows4); WHEN(5, rows5)
#define START8  START6; WHEN(6, rows6); WHEN(7, rows7)
#define START10 START8; WHEN(8, rows8); WHEN(9, rows9)
#define START12 START10; WHEN(10, rows10); WHEN(11, rows11)

// SHAPE does ROW for every k of the block, then PUT or FMA. The arguments from NEXTK on are
// labels. (A jump must not lead to a PCALIGN itself: Go's assembler would not come to an end.)
#define SHAPE(ROWS, LOAD, ROW, PUT, FMA, NEXTK, ADDS) \
	SUMS(ROWS, LOAD, ROW, NEXTK) \
	INTOC(ROWS, PUT, FMA, ADDS)

// SUMS adds the products of the next count k's to the sums.
#define SUMS(ROWS, LOAD, ROW, NEXTK) \
	PCALIGN $64 \
NEXTK: \
	LOAD \
	ROWS(ROW) \
	ONWARD(NEXTK)

#define ONWARD(NEXTK) \
	ADDQ    bDown, bRow \
	ADDQ    aRight, a0 \
	ADDQ    aRight, a3 \
	ADDQ    aRight, a6 \
	ADDQ    aRight, a9 \
	DECQ    count \
	JNZ     NEXTK

// INTOC has the rows join C.
#define INTOC(ROWS, PUT, FMA, ADDS) \
	KORTESTW K6, K6 \
	JNE      ADDS \
	ROWS(PUT) \
	JMP      joined \
ADDS: \
	BCAST    alpha+32(FP), Z31 \
	ROWS(FMA) \
	JMP      joined

// TALL is SHAPE for more than 12 vectors. Blocks end as described above, but for those of a
// single k. The arguments from BEGUN on are labels.
#define TALL(ROWS, PAIRS, LAST, ROWS1, LOAD, MORE, ROW, FMA, END, FIN, BEGUN, NEXTK, ENDS, ADDS, SCALED, ONE) \
BEGUN: \
	MOVQ $2, AX \
	SUBQ AX, count \
	JEQ  ENDS \
	JGT  NEXTK \
	MOVQ $0, AX \
	MOVQ $1, count \
	SUMS(ROWS, LOAD, ROW, NEXTK) \
	TESTQ AX, AX \
	JEQ   ONE \
ENDS: \
	LEAQ  (a0)(aRight*1), e0 \
	LEAQ  (a3)(aRight*1), e3 \
	LOAD \
	ROWS1(ROW) \
	ADDQ  bDown, bRow \
	MORE \
	CMPONE(alpha+32(FP), e6) \
	LEAQ  (a6)(aRight*1), e6 \
	JNE   SCALED \
	KORTESTW K6, K6 \
	JNE   ADDS \
	PAIRS(END, PUTC, PUTC, PUTZ) \
	LAST(FIN, PUTC, PUTC, PUTZ) \
	JMP   ended \
ADDS: \
	PAIRS(END, ADDC, ADDY, ADDZ) \
	LAST(FIN, ADDC, ADDY, ADDZ) \
	JMP   ended \
SCALED: \
	BCAST alpha+32(FP), Z31 \
	PAIRS(END, FMAC, FMAY, FMAZ) \
	LAST(FIN, FMAC, FMAY, FMAZ) \
	JMP   ended \
ONE: \
	BCAST alpha+32(FP), Z31 \
	ROWS(FMA) \
	JMP   joined

// FINISH goes on to the next block, the next tile or the lower ones, or returns.
#define FINISH \
ended: \
	ADDQ    bDown, bRow \
	LEAQ    (e0)(aRight*1), a0 \
	LEAQ    (e3)(aRight*1), a3 \
	LEAQ    (e6)(aRight*1), a6 \
	LEAQ    (a9)(aRight*2), a9 \
joined: \
	KXNORW  K6, K6, K6 \
	KMOVW   K1, K7 \
	CMPQ    left, $0 \
	JNE     block \
	MOVQ    cRow, c_base+112(FP) \
	MOVQ    rows+8(FP), AX \
	IMULQ   aDown, AX \
	ADDQ    AX, a_base+40(FP) \
	DECQ    tiles+0(FP) \
	JNZ     tile \
	MOVQ    lower+152(FP), AX \
	MOVQ    AX, tiles+0(FP) \
	MOVQ    $0, lower+152(FP) \
	DECQ    rows+8(FP) \
	TESTQ   AX, AX \
	JNZ     tile \
	VZEROUPPER \
	RET

#define SHAPE8(ROWS, NEXTK, ADDS) SHAPE(ROWS, LOAD8, ROW8, PUT8, FMA8, NEXTK, ADDS)
#define TILES8 \
	BEGIN(FETCH8) \
	BLOCK \
	START2 \
	SHAPE8(ROWS2x8, rows2, adds2) \
	SHAPE8(ROWS1x8, rows1, adds1) \
	FINISH

#define SHAPE4(ROWS, NEXTK, ADDS) SHAPE(ROWS, LOAD4, ROW4, PUT4, FMA4, NEXTK, ADDS)
#define TALL4(ROWS, PAIRS, LAST, BEGUN, NEXTK, ENDS, ADDS, SCALED, ONE) TALL(ROWS, PAIRS, LAST, ROWS1x4, LOAD4, MORE4, ROW4, FMA4, END4, FIN4, BEGUN, NEXTK, ENDS, ADDS, SCALED, ONE)
#define TILES4 \
	BEGIN(FETCH4) \
	BLOCK \
	START6 \
	TALL4(ROWS6x4, PAIRS6x4, LAST6x4, rows6, k6, ends6, adds6, scaled6, one6) \
	TALL4(ROWS5x4, PAIRS5x4, LAST5x4, rows5, k5, ends5, adds5, scaled5, one5) \
	TALL4(ROWS4x4, PAIRS4x4, LAST4x4, rows4, k4, ends4, adds4, scaled4, one4) \
	SHAPE4(ROWS3x4, rows3, adds3) \
	SHAPE4(ROWS2x4, rows2, adds2) \
	SHAPE4(ROWS1x4, rows1, adds1) \
	FINISH

#define SHAPE3(ROWS, NEXTK, ADDS) SHAPE(ROWS, LOAD3, ROW3, PUT3, FMA3, NEXTK, ADDS)
#define TALL3(ROWS, PAIRS, LAST, BEGUN, NEXTK, ENDS, ADDS, SCALED, ONE) TALL(ROWS, PAIRS, LAST, ROWS1x3, LOAD3, MORE3, ROW3, FMA3, END3, FIN3, BEGUN, NEXTK, ENDS, ADDS, SCALED, ONE)
#define TILES3 \
	BEGIN(FETCH3) \
	BLOCK \
	START8 \
	TALL3(ROWS8x3, PAIRS8x3, LAST8x3, rows8, k8, ends8, adds8, scaled8, one8) \
	TALL3(ROWS7x3, PAIRS7x3, LAST7x3, rows7, k7, ends7, adds7, scaled7, one7) \
	TALL3(ROWS6x3, PAIRS6x3, LAST6x3, rows6, k6, ends6, adds6, scaled6, one6) \
	TALL3(ROWS5x3, PAIRS5x3, LAST5x3, rows5, k5, ends5, adds5, scaled5, one5) \
	SHAPE3(ROWS4x3, rows4, adds4) \
	SHAPE3(ROWS3x3, rows3, adds3) \
	SHAPE3(ROWS2x3, rows2, adds2) \
	SHAPE3(ROWS1x3, rows1, adds1) \
	FINISH

#define SHAPE2(ROWS, NEXTK, ADDS) SHAPE(ROWS, LOAD2, ROW2, PUT2, FMA2, NEXTK, ADDS)
#define TALL2(ROWS, PAIRS, LAST, BEGUN, NEXTK, ENDS, ADDS, SCALED, ONE) TALL(ROWS, PAIRS, LAST, ROWS1x2, LOAD2, MORE2, ROW2, FMA2, END2, FIN2, BEGUN, NEXTK, ENDS, ADDS, SCALED, ONE)
#define TILES2 \
	BEGIN(FETCH2) \
	BLOCK \
	START10 \
	TALL2(ROWS10x2, PAIRS10x2, LAST10x2, rows10, k10, ends10, adds10, scaled10, one10) \
	TALL2(ROWS9x2, PAIRS9x2, LAST9x2, rows9, k9, ends9, adds9, scaled9, one9) \
	TALL2(ROWS8x2, PAIRS8x2, LAST8x2, rows8, k8, ends8, adds8, scaled8, one8) \
	TALL2(ROWS7x2, PAIRS7x2, LAST7x2, rows7, k7, ends7, adds7, scaled7, one7) \
	SHAPE2(ROWS6x2, rows6, adds6) \
	SHAPE2(ROWS5x2, rows5, adds5) \
	SHAPE2(ROWS4x2, rows4, adds4) \
	SHAPE2(ROWS3x2, rows3, adds3) \
	SHAPE2(ROWS2x2, rows2, adds2) \
	SHAPE2(ROWS1x2, rows1, adds1) \
	FINISH

// A row of one vector may begin before the row of B does, so the first of a block is read under K1:
// before others there is one that is no shorter than what is missing.
#define SHAPE1(ROWS, FIRST, NEXTK, WITHIN, ADDS) \
FIRST: \
	VMOVU.Z (bRow)(edge*1), K1, Z24 \
	JMP     WITHIN \
	PCALIGN $64 \
NEXTK: \
	LOAD1 \
WITHIN: \
	ROWS(ROW1) \
	ONWARD(NEXTK) \
	INTOC(ROWS, PUT1, FMA1, ADDS)
#define TILES1 \
	BEGIN(FETCH1) \
	BLOCK \
	START12 \
	SHAPE1(ROWS12x1, rows12, k12, in12, adds12) \
	SHAPE1(ROWS11x1, rows11, k11, in11, adds11) \
	SHAPE1(ROWS10x1, rows10, k10, in10, adds10) \
	SHAPE1(ROWS9x1, rows9, k9, in9, adds9) \
	SHAPE1(ROWS8x1, rows8, k8, in8, adds8) \
	SHAPE1(ROWS7x1, rows7, k7, in7, adds7) \
	SHAPE1(ROWS6x1, rows6, k6, in6, adds6) \
	SHAPE1(ROWS5x1, rows5, k5, in5, adds5) \
	SHAPE1(ROWS4x1, rows4, k4, in4, adds4) \
	SHAPE1(ROWS3x1, rows3, k3, in3, adds3) \
	SHAPE1(ROWS2x1, rows2, k2, in2, adds2) \
	SHAPE1(ROWS1x1, rows1, k1, in1, adds1) \
	FINISH
