package geo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// ringContains tells whether a point lies in a ring, in plain longitude and
// latitude, by counting the sides that a line eastwards crosses. A point on the
// ring itself may go either way.
func ringContains(r orb.Ring, p orb.Point) bool {
	in := false
	for i := 1; i < len(r); i++ {
		in = in != eastOf(p, r[i-1], r[i])
	}
	return in
}

// eastOf tells whether a line eastwards from p crosses the side from a to b.
func eastOf(p, a, b orb.Point) bool {
	return (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(b[0]-a[0])*(p[1]-a[1])/(b[1]-a[1])
}

// polygonContains counts the holes as outside.
func polygonContains(area orb.Polygon, p orb.Point) bool {
	in := false
	for _, r := range area {
		if ringContains(r, p) {
			in = !in
		}
	}
	return in
}

// crossings are the longitudes at which a parallel meets an area, from the west.
func crossings(area orb.Polygon, lat float64) []float64 {
	var xs []float64
	for _, r := range area {
		for i := 1; i < len(r); i++ {
			a, b := r[i-1], r[i]
			if (a[1] > lat) != (b[1] > lat) {
				xs = append(xs, a[0]+(b[0]-a[0])*(lat-a[1])/(b[1]-a[1]))
			}
		}
	}
	slices.Sort(xs)
	return xs
}

// boxed is a polygon with its box, so that most questions end at the box. One of
// many sides has them by latitude as well.
type boxed struct {
	polygon orb.Polygon
	box     orb.Bound
	bands   [][][2]orb.Point // of equal height over the box, from the south: the sides that reach into each
}

// sidesABand is how many sides a band is to hold, and a polygon without bands at most.
const sidesABand = 64

// banded gives a polygon that will be asked often its bands.
func (b boxed) banded() boxed {
	sides := 0
	for _, r := range b.polygon {
		sides += len(r)
	}
	if sides <= sidesABand {
		return b
	}
	b.bands = make([][][2]orb.Point, sides/sidesABand+1)
	for _, r := range b.polygon {
		for i := 1; i < len(r); i++ {
			from, to := b.band(r[i-1][1]), b.band(r[i][1])
			for k := min(from, to); k <= max(from, to); k++ {
				b.bands[k] = append(b.bands[k], [2]orb.Point{r[i-1], r[i]})
			}
		}
	}
	return b
}

// band is the one in which a latitude of the box lies.
func (b *boxed) band(lat float64) int {
	share := (lat - b.box.Min[1]) / (b.box.Max[1] - b.box.Min[1])
	return max(0, min(len(b.bands)-1, int(share*float64(len(b.bands)))))
}

// box takes a geometry of areas apart; other parts are left out.
func box(g orb.Geometry) []boxed {
	var out []boxed
	switch g := g.(type) {
	case orb.Polygon:
		out = append(out, boxed{polygon: g, box: g.Bound()})
	case orb.MultiPolygon:
		for _, p := range g {
			out = append(out, boxed{polygon: p, box: p.Bound()})
		}
	}
	return out
}

func (b *boxed) contains(p orb.Point) bool {
	if b.bands == nil || !b.box.Contains(p) {
		return b.box.Contains(p) && polygonContains(b.polygon, p)
	}
	in := false
	for _, s := range b.bands[b.band(p[1])] {
		in = in != eastOf(p, s[0], s[1])
	}
	return in
}

func anyContains(areas []boxed, p orb.Point) bool {
	for i := range areas { // a copy of each would cost more than the answer
		if areas[i].contains(p) {
			return true
		}
	}
	return false
}

// touches tells whether a geometry shares a point with the area.
func (b boxed) touches(g orb.Geometry) bool {
	for _, path := range paths(g) {
		box := orb.LineString(path).Bound()
		if !b.box.Intersects(box) {
			continue
		}
		if b.contains(path[0]) || b.crosses(path) {
			return true
		}
	}
	return slices.ContainsFunc(box(g), func(o boxed) bool { return o.contains(b.polygon[0][0]) })
}

// MeetsBox tells whether a geometry has a point in common with a box in degrees,
// its edges included, in the plane of longitude and latitude.
func MeetsBox(g orb.Geometry, box orb.Bound) bool {
	if p, ok := g.(orb.Point); ok {
		return box.Contains(p)
	}
	around := g.Bound()
	if !box.Intersects(around) {
		return false
	}
	if box.Contains(around.Min) && box.Contains(around.Max) {
		return true
	}
	return boxed{polygon: box.ToPolygon(), box: box}.touches(g)
}

// crosses tells whether a path meets the area's edge.
func (b boxed) crosses(path []orb.Point) bool {
	for i := 1; i < len(path); i++ {
		side := orb.LineString(path[i-1 : i+1])
		if !b.box.Intersects(side.Bound()) {
			continue
		}
		for _, r := range b.polygon {
			for j := 1; j < len(r); j++ {
				if segmentsMeet(path[i-1], path[i], r[j-1], r[j]) {
					return true
				}
			}
		}
	}
	return false
}

// segmentsMeet tells whether two sides share a point, in the plane.
func segmentsMeet(a, b, c, d orb.Point) bool {
	if math.Max(a[0], b[0]) < math.Min(c[0], d[0]) || math.Max(c[0], d[0]) < math.Min(a[0], b[0]) ||
		math.Max(a[1], b[1]) < math.Min(c[1], d[1]) || math.Max(c[1], d[1]) < math.Min(a[1], b[1]) {
		return false
	}
	return turn(a, b, c)*turn(a, b, d) <= 0 && turn(c, d, a)*turn(c, d, b) <= 0
}

// turn is positive when c lies to the left of the way from a to b.
func turn(a, b, c orb.Point) float64 {
	return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0])
}

// paths are the lines that a geometry consists of, a point being a path of one.
// Longitudes are unwrapped.
func paths(g orb.Geometry) [][]orb.Point {
	switch g := g.(type) {
	case orb.Point:
		return [][]orb.Point{{orb.Point{halfCircle(g[0]), g[1]}}}
	case orb.LineString:
		if len(g) > 0 {
			return [][]orb.Point{unwrapLine(g)}
		}
	case orb.Ring:
		if len(g) > 0 {
			return [][]orb.Point{unwrapRing(g)}
		}
	case orb.Bound:
		return paths(g.ToPolygon())
	}
	var out [][]orb.Point
	for _, part := range parts(g) {
		out = append(out, paths(part)...)
	}
	return out
}

// parts are the members of a geometry of several parts.
func parts(g orb.Geometry) []orb.Geometry {
	switch g := g.(type) {
	case orb.Polygon:
		return spread(g)
	case orb.MultiPoint:
		return spread(g)
	case orb.MultiLineString:
		return spread(g)
	case orb.MultiPolygon:
		return spread(g)
	case orb.Collection:
		return g
	}
	return nil
}

func spread[G orb.Geometry](of []G) []orb.Geometry {
	out := make([]orb.Geometry, len(of))
	for i, g := range of {
		out[i] = g
	}
	return out
}

// vertices are all the points of a geometry.
func vertices(g orb.Geometry) []orb.Point { return slices.Concat(paths(g)...) }
