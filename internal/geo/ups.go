package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// PolarStereographic gives metres from a pole, at the scale 1 there: east along
// 90°E, and north along 180° seen from the north pole, along 0° seen from the
// south pole (J. P. Snyder, Map Projections: A Working Manual, USGS 1395,
// equations 21-30 to 21-34).
func PolarStereographic(p orb.Point, northern bool) (east, north float64) {
	lat, side := p[1], -1.0
	if !northern {
		lat, side = -lat, 1
	}
	rho := 0.0
	if lat < 90 {
		tau := conformal(math.Tan(radians(lat)))
		rho = polarRadius() / (tau + math.Hypot(1, tau))
	}
	sin, cos := math.Sincos(radians(p[0]))
	return rho * sin, side * rho * cos
}

// FromPolarStereographic is the inverse of PolarStereographic, in degrees. The
// pole itself gets the longitude 0.
func FromPolarStereographic(east, north float64, northern bool) orb.Point {
	side := 1.0
	if northern {
		side, north = -1, -north
	}
	rho := math.Hypot(east, north)
	if rho == 0 {
		return orb.Point{0, -90 * side}
	}
	t := rho / polarRadius()
	lat := degrees(math.Atan(geodetic((1/t - t) / 2)))
	return orb.Point{degrees(math.Atan2(east, north)), -lat * side}
}

// polarRadius is 2a/√((1+e)^(1+e)(1−e)^(1−e)), metres.
func polarRadius() float64 {
	e := math.Sqrt(eccSq)
	return 2 * semiMajor / math.Sqrt(math.Pow(1+e, 1+e)*math.Pow(1-e, 1-e))
}
