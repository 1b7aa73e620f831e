package crs

import (
	"math"

	"github.com/paulmach/orb"
)

const (
	// sideSteps is into how many steps a side of a box is cut.
	sideSteps = 256
	// cameBack is how far from itself a position may return, metres, before it
	// counts as one that the system cannot show.
	cameBack = 0.01
	// leapDegrees in one step of a side means that it passes a pole.
	leapDegrees = 60
	// hairDegrees is added to a box in degrees for the arithmetic: 0.1 mm.
	hairDegrees = 1e-9
	// hairMetres is the same for a box in metres.
	hairMetres = 1e-4
)

// ProjectBound is a box in the system, x first, that surely holds the image of a
// box in CRS84. A box whose least longitude is above its greatest crosses the
// antimeridian (RFC 7946, 5.2).
func (s *System) ProjectBound(b orb.Bound) orb.Bound {
	if s.plane == nil {
		return b
	}
	if b.Min[0] > b.Max[0] {
		b.Max[0] += 360
	}
	b.Max[0] = math.Min(b.Max[0], b.Min[0]+360)
	if s.plane.straight {
		return orb.Bound{Min: s.plane.forward(b.Min), Max: s.plane.forward(b.Max)}
	}
	for _, torn := range s.plane.torn {
		if holds(b, torn) {
			return s.plane.reach
		}
	}
	side := outline(b)
	for i, p := range side {
		side[i] = s.plane.forward(p)
	}
	return widened(side, hairMetres)
}

// UnprojectBound is one or two boxes in CRS84 that surely cover a box in the
// system, x first: two where it crosses the antimeridian, each with its least
// longitude first; none for a box that is empty. A box with a pole in it has all
// longitudes, and one that reaches beyond what the system can show, as the
// corners of a square round a disc do, has the whole world. In a system of
// degrees a box crosses the antimeridian if its least longitude is above its
// greatest; elsewhere that makes it empty.
//
// A box in metres has curved sides in degrees, so these hold more than it does.
// Whoever must be exact takes what they hold and looks at its projection.
func (s *System) UnprojectBound(b orb.Bound) []orb.Bound {
	if s.plane == nil && b.Min[0] > b.Max[0] {
		b.Max[0] += 360
	}
	if !(b.Min[0] <= b.Max[0] && b.Min[1] <= b.Max[1]) {
		return nil
	}
	switch {
	case s.plane == nil:
		return split(b)
	case s.plane.straight:
		return split(s.plane.unstretch(b))
	}
	side := outline(b)
	for i, p := range side {
		at := s.toDegrees(p)
		back := s.plane.forward(at)
		if !(math.Hypot(back[0]-p[0], back[1]-p[1]) < cameBack) {
			return []orb.Bound{world}
		}
		side[i] = at
	}
	allLongitudes := unwrap(side)
	out := widened(side, hairDegrees)
	for _, pole := range [2]float64{90, -90} {
		if b.Contains(s.plane.forward(orb.Point{0, pole})) {
			allLongitudes = true
			out = out.Extend(orb.Point{out.Min[0], pole})
		}
	}
	if allLongitudes {
		out.Min[0], out.Max[0] = -180, 180
	}
	return split(out)
}

// outline is a box as a closed path in small steps.
func outline(b orb.Bound) []orb.Point {
	corners := b.ToRing()
	out := make([]orb.Point, 0, 4*sideSteps+1)
	for i := range 4 {
		from, to := corners[i], corners[i+1]
		for step := range sideSteps {
			t := float64(step) / sideSteps
			out = append(out, orb.Point{from[0]*(1-t) + to[0]*t, from[1]*(1-t) + to[1]*t})
		}
	}
	return append(out, corners[0])
}

// unwrap lets the longitudes of a path run on past 180, in place. True if it goes
// so near to a pole that they say nothing.
func unwrap(path []orb.Point) bool {
	leap := 0.0
	for i := 1; i < len(path); i++ {
		path[i][0] = path[i-1][0] + math.Remainder(path[i][0]-path[i-1][0], 360)
		leap = math.Max(leap, math.Abs(path[i][0]-path[i-1][0]))
	}
	return leap > leapDegrees
}

// widened is the box of a path in small steps, made wider by what may lie between
// them. A smooth line leaves the chord of two steps by at most an eighth of its
// second difference, and one that turns as sharply as past a pole by half.
func widened(path []orb.Point, hair float64) orb.Bound {
	out := orb.LineString(path).Bound()
	for axis := range 2 {
		bend := 0.0
		for i := 2; i < len(path); i++ {
			if i%sideSteps == 1 { // round a corner there is nothing to learn
				continue
			}
			bend = math.Max(bend, math.Abs(path[i][axis]-2*path[i-1][axis]+path[i-2][axis]))
		}
		out.Min[axis] -= bend + hair
		out.Max[axis] += bend + hair
	}
	return out
}

// holds tells whether a box in degrees has a position in it, whatever the turn.
func holds(b orb.Bound, p orb.Point) bool {
	p[0] += 360 * math.Ceil((b.Min[0]-p[0])/360)
	return b.Contains(p)
}

// split cuts a box in degrees, its longitudes running on past 180, at the
// antimeridian.
func split(b orb.Bound) []orb.Bound {
	b.Min[1], b.Max[1] = math.Max(b.Min[1], -90), math.Min(b.Max[1], 90)
	if b.Min[1] > b.Max[1] {
		return nil
	}
	if b.Max[0]-b.Min[0] >= 360 {
		b.Min[0], b.Max[0] = -180, 180
		return []orb.Bound{b}
	}
	if turn := 360 * math.Floor((b.Min[0]+180)/360); turn != 0 {
		b.Min[0] -= turn
		b.Max[0] -= turn
	}
	if b.Max[0] <= 180 {
		return []orb.Bound{b}
	}
	east := b
	b.Max[0] = 180
	east.Min[0], east.Max[0] = -180, east.Max[0]-360
	return []orb.Bound{b, east}
}
