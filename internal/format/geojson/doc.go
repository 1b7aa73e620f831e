// Package geojson writes and reads GeoJSON (RFC 7946). It streams: memory does
// not grow with the number of features.
//
// Export writes incidents: one feature an incident, flat snake_case properties
// for everything that one filters or styles by, and with the full profile
// everything else. Writer writes any layer, byte for byte as Export does without
// the full profile; it is what internal/export lists, and AppendFeatureOf
// is one feature of it for an API. Reader reads what others wrote.
//
// docs/geojson.md is made from internal/feature and properties.go. Read
// collection.go and writer.go first. What a property means is internal/feature's;
// how a geometry is cut and turned is internal/geo's.
package geojson
