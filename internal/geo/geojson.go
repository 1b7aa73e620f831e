package geo

import (
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// AppendGeometry writes a geometry as RFC 7946 GeoJSON: at most 7 decimals and
// no more than needed, shells anticlockwise and holes clockwise (section 3.1.6),
// cut at the antimeridian (3.1.9). No geometry, and a type that GeoJSON lacks,
// is null.
func AppendGeometry(dst []byte, g orb.Geometry) []byte {
	switch g := g.(type) {
	case orb.Point:
		dst = appendPosition(append(dst, `{"type":"Point","coordinates":`...), orb.Point{halfCircle(g[0]), g[1]})
	case orb.LineString:
		if leaves(g) {
			return AppendGeometry(dst, cutLine(g))
		}
		dst = appendPath(append(dst, `{"type":"LineString","coordinates":`...), g, false)
	case orb.Polygon:
		if len(g) > 0 && leaves(g[0]) {
			return appendAreas(dst, cutPolygon(g))
		}
		dst = appendRings(append(dst, `{"type":"Polygon","coordinates":`...), g)
	case orb.MultiPolygon:
		return appendAreas(dst, cutPolygons(g))
	case orb.MultiPoint, orb.MultiLineString, orb.Collection:
		return appendMany(dst, g)
	case orb.Ring:
		return AppendGeometry(dst, orb.Polygon{g})
	case orb.Bound:
		return AppendGeometry(dst, g.ToPolygon())
	default:
		return append(dst, "null"...)
	}
	return append(dst, '}')
}

// AppendWhole is AppendGeometry without the cut at the antimeridian: the form in
// which a shape is kept, since ParseGeometry reads it back as it was.
func AppendWhole(dst []byte, g orb.Geometry) []byte {
	switch g := g.(type) {
	case orb.LineString:
		return append(appendPath(append(dst, `{"type":"LineString","coordinates":`...), g, false), '}')
	case orb.Polygon:
		return append(appendRings(append(dst, `{"type":"Polygon","coordinates":`...), g), '}')
	}
	return AppendGeometry(dst, g)
}

// appendMany writes the geometries of several parts that are no areas.
func appendMany(dst []byte, g orb.Geometry) []byte {
	switch g := g.(type) {
	case orb.MultiPoint:
		dst = appendPath(append(dst, `{"type":"MultiPoint","coordinates":`...), g, false)
	case orb.MultiLineString:
		dst = append(dst, `{"type":"MultiLineString","coordinates":[`...)
		n := 0
		for _, l := range g {
			for _, part := range cutLine(l) {
				dst = appendPath(comma(dst, n), part, false)
				n++
			}
		}
		dst = append(dst, ']')
	case orb.Collection:
		dst = append(dst, `{"type":"GeometryCollection","geometries":[`...)
		for i, part := range g {
			dst = AppendGeometry(comma(dst, i), part)
		}
		dst = append(dst, ']')
	}
	return append(dst, '}')
}

func cutPolygons(areas orb.MultiPolygon) orb.MultiPolygon {
	out := areas
	for i, p := range areas {
		if len(p) > 0 && leaves(p[0]) {
			out = append(areas[:i:i], cutPolygon(p)...)
			return append(out, cutPolygons(areas[i+1:])...)
		}
	}
	return out
}

// appendAreas writes several areas; one alone is a Polygon.
func appendAreas(dst []byte, areas orb.MultiPolygon) []byte {
	if len(areas) == 1 {
		return append(appendRings(append(dst, `{"type":"Polygon","coordinates":`...), areas[0]), '}')
	}
	dst = append(dst, `{"type":"MultiPolygon","coordinates":[`...)
	for i, p := range areas {
		dst = appendRings(comma(dst, i), p)
	}
	return append(dst, "]}"...)
}

func appendRings(dst []byte, p orb.Polygon) []byte {
	dst = append(dst, '[')
	for i, r := range p {
		clockwise := signedArea(r) < 0
		dst = appendPath(comma(dst, i), r, clockwise == (i == 0))
	}
	return append(dst, ']')
}

func appendPath(dst []byte, path []orb.Point, backwards bool) []byte {
	dst = append(dst, '[')
	for i := range path {
		p := path[i]
		if backwards {
			p = path[len(path)-1-i]
		}
		dst = appendPosition(comma(dst, i), p)
	}
	return append(dst, ']')
}

func appendPosition(dst []byte, p orb.Point) []byte {
	dst = appendDegrees(append(dst, '['), p[0])
	dst = appendDegrees(append(dst, ','), p[1])
	return append(dst, ']')
}

// appendDegrees writes degrees to the ten-millionth (11 mm), without zeros at
// the end; a number that JSON cannot hold becomes null.
func appendDegrees(dst []byte, v float64) []byte {
	const unit = 1e7
	if !(math.Abs(v) < 1e9) {
		return append(dst, "null"...)
	}
	n := int64(math.Round(v * unit))
	if n < 0 {
		dst, n = append(dst, '-'), -n
	}
	dst = strconv.AppendInt(dst, n/unit, 10)
	if n %= unit; n == 0 {
		return dst
	}
	dst = append(dst, '.')
	for scale := int64(unit / 10); n > 0; scale /= 10 {
		dst = append(dst, byte('0'+n/scale))
		n %= scale
	}
	return dst
}

// comma parts the members of a list, all but the first.
func comma(dst []byte, i int) []byte {
	if i > 0 {
		dst = append(dst, ',')
	}
	return dst
}
