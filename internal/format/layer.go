package format

import (
	"fmt"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/geo/crs"
)

// Layer is one collection in a file.
type Layer struct {
	Name        string // incidents: the name of the table or of the file
	Title       string
	Description string
	Properties  []feature.Property // the values of its features stand in this order
	Geometry    Geometry
	CRS         *crs.System // of the coordinates that it is given, x (east, longitude) first; nil is crs.CRS84
	Key         []string    // the properties that together name a row; nil: none is known
	Refs        []Ref       // the properties that name a row of a layer before it
}

// Ref is a property that holds the key of another layer of the file.
type Ref struct {
	Property string
	Layer    string
	Key      string // the property of that layer
}

// System is the reference system of a layer.
func (l *Layer) System() *crs.System {
	if l.CRS == nil {
		return crs.CRS84
	}
	return l.CRS
}

// WGS84 says whether the coordinates are longitude and latitude on WGS 84.
func (l *Layer) WGS84() bool {
	s := l.System()
	return s.Degrees && s.EPSG == 4326
}

// Fits tells of a feature whose values are not those of the layer.
func (l *Layer) Fits(f *feature.Feature) error {
	if len(f.Values) != len(l.Properties) {
		return fmt.Errorf("feature %q has %d values, layer %q has %d properties", f.ID, len(f.Values), l.Name, len(l.Properties))
	}
	return nil
}

// Check says whether a feature may stand in a layer, and gives its geometry in
// the types that files have: a ring and a box are polygons, everything else is
// as it was. Errors name the id of the feature.
func Check(l *Layer, f *feature.Feature) (orb.Geometry, error) {
	if err := l.Fits(f); err != nil {
		return nil, err
	}
	g := f.Geometry
	switch x := g.(type) {
	case nil:
		return nil, nil
	case orb.Ring:
		g = orb.Polygon{x}
	case orb.Bound:
		g = x.ToPolygon()
	}
	if !FinitePoints(g) {
		return nil, fmt.Errorf("feature %q: a coordinate is no finite number", f.ID)
	}
	if got := GeometryOf(g); l.Geometry != Mixed && got != l.Geometry {
		return nil, fmt.Errorf("feature %q is a %s, which layer %s does not hold", f.ID, g.GeoJSONType(), l.Name)
	}
	return g, nil
}

// The columns of a geometry in formats that have no geometries.
const (
	ColumnWKT       = "geometry_wkt"
	ColumnLongitude = "longitude"
	ColumnLatitude  = "latitude"
	ColumnEasting   = "easting"
	ColumnNorthing  = "northing"
)

// Columns are those of a layer in formats that have no geometries: its
// properties, then the geometry as Well-Known Text and, of a point, its two
// coordinates, each in a column of its own.
func (l *Layer) Columns() []feature.Property {
	if l.Geometry == None {
		return l.Properties
	}
	sys := l.System()
	x, y, unit := ColumnLongitude, ColumnLatitude, "degrees"
	if !sys.Degrees {
		x, y, unit = ColumnEasting, ColumnNorthing, "metres"
	}
	return append(l.Properties[:len(l.Properties):len(l.Properties)],
		feature.Property{Name: ColumnWKT, Nullable: true, Unit: unit, Vocabulary: "Well-Known Text (OGC 06-103r4), " + sys.Name, Meaning: "The geometry, " + x + " before " + y + "."},
		feature.Property{Name: x, Kind: feature.Number, Nullable: true, Unit: unit, Meaning: "Of a point; null for any other geometry."},
		feature.Property{Name: y, Kind: feature.Number, Nullable: true, Unit: unit, Meaning: "Of a point; null for any other geometry."})
}
