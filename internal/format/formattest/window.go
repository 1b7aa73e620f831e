package formattest

import (
	"math/rand/v2"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
)

// Many gives n features between 10 and 30 E, 50 and 70 N: points, and every
// tenth a small triangle. They are the same at every run.
func Many(n int, fn func(*feature.Feature)) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		p := orb.Point{10 + r.Float64()*20, 50 + r.Float64()*20}
		f := Feature(i)
		f.Geometry = p
		if i%10 == 0 {
			f.Geometry = orb.Polygon{{p, {p[0] + .1, p[1]}, {p[0] + .1, p[1] + .1}, p}}
		}
		fn(&f)
	}
}

// window is the box that Spat asks for.
var window = orb.Bound{Min: orb.Point{14, 55}, Max: orb.Point{15.5, 58}}

// Spat are the options with which ogr2ogr reads a window only.
var Spat = []string{"-spat", "14", "55", "15.5", "58"}

// Window gives n features and the ids of those that meet the window of Spat,
// found by looking at each.
func Window(n int) (all []feature.Feature, in []string) {
	Many(n, func(f *feature.Feature) {
		all = append(all, *f)
		if meets(f.Geometry, window) {
			in = append(in, f.ID)
		}
	})
	return all, in
}

// meets tells whether a point or triangle of Many meets a box. A convex ring is
// clipped against the box, side by side (Sutherland and Hodgman).
func meets(g orb.Geometry, b orb.Bound) bool {
	if p, ok := g.(orb.Point); ok {
		return b.Contains(p)
	}
	r := g.(orb.Polygon)[0]
	points := r[:len(r)-1]
	for side := range 4 {
		axis, limit, sign := side%2, b.Min[side%2], 1.0
		if side > 1 {
			limit, sign = b.Max[axis], -1
		}
		var next orb.Ring
		for i, p := range points {
			q := points[(i+1)%len(points)]
			dp, dq := sign*(p[axis]-limit), sign*(q[axis]-limit)
			if dp >= 0 {
				next = append(next, p)
			}
			if dp*dq < 0 {
				s := dp / (dp - dq)
				next = append(next, orb.Point{p[0] + s*(q[0]-p[0]), p[1] + s*(q[1]-p[1])})
			}
		}
		points = next
	}
	return len(points) > 0
}
