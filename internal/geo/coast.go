package geo

import (
	"cmp"
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
// stands for the shortest way over the surface and no meridian is special. Its
// sides are the leaves of a tree of spheres, each of which says how near what is
// in it can be at best.
type coastIndex struct {
	sides []coastSide
	nodes []ball // the root is the first
}

// coastSide is one side of a ring of land.
type coastSide struct {
	a, b   orb.Point
	va, vb vector
}

// ball is a sphere round the sides from..to, or, with children, round theirs.
type ball struct {
	centre   vector
	radius   float64
	from, to int
	left     int // its children are left and left+1; 0: it has none
}

const leafSides = 8

func indexCoast(land orb.MultiPolygon) *coastIndex {
	c := &coastIndex{}
	for _, p := range land {
		for _, r := range p {
			for i := 1; i < len(r); i++ {
				c.sides = append(c.sides, coastSide{r[i-1], r[i], toSpace(r[i-1]), toSpace(r[i])})
			}
		}
	}
	if len(c.sides) > 0 {
		c.nodes = append(c.nodes, ball{from: 0, to: len(c.sides)})
		c.split(0)
	}
	return c
}

// split finds the sphere of a node, and parts its sides along the axis on which
// they lie furthest apart.
func (c *coastIndex) split(n int) {
	b := &c.nodes[n]
	sides := c.sides[b.from:b.to]
	low, high := vector{math.Inf(1), math.Inf(1), math.Inf(1)}, vector{math.Inf(-1), math.Inf(-1), math.Inf(-1)}
	for _, s := range sides {
		for axis := range 3 {
			low[axis] = min(low[axis], s.va[axis], s.vb[axis])
			high[axis] = max(high[axis], s.va[axis], s.vb[axis])
		}
	}
	b.centre = low.along(high.sub(low), 0.5)
	for _, s := range sides {
		b.radius = max(b.radius, s.va.sub(b.centre).length(), s.vb.sub(b.centre).length())
	}
	if len(sides) <= leafSides {
		return
	}
	axis, spread := 0, high.sub(low)
	for i := range spread {
		if spread[i] > spread[axis] {
			axis = i
		}
	}
	slices.SortFunc(sides, func(x, y coastSide) int { return cmp.Compare(x.va[axis]+x.vb[axis], y.va[axis]+y.vb[axis]) })
	from, to, middle := b.from, b.to, b.from+len(sides)/2
	b.left = len(c.nodes)
	left := b.left
	c.nodes = append(c.nodes, ball{from: from, to: middle}, ball{from: middle, to: to})
	c.split(left)
	c.split(left + 1)
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

// search improves on the best meeting so far for the side from a to b.
func (c *coastIndex) search(a, b orb.Point, best *nearest) {
	if len(c.nodes) > 0 {
		s := side{a, b, toSpace(a), toSpace(b)}
		c.searchNode(0, c.nodes[0].reach(s), s, best)
	}
}

// touchGap is how far apart two sides that cross each other are at most, in
// metres: seen from space one passes under the other.
const touchGap = 500

// reach is how near what is in the sphere can be to a side.
func (b *ball) reach(s side) float64 { return pointToSegment(b.centre, s.va, s.vb) - b.radius }

// searchNode looks into what may be nearer than the best, or touch.
func (c *coastIndex) searchNode(n int, reach float64, s side, best *nearest) {
	if best.touching || reach > max(best.gap, touchGap) {
		return
	}
	b := &c.nodes[n]
	if b.left == 0 {
		c.searchSides(c.sides[b.from:b.to], s, best)
		return
	}
	// What is probably nearer comes first: it may rule the other one out.
	near, far := b.left, b.left+1
	nearReach, farReach := c.nodes[near].reach(s), c.nodes[far].reach(s)
	if farReach < nearReach {
		near, far, nearReach, farReach = far, near, farReach, nearReach
	}
	c.searchNode(near, nearReach, s, best)
	c.searchNode(far, farReach, s, best)
}

func (c *coastIndex) searchSides(coast []coastSide, s side, best *nearest) {
	for _, l := range coast {
		own, share, gap := segmentToSegment(s.va, s.vb, l.va, l.vb)
		if gap < best.gap {
			best.gap, best.own, best.coast = gap, between(s.a, s.b, own), between(l.a, l.b, share)
		}
		if gap < touchGap && segmentsMeet(s.a, s.b, l.a, l.b) {
			best.touching = true
			return
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
