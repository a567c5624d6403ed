package layers_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/db75a6f2/downhill/data"
	"github.com/db75a6f2/downhill/layers"
	"github.com/db75a6f2/downhill/optim"
	"github.com/db75a6f2/downhill/safetensors"
	"github.com/db75a6f2/downhill/tensor"
)

// The training loop by hand.
func Example() {
	rng := rand.NewPCG(1, 2)
	digits := data.Digits()
	if err := data.Standardise(digits); err != nil {
		fmt.Println(err)
		return
	}
	net := layers.NewSequential(
		layers.NewDense[float32](rng, 64, 32),
		layers.NewReLU[float32](),
		layers.NewDense[float32](rng, 32, 10),
	)
	xent := layers.SoftmaxCrossEntropy[float32]{}
	sgd := optim.NewSGD(net.Params(), 0.1)
	batches := data.NewBatcher(digits, rng, 32)
	grad := new(tensor.Tensor[float32])
	for epoch := range 5 {
		loss, steps := 0.0, 0
		for x, y := range batches.Epoch() {
			loss += xent.Loss(grad, net.Forward(x), y)
			net.Backward(grad)
			sgd.Step()
			steps++
		}
		fmt.Printf("epoch %d: loss %.1f\n", epoch+1, loss/float64(steps))
	}
	// Output:
	// epoch 1: loss 1.0
	// epoch 2: loss 0.3
	// epoch 3: loss 0.2
	// epoch 4: loss 0.1
	// epoch 5: loss 0.1
}

func ExampleSequential_Predict() {
	net := layers.MLP[float64](rand.NewPCG(1, 2), 2, 4, 3)
	net.Classes = []string{"red", "green", "blue"}
	x := tensor.From(2, 2, []float64{1, -1, 0.5, 2})
	var logits tensor.Tensor[float64]
	net.Predict(&logits, x)
	fmt.Println(logits.Rows, "rows of", logits.Cols, "logits")
	fmt.Println(net.Classes[net.Class([]float64{0.1, 0.2, 0.9})])
	// Output:
	// 2 rows of 3 logits
	// blue
}

// scale is a layer of one's own: y = a*x with a learnt.
type scale struct{ a *tensor.Param[float64] }

var _ layers.Layer[float64] = (*scale)(nil)

func (s *scale) Forward(y, x *tensor.Tensor[float64]) {
	y.Resize(x.Rows, x.Cols)
	for i, v := range x.Data {
		y.Data[i] = s.a.Value.Data[0] * v
	}
}

func (s *scale) Backward(dx, dy, x, y *tensor.Tensor[float64]) {
	g := s.a.Grad()
	for i, d := range dy.Data {
		g.Data[0] += d * x.Data[i]
	}
	if dx != nil {
		dx.Resize(x.Rows, x.Cols)
		for i, d := range dy.Data {
			dx.Data[i] = d * s.a.Value.Data[0]
		}
	}
}

func (s *scale) Params() []*tensor.Param[float64] { return []*tensor.Param[float64]{s.a} }

func ExampleLayer() {
	s := &scale{tensor.NewParam[float64]("a", 1, 1)}
	net := layers.NewSequential[float64](s)
	x, want := tensor.From(1, 2, []float64{1, 2}), tensor.From(1, 2, []float64{3, 6})
	sgd := optim.NewSGD(net.Params(), 0.1)
	grad := new(tensor.Tensor[float64])
	for range 40 {
		layers.MeanSquaredError[float64]{}.Loss(grad, net.Forward(x), want)
		net.Backward(grad)
		sgd.Step()
	}
	fmt.Printf("a is %.3f\n", s.a.Value.Data[0])
	// Output: a is 3.000
}

// A file has all that predicting takes; //go:embed puts it into a program.
func ExampleLoad() {
	net := layers.MLP[float32](rand.NewPCG(1, 2), 2, 4, 2)
	net.Standardise = &tensor.Affine[float32]{Mean: []float32{20, 1000}, Scale: []float32{5, 10}}
	net.Classes = []string{"dry", "rain"}
	f, err := net.Encode()
	if err != nil {
		fmt.Println(err)
		return
	}
	model, err := f.Append(nil)
	if err != nil {
		fmt.Println(err)
		return
	}

	forecast, err := layers.Load[float32](model)
	if err != nil {
		fmt.Println(err)
		return
	}
	var logits tensor.Tensor[float32]
	forecast.Predict(&logits, tensor.From(1, 2, []float32{12, 985})) // degrees, hectopascals
	fmt.Println(len(model), "bytes say", forecast.Classes[forecast.Class(logits.Row(0))])
	// Output: 512 bytes say rain
}

// Weights from elsewhere go into a network of the same shape.
func ExampleSequential_LoadWeights() {
	net := layers.MLP[float32](rand.NewPCG(1, 2), 2, 3, 1)
	err := net.LoadWeights(&safetensors.File{Tensors: []safetensors.Tensor{
		safetensors.New("0.weight", []int{3, 2}, make([]float32, 6)),
		safetensors.New("0.bias", []int{3}, make([]float32, 3)),
		safetensors.New("2.weight", []int{1, 4}, make([]float32, 4)),
	}})
	fmt.Println(err)
	// Output: layers: LoadWeights: "2.weight" is 1x4, want 1x3; missing "2.bias"
}
