package main

// shape is one product: C = op(A)*op(B), row-major, without gaps between rows.
type shape struct {
	ID      string
	TA, TB  bool // A, B stored transposed
	M, N, K int
}

// The squares, and the products of a 784-128-10 network and of wider ones.
var shapes = []shape{
	{"sq32", false, false, 32, 32, 32},
	{"sq64", false, false, 64, 64, 64},
	{"sq96", false, false, 96, 96, 96},
	{"sq128", false, false, 128, 128, 128},
	{"sq256", false, false, 256, 256, 256},
	{"sq384", false, false, 384, 384, 384},
	{"sq512", false, false, 512, 512, 512},
	{"sq1024", false, false, 1024, 1024, 1024},
	{"sq2048", false, false, 2048, 2048, 2048},
	{"fwd_b1", false, false, 1, 128, 784},
	{"fwd_b8", false, false, 8, 128, 784},
	{"fwd_b32", false, false, 32, 128, 784},
	{"fwd_b64", false, false, 64, 128, 784},
	{"fwd_b128", false, false, 128, 128, 784},
	{"fwd_b256", false, false, 256, 128, 784},
	{"head_b64", false, false, 64, 10, 128},
	{"mid_b64", false, false, 64, 512, 512},
	{"big_b256", false, false, 256, 1024, 1024},
	{"dW_b64", true, false, 784, 128, 64},
	{"dX_b64", false, true, 64, 784, 128},
	{"dWhead_b64", true, false, 128, 10, 64},
	{"dXhead_b64", false, true, 64, 128, 10},
}

func (s shape) flops() float64 { return 2 * float64(s.M) * float64(s.N) * float64(s.K) }

func (s shape) square() bool { return s.M == s.N && s.N == s.K && !s.TA && !s.TB }

// lda is the leading dimension of A as stored, ldb that of B.
func (s shape) lda() int {
	if s.TA {
		return s.M
	}
	return s.K
}

func (s shape) ldb() int {
	if s.TB {
		return s.K
	}
	return s.N
}

// op is the two letters that BLAS says it in.
func (s shape) op() string {
	letter := map[bool]string{false: "N", true: "T"}
	return letter[s.TA] + letter[s.TB]
}
