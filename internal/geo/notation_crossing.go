package geo

import (
	"fmt"
	"math"
)

// ray is a bearing from something, as written.
type ray struct{ digits, north, from string }

// How well two bearings must cut, degrees, and how far out, nautical miles.
const (
	leastCut    = 10
	farthestCut = 600
)

// readCrossing finds where two bearings cross.
func readCrossing(typed string, a, b ray) (position, error) {
	from, bearings := [2]position{}, [2]float64{}
	for i, r := range []ray{a, b} {
		var err error
		if bearings[i], err = trueBearing(r.digits, r.north); err != nil {
			return position{}, err
		}
		if from[i], err = anchor(r.from); err != nil {
			return position{}, err
		}
	}
	nm, ok := crossing(from[0], from[1], bearings)
	if !ok {
		return position{}, &PositionError{Part: "position", Msg: fmt.Sprintf("The two bearings in “%s” do not cross within %d NM.", shorten(typed), farthestCut),
			Accepted: "Bearings are true, from the place towards the target."}
	}
	p := position{point: Destination(from[0].point, bearings[0], nm), notation: "crossing_bearings"}
	back := [2]float64{Bearing(p.point, from[0].point), Bearing(p.point, from[1].point)}
	cut := math.Abs(math.Sin(radians(back[0] - back[1])))
	if cut < math.Sin(radians(leastCut)) {
		return position{}, &PositionError{Part: "position", Msg: fmt.Sprintf("The bearings cut at less than %d°, too flat to give a position.", leastCut), Accepted: "Take a bearing from another place."}
	}
	// Each line may swing by half a degree, and starts from somewhere in its
	// place; across a flat cut that reaches far.
	for i := range from {
		aside := DistanceNM(from[i].point, p.point)*math.Sin(radians(0.5)) + from[i].within()
		p.uncertaintyNM = math.Hypot(p.uncertaintyNM, aside/cut)
	}
	return p, nil
}

// crossing gives the distance along the first bearing, nautical miles, at which
// the second point sees it on the second bearing. On the sphere the answer is a
// formula (Williams, Aviation Formulary, "Intersecting radials"); a few steps of
// the secant method bring it to the ellipsoid.
func crossing(a, b position, bearings [2]float64) (nm float64, ok bool) {
	off := func(d float64) float64 {
		return math.Remainder(Bearing(b.point, Destination(a.point, bearings[0], d))-bearings[1], 360)
	}
	base := Distance(a.point, b.point) / semiMajor
	if base == 0 {
		return 0, false
	}
	atA := radians(math.Remainder(bearings[0]-Bearing(a.point, b.point), 360))
	atB := radians(math.Remainder(Bearing(b.point, a.point)-bearings[1], 360))
	if math.Sin(atA)*math.Sin(atB) <= 0 {
		return 0, false
	}
	alpha, beta := math.Abs(atA), math.Abs(atB)
	gamma := math.Acos(max(-1, min(1, -math.Cos(alpha)*math.Cos(beta)+math.Sin(alpha)*math.Sin(beta)*math.Cos(base))))
	nm = math.Atan2(math.Sin(base)*math.Sin(alpha)*math.Sin(beta), math.Cos(beta)+math.Cos(alpha)*math.Cos(gamma)) * semiMajor / MetresPerNM
	if nm < 0 || nm > farthestCut {
		return 0, false
	}
	prev, prevOff := nm*1.001+0.01, 0.0
	prevOff = off(prev)
	for range 20 {
		now := off(nm)
		if math.Abs(now) < 1e-9 || now == prevOff {
			break
		}
		nm, prev, prevOff = nm-now*(nm-prev)/(now-prevOff), nm, now
	}
	return nm, nm >= 0 && nm <= farthestCut && math.Abs(off(nm)) < 1e-4
}
