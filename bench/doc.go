// Package bench times the hot path: matrix products, the backward pass of a layer,
// vector operations, activations, and whole training steps. README.md says how to
// compare and to profile.
//
//	go test -bench . ./bench
//	go test -bench Gemm/type=float32 -count 10 ./bench | tee new.txt && benchstat new.txt
//
// Beside the time, products report GFLOP/s and what share that is of the ceiling: what
// a loop of nothing but fused multiply-adds on registers reaches in the same moment on
// as many threads. A step reports both, counting its products alone, and how many times
// the time it takes that they would need at the ceiling (x-limit). What goes once over
// its elements reports elements/ns. Absolute times depend on the machine and on what
// else runs there; the ratios do so much less.
//
// The command bench/pauses measures how long a stop of the world takes beside Gemm.
package bench
