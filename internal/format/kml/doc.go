// Package kml writes KML 2.2 (OGC 07-147r2) for Google Earth and what reads it:
// a document with a style for each severity and a placemark for each feature, in
// a folder a region where the layer has regions. It streams: memory does not grow
// with the number of features. The folder of the first feature goes out as it
// comes; the others wait in temporary files until Close.
//
// A placemark's name is the number and the title; its description is plain text;
// its time goes from start_from to end_to, or to start_to where no end is known;
// a layer that lacks these properties has none. All properties stand in
// ExtendedData with types from a Schema: times are texts (RFC 3339, UTC), truth
// is 1 or 0, lists are one text as format.JoinList writes it, and null is left
// out. Several geometries are a MultiGeometry.
//
// A document that was cut lacks its end tags and is no XML. The encoder of
// encoding/xml writes; github.com/twpayne/go-kml gives the elements.
package kml
