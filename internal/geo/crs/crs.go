// Package crs is the coordinate reference systems that the log is served in:
// each with its address (OGC Name Type Specification 09-048r5), its definition
// as text, and its projection from and to longitude and latitude on WGS 84.
//
// What a map on a page is drawn in is internal/geo's.
package crs

import "github.com/paulmach/orb"

// System is one reference system.
type System struct {
	URI      string // http://www.opengis.net/def/crs/EPSG/0/3035
	EPSG     int    // 3035; for CRS84 that of its datum, 4326
	Name     string
	WKT      string // OGC 01-009 (WKT 1), as a .prj file and a GeoPackage have it
	Degrees  bool   // whether its coordinates are longitude and latitude
	YFirst   bool   // whether its own order of axes puts latitude, or northing, first
	forward  func(orb.Point) orb.Point
	backward func(orb.Point) orb.Point
}

// CRS84 is longitude, latitude on WGS 84, in degrees: the system in which the
// log is stored.
var CRS84 = &System{URI: "http://www.opengis.net/def/crs/OGC/1.3/CRS84", EPSG: 4326, Name: "WGS 84 longitude, latitude",
	WKT:     `GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]`,
	Degrees: true}
