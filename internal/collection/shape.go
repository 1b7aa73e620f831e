package collection

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"interceptlog/internal/cql2"
	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/geo/crs"
	"interceptlog/internal/incidents"
)

// Box is a box in a reference system, x first. West greater than east crosses
// the antimeridian, in a system of degrees.
type Box struct {
	West, South, East, North float64
	System                   *crs.System
}

// parts are the boxes that it consists of.
func (b *Box) parts() []orb.Bound {
	if b.West <= b.East {
		return []orb.Bound{{Min: orb.Point{b.West, b.South}, Max: orb.Point{b.East, b.North}}}
	}
	return []orb.Bound{{Min: orb.Point{b.West, b.South}, Max: orb.Point{180, b.North}}, {Min: orb.Point{-180, b.South}, Max: orb.Point{b.East, b.North}}}
}

// narrow is the box in degrees within which all that meets it lies, a hair wider:
// the log looks for shapes by coordinates that are finer than those that it
// gives, and which features meet the box is decided by the latter.
func (b *Box) narrow() *incidents.BBox {
	const hair = 1e-7 // degrees, the last decimal of a coordinate that is given
	out := &incidents.BBox{West: b.West, South: b.South, East: b.East, North: b.North}
	if !b.System.Degrees {
		if out = cover(b.System.UnprojectBound(b.parts()[0])); out == nil {
			return nil
		}
	}
	out.West, out.East = math.Max(out.West-hair, -180), math.Min(out.East+hair, 180)
	out.South, out.North = math.Max(out.South-hair, -90), math.Min(out.North+hair, 90)
	return out
}

// cover is one box around boxes.
func cover(list []orb.Bound) *incidents.BBox {
	if len(list) == 0 {
		return nil
	}
	if len(list) == 2 && list[0].Max[0] == 180 && list[1].Min[0] == -180 { // one that crosses the antimeridian
		return &incidents.BBox{West: list[0].Min[0], South: math.Min(list[0].Min[1], list[1].Min[1]), East: list[1].Max[0], North: math.Max(list[0].Max[1], list[1].Max[1])}
	}
	u := list[0]
	for _, o := range list[1:] {
		u = u.Union(o)
	}
	return &incidents.BBox{West: u.Min[0], South: u.Min[1], East: u.Max[0], North: u.Max[1]}
}

// meets reports whether a geometry has a point in common with the box. What has
// no geometry meets every box (OGC 17-069r4, /req/core/fc-bbox-response C).
func (b *Box) meets(g orb.Geometry) bool {
	if g == nil {
		return true
	}
	if !b.System.Degrees {
		g = b.System.Project(g)
	}
	for _, part := range b.parts() {
		if meets(g, part) {
			return true
		}
	}
	return false
}

func meets(g orb.Geometry, box orb.Bound) bool {
	around := g.Bound()
	if !around.Intersects(box) {
		return false
	}
	if p, ok := g.(orb.Point); ok {
		return box.Contains(p)
	}
	if box.Contains(around.Min) && box.Contains(around.Max) {
		return true
	}
	return cql2.Meets(g, box)
}

// holds reports whether a geometry belongs into the collection.
func (c *Collection) holds(g orb.Geometry) bool {
	switch c.Geometry {
	case format.Point:
		switch g.(type) {
		case orb.Point, orb.MultiPoint:
			return true
		}
		return false
	case format.Line:
		switch g.(type) {
		case orb.LineString, orb.MultiLineString:
			return true
		}
		return false
	case format.Polygon:
		switch g.(type) {
		case orb.Polygon, orb.MultiPolygon:
			return true
		}
		return false
	}
	return true
}

// row is a feature as a filter reads it, its geometry in a reference system, x
// first.
type row struct {
	c  *Collection
	f  *feature.Feature
	in *crs.System
}

func (r row) Property(name string) cql2.Value {
	if name == GeometryName {
		if r.in != nil && r.f.Geometry != nil {
			return cql2.OfShape(r.in.Project(r.f.Geometry))
		}
		return cql2.OfShape(r.f.Geometry)
	}
	i, ok := r.c.index[name]
	if !ok {
		return cql2.Value{}
	}
	v := r.f.Values[i]
	if v.Null {
		return cql2.Value{}
	}
	switch r.c.Properties[i].Kind {
	case feature.Integer:
		return cql2.OfNumber(float64(v.Int))
	case feature.Number:
		return cql2.OfNumber(v.Number)
	case feature.Bool:
		return cql2.OfBool(v.Bool)
	case feature.Instant:
		return cql2.OfInstant(v.Int)
	case feature.List:
		list := make([]cql2.Value, len(v.List))
		for j, s := range v.List {
			list[j] = cql2.OfText(s)
		}
		return cql2.OfList(list)
	}
	return cql2.OfText(v.Text)
}

// WKT writes a geometry as text (OGC 06-103r4).
func WKT(g orb.Geometry) string { return wkt.MarshalString(g) }
