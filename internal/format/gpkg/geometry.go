package gpkg

import (
	"encoding/binary"
	"math"

	"github.com/paulmach/orb"

	"interceptlog/internal/format"
)

// The types of well-known binary (OGC 06-103r4 §8.2.3).
const (
	wkbPoint = iota + 1
	wkbLineString
	wkbPolygon
	wkbMultiPoint
	wkbMultiLineString
	wkbMultiPolygon
	wkbCollection
)

// The flags in the header of a geometry (OGC 12-128r17 §2.1.3.1.1).
const (
	flagLittleEndian = 1
	flagEnvelope     = 1 << 1 // minx, maxx, miny, maxy
	flagEmpty        = 1 << 4
)

// appendGeometry writes a geometry as a GeoPackage has it: header, envelope for
// all but points, well-known binary.
func appendGeometry(b []byte, g orb.Geometry, box format.Box, srs int32) []byte {
	flags := byte(flagLittleEndian)
	_, point := g.(orb.Point)
	switch {
	case box.Empty():
		flags |= flagEmpty
	case !point:
		flags |= flagEnvelope
	}
	b = append(b, 'G', 'P', 0, flags)
	b = binary.LittleEndian.AppendUint32(b, uint32(srs))
	if flags&flagEnvelope != 0 {
		b = appendFloats(b, box.MinX, box.MaxX, box.MinY, box.MaxY)
	}
	return appendWKB(b, g)
}

func appendFloats(b []byte, list ...float64) []byte {
	for _, x := range list {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	return b
}

// head begins a geometry; n is the number of its parts.
func head(b []byte, kind uint32, n int) []byte {
	b = binary.LittleEndian.AppendUint32(append(b, 1), kind)
	return binary.LittleEndian.AppendUint32(b, uint32(n))
}

func appendWKB(b []byte, g orb.Geometry) []byte {
	switch x := g.(type) {
	case orb.Point:
		b = binary.LittleEndian.AppendUint32(append(b, 1), wkbPoint)
		return appendFloats(b, x[0], x[1])
	case orb.MultiPoint:
		b = head(b, wkbMultiPoint, len(x))
		for _, p := range x {
			b = appendWKB(b, p)
		}
	case orb.LineString:
		return appendPoints(head(b, wkbLineString, len(x)), x)
	case orb.MultiLineString:
		b = head(b, wkbMultiLineString, len(x))
		for _, l := range x {
			b = appendWKB(b, l)
		}
	case orb.Polygon:
		b = head(b, wkbPolygon, len(x))
		for _, r := range x {
			b = appendPoints(binary.LittleEndian.AppendUint32(b, uint32(len(r))), r)
		}
	case orb.MultiPolygon:
		b = head(b, wkbMultiPolygon, len(x))
		for _, p := range x {
			b = appendWKB(b, p)
		}
	case orb.Collection:
		b = head(b, wkbCollection, len(x))
		for _, part := range x {
			b = appendWKB(b, part)
		}
	case orb.Ring:
		return appendWKB(b, orb.Polygon{x})
	case orb.Bound:
		return appendWKB(b, x.ToPolygon())
	}
	return b
}

func appendPoints(b []byte, points []orb.Point) []byte {
	for _, p := range points {
		b = appendFloats(b, p[0], p[1])
	}
	return b
}
