package intake

import (
	"slices"
	"strings"
)

// homeBases gives fighters of no nation that of the base that they came from,
// where no allies stand alert.
func (d *document) homeBases() {
	for _, m := range d.placeMentions() {
		if m.place.Kind != "air_base" || !homeCountries[m.place.Country] || d.low(m.first-1) != "from" && d.low(m.first-1) != "ex" && d.low(m.first-2) != "from" && d.low(m.last+1) != "qra" && d.low(m.first-1) != "qra" && !(d.low(m.first-1) == "in" && d.low(m.first-4) == "from") {
			continue
		}
		for k := range d.parties {
			p := &d.parties[k]
			if p.role == interceptor && len(p.nations) == 0 && p.first == m.last+1 && d.low(m.first-1) == "qra" {
				p.nations = []nationWord{{m.place.Country, m.first}} // QRA EVENES 2X F35
			}
			if p.role == interceptor && len(p.nations) == 0 && p.last < m.first && m.first-p.last <= 7 && d.same(p.last, m.first) && d.noNationBetween(p.last+1, m.first) {
				p.nations = []nationWord{{m.place.Country, m.first}}
			}
		}
	}
}

// noNationBetween reports whether no nation is named between two tokens.
func (d *document) noNationBetween(from, to int) bool {
	for k := from; k < to; k++ {
		if d.nationAt(k) != "" && d.low(k) != "raf" {
			return false
		}
	}
	return true
}

var homeCountries = map[string]bool{"NO": true, "SE": true, "FI": true, "DK": true, "GB": true, "TR": true}

// base is where the interceptors came from.
func (d *document) base() []Field {
	var names []string
	first := -1
	for _, m := range d.placeMentions() {
		if m.place.Kind != "air_base" && !m.raf && !ownLabels[d.setLabel(m.first)] || slices.Contains(names, m.name) || !d.startsFrom(m) {
			continue
		}
		if first < 0 {
			first = m.first
		}
		names = append(names, m.name)
		if len(names) == 1 {
			first = m.first
		}
	}
	if len(names) == 0 {
		return nil
	}
	last := first
	for _, m := range d.placeMentions() {
		if m.first == first {
			last = m.last
		}
	}
	return []Field{d.fieldOf("intercepting.base", strings.Join(names, "; "), first, last)}
}

// startsFrom reports whether the place is where an interceptor took off or is
// based, not where its target came from or fled to.
func (d *document) startsFrom(m placeMention) bool {
	before := d.low(m.first - 1)
	for k := m.first - 1; before == "the" || before == "air" || before == "base" || before == "airbase"; k-- {
		before = d.low(k - 1)
	}
	qra := d.low(m.last+1) == "qra" || d.low(m.last+1) == "air" && d.low(m.last+2) == "base" || d.low(m.last+1) == "airbase"
	from := before == "from" || before == "qra" || before == "of" && d.low(m.first-2) == "out" || telegraph[before] == classScramble && d.tokens[m.first-1].shout || telegraph[d.low(m.last+1)] == classScramble && d.tokens[m.last+1].shout || strings.HasSuffix(d.low(m.last), "-based") || d.behindOwn(m) || before == "to" && sentTo[d.low(m.first-2)] || before == "ex" || before == "at" || before == "in" || before == "of" && qra
	if before == "and" || before == "," {
		from = true // a list of bases: the nearest party decides
	}
	label := (before == "/" || before == ":" || d.tab(m.first)) && m.place.Country != "RU"
	if in := d.setLabel(m.first); placeLabels[in] || proseLabels[in] && label {
		return false
	}
	if !from && d.low(m.last+1) != "qra" && !label {
		return false
	}
	if (before == "in" || before == "and" || before == "," || before == "at") && m.place.Kind == "air_base" && !qra && !m.raf && before != "at" && !d.based(m) && !ownLabels[d.setLabel(m.first)] {
		return false
	}
	near := d.nearestParty(m.first)
	if near == nil {
		return label || d.low(m.last+1) == "qra"
	}
	if near.role == target && before == "from" && near.last < m.first {
		return m.place.Country != "RU" && d.scrambleBefore(m.first, near.last)
	}
	if m.place.Country == "RU" || m.place.Country == "UA" {
		return near.role == interceptor && near.nation() == "RU"
	}
	if near.role == target {
		return d.hasRole(m.first, interceptor) || qra
	}
	return near.role == interceptor || label || d.scrambleBefore(m.first, 0)
}

// behindOwn reports whether a base stands right behind interceptors in a
// telegram: "2 X TYPHOON LOSSIEMOUTH".
func (d *document) behindOwn(m placeMention) bool {
	k := d.partyAt(m.first - 1)
	return m.place.Kind == "air_base" && k >= 0 && m.first > 0 && d.tokens[m.first].shout && d.parties[k].role == interceptor && d.parties[k].span != nil && d.capitals
}

// sentTo before "to" say where fighters of a mission stand.
var sentTo = set("deployed detached assigned posted")

// based reports whether "based", "stationed" or "deployed" stands before a place.
func (d *document) based(m placeMention) bool {
	for k := m.first - 1; k >= m.first-6 && d.same(k, m.first); k-- {
		switch d.low(k) {
		case "based", "stationed", "deployed", "from", "scrambled", "base", "bases":
			return true
		}
	}
	return false
}

// scrambleBefore reports whether fighters took off between two tokens of one sentence.
func (d *document) scrambleBefore(i, after int) bool {
	for _, e := range d.events {
		if e.class == classScramble && e.at < i && e.at > after && d.same(e.at, i) {
			return true
		}
	}
	return false
}

func (d *document) hasRole(i, role int) bool {
	for _, p := range d.parties {
		if p.role == role && d.same(p.first, i) {
			return true
		}
	}
	return false
}

// nearestParty is the party nearest to a token in its sentence, left first.
func (d *document) nearestParty(i int) *party {
	var best *party
	for k := range d.parties {
		p := &d.parties[k]
		if !d.same(p.first, i) || p.role == nobody {
			continue
		}
		if p.first < i || best == nil {
			best = p
		}
	}
	return best
}
