// Package shapefile writes and reads shapefiles (ESRI Shapefile Technical
// Description, July 1998, with dBASE III tables) in one ZIP. The format is old
// and narrow; what it cannot hold is written into the ZIP itself, so that nobody
// takes a cut text for the whole one.
package shapefile

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
)

// Format is the shapefile. A set of files (.shp .shx .dbf .prj .cpg) holds one
// type of shape, so a layer becomes as many sets as it has types:
//
//	NAME_points, NAME_multipoints, NAME_lines, NAME_areas  of a Mixed layer
//	NAME_none.dbf                                          its features without geometry
//	NAME, and NAME_multipoints                             of a layer of points
//	NAME                                                   of lines, of areas; NAME.dbf of a table
//
// Sets without features are left out, but never all. Beside them stand
// NAME_fields.csv, which property each column is and what it means, and
// NAME_limits.txt, what was cut, and as of when, by which filter and under which
// marking the file was made.
//
// Text is UTF-8 in at most 254 bytes. Whole numbers are N 18, numbers N 24.15 in
// the shortest form that reads back as the same number, truth values L, instants
// text (RFC 3339), lists text as format.JoinList has it. Null is blank, as is an empty text.
var Format = format.Format{
	Ext:       "shp.zip",
	MediaType: "application/zip",
	Title:     "Shapefile (ZIP)",
	Layers:    true,
	Limits:    "Names of columns have ten characters and texts 254 bytes; points, lines and areas stand in files of their own; no file exceeds 2 GB.",
	Begins:    "PK\x03\x04",
	New:       func(w io.Writer, m format.Meta) format.Writer { return newWriter(w, m) },
}

// maxFile is the size that no file of a set may reach: many programs count bytes
// in 31 bits.
const maxFile = 1<<31 - 1

type writer struct {
	out   io.Writer
	meta  format.Meta
	limit int64  // maxFile; a test has less patience
	dir   string // of the temporary files
	names map[string]bool
	files []string // finished, in the order in which they go into the ZIP
	layer *layer
}

func newWriter(w io.Writer, m format.Meta) *writer {
	return &writer{out: w, meta: m, limit: maxFile, names: map[string]bool{}}
}

// name is what a layer may be called: it becomes the name of files.
var name = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$`)

// Begin begins a layer.
func (w *writer) Begin(l format.Layer) error {
	if !name.MatchString(l.Name) {
		return fmt.Errorf("%q is no name for a shapefile: letters a to z, digits, _ and -, at most 63", l.Name)
	}
	if low := strings.ToLower(l.Name); w.names[low] {
		return fmt.Errorf("the name %q stands twice", l.Name)
	} else {
		w.names[low] = true
	}
	if w.dir == "" {
		var err error
		if w.dir, err = os.MkdirTemp("", "shp-*"); err != nil {
			return fmt.Errorf("make shapefile: %w", err)
		}
	}
	if err := w.endLayer(); err != nil {
		return err
	}
	columns, err := columnsOf(l.Properties)
	if err != nil {
		return fmt.Errorf("layer %s: %w", l.Name, err)
	}
	w.layer = &layer{Layer: l, w: w, columns: columns, cut: make([]int, len(columns))}
	return nil
}

// Write writes a feature into the set of its type.
func (w *writer) Write(f *feature.Feature) error {
	if w.layer == nil {
		return format.ErrNoLayer
	}
	return w.layer.write(f)
}

func (w *writer) endLayer() error {
	if w.layer == nil {
		return nil
	}
	l := w.layer
	w.layer = nil
	return l.end()
}

// save writes one of the small files.
func (w *writer) save(name string, content []byte) error {
	if err := os.WriteFile(filepath.Join(w.dir, name), content, 0o600); err != nil {
		return fmt.Errorf("make shapefile: %w", err)
	}
	w.files = append(w.files, name)
	return nil
}

// Close makes the ZIP. Its directory comes last, so a cut one does not open.
func (w *writer) Close() error {
	defer w.Abort()
	if err := w.endLayer(); err != nil {
		return err
	}
	z := zip.NewWriter(w.out)
	for _, name := range w.files {
		if err := w.pack(z, name); err != nil {
			return fmt.Errorf("pack %s: %w", name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("pack shapefile: %w", err)
	}
	return nil
}

func (w *writer) pack(z *zip.Writer, name string) error {
	file, err := os.Open(filepath.Join(w.dir, name))
	if err != nil {
		return err
	}
	defer file.Close()
	to, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: w.meta.Made()})
	if err != nil {
		return err
	}
	_, err = io.Copy(to, file)
	return err
}

// Abort removes the temporary files.
func (w *writer) Abort() {
	if w.layer != nil {
		w.layer.drop()
		w.layer = nil
	}
	if w.dir != "" {
		_ = os.RemoveAll(w.dir) // nothing can be done about what stays
		w.dir = ""
	}
}

// The types of shapes (page 4).
const (
	nullShape       = 0
	pointShape      = 1
	lineShape       = 3
	polygonShape    = 5
	multipointShape = 8
)

// shapeOf is the type of shape that holds a geometry; an empty one is none.
func shapeOf(g orb.Geometry) (int32, error) {
	if g == nil || format.BoxOf(g).Empty() {
		return nullShape, nil
	}
	switch g.(type) {
	case orb.Point:
		return pointShape, nil
	case orb.MultiPoint:
		return multipointShape, nil
	case orb.LineString, orb.MultiLineString:
		return lineShape, nil
	case orb.Polygon, orb.MultiPolygon:
		return polygonShape, nil
	}
	return 0, fmt.Errorf("a shapefile holds no %s", g.GeoJSONType())
}
