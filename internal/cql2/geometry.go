package cql2

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/peterstace/simplefeatures/geom"
)

// box makes the area between four bounds, or six of which the heights are left
// out. West greater than east crosses the antimeridian (RFC 7946 §5.2).
func box(at Place, c []float64) (geom.Geometry, error) {
	switch len(c) {
	case 4:
	case 6:
		c = []float64{c[0], c[1], c[3], c[4]}
	default:
		return geom.Geometry{}, fail(at, "a box has 4 numbers (west, south, east, north) or 6, not %d", len(c))
	}
	west, south, east, north := c[0], c[1], c[2], c[3]
	for _, x := range c {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return geom.Geometry{}, fail(at, "a box has finite numbers")
		}
	}
	if south > north {
		return geom.Geometry{}, fail(at, "the south of the box (%v) lies north of its north (%v)", south, north)
	}
	if west <= east {
		return rectangle(west, south, east, north), nil
	}
	both, err := geom.Union(rectangle(west, south, 180, north), rectangle(-180, south, east, north))
	if err != nil {
		return geom.Geometry{}, fail(at, "this box cannot be read: %v", err)
	}
	return both, nil
}

// rectangle is an area, or a line or a point where it has no width.
func rectangle(west, south, east, north float64) geom.Geometry {
	return geom.NewEnvelope(geom.XY{X: west, Y: south}, geom.XY{X: east, Y: north}).AsGeometry()
}

// relate evaluates a spatial predicate.
func relate(op string, a, b geom.Geometry) (bool, error) {
	switch op {
	case "s_intersects":
		return geom.Intersects(a, b), nil
	case "s_disjoint":
		return !geom.Intersects(a, b), nil
	}
	// What does not meet has nothing else in common, and that is soon seen.
	if !geom.Intersects(a, b) {
		return false, nil
	}
	switch op {
	case "s_equals":
		return geom.Equals(a, b)
	case "s_touches":
		return geom.Touches(a, b)
	case "s_crosses":
		return geom.Crosses(a, b)
	case "s_within":
		return geom.Within(a, b)
	case "s_contains":
		return geom.Contains(a, b)
	}
	return geom.Overlaps(a, b)
}

// OfShape makes a value of a geometry as the rest of the log has it; null of
// none, and of one that is no geometry.
func OfShape(g orb.Geometry) Value {
	if g == nil {
		return Value{}
	}
	return OfGeometry(plane(g))
}

// Shape is the geometry of a value; nil where it has none.
func (v Value) Shape() orb.Geometry {
	if v.Type != Geometry {
		return nil
	}
	g, err := wkb.Unmarshal(v.Geometry.AsBinary())
	if err != nil {
		return nil
	}
	return g
}

// Meets reports whether a geometry has a point in common with a box, in the
// plane of their coordinates.
func Meets(g orb.Geometry, b orb.Bound) bool {
	return geom.Intersects(plane(g), rectangle(b.Min[0], b.Min[1], b.Max[0], b.Max[1]))
}

// plane is a geometry as the spatial functions take it; an empty one if it
// cannot be one.
func plane(g orb.Geometry) geom.Geometry {
	raw, err := wkb.Marshal(g)
	if err != nil {
		return geom.Geometry{}
	}
	out, err := geom.UnmarshalWKB(raw, geom.NoValidate{})
	if err != nil {
		return geom.Geometry{}
	}
	return out
}
