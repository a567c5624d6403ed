package downhill

const (
	// A row that the caches do not have comes in half the time if it is asked for so many
	// rows before (go test -run "^$" -bench Gather ./bench).
	ahead = 4
	// Matrices of so many elements may not be in the caches.
	far = 1 << 18
)

// GatherRows copies rows of src, a dense matrix of cols columns: row i of dst becomes row
// rows[i] of src. It panics if dst has not len(rows) rows or src has no such row; with cols
// == 0 nothing is looked at. dst must not overlap src.
func GatherRows[T Float](dst []T, cols int, src []T, rows []int) {
	if cols < 0 || cols == 0 && len(dst) > 0 || cols > 0 && (len(dst)/cols != len(rows) || len(dst)%cols != 0) {
		panic("downhill: GatherRows: dst has " + itoa(len(dst)) + " elements, for " + itoa(len(rows)) + " rows of " + itoa(cols))
	}
	if cols == 0 {
		return
	}
	have := len(src) / cols
	for _, r := range rows {
		if uint(r) >= uint(have) {
			panic("downhill: GatherRows: row " + itoa(r) + " of " + itoa(have))
		}
	}
	k := of[T](active)
	for i, r := range rows {
		if i+ahead < len(rows) && len(src) >= far {
			k.fetch(src[rows[i+ahead]*cols:][:cols])
		}
		copy(dst[i*cols:][:cols], src[r*cols:])
	}
}

// fetch is the kernel of this name in plain Go, which has no such instruction.
func fetch[T Float]([]T) {}
