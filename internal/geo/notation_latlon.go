package geo

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// angle is latitude or longitude as written: up to three numbers with their
// marks, a sign or a hemisphere.
type angle struct {
	axis    int // 0 longitude, 1 latitude, as in orb.Point
	numbers []written
	hemi    byte // N, S, E, W or 0
	minus   bool
}

// written is a number as it stands in the text.
type written struct {
	whole, decimals string // the digits before and after the point
	mark            byte   // 'd', 'm', 's' for its degree, minute or second mark
}

func (w written) value() float64 {
	v, _ := strconv.ParseFloat(w.whole+"."+w.decimals+"0", 64)
	return v
}

// The words for messages, by axis.
var (
	axisName  = [2]string{"longitude", "latitude"}
	axisTitle = [2]string{"Longitude", "Latitude"}
	axisLimit = [2]float64{180, 90}
	axisRange = [2]string{"Longitude runs from 000° to 180°, east or west.", "Latitude runs from 00° to 90°, north or south."}
	axisHemis = [2]string{"E or W", "N or S"}
)

// tidy folds the signs that people and word processors use.
var tidy = strings.NewReplacer(
	"º", "°", "˚", "°", "ᵒ", "°", "′", "'", "’", "'", "‘", "'", "ʹ", "'", "ʼ", "'", "`", "'", "´", "'",
	"″", `"`, "”", `"`, "“", `"`, "„", `"`, "ʺ", `"`, "''", `"`, "−", "-", "–", "-", "—", "-", "‐", "-", "‑", "-",
	"\u00a0", " ", "\u2009", " ", "\u202f", " ", "\u2007", " ", "\t", " ", ":", " ",
)

// spoken are the words of a position read out.
var spoken = []struct {
	pattern *regexp.Regexp
	sign    string
}{
	{regexp.MustCompile(`\bLAT(?:ITUDE)?\b[\s=]*`), ""},
	{regexp.MustCompile(`[\s,;]*\bLONG?(?:ITUDE)?\b[\s=]*`), ", "},
	{regexp.MustCompile(`(\d)-(\d{2})(?:-(\d{2}(?:[.,]\d+)?))?\s*([NSEW])\b`), "$1 $2 $3 $4"},
	{regexp.MustCompile(`(\d)\s*(?:DEGREES|DEGREE|DEG)\b\s*`), "$1° "},
	{regexp.MustCompile(`(\d)\s*(?:MINUTES|MINUTE|MIN)\b\s*`), "$1' "},
	{regexp.MustCompile(`(\d)\s*(?:SECONDS|SECOND|SEC)\b\s*`), `$1" `},
	{regexp.MustCompile(`([\d°'"])\s*(N)ORTH\b([\s,]+\d|$)`), "$1$2$3"},
	{regexp.MustCompile(`([\d°'"])\s*(S)OUTH\b([\s,]+\d|$)`), "$1$2$3"},
	{regexp.MustCompile(`([\d°'"])\s*(E)AST\b([\s,]+\d|$)`), "$1$2$3"},
	{regexp.MustCompile(`([\d°'"])\s*(W)EST\b([\s,]+\d|$)`), "$1$2$3"},
}

var (
	commaDecimal = regexp.MustCompile(`(\d),(\d)`)
	fourNumbers  = regexp.MustCompile(`^(-?\d+),(\d+),(-?\d+),(\d+)$`)
	twoNumbers   = regexp.MustCompile(`^-?\d+,-?\d+$`)
)

// tidyText brings a text to capital letters, plain marks and decimal points. A
// comma between digits is a decimal comma unless the text has points already or
// the comma is all that parts two numbers.
func tidyText(text string) string {
	text = strings.ToUpper(strings.TrimSpace(tidy.Replace(tidy.Replace(text))))
	for _, w := range spoken {
		text = w.pattern.ReplaceAllString(text, w.sign)
	}
	switch {
	case strings.Contains(text, "."), twoNumbers.MatchString(text):
	case fourNumbers.MatchString(text):
		text = fourNumbers.ReplaceAllString(text, "$1.$2, $3.$4")
	default:
		text = commaDecimal.ReplaceAllString(text, "$1.$2")
	}
	return text
}

// token is a number, a hemisphere letter, a minus or a comma.
type token struct {
	kind   byte // '0' number, 'N' hemisphere, '-' minus, ',' comma
	hemi   byte
	number written
}

var tokenPattern = regexp.MustCompile(`^(?:(\d+)(?:\.(\d+))?\s*([°'"])?|([NSEW])|(-)|([,/])|\+)\s*`)

// readTokens takes a tidied text apart; false when something is left over.
func readTokens(text string) ([]token, bool) {
	var out []token
	for text != "" {
		m := tokenPattern.FindStringSubmatch(text)
		if m == nil {
			return nil, false
		}
		switch {
		case m[1] != "":
			n := written{whole: m[1], decimals: m[2]}
			if m[3] != "" {
				n.mark = map[string]byte{"°": 'd', "'": 'm', `"`: 's'}[m[3]]
			}
			out = append(out, token{kind: '0', number: n})
		case m[4] != "":
			out = append(out, token{kind: 'N', hemi: m[4][0]})
		case m[5] != "":
			out = append(out, token{kind: '-'})
		case m[6] != "":
			out = append(out, token{kind: ','})
		}
		text = text[len(m[0]):]
	}
	return out, true
}

// readLatLon reads latitude and longitude in degrees, degrees and minutes, or
// degrees, minutes and seconds, spaced or run together as in ICAO flight plans
// (Doc 4444, appendix 2, item 15, and Annex 15).
func readLatLon(tidy, typed string) (position, error) {
	tokens, ok := readTokens(tidy)
	if !ok {
		return position{}, unreadable(typed)
	}
	first, second, err := halves(typed, tokens)
	if err != nil {
		return position{}, err
	}
	var p position
	if first.axis == 0 {
		first, second = second, first
		p.warning = "Longitude was written before latitude."
	}
	if err := swapped(first, second); err != nil {
		return position{}, err
	}
	if err := withoutHemispheres(first, second); err != nil {
		return position{}, err
	}
	lat, err := first.read()
	if err != nil {
		return position{}, suggest(err, first, second)
	}
	lon, err := second.read()
	if err != nil {
		return position{}, suggest(err, second, first)
	}
	p.point[0], p.point[1] = lon.degrees, lat.degrees
	p.unit = [2]float64{lon.unit, lat.unit}
	p.notation = lat.notation
	return p, turned(p.point, first, second)
}

// halves parts the tokens into the two angles, in the order written.
func halves(text string, tokens []token) (first, second angle, err error) {
	cut, err := cutAt(text, tokens)
	if err != nil {
		return first, second, err
	}
	if first, err = halfOf(text, tokens[:cut]); err != nil {
		return first, second, err
	}
	if second, err = halfOf(text, tokens[cut:]); err != nil {
		return first, second, err
	}
	first.axis, second.axis = 1, 0
	if first.hemi == 'E' || first.hemi == 'W' {
		first.axis, second.axis = 0, 1
	}
	return first, second, nil
}

// cutAt finds where the second angle begins.
func cutAt(text string, tokens []token) (int, error) {
	var hemis, numbers, starts []int
	comma := -1
	for i, t := range tokens {
		switch {
		case t.kind == 'N':
			hemis = append(hemis, i)
		case t.kind == '0':
			numbers = append(numbers, i)
			if t.number.mark == 'd' {
				starts = append(starts, i)
			}
		case t.kind == ',' && comma < 0:
			comma = i
		}
	}
	if len(numbers) == 0 {
		return 0, unreadable(text)
	}
	if err := checkHemispheres(text, tokens, hemis, len(numbers)); err != nil {
		return 0, err
	}
	switch {
	case len(hemis) == 2 && hemis[0] != 0:
		return hemis[0] + 1, nil
	case len(hemis) == 2 && hemis[1] != len(tokens)-1:
		return hemis[1], nil
	case comma > 0:
		return comma, nil
	case len(starts) == 2:
		return withSign(tokens, starts[1]), nil
	case len(numbers)%2 == 0 && len(numbers) <= 6:
		return withSign(tokens, numbers[len(numbers)/2]), nil
	case len(numbers) == 1:
		return 0, &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” is only one number.", shorten(text)), Accepted: "A position is a latitude and a longitude, such as 5854N 02230E."}
	}
	return 0, &PositionError{Part: "position", Msg: fmt.Sprintf("It is not clear where the longitude begins in “%s”.", shorten(text)), Accepted: "Write N or S after the latitude, E or W after the longitude."}
}

// withSign moves a cut before the minus of the number there.
func withSign(tokens []token, i int) int {
	if i > 0 && tokens[i-1].kind == '-' {
		return i - 1
	}
	return i
}

// checkHemispheres wants none, or one of N and S and one of E and W.
func checkHemispheres(text string, tokens []token, at []int, numbers int) error {
	switch {
	case len(at) == 0:
		return nil
	case len(at) > 2:
		return &PositionError{Part: "position", Msg: fmt.Sprintf("“%s” is more than one position.", shorten(text)), Accepted: "Put → or ; between positions."}
	case len(at) == 1:
		missing := axisOf(tokens[at[0]].hemi) ^ 1
		e := &PositionError{Part: axisName[missing], Msg: axisTitle[missing] + " has no hemisphere.", Accepted: "Write " + axisHemis[missing] + "."}
		if numbers == 1 {
			e.Msg, e.Accepted = axisTitle[missing]+" is missing.", acceptedPositions
		}
		return e
	case axisOf(tokens[at[0]].hemi) == axisOf(tokens[at[1]].hemi):
		axis := axisOf(tokens[at[0]].hemi)
		return &PositionError{Part: axisName[axis^1], Msg: fmt.Sprintf("There are two %ss and no %s.", axisName[axis], axisName[axis^1]), Accepted: fmt.Sprintf("%s ends in %s.", axisTitle[axis^1], axisHemis[axis^1])}
	}
	return nil
}

func axisOf(hemi byte) int {
	if hemi == 'N' || hemi == 'S' {
		return 1
	}
	return 0
}

// halfOf gathers one angle.
func halfOf(text string, tokens []token) (angle, error) {
	var a angle
	for _, t := range tokens {
		switch t.kind {
		case 'N':
			a.hemi = t.hemi
		case '-':
			if a.minus || len(a.numbers) > 0 {
				return a, unreadable(text)
			}
			a.minus = true
		case '0':
			a.numbers = append(a.numbers, t.number)
		}
	}
	if len(a.numbers) == 0 || len(a.numbers) > 3 {
		return a, unreadable(text)
	}
	return a, nil
}

func (w written) text() string {
	if w.decimals == "" {
		return w.whole
	}
	return w.whole + "." + w.decimals
}

func (a angle) signed() string {
	if a.minus {
		return "-" + a.numbers[0].text()
	}
	return a.numbers[0].text()
}

// split takes run-together digits apart: 5854 and 02230 are degrees and
// minutes, 585412 and 0223005 degrees, minutes and seconds.
func (a angle) split() ([]written, error) {
	n := a.numbers[0]
	width := 3 - a.axis // digits of whole degrees
	if len(a.numbers) > 1 || len(n.whole) <= 3 || n.mark != 0 {
		return a.numbers, nil
	}
	if a.hemi == 0 {
		return nil, &PositionError{Part: axisName[a.axis], Msg: fmt.Sprintf("%s %s has no hemisphere.", axisTitle[a.axis], shorten(n.text())), Accepted: "Write " + axisHemis[a.axis] + " with it."}
	}
	switch len(n.whole) - width {
	case 2:
		return []written{{whole: n.whole[:width]}, {n.whole[width:], n.decimals, 0}}, nil
	case 4:
		return []written{{whole: n.whole[:width]}, {whole: n.whole[width : width+2]}, {n.whole[width+2:], n.decimals, 0}}, nil
	}
	e := &PositionError{Part: axisName[a.axis], Msg: fmt.Sprintf("%s %s has %d digits.", axisTitle[a.axis], shorten(n.whole), len(n.whole)),
		Accepted: fmt.Sprintf("Whole degrees take %d digits, with minutes %d, with seconds %d.", width, width+2, width+4)}
	if d := len(n.whole) - width; d == 1 || d == 3 {
		e.Suggestions = []string{fmt.Sprintf("0%s%c", n.text(), a.hemi)}
	}
	return nil, e
}

// value is an angle read: signed degrees, and the last place written.
type value struct {
	degrees, unit float64
	notation      string
}

// read checks an angle and works it out.
func (a angle) read() (value, error) {
	numbers, err := a.split()
	if err != nil {
		return value{}, err
	}
	if a.minus && a.hemi != 0 {
		return value{}, &PositionError{Part: axisName[a.axis], Msg: fmt.Sprintf("%s has both a minus sign and %c.", axisTitle[a.axis], a.hemi), Accepted: "Write one of them."}
	}
	if err := a.checkParts(numbers); err != nil {
		return value{}, err
	}
	v := value{unit: 1, notation: [...]string{"dd", "dm", "dms"}[len(numbers)-1]}
	scale := 1.0
	for _, n := range numbers {
		v.degrees += n.value() / scale
		v.unit = math.Pow10(-len(n.decimals)) / scale
		scale *= 60
	}
	if v.degrees > axisLimit[a.axis] {
		return value{}, &PositionError{Part: axisName[a.axis], Msg: fmt.Sprintf("%s %s is more than %v°.", axisTitle[a.axis], marked(numbers), axisLimit[a.axis]), Accepted: axisRange[a.axis]}
	}
	if (a.minus || a.hemi == 'S' || a.hemi == 'W') && v.degrees != 0 {
		v.degrees = -v.degrees
	}
	return v, nil
}

// checkParts wants the marks in order, decimals on the last number only, and
// minutes and seconds under 60.
func (a angle) checkParts(numbers []written) error {
	names := [3]string{"degrees", "minutes", "seconds"}
	titles := [3]string{"Degrees", "Minutes", "Seconds"}
	in := " of the " + axisName[a.axis]
	for i, n := range numbers {
		switch {
		case n.mark != 0 && n.mark != "dms"[i]:
			return &PositionError{Part: axisName[a.axis], Msg: fmt.Sprintf("The %s%s, %s, have the wrong mark.", names[i], in, shorten(n.text())), Accepted: `Marks are ° for degrees, ' for minutes, " for seconds.`}
		case i < len(numbers)-1 && n.decimals != "":
			return &PositionError{Part: axisName[a.axis], Msg: fmt.Sprintf("The %s%s, %s, have decimals and %s follow.", names[i], in, shorten(n.text()), names[i+1]), Accepted: "Only the last number may have decimals."}
		case i > 0 && n.value() >= 60:
			return &PositionError{Part: axisName[a.axis], Msg: fmt.Sprintf("%s%s, %s, are 60 or more.", titles[i], in, shorten(n.text())), Accepted: titles[i] + " run from 00 to 59."}
		}
	}
	return nil
}

// marked writes numbers with their marks, as in 198°48'.
func marked(numbers []written) string {
	var b strings.Builder
	for i, n := range numbers {
		b.WriteString(n.text() + [...]string{"°", "'", `"`}[i])
	}
	return shorten(b.String())
}
