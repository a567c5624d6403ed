// Package onnx writes networks in the format of ONNX, for other runtimes.
package onnx
