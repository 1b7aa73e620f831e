package geo

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"
)

// clipMargin keeps the strokes of clipped edges out of the picture, px.
const clipMargin = 6

// looseness is how far a drawn line may lie from the true one, px: less than
// half a stroke.
const looseness = 0.4

// leastPx is the least area that is drawn, square px: a smaller island is a dot
// that only its coast line would fill.
const leastPx = 1.5

// chordStep is the longest side that is projected by its ends alone, degrees of
// latitude. A straight line over the map's whole width would leave its parallel
// by hundreds of km and turn land and sea round.
const chordStep = 1

// spreadAreas takes any geometry apart into its areas.
func spreadAreas(g orb.Geometry) orb.MultiPolygon {
	switch g := g.(type) {
	case orb.Polygon:
		return orb.MultiPolygon{g}
	case orb.MultiPolygon:
		return g
	}
	return nil
}

// areas draws polygons as one path, cut to the picture. Holes are left open by
// the even-odd rule; what would be smaller than leastPx is left out.
func (c *canvas) areas(class string, polygons orb.MultiPolygon) {
	box := c.reach()
	var rings [][]orb.Point
	for _, p := range polygons {
		if len(p) == 0 || !box.Intersects(p.Bound()) {
			continue
		}
		for _, ring := range p {
			if cut := c.clipRing(ring); len(cut) > 2 && math.Abs(signedArea(append(cut, cut[0]))) > leastPx {
				rings = append(rings, cut)
			}
		}
	}
	c.shape(class, rings, true)
}

// reach is a box in degrees that holds everything that the picture shows.
func (c *canvas) reach() orb.Bound {
	box := orb.Bound{Min: orb.Point{180, 90}, Max: orb.Point{-180, -90}}
	const steps = 24
	for i := 0; i <= steps; i++ {
		x, y := c.w*float64(i)/steps, c.h*float64(i)/steps
		for _, p := range []orb.Point{{x, 0}, {x, c.h}, {0, y}, {c.w, y}} {
			box = box.Extend(c.degrees(p))
		}
	}
	return box.Pad(1)
}

// clipRing projects a ring, cuts it to the picture (Sutherland and Hodgman
// 1974) and thins it. The ring comes back open, and empty when out of sight.
func (c *canvas) clipRing(ring []orb.Point) []orb.Point {
	out := make([]orb.Point, 0, len(ring))
	for _, p := range densify(ring, chordStep) {
		q := c.px(p)
		if n := len(out); n == 0 || math.Abs(q[0]-out[n-1][0])+math.Abs(q[1]-out[n-1][1]) > looseness/2 {
			out = append(out, q)
		}
	}
	for axis, limit := range [2]float64{c.w, c.h} {
		out = cutSide(out, axis, -clipMargin, 1)
		out = cutSide(out, axis, limit+clipMargin, -1)
	}
	if len(out) < 3 {
		return nil
	}
	closed := simplify.DouglasPeucker(looseness).Ring(append(out, out[0]))
	return closed[:len(closed)-1]
}

// cutSide keeps what lies on one side of a line across the picture.
func cutSide(ring []orb.Point, axis int, limit, sign float64) []orb.Point {
	out := ring[:0:0]
	for i, p := range ring {
		prev := ring[(i+len(ring)-1)%len(ring)]
		in, was := sign*(p[axis]-limit) >= 0, sign*(prev[axis]-limit) >= 0
		if in != was {
			t := (limit - prev[axis]) / (p[axis] - prev[axis])
			out = append(out, orb.Point{prev[0] + t*(p[0]-prev[0]), prev[1] + t*(p[1]-prev[1])})
		}
		if in {
			out = append(out, p)
		}
	}
	return out
}

// clipLine projects a line and cuts it to the picture; what leaves and comes
// back is several pieces.
func (c *canvas) clipLine(points []orb.Point) [][]orb.Point {
	var pieces [][]orb.Point
	var last orb.Point
	for i, p := range densify(points, chordStep) {
		q := c.px(p)
		if i > 0 {
			if a, b, ok := c.cutSegment(last, q); ok {
				n := len(pieces)
				if n == 0 || pieces[n-1][len(pieces[n-1])-1] != a {
					pieces, n = append(pieces, []orb.Point{a}), n+1
				}
				pieces[n-1] = append(pieces[n-1], b)
			}
		}
		last = q
	}
	for i, piece := range pieces {
		pieces[i] = simplify.DouglasPeucker(looseness / 4).LineString(piece)
	}
	return pieces
}

// cutSegment is the part of a straight line in px that is in sight (Liang and
// Barsky 1984).
func (c *canvas) cutSegment(a, b orb.Point) (from, to orb.Point, ok bool) {
	t0, t1 := 0.0, 1.0
	for axis, limit := range [2]float64{c.w, c.h} {
		d := b[axis] - a[axis]
		low, high := -clipMargin-a[axis], limit+clipMargin-a[axis]
		if d == 0 {
			if low > 0 || high < 0 {
				return a, b, false
			}
			continue
		}
		t0 = math.Max(t0, math.Min(low/d, high/d))
		t1 = math.Min(t1, math.Max(low/d, high/d))
	}
	if t0 >= t1 {
		return a, b, false
	}
	from, to = a, b
	if t0 > 0 {
		from = between(a, b, t0)
	}
	if t1 < 1 {
		to = between(a, b, t1)
	}
	return from, to, true
}
