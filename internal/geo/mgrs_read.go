package geo

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

const acceptedMGRS = "MGRS is zone, square and figures, such as 34V FL 12345 67890."

var (
	mgrsText = regexp.MustCompile(`^(MGRS|UTMREF)?\s*(\d*)\s*([A-Z])\s*([A-Z]{0,2}|[A-Z] [A-Z])\s*([\d\s.,/-]*)$`)
	mgrsWord = regexp.MustCompile(`^(?:MGRS|UTMREF)(?:\s|\d|$)`)
	// Without the word it needs what no latitude and longitude has: three
	// letters in a row, or one or two that are no hemisphere.
	mgrsBare  = regexp.MustCompile(`^\d{1,3}\s?[A-Z]\s*[A-Z]\s?[A-Z][\d\s.,/-]*$|^\d{1,2}(?:[C-DF-MP-RT-VX][A-Z]?|[C-X]\s?[A-DF-MO-RT-VX-Z])$`)
	mgrsPoles = regexp.MustCompile(`^[ABYZ]\s?[A-Z]{2}\s?\d[\d\s.,/-]*$`)
)

func claimsMGRS(tidy string) bool {
	if mgrsWord.MatchString(tidy) || mgrsBare.MatchString(tidy) {
		return true
	}
	return mgrsPoles.MatchString(tidy) && !namesPlace(strings.ReplaceAll(tidy, " ", "")[:3])
}

// mgrsReference is a reference taken apart.
type mgrsReference struct {
	typed       string
	zone        int // 0 for the poles
	letter      byte
	square      string
	east, north string // figures
}

// readMGRS reads a square as its centre. The uncertainty is half of its side,
// which is half of the last place written: 2.7 NM for a square of 10 km.
func readMGRS(tidy, typed string) (position, error) {
	ref, err := partMGRS(typed)
	if err != nil {
		return position{}, err
	}
	corner, err := ref.corner()
	if err != nil {
		return position{}, err
	}
	side := gridSquare * math.Pow10(-len(ref.east))
	east, _ := strconv.ParseFloat("0"+ref.east, 64)
	north, _ := strconv.ParseFloat("0"+ref.north, 64)
	corner.east += (east + 0.5) * side
	corner.north += (north + 0.5) * side
	return position{point: corner.point(), uncertaintyNM: side / 2 / MetresPerNM, notation: "mgrs"}, nil
}

// partMGRS takes a text as typed apart, since tidyText makes a decimal point of
// a comma between figures.
func partMGRS(typed string) (mgrsReference, error) {
	m := mgrsText.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(tidy.Replace(typed))))
	if m == nil {
		return mgrsReference{}, notMGRS(typed)
	}
	ref := mgrsReference{typed: typed, letter: m[3][0], square: strings.ReplaceAll(m[4], " ", "")}
	for _, letter := range m[3] + ref.square {
		if letter == 'I' || letter == 'O' {
			return ref, unusedLetter(byte(letter), "MGRS", typed)
		}
	}
	if err := ref.setZone(m[2]); err != nil {
		return ref, err
	}
	if len(ref.square) < 2 {
		return ref, &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” names a zone, but not both letters of the square of 100 km in it.", shorten(typed)), Accepted: acceptedMGRS}
	}
	if strings.Contains(m[5], ".") {
		return ref, &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” has a point between its figures.", shorten(typed)), Accepted: "MGRS has no decimals: more figures make a smaller square, down to 5 and 5 for a metre."}
	}
	var err error
	ref.east, ref.north, err = figureHalves(mgrsStops.Replace(m[5]), typed)
	if err == nil && len(ref.east) > 5 {
		err = &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” has %d figures.", shorten(typed), 2*len(ref.east)), Accepted: "MGRS has at most 10, which is a metre."}
	}
	return ref, err
}

var mgrsStops = strings.NewReplacer(",", " ", "/", " ", "-", " ")

func notMGRS(typed string) error {
	return &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” is not an MGRS reference.", shorten(typed)), Accepted: acceptedMGRS}
}

// setZone checks the number of the zone against its letter: bands C to X have
// one, the poles A, B, Y and Z have none.
func (r *mgrsReference) setZone(number string) error {
	polar := strings.IndexByte(bandLetters, r.letter) < 0
	switch {
	case polar && number != "":
		return &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” has a zone number with the letter %c.", shorten(r.typed), r.letter),
			Accepted: "Zones 1 to 60 go with the bands C to X; A, B, Y and Z are the poles and stand alone."}
	case polar:
		return nil
	case number == "":
		return &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” has no zone number.", shorten(r.typed)), Accepted: acceptedMGRS}
	}
	var err error
	r.zone, err = zoneNumber(number, r.letter)
	return err
}

// zoneNumber reads the number of a zone that has a part in a band.
func zoneNumber(number string, letter byte) (int, error) {
	zone, err := strconv.Atoi(number)
	if err != nil || zone < 1 || zone > 60 {
		return 0, &PositionError{Part: "position", Msg: fmt.Sprintf("There is no zone %s.", shorten(number)), Accepted: "Zones run from 1 to 60."}
	}
	if _, _, ok := zoneEdges(zone, strings.IndexByte(bandLetters, letter)); !ok {
		return 0, &PositionError{Part: "position", Msg: fmt.Sprintf("There is no zone %d%c.", zone, letter), Accepted: "Round Svalbard the zones of band X are 31, 33, 35 and 37."}
	}
	return zone, nil
}

// corner finds the square of the reference on its grid.
func (r mgrsReference) corner() (gridPlace, error) {
	if r.zone == 0 {
		g, ok := polarCorner(r.letter, r.square)
		if !ok {
			return g, &PositionError{Part: "position", Msg: fmt.Sprintf("Square %s does not lie in the polar zone %c.", r.square, r.letter), Accepted: polarExtent(r.letter)}
		}
		return g, nil
	}
	g, ok := squareCorner(r.zone, strings.IndexByte(bandLetters, r.letter), r.square)
	if !ok {
		return g, &PositionError{Part: "position", Msg: fmt.Sprintf("Square %s does not lie in zone %d%c.", r.square, r.zone, r.letter),
			Accepted: fmt.Sprintf("In zone %d the first letter is one of %s, and the second one runs on northwards.", r.zone, mgrsColumns[r.zone%3]), Suggestions: r.neighbours()}
	}
	return g, nil
}

func polarExtent(letter byte) string {
	s := mgrsPolar[letter]
	return fmt.Sprintf("There the first letter is one of %s, the second one of %s to %s, and corners far from the pole are left out.", s.columns, s.rows[:1], s.rows[len(s.rows)-1:])
}

// neighbours looks for the slip of one zone or one band that would explain a
// square out of place. It tells of it only where just one such reference exists
// and lies in one of the regions: anything else would be a guess.
func (r mgrsReference) neighbours() []string {
	band := strings.IndexByte(bandLetters, r.letter)
	var found []string
	for _, step := range [4][2]int{{-1, 0}, {1, 0}, {0, -1}, {0, 1}} {
		zone, b := r.zone+step[0], band+step[1]
		if zone < 1 || zone > 60 || b < 0 || b >= len(bandLetters) {
			continue
		}
		g, ok := squareCorner(zone, b, r.square)
		g.east += gridSquare / 2
		g.north += gridSquare / 2
		if ok && Default().regionAt(g.point()) >= 0 {
			found = append(found, strings.TrimSpace(fmt.Sprintf("%02d%c %s %s %s", zone, bandLetters[b], r.square, r.east, r.north)))
		}
	}
	if len(found) != 1 {
		return nil
	}
	return found
}
