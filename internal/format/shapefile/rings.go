package shapefile

import (
	"errors"
	"math"

	"github.com/paulmach/orb"
)

// maxSteps is how much work it may be to find out which ring lies in which.
const maxSteps = 100_000_000

var errEntangled = errors.New("the area has too many holes and shells to tell which lies in which")

// areas makes polygons of rings: those that run clockwise are shells, the others
// holes, each in the smallest shell around it (page 8). Holes without a shell are
// shells that somebody turned the wrong way.
func areas(rings [][]orb.Point) (orb.Geometry, error) {
	var shells, holes []orb.Ring
	for _, r := range rings {
		if orb.Ring(r).Orientation() == orb.CCW {
			holes = append(holes, r)
		} else {
			shells = append(shells, r)
		}
	}
	if len(shells) == 1 {
		return append(orb.Polygon{shells[0]}, holes...), nil
	}
	polygons := make(orb.MultiPolygon, len(shells))
	boxes, sizes := make([]orb.Bound, len(shells)), make([]float64, len(shells))
	for i, s := range shells {
		polygons[i], boxes[i], sizes[i] = orb.Polygon{s}, s.Bound(), math.Abs(area(s))
	}
	steps := 0
	for _, h := range holes {
		best, box := -1, h.Bound()
		for i, s := range shells {
			steps++
			if !boxes[i].Contains(box.Min) || !boxes[i].Contains(box.Max) || best >= 0 && sizes[best] <= sizes[i] {
				continue
			}
			if steps += len(s); steps > maxSteps {
				return nil, errEntangled
			}
			if contains(s, h) {
				best = i
			}
		}
		if best >= 0 {
			polygons[best] = append(polygons[best], h)
		} else {
			polygons = append(polygons, orb.Polygon{h})
		}
	}
	if len(polygons) == 1 {
		return polygons[0], nil
	}
	return polygons, nil
}

// area is twice the area of a ring.
func area(r orb.Ring) (sum float64) {
	for i := 1; i < len(r); i++ {
		sum += r[i-1][0]*r[i][1] - r[i][0]*r[i-1][1]
	}
	return sum
}

// contains tells whether a hole lies in a shell, by the first of its points that
// is not on the shell itself: holes may touch it. At most ten are looked at.
func contains(shell, hole orb.Ring) bool {
	for _, p := range hole[:min(10, len(hole))] {
		in, on := inside(shell, p)
		if !on {
			return in
		}
	}
	return true
}

// inside tells whether a point is in a ring, or on it (even-odd rule).
func inside(r orb.Ring, p orb.Point) (in, on bool) {
	for i, j := 0, len(r)-1; i < len(r); j, i = i, i+1 {
		a, b := r[i], r[j]
		cross := (b[0]-a[0])*(p[1]-a[1]) - (p[0]-a[0])*(b[1]-a[1])
		if cross == 0 && min(a[0], b[0]) <= p[0] && p[0] <= max(a[0], b[0]) && min(a[1], b[1]) <= p[1] && p[1] <= max(a[1], b[1]) {
			return false, true
		}
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < (b[0]-a[0])*(p[1]-a[1])/(b[1]-a[1])+a[0] {
			in = !in
		}
	}
	return in, false
}
