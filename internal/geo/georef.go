package geo

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// The World Geographic Reference System (DMA TM 8358.1, section 5-4): two letters
// for 15°, two for 1°, then minutes east and north with their decimals.
const (
	georefEast   = "ABCDEFGHJKLMNPQRSTUVWXYZ" // 15° each from 180°W
	georefNorth  = "ABCDEFGHJKLM"             // 15° each from 90°S
	georefDegree = "ABCDEFGHJKLMNPQ"          // 1° each
)

const acceptedGEOREF = "GEOREF is four letters and 4, 6, 8 or 10 figures, such as MKML5056."

var (
	georefText = regexp.MustCompile(`^(GEOREF)?\s*([A-Z]{2})\s*([A-Z]{2})?\s*([\d\s]*)$`)
	georefWord = regexp.MustCompile(`^GEOREF(?:\s|$)`)
	// Without the word it takes figures too, so that EYSA stays a place.
	georefBare = regexp.MustCompile(`^[A-Z]{2}\s?[A-Z]{2}\s?(?:\d{2,5} \d{2,5}|\d{4,})$`)
)

// formatGEOREF writes the cell of a position with a number of digits (2 to 5)
// for each of longitude and latitude, the first two of them whole minutes. The
// figures are cut off; the poles lie in the cells beside them.
func formatGEOREF(p orb.Point, digits int) string {
	lon := halfCircle(p[0])
	if checkPosition(orb.Point{lon, p[1]}) != nil {
		return FormatPoint(p, "dm")
	}
	if lon == 180 {
		lon = -180
	}
	scale := int(math.Pow10(digits - 2))
	x, xMin := georefCell(lon+180, 360, scale)
	y, yMin := georefCell(p[1]+90, 180, scale)
	return fmt.Sprintf("%c%c%c%c%0*d%0*d", georefEast[x/15], georefNorth[y/15], georefDegree[x%15], georefDegree[y%15],
		digits, xMin, digits, yMin)
}

// georefCell cuts degrees from the corner of the globe into whole degrees and
// minutes at a scale.
func georefCell(deg, most float64, scale int) (whole, minutes int) {
	const rest = 1e-6 // what a line may be missed by in the arithmetic
	n := int(math.Floor(deg*60*float64(scale) + rest))
	n = min(n, int(most)*60*scale-1)
	return n / (60 * scale), n % (60 * scale)
}

// claimsGEOREF takes what says GEOREF, and letters with figures that are no
// place with a bearing and a distance: EFHK180040 and RIGA 45 12 are left alone.
func claimsGEOREF(tidy string) bool {
	if georefWord.MatchString(tidy) {
		return true
	}
	if !georefBare.MatchString(tidy) {
		return false
	}
	m := georefText.FindStringSubmatch(tidy)
	figures := strings.TrimSpace(m[4])
	if len(figures) != 6 && !strings.Contains(figures, " ") {
		return true
	}
	_, err := georefCorner(m[2], m[3], tidy)
	return err == nil && !namesPlace(m[2]+m[3])
}

// namesPlace tells whether letters are the name or the ICAO code of a place of
// the reference layers.
func namesPlace(letters string) bool {
	return slices.ContainsFunc(Default().Places(), func(p Place) bool {
		return p.ICAO == letters || strings.EqualFold(p.Name, letters) ||
			slices.ContainsFunc(p.Aliases, func(a string) bool { return strings.EqualFold(a, letters) })
	})
}

// readGEOREF reads a cell as its centre; half of its side is the uncertainty.
func readGEOREF(tidy, typed string) (position, error) {
	m := georefText.FindStringSubmatch(tidy)
	if m == nil {
		return position{}, &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” is not a GEOREF.", shorten(typed)), Accepted: acceptedGEOREF}
	}
	corner, err := georefCorner(m[2], m[3], typed)
	if err != nil {
		return position{}, err
	}
	side := 15.0
	if m[3] != "" {
		side = 1
	}
	first, second, err := figureHalves(m[4], typed)
	if err != nil {
		return position{}, err
	}
	if n := len(first); n > 0 {
		if n == 1 || n > 5 || m[3] == "" {
			return position{}, &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” has %d letters and %d figures.", shorten(typed), len(m[2]+m[3]), 2*n), Accepted: acceptedGEOREF}
		}
		side = math.Pow10(2-n) / 60
		for axis, figures := range [2]string{first, second} {
			minutes := written{whole: figures[:2], decimals: figures[2:]}
			if minutes.value() >= 60 {
				return position{}, &PositionError{Part: axisName[axis], Msg: fmt.Sprintf("Minutes of the %s, %s, are 60 or more.", axisName[axis], minutes.text()), Accepted: "Minutes run from 00 to 59."}
			}
			corner[axis] += minutes.value() / 60
		}
	}
	return position{
		point:    orb.Point{corner[0] + side/2, corner[1] + side/2},
		unit:     [2]float64{side, side},
		notation: "georef",
	}, nil
}

// georefCorner is the south-western corner of the letters, the second pair of
// which may be missing.
func georefCorner(large, small, typed string) (orb.Point, error) {
	var corner orb.Point
	for i, letter := range []byte(large + small) {
		axis, alphabet, size := i%2, georefDegree, 1.0
		if i < 2 {
			alphabet, size = [2]string{georefEast, georefNorth}[axis], 15
		}
		at := strings.IndexByte(alphabet, letter)
		if letter == 'I' || letter == 'O' {
			return corner, unusedLetter(letter, "GEOREF", typed)
		}
		if at < 0 {
			return corner, &PositionError{Part: axisName[axis], Msg: fmt.Sprintf("The letter %c cannot stand in place %d of the GEOREF “%s”.", letter, i+1, shorten(typed)),
				Accepted: fmt.Sprintf("There the letters run from A to %c, without I and O.", alphabet[len(alphabet)-1])}
		}
		corner[axis] += size * float64(at)
	}
	return orb.Point{corner[0] - 180, corner[1] - 90}, nil
}

// unusedLetter names I or O, which grid references leave out.
func unusedLetter(letter byte, notation, typed string) *PositionError {
	return &PositionError{Part: "position", Msg: fmt.Sprintf("The letter %c in “%s” is not used in %s.", letter, shorten(typed), notation),
		Accepted: "I and O are left out, since they look like 1 and 0."}
}

// figureHalves parts the figures of a grid reference into two of equal length,
// for east and north; both are empty when there are none.
func figureHalves(figures, typed string) (east, north string, err error) {
	groups := strings.Fields(figures)
	all := strings.Join(groups, "")
	switch {
	case len(all)%2 != 0:
		return "", "", &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” has %d figures, an odd number.", shorten(typed), len(all)), Accepted: "East and north take the same number of figures each."}
	case len(groups) > 2:
		return "", "", &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” has %d groups of figures.", shorten(typed), len(groups)), Accepted: "Write one group, or one for east and one for north."}
	case len(groups) == 2 && len(groups[0]) != len(groups[1]):
		return "", "", &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” has %d figures for east and %d for north.", shorten(typed), len(groups[0]), len(groups[1])), Accepted: "East and north take the same number of figures each."}
	}
	return all[:len(all)/2], all[len(all)/2:], nil
}
