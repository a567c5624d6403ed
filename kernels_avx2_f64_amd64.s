//go:build gc && !purego && !noasm && !msan && !asan

// The AVX2 kernels for float64.

#include "textflag.h"
#include "f64_amd64.h"
#include "avx2_amd64.h"
#include "tiles_avx2_amd64.h"
#include "vec_amd64.h"

// What only this pair of type and instruction set has: the vectors of the 16 lanes
// of a reduction, how they join to one of 32 bytes, and p * 2^n, given n and
// k, which has n in its low bits.
#define EACH(OP) OP(0, Y0); OP(1, Y1); OP(2, Y2); OP(3, Y3)
#define JOIN(OP) OP(Y2, Y0); OP(Y3, Y1); OP(Y1, Y0)
#define SCALE(x, k, n, p) \
	VPSRAD $1, k, n \ // k>>1, of which only the low half of a lane counts
	VPSUBD n, k, k \ // k - k>>1
	VPADDD bias<>(SB), n, n \
	VPSLLQ $52, n, n \
	VMULPD n, p, x \
	VPADDD bias<>(SB), k, k \
	VPSLLQ $52, k, k \
	VMULPD k, x, x

CONST(bias, 1023)

// The numbers of the lanes, which masks are made of.
DATA iota<>+0(SB)/8, $0
DATA iota<>+8(SB)/8, $1
DATA iota<>+16(SB)/8, $2
DATA iota<>+24(SB)/8, $3
DATA iota<>+32(SB)/8, $4
DATA iota<>+40(SB)/8, $5
DATA iota<>+48(SB)/8, $6
DATA iota<>+56(SB)/8, $7
DATA iota<>+64(SB)/8, $8
DATA iota<>+72(SB)/8, $9
DATA iota<>+80(SB)/8, $10
DATA iota<>+88(SB)/8, $11
DATA iota<>+96(SB)/8, $12
DATA iota<>+104(SB)/8, $13
DATA iota<>+112(SB)/8, $14
DATA iota<>+120(SB)/8, $15
GLOBL iota<>(SB), RODATA|NOPTR, $128

#include "functions_f64_amd64.h"
#include "functions_amd64.h"

// func tilesFullAVX2f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)
TEXT ·tilesFullAVX2f64(SB), NOSPLIT, $0-160
	TILES(LOADB2, ROW2, PUT2, ADD2)

// func tilesPartAVX2f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)
TEXT ·tilesPartAVX2f64(SB), NOSPLIT, $0-160
	MASK(LANES)
	TILES(LOADB2M, ROW2, PUT2M, ADD2M)

// func tilesHalfAVX2f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)
TEXT ·tilesHalfAVX2f64(SB), NOSPLIT, $0-160
	MASK(0)
	TILES(LOADB1M, ROW1, PUT1M, ADD1M)

// func axpyAVX2f64(alpha float64, x, y []float64)
//	y[i] = fma(alpha, x[i], y[i])
TEXT ·axpyAVX2f64(SB), NOSPLIT, $0-56
	BCAST alpha+0(FP), SCALAR
	MOVQ  x_base+8(FP), SI
	MOVQ  x_len+16(FP), CX
	MOVQ  y_base+32(FP), BX
	MOVQ  BX, DI
	MAP2(AXPY)

// func scalAVX2f64(alpha float64, x []float64)
//	x[i] *= alpha
TEXT ·scalAVX2f64(SB), NOSPLIT, $0-32
	BCAST alpha+0(FP), SCALAR
	MOVQ  x_base+8(FP), SI
	MOVQ  x_len+16(FP), CX
	MOVQ  SI, DI
	MAP1(SCAL)

// func addAVX2f64(dst, x, y []float64)
//	dst[i] = x[i] + y[i]
TEXT ·addAVX2f64(SB), NOSPLIT, $0-72
	DSTXY
	MAP2(PLUSY)

// func mulAVX2f64(dst, x, y []float64)
//	dst[i] = x[i] * y[i]
TEXT ·mulAVX2f64(SB), NOSPLIT, $0-72
	DSTXY
	MAP2(TIMESY)

// func shiftAVX2f64(dst, x []float64, y float64)
//	dst[i] = x[i] + y
TEXT ·shiftAVX2f64(SB), NOSPLIT, $0-56
	DSTX
	BCAST y+48(FP), SCALAR
	MAP1(SHIFT)

// func divAVX2f64(dst, x []float64, y float64)
//	dst[i] = x[i] / y
TEXT ·divAVX2f64(SB), NOSPLIT, $0-56
	DSTX
	BCAST y+48(FP), SCALAR
	MAP1(DIVIDE)

// func reluAVX2f64(dst, x []float64)
//	dst[i] = x[i], or 0 if x[i] <= 0
TEXT ·reluAVX2f64(SB), NOSPLIT, $0-48
	DSTX
	MAP1(RELU)

// func reluGradAVX2f64(dx, dy, y []float64)
//	dx[i] = dy[i], or 0 if y[i] <= 0
TEXT ·reluGradAVX2f64(SB), NOSPLIT, $0-72
	MOVQ dx_base+0(FP), DI
	MOVQ dy_base+24(FP), SI
	MOVQ y_base+48(FP), BX
	MOVQ y_len+56(FP), CX
	MAP2(RELUGRAD)

// func adamAVX2f64(w, m, v, g []float64, f *AdamFactors[float64])
//	as adam in kernels_generic.go
TEXT ·adamAVX2f64(SB), NOSPLIT, $0-104
	ADAMLOOP

// func expAVX2f64(dst, x []float64)
//	dst[i] = exp(x[i])
TEXT ·expAVX2f64(SB), NOSPLIT, $0-48
	DSTX
	MAPF(EXP)

// func logAVX2f64(dst, x []float64)
//	dst[i] = log(x[i])
TEXT ·logAVX2f64(SB), NOSPLIT, $0-48
	DSTX
	MAP1(LOG)

// func sigmoidAVX2f64(dst, x []float64)
//	dst[i] = sigmoid(x[i])
TEXT ·sigmoidAVX2f64(SB), NOSPLIT, $0-48
	DSTX
	MAPF(SIGMOID)

// func tanhAVX2f64(dst, x []float64)
//	dst[i] = tanh(x[i])
TEXT ·tanhAVX2f64(SB), NOSPLIT, $0-48
	DSTX
	MAPF(TANH)

// func sumAVX2f64(x []float64) float64
//	lane[i%16] += x[i], then the tree
TEXT ·sumAVX2f64(SB), NOSPLIT, $0-32
	MOVQ   x_base+0(FP), SI
	MOVQ   x_len+8(FP), CX
	EACH(NONE)
	REDUCE(SUM, SUMREST)
	JOIN(PLUS)
	FOLD(PLUS)
	VMOVSD X0, ret+24(FP)
	VZEROUPPER
	RET

// func dotAVX2f64(x, y []float64) float64
//	lane[i%16] = fma(x[i], y[i], lane[i%16]), then the tree
TEXT ·dotAVX2f64(SB), NOSPLIT, $0-56
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

// func maxAVX2f64(x []float64) float64
//	lane[i%16] = x[i] if greater, then the tree; NaN if there is one
TEXT ·maxAVX2f64(SB), NOSPLIT, $0-32
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
