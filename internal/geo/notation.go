package geo

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"
)

// Reading is what a text said about a position.
type Reading struct {
	Geometry      orb.Geometry
	Notation      string   // "dd", "dm", "dms", "mgrs", "georef", "utm", "ups", "place", "bearing_distance", "crossing_bearings" or "geojson"
	Text          string   // canonical: 58°54.0'N 022°30.0'E, a track joined by " → "
	UncertaintyNM float64  // half of the last place written, or how far the words reach; the coarsest of a track
	Warnings      []string // what was accepted, but may not be meant
	circle        *circle  // of a round area
}

// PositionError says which part of a position could not be read, what was
// wrong and what is accepted, in words fit for a watch officer.
type PositionError struct {
	Part        string   // "latitude", "longitude", "position" or "geometry"
	Msg         string   // "Longitude 198°48' is more than 180°."
	Accepted    string   // "Longitude runs from 000° to 180°."
	Suggestions []string // texts to put in the place of Part
	Ambiguous   bool     // more than one reading is possible: Suggestions are the readings
}

// Error is the message with a suggestion where there is one, else with what is
// accepted: "Longitude 198°48' is more than 180°. Try 01848E."
func (e *PositionError) Error() string {
	switch {
	case e.Ambiguous:
		return e.Msg + " Choose " + strings.Join(e.Suggestions, " or ") + "."
	case len(e.Suggestions) > 0:
		return e.Msg + " Try " + strings.Join(e.Suggestions, " or ") + "."
	case e.Accepted != "":
		return e.Msg + " " + e.Accepted
	}
	return e.Msg
}

const acceptedPositions = "Accepted are 5854N 02230E, 58°54.0'N 022°30.0'E, 58.9N 22.5E, an MGRS, GEOREF or UTM reference, a place, and 35 NM NE of Gotland."

// position is one position read in one notation. The unit is the last place
// written of latitude and longitude, in degrees; what is no such figure states
// its uncertainty instead.
type position struct {
	point         orb.Point
	unit          [2]float64
	uncertaintyNM float64
	notation      string
	warning       string
}

// within is how well the position is known, nautical miles.
func (p position) within() float64 {
	_, cos := reduced(p.point[1])
	return max(p.uncertaintyNM, p.unit[1]*60/2, p.unit[0]*cos*60/2)
}

// reader reads one family of notations. Claims tells from the look of a text
// whether it is meant so; the reader that claims it also explains its faults,
// quoting the text as it was typed.
type reader struct {
	claims func(tidy string) bool
	read   func(tidy, typed string) (position, error)
}

// readers are those of positions in figures, asked in turn. Texts come to them
// tidied by tidyText; what none of them claims is read as words.
var readers = []reader{
	{claims: claimsMGRS, read: readMGRS},
	{claims: claimsUTM, read: readUTM},
	{claims: claimsGEOREF, read: readGEOREF},
	{claims: func(tidy string) bool { return !hasWord.MatchString(tidy) }, read: readLatLon},
}

// maxText bounds what is looked at, bytes: more than the longest legal track.
const maxText = 100 * MaxPositions

// ReadPosition reads a position as people write it: decimal degrees, degrees
// and minutes, degrees, minutes and seconds, the ICAO forms of 7, 11 and 15
// characters, MGRS, GEOREF and UTM, a place, a bearing and distance from one, two
// crossing bearings, or a pasted GeoJSON geometry. A grid reference is a square: it
// is read as its centre, and half of its side is the uncertainty. Several positions make a
// track, several after the word "area" the corners of an area, and "circle 20NM
// at" a position a round one. The error is a *PositionError.
func ReadPosition(text string) (Reading, error) {
	if len(text) > maxText {
		return Reading{}, &PositionError{Part: "position", Msg: "The text is too long.", Accepted: fmt.Sprintf("A track has at most %d positions.", MaxPositions)}
	}
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "{") {
		return readGeoJSON(text)
	}
	if r, ok, err := readCircle(text); ok {
		return r, err
	}
	area := ""
	if !areaOf.MatchString(text) {
		area = areaSign.FindString(text)
	}
	if err := ambiguous(text[len(area):]); err != nil {
		return Reading{}, err
	}
	texts := splitTrack(text[len(area):])
	if len(texts) == 0 {
		return Reading{}, &PositionError{Part: "position", Msg: "There is no position.", Accepted: acceptedPositions}
	}
	if len(texts) > MaxPositions {
		return Reading{}, &PositionError{Part: "position", Msg: fmt.Sprintf("More than %d positions.", MaxPositions), Accepted: "Leave some out."}
	}
	var r Reading
	path := make(orb.LineString, 0, len(texts))
	for i, t := range texts {
		p, err := readOne(t)
		if err != nil {
			return Reading{}, numbered(err, i, len(texts))
		}
		r.add(p, i, len(texts))
		path = append(path, p.point)
	}
	return r.shape(path, area != "")
}

func readOne(text string) (position, error) {
	tidy := tidyText(text)
	for _, r := range readers {
		if r.claims(tidy) {
			return r.read(tidy, text)
		}
	}
	return readPlace(tidy, text)
}

func unreadable(text string) *PositionError {
	return &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” is not a position.", shorten(text)), Accepted: acceptedPositions}
}

// shorten keeps a message readable whatever was pasted.
func shorten(text string) string {
	const most = 40
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}

// numbered tells which position of a track is meant.
func numbered(err error, i, of int) error {
	if e, ok := err.(*PositionError); ok && of > 1 {
		e.Msg = fmt.Sprintf("Position %d: %s", i+1, e.Msg)
	}
	return err
}

// add takes the notation of the first position and the worst precision of all.
func (r *Reading) add(p position, i, of int) {
	if i == 0 {
		r.Notation = p.notation
	}
	r.UncertaintyNM = max(r.UncertaintyNM, p.within())
	if p.warning == "" {
		return
	}
	if of > 1 {
		p.warning = fmt.Sprintf("Position %d: %s", i+1, p.warning)
	}
	r.Warnings = append(r.Warnings, p.warning)
}

// shape makes the geometry of the positions read.
func (r Reading) shape(path orb.LineString, area bool) (Reading, error) {
	same := !slices.ContainsFunc(path, func(p orb.Point) bool { return p != path[0] })
	switch {
	case area:
		if path[0] != path[len(path)-1] {
			path = append(path, path[0])
			r.Warnings = append(r.Warnings, "The area was closed back to its first position.")
		}
		if len(path) < 4 {
			return Reading{}, &PositionError{Part: "position", Msg: fmt.Sprintf("An area of %d positions encloses nothing.", len(path)-1), Accepted: "An area takes at least three corners."}
		}
		r.Geometry = orb.Polygon{orb.Ring(path)}
	case len(path) > 1 && !same:
		r.Geometry = path
	default:
		if len(path) > 1 {
			r.Warnings = append(r.Warnings, "All positions are the same: read as one.")
		}
		r.Geometry = path[0]
	}
	if err := Validate(r.Geometry); err != nil {
		return Reading{}, geometryFault(err)
	}
	r.Text = FormatGeometry(r.Geometry, "dm")
	return r, nil
}

func readGeoJSON(text string) (Reading, error) {
	g, err := ParseGeometry([]byte(text))
	if err != nil {
		return Reading{}, geometryFault(err)
	}
	return Reading{Geometry: g, Notation: "geojson", Text: FormatGeometry(g, "dm")}, nil
}

func geometryFault(err error) error {
	return &PositionError{Part: "geometry", Msg: "The geometry cannot be used: " + strings.TrimSuffix(err.Error(), ".") + "."}
}
