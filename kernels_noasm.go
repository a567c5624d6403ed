//go:build !(amd64 && gc && !purego && !noasm) && !msan && !asan

package downhill

import "time"

// sets are the kernel sets of this build, the one to prefer last.
var sets = [...]*set{&exact, &generic}

const cpu features = 0

// ticks reads a clock, as coarse as the system has it.
func ticks() int64 { return time.Now().UnixNano() }
