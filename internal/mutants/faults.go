package main

// mutants are the faults. The first six are those of the network that the project
// grew out of; examples/stuck has them too.
var mutants = []mutant{
	{
		name: "1: the loss's derivative clips the prediction only",
		file: "layers/crossentropy.go",
		old:  "if !(p <= clip) {\n\t\t\td -= t / p\n\t\t}\n\t\tif !(1-p <= clip) {\n\t\t\td += (1 - t) / (1 - p)\n\t\t}",
		new:  "p = min(max(p, clip), 1-clip)\n\t\td = (p - t) / (p * (1 - p))",
		pkg:  "./layers", test: "TestLossGradients",
	},
	{
		name: "2: the activation's derivative is taken at dy",
		file: "layers/activations.go",
		old:  "e.backward(dx.Data, dy.Data, y.Data)",
		new:  "e.backward(dx.Data, dy.Data, dy.Data)",
		pkg:  "./layers", test: "TestSigmoid",
	},
	{
		name: "3: the bias gradient is summed before the activation's derivative",
		file: "layers/sequential.go",
		old:  "st.act.Backward(dy, dy, nil, &st.y)\n\t\t\tst.dense.Backward(dx, dy, x, nil)",
		new: "db, beta := st.dense.bias.GradTo()\n\t\t\tbad := new(tensor.Tensor[T]).Copy(db)\n\t\t\ttensor.SumRows(bad, dy, beta)\n" +
			"\t\t\tst.act.Backward(dy, dy, nil, &st.y)\n\t\t\tst.dense.Backward(dx, dy, x, nil)\n\t\t\tdb.Copy(bad)",
		pkg: "./layers", test: "TestDeep",
	},
	{
		name: "4: wild initial weights",
		file: "tensor/init.go",
		old:  "Normal(w.Data, math.Sqrt(2/float64(max(1, w.Rows))), src)",
		new:  "Normal(w.Data, 6/math.Sqrt(float64(max(1, w.Rows*w.Cols))), src)",
		pkg:  "./tensor", test: "TestInit",
	},
	{
		name: "5: gradients are divided by the number of features",
		file: "layers/dense.go",
		old:  "tensor.TMatMul(dw, x, dy, beta)",
		new:  "tensor.TMatMul(dw, x, dy, beta)\n\tfor i := range dw.Data {\n\t\tdw.Data[i] /= T(x.Cols)\n\t}",
		pkg:  "./layers", test: "TestDense",
	},
	{
		name: "6: weights change before dX is formed from them",
		file: "layers/dense.go",
		old:  "if dx != nil {",
		new:  "for i, g := range dw.Data {\n\t\td.weight.Value.Data[i] -= T(0.01) * g\n\t}\n\tif dx != nil {",
		pkg:  "./layers", test: "TestDense",
	},
}
