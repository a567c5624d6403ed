package main

/*
#cgo CFLAGS: -O3 -march=native
#cgo LDFLAGS: -lm
#include "openblas.h"
*/
import "C"

import (
	"errors"
	"unsafe"

	"github.com/db75a6f2/downhill/bench/peers/internal/dl"
)

// overOpenBLAS is the network that one writes in C over OpenBLAS: openblas.c.
func overOpenBLAS(path string) (contender, error) {
	lib, err := dl.Open(path)
	if err != nil {
		return nil, err
	}
	gemm, err := lib.Symbol("cblas_sgemm")
	if err != nil {
		return nil, err
	}
	gemv, err := lib.Symbol("cblas_sgemv")
	if err != nil {
		return nil, err
	}
	return &local{thread: dl.Thread(), begin: func(p problem) (network, error) {
		var widths []C.int
		for _, w := range p.widths {
			widths = append(widths, C.int(w))
		}
		c := C.net_new(C.int(len(widths)-1), &widths[0], C.int(p.batch), C.float(p.lr), gemm, gemv)
		if c == nil {
			return nil, errors.New("no memory for a network in C")
		}
		for i, l := range unsafe.Slice(c.layers, c.count) {
			copy(unsafe.Slice((*float32)(l.w), l.in*l.out), p.params[2*i])
			copy(unsafe.Slice((*float32)(l.b), l.out), p.params[2*i+1])
		}
		return cNet{c, p.outputs()}, nil
	}}, nil
}

type cNet struct {
	c   *C.net
	out int
}

func (n cNet) train(s samples, first, calls int) float32 {
	return float32(C.net_train(n.c, (*C.float)(&s.x[0]), (*C.float)(&s.y[0]), C.int(len(s.y)/s.rows), C.int(s.rows), C.int(first), C.int(calls)))
}

func (n cNet) infer(s samples, first, calls int) []float32 {
	z := C.net_infer(n.c, (*C.float)(&s.x[0]), C.int(len(s.y)/s.rows), C.int(s.rows), C.int(first), C.int(calls))
	return unsafe.Slice((*float32)(z), s.rows*n.out)
}

func (n cNet) free() { C.net_free(n.c) }
