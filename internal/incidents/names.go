package incidents

import (
	"fmt"
	"regexp"
	"strings"

	"interceptlog/internal/aircraft"
)

var designatorPattern = regexp.MustCompile(`^[A-Z0-9]{2,4}$`)

// nations reads codes or names, parted by commas; codes also by spaces.
func (rd *reader) nations(name, text string) []string {
	var out []string
	take := func(code string) {
		if !contains(out, code) {
			out = append(out, code)
		}
	}
	for _, part := range strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ';' || c == '/' || c == '+' || c == '&' }) {
		part = strings.Join(strings.Fields(part), " ")
		if code, ok := NationCalled(part); ok {
			take(code)
			continue
		}
		for _, s := range strings.Fields(part) {
			if s == "?" || strings.EqualFold(s, "and") {
				continue
			}
			code, ok := NationCalled(s)
			if !ok {
				rd.Add(name, fmt.Sprintf("“%s” is no nation; enter names, or two-letter ISO 3166-1 codes such as NO, RU, GB, or NATO.", clip(s)))
				continue
			}
			take(code)
		}
	}
	return out
}

// KnownType reports whether a text is an ICAO type designator, as a report takes
// it; any other name of an aircraft goes beside it.
func KnownType(text string) bool {
	des, ok := aircraftType(text)
	return ok && des == text
}

// aircraftType reads a type by its ICAO designator, or by a name that only one
// designator answers to: “bear” is TU95.
func aircraftType(text string) (designator string, ok bool) {
	des := strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(text), "-", ""))
	if designatorPattern.MatchString(des) && (len(aircraft.ByDesignator(des)) > 0 || !onlyLetters(des)) {
		return des, true
	}
	for _, m := range aircraft.Search(text, 2) {
		if m.Rank > 1 {
			break
		}
		if designator != "" && designator != m.Type.Designator {
			return des, designatorPattern.MatchString(des) // two answer to the name
		}
		designator = m.Type.Designator
	}
	if designator != "" && designator != aircraft.NoDesignator {
		return designator, true
	}
	return des, designatorPattern.MatchString(des)
}

// onlyLetters tells words from designators, most of which hold a figure.
func onlyLetters(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' }) < 0
}
