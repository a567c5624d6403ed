//go:build gc && !purego && !noasm && !msan && !asan

// The AVX-512 kernels for float32.

#include "textflag.h"
#include "f32_amd64.h"
#include "avx512_amd64.h"
#include "rows_avx512_amd64.h"
#include "tiles_avx512_amd64.h"
#include "halves_avx512_amd64.h"
#include "pack_avx512_amd64.h"
#include "ten_f32_amd64.h"
#include "vec_amd64.h"

// What only this pair of type and instruction set has: the vectors of the 16 lanes
// of a reduction, and how they join to one of 32 bytes.
#define EACH(OP) OP(0, Z0)
#define JOIN(OP) VEXTRACTF64X4 $1, Z0, Y1; OP(Y1, Y0)

#include "functions_f32_amd64.h"
#include "functions_amd64.h"

// func tiles8AVX512f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)
TEXT ·tiles8AVX512f32(SB), NOSPLIT, $0-160
	EDGE(8*LANES, LANES)
	TILES8

// func tiles4AVX512f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)
TEXT ·tiles4AVX512f32(SB), NOSPLIT, $0-160
	EDGE(4*LANES, LANES)
	TILES4

// func packing4AVX512f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int, from []float32, fromLd int, to []float32)
TEXT ·packing4AVX512f32(SB), NOSPLIT, $0-216
	EDGE(4*LANES, LANES)
	PACKING4

// func tiles3AVX512f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)
TEXT ·tiles3AVX512f32(SB), NOSPLIT, $0-160
	EDGE(3*LANES, LANES)
	TILES3

// func tiles2AVX512f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)
TEXT ·tiles2AVX512f32(SB), NOSPLIT, $0-160
	EDGE(2*LANES, LANES)
	TILES2

// func tilesH3AVX512f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)
TEXT ·tilesH3AVX512f32(SB), NOSPLIT, $0-160
	EDGE(3*LANES/2, LANES/2)
	TILESH3

// func tiles1AVX512f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)
TEXT ·tiles1AVX512f32(SB), NOSPLIT, $0-160
	EDGE(1*LANES, LANES)
	TILES1

// func tilesTenAVX512f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)
TEXT ·tilesTenAVX512f32(SB), NOSPLIT, $0-160
	MASKTEN
	TILESTEN

// func tilesH1AVX512f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)
TEXT ·tilesH1AVX512f32(SB), NOSPLIT, $0-160
	MASK
	TILESH1

// func axpyAVX512f32(alpha float32, x, y []float32)
//	y[i] = fma(alpha, x[i], y[i])
TEXT ·axpyAVX512f32(SB), NOSPLIT, $0-56
	BCAST alpha+0(FP), SCALAR
	MOVQ  x_base+8(FP), SI
	MOVQ  x_len+16(FP), CX
	MOVQ  y_base+32(FP), BX
	MOVQ  BX, DI
	MAP2(AXPY)

// func scalAVX512f32(alpha float32, x []float32)
//	x[i] *= alpha
TEXT ·scalAVX512f32(SB), NOSPLIT, $0-32
	BCAST alpha+0(FP), SCALAR
	MOVQ  x_base+8(FP), SI
	MOVQ  x_len+16(FP), CX
	MOVQ  SI, DI
	MAP1(SCAL)

// func addAVX512f32(dst, x, y []float32)
//	dst[i] = x[i] + y[i]
TEXT ·addAVX512f32(SB), NOSPLIT, $0-72
	DSTXY
	MAP2(PLUSY)

// func mulAVX512f32(dst, x, y []float32)
//	dst[i] = x[i] * y[i]
TEXT ·mulAVX512f32(SB), NOSPLIT, $0-72
	DSTXY
	MAP2(TIMESY)

// func shiftAVX512f32(dst, x []float32, y float32)
//	dst[i] = x[i] + y
TEXT ·shiftAVX512f32(SB), NOSPLIT, $0-52
	DSTX
	BCAST y+48(FP), SCALAR
	MAP1(SHIFT)

// func divAVX512f32(dst, x []float32, y float32)
//	dst[i] = x[i] / y
TEXT ·divAVX512f32(SB), NOSPLIT, $0-52
	DSTX
	BCAST y+48(FP), SCALAR
	MAP1(DIVIDE)

// func reluAVX512f32(dst, x []float32)
//	dst[i] = x[i], or 0 if x[i] <= 0
TEXT ·reluAVX512f32(SB), NOSPLIT, $0-48
	DSTX
	MAP1(RELU)

// func reluGradAVX512f32(dx, dy, y []float32)
//	dx[i] = dy[i], or 0 if y[i] <= 0
TEXT ·reluGradAVX512f32(SB), NOSPLIT, $0-72
	MOVQ dx_base+0(FP), DI
	MOVQ dy_base+24(FP), SI
	MOVQ y_base+48(FP), BX
	MOVQ y_len+56(FP), CX
	MAP2(RELUGRAD)

// func adamAVX512f32(w, m, v, g []float32, f *AdamFactors[float32])
//	as adam in kernels_generic.go
TEXT ·adamAVX512f32(SB), NOSPLIT, $0-104
	ADAMLOOP

// func expAVX512f32(dst, x []float32)
//	dst[i] = exp(x[i])
TEXT ·expAVX512f32(SB), NOSPLIT, $0-48
	DSTX
	MAPF(EXP)

// func logAVX512f32(dst, x []float32)
//	dst[i] = log(x[i])
TEXT ·logAVX512f32(SB), NOSPLIT, $0-48
	DSTX
	MAP1(LOG)

// func sigmoidAVX512f32(dst, x []float32)
//	dst[i] = sigmoid(x[i])
TEXT ·sigmoidAVX512f32(SB), NOSPLIT, $0-48
	DSTX
	MAPF(SIGMOID)

// func tanhAVX512f32(dst, x []float32)
//	dst[i] = tanh(x[i])
TEXT ·tanhAVX512f32(SB), NOSPLIT, $0-48
	DSTX
	MAPF(TANH)

// func sumAVX512f32(x []float32) float32
//	lane[i%16] += x[i], then the tree
TEXT ·sumAVX512f32(SB), NOSPLIT, $0-28
	MOVQ   x_base+0(FP), SI
	MOVQ   x_len+8(FP), CX
	EACH(NONE)
	REDUCE(SUM, SUMREST)
	JOIN(PLUS)
	FOLD(PLUS)
	VMOVSS X0, ret+24(FP)
	VZEROUPPER
	RET

// func dotAVX512f32(x, y []float32) float32
//	lane[i%16] = fma(x[i], y[i], lane[i%16]), then the tree
TEXT ·dotAVX512f32(SB), NOSPLIT, $0-52
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

// func maxAVX512f32(x []float32) float32
//	lane[i%16] = x[i] if greater, then the tree; NaN if there is one
TEXT ·maxAVX512f32(SB), NOSPLIT, $0-28
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
