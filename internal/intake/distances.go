package intake

import (
	"math"
	"sort"
	"strconv"
	"strings"
)

// metresPer is what a unit of length is in metres.
var metresPer = map[string]float64{
	"m": 1, "metre": 1, "metres": 1, "meter": 1, "meters": 1, "km": 1000, "kilometre": 1000, "kilometres": 1000, "kilometer": 1000, "kilometers": 1000,
	"ft": .3048, "foot": .3048, "feet": .3048, "yard": .9144, "yards": .9144, "yd": .9144, "yds": .9144,
	"nm": 1852, "nmi": 1852, "mile": 1609.344, "miles": 1609.344,
}

// glued parts "20ft" and "150m".
func glued(low string) (float64, string, bool) {
	cut := strings.IndexFunc(low, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != ',' })
	if cut <= 0 || metresPer[low[cut:]] == 0 {
		return 0, "", false
	}
	v, ok := figure(low[:cut])
	return v, low[cut:], ok
}

// figure reads 1,000 and 0.5 and 20.
func figure(s string) (float64, bool) {
	if n := strings.LastIndexByte(s, ','); n >= 0 && len(s)-n == 4 {
		s = strings.ReplaceAll(s, ",", "")
	}
	v, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	return v, err == nil && !strings.ContainsAny(s, "eEnNxXpP_+-")
}

// amount reads the number that ends at token k: 20, twenty, twenty-five, a
// hundred, two hundred, 1.5; first is where it begins.
func (d *document) amount(k int) (v float64, first int, ok bool) {
	low := d.low(k)
	if v, ok := figure(low); ok {
		return v, k, true
	}
	if low == "hundred" || low == "thousand" || low == "dozen" {
		unit := map[string]float64{"hundred": 100, "thousand": 1000, "dozen": 12}[low]
		if d.low(k-1) == "a" || d.low(k-1) == "one" {
			return unit, k - 1, d.low(k-1) != "a" || d.low(k-2) != "half"
		}
		if n, ok := numbers[d.low(k-1)]; ok {
			return float64(n) * unit, k - 1, true
		}
		return 0, k, false
	}
	sum := 0
	for _, part := range strings.Split(low, "-") {
		n, ok := numbers[part]
		if !ok {
			return 0, k, false
		}
		sum += n
	}
	return float64(sum), k, true
}

// lengthAt reads a length whose unit stands at token k.
func (d *document) lengthAt(k int) (metres float64, first int, ok bool) {
	if v, unit, ok := glued(d.low(k)); ok {
		return v * metresPer[unit], k, true
	}
	per := metresPer[d.low(k)]
	if per == 0 {
		return 0, k, false
	}
	v, first, ok := d.amount(k - 1)
	return v * per, first, ok
}

// closest gives the nearest that two parties came to each other. Heights,
// depths within an airspace and distances from land are none.
func (d *document) closest() []Field {
	var best *Field
	for k := range d.tokens {
		m, first, ok := d.lengthAt(k)
		if !ok || m < 0 || m > 20000 || !d.isApproach(first, k, m) {
			continue
		}
		m = math.Round(m)
		f := d.fieldOf("closest_approach_m", m, first, k)
		if best == nil || m < best.Value.(float64) {
			best = &f
		}
	}
	if best == nil || d.contested(d.tokenAt(best.Start)) {
		return nil
	}
	return []Field{*best}
}

func (d *document) tokenAt(offset int) int {
	i := sort.Search(len(d.tokens), func(i int) bool { return d.tokens[i].end > offset })
	return min(i, len(d.tokens)-1)
}

// isApproach reports whether the length from first to unit is one between the
// parties.
func (d *document) isApproach(first, unit int, m float64) bool {
	for next := d.low(unit + 1); next == "directly" || next == "." && d.same(unit+2, unit) || next == "straight"; next = d.low(unit + 1) {
		unit++
	}
	next, after := d.low(unit+1), d.low(unit+2)
	if next == "above" || next == "high" || next == "altitude" || next == "up" || next == "wide" || next == "long" || next == "deep" || next == "per" || next == "inside" || next == "into" ||
		next == "north" || next == "south" || next == "east" || next == "west" || next == "amsl" || next == "msl" || directions[next] || after == "altitude" {
		return false
	}
	if (next == "from" || next == "of" || next == "off" || next == "outside") && d.landAfter(unit+1) {
		return false
	}
	before := d.before(first)
	switch before {
	case "at", "altitude", "height", "above", "climbed", "descended", "down", "depth", "than":
		if before != "than" && !(before == "at" && d.nearness(first)) && next != "away" && next != "apart" && next != "from" {
			return false
		}
	}
	switch next {
	case "apart", "away", "abeam", "separation", "clear":
		return true
	}
	near := d.nearness(first)
	if (next == "from" || next == "off" || next == "of") && (m <= 3000) && d.craftAfter(unit+1) {
		return near || next != "of"
	}
	if next == "to" && (after == "the" || after == "its") && d.low(unit+3) == "side" || next == "in" && after == "front" || next == "ahead" {
		return m <= 3000
	}
	if d.low(unit+1) == "(" || next == "-" {
		// 20 feet (6 m): the first of the pair decides
		return near && m <= 5000
	}
	return near && m <= 5000 && (!prepose[next] || next == "over" || next == "in" || next == "on" || next == "during" || next == "at" || next == "near" || next == "by" || next == "through")
}

// before is the word before a length, past "about", "some" and the like.
func (d *document) before(first int) string {
	k := first - 1
	for ; ; k-- {
		switch d.low(k) {
		case "about", "some", "roughly", "around", "approximately", "only", "just", "a", "an", "approx", "nearly", "almost", "as", "little", "barely", "mere", ".", "~", "the", "under":
			if d.low(k) == "." && d.low(k-1) != "approx" {
				return "."
			}
			continue
		}
		break
	}
	return d.low(k)
}

// nearness reports whether a word of coming close governs the length.
func (d *document) nearness(first int) bool {
	for k := first - 1; k >= first-7 && d.same(k, first); k-- {
		switch d.low(k) {
		case "near", "within", "closed", "closing", "closest", "cpa", "separation", "close", "passed", "passing", "distance", "approached", "approaching", "miss", "proximity", "alongside", "nose", "bow", "wingtip":
			return d.low(k) != "close" && d.low(k) != "near" || d.low(k-1) == "as" || d.low(k+1) == "as" || d.low(k+1) == "to" || d.low(k+1) == "approach"
		case "came", "flew", "come":
			return d.low(k+1) == "to" || d.low(k+1) == "as" || d.low(k+1) == "within" || d.low(k+2) == "to" || d.low(k+1) == "about" || d.low(k+1) == "some" || d.low(k+1) == "less"
		case "of", "to", "at", "than", "as", "about", "some", "roughly", "around", "approximately", "just", "a", "less", "only", "approach", ":", "was", "under", "the", "approx", ".", "little", "mere", "it", "point", "an", "estimated", "/", "nearly", "barely", "below":
			if d.low(k) == "." && d.low(k-1) != "approx" {
				return false
			}
		default:
			if d.low(k) != "," || d.low(k-1) != "proximity" {
				return false
			}
		}
	}
	return false
}

// landAfter reports whether the length is one from land, a border or a place.
func (d *document) landAfter(k int) bool {
	for j := k + 1; j <= k+5 && d.same(j, k); j++ {
		switch d.low(j) {
		case "border", "borders", "coast", "airspace", "shore", "territory", "island", "land", "boundary", "coastline", "cape", "city", "town", "waters", "base", "capital", "water", "surface", "sea", "ground", "waves", "runway":
			return true
		}
		if d.nationAt(j) != "" && (d.low(j+1) == "" || !d.tokens[min(j+1, len(d.tokens)-1)].word) {
			return true
		}
	}
	for _, m := range d.placeMentions() {
		if m.first > k && m.first <= k+3 {
			return true
		}
	}
	return false
}

// craftAfter reports whether the length is one from an aircraft or ship.
func (d *document) craftAfter(k int) bool {
	for j := k + 1; j <= k+7 && d.same(j, k); j++ {
		low := d.low(j)
		if heads[low] != "" || d.tokens[j].span != nil {
			return true
		}
		switch low {
		case "wingtip", "wing", "nose", "bow", "it", "them", "crew", "cockpit", "deck", "tail", "uss", "hms", "hmcs", "hnlms", "fuselage", "wingtips", "propeller", "port", "starboard", "mast", "hull", "stern", "superstructure", "jets", "each", "other", "one":
			return true
		}
	}
	return false
}

// duration gives how long an aircraft was inside the airspace; less than a
// minute counts as one.
func (d *document) duration() []Field {
	var out *Field
	for k := range d.tokens {
		seconds, first, ok := d.timeSpan(k)
		if !ok || !d.stay(first, k) {
			continue
		}
		f := d.fieldOf("violation_duration_s", seconds, first, k)
		if out != nil && out.Value != seconds {
			return nil
		}
		if out == nil {
			out = &f
		}
	}
	if out == nil || d.contested(d.tokenAt(out.Start)) {
		return nil
	}
	return []Field{*out}
}

// timeSpan reads "a minute and a half", "18 seconds", "about four minutes".
func (d *document) timeSpan(k int) (seconds float64, first int, ok bool) {
	unit := 0.0
	switch d.low(k) {
	case "minute", "minutes", "min", "mins":
		unit = 60
	case "second", "seconds", "sec", "secs":
		unit = 1
	default:
		return 0, k, false
	}
	v, first, ok := d.amount(k - 1)
	if !ok && (d.low(k-1) == "a" || d.low(k-1) == "1" || d.low(k-1) == "one") && unit == 60 {
		v, first, ok = 1, k-1, true
	}
	if ok && unit == 60 && d.low(k+1) == "and" && d.low(k+2) == "a" && d.low(k+3) == "half" {
		v += .5
	}
	if d.low(k-2) == "half" && d.low(k-1) == "a" {
		v = .5
		first = k - 2
	}
	if ok && unit == 60 {
		if s, from, more := d.amount(k + 1 + d.and(k+1)); more && from == k+1+d.and(k+1) && strings.HasPrefix(d.low(from+1), "sec") {
			v += s / 60
		}
	}
	if ok && unit == 1 && strings.HasPrefix(d.low(first-1), "min") || unit == 1 && d.low(first-1) == "and" && strings.HasPrefix(d.low(first-2), "min") {
		return 0, k, false
	}
	return math.Round(v * unit), first, ok
}

func (d *document) and(k int) int {
	if d.low(k) == "and" {
		return 1
	}
	return 0
}

// stay reports whether a time is that of the stay in the airspace.
func (d *document) stay(first, last int) bool {
	if d.low(last+1) == "later" || d.low(last+1) == "after" || d.low(last+1) == "before" || d.low(last+1) == "earlier" || d.low(last+1) == "past" || d.low(last+1) == "ago" {
		return false
	}
	violation := false
	for _, e := range d.events {
		if e.class == classViolate && d.tokens[e.at].sentence <= d.tokens[first].sentence && d.tokens[first].sentence-d.tokens[e.at].sentence <= 2 {
			violation = true
		}
	}
	if !violation {
		return false
	}
	s := d.sentences[d.tokens[first].sentence]
	for k := s[0]; k < s[1]; k++ {
		switch d.low(k) {
		case "airspace", "violation", "stayed", "spent", "inside", "remained", "lasted", "stay", "incursion", "border", "duration", "left":
			return d.durationWord(first)
		}
	}
	return false
}

// durationWord reports whether "for", "lasted", "spent" or the like governs a time.
func (d *document) durationWord(first int) bool {
	for k := first - 1; k >= first-5 && d.same(k, first); k-- {
		switch d.low(k) {
		case "for", "lasted", "spent", "lasting", "stay", "stayed", "duration", "of", "took", "was":
			return true
		case "about", "approximately", "around", "some", "less", "than", "under", "nearly", "almost", "a", "little", "over", "more", "just", "roughly", "only", ":", "at", "most", "approx", ".", "total", "inside", "there":
		default:
			return false
		}
	}
	return false
}
