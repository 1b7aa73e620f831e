package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// Circle is the line of equal geodesic distance round a point, as a closed
// anticlockwise ring of n corners (at least 8). Longitudes run on past 180 where
// the circle crosses the antimeridian; a circle that holds a pole is closed
// along the top or bottom of the map.
func Circle(p orb.Point, nm float64, n int) orb.Ring {
	n = max(n, 8)
	ring := make(orb.Ring, 0, n+4)
	for i := range n {
		ring = append(ring, Destination(p, -360*float64(i)/float64(n), nm))
	}
	ring = append(ring, ring[0])
	ring = unwrapRing(ring)
	turn := 360 * math.Round((p[0]-ring[0][0])/360)
	for i := range ring {
		ring[i][0] += turn
	}
	return ring
}

// Representative is the one point that stands for a geometry: a point itself,
// the middle of a track by length, a point inside an area. The zero point
// stands for nothing.
func Representative(g orb.Geometry) orb.Point {
	p := representative(g)
	p[0] = halfCircle(p[0])
	return p
}

func representative(g orb.Geometry) orb.Point {
	switch g := g.(type) {
	case orb.Point:
		return g
	case orb.LineString:
		return middle(unwrapLine(g))
	case orb.Polygon:
		return interior(g)
	case orb.Ring:
		return interior(orb.Polygon{g})
	case orb.Bound:
		return g.Center()
	}
	return largest(g)
}

// largest is the representative point of a geometry of several parts: that of
// the part which counts most.
func largest(g orb.Geometry) orb.Point {
	var at orb.Point
	most := -1.0
	take := func(part orb.Geometry, size float64) {
		if size > most {
			most, at = size, representative(part)
		}
	}
	switch g := g.(type) {
	case orb.MultiPoint:
		for _, p := range g {
			take(p, 0)
		}
	case orb.MultiLineString:
		for _, l := range g {
			take(l, pathLength(unwrapLine(l)))
		}
	case orb.MultiPolygon:
		for _, p := range g {
			if len(p) > 0 {
				take(p, math.Abs(signedArea(p[0])))
			}
		}
	case orb.Collection:
		for _, part := range g {
			take(part, float64(len(vertices(part))))
		}
	}
	return at
}

// middle is the point half way along a line by its length.
func middle(l orb.LineString) orb.Point {
	if len(l) == 0 {
		return orb.Point{}
	}
	left := pathLength(l) / 2
	for i := 1; i < len(l); i++ {
		d := Distance(l[i-1], l[i])
		if d > 0 && d >= left {
			return between(l[i-1], l[i], left/d)
		}
		left -= d
	}
	return l[len(l)-1]
}

func pathLength(l orb.LineString) (metres float64) {
	for i := 1; i < len(l); i++ {
		metres += Distance(l[i-1], l[i])
	}
	return metres
}

// interior is a point inside an area: the centre of gravity where that lies in
// it, else the middle of the widest stretch on one of a few parallels.
func interior(p orb.Polygon) orb.Point {
	if len(p) == 0 || len(p[0]) == 0 {
		return orb.Point{}
	}
	area := make(orb.Polygon, len(p))
	for i, r := range p {
		area[i] = unwrapRing(r)
	}
	if c, ok := gravity(area[0]); ok && polygonContains(area, c) {
		return c
	}
	b := area[0].Bound()
	best, widest := area[0][0], 0.0
	for i := 1; i < 8; i++ {
		lat := b.Min[1] + (b.Max[1]-b.Min[1])*float64(i)/8
		xs := crossings(area, lat)
		for j := 1; j < len(xs); j += 2 {
			if w := xs[j] - xs[j-1]; w > widest {
				best, widest = orb.Point{(xs[j] + xs[j-1]) / 2, lat}, w
			}
		}
	}
	return best
}

// gravity is the centre of gravity of a ring in plain longitude and latitude.
func gravity(r orb.Ring) (orb.Point, bool) {
	var x, y, sum float64
	o := r[0]
	for i := 1; i < len(r); i++ {
		ax, ay, bx, by := r[i-1][0]-o[0], r[i-1][1]-o[1], r[i][0]-o[0], r[i][1]-o[1]
		w := ax*by - bx*ay
		x, y, sum = x+w*(ax+bx), y+w*(ay+by), sum+w
	}
	if sum == 0 {
		return orb.Point{}, false
	}
	return orb.Point{o[0] + x/(3*sum), o[1] + y/(3*sum)}, true
}

// between goes a share of the way along a side. Sides of tracks and areas are
// straight in longitude and latitude, as RFC 7946 section 3.1.1 has them.
func between(a, b orb.Point, share float64) orb.Point {
	return orb.Point{a[0] + (b[0]-a[0])*share, a[1] + (b[1]-a[1])*share}
}

// densify adds points so that none is farther from the next than a step of
// latitude, or the same distance east and west.
func densify(l []orb.Point, step float64) []orb.Point {
	if len(l) == 0 {
		return nil
	}
	out := append(make([]orb.Point, 0, 2*len(l)), l[0])
	for i := 1; i < len(l); i++ {
		a, b := l[i-1], l[i]
		dx := (b[0] - a[0]) * math.Cos(radians((a[1]+b[1])/2))
		n := math.Ceil(math.Max(math.Abs(dx), math.Abs(b[1]-a[1])) / step)
		for j := 1.0; j < n; j++ {
			out = append(out, between(a, b, j/n))
		}
		out = append(out, b)
	}
	return out
}
