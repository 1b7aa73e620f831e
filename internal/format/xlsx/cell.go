package xlsx

import (
	"fmt"
	"strconv"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/xuri/excelize/v2"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
)

// maxWhole is up to where Excel, which has floating point alone, holds each
// whole number.
const maxWhole = 1 << 53

// firstDate is the first day that Excel counts rightly: it has a 29 February
// 1900. lastDate is the first that it has not.
var (
	firstDate = time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	lastDate  = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
)

// value gives what a cell holds; nil is an empty one.
func (w *Writer) value(s *sheet, k feature.Kind, v *feature.Value) any {
	if format.IsNull(k, v) {
		return nil
	}
	switch k {
	case feature.Integer:
		if v.Int > maxWhole || v.Int < -maxWhole {
			return strconv.FormatInt(v.Int, 10)
		}
		return v.Int
	case feature.Number:
		return v.Number
	case feature.Bool:
		return v.Bool
	case feature.Instant:
		if v.Int < firstDate || v.Int >= lastDate {
			return string(format.AppendInstant(nil, v.Int))
		}
		return excelize.Cell{StyleID: w.date, Value: time.UnixMilli(v.Int).UTC()}
	case feature.List:
		if len(v.List) == 0 {
			return nil
		}
		return s.text(format.JoinList(v.List))
	}
	return s.text(v.Text)
}

// text gives a text that fits into a cell.
func (s *sheet) text(t string) string {
	if len(t) <= excelize.TotalCellChars { // bytes: no text has more characters
		return t
	}
	units := utf16Len(t)
	if units <= excelize.TotalCellChars {
		return t
	}
	s.cut++
	note := fmt.Sprintf(" … (cut: %d characters)", units)
	return shorten(t, excelize.TotalCellChars-utf16Len(note)) + note
}

// geometry gives the three cells of a geometry.
func (s *sheet) geometry(cells []any, g orb.Geometry) []any {
	if g == nil {
		return append(cells, nil, nil, nil)
	}
	cells = append(cells, s.text(wkt.MarshalString(g)))
	if p, ok := g.(orb.Point); ok {
		return append(cells, p[0], p[1])
	}
	return append(cells, nil, nil)
}

// utf16Len counts characters as Excel does.
func utf16Len(s string) (n int) {
	for _, r := range s {
		n += utf16Units(r)
	}
	return n
}

func utf16Units(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// shorten gives the beginning of a text, at most so many characters of Excel's.
func shorten(s string, units int) string {
	for i, r := range s {
		if units -= utf16Units(r); units < 0 {
			return s[:i]
		}
	}
	return s
}
