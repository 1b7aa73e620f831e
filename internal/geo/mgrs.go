package geo

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"
)

// The Military Grid Reference System letters the squares of 100 km of the UTM
// and UPS grids (NGA.SIG.0012, section 3; DMA TM 8358.1, chapter 3).

// Columns run in three sets from 100 km east, by zone; rows repeat every
// 2000 km, in even zones five letters on.
var mgrsColumns = [3]string{"STUVWXYZ", "ABCDEFGH", "JKLMNPQR"}

const (
	mgrsRows  = "ABCDEFGHJKLMNPQRSTUV"
	rowPeriod = 20 * gridSquare
)

// polarSquares are the letters of a UPS zone and the grid lines of its first
// square, metres.
type polarSquares struct {
	columns, rows string
	east, north   float64
}

var mgrsPolar = map[byte]polarSquares{
	'A': {"JKLPQRSTUXYZ", "ABCDEFGHJKLMNPQRSTUVWXYZ", 800_000, 800_000},
	'B': {"ABCFGHJKLPQR", "ABCDEFGHJKLMNPQRSTUVWXYZ", 2_000_000, 800_000},
	'Y': {"RSTUXYZ", "ABCDEFGHJKLMNP", 1_300_000, 1_300_000},
	'Z': {"ABCFGHJ", "ABCDEFGHJKLMNP", 2_000_000, 1_300_000},
}

// FormatMGRS writes the MGRS square that holds a position, with a number of
// digits for each of easting and northing: 0 is the square of 100 km, 34V FL,
// and 5 that of a metre, 34V FL 12345 67890. Figures are cut off, not rounded,
// as the rules have it.
func FormatMGRS(p orb.Point, digits int) string {
	if checkPosition(orb.Point{halfCircle(p[0]), p[1]}) != nil {
		return FormatPoint(p, "dm")
	}
	g := gridOf(p)
	const rest = 1e-6 // what a grid line may be missed by in the arithmetic
	e, n := math.Floor(g.east+rest), math.Floor(g.north+rest)
	if g.zone > 0 && !g.northern {
		n = math.Min(n, utmSouth-1) // the equator itself is north
	}
	g.east = e
	zone, square := g.square(bandOf(p[1]), int(e/gridSquare), int(n/gridSquare))
	digits = max(0, min(5, digits))
	if digits == 0 {
		return zone + " " + square
	}
	unit := math.Pow10(5 - digits)
	return fmt.Sprintf("%s %s %0*.0f %0*.0f", zone, square,
		digits, math.Floor(math.Mod(e, gridSquare)/unit), digits, math.Floor(math.Mod(n, gridSquare)/unit))
}

// square names the zone and the square in a column and row of 100 km.
func (g gridPlace) square(band, column, row int) (zone, square string) {
	if g.zone > 0 {
		if g.zone%2 == 0 {
			row += 5
		}
		return fmt.Sprintf("%02d%c", g.zone, bandLetters[band]),
			string([]byte{mgrsColumns[g.zone%3][column-1], mgrsRows[row%len(mgrsRows)]})
	}
	letter := g.polarLetter()
	s := mgrsPolar[letter]
	column -= int(s.east / gridSquare)
	row -= int(s.north / gridSquare)
	return string(letter), string([]byte{s.columns[column], s.rows[row]})
}

// squareCorner finds the south-western corner of a lettered square of a UTM zone
// and band. False when the square does not exist, or touches neither.
func squareCorner(zone, band int, square string) (gridPlace, bool) {
	column := strings.IndexByte(mgrsColumns[zone%3], square[0])
	row := strings.IndexByte(mgrsRows, square[1])
	if column < 0 || row < 0 {
		return gridPlace{}, false
	}
	if zone%2 == 0 {
		row -= 5
	}
	south, north := bandEdges(band)
	g := gridPlace{zone: zone, northern: south >= 0, east: gridSquare * float64(column+1), north: gridSquare * float64(row)}
	// Of the rows 2000 km apart that share a letter, the one nearest to the
	// middle of the band: no band with its squares is as high as that.
	_, middle := TransverseMercator(orb.Point{0, (south + north) / 2}, 0)
	middle = utmScale*middle - gridSquare/2
	if !g.northern {
		middle += utmSouth
	}
	g.north += rowPeriod * math.Round((middle-g.north)/rowPeriod)
	return g, g.touches(band)
}

// touches tells whether the square of 100 km from a corner has a part in a band
// of its zone.
func (g gridPlace) touches(band int) bool {
	west, east, ok := zoneEdges(g.zone, band)
	if !ok {
		return false
	}
	near, far := g, g // the corners nearest to and farthest from the meridian
	if g.east >= utmEast {
		far.east += gridSquare
	} else {
		near.east += gridSquare
	}
	// Going away from the meridian along a grid line, parallels are crossed
	// towards the equator; meridians lie widest apart nearest to it.
	low, high := far, near
	inner := near
	if g.northern {
		high.north += gridSquare
	} else {
		low, high = near, far
		high.north += gridSquare
		inner.north += gridSquare
	}
	south, north := bandEdges(band)
	if low.point()[1] > north+gridSlack || high.point()[1] < south-gridSlack {
		return false
	}
	off := halfCircle(inner.point()[0] - meridianOf(g.zone))
	return off >= west-meridianOf(g.zone)-gridSlack && off <= east-meridianOf(g.zone)+gridSlack
}

// polarCorner finds the south-western corner of a lettered square of a UPS zone,
// false when no part of it belongs to UPS.
func polarCorner(letter byte, square string) (gridPlace, bool) {
	s := mgrsPolar[letter]
	column, row := strings.IndexByte(s.columns, square[0]), strings.IndexByte(s.rows, square[1])
	if column < 0 || row < 0 {
		return gridPlace{}, false
	}
	g := gridPlace{northern: letter >= 'Y', east: s.east + gridSquare*float64(column), north: s.north + gridSquare*float64(row)}
	near := g
	near.east = math.Max(g.east, math.Min(g.east+gridSquare, upsPole))
	near.north = math.Max(g.north, math.Min(g.north+gridSquare, upsPole))
	lat := near.point()[1]
	return g, lat >= northernUTM-gridSlack || lat < southernUTM+gridSlack
}
