// The best that one gets by hand over a CBLAS: buffers that are there before, and the
// update in the product for the weights' gradient, with a beta of 1.
#include "openblas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROW_MAJOR = 101, NO_TRANS = 111, TRANS = 112 };

static float *floats(size_t count) {
	void *p;
	return posix_memalign(&p, 64, count * sizeof(float)) ? NULL : p;
}

net *net_new(int count, const int *widths, int batch, float lr, void *gemm, void *gemv) {
	net *n = malloc(sizeof *n);
	layer *all = calloc(count, sizeof *all);
	if (!n || !all) {
		free(n);
		free(all);
		return NULL;
	}
	*n = (net){count, all, lr, (sgemm)gemm, (sgemv)gemv};
	for (int i = 0; i < count; i++) {
		size_t in = widths[i], out = widths[i + 1];
		all[i] = (layer){in, out, floats(in * out), floats(out), floats(out * batch), floats(out * batch)};
		if (!all[i].w || !all[i].b || !all[i].h || !all[i].d) {
			net_free(n);
			return NULL;
		}
	}
	return n;
}

void net_free(net *n) {
	for (int i = 0; i < n->count; i++) {
		layer *l = &n->layers[i];
		free(l->w);
		free(l->b);
		free(l->h);
		free(l->d);
	}
	free(n->layers);
	free(n);
}

static const float *forward(net *n, const float *x, int rows) {
	for (int i = 0; i < n->count; i++) {
		const layer *l = &n->layers[i];
		float *z = l->h;
		for (int r = 0; r < rows; r++) memcpy(z + r * l->out, l->b, l->out * sizeof *z);
		if (rows == 1)
			n->gemv(ROW_MAJOR, TRANS, l->in, l->out, 1, l->w, l->out, x, 1, 1, z, 1);
		else
			n->gemm(ROW_MAJOR, NO_TRANS, NO_TRANS, rows, l->out, l->in, 1, x, l->in, l->w, l->out, 1, z, l->out);
		if (i < n->count - 1)
			for (int j = 0; j < rows * l->out; j++) z[j] = z[j] > 0 ? z[j] : 0;
		x = z;
	}
	return x;
}

// loss_of sets d to the gradient of the loss, times the rows.
static float loss_of(float *d, const float *z, const float *y, int rows, int out) {
	float total = 0;
	for (int r = 0; r < rows; r++, z += out, d += out) {
		if (out == 1) {
			float e = *z - y[r];
			total += e * e;
			*d = 2 * e;
			continue;
		}
		float top = z[0], sum = 0;
		for (int j = 1; j < out; j++) top = z[j] > top ? z[j] : top;
		for (int j = 0; j < out; j++) sum += d[j] = expf(z[j] - top);
		for (int j = 0; j < out; j++) d[j] /= sum;
		int class = y[r];
		total += logf(sum) + top - z[class];
		d[class] -= 1;
	}
	return total / rows;
}

static float step(net *n, const float *x, const float *y, int rows) {
	int last = n->count - 1;
	float rate = n->lr / rows;
	const float *z = forward(n, x, rows);
	float loss = loss_of(n->layers[last].d, z, y, rows, n->layers[last].out);
	for (int i = last; i >= 0; i--) {
		const layer *l = &n->layers[i];
		const float *from = i > 0 ? n->layers[i - 1].h : x;
		if (i > 0) {
			float *d = n->layers[i - 1].d;
			n->gemm(ROW_MAJOR, NO_TRANS, TRANS, rows, l->in, l->out, 1, l->d, l->out, l->w, l->out, 0, d, l->in);
			for (int j = 0; j < rows * l->in; j++) d[j] = from[j] > 0 ? d[j] : 0;
		}
		n->gemm(ROW_MAJOR, TRANS, NO_TRANS, l->in, l->out, rows, -rate, from, l->in, l->d, l->out, 1, l->w, l->out);
		for (int r = 0; r < rows; r++)
			for (int j = 0; j < l->out; j++) l->b[j] -= rate * l->d[r * l->out + j];
	}
	return loss;
}

float net_train(net *n, const float *x, const float *y, int batches, int rows, int first, int calls) {
	float loss = 0;
	for (int i = first; calls > 0; calls--, i++) {
		size_t row = (size_t)(i % batches) * rows;
		loss = step(n, x + row * n->layers[0].in, y + row, rows);
	}
	return loss;
}

const float *net_infer(net *n, const float *x, int batches, int rows, int first, int calls) {
	const float *z = NULL;
	for (int i = first; calls > 0; calls--, i++) z = forward(n, x + (size_t)(i % batches) * rows * n->layers[0].in, rows);
	return z;
}
