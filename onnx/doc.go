// Package onnx writes networks in the format of ONNX, the Open Neural Network Exchange,
// so that ONNX Runtime and its like run them in other languages and on other devices.
//
//	var model bytes.Buffer
//	if err := onnx.Export(&model, net); err != nil {
//		return err // and the file of before is there
//	}
//	return os.WriteFile("digits.onnx", model.Bytes(), 0o666)
//
// The model does what [layers.Sequential.Predict] does: it takes raw rows, "input" of
// [batch, width], standardises them if the network's data were, and gives the outputs of
// the last layer, "output" of [batch, width]. A classifier of this module usually ends in
// logits, so its model does: the class is the index of the largest or, for a single one,
// whether it is above 0. Probabilities are a softmax or a sigmoid of the logits. Where the
// network ends in a Sigmoid, the limit is 0.5. The batch is of any size.
//
// The layers of package layers become the operators of ONNX below. A layer of one's own,
// or a type that embeds one of these, cannot be exported, and Export says which it is.
//
//	Dense      Gemm, with the weight [in, out] as it lies in memory, and the bias [out]
//	ReLU       Relu
//	LeakyReLU  LeakyRelu; for float64 Mul and Max
//	Sigmoid    Sigmoid
//	Tanh       Tanh
//	Dropout    none: in inference it passes everything on
//
// LeakyRelu keeps its slope as a float32, which would change that of a float64 network,
// and ONNX Runtime has no LeakyRelu for double. max(x, slope*x) is the same, as the slope
// is between 0 and 1.
//
// Initialisers have the names of the parameters, "0.weight" and "0.bias", and nodes the
// index and the kind of the layer, "0.dense". Standardisation is the nodes
// "standardise.sub" and "standardise.div" and the initialisers "standardise.mean" and
// "standardise.scale". The names of the classes are metadata properties of the model, one
// each, "class.0", "class.1" and so on in the order of the outputs.
//
// Models are of IR version 8 and operator set 13, which tools since 2021 read. float32
// becomes FLOAT, float64 DOUBLE. The same network gives the same bytes on every machine.
package onnx
