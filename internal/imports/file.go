package imports

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"interceptlog/internal/fault"
	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/format/csv"
	"interceptlog/internal/format/geojson"
	"interceptlog/internal/format/geojsonseq"
	"interceptlog/internal/format/gpkg"
	"interceptlog/internal/format/shapefile"
	"interceptlog/internal/geo/crs"
)

// Formats are the endings of the files that are read.
var Formats = []string{"geojson", "geojsons", "geojsonl", "csv", "gpkg", "shp.zip"}

// endings say which format a file has by how its name ends.
var endings = []struct{ ending, format string }{
	{".geojson", "geojson"}, {".json", "geojson"}, {".geojsons", "geojsons"}, {".geojsonl", "geojsonl"},
	{".csv", "csv"}, {".tsv", "csv"}, {".gpkg", "gpkg"}, {".shp.zip", "shp.zip"}, {".zip", "shp.zip"},
}

// FormatOf tells the format by the name of a file; empty where the name does not
// say.
func FormatOf(name string) string {
	name = strings.ToLower(name)
	for _, e := range endings {
		if strings.HasSuffix(name, e.ending) {
			return e.format
		}
	}
	return ""
}

// Properties gives the properties of a collection that files are read into;
// ok is false for any but incidents and contacts.
func Properties(collection string) (list []feature.Property, ok bool) {
	switch collection {
	case "incidents":
		return feature.IncidentProperties, true
	case "contacts":
		return feature.ContactProperties, true
	}
	return nil, false
}

// File is a file to be read.
type File struct {
	Name       string            // as the report shows it
	Path       string            // where it is
	Format     string            // one of Formats
	Layer      string            // of a GeoPackage or a ZIP; empty: the only one, or that of the collection
	Collection string            // incidents or contacts
	Columns    map[string]string // of the file → a property, or longitude, latitude, geometry_wkt of a CSV; "" leaves it out. Others keep their name
}

// places are what a column of a CSV can be beside a property.
var places = []string{"longitude", "latitude", "geometry_wkt"}

// source is an open file.
type source struct {
	format.Reader
	table   bool     // its cells have no types of their own
	columns []string // all that there are; nil: known only row by row
	system  *crs.System
	close   func() error
	read    func() int64 // bytes so far; nil: not known
	size    int64
}

// counted counts what is read through it.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// open opens the file. An error that is no fault of kind Internal says what is
// wrong with the file.
func (f *File) open() (*source, error) {
	s := &source{close: func() error { return nil }, system: crs.CRS84}
	var src format.Source
	switch f.Format {
	case "gpkg":
		r, err := layered(f, gpkg.Open)
		if err != nil {
			return nil, f.unreadable(err)
		}
		s.Reader, s.close, src, s.table = r, r.Close, r.Source(), true
	case "shp.zip":
		r, err := layered(f, shapefile.Open)
		if err != nil {
			return nil, f.unreadable(err)
		}
		s.Reader, s.close, src, s.table = r, r.Close, r.Source(), true
	case "geojson", "geojsons", "geojsonl", "csv":
		return f.openStream()
	default:
		return nil, &fault.Error{Kind: fault.Invalid, Msg: "The file cannot be read.", Fields: []fault.Field{{Name: "format", Msg: fmt.Sprintf("“%s” is no format; accepted: %s.", f.Format, strings.Join(Formats, ", "))}}}
	}
	s.columns = src.Fields
	if src.EPSG == 0 && src.WKT == "" {
		return s, nil
	}
	for _, sys := range crs.All() {
		if sys.EPSG == src.EPSG {
			s.system = sys
			return s, nil
		}
	}
	_ = s.close() // read only
	var codes []string
	for _, sys := range crs.All()[1:] {
		codes = append(codes, fmt.Sprintf("EPSG:%d", sys.EPSG))
	}
	return nil, f.unreadable(fmt.Errorf("its reference system is not known here (EPSG code %d). Accepted are %s", src.EPSG, strings.Join(codes, ", ")))
}

// layered opens a layer: the one that is named, the only one, or the one that is
// called as the collection.
func layered[R any](f *File, open func(path, layer string) (R, error)) (R, error) {
	r, err := open(f.Path, f.Layer)
	if err != nil && f.Layer == "" {
		if again, aerr := open(f.Path, f.Collection); aerr == nil {
			return again, nil
		}
	}
	return r, err
}

// unreadable is a file that is not what it should be.
func (f *File) unreadable(err error) error {
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission) {
		return fault.Wrap(fault.NotFound, "A file cannot be read: "+f.Name, err)
	}
	var row *format.RowError
	if errors.As(err, &row) {
		return row
	}
	return &format.RowError{Msg: strings.TrimSuffix(err.Error(), ".") + "."}
}

func (f *File) openStream() (*source, error) {
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, "A file cannot be read: "+f.Name, err)
	}
	c := &counted{r: file}
	s := &source{close: file.Close, system: crs.CRS84, read: func() int64 { return c.n }}
	if info, err := file.Stat(); err == nil {
		s.size = info.Size()
	}
	switch f.Format {
	case "geojson":
		s.Reader = geojson.NewReader(c)
	case "csv":
		r := csv.NewReader(c, f.mapping())
		s.Reader, s.table = r, true
		if s.columns, err = r.Header(); err != nil {
			_ = file.Close() // read only
			return nil, f.unreadable(err)
		}
	default:
		s.Reader = geojsonseq.NewReader(c)
	}
	return s, nil
}

// mapping tells the reader of a CSV which columns are the position. The rest is
// named in row, as for every format.
func (f *File) mapping() csv.Mapping {
	var m csv.Mapping
	for place, column := range map[string]*string{"longitude": &m.Longitude, "latitude": &m.Latitude, "geometry_wkt": &m.WKT} {
		if as, ok := f.Columns[place]; ok && as != place {
			*column = "\x00" // not the one of that name
		}
		for from, as := range f.Columns {
			if as == place {
				*column = from
			}
		}
	}
	return m
}

// as is what a column of the file is: a property, a place, or "" for nothing.
func (f *File) as(column string) string {
	if as, ok := f.Columns[column]; ok {
		return as
	}
	return column
}

// column is the one that a property was read from.
func (f *File) column(property string) string {
	for from, as := range f.Columns {
		if as == property {
			return from
		}
	}
	return property
}

// wrongColumns says what is wrong with the columns of a file, or with what was
// said of them.
func (f *File) wrongColumns(s *source) []format.RowError {
	properties, _ := Properties(f.Collection)
	var wrong []format.RowError
	known := func(name string) bool {
		return name == "" || name == "reason" || f.Format == "csv" && slices.Contains(places, name) ||
			slices.ContainsFunc(properties, func(p feature.Property) bool { return p.Name == name })
	}
	row, taken := int64(0), map[string]string{}
	if f.Format == "csv" {
		row = 1
	}
	add := func(column, msg string) {
		wrong = append(wrong, format.RowError{Row: row, Field: column, Msg: msg})
	}
	for _, column := range s.columns {
		as := f.as(column)
		switch {
		case !known(as) && as == column && f.Format == "csv" && slices.Contains([]string{"easting", "northing"}, column):
			continue // what the WKT says again, in metres; the reader sees to it
		case !known(as) && as == column:
			msg := "is no property of " + f.Collection
			if like := guess(column, properties, f.Format == "csv"); like != "" {
				msg += ", perhaps " + like
			}
			add(column, msg+". Say which one it is, or that it is left out; accepted: "+feature.Names(properties)+".")
		case !known(as):
			add(column, fmt.Sprintf("was said to be “%s”, which is no property of %s; accepted: %s.", as, f.Collection, feature.Names(properties)))
		case as != "" && taken[as] != "":
			add(column, fmt.Sprintf("and %s are both %s. Accepted is one column for it.", taken[as], as))
		case as != "":
			taken[as] = column
		}
	}
	if s.columns == nil {
		return wrong
	}
	for column := range f.Columns {
		if !slices.Contains(s.columns, column) {
			add(column, "is no column of the file, which has "+strings.Join(s.columns, ", ")+".")
		}
	}
	slices.SortStableFunc(wrong, func(a, b format.RowError) int { return strings.Compare(a.Field, b.Field) })
	return wrong
}

// shape is the geometry of a row as the log has it: on WGS 84, and one that has
// a single part as that part.
func (s *source) shape(g orb.Geometry) orb.Geometry {
	if g == nil {
		return nil
	}
	if s.system != crs.CRS84 {
		g = s.system.Unproject(g) // files have x first, whatever the system says
	}
	switch m := g.(type) {
	case orb.MultiPoint:
		if len(m) == 1 {
			return m[0]
		}
	case orb.MultiLineString:
		if len(m) == 1 {
			return m[0]
		}
	case orb.MultiPolygon:
		if len(m) == 1 {
			return m[0]
		}
	}
	return g
}
