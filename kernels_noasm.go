//go:build !(amd64 && gc && !purego && !noasm) && !msan && !asan

package downhill

// sets are the kernel sets of this build, the one to prefer last.
var sets = [...]*set{&exact, &generic}

const cpu features = 0

// ticks would read a clock, if there were one that costs as little as the one of amd64. Nothing is
// learned without: leastWork takes these kernels some 10 us, of which half is worth handing over
// anywhere.
func ticks() int64 { return 0 }
