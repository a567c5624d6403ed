// Package dl opens shared libraries.
package dl

/*
#cgo LDFLAGS: -ldl
#include <dlfcn.h>
#include <stdlib.h>

// Both return NULL and set *why on failure: the message belongs to the thread.
static void *open_library(const char *path, const char **why) {
	void *l = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!l) *why = dlerror();
	return l;
}

static void *symbol(void *l, const char *name, const char **why) {
	void *f = dlsym(l, name);
	if (!f) *why = dlerror();
	return f;
}
*/
import "C"

import (
	"errors"
	"runtime"
	"unsafe"
)

// Library is a shared library. It stays open for good.
type Library struct{ handle unsafe.Pointer }

// Open opens the library of the given path.
func Open(path string) (Library, error) {
	var why *C.char
	text := C.CString(path)
	defer C.free(unsafe.Pointer(text))
	l := C.open_library(text, &why)
	if l == nil {
		return Library{}, errors.New(C.GoString(why))
	}
	return Library{l}, nil
}

// Symbol returns the function of the given name.
func (l Library) Symbol(name string) (unsafe.Pointer, error) {
	var why *C.char
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	f := C.symbol(l.handle, text, &why)
	if f == nil {
		return nil, errors.New(C.GoString(why))
	}
	return f, nil
}

// Thread returns a function that runs blocks on one OS thread, always the same:
// OpenMP keeps a pool of threads for each thread that it is called from. Downhill's
// blocks stay off it, because a goroutine that is tied to a thread yields slowly.
func Thread() func(block func()) {
	blocks, done := make(chan func()), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		for block := range blocks {
			block()
			done <- struct{}{}
		}
	}()
	return func(block func()) {
		blocks <- block
		<-done
	}
}
