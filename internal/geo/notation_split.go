package geo

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/paulmach/orb"
)

// Between positions of a track stands an arrow, a semicolon, a new line or "to",
// or a space where it is plain that a new position begins.
var (
	trackSign  = regexp.MustCompile(`(?i)\s*(?:→|⇒|➔|➜|--?>|=>|;|\r?\n|\r|\s+to\s+)\s*`)
	areaSign   = regexp.MustCompile(`(?i)^\s*area[\s:]\s*`)
	areaOf     = regexp.MustCompile(`(?i)^\s*area\s+of\s`)
	circleSign = regexp.MustCompile(`(?i)^\s*(?:(?:circle|cir)\s*(?:of\s+)?(?:radius\s+|r\s*=?\s*)?(?:of\s+)?|(?:within|radius|radius of)\s+)(\d+(?:[.,]\d+)?)\s*(nm|nmi|nautical miles?|km|kilomet(?:re|er)s?|m|miles?)?\s*(?:at|around|round|about|of|from|centred (?:on|at)|centered (?:on|at)|,|:)?\s+(.+)$`)
	radiusSign = regexp.MustCompile(`(?i)^\s*(\d+(?:[.,]\d+)?)\s*(nm|nmi|km|miles?)\s+(?:circle|radius)\s*(?:at|around|round|about|of|from)\s+(.+)$`)

	commaPairs = regexp.MustCompile(`^\s*-?\d+,\d+(?:\s*[;\r\n]+\s*-?\d+,\d+)+[\s;]*$`)

	hemisBehind  = regexp.MustCompile(`[-+]?\d[\d.°'"\s]*[NS][\s,/]*\d[\d.°'"\s]*[EW]`)
	hemisBefore  = regexp.MustCompile(`[NS]\s*\d[\d.°'"\s]*[\s,/]*[EW]\s*\d[\d.°'"\s]*`)
	gridStart    = regexp.MustCompile(`\b\d{1,2}[C-HJ-NP-X]\s?[A-HJ-NP-Z]{2}`)
	georefList   = regexp.MustCompile(`^(?:[A-Z]{4}\d{4,10}\s+)+[A-Z]{4}\d{4,10}$`)
	commaList    = regexp.MustCompile(`^(?:[-+]?\d+\.\d+,[-+]?\d+\.\d+\s+)+[-+]?\d+\.\d+,[-+]?\d+\.\d+$`)
	decimalsList = regexp.MustCompile(`^(?:[-+]?\d+\.\d+\s+){3,}[-+]?\d+\.\d+$`)
)

// splitTrack parts a text into positions.
func splitTrack(text string) []string {
	if one, ok := crossingText(text); ok {
		return []string{one}
	}
	var out []string
	for _, t := range trackSign.Split(text, -1) {
		t = strings.Trim(strings.TrimSpace(t), ",")
		if t != "" {
			out = append(out, splitSpaces(t)...)
		}
	}
	return out
}

// crossingText finds two bearings from two places, which are one position
// whatever stands between them.
func crossingText(text string) (one string, ok bool) {
	one = strings.ReplaceAll(text, ";", ",")
	tidy := strings.Join(strings.Fields(tidyText(one)), " ")
	places := []string{}
	if m := bothFirst.FindStringSubmatch(tidy); m != nil {
		places = []string{m[3], m[6]}
	} else if m := bothLast.FindStringSubmatch(tidy); m != nil {
		places = []string{m[1], m[4]}
	}
	for _, p := range places {
		if _, known := Default().PlaceNamed(p); !known {
			return "", false
		}
	}
	return one, len(places) > 0
}

// splitSpaces parts positions that stand behind each other without a sign; a
// text that is one position, or none, comes back as it is.
func splitSpaces(text string) []string {
	tidy := tidyText(text)
	for _, p := range []*regexp.Regexp{hemisBehind, hemisBefore} {
		if list := p.FindAllString(tidy, -1); len(list) > 1 && isAll(p, tidy) {
			return list
		}
	}
	if at := gridStart.FindAllStringIndex(tidy, -1); len(at) > 1 && at[0][0] == 0 {
		var list []string
		for i, a := range at {
			end := len(tidy)
			if i+1 < len(at) {
				end = at[i+1][0]
			}
			list = append(list, strings.Trim(tidy[a[0]:end], " ,"))
		}
		return list
	}
	words := strings.Fields(tidy)
	switch {
	case georefList.MatchString(tidy), commaList.MatchString(tidy):
		return words
	case decimalsList.MatchString(tidy) && len(words)%2 == 0:
		var list []string
		for i := 0; i < len(words); i += 2 {
			list = append(list, words[i]+" "+words[i+1])
		}
		return list
	case hasWord.MatchString(tidy):
		if list := splitPlaces(text); len(list) > 1 {
			return list
		}
	}
	return []string{text}
}

// isAll tells whether a pattern leaves nothing of a text but what may stand
// between positions.
func isAll(p *regexp.Regexp, text string) bool {
	return strings.Trim(p.ReplaceAllString(text, ""), " ,/") == ""
}

// splitPlaces parts a row of names of places, the longest name first; nil when a
// word belongs to none.
func splitPlaces(text string) []string {
	words := strings.Fields(text)
	if len(words) > 4*MaxPositions {
		return nil
	}
	var list []string
	for len(words) > 0 {
		n := min(len(words), 5)
		for ; n > 0; n-- {
			if _, ok := Default().placeAt(placeKey(strings.Join(words[:n], " "))); ok {
				break
			}
		}
		if n == 0 {
			return nil
		}
		list = append(list, strings.Trim(strings.Join(words[:n], " "), ","))
		words = words[n:]
	}
	return list
}

// readCircle reads an area by its centre and radius: circle 20NM at 5854N
// 02230E; ok is false for a text that is none.
func readCircle(text string) (r Reading, ok bool, err error) {
	m := circleSign.FindStringSubmatch(text)
	if m == nil {
		m = radiusSign.FindStringSubmatch(text)
	}
	if m == nil {
		return Reading{}, false, nil
	}
	radius, unit := strings.ReplaceAll(m[1], ",", "."), strings.ToUpper(m[2])
	nm, _, warning := readDistance(radius, unit, false)
	if unit == "M" {
		return Reading{}, true, &PositionError{Part: "radius", Msg: "A radius in m may be metres or miles.", Accepted: "Write it in NM or km."}
	}
	if nm <= 0 || nm > 600 {
		return Reading{}, true, &PositionError{Part: "radius", Msg: fmt.Sprintf("A radius of %s %s is of no use.", radius, unitName(unit)), Accepted: "Radii run up to 600 NM."}
	}
	p, err := readOne(m[3])
	if err != nil {
		return Reading{}, true, err
	}
	r.add(p, 0, 1)
	if warning != "" {
		r.Warnings = append(r.Warnings, warning)
	}
	r.circle = &circle{p.point, radius + " " + unitName(unit)}
	r.Geometry = orb.Polygon{Circle(p.point, nm, 72)}
	if err := Validate(r.Geometry); err != nil {
		return Reading{}, true, geometryFault(err)
	}
	r.Text = r.In("dm")
	return r, true, nil
}

// circle is what a round area was made of.
type circle struct {
	centre orb.Point
	radius string // 20 NM
}

// In writes the reading in a notation, as FormatGeometry does: a round area
// stays one.
func (r Reading) In(notation string) string {
	if r.circle == nil {
		return FormatGeometry(r.Geometry, notation)
	}
	return "circle " + r.circle.radius + " at " + FormatPoint(r.circle.centre, notation)
}
