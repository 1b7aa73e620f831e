package format

import "strings"

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
