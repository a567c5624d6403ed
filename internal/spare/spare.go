// Package spare keeps values that are costly to make for the next one who needs
// them. Unlike a sync.Pool, a List keeps them across garbage collections, so that
// code which allocated nothing once warm goes on allocating nothing; and it is
// bounded.
package spare

import "sync/atomic"

// List holds up to 64 spare values. The zero List is empty. Any number of
// goroutines may use it; up to eight that give places in a row find what they gave back,
// and do not get in each other's way.
type List[X any] struct {
	free [64]atomic.Pointer[X]
}

// line is the number of places in a line of the cache, which two cores had better not
// both write to.
const line = 8

// Take returns a spare value, which the caller then owns, or nil if it finds none: that
// at the given place, if it is there.
func (l *List[X]) Take(place int) *X {
	for i := range l.free {
		p := &l.free[(place*line+i)%len(l.free)]
		if x := p.Load(); x != nil && p.CompareAndSwap(x, nil) {
			return x
		}
	}
	return nil
}

// Give makes x a spare value, at the given place if that is empty, or drops it if there
// are enough.
func (l *List[X]) Give(place int, x *X) {
	for i := range l.free {
		p := &l.free[(place*line+i)%len(l.free)]
		if p.Load() == nil && p.CompareAndSwap(nil, x) {
			return
		}
	}
}
