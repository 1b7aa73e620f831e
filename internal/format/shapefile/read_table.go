package shapefile

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"

	"interceptlog/internal/format"
)

// field is a column of a table that is read.
type field struct {
	name     string // the property
	list     bool
	kind     byte
	width    int
	decimals byte
}

// table reads a .dbf from its beginning to its end.
type table struct {
	in     *bufio.Reader
	fields []field
	rows   uint32 // that are still to come
	row    []byte
	decode func([]byte) (string, error)
}

// maxReadColumns is how many columns a table may have that is read: programs
// write more than dBASE allows.
const maxReadColumns = 2048

func openTable(in *bufio.Reader, page string, names map[string]property) (*table, error) {
	var head [32]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return nil, errors.New("the head is cut")
	}
	t := &table{in: in, rows: binary.LittleEndian.Uint32(head[4:])}
	size, row := int(binary.LittleEndian.Uint16(head[8:])), int(binary.LittleEndian.Uint16(head[10:]))
	var err error
	if t.decode, err = decoder(page, head[29]); err != nil {
		return nil, err
	}
	if t.rows > format.MaxRows {
		return nil, fmt.Errorf("%d rows, more than %d", t.rows, format.MaxRows)
	}
	read, width, seen := 32, 1, map[string]bool{}
	for {
		mark, err := in.Peek(1)
		if err != nil {
			return nil, errors.New("the head is cut")
		}
		if mark[0] == '\r' {
			break
		}
		var raw [32]byte
		if _, err := io.ReadFull(in, raw[:]); err != nil {
			return nil, errors.New("the head is cut")
		}
		f, err := fieldOf(raw, t.decode, names)
		if err != nil {
			return nil, err
		}
		if t.fields = append(t.fields, f); len(t.fields) > maxReadColumns {
			return nil, fmt.Errorf("more than %d columns", maxReadColumns)
		}
		if seen[f.name] {
			return nil, fmt.Errorf("two columns are called %q", f.name)
		}
		seen[f.name] = true
		read += 32
		width += f.width
	}
	if width > row || size <= read {
		return nil, fmt.Errorf("the head says %d bytes a row, its columns have %d", row, width)
	}
	if _, err := io.CopyN(io.Discard, in, int64(size-read)); err != nil {
		return nil, errors.New("the head is cut")
	}
	t.row = make([]byte, row)
	return t, nil
}

func fieldOf(raw [32]byte, decode func([]byte) (string, error), names map[string]property) (field, error) {
	short, _, _ := strings.Cut(string(raw[:11]), "\x00")
	name, err := decode([]byte(short))
	if err != nil {
		return field{}, fmt.Errorf("the name of a column: %w", err)
	}
	f := field{name: strings.TrimSpace(name), kind: raw[11], width: int(raw[16]), decimals: raw[17]}
	if p, ok := names[f.name]; ok {
		f.name, f.list = p.name, p.list && f.kind == 'C'
	}
	switch f.kind {
	case 'C':
		f.width += int(f.decimals) << 8 // long texts, as Clipper and FoxPro have them
	case 'N', 'F', 'L':
	case 'D':
		if f.width != 8 {
			return field{}, fmt.Errorf("%s is a date of %d characters", f.name, f.width)
		}
	default:
		return field{}, fmt.Errorf("%s is of type %q, which is not read; text, numbers, dates and truth values are", f.name, f.kind)
	}
	return f, nil
}

// next gives the values of the next row; nil is a deleted one. io.EOF comes after
// as many rows as the head says, and where the end is marked.
func (t *table) next() (map[string]any, error) {
	if t.rows == 0 {
		return nil, io.EOF
	}
	t.rows--
	if mark, err := t.in.Peek(1); err == nil && mark[0] == 0x1a {
		return nil, io.EOF
	}
	if _, err := io.ReadFull(t.in, t.row); err != nil {
		return nil, errNoRows
	}
	switch t.row[0] {
	case '*':
		return nil, nil
	case ' ':
	default:
		return nil, fmt.Errorf("it begins with %q, not with a blank or *", t.row[0])
	}
	values := make(map[string]any, len(t.fields))
	rest := t.row[1:]
	for i := range t.fields {
		f := &t.fields[i]
		v, err := f.value(rest[:f.width], t.decode)
		if err != nil {
			return nil, &format.RowError{Field: f.name, Msg: err.Error()}
		}
		values[f.name] = v
		rest = rest[f.width:]
	}
	return values, nil
}

// value reads a cell; a blank one is nil, or the empty list.
func (f *field) value(raw []byte, decode func([]byte) (string, error)) (any, error) {
	if f.kind == 'C' {
		s, err := decode([]byte(strings.TrimRight(string(raw), " \x00")))
		if err != nil {
			return nil, err
		}
		return f.text(s), nil
	}
	s := strings.Trim(string(raw), " \x00")
	if s == "" {
		return nil, nil
	}
	switch f.kind {
	case 'L':
		switch s {
		case "T", "t", "Y", "y":
			return true, nil
		case "F", "f", "N", "n":
			return false, nil
		case "?":
			return nil, nil
		}
		return nil, fmt.Errorf("%q is no truth value", s)
	case 'D':
		if s == "00000000" {
			return nil, nil
		}
		d, err := time.Parse("20060102", s)
		if err != nil {
			return nil, fmt.Errorf("%q is no date", s)
		}
		return d.Format(time.DateOnly), nil
	}
	return f.number(s)
}

func (f *field) text(s string) any {
	if f.list {
		list := []any{}
		for _, item := range format.SplitList(s) {
			list = append(list, item)
		}
		return list
	}
	if s == "" {
		return nil
	}
	return s
}

func (f *field) number(s string) (any, error) {
	if strings.Trim(s, "*") == "" { // it did not fit
		return nil, nil
	}
	if f.kind == 'N' && f.decimals == 0 {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return n, nil
		}
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) || strings.ContainsAny(s, "xX_pP") {
		return nil, fmt.Errorf("%q is no number", s)
	}
	return x, nil
}

// pages are the code pages that the head of a table itself may name.
var pages = map[byte]encoding.Encoding{0x03: charmap.Windows1252, 0x57: charmap.Windows1252, 0x58: charmap.Windows1252, 0x59: charmap.Windows1252,
	0x01: charmap.CodePage437, 0x02: charmap.CodePage850, 0x26: charmap.CodePage866, 0x65: charmap.CodePage866, 0x64: charmap.CodePage852,
	0xc8: charmap.Windows1250, 0xc9: charmap.Windows1251, 0xca: charmap.Windows1254, 0xcb: charmap.Windows1253, 0xcc: charmap.Windows1257}

// decoder gives texts as UTF-8: by the .cpg, else by the head of the table. Where
// neither says anything, what is UTF-8 is, and everything else Windows-1252.
func decoder(page string, language byte) (func([]byte) (string, error), error) {
	page = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(page, "\ufeff")))
	switch page {
	case "utf-8", "utf8", "65001":
		return asUTF8, nil
	case "":
		if e := pages[language]; e != nil {
			return by(e), nil
		}
		return func(b []byte) (string, error) {
			if utf8.Valid(b) {
				return string(b), nil
			}
			return by(charmap.Windows1252)(b)
		}, nil
	}
	digits := strings.TrimLeft(page, "abcdefghijklmnopqrstuvwxyz -_")
	for _, name := range []string{page, "windows-" + digits, "ibm" + digits, "iso-8859-" + strings.TrimPrefix(strings.TrimPrefix(digits, "8859"), "-")} {
		if e, err := htmlindex.Get(name); err == nil {
			return by(e), nil
		}
	}
	return nil, fmt.Errorf("the code page %q is not known", page)
}

func asUTF8(b []byte) (string, error) {
	if !utf8.Valid(b) {
		return "", fmt.Errorf("%q is no UTF-8", b)
	}
	return string(b), nil
}

func by(e encoding.Encoding) func([]byte) (string, error) {
	return func(b []byte) (string, error) {
		out, err := e.NewDecoder().Bytes(b)
		return string(out), err
	}
}
