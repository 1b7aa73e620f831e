package geojson

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"interceptlog/internal/incidents"
)

// object appends members to a JSON object under construction.
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

// str writes a text, and null for an empty one: nobody said.
func (o *object) str(name, s string) {
	o.key(name)
	if s == "" {
		o.b = append(o.b, "null"...)
		return
	}
	o.b = appendString(o.b, s)
}

func (o *object) flag(name string, v bool) {
	o.key(name)
	o.b = strconv.AppendBool(o.b, v)
}

func (o *object) int(name string, n int64) {
	o.key(name)
	o.b = strconv.AppendInt(o.b, n, 10)
}

func (o *object) optInt(name string, n *int) {
	o.key(name)
	if n == nil {
		o.b = append(o.b, "null"...)
		return
	}
	o.b = strconv.AppendInt(o.b, int64(*n), 10)
}

func (o *object) float(name string, x *float64, factor float64) {
	o.key(name)
	if x == nil || math.IsNaN(*x) || math.IsInf(*x, 0) {
		o.b = append(o.b, "null"...)
		return
	}
	v := *x
	if factor != 1 { // a converted value is no finer than a tenth
		v = math.Round(v*factor*10) / 10
	}
	o.b = strconv.AppendFloat(o.b, v, 'f', -1, 64)
}

// time writes an instant as RFC 3339 in UTC; 0 is null.
func (o *object) time(name string, m incidents.Millis) {
	o.key(name)
	if m == 0 || m >= incidents.Forever {
		o.b = append(o.b, "null"...)
		return
	}
	o.instant(m)
}

// period writes the two ends of an interval, or twice null.
func (o *object) period(from, to string, stated bool, i incidents.Interval) {
	for _, end := range [...]struct {
		name string
		at   incidents.Millis
	}{{from, i.From}, {to, i.To}} {
		o.key(end.name)
		if stated {
			o.instant(end.at)
		} else {
			o.b = append(o.b, "null"...)
		}
	}
}

func (o *object) instant(m incidents.Millis) {
	layout := "2006-01-02T15:04:05Z"
	if m%1000 != 0 {
		layout = "2006-01-02T15:04:05.000Z"
	}
	o.b = append(o.b, '"')
	o.b = time.UnixMilli(int64(m)).UTC().AppendFormat(o.b, layout)
	o.b = append(o.b, '"')
}

func (o *object) list(name string, items []string) {
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
