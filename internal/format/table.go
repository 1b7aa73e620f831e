package format

import "interceptlog/internal/feature"

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
