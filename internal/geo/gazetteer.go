package geo

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// named is a place under one of its names; a lower rank is the better claim to
// it: the name itself, an alias, a part of the name.
type named struct {
	place *Place
	rank  int
}

// plainLetters takes the marks off the letters of the names round the three
// seas. golang.org/x/text would do it for every letter there is, and is a table
// of a megabyte; this package stands on the standard library.
var plainLetters = strings.NewReplacer(
	"á", "a", "â", "a", "ä", "a", "å", "a", "à", "a", "ã", "a", "ā", "a", "ă", "a", "ą", "a", "æ", "ae",
	"ç", "c", "ć", "c", "č", "c", "ð", "d", "đ", "d", "é", "e", "è", "e", "ê", "e", "ë", "e", "ė", "e", "ę", "e", "ē", "e",
	"ğ", "g", "ģ", "g", "í", "i", "î", "i", "ï", "i", "ī", "i", "į", "i", "ı", "i", "ķ", "k", "ł", "l", "ļ", "l",
	"ń", "n", "ñ", "n", "ņ", "n", "ó", "o", "ö", "o", "ø", "o", "ô", "o", "õ", "o", "ő", "o", "œ", "oe",
	"ś", "s", "ş", "s", "š", "s", "ș", "s", "ß", "ss", "ţ", "t", "ț", "t", "ú", "u", "ü", "u", "ū", "u", "ų", "u", "ű", "u", "ů", "u",
	"ý", "y", "ź", "z", "ż", "z", "ž", "z", "þ", "th", "\u0307", "",
)

// placeKey is a name as it is compared: small plain letters and figures, one
// space between words.
func placeKey(name string) string {
	plain := plainLetters.Replace(strings.ToLower(name))
	return strings.Join(strings.FieldsFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }), " ")
}

// kindOrder decides between places that share a name and a rank.
var kindOrder = []string{"city", "air_base", "island", "cape", "installation", "strait"}

// indexPlaces makes the lists by name.
func (a *Atlas) indexPlaces() {
	a.byName = map[string][]named{}
	for i := range a.places {
		p := &a.places[i]
		a.callPlace(p, p.Name, 0)
		a.callPlace(p, p.ICAO, 0)
		for _, alias := range p.Aliases {
			a.callPlace(p, alias, 1)
		}
		if before, inside, ok := strings.Cut(p.Name, " ("); ok {
			a.callPlace(p, before, 2)
			a.callPlace(p, strings.TrimSuffix(inside, ")"), 2)
		}
	}
	for _, list := range a.byName {
		slices.SortStableFunc(list, func(x, y named) int {
			return cmp.Or(cmp.Compare(x.rank, y.rank), cmp.Compare(slices.Index(kindOrder, x.place.Kind), slices.Index(kindOrder, y.place.Kind)))
		})
	}
}

func (a *Atlas) callPlace(p *Place, name string, rank int) {
	if key := placeKey(name); key != "" {
		a.byName[key] = append(a.byName[key], named{p, rank})
	}
}

// placeWords may stand around a name without changing which place is meant.
var (
	wordsBefore = []string{"the ", "island of ", "isle of ", "cape ", "port of ", "city of ", "raf "}
	wordsAfter  = []string{" island", " isl", " air base", " airbase", " ab", " airfield", " airport", " lighthouse", " coast"}
)

// PlaceNamed finds a place by its name, one of its other names, or its ICAO
// location indicator; marks on letters, case and punctuation do not matter, nor
// do words such as "island of" and "air base".
func (a *Atlas) PlaceNamed(name string) (Place, bool) {
	key := placeKey(name)
	if p, ok := a.placeAt(key); ok {
		return p, true
	}
	for _, w := range wordsBefore {
		key = strings.TrimPrefix(key, w)
	}
	for _, w := range wordsAfter {
		key = strings.TrimSuffix(key, w)
	}
	return a.placeAt(key)
}

func (a *Atlas) placeAt(key string) (Place, bool) {
	list := a.byName[key]
	if len(list) == 0 {
		return Place{}, false
	}
	return *list[0].place, true
}

// PlacesLike gives up to limit places whose name begins like the text or comes
// within a slip of the keys, best first.
func (a *Atlas) PlacesLike(text string, limit int) []Place {
	key := placeKey(text)
	if len(key) < 2 {
		return nil
	}
	type scored struct {
		place *Place
		score int
	}
	var found []scored
	for name, list := range a.byName {
		score := likeness(name, key)
		if score < 0 || slices.ContainsFunc(found, func(s scored) bool { return s.place == list[0].place && s.score <= score }) {
			continue
		}
		found = slices.DeleteFunc(found, func(s scored) bool { return s.place == list[0].place })
		found = append(found, scored{list[0].place, score})
	}
	slices.SortFunc(found, func(x, y scored) int {
		return cmp.Or(cmp.Compare(x.score, y.score), cmp.Compare(x.place.Name, y.place.Name))
	})
	var out []Place
	for _, s := range found[:min(limit, len(found))] {
		out = append(out, *s.place)
	}
	return out
}

// likeness is 0 for a name that begins like the text, else the number of slips
// between them; -1 is too far.
func likeness(name, text string) int {
	if strings.HasPrefix(name, text) {
		return 0
	}
	allowed := len(text) / 4
	if d := slipsBetween(name, text); d > 0 && d <= min(allowed, 2) {
		return d
	}
	return -1
}

// slipsBetween is the Levenshtein distance in bytes of plain letters.
func slipsBetween(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0]++
		for j := range len(b) {
			cost := corner
			if a[i] != b[j] {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
