package intake

import (
	"slices"
	"strings"
)

func (d *document) widenLeft(p *party) {
	for k := p.first - 1; k >= 0 && d.same(k, p.first); k-- {
		low := d.low(k)
		n, isNumber := number(low)
		switch {
		case d.nationAt(k) != "" && d.low(k+1) == "air" && d.low(k+2) == "policing" && d.low(k) != "nato":
			return // the mission's, not the aircraft's
		case d.nationAt(k) != "":
			d.addNation(p, k)
		case isNumber && p.count == nil && !d.ordinalYear(k):
			p.count = &n
			p.first = k
			if before := d.low(k - 1); before != "of" && before != "x" && before != "×" && d.nationAt(k-1) == "" {
				return
			}
		case (low == "x" || low == "×") && k > 0:
			if m, ok := number(d.low(k - 1)); ok && p.count == nil {
				p.count = &m
				p.first = k - 1
			}
			return
		case low == "a" || low == "an":
			d.article(p, k)
			return
		case low == "of" && d.low(k-1) == "ministry" || low == "federation" && d.nationAt(k-1) != "":
		case low == "of" && (d.low(k-1) == "pair" || d.low(k-1) == "couple"):
			two := 2
			p.count, p.first = &two, k-1
			return
		case modifiers[low] || heads[low] != "" && d.tokens[k].span == nil && low != "ship" && low != "formation":
			if low == "escort" && (d.low(k-1) == "to" || d.low(k-1) == "and" && verbs[d.low(k-2)] != "") {
				return // "to identify and escort aircraft"
			}
			if low == "escorting" || low == "escort" {
				p.companion = true
			}
			d.betterKind(p, low)
			p.first = k
		case (low == "and" || low == "," || low == "or") && len(p.nations) > 0 && p.first == p.nations[0].token && d.loneNation(k-1):
			// British and German fighters
		default:
			return
		}
	}
}

// betterKind takes what a modifier says of the kind: "patrol aircraft".
func (d *document) betterKind(p *party, low string) {
	if p.kind != kindAir {
		return
	}
	switch low {
	case "fighter", "interceptor", "attack", "strike", "combat", "qra", "alert":
		p.kind = kindFighter
	case "patrol", "reconnaissance", "surveillance", "bomber", "tanker", "transport", "spy", "intelligence", "signals-intelligence", "electronic-intelligence":
		p.kind = kindOther
	case "passenger", "civil", "civilian", "commercial", "scheduled":
		p.kind = kindCivil
	}
}

// loneNation reports whether the token is a nation's adjective that has no noun
// of its own.
func (d *document) loneNation(k int) bool {
	return k >= 0 && d.nationAt(k) != "" && !d.tokens[k].possessive
}

// article takes "a" as one of a singular noun.
func (d *document) article(p *party, k int) {
	p.first = k
	if d.low(k+1) == "dozen" || p.count != nil {
		return
	}
	low := d.low(p.last)
	if p.span != nil && !p.span.Plural || p.span == nil && low != "formation" {
		one := 1
		p.count = &one
	}
}

// ordinalYear keeps the 2 of "14 March 2 F-16" and years out of the counts.
func (d *document) ordinalYear(k int) bool {
	_, month := months[d.low(k-1)]
	_, word := numbers[d.low(k)]
	return month || d.low(k-1) == "-" || d.low(k-1) == ":" && !word && d.tokens[k-1].end == d.tokens[k].start
}

// isoCodes are the nations that a set may name by two letters.
var isoCodes = set("ru by ua us gb de fr no se fi dk pl ee lv lt tr ro bg it es pt nl be ca hu cz gr")

// isoWords are those of them that are words of telegrams as well.
var isoWords = set("no be it lt se de es")

func (d *document) addNation(p *party, k int) {
	code := d.nationAt(k)
	if !slices.ContainsFunc(p.nations, func(n nationWord) bool { return n.code == code }) {
		p.nations = slices.Insert(p.nations, 0, nationWord{code, k})
	} else {
		p.nations[0].token = k
	}
	p.first = k
}

// fleetAfter reports whether a fleet or a military district is named from j on:
// "from the Northern Fleet".
func (d *document) fleetAfter(j int) bool {
	for k := j; k <= j+3; k++ {
		if low := d.low(k); low == "fleet" || low == "district" {
			return true
		}
	}
	return false
}

// singular are verbs of one.
var singular = set("was is has")

// widenRight takes "of the Royal Air Force" and "x2" behind a group.
func (d *document) widenRight(p *party) {
	k := p.last + 1
	if p.count == nil && (d.low(k) == "x2" || d.low(k) == "x3" || d.low(k) == "x4") {
		n, _ := number(d.low(k))
		p.count, p.last = &n, k
		k++
	}
	if p.count == nil && p.span != nil && !p.span.Plural && p.last == p.head && p.first > 0 && d.low(p.first-1) == "the" && singular[d.low(k)] {
		one := 1
		p.count = &one // "the British P-8 was"
	}
	if (p.count == nil || *p.count == 1) && p.span != nil && d.low(k) == "pair" {
		two := 2
		p.count, p.last = &two, k
		k++
	}
	if len(p.nations) > 0 {
		return
	}
	if (d.low(k) == "/" || d.low(k) == "(" && d.low(k+2) == ")") && k+1 < len(d.tokens) && d.tokens[k+1].shout && isoCodes[d.low(k+1)] {
		p.nations = []nationWord{{strings.ToUpper(d.low(k + 1)), k + 1}} // SU27/RU in a set
		p.last = k + 1
		return
	}
	if p.span != nil && k < len(d.tokens) && d.tokens[k].shout && d.tokens[p.head].shout && d.same(k, p.last) && isoCodes[d.low(k)] && (!isoWords[d.low(k)] || d.low(k+1) == "ex" || d.low(k+1) == "vs" || d.low(k+1) == "from") {
		p.nations = []nationWord{{strings.ToUpper(d.low(k)), k}} // 2X EF2000 DE EX AMARI
		p.last = k
		return
	}
	if d.low(k) != "of" && d.low(k) != "from" && d.low(k) != "(" && !(d.low(k) == "belonging" && d.low(k+1) == "to") {
		return
	}
	for j := k + 1; j <= k+5 && d.same(j, p.last); j++ {
		low := d.low(j)
		if code := d.nationAt(j); code != "" {
			if d.low(k) == "from" && low == "nato" || heads[d.low(j+1)] != "" || d.low(j+1) == "airspace" {
				return
			}
			p.nations = []nationWord{{code, j}}
			p.last = j
			return
		}
		if low != "the" && low != "to" && low != "royal" && low != "mainland" && low != "black" && low != "sea" && !(modifiers[low] && (d.low(k) == "of" || d.fleetAfter(j))) {
			return
		}
	}
}
