//go:build !(amd64 && gc && !purego && !noasm) && !msan && !asan

package downhill

// sets are the kernel sets of this build, the one to prefer last.
var sets = [...]*set{&exact, &generic}

const cpu features = 0
