// Package ailments is the proof that package doctor works: programs with one known
// fault each, runs that are healthy, and the table of what the doctor says of them.
//
// A [Program] is built twice from the same code, broken and mended, and the two differ
// in the named fault only. What is right is decided by repair, not by a label: the
// tests train both, and the mended one must reach a clearly lower loss, or, where the
// fault is in a gradient, have gradients that agree with differences.
//
// A [Run] is healthy: it is made from seeds, and the tests see it learn.
//
//	go run ./internal/ailments/table         prints the table
//	go run ./internal/ailments/table -write  writes it into doctor/README.md
package ailments
