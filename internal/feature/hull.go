package feature

import (
	"slices"

	"github.com/paulmach/orb"
)

// hull is the convex hull of shapes in the plane of longitude and latitude: a
// point, a line, or an area; nil of nothing. Monotone chain (Andrew, 1979).
func hull(shapes orb.Collection) orb.Geometry {
	var all []orb.Point
	for _, g := range shapes {
		all = appendPoints(all, g)
	}
	slices.SortFunc(all, func(a, b orb.Point) int {
		switch {
		case a[0] < b[0] || a[0] == b[0] && a[1] < b[1]:
			return -1
		case a == b:
			return 0
		}
		return 1
	})
	all = slices.Compact(all)
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	lower := chain(all)
	slices.Reverse(all)
	upper := chain(all)
	ring := append(orb.Ring(lower[:len(lower)-1]), upper...)
	if len(ring) < 4 { // all on one line
		return orb.LineString{lower[0], lower[len(lower)-1]}
	}
	return orb.Polygon{ring}
}

// chain is one side of the hull of points in order: only turns to the left.
func chain(points []orb.Point) []orb.Point {
	var c []orb.Point
	for _, p := range points {
		for len(c) > 1 && cross(c[len(c)-2], c[len(c)-1], p) <= 0 {
			c = c[:len(c)-1]
		}
		c = append(c, p)
	}
	return c
}

func cross(o, a, b orb.Point) float64 {
	return (a[0]-o[0])*(b[1]-o[1]) - (a[1]-o[1])*(b[0]-o[0])
}

func appendPoints(all []orb.Point, g orb.Geometry) []orb.Point {
	switch g := g.(type) {
	case orb.Point:
		return append(all, g)
	case orb.MultiPoint:
		return append(all, g...)
	case orb.LineString:
		return append(all, g...)
	case orb.Ring:
		return append(all, g...)
	case orb.MultiLineString:
		for _, l := range g {
			all = append(all, l...)
		}
	case orb.Polygon:
		for _, r := range g {
			all = append(all, r...)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			all = appendPoints(all, p)
		}
	case orb.Collection:
		for _, m := range g {
			all = appendPoints(all, m)
		}
	}
	return all
}
