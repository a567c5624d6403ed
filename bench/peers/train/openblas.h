// A network in C over a CBLAS, which is loaded at run time.
#pragma once

typedef void (*sgemm)(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
typedef void (*sgemv)(int, int, int, int, float, const float *, int, const float *, int, float, float *, int);

typedef struct {
	int in, out;
	float *w, *b; // in x out; out
	float *h, *d; // outputs, and the gradients of what comes before the ReLU
} layer;

typedef struct {
	int count;
	layer *layers;
	float lr;
	sgemm gemm;
	sgemv gemv;
} net;

// net_new returns NULL where there is no memory. The weights are not set.
net *net_new(int count, const int *widths, int batch, float lr, void *gemm, void *gemv);
void net_free(net *n);

// net_train takes steps on the batches of so many rows that x and y have, in turn from
// batch first on, and returns the loss of the last one.
float net_train(net *n, const float *x, const float *y, int batches, int rows, int first, int calls);

// net_infer returns the outputs for the last of so many batches.
const float *net_infer(net *n, const float *x, int batches, int rows, int first, int calls);
