//go:build msan || asan

package downhill

// sets are the kernel sets of this build, the one to prefer last. The sanitizers
// cannot see what assembly writes; exact gives the same bits.
var sets = [...]*set{&generic, &exact}

const cpu features = 0

// ticks reads no clock, as in kernels_noasm.go.
func ticks() int64 { return 0 }
