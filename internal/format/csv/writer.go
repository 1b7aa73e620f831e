package csv

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/formula"
)

// Format is CSV (RFC 4180).
var Format = format.Format{Ext: "csv", MediaType: "text/csv; charset=utf-8; header=present", Title: "CSV table",
	Limits: "A table holds no reference system, no moment, no filter and no marking of the whole, and a list is one text.",
	New:    func(w io.Writer, m format.Meta) format.Writer { return NewWriter(w, m) }}

// Writer streams a layer as a table.
type Writer struct {
	out   format.Gathered
	layer format.Single
}

// NewWriter gives a writer that writes to w. A table has no place for the meta.
func NewWriter(w io.Writer, _ format.Meta) *Writer {
	return &Writer{out: format.Gathered{W: w}}
}

// Begin writes the header. Two columns of one name are an error.
func (w *Writer) Begin(l format.Layer) error {
	if err := w.layer.Begin(l); err != nil {
		return err
	}
	seen := map[string]bool{}
	for i, c := range l.Columns() {
		if seen[c.Name] {
			return fmt.Errorf("layer %q has two columns %q", l.Name, c.Name)
		}
		seen[c.Name] = true
		w.out.Buf = appendText(comma(w.out.Buf, i), c.Name)
	}
	w.out.Buf = append(w.out.Buf, '\r', '\n')
	return nil
}

// Write writes a row.
func (w *Writer) Write(f *feature.Feature) error {
	if err := w.layer.Fits(f); err != nil {
		return err
	}
	b := w.out.Buf
	for i := range f.Values {
		b = appendValue(comma(b, i), w.layer.Properties[i].Kind, &f.Values[i])
	}
	if w.layer.Geometry != format.None {
		b = appendGeometry(comma(b, len(f.Values)), f.Geometry)
	}
	w.out.Buf = append(b, '\r', '\n')
	return w.out.Pass()
}

// Close writes the rest.
func (w *Writer) Close() error {
	if err := w.layer.Begun(); err != nil {
		return err
	}
	return w.out.Flush()
}

// Abort does nothing: there are no temporary files.
func (w *Writer) Abort() {}

func comma(b []byte, i int) []byte {
	if i > 0 {
		return append(b, ',')
	}
	return b
}

func appendValue(b []byte, k feature.Kind, v *feature.Value) []byte {
	if format.IsNull(k, v) {
		return b
	}
	switch k {
	case feature.Integer:
		return strconv.AppendInt(b, v.Int, 10)
	case feature.Number:
		return strconv.AppendFloat(b, v.Number, 'f', -1, 64)
	case feature.Bool:
		return strconv.AppendBool(b, v.Bool)
	case feature.Instant:
		return format.AppendInstant(b, v.Int)
	case feature.List:
		if len(v.List) == 0 {
			return b
		}
		return appendText(b, format.JoinList(v.List))
	}
	return appendText(b, v.Text)
}

// appendGeometry writes the three cells of a geometry.
func appendGeometry(b []byte, g orb.Geometry) []byte {
	if g == nil {
		return append(b, ',', ',')
	}
	b = append(appendQuoted(b, wkt.MarshalString(g)), ',')
	if p, ok := g.(orb.Point); ok {
		b = strconv.AppendFloat(b, p[0], 'f', -1, 64)
		return strconv.AppendFloat(append(b, ','), p[1], 'f', -1, 64)
	}
	return append(b, ',')
}

// appendText writes a text so that it is never a formula.
func appendText(b []byte, s string) []byte {
	return appendQuoted(b, formula.Defuse(s))
}

// appendQuoted writes a cell, in quotation marks where it needs them: also where
// a separator of other tables, or a space at an end, could be lost. Bytes that
// are no UTF-8 become U+FFFD.
func appendQuoted(b []byte, s string) []byte {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	if s != "" && !strings.ContainsAny(s, ",;\t\"\r\n") && s[0] != ' ' && s[len(s)-1] != ' ' {
		return append(b, s...)
	}
	b = append(b, '"')
	for i := range len(s) {
		if s[i] == '"' {
			b = append(b, '"')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
}
