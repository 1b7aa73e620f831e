package geo

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/paulmach/orb"
)

// oneComma is 10,5: a number with a decimal comma, or latitude and longitude.
var oneComma = regexp.MustCompile(`^(\d{1,3}),(\d{1,3})$`)

// ambiguous asks back where a comma may part two numbers or their decimals:
// both may be meant and lie far apart.
func ambiguous(text string) error {
	if m := oneComma.FindStringSubmatch(strings.TrimSpace(text)); m != nil {
		return &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” can be two numbers, or one with a decimal comma.", shorten(strings.TrimSpace(text))), Ambiguous: true,
			Suggestions: []string{m[1] + "N " + m[2] + "E", m[1] + "." + m[2] + "N …"}}
	}
	if !commaPairs.MatchString(text) {
		return nil
	}
	e := &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” can be read in two ways, with decimal commas or as pairs.", shorten(text)), Accepted: "Write decimals with a point, or N and E."}
	if pair := splitTrack(strings.ReplaceAll(text, ",", ".")); len(pair) == 2 {
		e.Ambiguous = true
		e.Suggestions = []string{pair[0] + ", " + pair[1], strings.Join(trackSign.Split(strings.ReplaceAll(strings.TrimSpace(text), ",", ", "), -1), " → ")}
	}
	return e
}

// turned asks back when a position without N and E lies outside the three
// regions and would lie in one with its numbers changed round.
func turned(p orb.Point, lat, lon angle) error {
	if lat.hemi != 0 || lon.hemi != 0 || max(p[0], p[1]) > 90 || min(p[0], p[1]) < -90 {
		return nil
	}
	a := Default()
	if a.regionAt(p) >= 0 || a.regionAt(orb.Point{p[1], p[0]}) < 0 {
		return nil
	}
	as := func(lat, lon angle) string { return lat.named(1) + " " + lon.named(0) }
	return &PositionError{Part: "position", Msg: "Latitude and longitude may be in each other's place: as written it lies outside the three regions, turned round inside.", Ambiguous: true,
		Suggestions: []string{as(lon, lat), as(lat, lon)}}
}

// named writes an angle with the hemisphere that its sign stands for on an axis.
func (a angle) named(axis int) string {
	hemi := [2]string{"EW", "NS"}[axis][0]
	if a.minus {
		hemi = [2]string{"EW", "NS"}[axis][1]
	}
	marks := [...]string{"°", "'", `"`}
	var b strings.Builder
	for i, n := range a.numbers {
		b.WriteString(n.text())
		if len(a.numbers) > 1 {
			b.WriteString(marks[i])
		}
	}
	return b.String() + string(hemi)
}

// swapped catches latitude and longitude in each other's place, where the
// number of digits or the size leaves no doubt that something is wrong.
func swapped(lat, lon angle) error {
	a, b := lat.numbers[0], lon.numbers[0]
	one := len(lat.numbers) == 1 && len(lon.numbers) == 1
	digits := one && (len(a.whole) == 5 && len(b.whole) == 4 || len(a.whole) == 7 && len(b.whole) == 6)
	size := len(a.whole) <= 3 && len(b.whole) <= 3 && lat.hemi == 0 && a.value() > 90 && a.value() <= 180 && b.value() <= 90
	if !digits && !size {
		return nil
	}
	e := &PositionError{Part: "position", Msg: "Latitude and longitude seem to be in each other's place.", Accepted: "Latitude comes first."}
	switch {
	case lat.hemi != 0 && lon.hemi != 0:
		e.Suggestions = []string{fmt.Sprintf("%s%c %s%c", b.text(), lat.hemi, a.text(), lon.hemi)}
		if a.whole[0] == '0' {
			e.Ambiguous = true
			e.Suggestions = append(e.Suggestions, fmt.Sprintf("%s%c 0%s%c", a.text()[1:], lat.hemi, b.text(), lon.hemi))
		}
	case one:
		e.Suggestions = []string{lon.signed() + ", " + lat.signed()}
	}
	return e
}

// withoutHemispheres asks back for digits run together without N and E, with
// the readings that lie in one of the three regions.
func withoutHemispheres(lat, lon angle) error {
	a, b := lat.numbers[0], lon.numbers[0]
	if lat.hemi != 0 || lon.hemi != 0 || lat.minus || lon.minus || len(lat.numbers)+len(lon.numbers) != 2 || len(b.whole) != len(a.whole)+1 || len(a.whole) != 4 && len(a.whole) != 6 {
		return nil
	}
	e := &PositionError{Part: "position", Msg: fmt.Sprintf("“%s %s” has no hemispheres.", a.text(), b.text()), Accepted: "Write N or S after the latitude, E or W after the longitude."}
	for _, hemi := range "EW" {
		lat.hemi, lon.hemi = 'N', byte(hemi)
		north, errLat := lat.read()
		east, errLon := lon.read()
		if errLat == nil && errLon == nil && Default().regionAt(orb.Point{east.degrees, north.degrees}) >= 0 {
			e.Suggestions = append(e.Suggestions, fmt.Sprintf("%sN %s%c", a.text(), b.text(), hemi))
		}
	}
	e.Ambiguous = len(e.Suggestions) > 0
	return e
}
