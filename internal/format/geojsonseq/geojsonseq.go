// Package geojsonseq writes and reads features one after the other, without a
// collection around them, so that a reader can begin before a writer has ended:
// GeoJSON Text Sequences (RFC 8142), in which a record separator (0x1E) stands
// before each feature and LF behind it, and the same without the separator, one
// feature a line.
//
// A sequence has no head and no end. The moment, the filter and the marking of
// the whole are in the manifest of the export, and so is the count: no record is
// invented for them, since readers would take it for a feature. A sequence that
// was cut is known by its last record, which is not complete or lacks its LF; if
// it was cut between two records, only by the count.
//
// What a feature looks like is internal/format/geojson's.
package geojsonseq

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/format/geojson"
)

const (
	limits    = "Holds longitude and latitude on WGS 84 only, and no moment, filter or marking of the whole."
	separator = 0x1e // RS, RFC 7464 §2.2
	maxRecord = 64 << 20
)

// Format is GeoJSON Text Sequences (RFC 8142).
var Format = format.Format{Ext: "geojsons", MediaType: "application/geo+json-seq", Title: "GeoJSON text sequence", WGS84: true, Limits: limits,
	New: func(w io.Writer, _ format.Meta) format.Writer {
		return &Writer{out: format.Gathered{W: w}, before: []byte{separator}}
	}}

// Lines is newline-delimited GeoJSON.
var Lines = format.Format{Ext: "geojsonl", MediaType: "application/x-ndjson", Title: "GeoJSON lines", WGS84: true, Limits: limits,
	New: func(w io.Writer, _ format.Meta) format.Writer { return &Writer{out: format.Gathered{W: w}} }}

// Writer streams a layer as a sequence.
type Writer struct {
	out    format.Gathered
	before []byte // each record
	layer  format.Single
}

// Begin begins the layer; nothing is written for it.
func (w *Writer) Begin(l format.Layer) error { return w.layer.BeginWGS84(l) }

// Write writes a feature. It never holds a line break: JSON escapes those of
// texts.
func (w *Writer) Write(f *feature.Feature) error {
	if err := w.layer.Fits(f); err != nil {
		return err
	}
	w.out.Buf = append(geojson.AppendFeatureOf(append(w.out.Buf, w.before...), w.layer.Properties, f), '\n')
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

// Reader reads a sequence of either form, which it tells by the first byte. It
// holds one feature in memory. Lines that are blank are passed over, and the LF
// of the last record may be missing when the record is complete.
type Reader struct {
	r     *bufio.Reader
	end   byte // of a record: 0 as long as the form is not known
	row   int64
	saved []byte
	err   error
}

// NewReader reads from r, which it does not close. A byte order mark is passed
// over.
func NewReader(r io.Reader) *Reader { return &Reader{r: bufio.NewReaderSize(r, 1<<16)} }

// Close does nothing: what r is closed by is its owner's.
func (r *Reader) Close() error { return nil }

// Next gives the next feature. An error is a *format.RowError unless reading
// itself failed, and is given again by every call after it unless More says that
// only the record is bad.
func (r *Reader) Next() (*format.Record, error) {
	if r.err != nil {
		return nil, r.err
	}
	raw, err := r.record()
	var rec *format.Record
	if err == nil {
		r.row++
		rec, err = geojson.ReadFeature(r.row, raw)
		if row := (*format.RowError)(nil); errors.As(err, &row) { // where the record ends is known
			row.More = true
			return nil, err
		}
	}
	r.err = err
	return rec, err
}

// record gives the next record that is not blank.
func (r *Reader) record() ([]byte, error) {
	if r.end == 0 {
		if mark, _ := r.r.Peek(3); string(mark) == "\ufeff" {
			_, _ = r.r.Discard(3)
		}
		r.end = '\n'
		if first, _ := r.r.Peek(1); len(first) == 1 && first[0] == separator {
			r.end = separator
		}
	}
	for {
		raw, err := r.until(r.end)
		if raw = bytes.Trim(raw, " \t\r\n"); len(raw) > 0 && (err == nil || errors.Is(err, io.EOF)) {
			return raw, nil // the end of the file comes again with the next call
		}
		if err != nil {
			return nil, err
		}
	}
}

// until gives what stands before the next byte end.
func (r *Reader) until(end byte) ([]byte, error) {
	r.saved = r.saved[:0]
	for {
		part, err := r.r.ReadSlice(end)
		r.saved = append(r.saved, part...)
		switch {
		case len(r.saved) > maxRecord:
			return nil, &format.RowError{Row: r.row + 1, Msg: fmt.Sprintf("is larger than %d MB, the most that is accepted. Accepted is one feature a record, each behind a record separator (0x1E) or in a line of its own.", maxRecord>>20)}
		case err == nil:
			return r.saved[:len(r.saved)-1], nil
		case errors.Is(err, io.EOF):
			return r.saved, io.EOF
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, fmt.Errorf("read a GeoJSON sequence: %w", err)
		}
	}
}
