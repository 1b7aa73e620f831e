package geo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// vector is a point in space, metres from the centre of the earth.
type vector [3]float64

// toSpace puts a position on the ellipsoid (EPSG method 9602, height 0).
func toSpace(p orb.Point) vector {
	sinP, cosP := math.Sincos(radians(p[1]))
	sinL, cosL := math.Sincos(radians(p[0]))
	n := semiMajor / math.Sqrt(1-eccSq*sinP*sinP)
	return vector{n * cosP * cosL, n * cosP * sinL, n * (1 - eccSq) * sinP}
}

func (v vector) sub(w vector) vector  { return vector{v[0] - w[0], v[1] - w[1], v[2] - w[2]} }
func (v vector) dot(w vector) float64 { return v[0]*w[0] + v[1]*w[1] + v[2]*w[2] }
func (v vector) length() float64      { return math.Sqrt(v.dot(v)) }
func (v vector) along(d vector, t float64) vector {
	return vector{v[0] + d[0]*t, v[1] + d[1]*t, v[2] + d[2]*t}
}

// The coast is searched in space, where a straight line between two near points
// stands for the shortest way over the surface, no meridian is special, and
// spheres round runs of the coast say how near they can be at best.
type coastIndex struct {
	points []vector    // the vertices of all rings
	lonlat []orb.Point // the same in degrees
	groups []ball      // each over a run of leaves
	leaves []ball      // each over a run of sides
}

// ball is a sphere round the members from..to of the level below.
type ball struct {
	centre   vector
	radius   float64
	from, to int
}

// Sides in a leaf, and leaves in a group.
const leafSize, groupSize = 16, 16

func indexCoast(land orb.MultiPolygon) *coastIndex {
	c := &coastIndex{}
	for _, p := range land {
		for _, r := range p {
			first := len(c.points)
			for _, q := range r {
				c.points = append(c.points, toSpace(q))
				c.lonlat = append(c.lonlat, q)
			}
			for i := first; i < len(c.points)-1; i += leafSize {
				to := min(i+leafSize, len(c.points)-1)
				c.leaves = append(c.leaves, around(i, to, c.points[i:to+1], nil))
			}
		}
	}
	for i := 0; i < len(c.leaves); i += groupSize {
		to := min(i+groupSize, len(c.leaves))
		var centres []vector
		var radii []float64
		for _, l := range c.leaves[i:to] {
			centres, radii = append(centres, l.centre), append(radii, l.radius)
		}
		c.groups = append(c.groups, around(i, to, centres, radii))
	}
	return c
}

// around is a sphere round points, or round spheres when radii are given.
func around(from, to int, points []vector, radii []float64) ball {
	b := ball{from: from, to: to}
	for _, p := range points {
		b.centre = b.centre.along(p, 1/float64(len(points)))
	}
	for i, p := range points {
		r := p.sub(b.centre).length()
		if radii != nil {
			r += radii[i]
		}
		b.radius = math.Max(b.radius, r)
	}
	return b
}

// nearest is the closest meeting found so far of a side with the coast.
type nearest struct {
	gap      float64 // metres, straight through space
	own      orb.Point
	coast    orb.Point
	touching bool
}

// side is a stretch of a track, in degrees and in space.
type side struct {
	a, b   orb.Point
	va, vb vector
}

// search improves on the best meeting so far for the side from a to b. It begins
// where the coast is likely to be nearest: what is found there rules out most of
// the rest unseen.
func (c *coastIndex) search(a, b orb.Point, best *nearest) {
	s := side{a, b, toSpace(a), toSpace(b)}
	first, least := -1, best.gap
	for i, g := range c.groups {
		if gap := pointToSegment(g.centre, s.va, s.vb) - g.radius/2; gap < least {
			first, least = i, gap
		}
	}
	if first >= 0 {
		c.searchGroup(c.groups[first], s, best)
	}
	for i, g := range c.groups {
		if best.touching {
			return
		}
		if i != first && pointToSegment(g.centre, s.va, s.vb)-g.radius <= best.gap {
			c.searchGroup(g, s, best)
		}
	}
}

func (c *coastIndex) searchGroup(g ball, s side, best *nearest) {
	for _, l := range c.leaves[g.from:g.to] {
		if pointToSegment(l.centre, s.va, s.vb)-l.radius > best.gap {
			continue
		}
		for i := l.from; i < l.to; i++ {
			own, coast, gap := segmentToSegment(s.va, s.vb, c.points[i], c.points[i+1])
			if gap < best.gap {
				best.gap, best.own = gap, between(s.a, s.b, own)
				best.coast = between(c.lonlat[i], c.lonlat[i+1], coast)
			}
			// A side that cuts across passes under or over by some metres.
			if gap < 500 && segmentsMeet(s.a, s.b, c.lonlat[i], c.lonlat[i+1]) {
				best.touching = true
				return
			}
		}
	}
}

// CoastDistanceNM is how far the nearest land is, from the nearest point of a
// track or area; 0 when it touches land, NaN for no geometry. The coast is
// generalised to some 100 m. The atlas has land only in its window (see Land):
// far outside it the answer is the distance to land inside, an upper limit.
func (a *Atlas) CoastDistanceNM(g orb.Geometry) float64 {
	best := nearest{gap: math.Inf(1)}
	for _, path := range paths(g) {
		if a.onLand(path[0]) {
			return 0
		}
		path = densify(path, sampleStep)
		if len(path) == 1 {
			path = append(path, path[0])
		}
		for i := 1; i < len(path); i++ {
			if a.coast.search(path[i-1], path[i], &best); best.touching {
				return 0
			}
		}
	}
	if math.IsInf(best.gap, 1) {
		return math.NaN()
	}
	for _, area := range box(g) {
		if slices.ContainsFunc(a.landAreas, func(l boxed) bool { return area.contains(l.polygon[0][0]) }) {
			return 0
		}
	}
	return DistanceNM(best.own, best.coast)
}

func (a *Atlas) onLand(p orb.Point) bool {
	p[0] = halfCircle(p[0])
	return anyContains(a.landAreas, p)
}

// pointToSegment is the distance from a point to the segment a–b.
func pointToSegment(p, a, b vector) float64 {
	d, w := b.sub(a), p.sub(a)
	t := 0.0
	if l := d.dot(d); l > 0 {
		t = clamp(w.dot(d) / l)
	}
	return w.along(d, -t).length()
}

// segmentToSegment is the least distance between two segments, with the shares
// of the way along each at which it is (C. Ericson, Real-Time Collision
// Detection, 5.1.9).
func segmentToSegment(p1, q1, p2, q2 vector) (s, t, gap float64) {
	d1, d2, r := q1.sub(p1), q2.sub(p2), p1.sub(p2)
	a, e, f := d1.dot(d1), d2.dot(d2), d2.dot(r)
	if a > 0 {
		c, b := d1.dot(r), d1.dot(d2)
		if den := a*e - b*b; den > 1e-9*a*e {
			s = clamp((b*f - c*e) / den)
		}
		if e > 0 {
			t = (b*s + f) / e
		}
		if t < 0 || t > 1 || e == 0 {
			t = clamp(t)
			s = clamp((b*t - c) / a)
		}
	} else if e > 0 {
		t = clamp(f / e)
	}
	return s, t, r.along(d1, s).along(d2, -t).length()
}

func clamp(share float64) float64 { return math.Max(0, math.Min(1, share)) }
