package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// drift is how far a symbol may be moved from where its group belongs, px.
const drift = 26

// room is how far from the middle of a symbol the next one stays, px.
func (s spot) room() float64 {
	if s.Frame == "" && s.count == 1 {
		return 9.5
	}
	return 12
}

// settle moves symbols of neighbouring places apart until none covers another,
// as far as drift allows, and into the picture from its edge. The current one
// stays where it is.
func (c *canvas) settle(spots []spot) []spot {
	home := make([]orb.Point, len(spots))
	for i := range spots {
		home[i] = spots[i].at
	}
	const most = 2_000_000 // pairs looked at, so that a full chart takes no seconds
	for turns := min(60, most/(len(spots)*len(spots)+1)); turns > 0 && pushApart(spots); turns-- {
		for i := range spots {
			spots[i].at = c.keepNear(spots[i].at, home[i], spots[i].room())
		}
	}
	return spots
}

// pushApart moves each pair that is too close half way, and reports whether
// there was one.
func pushApart(spots []spot) bool {
	moved := false
	for i := range spots {
		for j := range spots[:i] {
			a, b := &spots[i], &spots[j]
			d := orb.Point{a.at[0] - b.at[0], a.at[1] - b.at[1]}
			size, want := math.Hypot(d[0], d[1]), a.room()+b.room()
			if size > want-0.5 {
				continue
			}
			if size == 0 {
				d, size = orb.Point{1, 0}, 1
			}
			moved = true
			shareA, shareB := 0.5, 0.5
			if a.Current {
				shareA, shareB = 0, 1
			} else if b.Current {
				shareA, shareB = 1, 0
			}
			push := (want - size) / size
			a.at = orb.Point{a.at[0] + d[0]*push*shareA, a.at[1] + d[1]*push*shareA}
			b.at = orb.Point{b.at[0] - d[0]*push*shareB, b.at[1] - d[1]*push*shareB}
		}
	}
	return moved
}

// keepNear brings a point back to within drift of its home and inside the edge
// of the picture.
func (c *canvas) keepNear(at, home orb.Point, edge float64) orb.Point {
	if d := math.Hypot(at[0]-home[0], at[1]-home[1]); d > drift {
		at = between(home, at, drift/d)
	}
	return orb.Point{math.Max(edge, math.Min(c.w-edge, at[0])), math.Max(edge, math.Min(c.h-edge, at[1]))}
}
