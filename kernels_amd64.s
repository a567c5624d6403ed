//go:build gc && !purego && !noasm && !msan && !asan

// The AVX2 kernels for float32.

#include "textflag.h"
#include "f32_amd64.h"
#include "avx2_amd64.h"
#include "tiles_avx2_amd64.h"
#include "vec_amd64.h"

// What only this pair of type and instruction set has: the vectors of the 16 lanes
// of a reduction, how they join to one of 32 bytes, and p * 2^n, given n and
// k, which has n in its low bits.
#define EACH(OP) OP(0, Y0); OP(1, Y1)
#define JOIN(OP) OP(Y1, Y0)
#define SCALE(x, k, n, p) \
	VPSUBD round<>(SB), k, k \ // k
	VPSRAD $1, k, n \ // k>>1
	VPSUBD n, k, k \ // k - k>>1
	VPADDD bias<>(SB), n, n \
	VPSLLD $23, n, n \
	VMULPS n, p, x \
	VPADDD bias<>(SB), k, k \
	VPSLLD $23, k, k \
	VMULPS k, x, x

CONST(bias, 127)

// The numbers of the lanes, which masks are made of.
DATA iota<>+0(SB)/8, $0x0000000100000000
DATA iota<>+8(SB)/8, $0x0000000300000002
DATA iota<>+16(SB)/8, $0x0000000500000004
DATA iota<>+24(SB)/8, $0x0000000700000006
DATA iota<>+32(SB)/8, $0x0000000900000008
DATA iota<>+40(SB)/8, $0x0000000b0000000a
DATA iota<>+48(SB)/8, $0x0000000d0000000c
DATA iota<>+56(SB)/8, $0x0000000f0000000e
GLOBL iota<>(SB), RODATA|NOPTR, $64

#include "functions_f32_amd64.h"
#include "functions_amd64.h"

// func tilesFullAVX2f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)
TEXT ·tilesFullAVX2f32(SB), NOSPLIT, $0-160
	TILES(LOADB2, ROW2, PUT2, ADD2)

// func tilesPartAVX2f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)
TEXT ·tilesPartAVX2f32(SB), NOSPLIT, $0-160
	MASK(LANES)
	TILES(LOADB2M, ROW2, PUT2M, ADD2M)

// func tilesHalfAVX2f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)
TEXT ·tilesHalfAVX2f32(SB), NOSPLIT, $0-160
	MASK(0)
	TILES(LOADB1M, ROW1, PUT1M, ADD1M)

// func axpyAVX2f32(alpha float32, x, y []float32)
//	y[i] = fma(alpha, x[i], y[i])
TEXT ·axpyAVX2f32(SB), NOSPLIT, $0-56
	BCAST alpha+0(FP), SCALAR
	MOVQ  x_base+8(FP), SI
	MOVQ  x_len+16(FP), CX
	MOVQ  y_base+32(FP), BX
	MOVQ  BX, DI
	MAP2(AXPY)

// func scalAVX2f32(alpha float32, x []float32)
//	x[i] *= alpha
TEXT ·scalAVX2f32(SB), NOSPLIT, $0-32
	BCAST alpha+0(FP), SCALAR
	MOVQ  x_base+8(FP), SI
	MOVQ  x_len+16(FP), CX
	MOVQ  SI, DI
	MAP1(SCAL)

// func addAVX2f32(dst, x, y []float32)
//	dst[i] = x[i] + y[i]
TEXT ·addAVX2f32(SB), NOSPLIT, $0-72
	DSTXY
	MAP2(PLUSY)

// func mulAVX2f32(dst, x, y []float32)
//	dst[i] = x[i] * y[i]
TEXT ·mulAVX2f32(SB), NOSPLIT, $0-72
	DSTXY
	MAP2(TIMESY)

// func shiftAVX2f32(dst, x []float32, y float32)
//	dst[i] = x[i] + y
TEXT ·shiftAVX2f32(SB), NOSPLIT, $0-52
	DSTX
	BCAST y+48(FP), SCALAR
	MAP1(SHIFT)

// func divAVX2f32(dst, x []float32, y float32)
//	dst[i] = x[i] / y
TEXT ·divAVX2f32(SB), NOSPLIT, $0-52
	DSTX
	BCAST y+48(FP), SCALAR
	MAP1(DIVIDE)

// func reluAVX2f32(dst, x []float32)
//	dst[i] = x[i], or 0 if x[i] <= 0
TEXT ·reluAVX2f32(SB), NOSPLIT, $0-48
	DSTX
	MAP1(RELU)

// func reluGradAVX2f32(dx, dy, y []float32)
//	dx[i] = dy[i], or 0 if y[i] <= 0
TEXT ·reluGradAVX2f32(SB), NOSPLIT, $0-72
	MOVQ dx_base+0(FP), DI
	MOVQ dy_base+24(FP), SI
	MOVQ y_base+48(FP), BX
	MOVQ y_len+56(FP), CX
	MAP2(RELUGRAD)

// func adamAVX2f32(w, m, v, g []float32, f *AdamFactors[float32])
//	as adam in kernels_generic.go
TEXT ·adamAVX2f32(SB), NOSPLIT, $0-104
	ADAMLOOP

// func expAVX2f32(dst, x []float32)
//	dst[i] = exp(x[i])
TEXT ·expAVX2f32(SB), NOSPLIT, $0-48
	DSTX
	MAPF(EXP)

// func logAVX2f32(dst, x []float32)
//	dst[i] = log(x[i])
TEXT ·logAVX2f32(SB), NOSPLIT, $0-48
	DSTX
	MAP1(LOG)

// func sigmoidAVX2f32(dst, x []float32)
//	dst[i] = sigmoid(x[i])
TEXT ·sigmoidAVX2f32(SB), NOSPLIT, $0-48
	DSTX
	MAPF(SIGMOID)

// func tanhAVX2f32(dst, x []float32)
//	dst[i] = tanh(x[i])
TEXT ·tanhAVX2f32(SB), NOSPLIT, $0-48
	DSTX
	MAPF(TANH)

// func sumAVX2f32(x []float32) float32
//	lane[i%16] += x[i], then the tree
TEXT ·sumAVX2f32(SB), NOSPLIT, $0-28
	MOVQ   x_base+0(FP), SI
	MOVQ   x_len+8(FP), CX
	EACH(NONE)
	REDUCE(SUM, SUMREST)
	JOIN(PLUS)
	FOLD(PLUS)
	VMOVSS X0, ret+24(FP)
	VZEROUPPER
	RET

// func dotAVX2f32(x, y []float32) float32
//	lane[i%16] = fma(x[i], y[i], lane[i%16]), then the tree
TEXT ·dotAVX2f32(SB), NOSPLIT, $0-52
	MOVQ   x_base+0(FP), SI
	MOVQ   x_len+8(FP), CX
	MOVQ   y_base+24(FP), BX
	EACH(NONE)
	REDUCE(DOT, DOTREST)
	JOIN(PLUS)
	FOLD(PLUS)
	VMOVSS X0, ret+48(FP)
	VZEROUPPER
	RET

// func maxAVX2f32(x []float32) float32
//	lane[i%16] = x[i] if greater, then the tree; NaN if there is one
TEXT ·maxAVX2f32(SB), NOSPLIT, $0-28
	MOVQ   x_base+0(FP), SI
	MOVQ   x_len+8(FP), CX
	VMOVU  minusInf<>(SB), V10
	NONAN
	EACH(LEAST)
	REDUCE(MAX, MAXREST)
	JOIN(MOST)
	FOLD(MOST)
	NANS(AX)
	TESTL  AX, AX
	JEQ    numbers
	VMOVSS nan<>(SB), X0
numbers:
	VMOVSS X0, ret+24(FP)
	VZEROUPPER
	RET
