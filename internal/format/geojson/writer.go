package geojson

import (
	"io"
	"strconv"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/geo"
	"interceptlog/internal/geo/crs"
)

// Format is GeoJSON (RFC 7946). A layer in another reference system than WGS 84
// carries the crs member of GeoJSON 2008.
var Format = format.Format{Ext: "geojson", MediaType: MediaType, Title: "GeoJSON",
	New: func(w io.Writer, m format.Meta) format.Writer { return NewWriter(w, m) }}

// Writer streams any layer as a FeatureCollection.
type Writer struct {
	out   collection
	meta  format.Meta
	layer format.Single
	keys  [][]byte
}

// NewWriter gives a writer that writes to w.
func NewWriter(w io.Writer, m format.Meta) *Writer {
	return &Writer{out: collection{Gathered: format.Gathered{W: w}}, meta: m}
}

// Begin opens the collection.
func (w *Writer) Begin(l format.Layer) error {
	if err := w.layer.Begin(l); err != nil {
		return err
	}
	for _, p := range l.Properties {
		w.keys = append(w.keys, append(appendString(nil, p.Name), ':'))
	}
	w.out.begin(&l, w.meta)
	return nil
}

// Write writes a feature.
func (w *Writer) Write(f *feature.Feature) error {
	if err := w.layer.Fits(f); err != nil {
		return err
	}
	w.out.next()
	b := appendHead(w.out.Buf, w.layer.System(), f)
	for i := range f.Values {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendValue(append(b, w.keys[i]...), w.layer.Properties[i].Kind, &f.Values[i])
	}
	w.out.Buf = append(b, "}}"...)
	return w.out.Pass()
}

// Close closes the collection and says how many features it has.
func (w *Writer) Close() error {
	if err := w.layer.Begun(); err != nil {
		return err
	}
	return w.out.end()
}

// Abort does nothing: there are no temporary files.
func (w *Writer) Abort() {}

// AppendFeatureOf appends a feature with the values of the properties given, in
// their order, byte for byte as AppendFeature does. Its geometry is longitude
// and latitude on WGS 84. A value that is missing is null.
func AppendFeatureOf(dst []byte, props []feature.Property, f *feature.Feature) []byte {
	return AppendFeatureIn(dst, crs.CRS84, props, f)
}

// AppendFeatureIn is AppendFeatureOf for a geometry in another reference system:
// degrees are written as RFC 7946 has them, metres to the millimetre, in the
// order of axes in which they are given.
func AppendFeatureIn(dst []byte, sys *crs.System, props []feature.Property, f *feature.Feature) []byte {
	dst = appendHead(dst, sys, f)
	for i := range props {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, props[i].Name), ':')
		if i < len(f.Values) {
			dst = appendValue(dst, props[i].Kind, &f.Values[i])
		} else {
			dst = append(dst, "null"...)
		}
	}
	return append(dst, "}}"...)
}

// appendHead writes a feature up to its first property.
func appendHead(dst []byte, sys *crs.System, f *feature.Feature) []byte {
	dst = append(dst, `{"type":"Feature",`...)
	if f.ID != "" {
		dst = append(appendString(append(dst, `"id":`...), f.ID), ',')
	}
	dst = append(dst, `"geometry":`...)
	if sys.Degrees {
		dst = geo.AppendGeometry(dst, f.Geometry)
	} else {
		dst = appendPlane(dst, f.Geometry)
	}
	return append(dst, `,"properties":{`...)
}

func appendValue(dst []byte, k feature.Kind, v *feature.Value) []byte {
	if format.IsNull(k, v) {
		return append(dst, "null"...)
	}
	switch k {
	case feature.Integer:
		return strconv.AppendInt(dst, v.Int, 10)
	case feature.Number:
		return strconv.AppendFloat(dst, v.Number, 'f', -1, 64)
	case feature.Bool:
		return strconv.AppendBool(dst, v.Bool)
	case feature.Instant:
		return append(format.AppendInstant(append(dst, '"'), v.Int), '"')
	case feature.List:
		dst = append(dst, '[')
		for i, s := range v.List {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendString(dst, s)
		}
		return append(dst, ']')
	}
	return appendString(dst, v.Text)
}

// appendPlane writes a geometry in metres. Nothing is cut and no ring is turned:
// the rules of RFC 7946 are about degrees.
func appendPlane(dst []byte, g orb.Geometry) []byte {
	if g == nil {
		return append(dst, "null"...)
	}
	if c, ok := g.(orb.Collection); ok {
		dst = append(dst, `{"type":"GeometryCollection","geometries":`...)
		return append(each(dst, c, appendPlane), '}')
	}
	switch r := g.(type) {
	case orb.Ring:
		g = orb.Polygon{r}
	case orb.Bound:
		g = r.ToPolygon()
	}
	dst = append(append(append(dst, `{"type":"`...), g.GeoJSONType()...), `","coordinates":`...)
	switch g := g.(type) {
	case orb.Point:
		dst = appendMetres(dst, g)
	case orb.MultiPoint:
		dst = each(dst, g, appendMetres)
	case orb.LineString:
		dst = each(dst, g, appendMetres)
	case orb.MultiLineString:
		dst = each(dst, g, appendLine)
	case orb.Polygon:
		dst = appendRings(dst, g)
	case orb.MultiPolygon:
		dst = each(dst, g, appendRings)
	}
	return append(dst, '}')
}

func appendLine(dst []byte, l orb.LineString) []byte { return each(dst, l, appendMetres) }
func appendRing(dst []byte, r orb.Ring) []byte       { return each(dst, r, appendMetres) }
func appendRings(dst []byte, p orb.Polygon) []byte   { return each(dst, p, appendRing) }

func each[T any](dst []byte, list []T, write func([]byte, T) []byte) []byte {
	dst = append(dst, '[')
	for i, t := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = write(dst, t)
	}
	return append(dst, ']')
}

func appendMetres(dst []byte, p orb.Point) []byte {
	dst = appendMetre(append(dst, '['), p[0])
	return append(appendMetre(append(dst, ','), p[1]), ']')
}

// appendMetre writes a length to the millimetre without zeros at the end; a
// number that JSON cannot hold becomes null.
func appendMetre(dst []byte, v float64) []byte {
	if !(v > -1e15 && v < 1e15) {
		return append(dst, "null"...)
	}
	from := len(dst)
	dst = strconv.AppendFloat(dst, v, 'f', 3, 64)
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	if dst[len(dst)-1] == '.' {
		dst = dst[:len(dst)-1]
	}
	if string(dst[from:]) == "-0" {
		dst = append(dst[:from], '0')
	}
	return dst
}
