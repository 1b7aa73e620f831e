package geo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// Projection turns degrees into metres on a plane and back.
type Projection interface {
	Forward(lonlat orb.Point) orb.Point // metres east and north
	Inverse(xy orb.Point) orb.Point     // degrees
	Proj4() string                      // definition that PROJ and GDAL read
	Name() string                       // in plain words, for the edge of a map
	Code() string                       // "EPSG:3035", or "ILOG:…" for the product's own
}

// eccSq is the square of the first eccentricity of WGS84.
const eccSq = flattening * (2 - flattening)

// laea is the ellipsoidal Lambert azimuthal equal-area projection, oblique
// aspect (J. P. Snyder, Map Projections: A Working Manual, USGS 1395, ch. 24).
type laea struct {
	code             string
	lat0, lon0       float64 // degrees
	east0, north0    float64 // metres
	qp, rq, d        float64 // authalic terms, equations 3-12, 3-13, 24-20
	sinBeta, cosBeta float64 // authalic latitude of the centre
}

// LAEA is the equal-area projection centred on a point, on WGS84: areas and
// circles of uncertainty keep their size wherever they lie. Degrees and metres.
// At a pole these formulas divide by nothing: a centre nearer to one than 0.01°
// (1.1 km) is moved that far away, which no map shows.
func LAEA(lat0, lon0, falseEasting, falseNorthing float64, code string) Projection {
	lat0 = math.Max(-89.99, math.Min(89.99, lat0))
	p := &laea{code: code, lat0: lat0, lon0: lon0, east0: falseEasting, north0: falseNorthing}
	sin, cos := math.Sincos(radians(lat0))
	p.qp = authalic(1)
	p.rq = semiMajor * math.Sqrt(p.qp/2)
	p.sinBeta = authalic(sin) / p.qp
	p.cosBeta = math.Sqrt(1 - p.sinBeta*p.sinBeta)
	p.d = semiMajor * cos / math.Sqrt(1-eccSq*sin*sin) / (p.rq * p.cosBeta)
	return p
}

// authalic is Snyder's q (3-12) of a sine of latitude.
func authalic(sin float64) float64 {
	e := math.Sqrt(eccSq)
	return (1 - eccSq) * (sin/(1-eccSq*sin*sin) + math.Atanh(e*sin)/e)
}

// Forward projects; the one point that has no image, the antipode of the
// centre, lands on the rim of the disc.
func (p *laea) Forward(lonlat orb.Point) orb.Point {
	sinB := authalic(math.Sin(radians(lonlat[1]))) / p.qp
	cosB := math.Sqrt(math.Max(0, 1-sinB*sinB))
	sinL, cosL := math.Sincos(radians(lonlat[0] - p.lon0))
	k := 1 + p.sinBeta*sinB + p.cosBeta*cosB*cosL
	b := p.rq * math.Sqrt(2/math.Max(k, 1e-12))
	return orb.Point{
		p.east0 + b*p.d*cosB*sinL,
		p.north0 + b/p.d*(p.cosBeta*sinB-p.sinBeta*cosB*cosL),
	}
}

// Inverse gives the degrees of a point on the plane; beyond the rim of the disc
// it gives the nearest point on the rim.
func (p *laea) Inverse(xy orb.Point) orb.Point {
	x, y := (xy[0]-p.east0)/p.d, (xy[1]-p.north0)*p.d
	rho := math.Hypot(x, y)
	if rho == 0 {
		return orb.Point{p.lon0, p.lat0}
	}
	sinC, cosC := math.Sincos(2 * math.Asin(math.Min(1, rho/(2*p.rq))))
	sinB := cosC*p.sinBeta + y*sinC*p.cosBeta/rho
	lon := math.Atan2(x*sinC, rho*p.cosBeta*cosC-y*p.sinBeta*sinC)
	return orb.Point{halfCircle(p.lon0 + degrees(lon)), latitudeOf(p.qp * sinB)}
}

// latitudeOf inverts authalic by Newton's method (3-16), in degrees.
func latitudeOf(q float64) float64 {
	top := authalic(1)
	if math.Abs(q) >= top {
		return math.Copysign(90, q)
	}
	e := math.Sqrt(eccSq)
	phi := math.Asin(q / top)
	for range 12 {
		sin, cos := math.Sincos(phi)
		w := 1 - eccSq*sin*sin
		step := w * w / (2 * cos) * (q/(1-eccSq) - sin/w - math.Atanh(e*sin)/e)
		phi += step
		if math.Abs(step) < 1e-14 {
			break
		}
	}
	return math.Max(-90, math.Min(90, degrees(phi)))
}

// Proj4 is the definition that PROJ reads.
func (p *laea) Proj4() string {
	return fmt.Sprintf("+proj=laea +lat_0=%g +lon_0=%g +x_0=%.0f +y_0=%.0f +datum=WGS84 +units=m +no_defs",
		p.lat0, p.lon0, p.east0, p.north0)
}

// Name says what the map keeps and where it is centred.
func (p *laea) Name() string {
	ns, ew := 'N', 'E'
	if p.lat0 < 0 {
		ns = 'S'
	}
	if p.lon0 < 0 {
		ew = 'W'
	}
	return fmt.Sprintf("Lambert azimuthal equal-area, centred on %g°%c %g°%c", math.Abs(p.lat0), ns, math.Abs(p.lon0), ew)
}

// Code is the code given to LAEA.
func (p *laea) Code() string { return p.code }
