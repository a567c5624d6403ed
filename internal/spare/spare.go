// Package spare keeps values that are costly to make for the next one who needs
// them. Unlike a sync.Pool, a List keeps them across garbage collections, so that
// code which allocated nothing once warm goes on allocating nothing; and it is
// bounded.
package spare

import "sync"

// List holds up to 64 spare values. The zero List is empty. Any number of
// goroutines may use it.
type List[X any] struct {
	mu   sync.Mutex
	n    int
	free [64]*X
}

// Take returns a spare value, which the caller then owns, or nil if there is none.
func (l *List[X]) Take() *X {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.n == 0 {
		return nil
	}
	l.n--
	x := l.free[l.n]
	l.free[l.n] = nil
	return x
}

// Give makes x a spare value, or drops it if there are enough.
func (l *List[X]) Give(x *X) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.n < len(l.free) {
		l.free[l.n] = x
		l.n++
	}
}
