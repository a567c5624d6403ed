//go:build gc && !purego && !noasm && !msan && !asan

// The transpositions, 8x8 elements of float32 or 4x4 of float64 at a time. They use
// AVX2 alone, since 512-bit registers are shuffled at half the rate.

#include "textflag.h"

// A block's rows come in halves: lane 1 of a register holds the row that is half a
// block below that of lane 0. So the lanes transpose by themselves.
//
//	Y0 | row 0, 0..3 | row 4, 0..3 |        Y8  | column 0, rows 0..3 | rows 4..7 |
//	Y1 | row 1, 0..3 | row 5, 0..3 |  --->  Y9  | column 1            |           |
//	Y2 | row 2, 0..3 | row 6, 0..3 |        Y10 | column 2            |           |
//	Y3 | row 3, 0..3 | row 7, 0..3 |        Y11 | column 3            |           |

#define from      SI  // the block's first row
#define low       R10 // its lower half
#define to        DI  // its first column, a row of dst
#define fromDown  R8  // from a row of src to the next, in bytes
#define fromDown3 R11
#define toDown    R9  // from a row of dst to the next
#define toDown3   R12
#define to4       R13 // row 4 of the block in dst
#define colFrom   AX  // from and to at the top of the columns at hand
#define colTo     BX
#define colsLeft  CX  // columns, and rows, beyond the block at hand
#define rowsLeft  DX

// HALVES(offset, a, b, c, d) loads four columns of all eight rows.
#define HALVES(offset, xa, ya, xb, yb, xc, yc, xd, yd) \
	VMOVUPS     offset(from), xa \
	VINSERTF128 $1, offset(low), ya, ya \
	VMOVUPS     offset(from)(fromDown*1), xb \
	VINSERTF128 $1, offset(low)(fromDown*1), yb, yb \
	VMOVUPS     offset(from)(fromDown*2), xc \
	VINSERTF128 $1, offset(low)(fromDown*2), yc, yc \
	VMOVUPS     offset(from)(fromDown3*1), xd \
	VINSERTF128 $1, offset(low)(fromDown3*1), yd, yd

// LANES4(to, a, b, c, d) transposes the 4x4 of each lane and stores four rows at to.
#define LANES4(to, a, b, c, d) \
	VUNPCKLPS b, a, Y8 \ // a0 b0 a1 b1
	VUNPCKHPS b, a, Y9 \ // a2 b2 a3 b3
	VUNPCKLPS d, c, Y10 \
	VUNPCKHPS d, c, Y11 \
	VUNPCKLPD Y10, Y8, Y12 \ // a0 b0 c0 d0
	VUNPCKHPD Y10, Y8, Y13 \
	VUNPCKLPD Y11, Y9, Y14 \
	VUNPCKHPD Y11, Y9, Y15 \
	VMOVUPS   Y12, (to) \
	VMOVUPS   Y13, (to)(toDown*1) \
	VMOVUPS   Y14, (to)(toDown*2) \
	VMOVUPS   Y15, (to)(toDown3*1)

#define BLOCKf32 \
	LEAQ (from)(fromDown*4), low \
	HALVES(0, X0, Y0, X1, Y1, X2, Y2, X3, Y3) \
	HALVES(16, X4, Y4, X5, Y5, X6, Y6, X7, Y7) \
	LEAQ (to)(toDown*4), to4 \
	LANES4(to, Y0, Y1, Y2, Y3) \
	LANES4(to4, Y4, Y5, Y6, Y7)

#define BLOCKf64 \
	VMOVUPD     (from), X0 \
	VINSERTF128 $1, (from)(fromDown*2), Y0, Y0 \
	VMOVUPD     (from)(fromDown*1), X1 \
	VINSERTF128 $1, (from)(fromDown3*1), Y1, Y1 \
	VMOVUPD     16(from), X2 \
	VINSERTF128 $1, 16(from)(fromDown*2), Y2, Y2 \
	VMOVUPD     16(from)(fromDown*1), X3 \
	VINSERTF128 $1, 16(from)(fromDown3*1), Y3, Y3 \
	VUNPCKLPD   Y1, Y0, Y4 \
	VUNPCKHPD   Y1, Y0, Y5 \
	VUNPCKLPD   Y3, Y2, Y6 \
	VUNPCKHPD   Y3, Y2, Y7 \
	VMOVUPD     Y4, (to) \
	VMOVUPD     Y5, (to)(toDown*1) \
	VMOVUPD     Y6, (to)(toDown*2) \
	VMOVUPD     Y7, (to)(toDown3*1)

// STEP sets R14 to how far the next block lies beyond this one: a whole block, or less
// at the end, where the last one overlaps the one before it.
#define STEP(side, left) \
	MOVQ    $side, R14 \
	CMPQ    left, R14 \
	CMOVQLT left, R14 \
	SUBQ    R14, left

#define TRANSPOSE(BLOCK, side, size, logsize) \
	MOVQ dst_base+0(FP), colTo \
	MOVQ ldd+24(FP), toDown \
	MOVQ src_base+32(FP), colFrom \
	MOVQ lds+56(FP), fromDown \
	MOVQ cols+72(FP), colsLeft \
	SHLQ $logsize, toDown \
	SHLQ $logsize, fromDown \
	LEAQ (toDown)(toDown*2), toDown3 \
	LEAQ (fromDown)(fromDown*2), fromDown3 \
	SUBQ $side, colsLeft \
columns: \
	MOVQ colFrom, from \
	MOVQ colTo, to \
	MOVQ rows+64(FP), rowsLeft \
	SUBQ $side, rowsLeft \
block: \
	BLOCK \
	TESTQ rowsLeft, rowsLeft \
	JEQ   next \
	STEP(side, rowsLeft) \
	LEAQ  (to)(R14*size), to \
	IMULQ fromDown, R14 \
	ADDQ  R14, from \
	JMP   block \
next: \
	TESTQ colsLeft, colsLeft \
	JEQ   done \
	STEP(side, colsLeft) \
	LEAQ  (colFrom)(R14*size), colFrom \
	IMULQ toDown, R14 \
	ADDQ  R14, colTo \
	JMP   columns \
done: \
	VZEROUPPER \
	RET

// func transposeBlocksf32(dst []float32, ldd int, src []float32, lds, rows, cols int)
//	dst[j*ldd+i] = src[i*lds+j], for rows and cols from 8
TEXT ·transposeBlocksf32(SB), NOSPLIT, $0-80
	TRANSPOSE(BLOCKf32, 8, 4, 2)

// func transposeBlocksf64(dst []float64, ldd int, src []float64, lds, rows, cols int)
//	dst[j*ldd+i] = src[i*lds+j], for rows and cols from 4
TEXT ·transposeBlocksf64(SB), NOSPLIT, $0-80
	TRANSPOSE(BLOCKf64, 4, 8, 3)
