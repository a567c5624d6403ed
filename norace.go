//go:build !race

package downhill

func raceRead[T Float]([]T)                     {}
func raceWrite[T Float]([]T)                    {}
func raceReadRows[T Float]([]T, int, int, int)  {}
func raceWriteRows[T Float]([]T, int, int, int) {}
