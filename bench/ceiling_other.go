//go:build !amd64 || !gc || purego || noasm

package bench

// Ceiling returns 0: nobody has written the loop for this build.
func Ceiling(threads int) float64 { return 0 }
