// Package downhill multiplies matrices and computes the vector operations of neural
// networks, in pure Go and hand-written assembly without cgo. The networks themselves
// are built from it in the packages above: tensor, layers, optim, train and data.
//
// [Gemm] is BLAS's general matrix product for float32 and float64, row-major. Vector
// operations are those that layers and optimisers need: [Axpy], [Scal], [Add], [Mul],
// [Div], [Dot], [Sum], [Max], [AddRow], [SumRows], [ReLU], [Exp], [Log], [Sigmoid],
// [Tanh], [Softmax], [SoftmaxRows], [AdamW]; [GatherRows] copies the rows of a batch.
// [Split] shares rows out over the cores. Everything may be called from any number of
// goroutines, allocates nothing once warm and leaves no goroutine behind.
//
// # What the operations mean, to the bit
//
// The result of every operation is fixed to the last bit, so that the shape of a
// register tile, the width of a vector, packing, the number of threads and the CPU
// cannot show.
//
//   - Gemm takes the k's of each element of C in blocks of 256, in order. In a block,
//     acc = 0 and then acc = fma(a[i,p], b[p,j], acc) for each p in order. The first
//     block makes total = alpha*acc if beta is 0, else fma(alpha, acc, beta*c) with beta*c
//     rounded; each later block makes total = fma(alpha, acc, total). Blocks are part of
//     the meaning because one long chain of additions loses more digits.
//   - SumRows is Gemm with a row of ones.
//   - Sum and Dot keep 16 running sums, element i in number i mod 16, and then add the
//     upper half of them to the lower until one is left. Beyond 65,536 elements each
//     such chunk gives a sum, and these are added in order.
//   - Elementwise operations round as they are written: y + alpha*x in Axpy is one fma.
//   - Exp, Log, Sigmoid and Tanh are polynomials in a fixed order of operations, see
//     functions.go.
//   - Operands of which the documentation does not say that they may be the same must not
//     overlap, and those that may, must not overlap otherwise: what results is not defined.
//   - No operation skips a zero: 0*NaN and 0*Inf are NaN. Which NaN results where one
//     does is not defined.
//
// There are two numeric profiles, which differ in what fma is. Each has the same bits
// wherever it runs.
//
//   - fma: a multiply-add is rounded once. All assembly has this profile, and so has the
//     kernel set exact, plain Go that emulates the instruction: it is the specification
//     that the assembly is tested against, and the way to get an amd64 result on any
//     machine, some 10 times slower than the portable kernels.
//   - muladd: the product is rounded, then the sum. The portable kernels have it: other
//     CPUs than amd64, amd64 without AVX2, and builds with the tag purego (or noasm).
//
// The errors of the functions are at most 1.1 units in the last place for Exp, 0.9 for Log,
// 1.4 for Tanh and 2.5 for Sigmoid, in both types and profiles: functions_test.go tries that
// against float64 and against 200 bits.
//
// # Kernel sets
//
// [Kernel] names the set in use, the best that the CPU runs: avx512, avx2 or generic. The
// environment variable DOWNHILL_KERNEL chooses another at program start. DOWNHILL_REQUIRE
// makes the tests fail if it is not the one that was asked for; go test needs -count=1
// then, since its cache does not know of these variables.
//
// # The files
//
//	gemm.go             Gemm and its argument checks
//	gemm_loops.go       its loops: turned products, parts for threads, blocks, strips
//	pack.go             panels of B, and the memory they need
//	pool.go             Split and the threads
//	worth.go            which work is worth a second thread
//	vec.go              the vector operations
//	gather.go           rows that are far away
//	functions.go        exp, log, sigmoid and tanh of one element: their specification
//	fma.go              the multiply-add of both profiles
//	kernels.go          what a kernel set is, and which one is in use
//	kernels_generic.go  the portable set
//	kernels_exact.go    the exact set: the specification of the assembly
//	kernels_amd64.go    the AVX2 set; kernels_avx512_amd64.go the AVX-512 sets
//	kernels_amd64.s     AVX2 for float32; three more .s files are its twins for
//	                    float64 and AVX-512, made of the same macros in the .h files
//	move_amd64.s        transpositions, copies and prefetches, for all assembly sets
//	cpu_amd64.go        what the CPU can do, and its clock
package downhill
