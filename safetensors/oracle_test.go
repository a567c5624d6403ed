package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"
)

// oracle is another reader of the format, by encoding/json and math/big. It returns the
// shapes by name, and whether the file keeps the rules.
func oracle(data []byte) (shapes map[string][]int, ok bool) {
	if len(data) < 8 {
		return nil, false
	}
	n := binary.LittleEndian.Uint64(data)
	if n > 100_000_000 || n > uint64(len(data)-8) {
		return nil, false
	}
	header, data := data[8:8+n], data[8+n:]
	if !utf8.Valid(header) || !json.Valid(header) || halfPair(header) {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(header))
	d.UseNumber()
	top, ok := decode(d).(object)
	if !ok || !top.unique() {
		return nil, false
	}
	shapes = map[string][]int{}
	var places [][2]uint64
	for _, entry := range top {
		o, ok := entry.value.(object)
		if !ok || !o.unique() {
			return nil, false
		}
		if entry.key == "__metadata__" {
			for _, text := range o {
				if _, ok := text.value.(string); !ok {
					return nil, false
				}
			}
			continue
		}
		shape, place, ok := o.tensor()
		if !ok {
			return nil, false
		}
		shapes[entry.key] = shape
		places = append(places, place)
	}
	slices.SortFunc(places, func(a, b [2]uint64) int { return slices.Compare(a[:], b[:]) })
	end := uint64(0)
	for _, place := range places {
		if place[0] != end {
			return nil, false
		}
		end = place[1]
	}
	return shapes, end == uint64(len(data))
}

// halfPair reports whether half of a surrogate pair stands alone in valid JSON, which
// encoding/json lets pass.
func halfPair(header []byte) bool {
	high := -1 // where a high half ended
	for _, at := range escapes.FindAllIndex(header, -1) {
		escape := bytes.ToLower(header[at[0]:at[1]])
		surrogate := len(escape) == 6 && escape[2] == 'd' && escape[3] >= '8'
		low := surrogate && escape[3] >= 'c'
		if high >= 0 && at[0] != high || low != (high >= 0) {
			return true
		}
		high = -1
		if surrogate && !low {
			high = at[1]
		}
	}
	return high >= 0
}

var escapes = regexp.MustCompile(`\\(u....|.)`)

// object is a JSON object with all its keys, in order.
type object []struct {
	key   string
	value any
}

func (o object) unique() bool {
	seen := map[string]bool{}
	for _, pair := range o {
		if seen[pair.key] {
			return false
		}
		seen[pair.key] = true
	}
	return true
}

// decode reads a value of valid JSON.
func decode(d *json.Decoder) any {
	token, err := d.Token()
	if err != nil {
		panic(err)
	}
	switch token {
	case json.Delim('{'):
		o := object{}
		for d.More() {
			key, _ := d.Token()
			o = append(o, object{{key.(string), decode(d)}}...)
		}
		d.Token()
		return o
	case json.Delim('['):
		a := []any{}
		for d.More() {
			a = append(a, decode(d))
		}
		d.Token()
		return a
	}
	return token
}

var widths = map[string]int64{
	"BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8,
	"F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16,
	"I32": 32, "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64,
}

func (o object) tensor() (shape []int, place [2]uint64, ok bool) {
	values := map[string]any{}
	for _, pair := range o {
		values[pair.key] = pair.value
	}
	dtype, isText := values["dtype"].(string)
	dims, isArray := values["shape"].([]any)
	ends, areArray := values["data_offsets"].([]any)
	if len(o) != 3 || !isText || widths[dtype] == 0 || !isArray || !areArray || len(dims) > 64 || len(ends) != 2 {
		return nil, place, false
	}
	elements, empty := big.NewInt(1), false
	for _, dim := range dims {
		n, ok := whole(dim)
		if !ok || n > math.MaxInt {
			return nil, place, false
		}
		shape = append(shape, int(n))
		if n == 0 {
			empty = true
		} else {
			elements.Mul(elements, big.NewInt(int64(n)))
		}
	}
	for i := range place {
		if place[i], ok = whole(ends[i]); !ok {
			return nil, place, false
		}
	}
	if elements.Cmp(big.NewInt(math.MaxInt)) > 0 {
		return nil, place, false
	}
	if empty {
		return shape, place, place[0] == place[1]
	}
	// The bits from begin to end, which is negative if they are in the wrong order.
	size := new(big.Int).SetUint64(place[1])
	size.Sub(size, new(big.Int).SetUint64(place[0])).Lsh(size, 3)
	return shape, place, size.Cmp(elements.Mul(elements, big.NewInt(widths[dtype]))) == 0
}

var plain = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)

// whole returns a number that is from 0 to 2^64-1 and written as such.
func whole(value any) (uint64, bool) {
	number, ok := value.(json.Number)
	if !ok || !plain.MatchString(number.String()) {
		return 0, false
	}
	n, err := strconv.ParseUint(number.String(), 10, 64)
	return n, err == nil
}
