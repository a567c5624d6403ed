//go:build !race

package downhill

const raceEnabled = false
