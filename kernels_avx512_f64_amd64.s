//go:build gc && !purego && !noasm && !msan && !asan

// The AVX-512 kernels for float64.

#include "textflag.h"
#include "f64_amd64.h"
#include "avx512_amd64.h"
#include "rows_avx512_amd64.h"
#include "tiles_avx512_amd64.h"
#include "halves_avx512_amd64.h"
#include "pack_avx512_amd64.h"
#include "ten_f64_amd64.h"
#include "ten_halves_f64_amd64.h"
#include "vec_amd64.h"

// What only this pair of type and instruction set has: the vectors of the 16 lanes
// of a reduction, and how they join to one of 32 bytes.
#define EACH(OP) OP(0, Z0); OP(1, Z1)
#define JOIN(OP) OP(Z1, Z0); VEXTRACTF64X4 $1, Z0, Y1; OP(Y1, Y0)

#include "functions_f64_amd64.h"
#include "functions_amd64.h"

// func tiles8AVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)
TEXT ·tiles8AVX512f64(SB), NOSPLIT, $0-160
	EDGE(8*LANES, LANES)
	TILES8

// func tiles4AVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)
TEXT ·tiles4AVX512f64(SB), NOSPLIT, $0-160
	EDGE(4*LANES, LANES)
	TILES4

// func packing4AVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int, from []float64, fromLd int, to []float64)
TEXT ·packing4AVX512f64(SB), NOSPLIT, $0-216
	EDGE(4*LANES, LANES)
	PACKING4

// func tiles3AVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)
TEXT ·tiles3AVX512f64(SB), NOSPLIT, $0-160
	EDGE(3*LANES, LANES)
	TILES3

// func tiles2AVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)
TEXT ·tiles2AVX512f64(SB), NOSPLIT, $0-160
	EDGE(2*LANES, LANES)
	TILES2

// func tilesH3AVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)
TEXT ·tilesH3AVX512f64(SB), NOSPLIT, $0-160
	EDGE(3*LANES/2, LANES/2)
	TILESH3

// func tiles1AVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)
TEXT ·tiles1AVX512f64(SB), NOSPLIT, $0-160
	EDGE(1*LANES, LANES)
	TILES1

// func tilesTenAVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)
TEXT ·tilesTenAVX512f64(SB), NOSPLIT, $0-160
	MASKTEN
	TILESTEN

// func tilesHTenAVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)
TEXT ·tilesHTenAVX512f64(SB), NOSPLIT, $0-160
	MASKHTEN
	TILESHTEN

// func tilesH1AVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)
TEXT ·tilesH1AVX512f64(SB), NOSPLIT, $0-160
	MASK
	TILESH1

// func axpyAVX512f64(alpha float64, x, y []float64)
//	y[i] = fma(alpha, x[i], y[i])
TEXT ·axpyAVX512f64(SB), NOSPLIT, $0-56
	BCAST alpha+0(FP), SCALAR
	MOVQ  x_base+8(FP), SI
	MOVQ  x_len+16(FP), CX
	MOVQ  y_base+32(FP), BX
	MOVQ  BX, DI
	MAP2(AXPY)

// func scalAVX512f64(alpha float64, x []float64)
//	x[i] *= alpha
TEXT ·scalAVX512f64(SB), NOSPLIT, $0-32
	BCAST alpha+0(FP), SCALAR
	MOVQ  x_base+8(FP), SI
	MOVQ  x_len+16(FP), CX
	MOVQ  SI, DI
	MAP1(SCAL)

// func addAVX512f64(dst, x, y []float64)
//	dst[i] = x[i] + y[i]
TEXT ·addAVX512f64(SB), NOSPLIT, $0-72
	DSTXY
	MAP2(PLUSY)

// func mulAVX512f64(dst, x, y []float64)
//	dst[i] = x[i] * y[i]
TEXT ·mulAVX512f64(SB), NOSPLIT, $0-72
	DSTXY
	MAP2(TIMESY)

// func shiftAVX512f64(dst, x []float64, y float64)
//	dst[i] = x[i] + y
TEXT ·shiftAVX512f64(SB), NOSPLIT, $0-56
	DSTX
	BCAST y+48(FP), SCALAR
	MAP1(SHIFT)

// func divAVX512f64(dst, x []float64, y float64)
//	dst[i] = x[i] / y
TEXT ·divAVX512f64(SB), NOSPLIT, $0-56
	DSTX
	BCAST y+48(FP), SCALAR
	MAP1(DIVIDE)

// func reluAVX512f64(dst, x []float64)
//	dst[i] = x[i], or 0 if x[i] <= 0
TEXT ·reluAVX512f64(SB), NOSPLIT, $0-48
	DSTX
	MAP1(RELU)

// func reluGradAVX512f64(dx, dy, y []float64)
//	dx[i] = dy[i], or 0 if y[i] <= 0
TEXT ·reluGradAVX512f64(SB), NOSPLIT, $0-72
	MOVQ dx_base+0(FP), DI
	MOVQ dy_base+24(FP), SI
	MOVQ y_base+48(FP), BX
	MOVQ y_len+56(FP), CX
	MAP2(RELUGRAD)

// func adamAVX512f64(w, m, v, g []float64, f *AdamFactors[float64])
//	as adam in kernels_generic.go
TEXT ·adamAVX512f64(SB), NOSPLIT, $0-104
	ADAMLOOP

// func expAVX512f64(dst, x []float64)
//	dst[i] = exp(x[i])
TEXT ·expAVX512f64(SB), NOSPLIT, $0-48
	DSTX
	MAPF(EXP)

// func logAVX512f64(dst, x []float64)
//	dst[i] = log(x[i])
TEXT ·logAVX512f64(SB), NOSPLIT, $0-48
	DSTX
	MAP1(LOG)

// func sigmoidAVX512f64(dst, x []float64)
//	dst[i] = sigmoid(x[i])
TEXT ·sigmoidAVX512f64(SB), NOSPLIT, $0-48
	DSTX
	MAPF(SIGMOID)

// func tanhAVX512f64(dst, x []float64)
//	dst[i] = tanh(x[i])
TEXT ·tanhAVX512f64(SB), NOSPLIT, $0-48
	DSTX
	MAPF(TANH)

// func sumAVX512f64(x []float64) float64
//	lane[i%16] += x[i], then the tree
TEXT ·sumAVX512f64(SB), NOSPLIT, $0-32
	MOVQ   x_base+0(FP), SI
	MOVQ   x_len+8(FP), CX
	EACH(NONE)
	REDUCE(SUM, SUMREST)
	JOIN(PLUS)
	FOLD(PLUS)
	VMOVSD X0, ret+24(FP)
	VZEROUPPER
	RET

// func dotAVX512f64(x, y []float64) float64
//	lane[i%16] = fma(x[i], y[i], lane[i%16]), then the tree
TEXT ·dotAVX512f64(SB), NOSPLIT, $0-56
	MOVQ   x_base+0(FP), SI
	MOVQ   x_len+8(FP), CX
	MOVQ   y_base+24(FP), BX
	EACH(NONE)
	REDUCE(DOT, DOTREST)
	JOIN(PLUS)
	FOLD(PLUS)
	VMOVSD X0, ret+48(FP)
	VZEROUPPER
	RET

// func maxAVX512f64(x []float64) float64
//	lane[i%16] = x[i] if greater, then the tree; NaN if there is one
TEXT ·maxAVX512f64(SB), NOSPLIT, $0-32
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
	VMOVSD nan<>(SB), X0
numbers:
	VMOVSD X0, ret+24(FP)
	VZEROUPPER
	RET
