package format

import (
	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
)

// Geometry says which geometries a layer holds.
type Geometry uint8

// The geometries. Single ones stand for their multiple ones too.
const (
	Mixed   Geometry = iota // points, lines and areas as they are
	Point                   // Point and MultiPoint
	Line                    // LineString and MultiLineString
	Polygon                 // Polygon and MultiPolygon
	None                    // no geometry: a table
)

// GeometryOf is the sort of layer that holds a geometry and nothing else; a
// collection is Mixed.
func GeometryOf(g orb.Geometry) Geometry {
	switch g.(type) {
	case nil:
		return None
	case orb.Point, orb.MultiPoint:
		return Point
	case orb.LineString, orb.MultiLineString:
		return Line
	case orb.Polygon, orb.MultiPolygon, orb.Ring, orb.Bound:
		return Polygon
	}
	return Mixed
}

// FinitePoints tells whether every coordinate is a number that a file can hold.
func FinitePoints(g orb.Geometry) bool {
	ok := true
	EachPoint(g, func(p orb.Point) { ok = ok && feature.Finite(p[0]) && feature.Finite(p[1]) })
	return ok
}

// EachPoint gives every point of a geometry, in its order.
func EachPoint(g orb.Geometry, fn func(orb.Point)) {
	switch x := g.(type) {
	case orb.Point:
		fn(x)
	case orb.MultiPoint:
		eachOf(x, fn)
	case orb.LineString:
		eachOf(x, fn)
	case orb.Ring:
		eachOf(x, fn)
	case orb.MultiLineString:
		for _, l := range x {
			eachOf(l, fn)
		}
	case orb.Polygon:
		for _, r := range x {
			eachOf(r, fn)
		}
	case orb.MultiPolygon:
		for _, p := range x {
			EachPoint(p, fn)
		}
	case orb.Collection:
		for _, part := range x {
			EachPoint(part, fn)
		}
	case orb.Bound:
		fn(x.Min)
		fn(x.Max)
	}
}

func eachOf(points []orb.Point, fn func(orb.Point)) {
	for _, p := range points {
		fn(p)
	}
}

// Types gathers which types of geometry a layer turned out to hold.
type Types struct {
	one     string
	several bool
}

// Add takes a geometry into account; nil is none.
func (t *Types) Add(g orb.Geometry) {
	if g == nil {
		return
	}
	if name := g.GeoJSONType(); t.one == "" {
		t.one = name
	} else if t.one != name {
		t.several = true
	}
}

// Only is the one type (Point, MultiPoint …) that a layer of a kind holds, for
// formats that tell single geometries from multiple ones. It is empty where it
// holds both, and for a Mixed layer always: what such a layer says of itself
// must not hang on what it happens to hold today.
func (t *Types) Only(kind Geometry) string {
	if kind == Mixed || t.several {
		return ""
	}
	if t.one == "" {
		return map[Geometry]string{Point: "Point", Line: "LineString", Polygon: "Polygon"}[kind]
	}
	return t.one
}
