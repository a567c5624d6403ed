package safetensors

import (
	"errors"
	"strconv"
	"unicode/utf8"
)

// parser reads the part of JSON that a header is made of: objects, strings and whole
// numbers. What may stand where is fixed by its callers, so nothing here calls itself
// and no input can nest deeper than the format does.
type parser struct {
	text []byte // valid UTF-8
	at   int    // what comes next
}

func (p *parser) fail(at int, what string) error {
	return errors.New("safetensors: byte " + strconv.Itoa(at) + " of the header: " + what)
}

// expected is the error that something else stands where p is.
func (p *parser) expected(what string) error {
	found := "the end"
	if p.at < len(p.text) {
		r, _ := utf8.DecodeRune(p.text[p.at:])
		found = strconv.QuoteRune(r)
	}
	return p.fail(p.at, what+" expected, found "+found)
}

// peek skips white space and returns the byte that follows, 0 at the end.
func (p *parser) peek() byte {
	for ; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// accept skips white space, and c, which is not 0, if it follows.
func (p *parser) accept(c byte) bool {
	if p.peek() != c {
		return false
	}
	p.at++
	return true
}

// object reads an object. It calls value with the place and the text of each key, to
// read the key's value.
func (p *parser) object(value func(at int, key []byte) error) error {
	if !p.accept('{') {
		return p.expected("{")
	}
	if p.accept('}') {
		return nil
	}
	for {
		p.peek()
		at := p.at
		key, err := p.str()
		if err != nil {
			return err
		}
		if !p.accept(':') {
			return p.expected(":")
		}
		if err := value(at, key); err != nil {
			return err
		}
		if p.accept('}') {
			return nil
		}
		if !p.accept(',') {
			return p.expected(", or }")
		}
	}
}

// numbers reads an array of whole numbers into dst, and returns how many they are.
func (p *parser) numbers(dst []uint64) (n int, err error) {
	if !p.accept('[') {
		return 0, p.expected("[")
	}
	if p.accept(']') {
		return 0, nil
	}
	for {
		p.peek()
		if n == len(dst) {
			return 0, p.fail(p.at, "an array of at most "+strconv.Itoa(len(dst))+" numbers expected")
		}
		if dst[n], err = p.number(); err != nil {
			return 0, err
		}
		n++
		if p.accept(']') {
			return n, nil
		}
		if !p.accept(',') {
			return 0, p.expected(", or ]")
		}
	}
}

// number reads a whole number from 0 to 2^64-1, in the one way to write it.
func (p *parser) number() (uint64, error) {
	p.peek()
	start := p.at
	for p.at < len(p.text) && p.text[p.at]-'0' <= 9 {
		p.at++
	}
	text := p.text[start:p.at]
	if len(text) == 0 {
		return 0, p.expected("a whole number")
	}
	if text[0] == '0' && len(text) > 1 {
		return 0, p.fail(start, "a number without leading zeros expected")
	}
	if p.at < len(p.text) {
		switch p.text[p.at] {
		case '.', 'e', 'E':
			return 0, p.fail(start, "a whole number without point and exponent expected")
		}
	}
	const most = 20 // digits of 2^64-1
	if len(text) <= most {
		if n, err := strconv.ParseUint(string(text), 10, 64); err == nil {
			return n, nil
		}
	}
	return 0, p.fail(start, "a number below 2^64 expected")
}

// str reads a string. What it returns is part of the header unless there are escapes.
func (p *parser) str() ([]byte, error) {
	if p.peek() != '"' {
		return nil, p.expected("a string")
	}
	start := p.at + 1
	escaped := false
	for i := start; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '"':
			p.at = i + 1
			if !escaped {
				return p.text[start:i], nil
			}
			return p.unescape(start, i)
		case c == '\\':
			escaped = true
			i++
		case c < ' ':
			return nil, p.fail(i, "a control character in a string, which must be written with \\")
		}
	}
	return nil, p.fail(p.at, "a string without an end")
}

// unescape returns what the string text[i:end], which does not end within an escape,
// stands for. That is never longer.
func (p *parser) unescape(i, end int) ([]byte, error) {
	out := make([]byte, 0, end-i)
	for i < end {
		c := p.text[i]
		if c != '\\' {
			out = append(out, c)
			i++
			continue
		}
		at := i
		c = p.text[i+1]
		i += 2
		switch c {
		case '"', '\\', '/':
			out = append(out, c)
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r, ok := hex4(p.text[i:end])
			if !ok {
				return nil, p.fail(at, "four hexadecimal digits expected behind \\u")
			}
			i += 4
			if 0xd800 <= r && r < 0xdc00 && end-i >= 6 && p.text[i] == '\\' && p.text[i+1] == 'u' {
				if low, ok := hex4(p.text[i+2 : end]); ok && 0xdc00 <= low && low < 0xe000 {
					r = 0x10000 + (r-0xd800)<<10 + (low - 0xdc00)
					i += 6
				}
			}
			if !utf8.ValidRune(r) {
				return nil, p.fail(at, "half of a surrogate pair")
			}
			out = utf8.AppendRune(out, r)
		default:
			return nil, p.fail(at, "an unknown escape")
		}
	}
	return out, nil
}

// hex4 returns the number that text begins with, four digits long.
func hex4(text []byte) (r rune, ok bool) {
	if len(text) < 4 {
		return 0, false
	}
	for _, c := range text[:4] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// appendString appends s, which is valid UTF-8, as JSON. It escapes what must be.
func appendString(buf []byte, s string) []byte {
	const hex = "0123456789abcdef"
	buf = append(buf, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			buf = append(buf, '\\', c)
		case c >= ' ':
			buf = append(buf, c)
		case c == '\b':
			buf = append(buf, `\b`...)
		case c == '\f':
			buf = append(buf, `\f`...)
		case c == '\n':
			buf = append(buf, `\n`...)
		case c == '\r':
			buf = append(buf, `\r`...)
		case c == '\t':
			buf = append(buf, `\t`...)
		default:
			buf = append(buf, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(buf, '"')
}
