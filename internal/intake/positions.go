package intake

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"interceptlog/internal/geo"
)

// coordinate finds what looks like a position in running text; what it is,
// geo.ReadPosition decides.
var coordinate = regexp.MustCompile(`(?i)` + strings.Join([]string{
	`\b\d{4,6}(?:\.\d+)?[NS][ /,-]{0,3}\d{5,7}(?:\.\d+)?[EW]\b`,
	`\b\d{2}[NS][ /]?\d{3}[EW]\b`,
	`\b[NS] ?\d{1,2}[ °-]\d{1,2}(?:\.\d+)?['′’]?[ ,/]{1,3}[EW] ?\d{1,3}[ °-]\d{1,2}(?:\.\d+)?\b['′’]?`,
	`\b\d{1,2}[ °-] ?\d{1,2}(?:[.,]\d+)?(?:['′’] ?(?:\d{1,2}(?:[.,]\d+)?["″”] ?)?| ?)[NS][ ,/]{1,3}\d{1,3}[ °-] ?\d{1,2}(?:[.,]\d+)?(?:['′’] ?(?:\d{1,2}(?:[.,]\d+)?["″”] ?)?| ?)[EW]\b`,
	`\b\d{1,2}[.,]\d+ ?°? ?[NS][ ,/]{1,3}\d{1,3}[.,]\d+ ?°? ?[EW]\b`,
	`\b\d{1,2}[C-X][A-Z]{2}\d{4,10}\b`, `\b\d{1,2}[C-X] [A-Z]{2} \d{2,5} \d{2,5}\b`,
	`\b\d{1,2}[C-X] \d{6} \d{7}\b`,
}, "|"))

// relative finds a distance and a bearing or direction from a named place.
var relative = regexp.MustCompile(`(?i:\b\d{1,3}(?:\.\d+)? ?(?:nm|nmi|nautical miles|km|kilometres|kilometers|miles) (?:(?:to the )?(?:north|south|east|west)(?:[- ]?(?:east|west))?(?:ern)?|[ns]?[ns][ew]|[ew][ns][ew]|[nsew]) of) \p{Lu}[\p{L}]+|\b\d{3}/\d{1,3} ?(?i:nm) ?\p{Lu}[\p{L}]+`)

// places gives the position and the region.
func (d *document) places() []Field {
	at, ok := d.position()
	if ok {
		out := []Field{at.field}
		if r := at.region; r != "" && r != geo.Outside {
			out = append(out, d.field("region", r, at.field.Start, at.field.End))
		} else if r, ok := d.region(); ok && at.region == "" {
			out = append(out, r)
		}
		return out
	}
	if r, ok := d.region(); ok {
		return []Field{r}
	}
	return nil
}

// found is a position and its region.
type found struct {
	field  Field
	region string
}

func (d *document) position() (found, bool) {
	var all []found
	for _, re := range []*regexp.Regexp{coordinate, relative} {
		for _, at := range re.FindAllStringIndex(d.text, -1) {
			r, err := geo.ReadPosition(readable(d.text[at[0]:at[1]]))
			if err != nil || d.atlas == nil {
				continue
			}
			raw := geometryJSON(r)
			all = append(all, found{d.field("position", raw, at[0], at[1]), d.atlas.RegionOf(r.Geometry)})
		}
		if len(all) > 0 {
			break
		}
	}
	same := func(f found) bool {
		return string(f.field.Value.(json.RawMessage)) == string(all[0].field.Value.(json.RawMessage))
	}
	switch {
	case len(all) > 0 && !slices.ContainsFunc(all, func(f found) bool { return !same(f) }):
		return all[0], true
	case len(all) > 0:
		return found{}, false // several positions: which one is meant, a person must say
	}
	return d.placePosition()
}

// readable brings a slash between latitude and longitude to a space.
func readable(s string) string {
	s = hyphened.ReplaceAllString(s, "$1 $2") // 58-30N 002-10E
	if strings.Count(s, "/") == 1 && !regexp.MustCompile(`^\d{3}/`).MatchString(s) {
		return strings.Replace(s, "/", " ", 1)
	}
	return s
}

var hyphened = regexp.MustCompile(`(\d)-(\d)`)

func geometryJSON(r geo.Reading) json.RawMessage {
	return geo.AppendGeometry(nil, r.Geometry)
}

// placePosition is that of a place where the text plainly says that it was: "in
// the area of Vaindloo island", "over the island of Bornholm".
func (d *document) placePosition() (found, bool) {
	var one *placeMention
	mentions := d.placeMentions()
	for n := range mentions {
		m := mentions[n]
		if !d.plainlyAt(m) {
			continue
		}
		if one != nil && one.place.ID != m.place.ID {
			return found{}, false
		}
		if one == nil {
			one = &mentions[n]
		}
	}
	if one == nil {
		return found{}, false
	}
	raw := geo.AppendGeometry(nil, one.place.Point)
	f := d.fieldOf("position", json.RawMessage(raw), one.first, one.last)
	return found{f, one.place.Region}, true
}

// plainlyAt reports whether the words say that it happened at the place.
func (d *document) plainlyAt(m placeMention) bool {
	if m.place.Kind != "island" && m.place.Kind != "installation" || m.place.AccuracyKM > 40 {
		return false
	}
	k := m.first - 1
	for d.low(k) == "the" || d.low(k) == "island" || d.low(k) == "of" && d.low(k-1) == "island" {
		k--
	}
	if d.low(k) == "of" && (d.low(k-1) == "area" || d.low(k-1) == "vicinity") {
		return d.low(k-2) == "the" && d.low(k-3) == "in"
	}
	return d.low(k) == "over" && d.eventIn(m.first)
}

// eventIn reports whether a meeting or violation is told of in a token's sentence.
func (d *document) eventIn(i int) bool {
	for _, e := range d.events {
		if d.same(e.at, i) && (e.class != classHarass || e.object >= 0) {
			return true
		}
	}
	return false
}

// region is the region that the words tell: those of sentences with an event
// count double. Two regions of like weight leave it open.
func (d *document) region() (Field, bool) {
	weight := map[string]int{}
	best := map[string]regionHit{}
	for _, h := range d.regionHits() {
		w := h.weight
		if d.eventIn(h.first) {
			w *= 2
		}
		if have, ok := best[h.region]; !ok || w > have.weight {
			h.weight = w
			best[h.region] = h
			weight[h.region] = max(weight[h.region], w)
		}
	}
	top := ""
	for r, w := range weight {
		if top == "" || w > weight[top] {
			top = r
		}
	}
	for r, w := range weight {
		if r != top && w >= weight[top] {
			return Field{}, false
		}
	}
	if top == "" {
		return Field{}, false
	}
	h := best[top]
	return d.fieldOf("region", top, h.first, h.last), true
}
