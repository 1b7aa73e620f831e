package shapefile

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
)

// The limits of a dBASE table.
const (
	maxText    = 254
	maxColumns = 255
	maxName    = 10
	maxRow     = 1<<16 - 1
)

// column is a column of the table.
type column struct {
	feature.Property
	short    string // its name in the table
	kind     byte   // C, N, L
	width    int    // of texts the least; the widest decides
	decimals byte
}

// columnsOf finds a name of ten characters for each property: its first ten, or
// where these are taken its first eight and a number. The same properties always
// get the same names.
func columnsOf(properties []feature.Property) ([]column, error) {
	if len(properties) > maxColumns {
		return nil, fmt.Errorf("%d properties; a dBASE table holds %d", len(properties), maxColumns)
	}
	taken := map[string]bool{}
	columns := make([]column, len(properties))
	for i, p := range properties {
		c := column{Property: p, short: shorten(p.Name, taken), kind: 'C', width: 1}
		switch p.Kind {
		case feature.Integer:
			c.kind, c.width = 'N', 18
		case feature.Number:
			c.kind, c.width, c.decimals = 'N', 24, 15
		case feature.Bool:
			c.kind = 'L'
		}
		columns[i] = c
	}
	return columns, nil
}

func shorten(name string, taken map[string]bool) string {
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, name)
	if plain == "" {
		plain = "field"
	}
	short := plain[:min(maxName, len(plain))]
	for n := 1; taken[strings.ToLower(short)]; n++ {
		end := "_" + strconv.Itoa(n)
		short = plain[:min(maxName-len(end), len(plain))] + end
	}
	taken[strings.ToLower(short)] = true
	return short
}

// appendCell writes a value as the table has it, without the blanks around it,
// and tells whether it had to be cut. Null is nothing.
func appendCell(b []byte, k feature.Kind, v *feature.Value) (cell []byte, cut bool, err error) {
	if format.IsNull(k, v) {
		return b, false, nil
	}
	switch k {
	case feature.Integer:
		cell = strconv.AppendInt(b, v.Int, 10)
		if n := len(cell) - len(b); n > 18 {
			return b, false, fmt.Errorf("%d has %d characters; a whole number in a shapefile has 18", v.Int, n)
		}
		return cell, false, nil
	case feature.Number:
		cell = strconv.AppendFloat(b, v.Number, 'f', -1, 64)
		if len(cell)-len(b) > 24 {
			cell = strconv.AppendFloat(b, v.Number, 'e', -1, 64) // at most 24
		}
		return cell, false, nil
	case feature.Bool:
		if v.Bool {
			return append(b, 'T'), false, nil
		}
		return append(b, 'F'), false, nil
	case feature.Instant:
		return format.AppendInstant(b, v.Int), false, nil
	case feature.List:
		s, cut := fit(format.JoinList(v.List))
		return append(b, s...), cut, nil
	}
	s, cut := fit(v.Text)
	return append(b, s...), cut, nil
}

// fit cuts a text to what a column holds, between two characters. A zero byte,
// which ends a text for many readers, becomes a blank.
func fit(s string) (string, bool) {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", " ")
	if len(s) <= maxText {
		return s, false
	}
	n := maxText
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n], true
}

// tableHeader is the head of a .dbf. Its code page is 0: the .cpg says UTF-8.
func tableHeader(columns []column, rows int, made time.Time) ([]byte, error) {
	size, row := 32+32*len(columns)+1, 1
	b := []byte{3, byte(made.Year() - 1900), byte(made.Month()), byte(made.Day())}
	b = binary.LittleEndian.AppendUint32(b, uint32(rows))
	b = append(b, make([]byte, 24)...)
	for _, c := range columns {
		var field [32]byte
		copy(field[:maxName], c.short)
		field[11], field[16], field[17] = c.kind, byte(c.width), c.decimals
		b = append(b, field[:]...)
		row += c.width
	}
	if row > maxRow {
		return nil, fmt.Errorf("a row has %d bytes; a dBASE table holds %d", row, maxRow)
	}
	binary.LittleEndian.PutUint16(b[8:], uint16(size))
	binary.LittleEndian.PutUint16(b[10:], uint16(row))
	return append(b, '\r'), nil
}
