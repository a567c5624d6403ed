package safetensors

import (
	"strconv"
	"strings"
	"testing"
)

// file is a file of a header and so many bytes of data.
func file(header string, data int) []byte {
	b := make([]byte, 8, 8+len(header)+data)
	putUint64(b, uint64(len(header)))
	return append(append(b, header...), make([]byte, data)...)
}

// one is a header of one tensor.
func one(dtype, shape, offsets string) string {
	return `{"test":{"dtype":"` + dtype + `","shape":` + shape + `,"data_offsets":` + offsets + `}}`
}

const (
	good  = `{"test":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}}`
	byte0 = `{"dtype":"U8","shape":[1],"data_offsets":[0,1]}`
	byte1 = `{"dtype":"U8","shape":[1],"data_offsets":[1,2]}`
	none0 = `{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`
)

// attack is the header of the reference's test_json_attack: ten tensors on the same data.
func attack() string {
	var all []string
	for i := range 10 {
		all = append(all, `"weight_`+strconv.Itoa(i)+`":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}`)
	}
	return "{" + strings.Join(all, ",") + "}"
}

// vector is a file, and a part of the error that it must give, or "".
type vector struct {
	name string
	file []byte
	want string
}

// reference are the vectors of the reference's own tests, named as there
// (github.com/huggingface/safetensors, safetensors/src/tensor.rs).
var reference = []vector{
	{"deserialization", file(good, 16), ""},
	{"empty shapes allowed", file(one("I32", "[]", "[0,4]"), 4), ""},
	{"zero sized tensor", file(one("I32", "[2,0]", "[0, 0]"), 0), ""},
	{"whitespace padded header", file("{}\r \t\n", 0), ""},
	{"whitespace start padded header", file("\t\n{}\r ", 0), ""},
	{"fp4", file(one("F4", "[1,2]", "[0,1]"), 1), ""},

	{"json attack", file(attack(), 16), `tensor "weight_1": data_offsets [0 16] expected to begin at 16`},
	{"metadata incomplete buffer, longer", append(file(good, 16), "extra_bogus_data_for_polyglot_file"...), "34 bytes of data behind the last tensor"},
	{"metadata incomplete buffer, shorter", file(good, 14), "data_offsets [0 16] in data of 14 bytes"},
	{"header too large", append([]byte("<\x00\x00\x00\x00\xff\xff\xff"), file(good, 16)[8:]...), "a header of 18446742974197923900 bytes, at most 100000000 expected"},
	{"header too small", nil, "a file of 0 bytes, at least 8 expected"},
	{"invalid header length", []byte("<\x00\x00\x00\x00\x00\x00\x00"), "a header of 60 bytes in a file of 8"},
	{"invalid header non utf8", file("\xff", 0), "byte 0 of the header: not UTF-8"},
	{"invalid header not json", file("{", 0), "byte 1 of the header: a string expected, found the end"},
	{"invalid info", file(one("I32", "[2,2]", "[0, 4]"), 4), "data_offsets [0 4], 16 bytes expected for I32 of shape [2 2]"},
	{"validation overflow, shape", file(one("I32", "[2,18446744073709551614]", "[0,16]"), 16), "has the dimension 18446744073709551614, more than an int holds"},
	{"validation overflow, bytes", file(one("I32", "[2,9223372036854775807]", "[0,16]"), 16), "more"},
	{"fp4 misaligned", file(one("F4", "[1,3]", "[0,2]"), 2), "12 bits of F4 do not fill whole bytes"},
	{"fp4 of another length", file(one("F4", "[1,2]", "[0,2]"), 2), "1 bytes expected for F4 of shape [1 2]"},
	{"missing dtype", file(`{"test":{"shape":[2,2],"data_offsets":[0,16]}}`, 16), `byte 8 of the header: tensor "test" has no dtype`},
	{"missing shape", file(`{"test":{"dtype":"I32","data_offsets":[0,16]}}`, 16), `tensor "test" has no shape`},
	{"missing offsets", file(`{"test":{"dtype":"I32","shape":[2,2]}}`, 16), `tensor "test" has no data_offsets`},
}

// ours are what the reference lets pass, and what other readers got wrong.
var ours = []vector{
	{"no tensor", file("{}", 0), ""},
	{"no tensor, padded", file("{}      ", 0), ""},
	{"no tensor, metadata", file(`{"__metadata__":{}}`, 0), ""},
	{"any order", file(`{"b":`+byte1+`,"__metadata__":{"x":""},"a":`+byte0+`}`, 2), ""},
	{"keys in any order", file(`{"a":{"data_offsets":[0,1],"shape":[1],"dtype":"U8"}}`, 1), ""},
	{"white space everywhere", file(" { \"a\" : { \"dtype\" :\t\"U8\" ,\n\"shape\" : [ 1 , 1 ] , \"data_offsets\" : [ 0 , 1 ] } } ", 1), ""},
	{"empty tensors in between", file(`{"a":`+byte0+`,"n":{"dtype":"F32","shape":[0],"data_offsets":[1,1]},"m":{"dtype":"F64","shape":[3,0],"data_offsets":[1,1]},"b":`+byte1+`}`, 2), ""},
	{"empty tensors first", file(`{"a":`+byte0+`,"n":`+none0+`}`, 1), ""},
	{"an empty name", file(`{"":`+byte0+`}`, 1), ""},
	{"escapes in a name", file(`{"\u0061\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00\uD83D\uDE00":`+byte0+`}`, 1), ""},
	{"escapes in keys", file(`{"a":{"dtyp\u0065":"\u00558","shap\u0065":[1],"data\u005foffsets":[0,1]}}`, 1), ""},
	{"names that differ in case", file(`{"a":`+byte0+`,"A":`+byte1+`}`, 2), ""},
	{"64 dimensions", file(one("U8", "["+strings.Repeat("1,", 63)+"1]", "[0,1]"), 1), ""},
	{"a tensor named like a key", file(`{"dtype":`+byte0+`}`, 1), ""},
	{"2^31-1 elements beside a 0", file(one("U8", "[2147483647,0,1]", "[0,0]"), 0), ""},
	{"6-bit floats that fill bytes", file(one("F6_E2M3", "[4]", "[0,3]"), 3), ""},

	{"100 MB header in 20 bytes", append([]byte("\x00\xe1\xf5\x05\x00\x00\x00\x00"), "{}          "...), "a header of 100000000 bytes in a file of 20"},
	{"a header of one byte more", append([]byte("\x01\xe1\xf5\x05\x00\x00\x00\x00"), "{}          "...), "a header of 100000001 bytes, at most 100000000"},
	{"7 bytes", make([]byte, 7), "a file of 7 bytes, at least 8 expected"},
	{"no header", make([]byte, 8), "byte 0 of the header: { expected, found the end"},
	{"a header of zeros", file("\x00\x00", 0), `{ expected, found '\x00'`},
	{"zeros behind the header", file("{}\x00", 0), `byte 2 of the header: nothing but white space expected, found '\x00'`},
	{"two headers", file("{}{}", 0), "byte 2 of the header: nothing but white space expected, found '{'"},
	{"a byte order mark", file("\ufeff{}", 0), `{ expected, found '\ufeff'`},
	{"an array", file("[]", 0), "{ expected, found '['"},
	{"null", file("null", 0), "{ expected, found 'n'"},
	{"comma behind the last", file(`{"a":`+byte0+`,}`, 1), "a string expected, found '}'"},
	{"comma missing", file(`{"a":`+byte0+`"b":`+byte1+`}`, 2), `, or } expected, found '"'`},
	{"colon missing", file(`{"a"`+byte0+`}`, 1), ": expected, found '{'"},
	{"a comment", file(`{/**/}`, 0), "a string expected, found '/'"},
	{"single quotes", file(`{'a':1}`, 0), `a string expected, found '\''`},
	{"a tensor that is a number", file(`{"a":1}`, 0), "{ expected, found '1'"},
	{"a tensor that is null", file(`{"a":null}`, 0), "{ expected, found 'n'"},

	{"a name twice", file(`{"a":`+byte0+`,"a":`+byte1+`}`, 2), `tensor "a": occurs twice`},
	{"a name twice, the same tensor", file(`{"a":`+byte0+`,"a":`+byte0+`}`, 1), `tensor "a": occurs twice`},
	{"a name twice, far apart, empty", file(`{"a":`+none0+`,"b":`+none0+`,"a":`+none0+`}`, 0), `tensor "a": occurs twice`},
	{"a name twice, spelt in two ways", file(`{"a":`+byte0+`,"\u0061":`+byte1+`}`, 2), `tensor "a": occurs twice`},
	{"a key twice", file(`{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1), `byte 19 of the header: tensor "a" has dtype twice`},
	{"a shape twice, spelt in two ways", file(`{"a":{"dtype":"U8","shape":[1],"shap\u0065":[1],"data_offsets":[0,1]}}`, 1), `tensor "a" has shape twice`},
	{"offsets twice", file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"data_offsets":[0,1]}}`, 1), `tensor "a" has data_offsets twice`},
	{"an unknown key", file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":0}}`, 1), `byte 52 of the header: tensor "a" has the unknown key "x"`},
	{"a key in another case", file(`{"a":{"Dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1), `tensor "a" has the unknown key "Dtype"`},
	{"a dtype in another case", file(one("i32", "[1]", "[0,4]"), 4), `byte 17 of the header: tensor "test" has the unknown dtype "i32"`},
	{"an unknown dtype", file(one("F8", "[1]", "[0,1]"), 1), `tensor "test" has the unknown dtype "F8"`},
	{"an empty dtype", file(one("", "[1]", "[0,1]"), 1), `tensor "test" has the unknown dtype ""`},
	{"a dtype that is a number", file(`{"a":{"dtype":8,"shape":[1],"data_offsets":[0,1]}}`, 1), "a string expected, found '8'"},

	{"metadata twice", file(`{"__metadata__":{},"__metadata__":{}}`, 0), "byte 19 of the header: __metadata__ occurs twice"},
	{"metadata twice, spelt in two ways", file(`{"__metadata__":{},"\u005f_metadata__":{}}`, 0), "__metadata__ occurs twice"},
	{"metadata with a name twice", file(`{"__metadata__":{"a":"1","\u0061":"1"}}`, 0), `byte 25 of the header: metadata "a" occur twice`},
	{"metadata with a number", file(`{"__metadata__":{"a":1}}`, 0), "byte 21 of the header: a string expected, found '1'"},
	{"metadata with an object", file(`{"__metadata__":{"a":{}}}`, 0), "a string expected, found '{'"},
	{"metadata with null", file(`{"__metadata__":{"a":null}}`, 0), "a string expected, found 'n'"},
	{"metadata that is null", file(`{"__metadata__":null}`, 0), "{ expected, found 'n'"},
	{"metadata that is a tensor", file(`{"__metadata__":`+byte0+`}`, 1), "a string expected, found '['"},

	{"offsets that wrap", file(one("U8", "[18446744073709551612]", "[2,18446744073709551614]"), 16), "more than an int"},
	{"offsets of a small tensor that wrap", file(one("U8", "[4]", "[2,18446744073709551614]"), 16), "data_offsets [2 18446744073709551614] in data of 16 bytes"},
	{"offsets that a 32-bit int wraps", file(one("U8", "[1]", "[4294967296,4294967297]"), 1), "data_offsets [4294967296 4294967297] in data of 1 bytes"},
	{"offsets that a uint64 wraps", file(one("U8", "[1]", "[18446744073709551616,18446744073709551617]"), 1), "byte 50 of the header: a number below 2^64 expected"},
	{"offsets of a thousand digits", file(one("U8", "[1]", "["+strings.Repeat("9", 1000)+",1]"), 1), "a number below 2^64 expected"},
	{"offsets that end before they begin", file(one("U8", "[1]", "[1,0]"), 1), "data_offsets [1 0] end before they begin"},
	{"a hole at the start", file(one("U8", "[1]", "[1,2]"), 2), "data_offsets [1 2] expected to begin at 0"},
	{"a hole in between", file(`{"a":`+byte0+`,"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}`, 3), `tensor "b": data_offsets [2 3] expected to begin at 1`},
	{"an overlap", file(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":`+byte1+`}`, 2), `tensor "b": data_offsets [1 2] expected to begin at 2`},
	{"an empty tensor within another", file(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[0],"data_offsets":[1,1]}}`, 2), `tensor "b": data_offsets [1 1] expected to begin at 2`},
	{"an empty tensor behind the end", file(`{"a":`+byte0+`,"b":{"dtype":"U8","shape":[0],"data_offsets":[9,9]}}`, 1), `tensor "b": data_offsets [9 9] in data of 1 bytes`},
	{"data without a tensor", file("{}", 1), "1 bytes of data behind the last tensor"},
	{"one offset", file(one("U8", "[1]", "[1]"), 1), `byte 49 of the header: tensor "test" has 1 data_offsets, 2 expected`},
	{"three offsets", file(one("U8", "[1]", "[0,1,1]"), 1), "an array of at most 2 numbers expected"},
	{"no array of offsets", file(one("U8", "[1]", `"0,1"`), 1), `[ expected, found '"'`},

	{"a negative dimension", file(one("U8", "[-1]", "[0,1]"), 1), "a whole number expected, found '-'"},
	{"minus zero", file(one("U8", "[-0]", "[0,0]"), 0), "a whole number expected, found '-'"},
	{"a plus sign", file(one("U8", "[+1]", "[0,1]"), 1), "a whole number expected, found '+'"},
	{"a fraction", file(one("U8", "[1.0]", "[0,1]"), 1), "a whole number without point and exponent expected"},
	{"an exponent", file(one("U8", "[1e0]", "[0,1]"), 1), "a whole number without point and exponent expected"},
	{"a leading zero", file(one("U8", "[01]", "[0,1]"), 1), "a number without leading zeros expected"},
	{"a number in hexadecimal", file(one("U8", "[0x1]", "[0,1]"), 1), ", or ] expected, found 'x'"},
	{"a number in a string", file(one("U8", `["1"]`, "[0,1]"), 1), `a whole number expected, found '"'`},
	{"a dimension that is missing", file(one("U8", "[1,]", "[0,1]"), 1), "a whole number expected, found ']'"},
	{"a dimension that is an array", file(one("U8", "[[1]]", "[0,1]"), 1), "a whole number expected, found '['"},
	{"65 dimensions", file(one("U8", "["+strings.Repeat("1,", 64)+"1]", "[0,1]"), 1), "an array of at most 64 numbers expected"},
	{"a shape of 2^66 elements", file(one("U8", "[4294967296,4294967296,4]", "[0,0]"), 0), "more"},
	{"a shape of 2^64 elements, product 0", file(one("U8", "[65536,65536,65536,65536]", "[0,0]"), 0), "more elements than an int counts here"},
	{"a shape of 2^64 elements beside a 0", file(one("U8", "[0,65536,65536,65536,65536]", "[0,0]"), 0), "more elements than an int counts here"},
	{"a shape of 2^63 elements beside a 0", file(one("U8", "[4294967296,2147483648,0]", "[0,0]"), 0), "more"},
	{"a shape of 2^62 elements of 8 bytes", file(one("U64", "[1073741824,1073741824,4]", "[0,0]"), 0), "shape [1073741824 1073741824 4] has "},
	{"6-bit floats that do not fill bytes", file(one("F6_E3M2", "[2]", "[0,1]"), 1), "12 bits of F6_E3M2 do not fill whole bytes"},
	{"a single 4-bit float", file(one("F4", "[]", "[0,1]"), 1), "4 bits of F4 do not fill whole bytes"},

	{"a string without an end", file(`{"a`, 0), "byte 1 of the header: a string without an end"},
	{"a string that ends in an escape", file(`{"a\`, 0), "byte 1 of the header: a string without an end"},
	{"a string that ends in its escaped quote", file(`{"a\"`, 0), "a string without an end"},
	{"a control character", file("{\"a\n\":"+byte0+"}", 1), "byte 3 of the header: a control character"},
	{"an unknown escape", file(`{"\x":`+byte0+`}`, 1), "byte 2 of the header: an unknown escape"},
	{"an escape cut short", file(`{"\u12":`+byte0+`}`, 1), "four hexadecimal digits expected"},
	{"an escape that is no number", file(`{"\u12g4":`+byte0+`}`, 1), "four hexadecimal digits expected"},
	{"an escape with a sign", file(`{"\u+123":`+byte0+`}`, 1), "four hexadecimal digits expected"},
	{"a high surrogate", file(`{"\ud83d":`+byte0+`}`, 1), "byte 2 of the header: half of a surrogate pair"},
	{"a high surrogate and a letter", file(`{"\ud83dabcdef":`+byte0+`}`, 1), "half of a surrogate pair"},
	{"two high surrogates", file(`{"\ud83d\ud83d":`+byte0+`}`, 1), "half of a surrogate pair"},
	{"a low surrogate", file(`{"\ude00\ud83d":`+byte0+`}`, 1), "half of a surrogate pair"},
	{"a surrogate in UTF-8", file("{\"\xed\xa0\x80\":"+byte0+"}", 1), "byte 2 of the header: not UTF-8"},
	{"UTF-8 that is too long", file("{\"\xc0\xaf\":"+byte0+"}", 1), "not UTF-8"},
	{"invalid UTF-8 behind the end", file("{}\xff", 0), "byte 2 of the header: not UTF-8"},
	{"nesting", file(strings.Repeat(`{"a":`, 100_000), 0), "tensor \"a\" has the unknown key \"a\""},
	{"nesting of arrays", file(`{"a":{"shape":`+strings.Repeat("[", 100_000), 0), "a whole number expected, found '['"},
}

func TestVectors(t *testing.T) {
	for _, v := range append(append([]vector{}, reference...), ours...) {
		t.Run(v.name, func(t *testing.T) {
			f, err := bothWays(t, v.file)
			switch {
			case v.want == "" && err != nil:
				t.Error(err)
			case v.want != "" && err == nil:
				t.Errorf("accepted: %+v", f)
			case v.want != "" && !strings.Contains(err.Error(), v.want):
				t.Errorf("%v; want %s", err, v.want)
			}
		})
	}
}

// TestTypes: every type of the format, with the size of 8 of its elements.
func TestTypes(t *testing.T) {
	for dtype, size := range map[string]int{
		"BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8,
		"F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16,
		"I32": 32, "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64,
	} {
		f, err := bothWays(t, file(one(dtype, "[2,4]", "[0,"+strconv.Itoa(size)+"]"), size))
		if err != nil {
			t.Error(err)
		} else if f.Tensors[0].Type != DType(dtype) || len(f.Tensors[0].Data) != size {
			t.Errorf("%s: %+v", dtype, f.Tensors[0])
		}
	}
}
