package csv

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/formula"
)

// Mapping says what the columns of a table are. The zero Mapping reads what
// Writer writes, with every property a text.
type Mapping struct {
	// Properties give the columns of their names a kind. A column of another
	// name, an Instant included, gives a text; a List gives []any.
	Properties []feature.Property
	// Names gives a column of the file the name of a property; a column that it
	// lacks keeps its own.
	Names map[string]string
	// WKT, Longitude, Latitude and ID are columns of the file. Empty:
	// geometry_wkt, longitude, latitude, id. A table may lack them.
	WKT, Longitude, Latitude, ID string
	// Separator is a comma, a semicolon or a tab; 0: found in the first line.
	Separator byte
}

const (
	maxPositions = 1_000_000
	maxDepth     = 32  // of collections in collections
	maxDegrees   = 1e9 // of a coordinate in WKT: what no place has
)

// Reader reads a table. It holds one row in memory. It refuses a header that has
// a name twice or not, a row that has not as many cells as the header, and
// coordinates in metres. Blank lines are passed over.
type Reader struct {
	cells   *cells
	mapping Mapping
	columns []column
	err     error
}

// column is what a column is for.
type column struct {
	name string // in the file
	as   string // the property; empty: geometry alone
	kind feature.Kind
	id   bool
	role role
}

type role uint8

const (
	value role = iota
	inWKT
	inLongitude
	inLatitude
)

// NewReader reads from r, which it does not close: UTF-8 with or without a byte
// order mark, or UTF-16 with one; lines end with CR LF or LF. In what it gives,
// Row counts the header as 1, as a spreadsheet shows it.
func NewReader(r io.Reader, m Mapping) *Reader {
	return &Reader{cells: newCells(r, m.Separator), mapping: m}
}

// Close does nothing: what r is closed by is its owner's.
func (r *Reader) Close() error { return nil }

// Next gives the next row. An error is a *format.RowError unless reading itself
// failed, and is given again by every call after it unless More says that only
// the row is bad.
func (r *Reader) Next() (*format.Record, error) {
	if r.err != nil {
		return nil, r.err
	}
	rec, err := r.next()
	var row *format.RowError
	if err != nil && !errors.Is(err, io.EOF) && !errors.As(err, &row) {
		err = fmt.Errorf("read CSV: %w", err)
	}
	if row == nil || !row.More {
		r.err = err
	}
	return rec, err
}

// Header gives the names of the columns as the file has them. It may be asked
// before the first Next.
func (r *Reader) Header() ([]string, error) {
	if r.columns == nil && r.err == nil {
		r.err = r.header()
	}
	var names []string
	for _, c := range r.columns {
		names = append(names, c.name)
	}
	return names, r.err
}

func (r *Reader) next() (*format.Record, error) {
	if r.columns == nil {
		if err := r.header(); err != nil {
			return nil, err
		}
	}
	for {
		row, err := r.cells.next()
		if err != nil {
			return nil, err
		}
		if len(row) == 1 && row[0] == (cell{}) && len(r.columns) > 1 {
			continue // a blank line
		}
		if len(row) != len(r.columns) {
			return nil, &format.RowError{Row: r.cells.row, More: true, Msg: fmt.Sprintf("has %d cells, the header has %d. Accepted are as many as there.", len(row), len(r.columns))}
		}
		return r.record(row)
	}
}

// header reads the first row and says what each column is for.
func (r *Reader) header() error {
	row, err := r.cells.next()
	if errors.Is(err, io.EOF) {
		return &format.RowError{Msg: "the file is empty. Accepted is a table whose first row names its columns."}
	}
	if err != nil {
		return err
	}
	m := &r.mapping
	kinds := map[string]feature.Kind{}
	for _, p := range m.Properties {
		kinds[p.Name] = p.Kind
	}
	roles := map[string]role{cmp.Or(m.WKT, format.ColumnWKT): inWKT, cmp.Or(m.Longitude, format.ColumnLongitude): inLongitude, cmp.Or(m.Latitude, format.ColumnLatitude): inLatitude}
	seen := map[string]bool{}
	for i, c := range row {
		name := strings.TrimSpace(formula.Restore(c.text))
		as := cmp.Or(m.Names[name], name)
		switch {
		case name == "":
			return r.cells.fail(fmt.Sprintf("column %d has no name. Accepted is a name for each column.", i+1))
		case seen[as]:
			return &format.RowError{Row: 1, Field: name, Msg: "stands twice in the header. Accepted is each name once."}
		}
		seen[as] = true
		r.columns = append(r.columns, column{name, as, kinds[as], name == cmp.Or(m.ID, "id"), roles[name]})
	}
	return r.checkGeometry(seen)
}

// checkGeometry refuses a header whose geometry cannot be read.
func (r *Reader) checkGeometry(seen map[string]bool) error {
	var has [inLatitude + 1]string
	for _, c := range r.columns {
		has[c.role] = c.name
	}
	switch {
	case (has[inLongitude] == "") != (has[inLatitude] == ""):
		return &format.RowError{Row: 1, Field: has[inLongitude] + has[inLatitude], Msg: "stands alone. Accepted are longitude and latitude together."}
	case r.mapping.WKT == "" && has[inWKT] != "" && has[inLongitude] == "" && seen[format.ColumnEasting] && seen[format.ColumnNorthing]:
		return &format.RowError{Row: 1, Field: has[inWKT], Msg: "is in metres, as the columns easting and northing say. Accepted are longitude and latitude on WGS 84."}
	}
	return nil
}

func (r *Reader) record(row []cell) (*format.Record, error) {
	rec := &format.Record{Row: r.cells.row, Properties: make(map[string]any, len(row))}
	var point [2]string
	for i, c := range r.columns {
		text := strings.TrimSpace(row[i].text)
		var err error
		switch {
		case c.role == value:
			if c.id {
				rec.ID = formula.Restore(row[i].text)
			}
			rec.Properties[c.as], err = c.read(row[i], r.at(c.name, row[i].text))
		case c.role != inWKT:
			point[c.role-inLongitude] = text
		case text != "":
			rec.Geometry, err = readWKT(text, r.at(c.name, text))
		}
		if err != nil {
			return nil, err
		}
	}
	if rec.Geometry != nil || point == [2]string{} {
		return rec, nil
	}
	p, err := r.point(point)
	rec.Geometry = p
	return rec, err
}

// at makes the errors of a cell.
func (r *Reader) at(field, text string) func(string) error {
	return func(msg string) error {
		return &format.RowError{Row: r.cells.row, Field: field, Value: strings.TrimSpace(text), Msg: msg, More: true}
	}
}

// point reads the cells of longitude and latitude, which count where there is no
// geometry_wkt.
func (r *Reader) point(text [2]string) (p orb.Point, err error) {
	for axis, limit := range [2]float64{180, 90} {
		name := [2]string{cmp.Or(r.mapping.Longitude, format.ColumnLongitude), cmp.Or(r.mapping.Latitude, format.ColumnLatitude)}[axis]
		x, ok := number(text[axis])
		if !ok || math.Abs(x) > limit {
			is := "is not accepted"
			if text[axis] == "" {
				is = "is empty"
			}
			return p, r.at(name, text[axis])(fmt.Sprintf("%s. Accepted are degrees from -%v to %v, as 54.25; or longitude and latitude both empty.", is, limit, limit))
		}
		p[axis] = x
	}
	return p, nil
}

// read gives the value of a cell.
func (c *column) read(in cell, fail func(string) error) (any, error) {
	if in.text == "" {
		if in.quoted && c.kind == feature.Text {
			return "", nil
		}
		if c.kind == feature.List {
			return []any{}, nil
		}
		return nil, nil
	}
	switch text := strings.TrimSpace(in.text); c.kind {
	case feature.Integer:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n, nil
		}
		return nil, fail("is no whole number. Accepted is 42.")
	case feature.Number:
		if x, ok := number(text); ok {
			return x, nil
		}
		return nil, fail("is no number. Accepted is 54.25.")
	case feature.Bool:
		if yes := strings.EqualFold(text, "true"); yes || strings.EqualFold(text, "false") {
			return yes, nil
		}
		return nil, fail("is neither true nor false.")
	case feature.List:
		out := []any{}
		for _, s := range format.SplitList(formula.Restore(in.text)) {
			out = append(out, s)
		}
		return out, nil
	}
	return formula.Restore(in.text), nil
}

// number reads a finite number in digits.
func number(text string) (float64, bool) {
	if strings.Trim(text, "0123456789+-.eE") != "" {
		return 0, false
	}
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil
}

// readWKT reads a geometry; an empty point is none.
func readWKT(text string, fail func(string) error) (orb.Geometry, error) {
	depth, most := 0, 0
	for i := range len(text) {
		switch text[i] {
		case '(':
			depth++
			most = max(most, depth)
		case ')':
			depth--
		}
	}
	switch {
	case most > maxDepth:
		return nil, fail(fmt.Sprintf("is nested deeper than %d, the most that is accepted.", maxDepth))
	case strings.Count(text, ",") >= maxPositions:
		return nil, fail(fmt.Sprintf("has more than %d positions, the most that is accepted.", maxPositions))
	case strings.EqualFold(text, "POINT EMPTY"):
		return nil, nil
	}
	g, err := wkt.Unmarshal(text)
	if err != nil {
		return nil, fail("is not accepted. Accepted is Well-Known Text in two dimensions, longitude first, as POINT (18.5 57.25).")
	}
	if !inDegrees(g) {
		return nil, fail("holds a number that is no degree. Accepted are longitude and latitude.")
	}
	return g, nil
}

// inDegrees says whether no coordinate is beyond what any place has, or no
// number at all.
func inDegrees(g orb.Geometry) bool {
	switch g := g.(type) {
	case orb.Point:
		return math.Abs(g[0]) <= maxDegrees && math.Abs(g[1]) <= maxDegrees
	case orb.MultiPoint:
		return all(g)
	case orb.LineString:
		return all(g)
	case orb.Ring:
		return all(g)
	case orb.MultiLineString:
		return all(g)
	case orb.Polygon:
		return all(g)
	case orb.MultiPolygon:
		return all(g)
	case orb.Collection:
		return all(g)
	}
	return false
}

func all[G orb.Geometry](parts []G) bool {
	for _, p := range parts {
		if !inDegrees(p) {
			return false
		}
	}
	return true
}
