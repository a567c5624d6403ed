// Package atomicfile replaces files so that there is always a whole one: the old one or
// the new one, whenever the program or the machine stops.
package atomicfile

import "io"

// Write replaces the file at path by what write writes.
func Write(path string, write func(io.Writer) error) error { panic("not there yet") }
