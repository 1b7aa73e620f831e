package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// The WGS84 ellipsoid (EPSG:7030), metres.
const (
	semiMajor  = 6378137.0
	flattening = 1 / 298.257223563
	semiMinor  = semiMajor * (1 - flattening)
)

// MetresPerNM is the international nautical mile.
const MetresPerNM = 1852.0

// Distance is the length of the shortest line over the ellipsoid, in metres.
func Distance(a, b orb.Point) (metres float64) {
	metres, _ = inverse(a, b)
	return metres
}

// DistanceNM is Distance in nautical miles.
func DistanceNM(a, b orb.Point) float64 { return Distance(a, b) / MetresPerNM }

// Bearing is the initial true bearing of the shortest line from a to b, in
// degrees from 0 up to 360; 0 when the two are the same point.
func Bearing(a, b orb.Point) float64 {
	_, azimuth := inverse(a, b)
	return fullCircle(degrees(azimuth))
}

// vincentyRounds is where the iteration is given up: it needs under ten rounds
// everywhere but near the antipode, where it may never settle.
const vincentyRounds = 40

// inverse solves the inverse problem (T. Vincenty, Survey Review XXIII, 176,
// 1975), good to a tenth of a millimetre. Where that does not converge, close
// to the antipode, it searches the azimuth instead.
func inverse(a, b orb.Point) (metres, azimuth float64) {
	l := radians(halfCircle(b[0] - a[0]))
	s1, c1 := reduced(a[1])
	s2, c2 := reduced(b[1])
	lambda := l
	for range vincentyRounds {
		sinL, cosL := math.Sincos(lambda)
		x, y := c2*sinL, c1*s2-s1*c2*cosL
		sinS, cosS := math.Hypot(x, y), s1*s2+c1*c2*cosL
		if sinS == 0 && cosS > 0 {
			return 0, 0
		}
		if sinS < 1e-12 {
			break
		}
		sigma := math.Atan2(sinS, cosS)
		sinA := c1 * c2 * sinL / sinS
		cosSqA := 1 - sinA*sinA
		cos2M := 0.0 // on the equator there is no vertex to measure from
		if cosSqA > 1e-15 {
			cos2M = cosS - 2*s1*s2/cosSqA
		}
		next := l + longitudeTerm(sinA, sigma, cos2M)
		if math.Abs(next) > math.Pi {
			break
		}
		if math.Abs(next-lambda) < 1e-13 {
			return arcLength(cosSqA, sigma, cos2M), math.Atan2(x, y)
		}
		lambda = next
	}
	return inverseBySearch(s1, c1, s2, c2, l)
}

// inverseBySearch finds the azimuth whose geodesic meets the other parallel at
// the right longitude, by bisection in the canonical position of C. F. F.
// Karney, J. Geod. 87 (2013), section 4: first point the southern and farther
// from the equator, second to its east. There the longitude grows with the
// azimuth, so the search cannot fail.
func inverseBySearch(s1, c1, s2, c2, l float64) (metres, azimuth float64) {
	lonSign, swapped, latSign := 1.0, 1.0, 1.0
	if l < 0 {
		lonSign, l = -1, -l
	}
	if math.Abs(s1) < math.Abs(s2) {
		swapped, lonSign = -1, -lonSign
		s1, c1, s2, c2 = s2, c2, s1, c1
	}
	if s1 > 0 {
		latSign, s1, s2 = -1, -s1, -s2
	}
	s1 = math.Min(s1, -1e-200) // keeps the side of the equator in Atan2

	low, high := 0.0, math.Pi
	var g arc
	for range 64 {
		mid := (low + high) / 2
		g = arcTo(mid, s1, c1, s2, c2)
		if g.longitude < l {
			low = mid
		} else {
			high = mid
		}
	}
	sinA, cosA := math.Sincos((low + high) / 2)
	if swapped < 0 {
		sinA, cosA = g.sinA2, g.cosA2
	}
	return arcLength(g.cosSqA, g.sigma, g.cos2M),
		math.Atan2(sinA*swapped*lonSign, cosA*swapped*latSign)
}

// arc is a stretch of geodesic on the auxiliary sphere.
type arc struct {
	longitude            float64 // gained on the ellipsoid, radians
	sigma, cos2M, cosSqA float64
	sinA2, cosA2         float64 // azimuth at the far end
}

// arcTo follows the azimuth from the first parallel to the second.
func arcTo(azimuth, s1, c1, s2, c2 float64) arc {
	sinA, cosA := math.Sincos(azimuth)
	sin0 := sinA * c1
	x1 := cosA * c1
	x2 := math.Sqrt(math.Max(0, x1*x1+(s1-s2)*(s1+s2)))
	sigma1, sigma2 := math.Atan2(s1, x1), math.Atan2(s2, x2)
	o1s, o2s := sin0*s1, sin0*s2
	omega := math.Atan2(math.Max(0, x1*o2s-o1s*x2), x1*x2+o1s*o2s)
	g := arc{sigma: math.Max(0, sigma2-sigma1), cos2M: math.Cos(sigma1 + sigma2), cosSqA: 1 - sin0*sin0}
	g.sinA2, g.cosA2 = sin0, x2
	g.longitude = omega - longitudeTerm(sin0, g.sigma, g.cos2M)
	return g
}

// longitudeTerm is what the auxiliary sphere's longitude exceeds the
// ellipsoid's by (Vincenty's equations 10 and 11).
func longitudeTerm(sinA, sigma, cos2M float64) float64 {
	cosSqA := 1 - sinA*sinA
	c := flattening / 16 * cosSqA * (4 + flattening*(4-3*cosSqA))
	sinS, cosS := math.Sincos(sigma)
	return (1 - c) * flattening * sinA * (sigma + c*sinS*(cos2M+c*cosS*(2*cos2M*cos2M-1)))
}

// arcLength turns an arc of the auxiliary sphere into metres (equations 3, 4, 6).
func arcLength(cosSqA, sigma, cos2M float64) float64 {
	a, b := scaleTerms(cosSqA)
	return semiMinor * a * (sigma - sigmaTerm(b, sigma, cos2M))
}

// scaleTerms are Vincenty's A and B.
func scaleTerms(cosSqA float64) (a, b float64) {
	u := cosSqA * (semiMajor*semiMajor - semiMinor*semiMinor) / (semiMinor * semiMinor)
	a = 1 + u/16384*(4096+u*(-768+u*(320-175*u)))
	b = u / 1024 * (256 + u*(-128+u*(74-47*u)))
	return a, b
}

// sigmaTerm is Vincenty's equation 6.
func sigmaTerm(b, sigma, cos2M float64) float64 {
	sinS, cosS := math.Sincos(sigma)
	q := 2*cos2M*cos2M - 1
	return b * sinS * (cos2M + b/4*(cosS*q-b/6*cos2M*(4*sinS*sinS-3)*(4*cos2M*cos2M-3)))
}

// Destination is where one arrives from p on an initial true bearing (degrees)
// after nm nautical miles. The longitude lies between -180 and 180.
func Destination(p orb.Point, bearing, nm float64) orb.Point {
	sinA1, cosA1 := math.Sincos(radians(bearing))
	s1, c1 := reduced(p[1])
	sigma1 := math.Atan2(s1, c1*cosA1)
	sinA := c1 * sinA1
	cosSqA := 1 - sinA*sinA
	a, b := scaleTerms(cosSqA)
	straight := nm * MetresPerNM / (semiMinor * a)
	sigma := straight
	for range vincentyRounds {
		next := straight + sigmaTerm(b, sigma, math.Cos(2*sigma1+sigma))
		done := math.Abs(next-sigma) < 1e-14
		if sigma = next; done {
			break
		}
	}
	sinS, cosS := math.Sincos(sigma)
	y := s1*sinS - c1*cosS*cosA1
	lat := math.Atan2(s1*cosS+c1*sinS*cosA1, (1-flattening)*math.Hypot(sinA, y))
	lambda := math.Atan2(sinS*sinA1, c1*cosS-s1*sinS*cosA1)
	l := lambda - longitudeTerm(sinA, sigma, math.Cos(2*sigma1+sigma))
	return orb.Point{halfCircle(p[0] + degrees(l)), degrees(lat)}
}

// reduced is the sine and cosine of the reduced latitude.
func reduced(lat float64) (sin, cos float64) {
	s, c := math.Sincos(radians(lat))
	s *= 1 - flattening
	h := math.Hypot(s, c)
	return s / h, c / h
}

func radians(deg float64) float64 { return deg * math.Pi / 180 }
func degrees(rad float64) float64 { return rad * 180 / math.Pi }

// halfCircle brings degrees into -180..180; both ends stay as they are.
func halfCircle(deg float64) float64 {
	if deg >= -180 && deg <= 180 {
		return deg
	}
	return math.Remainder(deg, 360)
}

// fullCircle brings degrees into 0 up to but not including 360.
func fullCircle(deg float64) float64 {
	d := math.Mod(deg, 360)
	if d < 0 {
		d += 360
	}
	if d >= 360 {
		return 0
	}
	return d
}
