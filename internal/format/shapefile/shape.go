package shapefile

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"interceptlog/internal/format"
)

// appendShape writes the content of a record (pages 5 to 9), without its header.
func appendShape(b []byte, kind int32, g orb.Geometry, box format.Box) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(kind))
	switch kind {
	case pointShape:
		p := g.(orb.Point)
		return appendFloats(b, p[0], p[1])
	case multipointShape:
		points := g.(orb.MultiPoint)
		b = appendFloats(b, box.MinX, box.MinY, box.MaxX, box.MaxY)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(points)))
		return appendPoints(b, points)
	case lineShape, polygonShape:
		return appendParts(appendFloats(b, box.MinX, box.MinY, box.MaxX, box.MaxY), partsOf(g))
	}
	return b
}

func appendParts(b []byte, parts [][]orb.Point) []byte {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(parts)))
	b = binary.LittleEndian.AppendUint32(b, uint32(n))
	start := 0
	for _, p := range parts {
		b = binary.LittleEndian.AppendUint32(b, uint32(start))
		start += len(p)
	}
	for _, p := range parts {
		b = appendPoints(b, p)
	}
	return b
}

// partsOf are the lines or rings of a geometry; empty ones are left out.
func partsOf(g orb.Geometry) [][]orb.Point {
	var parts [][]orb.Point
	add := func(p []orb.Point) {
		if len(p) > 0 {
			parts = append(parts, p)
		}
	}
	switch x := g.(type) {
	case orb.LineString:
		add(x)
	case orb.MultiLineString:
		for _, l := range x {
			add(l)
		}
	case orb.Polygon:
		for i, r := range x {
			add(turned(r, i == 0))
		}
	case orb.MultiPolygon:
		for _, p := range x {
			for i, r := range p {
				add(turned(r, i == 0))
			}
		}
	}
	return parts
}

// turned gives a ring closed and in the direction that says what it is: the
// shell clockwise, a hole the other way (page 8). The ring itself is left alone.
func turned(r orb.Ring, shell bool) []orb.Point {
	if n := len(r); n > 0 && r[0] != r[n-1] {
		r = append(slices.Clone(r), r[0])
	}
	want := orb.CCW
	if shell {
		want = orb.CW
	}
	if len(r) > 2 && r.Orientation() == -want {
		r = slices.Clone(r)
		slices.Reverse(r)
	}
	return r
}

func appendFloats(b []byte, list ...float64) []byte {
	for _, x := range list {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	return b
}

func appendPoints(b []byte, points []orb.Point) []byte {
	for _, p := range points {
		b = appendFloats(b, p[0], p[1])
	}
	return b
}

// headerSize is that of .shp and .shx.
const headerSize = 100

// header is the head of .shp and .shx (page 4); size in bytes.
func header(kind int32, size int64, box format.Box) []byte {
	if box.Empty() {
		box = format.Box{}
	}
	b := make([]byte, 28, headerSize)
	binary.BigEndian.PutUint32(b, 9994)
	binary.BigEndian.PutUint32(b[24:], uint32(size/2))
	b = binary.LittleEndian.AppendUint32(b, 1000)
	b = binary.LittleEndian.AppendUint32(b, uint32(kind))
	return appendFloats(b, box.MinX, box.MinY, box.MaxX, box.MaxY, 0, 0, 0, 0)
}
