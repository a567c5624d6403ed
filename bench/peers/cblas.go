package main

/*
#include <stdint.h>

typedef void (*cblas_f32)(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
typedef void (*cblas_f64)(int, int, int, int, int, int, double, const double *, int, const double *, int, double, double *, int);
typedef int (*dnnl_f32)(char, char, int64_t, int64_t, int64_t, float, const float *, int64_t, const float *, int64_t, float, float *, int64_t);
typedef int (*shim_f32)(int, int, int, int, int, const float *, int, const float *, int, float *, int);
typedef int (*shim_f64)(int, int, int, int, int, const double *, int, const double *, int, double *, int);

enum { CBLAS, DNNL, SHIM };
enum { ROW_MAJOR = 101, NO_TRANS = 111 }; // TRANS is the number after it

// run_f32 and run_f64 return 0, or what the library returned instead.
static int run_f32(int kind, void *f, long calls, int ta, int tb, int m, int n, int k, const float *a, int lda, const float *b, int ldb, float *c) {
	int refused = 0;
	for (; calls > 0 && !refused; calls--) {
		switch (kind) {
		case CBLAS: ((cblas_f32)f)(ROW_MAJOR, NO_TRANS + ta, NO_TRANS + tb, m, n, k, 1, a, lda, b, ldb, 0, c, n); break;
		case DNNL: refused = ((dnnl_f32)f)(ta ? 'T' : 'N', tb ? 'T' : 'N', m, n, k, 1, a, lda, b, ldb, 0, c, n); break;
		case SHIM: refused = ((shim_f32)f)(ta, tb, m, n, k, a, lda, b, ldb, c, n); break;
		}
	}
	return refused;
}

static int run_f64(int kind, void *f, long calls, int ta, int tb, int m, int n, int k, const double *a, int lda, const double *b, int ldb, double *c) {
	int refused = 0;
	for (; calls > 0 && !refused; calls--) {
		switch (kind) {
		case CBLAS: ((cblas_f64)f)(ROW_MAJOR, NO_TRANS + ta, NO_TRANS + tb, m, n, k, 1, a, lda, b, ldb, 0, c, n); break;
		case SHIM: refused = ((shim_f64)f)(ta, tb, m, n, k, a, lda, b, ldb, c, n); break;
		}
	}
	return refused;
}
*/
import "C"

import "github.com/db75a6f2/downhill/bench/peers/internal/dl"

// kind is how a shared library wants to be called.
type kind struct {
	number C.int
	f32    string // name of the function
	f64    string // none if empty
}

var (
	cblas = &kind{C.CBLAS, "cblas_sgemm", "cblas_dgemm"}
	dnnl  = &kind{C.DNNL, "dnnl_sgemm", ""}
	shim  = &kind{C.SHIM, "peer_gemm_f32", "peer_gemm_f64"}
)

// load opens a shared library. It stays open for good.
func load(k *kind, path string) (contender, error) {
	lib, err := dl.Open(path)
	if err != nil {
		return contender{}, err
	}
	c := contender{do: dl.Thread()}
	s, err := lib.Symbol(k.f32)
	if err != nil {
		return contender{}, err
	}
	c.f32 = func(calls int, x shape, a, b, out []float32) bool {
		return C.run_f32(k.number, s, C.long(calls), truth(x.TA), truth(x.TB), C.int(x.M), C.int(x.N), C.int(x.K),
			(*C.float)(&a[0]), C.int(x.lda()), (*C.float)(&b[0]), C.int(x.ldb()), (*C.float)(&out[0])) == 0
	}
	if k.f64 == "" {
		return c, nil
	}
	d, err := lib.Symbol(k.f64)
	if err != nil {
		return contender{}, err
	}
	c.f64 = func(calls int, x shape, a, b, out []float64) bool {
		return C.run_f64(k.number, d, C.long(calls), truth(x.TA), truth(x.TB), C.int(x.M), C.int(x.N), C.int(x.K),
			(*C.double)(&a[0]), C.int(x.lda()), (*C.double)(&b[0]), C.int(x.ldb()), (*C.double)(&out[0])) == 0
	}
	return c, nil
}

func truth(t bool) C.int {
	if t {
		return 1
	}
	return 0
}
