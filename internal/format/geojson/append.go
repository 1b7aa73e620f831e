package geojson

import (
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/incidents"
)

// object appends members to a JSON object under construction. It is a
// feature.Sink.
type object struct {
	b     []byte
	first bool
}

func (o *object) key(name string) {
	if !o.first {
		o.b = append(o.b, ',')
	}
	o.first = false
	o.b = append(o.b, '"')
	o.b = append(o.b, name...) // names are ours: nothing to escape
	o.b = append(o.b, '"', ':')
}

// Text writes a text, and null for an empty one: nobody said.
func (o *object) Text(name, s string) {
	o.key(name)
	if s == "" {
		o.null()
		return
	}
	o.b = appendString(o.b, s)
}

func (o *object) null() { o.b = append(o.b, "null"...) }

// Bool writes true or false.
func (o *object) Bool(name string, v bool) {
	o.key(name)
	o.b = strconv.AppendBool(o.b, v)
}

// Int writes a whole number.
func (o *object) Int(name string, n int64, known bool) {
	o.key(name)
	if !known {
		o.null()
		return
	}
	o.b = strconv.AppendInt(o.b, n, 10)
}

// Number writes a number without an exponent.
func (o *object) Number(name string, x float64, known bool) {
	o.key(name)
	if !known {
		o.null()
		return
	}
	o.b = strconv.AppendFloat(o.b, x, 'f', -1, 64)
}

// Time writes an instant as RFC 3339 in UTC.
func (o *object) Time(name string, m incidents.Millis, known bool) {
	o.key(name)
	if !known {
		o.null()
		return
	}
	o.b = append(format.AppendInstant(append(o.b, '"'), int64(m)), '"')
}

// List writes a list of texts.
func (o *object) List(name string, items []string) {
	o.key(name)
	o.b = append(o.b, '[')
	for i, s := range items {
		if i > 0 {
			o.b = append(o.b, ',')
		}
		o.b = appendString(o.b, s)
	}
	o.b = append(o.b, ']')
}

// Date writes a time no finer than it is known.
func (o *object) Date(name string, m incidents.Moment) {
	o.key(name)
	if m.IsZero() {
		o.null()
		return
	}
	o.b = append(feature.AppendDate(append(o.b, '"'), m), '"')
}

// Aircraft writes the names of aircraft.
func (o *object) Aircraft(name string, list []incidents.Aircraft) {
	o.key(name)
	o.b = append(o.b, '[')
	n := 0
	for _, a := range list {
		name := feature.NameOf(a)
		if name == "" {
			continue
		}
		if n++; n > 1 {
			o.b = append(o.b, ',')
		}
		o.b = appendString(o.b, name)
	}
	o.b = append(o.b, ']')
}

// any writes a nested value of the full profile.
func (o *object) any(name string, v any) error {
	o.key(name)
	raw, err := json.Marshal(v)
	o.b = append(o.b, raw...)
	return err
}

const hex = "0123456789abcdef"

// appendString writes a JSON string (RFC 8259 §7); bytes that are no UTF-8
// become U+FFFD.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= 0x20 && c != '"' && c != '\\' {
				i++
				continue
			}
			b = append(b, s[start:i]...)
			switch c {
			case '"', '\\':
				b = append(b, '\\', c)
			case '\n':
				b = append(b, '\\', 'n')
			case '\t':
				b = append(b, '\\', 't')
			case '\r':
				b = append(b, '\\', 'r')
			default:
				b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			}
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			b = append(b, s[start:i]...)
			b = append(b, "�"...)
			i++
			start = i
			continue
		}
		i += size
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}
