package crs

import (
	"math"

	"github.com/paulmach/orb"

	"interceptlog/internal/geo"
)

// The WGS 84 ellipsoid (EPSG:7030), metres.
const (
	semiMajor  = 6378137.0
	flattening = 1 / 298.257223563
	eccSq      = flattening * (2 - flattening)
)

// plane is a projection: degrees to metres and back, x first. Both ways are
// finite for every finite position.
type plane struct {
	forward  func(orb.Point) orb.Point
	backward func(orb.Point) orb.Point
	straight bool        // meridians and parallels are straight, along the axes
	reach    orb.Bound   // holds all that forward can give, metres; not if straight
	torn     []orb.Point // where neighbours are no neighbours on the plane, degrees
}

func radians(deg float64) float64 { return deg * math.Pi / 180 }
func degrees(rad float64) float64 { return rad * 180 / math.Pi }

// within keeps a value between two others.
func within(v, least, most float64) float64 { return math.Max(least, math.Min(most, v)) }

// mercatorLat is the latitude, either side, at which Web Mercator ends here: its
// poles lie in infinity.
const mercatorLat = 89.9

// webMercator is the spherical Mercator of EPSG method 1024 (IOGP 373-7-2).
// Longitudes run on past 180 either way.
func webMercator() *plane {
	northing := func(lat float64) float64 {
		return semiMajor * math.Asinh(math.Tan(radians(within(lat, -mercatorLat, mercatorLat))))
	}
	return &plane{
		straight: true,
		forward: func(p orb.Point) orb.Point {
			return orb.Point{semiMajor * radians(p[0]), northing(p[1])}
		},
		backward: func(p orb.Point) orb.Point {
			lat := degrees(math.Atan(math.Sinh(within(p[1]/semiMajor, -10, 10))))
			return orb.Point{degrees(p[0] / semiMajor), within(lat, -mercatorLat, mercatorLat)}
		},
	}
}

// unstretch is the box in degrees of a box on a straight plane, a hair wider.
// What is drawn at the end of the plane may lie as far as the pole.
func (p *plane) unstretch(b orb.Bound) orb.Bound {
	out := orb.Bound{Min: p.backward(b.Min), Max: p.backward(b.Max)}
	out = orb.Bound{
		Min: orb.Point{out.Min[0] - hairDegrees, out.Min[1] - hairDegrees},
		Max: orb.Point{out.Max[0] + hairDegrees, out.Max[1] + hairDegrees},
	}
	if out.Max[1] > mercatorLat {
		out.Max[1] = 90
	}
	if out.Min[1] < -mercatorLat {
		out.Min[1] = -90
	}
	return out
}

// discReach is a little more than the radius of a disc with the area of the
// Earth, metres.
const discReach = 12_800_000.0

func square(x, y, half float64) orb.Bound {
	return orb.Bound{Min: orb.Point{x - half, y - half}, Max: orb.Point{x + half, y + half}}
}

// europe is EPSG conversion 19986, Europe Equal Area 2001.
func europe() *plane {
	const lat0, lon0, east0, north0 = 52, 10, 4_321_000, 3_210_000
	laea := geo.LAEA(lat0, lon0, east0, north0, "EPSG:3035")
	reach := square(east0, north0, discReach)
	return &plane{
		forward: laea.Forward,
		backward: func(p orb.Point) orb.Point {
			return laea.Inverse(orb.Point{within(p[0], reach.Min[0], reach.Max[0]), within(p[1], reach.Min[1], reach.Max[1])})
		},
		reach: reach,
		torn:  []orb.Point{{lon0 - 180, -lat0}},
	}
}

// polarEqualArea is the Lambert azimuthal equal-area projection round the north
// pole (J. P. Snyder, Map Projections: A Working Manual, USGS 1395, equations
// 24-23 and 3-12), with a meridian that points down. The square of the distance
// from the pole is the area cut off there over π; taken from the pole, and not
// as the difference of two areas, it is exact to the last.
func polarEqualArea(meridian float64) *plane {
	reach := square(0, 0, discReach)
	return &plane{
		forward: func(p orb.Point) orb.Point {
			half := math.Sin(radians(90-p[1]) / 2)
			rho := semiMajor * math.Sqrt(capArea(2*half*half))
			sin, cos := math.Sincos(radians(p[0] - meridian))
			return orb.Point{rho * sin, -rho * cos}
		},
		backward: func(p orb.Point) orb.Point {
			x, y := within(p[0], reach.Min[0], reach.Max[0]), within(p[1], reach.Min[1], reach.Max[1])
			lon := meridian
			if x != 0 || y != 0 {
				lon += degrees(math.Atan2(x, -y))
			}
			rho := math.Hypot(x, y) / semiMajor
			return orb.Point{lon, 90 - degrees(2*math.Asin(math.Sqrt(capHeight(rho*rho)/2)))}
		},
		reach: reach,
	}
}

// capArea is Snyder's q of the pole less that of a latitude, of which it takes
// the versed sine, 1 − sin φ: from 0 at the north pole to 2 at the south pole.
func capArea(height float64) float64 {
	e, sin := math.Sqrt(eccSq), 1-height
	return height*(1+eccSq*sin)/(1-eccSq*sin*sin) + (1-eccSq)/e*math.Atanh(e*height/(1-eccSq*sin))
}

// capHeight inverts capArea by Newton's method; beyond the south pole it is 2.
func capHeight(area float64) float64 {
	height := area / capArea(2) * 2
	for range 8 {
		w := 1 - eccSq*(1-height)*(1-height)
		step := (area - capArea(height)) * w * w / (2 * (1 - eccSq))
		height = within(height+step, 0, 2)
		if math.Abs(step) <= 1e-16*height {
			break
		}
	}
	return height
}

// arcticSouth is the latitude at which the stereographic plane ends here: the
// south pole lies in infinity.
const arcticSouth = -80

// arctic is EPSG conversion 19842 (method 9829, polar stereographic variant B):
// true to scale on 71°N, which sets the scale at the pole.
func arctic() *plane {
	const trueLat = 71
	sin, cos := math.Sincos(radians(trueLat))
	atScale1, _ := geo.PolarStereographic(orb.Point{90, trueLat}, true)
	scale := semiMajor * cos / math.Sqrt(1-eccSq*sin*sin) / atScale1
	radius, _ := geo.PolarStereographic(orb.Point{90, arcticSouth}, true)
	reach := square(0, 0, scale*radius+hairMetres)
	return &plane{
		forward: func(p orb.Point) orb.Point {
			x, y := geo.PolarStereographic(orb.Point{p[0], math.Max(p[1], arcticSouth)}, true)
			return orb.Point{scale * x, scale * y}
		},
		backward: func(p orb.Point) orb.Point {
			x, y := within(p[0], reach.Min[0], reach.Max[0]), within(p[1], reach.Min[1], reach.Max[1])
			at := geo.FromPolarStereographic(x/scale, y/scale, true)
			at[1] = math.Max(at[1], arcticSouth)
			return at
		},
		reach: reach,
	}
}

// The Universal Transverse Mercator of DMA TM 8358.2, and where it ends here:
// the projection goes to infinity 90° from the circle of the central meridian.
const (
	utmScale = 0.9996
	utmEast  = 500_000.0
	utmWide  = 60 // degrees from the circle of the central meridian
	// utmReach is a little more than the farthest east or west of that circle,
	// and utmAround the half of it, from the equator over a pole to the equator,
	// at the scale of the grid, metres.
	utmReach  = 8_500_000.0
	utmAround = 19_995_930.0
)

// utm is a zone of UTM on the northern hemisphere; south of the equator its
// northings are below zero.
func utm(meridian float64) *plane {
	widest := math.Sin(radians(utmWide))
	reach := orb.Bound{Min: orb.Point{utmEast - utmReach, -utmAround}, Max: orb.Point{utmEast + utmReach, utmAround}}
	return &plane{
		forward: func(p orb.Point) orb.Point {
			off := math.Remainder(p[0]-meridian, 360)
			if cos := math.Cos(radians(p[1])); math.Abs(math.Sin(radians(off)))*cos > widest {
				edge := degrees(math.Asin(widest / cos))
				if math.Abs(off) > 90 {
					edge = 180 - edge
				}
				p[0] = meridian + math.Copysign(edge, off)
			}
			x, y := geo.TransverseMercator(p, meridian)
			return orb.Point{utmEast + utmScale*x, utmScale * y}
		},
		backward: func(p orb.Point) orb.Point {
			x, y := within(p[0], reach.Min[0], reach.Max[0]), within(p[1], reach.Min[1], reach.Max[1])
			return geo.FromTransverseMercator((x-utmEast)/utmScale, y/utmScale, meridian)
		},
		reach: reach,
		torn:  []orb.Point{{meridian - 90, 0}, {meridian + 90, 0}},
	}
}
