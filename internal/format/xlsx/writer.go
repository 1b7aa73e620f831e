package xlsx

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/incidents"
)

// Format is an Excel workbook.
var Format = format.Format{Ext: "xlsx", MediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Title: "Excel workbook", Layers: true,
	Limits: "A layer of more than 1,048,575 rows goes on in a second sheet; texts have up to 32,767 characters (longer ones are cut and say so), whole numbers to 2^53 and times from March 1900; a list is one text.",
	Begins: "PK\x03\x04",
	New:    func(w io.Writer, m format.Meta) format.Writer { return NewWriter(w, m) }}

const (
	maxRows   = excelize.TotalRows // the header is one of them
	aboutName = "about"
	dateShown = "yyyy-mm-dd hh:mm"
)

// Writer writes layers as sheets of a workbook.
type Writer struct {
	w      io.Writer
	meta   format.Meta
	file   *excelize.File
	head   int // style of the first row
	date   int // style of times
	used   map[string]bool
	sheets []*sheet
	err    error
	closed bool
}

// sheet is one that has been begun.
type sheet struct {
	name   string
	layer  format.Layer
	stream *excelize.StreamWriter
	row    int  // the last that was written
	more   bool // it goes on with the layer of the sheet before
	cut    int  // texts that were too long
	cells  []any
}

// NewWriter gives a writer that writes to w when it is closed.
func NewWriter(w io.Writer, m format.Meta) *Writer {
	out := &Writer{w: w, meta: m, file: excelize.NewFile(), used: map[string]bool{aboutName: true}}
	shown := dateShown
	var err, err2 error
	out.head, err = out.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	out.date, err2 = out.file.NewStyle(&excelize.Style{CustomNumFmt: &shown})
	out.err = errors.Join(err, err2)
	return out
}

// Begin begins a sheet.
func (w *Writer) Begin(l format.Layer) error {
	if w.err != nil {
		return w.err
	}
	if err := w.end(); err != nil {
		return err
	}
	s := &sheet{name: w.sheetName(l.Name), layer: l}
	if err := w.add(s, len(w.sheets) == 0); err != nil {
		return fmt.Errorf("begin sheet %q: %w", s.name, err)
	}
	w.sheets = append(w.sheets, s)
	var header []any
	for _, c := range s.layer.Columns() {
		header = append(header, excelize.Cell{StyleID: w.head, Value: c.Name})
	}
	if len(header) > excelize.MaxColumns {
		return fmt.Errorf("layer %q has %d columns; a sheet holds %d", l.Name, len(header), excelize.MaxColumns)
	}
	if len(header) > 0 {
		if err := s.stream.SetColWidth(1, len(header), 18); err != nil {
			return err
		}
	}
	s.row = 1
	return s.stream.SetRow("A1", header)
}

// add makes the sheet of a workbook, its first row frozen and the marking at the
// head of each printed page.
func (w *Writer) add(s *sheet, first bool) (err error) {
	if first {
		err = w.file.SetSheetName("Sheet1", s.name)
	} else {
		_, err = w.file.NewSheet(s.name)
	}
	if err != nil {
		return err
	}
	if s.stream, err = w.file.NewStreamWriter(s.name); err != nil {
		return err
	}
	if m := strings.ReplaceAll(w.meta.Marking, "&", "&&"); m != "" && len(m) < 200 { // a header holds 255 characters
		if err := w.file.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{OddHeader: "&C" + m, OddFooter: "&C&A, &P / &N"}); err != nil {
			return err
		}
	}
	return s.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// sheetName makes of a layer's name one that Excel allows and that no sheet has.
func (w *Writer) sheetName(layer string) string {
	clean := strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) || r < ' ' || r == utf8.RuneError {
			return '_'
		}
		return r
	}, layer), " ")
	if clean == "" {
		clean = "layer"
	}
	for n := 1; ; n++ {
		name := shorten(clean, 31)
		if n > 1 {
			end := fmt.Sprintf(" (%d)", n)
			name = shorten(clean, 31-len(end)) + end
		}
		if key := strings.ToLower(name); !w.used[key] { // Excel ignores case
			w.used[key] = true
			return name
		}
	}
}

// Write writes a row.
func (w *Writer) Write(f *feature.Feature) error {
	if len(w.sheets) == 0 {
		return format.ErrNoLayer
	}
	s := w.sheets[len(w.sheets)-1]
	if err := s.layer.Fits(f); err != nil {
		return err
	}
	if s.row == maxRows {
		if err := w.Begin(s.layer); err != nil {
			return err
		}
		s = w.sheets[len(w.sheets)-1]
		s.more = true
	}
	s.row++
	s.cells = s.cells[:0]
	for i := range f.Values {
		s.cells = append(s.cells, w.value(s, s.layer.Properties[i].Kind, &f.Values[i]))
	}
	if s.layer.Geometry != format.None {
		s.cells = s.geometry(s.cells, f.Geometry)
	}
	cell, err := excelize.CoordinatesToCellName(1, s.row)
	if err != nil {
		return err
	}
	return s.stream.SetRow(cell, s.cells)
}

// end ends the sheet that was begun last, with a filter over its columns.
func (w *Writer) end() error {
	if len(w.sheets) == 0 {
		return nil
	}
	s := w.sheets[len(w.sheets)-1]
	if n := len(s.layer.Columns()); n > 0 {
		corner, err := excelize.CoordinatesToCellName(n, s.row)
		if err != nil {
			return err
		}
		if err := w.file.AutoFilter(s.name, "A1:"+corner, nil); err != nil {
			return err
		}
	}
	return s.stream.Flush()
}

// Close writes the workbook.
func (w *Writer) Close() error {
	switch {
	case w.err != nil:
		return w.err
	case len(w.sheets) == 0:
		return format.ErrNoLayer
	}
	err := w.end()
	if err == nil {
		err = w.about()
	}
	if err == nil {
		made := incidents.FormatInstant(w.meta.AsOf) // so that the same log gives the same file
		err = w.file.SetDocProps(&excelize.DocProperties{Creator: "Intercept Log", LastModifiedBy: "Intercept Log", Title: w.sheets[0].layer.Title,
			Keywords: w.meta.Marking, Created: made, Modified: made})
	}
	if err == nil {
		// Given a writer of its own, the library would gather the file in memory.
		zip := newArchive(w.w)
		w.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip })
		err = w.file.Write(io.Discard)
		zip.discard()
	}
	w.closed = err == nil
	return errors.Join(err, w.file.Close())
}

// Abort removes the temporary files.
func (w *Writer) Abort() {
	if !w.closed {
		_ = w.file.Close() // what cannot be removed is the system's to clear
	}
}
