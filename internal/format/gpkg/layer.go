package gpkg

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/geo/crs"
)

var wgs84 = crs.CRS84.WKT

// layer is one table of the file.
type layer struct {
	format.Layer
	w      *writer
	srs    int32
	insert *sql.Stmt
	index  *sql.Stmt // nil: a table without geometry
	extent format.Box
	types  format.Types
	rows   int64
	args   []any
	blob   []byte
}

// columnTypes are what a kind is in the file (OGC 12-128r17 table 1).
var columnTypes = map[feature.Kind]string{
	feature.Text: "TEXT", feature.Integer: "INTEGER", feature.Number: "DOUBLE",
	feature.Bool: "BOOLEAN", feature.Instant: "DATETIME", feature.List: "TEXT",
}

// anyGeometry is the type of a column that may hold every geometry, and so the
// one that a column has until its last row is written.
const anyGeometry = "GEOMETRY"

func newLayer(w *writer, l format.Layer) (*layer, error) {
	cur := &layer{Layer: l, w: w, extent: format.EmptyBox}
	columns := map[string]bool{idColumn: true}
	if l.Geometry != format.None {
		columns[geometryColumn] = true
	}
	for _, p := range l.Properties {
		if err := take(columns, p.Name); err != nil {
			return nil, fmt.Errorf("layer %s: %w", l.Name, err)
		}
	}
	for _, step := range []func() error{cur.register, cur.makeTable, cur.codebook, cur.prepare} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return cur, nil
}

// register names the table, its reference system and its geometry column.
func (l *layer) register() error {
	kind, srs := "attributes", any(nil)
	if l.Geometry != format.None {
		s := l.System()
		if s.EPSG <= 0 || s.WKT == "" {
			return fmt.Errorf("layer %s: its reference system %s has no code or no definition", l.Name, s.URI)
		}
		if err := l.w.exec(addSystem, s.Name, s.EPSG, s.WKT, s.URI); err != nil {
			return err
		}
		kind, srs, l.srs = "features", s.EPSG, int32(s.EPSG)
	}
	title := cmp.Or(l.Title, l.Name)
	if l.w.titles[title] { // identifiers are unique, titles need not be
		title += " (" + l.Name + ")"
	}
	l.w.titles[title] = true
	return l.w.exec(addContents, l.Name, kind, title, l.Description, l.w.changed(), srs)
}

// makeTable makes the table with its foreign keys: from them, others know which
// layers belong together.
func (l *layer) makeTable() error {
	var b strings.Builder
	fmt.Fprintf(&b, `create table %s (%s INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL`, quote(l.Name), quote(idColumn))
	if l.Geometry != format.None {
		fmt.Fprintf(&b, ", %s %s", quote(geometryColumn), anyGeometry)
	}
	for _, p := range l.Properties {
		fmt.Fprintf(&b, ", %s %s", quote(p.Name), columnTypes[p.Kind])
	}
	for _, r := range l.Refs {
		fmt.Fprintf(&b, ", FOREIGN KEY (%s) REFERENCES %s (%s)", quote(r.Property), quote(r.Layer), quote(r.Key))
	}
	b.WriteString(")")
	if err := l.w.exec(b.String()); err != nil {
		return err
	}
	if l.Geometry == format.None {
		return nil
	}
	if err := l.w.exec(addGeometryColumn, l.Name, anyGeometry, l.srs); err != nil {
		return err
	}
	if err := l.w.exec(`create virtual table ` + quote(l.indexName()) + ` using rtree(id, minx, maxx, miny, maxy)`); err != nil {
		return err
	}
	return l.w.exec(addIndex, l.Name)
}

func (l *layer) indexName() string { return "rtree_" + l.Name + "_" + geometryColumn }

// codebook writes what the columns mean. Codes are an enumeration where a value
// is one of them; where it is a list of them, they stand in the description.
func (l *layer) codebook() error {
	for _, p := range l.Properties {
		var mime, constraint any
		if p.Kind == feature.List {
			mime = "application/json"
		}
		if len(p.Codes) > 0 && p.Kind == feature.Text {
			enum := strings.ToLower(l.Name + "_" + p.Name)
			constraint = enum
			for _, code := range p.Codes {
				if err := l.w.exec(addConstraint, enum, code); err != nil {
					return err
				}
			}
		}
		if err := l.w.exec(addColumn, l.Name, p.Name, feature.Words(p.Name), p.About(), mime, constraint); err != nil {
			return err
		}
	}
	return nil
}

func (l *layer) prepare() error {
	n := 1 + len(l.Properties)
	if l.Geometry != format.None {
		n++
	}
	l.args = make([]any, 0, n)
	holes := strings.TrimSuffix(strings.Repeat("?,", n), ",")
	var err error
	if l.insert, err = l.w.conn.PrepareContext(context.Background(), `insert into `+quote(l.Name)+` values (`+holes+`)`); err != nil {
		return fmt.Errorf("make GeoPackage: %w", err)
	}
	if l.Geometry == format.None {
		return nil
	}
	if l.index, err = l.w.conn.PrepareContext(context.Background(), `insert into `+quote(l.indexName())+` values (?,?,?,?,?)`); err != nil {
		return fmt.Errorf("make GeoPackage: %w", err)
	}
	return nil
}

// write writes a row, and its box into the index.
func (l *layer) write(f *feature.Feature) error {
	g, err := format.Check(&l.Layer, f)
	if err != nil {
		return err
	}
	l.rows++
	l.types.Add(g)
	box := format.BoxOf(g)
	args := append(l.args[:0], l.rows)
	if l.Geometry != format.None {
		if g == nil {
			args = append(args, nil)
		} else {
			l.blob = appendGeometry(l.blob[:0], g, box, l.srs)
			args = append(args, l.blob)
		}
	}
	for i := range f.Values {
		args = append(args, value(l.Properties[i].Kind, &f.Values[i]))
	}
	if _, err := l.insert.Exec(args...); err != nil {
		return fmt.Errorf("write feature %q: %w", f.ID, err)
	}
	if box.Empty() {
		return nil
	}
	l.extent.Extend(box)
	if _, err := l.index.Exec(l.rows, box.MinX, box.MaxX, box.MinY, box.MaxY); err != nil {
		return fmt.Errorf("index feature %q: %w", f.ID, err)
	}
	return nil
}

// instant is a DATETIME: RFC 3339, always with thousandths (OGC 12-128r17 table 1).
func instant(ms int64) string {
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z")
}

// value is a value as SQLite has it. Bytes that are no UTF-8 become U+FFFD.
func value(k feature.Kind, v *feature.Value) any {
	if format.IsNull(k, v) {
		return nil
	}
	switch k {
	case feature.Integer:
		return v.Int
	case feature.Number:
		return v.Number
	case feature.Bool:
		return v.Bool
	case feature.Instant:
		return instant(v.Int)
	case feature.List:
		return format.ListJSON(v.List)
	}
	return strings.ToValidUTF8(v.Text, "\uFFFD")
}

// end lets go of the statements.
func (l *layer) end() error {
	for _, s := range []*sql.Stmt{l.insert, l.index} {
		if s != nil {
			if err := s.Close(); err != nil {
				return fmt.Errorf("make GeoPackage: %w", err)
			}
		}
	}
	l.insert, l.index = nil, nil
	return nil
}

// finish writes what is known only after the last row, and the index of the key,
// which takes less time then.
func (l *layer) finish() error {
	if len(l.Key) > 0 {
		var columns []string
		for _, name := range l.Key {
			columns = append(columns, quote(name))
		}
		if err := l.w.exec(`create unique index ` + quote(l.Name+"_key") + ` on ` + quote(l.Name) + ` (` + strings.Join(columns, ", ") + `)`); err != nil {
			return err
		}
	}
	if l.Geometry == format.None {
		return nil
	}
	if !l.extent.Empty() {
		if err := l.w.exec(setExtent, l.Name, l.extent.MinX, l.extent.MinY, l.extent.MaxX, l.extent.MaxY); err != nil {
			return err
		}
	}
	if err := l.narrow(); err != nil {
		return err
	}
	return l.w.exec(triggersOf(l.Name))
}

// narrow says which type of geometry the column holds if it is one, so that a
// map shows one layer and not a question. The type of a column cannot be altered
// in SQLite but in its text; lang_altertable.html §7 says how.
func (l *layer) narrow() error {
	only := strings.ToUpper(l.types.Only(l.Geometry))
	if only == "" {
		return nil
	}
	if err := l.w.exec(setGeometryType, l.Name, only); err != nil {
		return err
	}
	if err := l.w.exec("pragma writable_schema=on"); err != nil {
		return err
	}
	column := quote(geometryColumn) + " "
	if err := l.w.exec(setColumnType, l.Name, column+anyGeometry, column+only); err != nil {
		return err
	}
	return l.w.exec("pragma writable_schema=off")
}
