package store

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"interceptlog/internal/incidents"
)

// plain are letters of the languages of the three seas that have no mark to
// be taken off.
var plain = strings.NewReplacer("ø", "o", "æ", "ae", "œ", "oe", "ß", "ss", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i")

// fold makes letters comparable: lower case, without diacritics.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return plain.Replace(strings.ToLower(b.String())) // a sign such as № becomes letters, large ones too
}

// squash folds and leaves only letters and digits, so that RC-135 is RC135.
func squash(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, fold(s))
}

// tokens cuts folded text where the index of words does: at everything that
// is neither letter nor digit.
func tokens(s string) []string {
	return strings.FieldsFunc(fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

// words cuts a question at its spaces, and each word into tokens; words
// without a letter or a digit fall away.
func words(q string) [][]string {
	var list [][]string
	for _, w := range strings.Fields(q) {
		if t := tokens(w); len(t) > 0 {
			list = append(list, t)
		}
	}
	return list
}

// searchText is what a question's words are looked for in.
func searchText(inc *incidents.Incident) string {
	rec := &inc.Record
	parts := []string{inc.Number, rec.Title, rec.Narrative, rec.Location, rec.SubArea, rec.SourceID, rec.Summary, inc.Derived.Near, inc.Derived.Sea}
	for _, p := range [...]*incidents.Party{&rec.Intercepting, &rec.Intercepted} {
		for _, n := range p.Nations {
			parts = append(parts, n, incidents.NationName(n))
		}
		for _, a := range p.Aircraft {
			for _, name := range [...]string{a.Designator, a.Name} {
				parts = append(parts, name, squash(name))
				for _, word := range strings.Fields(name) {
					parts = append(parts, squash(word))
				}
			}
		}
		parts = append(parts, p.Callsign, squash(p.Callsign))
	}
	return strings.Join(tokens(strings.Join(parts, " ")), " ")
}
