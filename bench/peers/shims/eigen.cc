// Eigen as cblas.go calls it: row-major maps, and no aliasing, so that it makes no copy.
#include <Eigen/Dense>
using namespace Eigen;

template <class T>
static int gemm(int ta, int tb, int m, int n, int k, const T *a, int lda, const T *b, int ldb, T *c, int ldc) {
	typedef Matrix<T, Dynamic, Dynamic, RowMajor> Rows;
	typedef Map<const Rows, 0, OuterStride<>> Operand;
	Operand A(a, ta ? k : m, ta ? m : k, OuterStride<>(lda)), B(b, tb ? n : k, tb ? k : n, OuterStride<>(ldb));
	Map<Rows, 0, OuterStride<>> C(c, m, n, OuterStride<>(ldc));
	if (ta && tb) C.noalias() = A.transpose() * B.transpose();
	else if (ta) C.noalias() = A.transpose() * B;
	else if (tb) C.noalias() = A * B.transpose();
	else C.noalias() = A * B;
	return 0;
}

extern "C" int peer_gemm_f32(int ta, int tb, int m, int n, int k, const float *a, int lda, const float *b, int ldb, float *c, int ldc) {
	return gemm(ta, tb, m, n, k, a, lda, b, ldb, c, ldc);
}

extern "C" int peer_gemm_f64(int ta, int tb, int m, int n, int k, const double *a, int lda, const double *b, int ldb, double *c, int ldc) {
	return gemm(ta, tb, m, n, k, a, lda, b, ldb, c, ldc);
}
