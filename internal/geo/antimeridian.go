package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// A side that jumps more than half way round is taken to go the short way, over
// the antimeridian; a side along a pole never is.
func jumps(a, b orb.Point) bool {
	return math.Abs(b[0]-a[0]) > 180 && (math.Abs(a[1]) < 90 || math.Abs(b[1]) < 90)
}

// leaves tells whether a path crosses the antimeridian or lies past it.
func leaves(path []orb.Point) bool {
	for i, p := range path {
		if math.Abs(p[0]) > 180 || i > 0 && jumps(path[i-1], p) {
			return true
		}
	}
	return false
}

// unwrapLine gives a path without jumps, its longitudes running on past 180.
// It returns the path itself when there is nothing to do.
func unwrapLine(path []orb.Point) orb.LineString {
	if !leaves(path) {
		return path
	}
	out := make(orb.LineString, len(path))
	turn := 0.0
	for i, p := range path {
		if i > 0 && jumps(path[i-1], p) {
			turn -= 360 * math.Round((p[0]-path[i-1][0])/360)
		}
		out[i] = orb.Point{p[0] + turn, p[1]}
	}
	return out
}

// unwrapRing is unwrapLine for rings. One that goes round a pole ends a turn
// away from its start, and is closed over that pole.
func unwrapRing(r orb.Ring) orb.Ring {
	u := orb.Ring(unwrapLine(r))
	if len(u) < 3 || math.Abs(u[len(u)-1][0]-u[0][0]) < 180 {
		return u
	}
	pole, sum := 90.0, 0.0
	for _, p := range u {
		sum += p[1]
	}
	if sum < 0 {
		pole = -90
	}
	return append(u, orb.Point{u[len(u)-1][0], pole}, orb.Point{u[0][0], pole}, u[0])
}

// turnOf is the number of whole turns east that a longitude lies.
func turnOf(lon float64) float64 { return math.Floor((lon + 180) / 360) }

// cutLine cuts a line at the antimeridian (RFC 7946 section 3.1.9).
func cutLine(l orb.LineString) orb.MultiLineString {
	u := unwrapLine(l)
	var out orb.MultiLineString
	var last float64
	add := func(a, b orb.Point) {
		t := turnOf((a[0] + b[0]) / 2)
		if len(out) == 0 || t != last {
			out = append(out, orb.LineString{{a[0] - 360*t, a[1]}})
		}
		last = t
		out[len(out)-1] = append(out[len(out)-1], orb.Point{b[0] - 360*t, b[1]})
	}
	for i := 1; i < len(u); i++ {
		a, b := u[i-1], u[i]
		for t := turnOf(a[0]); t != turnOf(b[0]); {
			edge := 360*t + 180
			next := t + 1
			if b[0] < a[0] {
				edge, next = 360*t-180, t-1
			}
			x := between(a, b, (edge-a[0])/(b[0]-a[0]))
			x[0] = edge
			if x != a && x != b {
				add(a, x)
				a = x
			}
			t = next
		}
		if a != b {
			add(a, b)
		}
	}
	return out
}

// cutPolygon cuts an area at the antimeridian. A shape that crosses it many
// times keeps its parts on a side joined along the cut.
func cutPolygon(p orb.Polygon) orb.MultiPolygon {
	if len(p) == 0 {
		return nil
	}
	shell := unwrapRing(p[0])
	b := shell.Bound()
	var out orb.MultiPolygon
	for t := turnOf(b.Min[0]); 360*t-180 < b.Max[0]; t++ {
		part := cutTurn(shell, t)
		if part == nil {
			continue
		}
		cut := orb.Polygon{part}
		for _, h := range p[1:] {
			hole := unwrapRing(h)
			home := hole.Bound().Min[0]
			shift := 360 * math.Ceil((b.Min[0]-home)/360)
			if h := cutTurn(hole, t-shift/360); h != nil {
				cut = append(cut, h)
			}
		}
		out = append(out, cut)
	}
	return out
}

// cutTurn is the part of an unwrapped ring in one turn, moved home.
func cutTurn(r orb.Ring, t float64) orb.Ring {
	open := clipSide(clipSide(r, 0, 360*t-180, 1), 0, 360*t+180, -1)
	if len(open) < 3 {
		return nil
	}
	out := make(orb.Ring, 0, len(open)+1)
	for _, p := range open {
		out = append(out, orb.Point{p[0] - 360*t, p[1]})
	}
	if out[0] != out[len(out)-1] {
		out = append(out, out[0])
	}
	if signedArea(out) == 0 {
		return nil
	}
	return out
}

// clipSide keeps the part of a ring on one side of a line across an axis
// (Sutherland and Hodgman); sign 1 keeps what is above at, -1 what is below.
// The result is closed only where the ring was untouched at its start.
func clipSide(r []orb.Point, axis int, at, sign float64) []orb.Point {
	if len(r) == 0 {
		return nil
	}
	out := make([]orb.Point, 0, len(r)+8)
	a := r[len(r)-1]
	inA := (a[axis]-at)*sign >= 0
	for _, b := range r {
		inB := (b[axis]-at)*sign >= 0
		if inA != inB {
			x := between(a, b, (at-a[axis])/(b[axis]-a[axis]))
			x[axis] = at
			out = append(out, x)
		}
		if inB {
			out = append(out, b)
		}
		a, inA = b, inB
	}
	return out
}

// signedArea is a ring's area in square degrees, positive when anticlockwise.
func signedArea(r []orb.Point) float64 {
	if len(r) == 0 {
		return 0
	}
	sum, o := 0.0, r[0]
	for i := 1; i < len(r); i++ {
		sum += (r[i-1][0]-o[0])*(r[i][1]-o[1]) - (r[i][0]-o[0])*(r[i-1][1]-o[1])
	}
	return sum / 2
}

// Bounds is the least and greatest longitude and latitude of a geometry: the
// whole turn when it crosses the antimeridian, the zero box for no geometry.
func Bounds(g orb.Geometry) orb.Bound {
	var b orb.Bound
	for i, path := range paths(g) {
		pb := orb.LineString(path).Bound()
		if leaves(path) {
			pb.Min[0], pb.Max[0] = -180, 180
		}
		if i == 0 {
			b = pb
		} else {
			b = b.Union(pb)
		}
	}
	return b
}
