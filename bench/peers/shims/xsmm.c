// LIBXSMM as cblas.go calls it. LIBXSMM is column-major, so it is asked for C' = B'A'
// and the operands change places. Only its JIT kernels are used: it refuses what they
// do not take (A*B'), and products beyond 2^30, for which it would need packing. The
// kernel is kept from call to call, as LIBXSMM's own users do.
#include <libxsmm.h>
#include <string.h>

#define GEMM(NAME, T, FUNCTION, DISPATCH)                                                                   \
	int NAME(int ta, int tb, int m, int n, int k, const T *a, int lda, const T *b, int ldb, T *c, int ldc) { \
		static int kept[5];                                                                                 \
		static FUNCTION kernel;                                                                             \
		const int now[5] = {ta, tb, m, n, k};                                                               \
		if ((long)m * n * k > 1L << 30) return -1;                                                          \
		if (memcmp(kept, now, sizeof kept)) {                                                               \
			const T one = 1, zero = 0;                                                                      \
			const int flags = (tb ? LIBXSMM_GEMM_FLAG_TRANS_A : 0) | (ta ? LIBXSMM_GEMM_FLAG_TRANS_B : 0);  \
			kernel = DISPATCH(n, m, k, &ldb, &lda, &ldc, &one, &zero, &flags, NULL);                        \
			memcpy(kept, now, sizeof kept);                                                                 \
		}                                                                                                   \
		if (!kernel) return -1;                                                                             \
		kernel(b, a, c);                                                                                    \
		return 0;                                                                                           \
	}

GEMM(peer_gemm_f32, float, libxsmm_smmfunction, libxsmm_smmdispatch)
GEMM(peer_gemm_f64, double, libxsmm_dmmfunction, libxsmm_dmmdispatch)
