package format

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"interceptlog/internal/feature"
)

// IsNull says whether a value of a kind is nothing; a number that is not finite
// is, since hardly any format can hold it.
func IsNull(k feature.Kind, v *feature.Value) bool {
	return v.Null || k == feature.Number && !feature.Finite(v.Number)
}

// AppendInstant writes milliseconds since 1970 as RFC 3339 in UTC, with
// thousandths only where there are some.
func AppendInstant(dst []byte, ms int64) []byte {
	layout := "2006-01-02T15:04:05Z"
	if ms%1000 != 0 {
		layout = "2006-01-02T15:04:05.000Z"
	}
	return time.UnixMilli(ms).UTC().AppendFormat(dst, layout)
}

// JoinList writes a list of texts into one cell, for the formats that have no
// lists: a semicolon between the items, and a backslash before each semicolon
// and each backslash within one. A list of one empty text reads as no list.
func JoinList(items []string) string {
	if len(items) == 1 && !strings.ContainsAny(items[0], `;\`) {
		return items[0]
	}
	var b strings.Builder
	for i, s := range items {
		if i > 0 {
			b.WriteByte(';')
		}
		for _, c := range []byte(s) {
			if c == ';' || c == '\\' {
				b.WriteByte('\\')
			}
			b.WriteByte(c)
		}
	}
	return b.String()
}

// SplitList reads what JoinList wrote. A backslash at the end, which JoinList
// never leaves alone, stands for itself.
func SplitList(cell string) []string {
	if cell == "" {
		return nil
	}
	var out []string
	var item []byte
	for i := 0; i < len(cell); i++ {
		switch c := cell[i]; {
		case c == '\\' && i+1 < len(cell):
			i++
			item = append(item, cell[i])
		case c == ';':
			out, item = append(out, string(item)), item[:0]
		default:
			item = append(item, c)
		}
	}
	return append(out, string(item))
}

// ListJSON is a list of texts as a JSON array; no list is an empty one.
func ListJSON(items []string) string {
	if len(items) == 0 {
		return "[]"
	}
	return compactJSON(items)
}

// compactJSON writes a value for readers that are no page: < and & stay as they are.
func compactJSON(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // texts into memory: cannot fail
	return strings.TrimSuffix(b.String(), "\n")
}
