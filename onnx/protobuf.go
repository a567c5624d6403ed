package onnx

import "math"

// What a field's tag says of its encoding (protobuf.dev/programming-guides/encoding).
const (
	varint = 0
	length = 2 // the length in bytes, then so many bytes
	fixed4 = 5 // four bytes, little-endian
)

// appendVarint appends v, seven bits a byte, the lowest first.
func appendVarint(buf []byte, v uint64) []byte {
	for v >= 0x80 {
		buf = append(buf, byte(v)|0x80)
		v >>= 7
	}
	return append(buf, byte(v))
}

// appendTag appends what stands before every field.
func appendTag(buf []byte, field, encoding uint64) []byte {
	return appendVarint(buf, field<<3|encoding)
}

// appendInt appends a field of type int32, int64 or enum, whose value is not negative.
func appendInt(buf []byte, field uint64, v int) []byte {
	return appendVarint(appendTag(buf, field, varint), uint64(v))
}

// appendFloat appends a field of type float.
func appendFloat(buf []byte, field uint64, v float32) []byte {
	return appendUint32(appendTag(buf, field, fixed4), math.Float32bits(v))
}

// appendBytes appends a field of type string, or a message that is encoded already.
func appendBytes[S string | []byte](buf []byte, field uint64, v S) []byte {
	return append(appendLength(buf, field, uint64(len(v))), v...)
}

// appendLength appends what stands before the n bytes of such a field.
func appendLength(buf []byte, field, n uint64) []byte {
	return appendVarint(appendTag(buf, field, length), n)
}

// appendUint32 appends v, little-endian.
func appendUint32(buf []byte, v uint32) []byte {
	return append(buf, byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
}
