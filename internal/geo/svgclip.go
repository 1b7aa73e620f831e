package geo

import (
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// clipMargin keeps the strokes of clipped edges out of the picture, px.
const clipMargin = 6

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

// areas draws polygons as one path each, cut to the picture. Holes are left
// out by the even-odd rule of the class or drawn over by nothing: the land
// layer has none that matters at this size.
func (c *canvas) areas(class string, polygons orb.MultiPolygon) {
	box := c.reach()
	for _, p := range polygons {
		if len(p) == 0 || !box.Intersects(p.Bound()) {
			continue
		}
		for i, ring := range p {
			if cut := c.clipRing(ring); len(cut) > 2 && (i == 0 || class != "c-land") {
				c.path(class, cut, true)
			}
		}
	}
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

// clipRing projects a ring and cuts it to the picture (Sutherland and Hodgman
// 1974); points that lie within a px of the last are left out.
func (c *canvas) clipRing(ring []orb.Point) []orb.Point {
	out := make([]orb.Point, 0, len(ring))
	// An edge of many degrees is straight on the globe's grid, not on the picture.
	for _, p := range densify(ring, 2) {
		q := c.px(p)
		if n := len(out); n == 0 || math.Abs(q[0]-out[n-1][0])+math.Abs(q[1]-out[n-1][1]) > 1.2 {
			out = append(out, q)
		}
	}
	for _, side := range []struct {
		axis  int
		limit float64
		sign  float64
	}{{0, -clipMargin, 1}, {0, c.w + clipMargin, -1}, {1, -clipMargin, 1}, {1, c.h + clipMargin, -1}} {
		out = cutSide(out, side.axis, side.limit, side.sign)
	}
	return out
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

// line draws a path of points in degrees; parts far outside are left out.
func (c *canvas) line(class string, points []orb.Point) {
	var piece []orb.Point
	for _, p := range densify(points, 1) {
		q := c.px(p)
		if !c.sees(q, 200) {
			c.path(class, piece, false)
			piece = nil
			continue
		}
		piece = append(piece, q)
	}
	c.path(class, piece, false)
}

// path writes points in px with one decimal.
func (c *canvas) path(class string, points []orb.Point, closed bool) {
	if len(points) < 2 {
		return
	}
	b := append(c.AvailableBuffer(), `<path class="`...)
	b = append(b, class...)
	b = append(b, `" d="M`...)
	for i, p := range points {
		if i > 0 {
			b = append(b, 'L')
		}
		b = strconv.AppendFloat(b, math.Round(p[0]*10)/10, 'f', -1, 64)
		b = append(b, ' ')
		b = strconv.AppendFloat(b, math.Round(p[1]*10)/10, 'f', -1, 64)
	}
	if closed {
		b = append(b, 'Z')
	}
	c.Write(append(b, `"/>`...))
}
