// Package geojson writes incidents as GeoJSON (RFC 7946): one feature an
// incident, flat snake_case properties for everything that one filters or
// styles by, and with the full profile everything else. It streams: memory does
// not grow with the number of features. docs/geojson.md is made from the table
// in properties.go.
package geojson
