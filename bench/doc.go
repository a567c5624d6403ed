// Package bench times the hot path: matrix products, vector operations, and whole
// training steps.
//
//	go test -bench . ./bench
//	go test -bench Gemm/type=float32 -count 10 ./bench | tee new.txt && benchstat new.txt
//
// Beside the time, every benchmark reports GFLOP/s and what share that is of the
// ceiling: what a loop of nothing but fused multiply-adds on registers reaches in the
// same moment on as many threads. A step reports how many times the time it takes that
// its multiplications would need at the ceiling (x-limit). Absolute times depend on the
// machine and on what else runs there; the ratios do so much less.
package bench
