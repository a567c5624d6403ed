// Package conformance runs other people's test suites against Downhill. It is a module
// of its own, so that nobody who imports Downhill inherits them.
//
//	cd conformance && go test ./...
package conformance
