package geo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// The Universal Transverse Mercator grid and its polar complement, the Universal
// Polar Stereographic grid, as NGA.SIG.0012 and DMA TM 8358.1 define them.
const (
	utmScale    = 0.9996
	upsScale    = 0.994
	utmEast     = 500_000.0    // false easting, metres
	utmSouth    = 10_000_000.0 // false northing of the southern hemisphere
	upsPole     = 2_000_000.0  // false easting and northing of a pole
	gridSquare  = 100_000.0    // the side of a lettered square
	southernUTM = -80.0        // below it, and from northernUTM on, UPS is used
	northernUTM = 84.0
)

// gridSlack is what a place may lie over the edge of its band or zone, degrees:
// a metre, since whole metres are written.
const gridSlack = 1e-5

// gridPlace is a place on one of the grids, in metres. Zone 0 is UPS.
type gridPlace struct {
	zone        int
	northern    bool
	east, north float64
}

// gridOf puts a position on the grid that the rules name for it.
func gridOf(p orb.Point) gridPlace {
	g := gridPlace{zone: zoneOf(p), northern: p[1] >= 0}
	if g.zone == 0 {
		e, n := PolarStereographic(p, g.northern)
		g.east, g.north = upsPole+upsScale*e, upsPole+upsScale*n
		return g
	}
	e, n := TransverseMercator(p, meridianOf(g.zone))
	g.east, g.north = utmEast+utmScale*e, utmScale*n
	if !g.northern {
		g.north += utmSouth
	}
	return g
}

// point is the position of a place on a grid.
func (g gridPlace) point() orb.Point {
	if g.zone == 0 {
		return FromPolarStereographic((g.east-upsPole)/upsScale, (g.north-upsPole)/upsScale, g.northern)
	}
	if !g.northern {
		g.north -= utmSouth
	}
	return FromTransverseMercator((g.east-utmEast)/utmScale, g.north/utmScale, meridianOf(g.zone))
}

func meridianOf(zone int) float64 { return float64(6*zone - 183) }

// bandLetters are the latitude bands of 8° from 80°S; X, the last, has 12°.
const bandLetters = "CDEFGHJKLMNPQRSTUVWX"

// bandOf is the index of the band of a latitude.
func bandOf(lat float64) int {
	return max(0, min(len(bandLetters)-1, int(math.Floor((lat-southernUTM)/8))))
}

// bandEdges are the latitudes of a band.
func bandEdges(band int) (south, north float64) {
	south = southernUTM + 8*float64(band)
	if band == len(bandLetters)-1 {
		return south, northernUTM
	}
	return south, south + 8
}

// zoneEdges are the longitudes of a zone in a band. False where there is no such
// zone: Norway widens 32V at the cost of 31V, and Svalbard has four zones where
// elsewhere there are seven.
func zoneEdges(zone, band int) (west, east float64, ok bool) {
	west = float64(6*zone - 186)
	switch bandLetters[band] {
	case 'V':
		switch zone {
		case 31:
			return 0, 3, true
		case 32:
			return 3, 12, true
		}
	case 'X':
		switch zone {
		case 31:
			return 0, 9, true
		case 33:
			return 9, 21, true
		case 35:
			return 21, 33, true
		case 37:
			return 33, 42, true
		case 32, 34, 36:
			return 0, 0, false
		}
	}
	return west, west + 6, true
}

// zoneOf is the UTM zone of a position, 0 where UPS is used. The meridian of
// 180° belongs to zone 1.
func zoneOf(p orb.Point) int {
	if p[1] < southernUTM || p[1] >= northernUTM {
		return 0
	}
	lon := halfCircle(p[0])
	if lon == 180 {
		lon = -180
	}
	zone, band := int(math.Floor((lon+180)/6))+1, bandOf(p[1])
	for _, z := range [3]int{zone, zone - 1, zone + 1} {
		if w, e, ok := zoneEdges(z, band); ok && lon >= w && lon < e {
			return z
		}
	}
	return zone
}

// polarLetter is the UPS zone: A and B round the south pole, Y and Z round the
// north pole, the first of each west of it.
func (g gridPlace) polarLetter() byte {
	letters := "AB"
	if g.northern {
		letters = "YZ"
	}
	if g.east < upsPole {
		return letters[0]
	}
	return letters[1]
}

// formatUTM writes a position in whole metres: 34V 482000 6532000, and near the
// poles Z 2000000 2000000. Band S would read as the southern hemisphere, so
// there the hemisphere is written: 34 north 482000 4000000.
func formatUTM(p orb.Point) string {
	if checkPosition(orb.Point{halfCircle(p[0]), p[1]}) != nil {
		return FormatPoint(p, "dm")
	}
	g := gridOf(p)
	g.east, g.north = math.Round(g.east), math.Round(g.north)
	zone := string(g.polarLetter())
	if g.zone > 0 {
		zone = fmt.Sprintf("%02d%c", g.zone, bandLetters[bandOf(p[1])])
		if bandLetters[bandOf(p[1])] == 'S' {
			zone = fmt.Sprintf("%02d north", g.zone)
		}
	}
	return fmt.Sprintf("%s %.0f %.0f", zone, g.east, g.north)
}
