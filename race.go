//go:build race

package downhill

import (
	"runtime"
	"unsafe"
)

// The race detector does not see what assembly reads and writes, so the entry
// points declare it.

func raceRead[T Float](x []T) {
	if len(x) > 0 {
		runtime.RaceReadRange(unsafe.Pointer(&x[0]), len(x)*int(unsafe.Sizeof(x[0])))
	}
}

func raceWrite[T Float](x []T) {
	if len(x) > 0 {
		runtime.RaceWriteRange(unsafe.Pointer(&x[0]), len(x)*int(unsafe.Sizeof(x[0])))
	}
}

func raceReadRows[T Float](x []T, rows, cols, ld int) {
	for i := 0; i < rows && cols > 0; i++ {
		raceRead(x[i*ld:][:cols])
	}
}

func raceWriteRows[T Float](x []T, rows, cols, ld int) {
	for i := 0; i < rows && cols > 0; i++ {
		raceWrite(x[i*ld:][:cols])
	}
}
