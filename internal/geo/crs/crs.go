// Package crs is the coordinate reference systems that the log is served in:
// each with its address (OGC Name Type Specification 09-048r5), its definition
// as text, and its projection from and to longitude and latitude on WGS 84.
//
// What a map on a page is drawn in is internal/geo's, and so are the formulas
// that both need; this package adds what only an exchange of data asks for.
//
// Three orders of coordinates meet here. The log, Project and Unproject have x
// first: longitude, easting. A GeoPackage and a Shapefile have x first whatever
// the system says. A web service has the system's own order (OGC API Features
// part 2, 18-058), which is latitude or northing first where YFirst is true:
// whoever writes or reads there calls Swap.
//
// In the polar systems, 3575 and 3995, both axes point south: the first along
// 100°E and 90°E, called easting, the second along 170°W and 180°, called
// northing. That is x first, and YFirst is false.
//
// ETRS89 is taken to be WGS 84: EPSG gives the two the same coordinates to
// within a metre, and their ellipsoids differ by 0.1 mm.
//
// Reading order: crs.go, parse.go, project.go, bound.go, plane.go, wkt.go.
package crs

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"
)

// System is one reference system.
type System struct {
	URI     string    // http://www.opengis.net/def/crs/EPSG/0/3035
	EPSG    int       // 3035; for CRS84 that of its datum, 4326
	Name    string    // as the EPSG registry has it
	WKT     string    // OGC 01-009 (WKT 1), as a GeoPackage has it
	ESRI    string    // the same in Esri's words, as a .prj file has it
	Area    orb.Bound // where it is meant to be used, degrees, longitude first
	Degrees bool      // whether its coordinates are longitude and latitude
	YFirst  bool      // whether its own order of axes puts latitude, or northing, first
	plane   *plane    // its projection; nil where Degrees is true
}

// CRS84 is longitude, latitude on WGS 84, in degrees: the system in which the
// log is stored.
var CRS84 = &System{URI: "http://www.opengis.net/def/crs/OGC/1.3/CRS84", EPSG: 4326, Name: "WGS 84 longitude, latitude",
	WKT: wgs84, ESRI: esriWGS84, Area: world, Degrees: true}

var world = orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}

// systems in the order in which they are offered.
var systems = append([]*System{
	CRS84,
	epsg(System{EPSG: 4326, Name: "WGS 84", WKT: withAxes(wgs84), ESRI: esriWGS84,
		Area: world, Degrees: true, YFirst: true}),
	epsg(System{EPSG: 4258, Name: "ETRS89", WKT: withAxes(etrs89), ESRI: esriETRS89,
		Area: area(-16.1, 32.88, 40.18, 84.73), Degrees: true, YFirst: true}),
	epsg(System{EPSG: 3857, Name: "WGS 84 / Pseudo-Mercator", WKT: pseudoMercator, ESRI: esriPseudoMercator,
		Area: area(-180, -85.06, 180, 85.06), plane: webMercator()}),
	epsg(System{EPSG: 3035, Name: "ETRS89-extended / LAEA Europe", WKT: laeaEurope, ESRI: esriLAEAEurope,
		Area: area(-35.58, 24.6, 44.83, 84.73), YFirst: true, plane: europe()}),
	epsg(System{EPSG: 3575, Name: "WGS 84 / North Pole LAEA Europe", WKT: northPoleLAEA, ESRI: esriNorthPoleLAEA,
		Area: area(-180, 45, 180, 90), plane: polarEqualArea(10)}),
	epsg(System{EPSG: 3995, Name: "WGS 84 / Arctic Polar Stereographic", WKT: arcticStereographic, ESRI: esriArcticStereographic,
		Area: area(-180, 60, 180, 90), plane: arctic()}),
}, zones(28, 38)...)

// zones are some of UTM north of the equator: 28 ends at 12°W, off Iceland, where
// the Norwegian Sea begins, and 38 at 48°E, past the east end of the Black Sea.
func zones(first, last int) []*System {
	var out []*System
	for zone := first; zone <= last; zone++ {
		meridian := 6*zone - 183
		west := float64(meridian - 3)
		out = append(out, epsg(System{EPSG: 32600 + zone, Name: fmt.Sprintf("WGS 84 / UTM zone %dN", zone),
			WKT:  fmt.Sprintf(utmZone, zone, meridian, 32600+zone),
			ESRI: fmt.Sprintf(esriUTMZone, zone, meridian),
			Area: area(west, 0, west+6, 84), plane: utm(float64(meridian))}))
	}
	return out
}

// epsg gives a system its address: version 0 is whichever is current.
func epsg(s System) *System {
	s.URI = fmt.Sprintf("http://www.opengis.net/def/crs/EPSG/0/%d", s.EPSG)
	return &s
}

func area(west, south, east, north float64) orb.Bound {
	return orb.Bound{Min: orb.Point{west, south}, Max: orb.Point{east, north}}
}

// All is every system, CRS84 first, always in the same order.
func All() []*System { return slices.Clone(systems) }
