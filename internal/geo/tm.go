package geo

import (
	"math"
	"math/cmplx"

	"github.com/paulmach/orb"
)

// The transverse Mercator projection by the series of Krüger (1912), carried to
// the sixth order of the third flattening: C. F. F. Karney, "Transverse Mercator
// with an accuracy of a few nanometers", J. Geod. 85 (2011), equations 7 to 36.
// Within the zones of UTM it is good to some nanometres.

// n1 is the third flattening of WGS84.
const n1 = flattening / (2 - flattening)

// Its powers, and the radius of the sphere with the ellipsoid's quarter
// meridian (equation 14), metres.
const (
	n2 = n1 * n1
	n3 = n2 * n1
	n4 = n2 * n2
	n5 = n4 * n1
	n6 = n3 * n3

	rectifying = semiMajor / (1 + n1) * (1 + n2/4 + n4/64 + n6/256)
)

// The coefficients alpha (equation 35) and beta (equation 36).
var (
	tmForward = [6]float64{
		n1/2 - n2*2/3 + n3*5/16 + n4*41/180 - n5*127/288 + n6*7891/37800,
		n2*13/48 - n3*3/5 + n4*557/1440 + n5*281/630 - n6*1983433/1935360,
		n3*61/240 - n4*103/140 + n5*15061/26880 + n6*167603/181440,
		n4*49561/161280 - n5*179/168 + n6*6601661/7257600,
		n5*34729/80640 - n6*3418889/1995840,
		n6 * 212378941 / 319334400,
	}
	tmInverse = [6]float64{
		n1/2 - n2*2/3 + n3*37/96 - n4/360 - n5*81/512 + n6*96199/604800,
		n2/48 + n3/15 - n4*437/1440 + n5*46/105 - n6*1118711/3870720,
		n3*17/480 - n4*37/840 - n5*209/4480 + n6*5569/90720,
		n4*4397/161280 - n5*11/504 - n6*830251/7257600,
		n5*4583/161280 - n6*108847/3991680,
		n6 * 20648693 / 638668800,
	}
)

// sines sums c[j] sin 2(j+1)z by the recurrence of Clenshaw. The real part
// belongs to the northing, the imaginary one to the easting.
func sines(c *[6]float64, z complex128) complex128 {
	twice := 2 * cmplx.Cos(2*z)
	var b, last complex128
	for j := len(c) - 1; j >= 0; j-- {
		b, last = complex(c[j], 0)+twice*b-last, b
	}
	return b * cmplx.Sin(2*z)
}

// TransverseMercator gives metres east of the central meridian and north of the
// equator, at the scale 1. Good within 40° of the circle that the central
// meridian is half of; 90° from it on the equator there is no answer.
func TransverseMercator(p orb.Point, meridian float64) (east, north float64) {
	tau := conformal(math.Tan(radians(p[1])))
	sin, cos := math.Sincos(radians(math.Remainder(p[0]-meridian, 360)))
	z := complex(math.Atan2(tau, cos), math.Asinh(sin/math.Hypot(tau, cos)))
	z += sines(&tmForward, z)
	return imag(z) * rectifying, real(z) * rectifying
}

// FromTransverseMercator is the inverse of TransverseMercator, in degrees.
func FromTransverseMercator(east, north, meridian float64) orb.Point {
	z := complex(north/rectifying, east/rectifying)
	z -= sines(&tmInverse, z)
	sinh, cos := math.Sinh(imag(z)), math.Cos(real(z))
	tau := geodetic(math.Sin(real(z)) / math.Hypot(sinh, cos))
	return orb.Point{
		halfCircle(meridian + degrees(math.Atan2(sinh, cos))),
		degrees(math.Atan(tau)),
	}
}

// conformal turns the tangent of a latitude into that of the conformal latitude
// (equations 7 to 9).
func conformal(tau float64) float64 {
	root := math.Hypot(1, tau)
	e := math.Sqrt(eccSq)
	sigma := math.Sinh(e * math.Atanh(e*tau/root))
	return tau*math.Hypot(1, sigma) - sigma*root
}

// geodetic inverts conformal by Newton's method (equations 19 to 21), which
// settles in two or three rounds.
func geodetic(conf float64) float64 {
	tau := conf / math.Sqrt(1-eccSq)
	if math.Abs(tau) > 1e12 { // within a hair of the pole
		return conf * math.Exp(math.Sqrt(eccSq)*math.Atanh(math.Sqrt(eccSq)))
	}
	for range 6 {
		at := conformal(tau)
		step := (conf - at) / math.Hypot(1, at) * (1 + (1-eccSq)*tau*tau) / ((1 - eccSq) * math.Hypot(1, tau))
		tau += step
		if math.Abs(step) <= 1e-15*math.Max(1, math.Abs(tau)) {
			break
		}
	}
	return tau
}
