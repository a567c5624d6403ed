// Package doctortest checks gradients in tests: one line says which layer of a network
// has a wrong one, and what kind of mistake it is.
//
//	func TestGradients(t *testing.T) {
//		doctortest.Gradients(t, net, loss, x, y)
//	}
package doctortest

import (
	"testing"

	"github.com/db75a6f2/downhill/doctor"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

// Gradients fails the test with every finding of [doctor.Gradients], which says what is
// checked and that the network stays as it is. A network of float64 shows smaller
// mistakes than one of float32.
func Gradients[T tensor.Float](t testing.TB, net *layers.Sequential[T], loss layers.Loss[T], x, y *tensor.Tensor[T]) {
	t.Helper()
	report, err := doctor.Gradients(net, loss, x, y)
	if err != nil {
		t.Error(err)
	}
	for _, f := range report {
		t.Error(f)
	}
}
