package gpkg

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"modernc.org/sqlite"
	code "modernc.org/sqlite/lib"

	"interceptlog/internal/format"
)

// The limits of a file that is read.
const (
	maxCell    = 64 << 20 // bytes of a value
	maxColumns = 1000
	maxSQL     = 1 << 20 // bytes of a statement, those of the file's own schema among them
	maxLayers  = 1000
)

// Reader reads one layer of a GeoPackage. It is a format.Reader.
//
// The file is somebody else's, so nothing in it is run: it is opened for reading
// only, as one that nobody writes, and what it brings along in SQL (views,
// triggers, computed columns) is not read. Columns of binary values are left out.
type Reader struct {
	db     *sql.DB
	conn   *sql.Conn
	rows   *sql.Rows
	fields []column
	row    []any // pointers into cells
	cells  []any
	most   int64 // rows that the file has room for
	line   int64
	source format.Source
	failed error
}

var _ format.Reader = (*Reader)(nil)

// column is a column that is read.
type column struct {
	name     string
	geometry bool
	key      bool // the primary key, which is no property
	truth    bool // declared as BOOLEAN
	json     bool // text of the type application/json, such as a list
}

// Open opens a layer of a GeoPackage by its name; without one the file must hold
// one layer. Close when done.
func Open(path, layer string) (*Reader, error) {
	r, err := open(path, layer)
	if err != nil {
		return nil, fmt.Errorf("open GeoPackage: %w", err)
	}
	return r, nil
}

func open(path, layer string) (*Reader, error) {
	size, err := whole(path)
	if err != nil {
		return nil, err
	}
	path, err = filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	q := url.Values{"mode": {"ro"}, "immutable": {"1"}, "_pragma": {"trusted_schema(0)", "query_only(1)", "cell_size_check(1)", "mmap_size(0)", "cache_size(-8000)", "temp_store(memory)"}}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}
	r := &Reader{most: min(size/4, format.MaxRows)}
	if r.db, err = sql.Open("sqlite", u.String()); err != nil {
		return nil, err
	}
	for _, step := range []func() error{r.limit, func() error { return r.choose(layer) }, r.columns, r.system, r.begin} {
		if err := step(); err != nil {
			_ = r.Close() // read only
			return nil, err
		}
	}
	return r, nil
}

// whole looks at the head of the file (https://www.sqlite.org/fileformat.html
// §1.3): a file that has less pages than it says was cut.
func whole(path string) (size int64, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	if !info.Mode().IsRegular() {
		return 0, errors.New("it is no file")
	}
	var head [100]byte
	if _, err := io.ReadFull(file, head[:]); err != nil || string(head[:16]) != "SQLite format 3\x00" {
		return 0, errors.New("it is no GeoPackage: not a SQLite file")
	}
	page := int64(head[16])<<8 | int64(head[17])
	if page == 1 {
		page = 1 << 16
	}
	pages := int64(head[28])<<24 | int64(head[29])<<16 | int64(head[30])<<8 | int64(head[31])
	counted := string(head[24:28]) == string(head[92:96]) // else the number of pages is not kept
	if counted && info.Size() < page*pages {
		return 0, fmt.Errorf("the file is cut: %d bytes, it says %d", info.Size(), page*pages)
	}
	return info.Size(), nil
}

// limit takes the one connection and bounds what a statement may cost.
func (r *Reader) limit() error {
	var err error
	if r.conn, err = r.db.Conn(context.Background()); err != nil {
		return err
	}
	for id, n := range map[int]int{code.SQLITE_LIMIT_LENGTH: maxCell, code.SQLITE_LIMIT_SQL_LENGTH: maxSQL, code.SQLITE_LIMIT_COLUMN: maxColumns,
		code.SQLITE_LIMIT_ATTACHED: 0, code.SQLITE_LIMIT_WORKER_THREADS: 0} {
		if _, err := sqlite.Limit(r.conn, id, n); err != nil {
			return err
		}
	}
	return nil
}

// each runs a query and gives its rows one after the other.
func (r *Reader) each(fn func(scan func(...any) error) error, query string, args ...any) error {
	rows, err := r.conn.QueryContext(context.Background(), query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// choose finds the layers and takes the one that is asked for.
func (r *Reader) choose(layer string) error {
	if !r.isTable("gpkg_contents") {
		return errors.New("it is no GeoPackage: it has no table of contents")
	}
	err := r.each(func(scan func(...any) error) error {
		var name string
		if err := scan(&name); err != nil {
			return err
		}
		r.source.Layers = append(r.source.Layers, name)
		return nil
	}, `select table_name from gpkg_contents where data_type in ('features', 'attributes') order by rowid limit $1`, maxLayers)
	if err != nil {
		return fmt.Errorf("the table of contents: %w", err)
	}
	switch {
	case len(r.source.Layers) == 0:
		return errors.New("it holds no layer")
	case layer == "" && len(r.source.Layers) > 1:
		return fmt.Errorf("it holds several layers, name one: %s", strings.Join(r.source.Layers, ", "))
	case layer == "":
		layer = r.source.Layers[0]
	case !slices.Contains(r.source.Layers, layer):
		return fmt.Errorf("it holds no layer %q, but %s", layer, strings.Join(r.source.Layers, ", "))
	}
	r.source.Layer = layer
	if !r.isTable(layer) {
		return fmt.Errorf("layer %q is no table; only tables are read", layer)
	}
	return nil
}

// columns finds those that are read, and what they are.
func (r *Reader) columns() error {
	var geometry string
	if r.isTable("gpkg_geometry_columns") {
		err := r.conn.QueryRowContext(context.Background(), `select column_name from gpkg_geometry_columns where table_name = $1`, r.source.Layer).Scan(&geometry)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	isJSON := map[string]bool{}
	if r.isTable("gpkg_data_columns") {
		err := r.each(func(scan func(...any) error) error {
			var name string
			if err := scan(&name); err != nil {
				return err
			}
			isJSON[strings.ToLower(name)] = true
			return nil
		}, `select column_name from gpkg_data_columns where table_name = $1 and mime_type = 'application/json'`, r.source.Layer)
		if err != nil {
			return err
		}
	}
	return r.each(func(scan func(...any) error) error {
		var name, kind string
		var key, hidden int
		if err := scan(&name, &kind, &key, &hidden); err != nil {
			return err
		}
		c := column{name: name, geometry: geometry != "" && strings.EqualFold(name, geometry), key: key > 0, truth: strings.EqualFold(kind, "BOOLEAN"), json: isJSON[strings.ToLower(name)]}
		if hidden != 0 || !c.geometry && strings.HasPrefix(strings.ToUpper(kind), "BLOB") {
			return nil
		}
		r.fields = append(r.fields, c)
		if !c.geometry && !c.key {
			r.source.Fields = append(r.source.Fields, name)
		}
		return nil
	}, `select name, type, pk, hidden from pragma_table_xinfo($1)`, r.source.Layer)
}

// isTable tells whether there is an ordinary table of that name. Asking a view
// would run whatever it says.
func (r *Reader) isTable(name string) bool {
	var kind string
	err := r.conn.QueryRowContext(context.Background(), `select type from pragma_table_list where schema = 'main' and lower(name) = lower($1)`, name).Scan(&kind)
	return err == nil && kind == "table"
}

// WGS 84 with heights, which are not read, and without.
const (
	withHeight = 4979
	flat       = 4326
)

// system reads the reference system of the geometries.
func (r *Reader) system() error {
	if !slices.ContainsFunc(r.fields, func(c column) bool { return c.geometry }) {
		return nil
	}
	if !r.isTable("gpkg_spatial_ref_sys") {
		return errors.New("it has no table of reference systems")
	}
	var organisation string
	var number int
	err := r.conn.QueryRowContext(context.Background(), `select organization, organization_coordsys_id, definition from gpkg_spatial_ref_sys
		where srs_id = (select srs_id from gpkg_geometry_columns where table_name = $1)`, r.source.Layer).Scan(&organisation, &number, &r.source.WKT)
	if err != nil {
		return fmt.Errorf("the reference system of layer %q: %w", r.source.Layer, err)
	}
	if strings.EqualFold(organisation, "EPSG") {
		r.source.EPSG = number
	}
	if r.source.EPSG == withHeight {
		r.source.EPSG = flat
	}
	if r.source.WKT == "undefined" {
		r.source.WKT = ""
	}
	return nil
}

// begin asks for the rows. The plus before a column takes away its declared type,
// by which the driver would turn texts into times.
func (r *Reader) begin() error {
	var b strings.Builder
	for i, c := range r.fields {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("+" + quote(c.name))
	}
	if b.Len() == 0 {
		return fmt.Errorf("layer %q has no columns", r.source.Layer)
	}
	r.cells, r.row = make([]any, len(r.fields)), make([]any, len(r.fields))
	for i := range r.cells {
		r.row[i] = &r.cells[i]
	}
	var err error
	r.rows, err = r.conn.QueryContext(context.Background(), `select `+b.String()+` from `+quote(r.source.Layer))
	return err
}

// Source says what is read.
func (r *Reader) Source() format.Source { return r.source }

// Next gives the next row.
func (r *Reader) Next() (*format.Record, error) {
	if r.failed != nil {
		return nil, r.failed
	}
	rec, err := r.next()
	if row := (*format.RowError)(nil); err != nil && !(errors.As(err, &row) && row.More) {
		r.failed = err
	}
	return rec, err
}

func (r *Reader) next() (*format.Record, error) {
	r.line++
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return nil, r.fail("", err)
		}
		return nil, io.EOF
	}
	if r.line > r.most {
		return nil, r.fail("", fmt.Errorf("there are more rows than %d", r.most))
	}
	if err := r.rows.Scan(r.row...); err != nil {
		return nil, r.fail("", err)
	}
	rec := &format.Record{Row: r.line, Properties: make(map[string]any, len(r.fields))}
	for i, c := range r.fields {
		var err error
		switch v := r.cells[i]; {
		case c.geometry:
			rec.Geometry, err = geometryOf(v)
		case c.key:
			rec.ID = fmt.Sprint(v)
		default:
			rec.Properties[c.name], err = c.value(v)
		}
		if err != nil {
			return nil, &format.RowError{Row: r.line, Field: c.name, Msg: err.Error(), More: true}
		}
	}
	if id, ok := rec.Properties["id"].(string); ok && id != "" {
		rec.ID = id
	}
	return rec, nil
}

// fail says in which row and field.
func (r *Reader) fail(field string, err error) error {
	return &format.RowError{Row: r.line, Field: field, Msg: err.Error()}
}

// value is a cell as a record has it.
func (c *column) value(v any) (any, error) {
	switch x := v.(type) {
	case nil:
		return nil, nil
	case int64:
		if c.truth && (x == 0 || x == 1) {
			return x == 1, nil
		}
		return x, nil
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, errors.New("it is no finite number")
		}
		return x, nil
	case string:
		if !utf8.ValidString(x) {
			return nil, errors.New("it is no UTF-8")
		}
		if !c.json {
			return x, nil
		}
		var v any
		if err := json.Unmarshal([]byte(x), &v); err != nil {
			return nil, fmt.Errorf("it is no JSON: %w", err)
		}
		return v, nil
	case []byte:
		return nil, errors.New("it is a binary value")
	}
	return nil, fmt.Errorf("it is a %T", v)
}

// Close closes the file.
func (r *Reader) Close() error {
	if r.rows != nil {
		_ = r.rows.Close() // read only
	}
	if r.conn != nil {
		_ = r.conn.Close()
	}
	return r.db.Close()
}
