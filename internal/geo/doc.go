// Package geo knows where things are: it reads positions as a watch officer
// writes them, tells which sea and whose waters they lie in, measures on the
// WGS84 ellipsoid, speaks GeoJSON and draws a chart as SVG. It knows no
// incident, no page and no database.
//
// Positions are orb points: longitude first, degrees, WGS84. Distances are
// metres or nautical miles of 1852 m, and each name says which. Bearings are
// degrees true, clockwise from north.
//
// The reference layers under data/ are embedded and parsed once, by Default.
// They are simplified for orientation: the 12 NM band is no legal baseline and
// a region is nobody's area of responsibility.
//
// Reading order: notation.go, atlas.go, region.go, coast.go, geojson.go,
// geodesic.go, projection.go, utm.go, mgrs.go, georef.go, svgmap.go.
package geo

//go:generate go run ./makeland -in ../../node_modules/world-atlas/land-10m.json -out data/land.json.gz
