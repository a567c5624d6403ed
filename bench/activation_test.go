package bench

import (
	"fmt"
	"testing"

	"github.com/db75a6f2/downhill"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/tensor"
)

func BenchmarkActivation(b *testing.B) {
	benchmarkActivation[float32](b)
	benchmarkActivation[float64](b)
}

// benchmarkActivation times layers without weights on the batch that a hidden layer of
// 128 gives them, and the loss on one of logits.
func benchmarkActivation[T downhill.Float](b *testing.B) {
	const batch, hidden, classes = 64, 128, 10
	for _, l := range []struct {
		name  string
		layer layers.Layer[T]
	}{
		{"relu", layers.NewReLU[T]()}, {"leakyrelu", layers.NewLeakyReLU[T](0.01)},
		{"sigmoid", layers.NewSigmoid[T]()}, {"tanh", layers.NewTanh[T]()},
	} {
		x, dy := filled[T](batch, hidden), filled[T](batch, hidden)
		// Not in place, which would bring numbers closer to 0 each time, down to
		// subnormal ones, which are slow.
		var y, dx tensor.Tensor[T]
		onElements[T](b, l.name, "forward", x, func() { l.layer.Forward(&y, x) })
		l.layer.Forward(&y, x) // for a run of the backward pass alone
		onElements[T](b, l.name, "backward", dy, func() { l.layer.Backward(&dx, dy, x, &y) })
	}
	logits, class := filled[T](batch, classes), tensor.New[T](batch, 1)
	for i := range class.Data {
		class.Data[i] = T(i % classes)
	}
	var loss layers.Loss[T] = layers.SoftmaxCrossEntropy[T]{}
	var grad tensor.Tensor[T]
	onElements[T](b, "softmaxcrossentropy", "both", logits, func() { loss.Loss(&grad, logits, class) })
}

// onElements times what goes once over the elements of x.
func onElements[T downhill.Float](b *testing.B, layer, pass string, x *tensor.Tensor[T], do func()) {
	b.Run(fmt.Sprintf("type=%s/layer=%s/pass=%s/rows=%d/cols=%d", typeName[T](), layer, pass, x.Rows, x.Cols), func(b *testing.B) {
		do() // results have their memory
		b.ReportAllocs()
		for b.Loop() {
			do()
		}
		perElement(b, len(x.Data))
	})
}
