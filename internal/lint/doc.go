// Package lint has no code, only tests that hold the others to what no compiler
// checks: who may import whom, which functions of math differ between CPUs, where a
// compiler may fuse a product with a sum, what every assembly function must end with.
package lint
