//go:build gc && !purego && !noasm && !msan && !asan

// The kernels that only move elements. They use AVX2 alone, since 512-bit registers are
// shuffled and stored at half the rate.

#include "textflag.h"

// Transposition goes by blocks of 8 rows of float32, or 4 of float64, and 4 columns. In float32 a
// register holds a row in its low lane and the one half a block further down in its high
// lane, so that each lane is a transposition by itself:
//
//	Y0 | row 0, columns 0-3 | row 4 |         Y12 | column 0, rows 0-3 | rows 4-7 |
//	Y1 | row 1              | row 5 |  --->   Y13 | column 1           |          |
//	Y2 | row 2              | row 6 |         Y14 | column 2           |          |
//	Y3 | row 3              | row 7 |         Y15 | column 3           |          |
//
// In float64 a register holds a row of four, and halves of registers change places at the end.

#define from      SI  // first row of the block
#define low       R10 // row in the middle of the block, in float32
#define to        DI  // row of dst for its first column
#define toNext    R13 // and for the columns at hand
#define fromDown  R8  // from a row of src to the next, in bytes
#define fromDown3 R11
#define toDown    R9  // from a row of dst to the next
#define toDown3   R12
#define colFrom   AX  // from and to at the top of the columns at hand
#define colTo     BX
#define colsLeft  CX  // columns, and rows, beyond the block at hand
#define rowsLeft  DX

// BLOCKtype(offset) transposes four columns, those offset bytes on.
#define BLOCKf32(offset) \
	VMOVUPS     offset(from), X0 \
	VINSERTF128 $1, offset(low), Y0, Y0 \
	VMOVUPS     offset(from)(fromDown*1), X1 \
	VINSERTF128 $1, offset(low)(fromDown*1), Y1, Y1 \
	VMOVUPS     offset(from)(fromDown*2), X2 \
	VINSERTF128 $1, offset(low)(fromDown*2), Y2, Y2 \
	VMOVUPS     offset(from)(fromDown3*1), X3 \
	VINSERTF128 $1, offset(low)(fromDown3*1), Y3, Y3 \
	VUNPCKLPS   Y1, Y0, Y8 \ // of rows a to d: a0 b0 a1 b1
	VUNPCKHPS   Y1, Y0, Y9 \ // a2 b2 a3 b3
	VUNPCKLPS   Y3, Y2, Y10 \ // c0 d0 c1 d1
	VUNPCKHPS   Y3, Y2, Y11 \ // c2 d2 c3 d3
	VUNPCKLPD   Y10, Y8, Y12 \ // a0 b0 c0 d0
	VUNPCKHPD   Y10, Y8, Y13 \
	VUNPCKLPD   Y11, Y9, Y14 \
	VUNPCKHPD   Y11, Y9, Y15 \
	VMOVUPS     Y12, (toNext) \
	VMOVUPS     Y13, (toNext)(toDown*1) \
	VMOVUPS     Y14, (toNext)(toDown*2) \
	VMOVUPS     Y15, (toNext)(toDown3*1) \
	LEAQ        (toNext)(toDown*4), toNext

#define BLOCKf64(offset) \
	VMOVUPD    offset(from), Y0 \
	VMOVUPD    offset(from)(fromDown*1), Y1 \
	VMOVUPD    offset(from)(fromDown*2), Y2 \
	VMOVUPD    offset(from)(fromDown3*1), Y3 \
	VUNPCKLPD  Y1, Y0, Y8 \ // of rows a to d: a0 b0 a2 b2
	VUNPCKHPD  Y1, Y0, Y9 \ // a1 b1 a3 b3
	VUNPCKLPD  Y3, Y2, Y10 \ // c0 d0 c2 d2
	VUNPCKHPD  Y3, Y2, Y11 \ // c1 d1 c3 d3
	VINSERTF128 $1, X10, Y8, Y12 \ // a0 b0 c0 d0
	VINSERTF128 $1, X11, Y9, Y13 \
	VPERM2F128 $0x31, Y10, Y8, Y14 \
	VPERM2F128 $0x31, Y11, Y9, Y15 \
	VMOVUPD    Y12, (toNext) \
	VMOVUPD    Y13, (toNext)(toDown*1) \
	VMOVUPD    Y14, (toNext)(toDown*2) \
	VMOVUPD    Y15, (toNext)(toDown3*1) \
	LEAQ       (toNext)(toDown*4), toNext

// Half a line of the cache, side x side elements, and a whole one.
#define QUARTERf32 BLOCKf32(0)
#define HALFf32 QUARTERf32; BLOCKf32(16)
#define LINEf32 HALFf32; BLOCKf32(32); BLOCKf32(48)
#define HALFf64 BLOCKf64(0)
#define LINEf64 HALFf64; BLOCKf64(32)

// STEP takes from left, and sets R14 to, how far the next block lies beyond this one:
// side, or less at the end, where the last block overlaps the one before it.
#define STEP(side, left) \
	MOVQ    $side, R14 \
	CMPQ    left, R14 \
	CMOVQLT left, R14 \
	SUBQ    R14, left

// DOWN goes down all rows of the columns at hand. The last two arguments are labels.
#define DOWN(BLOCKS, side, size, BLOCK, NEXT) \
	MOVQ  colFrom, from \
	MOVQ  colTo, to \
	MOVQ  rows+64(FP), rowsLeft \
	SUBQ  $side, rowsLeft \
BLOCK: \
	LEAQ  (from)(fromDown*4), low \
	MOVQ  to, toNext \
	BLOCKS \
	TESTQ rowsLeft, rowsLeft \
	JEQ   NEXT \
	STEP(side, rowsLeft) \
	LEAQ  (to)(R14*size), to \
	IMULQ fromDown, R14 \
	ADDQ  R14, from \
	JMP   BLOCK

// RESTf32 takes four columns where no more than R14 are left, and ends. In float64 half a line has no
// more.
#define RESTf32 \
	CMPQ  R14, $4 \
	JGT   more \
	ADDQ  $4, R14 \
	LEAQ  (colFrom)(R14*4), colFrom \
	IMULQ toDown, R14 \
	ADDQ  R14, colTo \
	DOWN(QUARTERf32, 8, 4, quarter, done) \
more:
#define RESTf64

// TRANSPOSE goes across src by lines, so that each is read once, and by half a line
// where no more is left.
#define TRANSPOSE(HALF, LINE, REST, side, size) \
	MOVQ  dst_base+0(FP), colTo \
	MOVQ  ldd+24(FP), toDown \
	MOVQ  src_base+32(FP), colFrom \
	MOVQ  lds+56(FP), fromDown \
	MOVQ  cols+72(FP), colsLeft \
	IMULQ $size, toDown \
	IMULQ $size, fromDown \
	LEAQ  (toDown)(toDown*2), toDown3 \
	LEAQ  (fromDown)(fromDown*2), fromDown3 \
	SUBQ  $side, colsLeft \
columns: \
	CMPQ  colsLeft, $side \
	JGE   line \
	DOWN(HALF, side, size, half, next) \
line: \
	SUBQ  $side, colsLeft \
	DOWN(LINE, side, size, whole, second) \
second: \
	ADDQ  $(side*size), colFrom \
	LEAQ  (colTo)(toDown*side), colTo \
next: \
	TESTQ colsLeft, colsLeft \
	JEQ   done \
	STEP(side, colsLeft) \
	REST \
	LEAQ  (colFrom)(R14*size), colFrom \
	IMULQ toDown, R14 \
	ADDQ  R14, colTo \
	JMP   columns \
done: \
	VZEROUPPER \
	RET

// GATHER copies rows, a vector at a time; the last one of a row ends where the row does
// and overlaps the one before it. Rows ahead are prefetched: they may be a page each.
#define GATHER(logsize) \
	MOVQ dst_base+0(FP), DI \
	MOVQ src_base+24(FP), SI \
	MOVQ lds+48(FP), R8 \
	MOVQ rows+56(FP), CX \
	MOVQ cols+64(FP), R9 \
	SHLQ $logsize, R8 \
	SHLQ $logsize, R9 \
	MOVQ R9, R10 \
	SUBQ $32, R10 \ // where the last vector begins
row: \
	LEAQ (SI)(R8*8), R11 \
	XORQ AX, AX \
	JMP  more \
vector: \
	VMOVUPS (SI)(AX*1), Y0 \
	VMOVUPS Y0, (DI)(AX*1) \
	PREFETCHT0 (R11)(AX*1) \
	ADDQ $32, AX \
more: \
	CMPQ AX, R10 \
	JLT  vector \
	VMOVUPS (SI)(R10*1), Y0 \
	VMOVUPS Y0, (DI)(R10*1) \
	PREFETCHT0 (R11)(R10*1) \
	ADDQ R8, SI \
	ADDQ R9, DI \
	DECQ CX \
	JNZ  row \
	VZEROUPPER \
	RET

// FETCH asks for the lines of x, of elements of 1<<logSize bytes, from the second cache on:
// that has more requests under way than the first.
#define FETCH(logSize) \
	MOVQ x_base+0(FP), SI \
	MOVQ x_len+8(FP), CX \
	SHLQ $logSize, CX \
	ADDQ SI, CX \
	ANDQ $~63, SI \
next: \
	CMPQ SI, CX \
	JCC  done \
	PREFETCHT1 (SI) \
	ADDQ $64, SI \
	JMP  next \
done: \
	VZEROUPPER \
	RET

// func transposeBlocksf32(dst []float32, ldd int, src []float32, lds, rows, cols int)
//	dst[j*ldd+i] = src[i*lds+j], for rows and cols from 8
TEXT ·transposeBlocksf32(SB), NOSPLIT, $0-80
	TRANSPOSE(HALFf32, LINEf32, RESTf32, 8, 4)

// func transposeBlocksf64(dst []float64, ldd int, src []float64, lds, rows, cols int)
//	dst[j*ldd+i] = src[i*lds+j], for rows and cols from 4
TEXT ·transposeBlocksf64(SB), NOSPLIT, $0-80
	TRANSPOSE(HALFf64, LINEf64, RESTf64, 4, 8)

// func gatherRowsf32(dst, src []float32, lds, rows, cols int)
//	dst[i*cols+j] = src[i*lds+j], for cols from 8
TEXT ·gatherRowsf32(SB), NOSPLIT, $0-72
	GATHER(2)

// func gatherRowsf64(dst, src []float64, lds, rows, cols int)
//	dst[i*cols+j] = src[i*lds+j], for cols from 4
TEXT ·gatherRowsf64(SB), NOSPLIT, $0-72
	GATHER(3)

// func fetchf32(x []float32)
//	asks for x
TEXT ·fetchf32(SB), NOSPLIT, $0-24
	FETCH(2)

// func fetchf64(x []float64)
//	asks for x
TEXT ·fetchf64(SB), NOSPLIT, $0-24
	FETCH(3)
