package geo

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// placeExtentNM is how far from its point a place of a kind may still be meant,
// nautical miles. It follows the georeferencing practice of GBIF: a name is its
// extent, never a point.
var placeExtentNM = map[string]float64{"air_base": 1, "city": 3, "installation": 1, "cape": 2, "island": 5, "strait": 5}

const acceptedPlaces = "Write a place of the list, or 35 NM NE of Gotland, 050/35NM BORNHOLM, or a position such as 5854N 02230E."

var (
	// hasWord tells a text in words, or with a bearing and a distance, from one
	// in figures.
	hasWord = regexp.MustCompile(`\pL{3}|\d\s*(?:NM|KM)\b`)
	nearby  = regexp.MustCompile(`^(NEAR|OFF|CLOSE TO|ABEAM|VIC(?:INITY)?(?: OF)?|IN THE (?:AREA|VICINITY) OF|AREA OF|OVER|OVERHEAD|AT)\s+(.+)$`)

	distanceText = `(\d+(?:\.\d+)?)\s*(NM|NMI|NAUTICAL MILES?|KM|KMS|KILOMET(?:RE|ER)S?|MILES?)`
	bearingText  = `(?:BEARING |BRG )?(\d{3})\s*(°|DEG(?:REES)?)?\s*(T|TRUE|M|MAG|MAGNETIC)?`
	compassText  = `((?:NORTH|SOUTH|EAST|WEST|[NSEW])(?:[- ]?(?:NORTH|SOUTH|EAST|WEST|[NSEW])){0,2})(?:ERN)?`
	fromText     = `(?:\s*(?:FROM|OFF|OF)\s+|\s+)`

	// 050/35NM BORNHOLM, 050 35 NM FROM BORNHOLM, 050/35 BORNHOLM
	bearingFirst = regexp.MustCompile(`^` + bearingText + `(?:\s*/\s*|\s*,?\s+)` + `(\d+(?:\.\d+)?)\s*(NM|NMI|NAUTICAL MILES?|KM|KMS|KILOMET(?:RE|ER)S?|MILES?)?` + fromText + `(.+)$`)
	// BORNHOLM 050/35NM
	bearingLast = regexp.MustCompile(`^(.+?)[\s,]+` + bearingText + `\s*/\s*(\d+(?:\.\d+)?)\s*(NM|NMI|KM|MILES?)?$`)
	// BORNHOLM050035, as in flight plans
	bearingPacked = regexp.MustCompile(`^(\pL{2,})(\d{3})(\d{3})$`)
	// 35 NM NE OF GOTLAND
	compassFirst = regexp.MustCompile(`^(?:(?:ABOUT|SOME|ROUGHLY|CA\.?) )?` + distanceText + `\s*(?:(?:TO THE|DUE) )?` + compassText + fromText + `(.+)$`)
	// 35 NM 050 FROM BORNHOLM, 35 NM ON A BEARING OF 050 FROM BORNHOLM
	distanceFirst = regexp.MustCompile(`^` + distanceText + `\s*[,/]?\s*(?:ON )?(?:A )?(?:BEARING (?:OF )?|BRG )?(\d{3})\s*(°|DEG(?:REES)?)?\s*(T|TRUE|M|MAG|MAGNETIC)?` + fromText + `(.+)$`)

	// NORTH OF GOTLAND 20 NM
	compassLast = regexp.MustCompile(`^(?:DUE )?` + compassText + `\s+OF\s+(.+?)[\s,]+(?:BY |AT )?` + distanceText + `$`)

	compassAlone  = regexp.MustCompile(`^(?:(?:TO THE|DUE) )?` + compassText + `\s+OF\s+(.+)$`)
	distanceAlone = regexp.MustCompile(`^(?:ABOUT |SOME )?` + distanceText + `\s*(?:FROM|OFF|OF)\s+(.+)$`)

	bearingFrom = `(?:BEARING |BRG )?(\d{3})\s*(?:°|DEG(?:REES)?)?\s*(T|TRUE|M|MAG|MAGNETIC)?\s*(?:/|FROM |OF |\s)\s*`
	bothFirst   = regexp.MustCompile(`^` + bearingFrom + `(\D+?)\s*(?:,|&|\+|/|\bAND\b|\bX\b|\bCROSSING\b|\s)\s*` + bearingFrom + `(\D+)$`)
	bothLast    = regexp.MustCompile(`^(?:FROM )?(\D+?)[\s/]+(?:BRG |RADIAL |R)?(\d{3})\s*(?:°|DEG)?\s*(T|TRUE|M|MAG|MAGNETIC)?\s*(?:,|&|\+|/|\bAND\b|\bX\b|\s)\s*(?:FROM )?(\D+?)[\s/]+(?:BRG |RADIAL |R)?(\d{3})\s*(?:°|DEG)?\s*(T|TRUE|M|MAG|MAGNETIC)?$`)
)

// readPlace reads a place by name or ICAO location indicator, a bearing and a
// distance from one, and two crossing bearings. Bearings are true.
func readPlace(tidy, typed string) (position, error) {
	p, err := readWords(strings.Join(strings.Fields(tidy), " "), typed)
	if e, ok := err.(*PositionError); ok {
		e.Msg = asTyped(e.Msg, typed)
	}
	return p, err
}

// asTyped quotes in a message the letters that were typed, not the capitals
// that they were read in.
func asTyped(msg, typed string) string {
	from, to := strings.Index(msg, "“"), strings.Index(msg, "”")
	if from < 0 || to < from {
		return msg
	}
	quoted := msg[from+len("“") : to]
	if at := strings.Index(strings.ToUpper(typed), quoted); at >= 0 && at+len(quoted) <= len(typed) && strings.EqualFold(typed[at:at+len(quoted)], quoted) {
		return strings.Replace(msg, quoted, typed[at:at+len(quoted)], 1)
	}
	return msg
}

func readWords(tidy, typed string) (position, error) {
	if p, ok := Default().PlaceNamed(tidy); ok {
		return atPlace(p), nil
	}
	if m := bothFirst.FindStringSubmatch(tidy); m != nil {
		return readCrossing(typed, ray{m[1], m[2], m[3]}, ray{m[4], m[5], m[6]})
	}
	if m := bothLast.FindStringSubmatch(tidy); m != nil {
		return readCrossing(typed, ray{m[2], m[3], m[1]}, ray{m[5], m[6], m[4]})
	}
	if m := compassFirst.FindStringSubmatch(tidy); m != nil {
		if deg, half, ok := compassPoint(m[3]); ok {
			return readOffset(offset{bearing: deg, bearingHalf: half, distance: m[1], unit: m[2], round: true, from: m[4]})
		}
	}
	if m := compassLast.FindStringSubmatch(tidy); m != nil {
		if deg, half, ok := compassPoint(m[1]); ok {
			return readOffset(offset{bearing: deg, bearingHalf: half, distance: m[3], unit: m[4], round: true, from: m[2]})
		}
	}
	if m := distanceFirst.FindStringSubmatch(tidy); m != nil {
		return readOffset(offset{digits: m[3], north: m[5], distance: m[1], unit: m[2], from: m[6]})
	}
	if m := bearingFirst.FindStringSubmatch(tidy); m != nil {
		return readOffset(offset{digits: m[1], north: m[3], distance: m[4], unit: m[5], from: m[6]})
	}
	if m := bearingLast.FindStringSubmatch(tidy); m != nil {
		return readOffset(offset{digits: m[2], north: m[4], distance: m[5], unit: m[6], from: m[1]})
	}
	if m := bearingPacked.FindStringSubmatch(tidy); m != nil {
		if _, ok := Default().PlaceNamed(m[1]); ok {
			return readOffset(offset{digits: m[2], distance: m[3], from: m[1]})
		}
	}
	return readVague(tidy)
}

// readVague answers what is a place only in part: near one, or with the
// direction or the distance missing.
func readVague(tidy string) (position, error) {
	if m := nearby.FindStringSubmatch(tidy); m != nil {
		p, err := anchor(m[2])
		if err != nil {
			return position{}, err
		}
		switch m[1] {
		case "OVER", "OVERHEAD", "AT":
		default:
			p.uncertaintyNM = max(p.uncertaintyNM, 15)
			p.warning = "How far off is not said: 15 NM is taken as the uncertainty."
		}
		return p, nil
	}
	if m := compassAlone.FindStringSubmatch(tidy); m != nil {
		return position{}, &PositionError{Part: "position", Msg: fmt.Sprintf("How far %s of it is not said.", compassName(m[1])), Accepted: "Write a distance, as in 35 NM NE of Gotland."}
	}
	if m := distanceAlone.FindStringSubmatch(tidy); m != nil {
		return position{}, &PositionError{Part: "position", Msg: "In which direction is not said.", Accepted: fmt.Sprintf("Write %s %s NE of …, or circle %s %s at … for all round it.", m[1], unitName(m[2]), m[1], unitName(m[2]))}
	}
	return position{}, unknownPlace(tidy)
}

// unknownPlace says so, with names that may have been meant.
func unknownPlace(tidy string) error {
	e := &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” is not a position, and no place of that name is known.", shorten(tidy)), Accepted: acceptedPlaces}
	for _, p := range Default().PlacesLike(tidy, 3) {
		e.Suggestions = append(e.Suggestions, p.Name)
	}
	return e
}

func atPlace(p Place) position {
	return position{point: p.Point, uncertaintyNM: max(p.AccuracyKM*1000/MetresPerNM, placeExtentNM[p.Kind]), notation: "place"}
}

// anchor is what a bearing starts from: a place, or a position in figures.
func anchor(tidy string) (position, error) {
	if p, ok := Default().PlaceNamed(tidy); ok {
		return atPlace(p), nil
	}
	for _, r := range readers {
		if !r.claims(tidy) {
			continue
		}
		if p, err := r.read(tidy, tidy); err == nil {
			return p, nil
		}
	}
	return position{}, unknownPlace(tidy)
}

// offset is a bearing and a distance from something, as written.
type offset struct {
	digits, north        string  // 050, and M for magnetic
	bearing, bearingHalf float64 // degrees, instead of digits
	distance, unit       string
	round                bool // words, where 30 km is a round figure
	from                 string
}

func readOffset(o offset) (position, error) {
	from, err := anchor(o.from)
	if err != nil {
		return position{}, err
	}
	if o.digits != "" {
		if o.bearing, err = trueBearing(o.digits, o.north); err != nil {
			return position{}, err
		}
		o.bearingHalf = 0.5
	}
	nm, half, warning := readDistance(o.distance, o.unit, o.round)
	if nm > 600 {
		return position{}, &PositionError{Part: "position", Msg: fmt.Sprintf("%s %s is too far for a bearing to say where.", o.distance, unitName(o.unit)), Accepted: "Distances run up to 600 NM."}
	}
	aside := nm * math.Sin(radians(o.bearingHalf))
	return position{
		point:         Destination(from.point, o.bearing, nm),
		uncertaintyNM: math.Hypot(from.within(), math.Hypot(half, aside)),
		notation:      "bearing_distance", warning: warning,
	}, nil
}

func trueBearing(digits, north string) (float64, error) {
	deg, _ := strconv.Atoi(digits)
	switch {
	case deg > 360:
		return 0, &PositionError{Part: "bearing", Msg: fmt.Sprintf("Bearing %s is more than 360°.", digits), Accepted: "Bearings run from 000 to 360, true."}
	case strings.HasPrefix(north, "M"):
		return 0, &PositionError{Part: "bearing", Msg: "A magnetic bearing cannot be placed without the variation.", Accepted: "Give the true bearing: " + digits + "T."}
	}
	return float64(deg % 360), nil
}

// readDistance gives nautical miles and half of the last place written; of a
// round figure in words, half of its last figure that is not nought.
func readDistance(text, unit string, round bool) (nm, half float64, warning string) {
	v, _ := strconv.ParseFloat(text, 64)
	place := 1.0
	if _, decimals, ok := strings.Cut(text, "."); ok {
		place = math.Pow10(-len(decimals))
	} else if round {
		place = math.Pow10(len(text) - len(strings.TrimRight(text, "0")))
	}
	per := 1.0
	switch {
	case strings.HasPrefix(unit, "K"):
		per = 1000 / MetresPerNM
	case strings.HasPrefix(unit, "MILE"):
		warning = "Miles are read as nautical miles."
	case unit == "":
		warning = "The distance is read as nautical miles."
	}
	return v * per, min(place/2, v/2) * per, warning
}

func unitName(unit string) string {
	if strings.HasPrefix(unit, "K") {
		return "km"
	}
	return "NM"
}

var compassNames = []string{"N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"}

// Compass names a true bearing in degrees by one of sixteen points.
func Compass(bearing float64) string {
	return compassNames[int(math.Floor(math.Mod(bearing+11.25+360, 360)/22.5))%16]
}

func compassName(words string) string {
	return strings.NewReplacer("NORTH", "N", "SOUTH", "S", "EAST", "E", "WEST", "W", " ", "", "-", "").Replace(words)
}

// compassPoint gives the bearing of a point of the compass and how far to each
// side it may be meant: of sixteen points 11.25°, of eight 22.5°.
func compassPoint(words string) (deg, half float64, ok bool) {
	i := slices.Index(compassNames, compassName(words))
	if i < 0 {
		return 0, 0, false
	}
	half = 22.5
	if i%2 == 1 {
		half = 11.25
	}
	return float64(i) * 22.5, half, true
}
