// Package gpkg writes and reads GeoPackages (OGC 12-128r17, version 1.3): one
// SQLite file with a table for each layer, a spatial index, and the codebook
// beside the data. What a property means is internal/feature's; what is done
// with what is read is the importer's.
package gpkg

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // the driver

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
)

// Format is GeoPackage. A list is JSON text (its mime type stands in
// gpkg_data_columns), an instant a DATETIME. Enumerations are those of the
// schema extension, as of, filter and marking those of the metadata extension.
//
// Rows go to a temporary file, since an index cannot be written in a stream;
// memory does not grow with their number.
var Format = format.Format{
	Ext:       "gpkg",
	MediaType: "application/geopackage+sqlite3",
	Title:     "GeoPackage",
	Layers:    true,
	Begins:    "SQLite format 3\x00",
	New: func(w io.Writer, m format.Meta) format.Writer {
		return &writer{out: w, meta: m, names: map[string]bool{}}
	},
}

// writer builds the file in a folder of its own, so that whatever SQLite puts
// beside it goes with it.
type writer struct {
	out    io.Writer
	meta   format.Meta
	dir    string
	db     *sql.DB
	conn   *sql.Conn // the one connection, inside the one transaction
	names  map[string]bool
	titles map[string]bool
	layers []*layer
}

const fileName = "layers.gpkg"

// open makes the file, once.
func (w *writer) open() error {
	if w.conn != nil {
		return nil
	}
	var err error
	if w.dir, err = os.MkdirTemp("", "gpkg-*"); err != nil {
		return fmt.Errorf("make GeoPackage: %w", err)
	}
	// Nobody reads the file before it is whole, and a cut one is thrown away:
	// nothing is to be rolled back and nothing to be synced.
	q := url.Values{"_pragma": {
		"application_id(" + strconv.Itoa(applicationID) + ")", "user_version(" + strconv.Itoa(version) + ")",
		"journal_mode(off)", "synchronous(off)", "locking_mode(exclusive)", "cache_size(-8000)"}}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.Join(w.dir, fileName)}).EscapedPath(), RawQuery: q.Encode()}
	if w.db, err = sql.Open("sqlite", u.String()); err != nil {
		return fmt.Errorf("make GeoPackage: %w", err)
	}
	if w.conn, err = w.db.Conn(context.Background()); err != nil {
		return fmt.Errorf("make GeoPackage: %w", err)
	}
	w.titles = map[string]bool{}
	if err := w.exec("begin"); err != nil {
		return err
	}
	if err := w.exec(tables); err != nil {
		return err
	}
	return w.exec(addSystem, "WGS 84 geodetic", 4326, wgs84, "longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid")
}

func (w *writer) exec(query string, args ...any) error {
	if _, err := w.conn.ExecContext(context.Background(), query, args...); err != nil {
		return fmt.Errorf("make GeoPackage: %w", err)
	}
	return nil
}

// name is what a table and a column may be called: such a name stands in SQL of
// every program without an escape.
var name = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,62}$`)

// reserved are the beginnings of names that belong to the file itself.
var reserved = []string{"gpkg_", "sqlite_", "rtree_"}

// take checks the name of a table or column and remembers it in seen: SQLite
// does not tell upper from lower case.
func take(seen map[string]bool, s string) error {
	low := strings.ToLower(s)
	if !name.MatchString(s) {
		return fmt.Errorf("%q is no name for a table or column of a GeoPackage: letters a to z, digits and _, at most 63", s)
	}
	for _, r := range reserved {
		if strings.HasPrefix(low, r) {
			return fmt.Errorf("the name %q belongs to the GeoPackage itself", s)
		}
	}
	if seen[low] {
		return fmt.Errorf("the name %q stands twice in a GeoPackage", s)
	}
	seen[low] = true
	return nil
}

// Begin makes the table of a layer.
func (w *writer) Begin(l format.Layer) error {
	if err := w.open(); err != nil {
		return err
	}
	if err := take(w.names, l.Name); err != nil {
		return err
	}
	if err := w.endLayer(); err != nil {
		return err
	}
	cur, err := newLayer(w, l)
	if err != nil {
		return err
	}
	w.layers = append(w.layers, cur)
	return nil
}

// Write writes a row.
func (w *writer) Write(f *feature.Feature) error {
	if len(w.layers) == 0 {
		return format.ErrNoLayer
	}
	return w.layers[len(w.layers)-1].write(f)
}

// endLayer lets go of the statements of the layer that was written last.
func (w *writer) endLayer() error {
	if len(w.layers) == 0 {
		return nil
	}
	return w.layers[len(w.layers)-1].end()
}

// changed is the moment that the file gives for its content.
func (w *writer) changed() string { return instant(w.meta.Made().UnixMilli()) }

// Close writes extents, triggers and metadata, and copies the file to its reader.
func (w *writer) Close() error {
	defer w.Abort()
	if err := w.open(); err != nil {
		return err
	}
	if err := w.endLayer(); err != nil {
		return err
	}
	for _, l := range w.layers {
		if err := l.finish(); err != nil {
			return err
		}
	}
	if err := w.exec(addMetadata, w.meta.JSON()); err != nil {
		return err
	}
	if err := w.exec(addReference, w.changed()); err != nil {
		return err
	}
	if err := w.exec("commit"); err != nil {
		return err
	}
	if err := w.shut(); err != nil {
		return fmt.Errorf("make GeoPackage: %w", err)
	}
	file, err := os.Open(filepath.Join(w.dir, fileName))
	if err != nil {
		return fmt.Errorf("copy GeoPackage: %w", err)
	}
	defer file.Close()
	if _, err := io.Copy(w.out, file); err != nil {
		return fmt.Errorf("copy GeoPackage: %w", err)
	}
	return nil
}

func (w *writer) shut() error {
	if w.db == nil {
		return nil
	}
	var err error
	if w.conn != nil {
		err = w.conn.Close()
	}
	if e := w.db.Close(); err == nil {
		err = e
	}
	w.db, w.conn = nil, nil
	return err
}

// Abort removes the temporary file.
func (w *writer) Abort() {
	_ = w.shut() // what it says is of no more use: the file goes
	if w.dir != "" {
		_ = os.RemoveAll(w.dir)
		w.dir = ""
	}
}
