package crs

import (
	"math"

	"github.com/paulmach/orb"
)

// Project gives a geometry in CRS84 the coordinates of the system, x (east,
// longitude) first. Only corners are moved: a side stays the straight line
// between two of them, and one that jumps over the antimeridian still jumps.
//
// Every position has finite coordinates, also far outside the area of use:
// 3857 takes a latitude beyond 89.9° as 89.9°, 3995 one south of 80°S as 80°S,
// UTM moves what lies more than 60° from the circle of its central meridian
// along its parallel to there, and 3035 and 3575 put the antipode of their
// centre somewhere on the rim of their disc.
//
// A box becomes the box that holds its image (ProjectBound). The argument is
// never changed; where the system has degrees it is returned itself. No geometry
// stays none, and a type that orb lacks gives none.
func (s *System) Project(g orb.Geometry) orb.Geometry {
	if s.plane == nil {
		return known(g)
	}
	return move(g, s.plane.forward, func(b orb.Bound) orb.Geometry { return s.ProjectBound(b) })
}

// Unproject is the inverse of Project: coordinates of the system, x first, to
// CRS84, with longitudes from -180 to 180. What lies outside all that the
// system can show gets the position of a place on its rim. A box becomes the
// box that covers it, all longitudes if it crosses the antimeridian
// (UnprojectBound); an empty box becomes none.
func (s *System) Unproject(g orb.Geometry) orb.Geometry {
	if s.plane == nil {
		return known(g)
	}
	return move(g, s.toDegrees, func(b orb.Bound) orb.Geometry {
		boxes := s.UnprojectBound(b)
		if len(boxes) == 0 {
			return nil
		}
		out := boxes[0]
		for _, box := range boxes[1:] {
			out = out.Union(box)
		}
		return out
	})
}

// Swap gives a geometry the other order of coordinates, from x first to the
// system's own and back: y first where YFirst is true, and unchanged where the
// system has x first itself. It is a copy where anything changes.
func (s *System) Swap(g orb.Geometry) orb.Geometry {
	if !s.YFirst {
		return known(g)
	}
	turn := func(p orb.Point) orb.Point { return orb.Point{p[1], p[0]} }
	return move(g, turn, func(b orb.Bound) orb.Geometry { return orb.Bound{Min: turn(b.Min), Max: turn(b.Max)} })
}

// toDegrees is one position in CRS84.
func (s *System) toDegrees(p orb.Point) orb.Point {
	p = s.plane.backward(p)
	if math.Abs(p[0]) > 180 {
		p[0] = math.Remainder(p[0], 360)
	}
	return p
}

// known is the geometry itself, or none for a type that orb lacks.
func known(g orb.Geometry) orb.Geometry {
	switch g.(type) {
	case orb.Point, orb.MultiPoint, orb.LineString, orb.MultiLineString, orb.Ring,
		orb.Polygon, orb.MultiPolygon, orb.Collection, orb.Bound:
		return g
	}
	return nil
}

// move copies a geometry with every position moved, and boxes in a way of their
// own, since a box that is turned is no box.
func move(g orb.Geometry, by func(orb.Point) orb.Point, box func(orb.Bound) orb.Geometry) orb.Geometry {
	switch g := g.(type) {
	case orb.Point:
		return by(g)
	case orb.MultiPoint:
		return each(g, by)
	case orb.LineString:
		return each(g, by)
	case orb.Ring:
		return each(g, by)
	case orb.MultiLineString:
		return each(g, func(l orb.LineString) orb.LineString { return each(l, by) })
	case orb.Polygon:
		return movePolygon(g, by)
	case orb.MultiPolygon:
		return each(g, func(p orb.Polygon) orb.Polygon { return movePolygon(p, by) })
	case orb.Collection:
		return each(g, func(m orb.Geometry) orb.Geometry { return move(m, by, box) })
	case orb.Bound:
		return box(g)
	}
	return nil
}

func movePolygon(p orb.Polygon, by func(orb.Point) orb.Point) orb.Polygon {
	return each(p, func(r orb.Ring) orb.Ring { return each(r, by) })
}

// each is a list with every member changed; no list stays none.
func each[L ~[]T, T any](list L, by func(T) T) L {
	if list == nil {
		return nil
	}
	out := make(L, len(list))
	for i, member := range list {
		out[i] = by(member)
	}
	return out
}
