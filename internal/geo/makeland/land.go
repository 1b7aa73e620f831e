package main

import (
	"errors"
	"math"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"
)

// The charts' window: the three seas and their coasts at full detail, and round
// it what the corners of a map in an azimuthal projection can still show.
var (
	inner = orb.Bound{Min: orb.Point{-30, 38}, Max: orb.Point{60, 82}}
	outer = orb.Bound{Min: orb.Point{-60, 36}, Max: orb.Point{75, 84}}
)

// Decimals and the least island (km²) kept inside the window and outside it.
const (
	innerDecimals, outerDecimals = 3, 1
	innerLeast, outerLeast       = 1.0, 200.0
)

// tolerance, degrees, is how far a vertex may lie from the line between its
// neighbours and still be dropped: about the size of the last decimal kept.
const tolerance = 0.001

// landJSON turns the TopoJSON text into one GeoJSON feature collection.
func landJSON(topology []byte) ([]byte, error) {
	polygons, err := readTopology(topology)
	if err != nil {
		return nil, err
	}
	dst := []byte(`{"type":"FeatureCollection","name":"land","features":[{"type":"Feature","id":"land","properties":{"source":"Natural Earth 4.1, 10 m land (public domain), by way of npm world-atlas 2.0.2"},"geometry":{"type":"MultiPolygon","coordinates":[`)
	n := 0
	for _, p := range polygons {
		cut := cutPolygon(p)
		if cut == nil {
			continue
		}
		if n > 0 {
			dst = append(dst, ',')
		}
		dst = appendPolygon(dst, cut)
		n++
	}
	if n == 0 {
		return nil, errors.New("no land in the window")
	}
	return append(dst, "]}}]}\n"...), nil
}

// cutPolygon cuts to the window, drops small islands and lakes and winds the
// rings as RFC 7946 section 3.1.6 has it: shells anticlockwise, holes clockwise.
func cutPolygon(p orb.Polygon) orb.Polygon {
	var cut orb.Polygon
	for i, ring := range p {
		r := cutRing(unwrap(ring))
		if r == nil || areaKM2(r) < least(r) {
			if i == 0 {
				return nil
			}
			continue
		}
		want := orb.CCW
		if i > 0 {
			want = orb.CW
		}
		if r.Orientation() != want {
			r.Reverse()
		}
		cut = append(cut, r)
	}
	return cut
}

// unwrap mends what world-atlas does at the antimeridian: Eurasia is one ring
// that jumps from 180 to -180. The far side is moved over, past 180.
func unwrap(r orb.Ring) orb.Ring {
	if b := r.Bound(); b.Max[0]-b.Min[0] < 300 {
		return r
	}
	moved := make(orb.Ring, len(r))
	for i, p := range r {
		if p[0] < -100 {
			p[0] += 360
		}
		moved[i] = p
	}
	return moved
}

// cutRing clips to the outer window side by side (Sutherland and Hodgman),
// thins and rounds; nil when nothing is left.
func cutRing(r orb.Ring) orb.Ring {
	open := r[:len(r)-1]
	for axis := range 2 {
		open = cutSide(open, axis, outer.Min[axis], 1)
		open = cutSide(open, axis, outer.Max[axis], -1)
	}
	if len(open) == 0 {
		return nil
	}
	open = simplify.DouglasPeucker(tolerance).Ring(append(open, open[0]))
	var out orb.Ring
	for _, p := range open {
		p = round(p)
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	if len(out) > 1 && out[0] == out[len(out)-1] {
		out = out[:len(out)-1]
	}
	if len(out) < 3 {
		return nil
	}
	return append(out, out[0])
}

// cutSide keeps the part of an open ring on one side of a line across an axis.
func cutSide(r orb.Ring, axis int, at, sign float64) orb.Ring {
	var out orb.Ring
	for i, b := range r {
		a := r[(i+len(r)-1)%len(r)]
		inA, inB := (a[axis]-at)*sign >= 0, (b[axis]-at)*sign >= 0
		if inA != inB {
			t := (at - a[axis]) / (b[axis] - a[axis])
			x := orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
			x[axis] = at
			out = append(out, x)
		}
		if inB {
			out = append(out, b)
		}
	}
	return out
}

// round keeps about 100 m in the inner window and 10 km outside it, where only
// the corners of a map look.
func round(p orb.Point) orb.Point {
	k := math.Pow10(innerDecimals)
	if !inner.Contains(p) {
		k = math.Pow10(outerDecimals)
	}
	return orb.Point{math.Round(p[0]*k) / k, math.Round(p[1]*k) / k}
}

// least is the smallest area kept where a ring lies, km².
func least(r orb.Ring) float64 {
	if inner.Intersects(r.Bound()) {
		return innerLeast
	}
	return outerLeast
}

// areaKM2 is a ring's area on the sphere, near enough to choose islands by.
func areaKM2(r orb.Ring) float64 {
	const kmPerDegree = 111.195
	sum := 0.0
	for i := 1; i < len(r); i++ {
		mid := (r[i][1] + r[i-1][1]) / 2 * math.Pi / 180
		sum += (r[i][0] - r[i-1][0]) * kmPerDegree * kmPerDegree * 180 / math.Pi * math.Sin(mid)
	}
	return math.Abs(sum)
}

func appendPolygon(dst []byte, p orb.Polygon) []byte {
	open := byte('[')
	for _, r := range p {
		dst = append(dst, open)
		open = ','
		sep := byte('[')
		for _, q := range r {
			dst = append(dst, sep, '[')
			dst = strconv.AppendFloat(dst, q[0], 'f', -1, 64)
			dst = append(dst, ',')
			dst = strconv.AppendFloat(dst, q[1], 'f', -1, 64)
			dst = append(dst, ']')
			sep = ','
		}
		dst = append(dst, ']')
	}
	return append(dst, ']')
}
