package geo

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/paulmach/orb"
)

const (
	acceptedUTM = "UTM is zone, easting and northing in metres, such as 34V 482000 6532000."
	acceptedUPS = "UPS is zone, easting and northing in metres, such as Z 2000000 1900000."
)

var (
	// Zone and letter, then two numbers with E or N before, behind or not at all.
	utmText = regexp.MustCompile(`^(?:UTM|UPS)?\s*(?:ZONE)?\s*` +
		`(?:(\d{1,3})(?:\s*(NORTH|SOUTH|[A-Z])|\s)|(NORTH|SOUTH|[A-Z]))?[\s,]*` +
		`([EN]?)\s*(\d+(?:\.\d+)?)\s*M?\s*([EN]?)[\s,/]+([EN]?)\s*(\d+(?:\.\d+)?)\s*M?\s*([EN]?)$`)
	utmWord = regexp.MustCompile(`^(?:(?:UTM|UPS)(?:\s|\d|$)|ZONE\s*\d)`)
	// Without the word it takes the letter of the zone, and more digits in a row
	// than any part of a latitude that another number follows.
	utmBare = regexp.MustCompile(`^(?:\d{1,3}\s*(?:NORTH|SOUTH|[A-Z])|[ABYZ])[\s,]*(?:` +
		`E?\s*\d{5,}(?:\.\d+)?\s*M?\s*E?[\s,/]+N?\s*\d+(?:\.\d+)?\s*M?\s*N?` +
		`|\d{6,}\.\d{6,}\s*M?\s*N?` + // a comma parted them before tidyText
		`|N?\s*\d{5,}(?:\.\d+)?\s*M?\s*N?[\s,/]+E?\s*\d{5,}(?:\.\d+)?\s*M?\s*E?)$`)
	utmComma = regexp.MustCompile(`,(\s|\d{5})`)
)

func claimsUTM(tidy string) bool {
	return utmWord.MatchString(tidy) || utmBare.MatchString(tidy)
}

// utmReference is a UTM or UPS reference taken apart.
type utmReference struct {
	typed       string
	number      string // of the zone, as written; none for UPS
	letter      string // a band, N, S, NORTH, SOUTH or a polar zone
	east, north written
}

// readUTM reads metres on a zone of UTM or UPS. The letter is a latitude band or
// the hemisphere; where N and S may be either and the northing does not tell,
// the error asks.
func readUTM(tidy, typed string) (position, error) {
	ref, err := partUTM(typed)
	if err != nil {
		return position{}, err
	}
	if err := ref.checkOrder(); err != nil {
		return position{}, err
	}
	var p position
	if ref.number == "" {
		p, err = ref.readPolar()
	} else {
		p, err = ref.readZone()
	}
	unit := math.Pow10(-min(len(ref.east.decimals), len(ref.north.decimals)))
	p.uncertaintyNM = unit / 2 / MetresPerNM
	return p, err
}

// partUTM takes a text as typed apart, since tidyText makes a decimal point of
// every comma between figures.
func partUTM(typed string) (utmReference, error) {
	text := strings.ToUpper(strings.TrimSpace(tidy.Replace(typed)))
	text = strings.ReplaceAll(utmComma.ReplaceAllString(text, " $1"), ",", ".")
	m := utmText.FindStringSubmatch(text)
	if m == nil {
		return utmReference{}, &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” is not a UTM position.", shorten(typed)), Accepted: acceptedUTM}
	}
	ref := utmReference{typed: typed, number: m[1], letter: m[2] + m[3], east: metres(m[5]), north: metres(m[8])}
	switch first, second := m[4]+m[6], m[7]+m[9]; {
	case first == "N" && second == "E":
		ref.east, ref.north = ref.north, ref.east
	case first != "" && first != "E", second != "" && second != "N":
		return ref, &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” does not say once each which number is east and which north.", shorten(typed)), Accepted: acceptedUTM}
	}
	return ref, nil
}

// metres is a number of metres as written.
func metres(text string) written {
	whole, decimals, _ := strings.Cut(text, ".")
	return written{whole: whole, decimals: decimals}
}

// checkOrder catches easting and northing in each other's place, and eastings
// that no zone has.
func (r utmReference) checkOrder() error {
	if r.number == "" {
		return nil
	}
	east, north := r.east.value(), r.north.value()
	if east >= 900_000 && north >= 100_000 && north < 900_000 {
		return &PositionError{Part: "position", Msg: "Easting and northing seem to be in each other's place.", Accepted: "Easting comes first.",
			Suggestions: []string{fmt.Sprintf("%s%s %s %s", r.number, r.zoneLetter(), r.north.text(), r.east.text())}}
	}
	if east < 100_000 || east >= 900_000 {
		return &PositionError{Part: "position", Msg: fmt.Sprintf("Easting %s does not lie in a UTM zone.", shorten(r.east.text())), Accepted: "Eastings run from 100000 to 899999 metres."}
	}
	return nil
}

// zoneLetter is the letter as it stands behind the number of a zone.
func (r utmReference) zoneLetter() string {
	if len(r.letter) > 1 {
		return " " + strings.ToLower(r.letter)
	}
	return r.letter
}

// readZone reads a position of a UTM zone.
func (r utmReference) readZone() (position, error) {
	letter := byte('N') // for the words, which any zone takes
	switch {
	case r.letter == "":
		return position{}, &PositionError{Part: "position", Msg: fmt.Sprintf("Zone %s has no letter.", r.number), Accepted: "Write the latitude band with it, as in 34V, or north or south."}
	case r.letter == "I" || r.letter == "O":
		return position{}, unusedLetter(r.letter[0], "UTM", r.typed)
	case len(r.letter) == 1:
		letter = r.letter[0]
	}
	if strings.IndexByte(bandLetters, letter) < 0 {
		return position{}, &PositionError{Part: "position", Msg: fmt.Sprintf("There is no zone %s%c.", r.number, letter), Accepted: "Zones 1 to 60 go with the bands C to X; A, B, Y and Z are the poles and stand alone."}
	}
	zone, err := zoneNumber(r.number, letter)
	if err != nil {
		return position{}, err
	}
	g := gridPlace{zone: zone, northern: letter >= 'N', east: r.east.value(), north: r.north.value()}
	if r.letter == "SOUTH" {
		g.northern = false
	}
	banded, inBand := g.inBand(letter)
	g.northern = r.letter == "NORTH" || r.letter == "N"
	hemi, inHemisphere := g.inHemisphere()
	switch {
	case len(r.letter) > 1:
		return r.hemisphere(zone, hemi, inHemisphere)
	case r.letter == "S" && inBand && inHemisphere:
		return position{}, r.ask(zone, banded, hemi)
	case inBand:
		return r.zonePosition(zone, banded), nil
	case letter == 'N' || letter == 'S':
		return r.hemisphere(zone, hemi, inHemisphere)
	}
	return position{}, r.outOfBand(zone, letter, banded)
}

// inBand is the position of a place, and whether it lies in the band of a letter.
func (g gridPlace) inBand(letter byte) (orb.Point, bool) {
	p := g.boundedPoint()
	south, north := bandEdges(strings.IndexByte(bandLetters, letter))
	return p, p[1] >= south-gridSlack && p[1] <= north+gridSlack
}

// inHemisphere is the position of a place, and whether UTM serves it there. It
// reaches half a degree into the polar areas.
func (g gridPlace) inHemisphere() (orb.Point, bool) {
	p := g.boundedPoint()
	if g.northern {
		return p, p[1] >= 0 && p[1] <= northernUTM+0.5
	}
	return p, p[1] <= gridSlack && p[1] >= southernUTM-0.5
}

// boundedPoint is point for northings as people type them: one that lies beyond
// a pole gives a latitude of nowhere, 99°.
func (g gridPlace) boundedPoint() orb.Point {
	if g.north > utmSouth {
		return orb.Point{meridianOf(g.zone), 99}
	}
	return g.point()
}

// hemisphere is the reading of a northing by hemisphere.
func (r utmReference) hemisphere(zone int, p orb.Point, ok bool) (position, error) {
	if !ok {
		return position{}, &PositionError{Part: "position", Msg: fmt.Sprintf("Northing %s does not lie in zone %d%s.", shorten(r.north.text()), zone, r.zoneLetter()),
			Accepted: "Northings run from 0 to 9390000 metres in the north and from 1060000 to 10000000 in the south."}
	}
	return r.zonePosition(zone, p), nil
}

// zonePosition warns of an easting that leads half a degree or more out of the
// zone: neighbours are written that way on purpose, more seldom is.
func (r utmReference) zonePosition(zone int, p orb.Point) position {
	out := position{point: p, notation: "utm"}
	off := math.Inf(1)
	for _, lat := range [2]float64{p[1] - gridSlack, p[1] + gridSlack} {
		if west, east, ok := zoneEdges(zone, bandOf(lat)); ok {
			off = math.Min(off, math.Abs(math.Remainder(p[0]-(west+east)/2, 360))-(east-west)/2)
		}
	}
	if off > 0.5 && !math.IsInf(off, 1) {
		out.warning = fmt.Sprintf("Easting %s leads %.1f° out of zone %d.", r.east.text(), off, zone)
	}
	return out
}

// ask puts both readings of the letter S, the band of 32°N to 40°N and the
// southern hemisphere.
func (r utmReference) ask(zone int, north, south orb.Point) error {
	return &PositionError{
		Part:     "position",
		Msg:      fmt.Sprintf("“%s” can be read in two ways: S is the band at %s, or the southern hemisphere at %s.", shorten(r.typed), FormatPoint(north, "dm"), FormatPoint(south, "dm")),
		Accepted: "Write north or south after the zone.",
		Suggestions: []string{
			fmt.Sprintf("%02d north %s %s", zone, r.east.text(), r.north.text()),
			fmt.Sprintf("%02d south %s %s", zone, r.east.text(), r.north.text()),
		},
		Ambiguous: true,
	}
}

// outOfBand explains a northing out of its band. The band next to it is put
// forward where the northing lies in that one.
func (r utmReference) outOfBand(zone int, letter byte, p orb.Point) error {
	south, north := bandEdges(strings.IndexByte(bandLetters, letter))
	e := &PositionError{Part: "position", Msg: fmt.Sprintf("Northing %s does not lie in band %c of zone %d.", shorten(r.north.text()), letter, zone),
		Accepted: fmt.Sprintf("Band %c is %s to %s.", letter, parallel(south), parallel(north))}
	if p[1] < southernUTM || p[1] > northernUTM {
		return e
	}
	meant := bandLetters[bandOf(p[1])]
	if _, _, ok := zoneEdges(zone, bandOf(p[1])); ok && meant != 'S' && (p[1] >= south-8 && p[1] <= north+8) {
		e.Suggestions = []string{fmt.Sprintf("%02d%c %s %s", zone, meant, r.east.text(), r.north.text())}
	}
	return e
}

// parallel names a latitude of whole degrees.
func parallel(lat float64) string {
	switch {
	case lat < 0:
		return fmt.Sprintf("%.0f°S", -lat)
	case lat > 0:
		return fmt.Sprintf("%.0f°N", lat)
	}
	return "the equator"
}

// readPolar reads a position of UPS.
func (r utmReference) readPolar() (position, error) {
	g := gridPlace{east: r.east.value(), north: r.north.value()}
	zone := r.letter
	switch zone {
	case "A", "B", "S", "SOUTH":
	case "Y", "Z", "N", "NORTH":
		g.northern = true
	case "":
		return position{}, &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” has no zone.", shorten(r.typed)), Accepted: acceptedUTM}
	default:
		return position{}, &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” has no zone number.", shorten(r.typed)), Accepted: "Without a number stand only the polar zones A, B, Y and Z."}
	}
	if math.Abs(g.east-upsPole) > 1_300_000 || math.Abs(g.north-upsPole) > 1_300_000 || math.Abs(g.point()[1]) < g.polarEdge() {
		return position{}, &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” lies too far from the pole for UPS.", shorten(r.typed)), Accepted: "The pole is at 2000000 2000000. UPS is used from 84°N and 80°S on."}
	}
	if half := g.polarLetter(); strings.Contains("ABYZ", zone) && half != zone[0] && math.Abs(g.east-upsPole) > 1 {
		return position{}, &PositionError{Part: "position", Msg: fmt.Sprintf("Easting %s does not lie in the polar zone %s.", shorten(r.east.text()), zone),
			Accepted: "A and Y lie west of the pole, under 2000000; B and Z lie east of it.", Suggestions: []string{fmt.Sprintf("%c %s %s", half, r.east.text(), r.north.text())}}
	}
	return position{point: g.point(), notation: "ups"}, nil
}

// polarEdge is how far from its pole UPS is accepted, degrees of latitude.
func (g gridPlace) polarEdge() float64 {
	if g.northern {
		return northernUTM - 0.5
	}
	return -southernUTM - 0.5
}
