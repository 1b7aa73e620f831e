package intake

import (
	"cmp"
	"slices"

	"interceptlog/internal/aircraft"
)

// Sides of an incident.
const (
	nobody = iota
	interceptor
	target
)

// nationWord is a nation and the token that says so.
type nationWord struct {
	code  string
	token int // -1: concluded from a type that one nation alone flies
}

// party is a noun group that means aircraft, ships or a force.
type party struct {
	first, last int // tokens
	head        int // the last head noun or aircraft name
	kind        string
	nations     []nationWord
	span        *aircraft.Span
	count       *int
	role        int
	sure        bool // the role comes from a verb, not from a neighbour
	companion   bool // an escort of its own side: "escorting fighters"
	joined      int  // index of the party that it stands beside on one side, or -1
}

// findParties finds the noun groups, left to right.
func (d *document) findParties() {
	for i := 0; i < len(d.tokens); i++ {
		last, ok := d.headsFrom(i)
		if !ok {
			if p, ok := d.stateAt(i); ok {
				d.parties = append(d.parties, p)
			}
			continue
		}
		d.parties = append(d.parties, d.groupAround(i, last))
		i = last
	}
	d.joinNeighbours()
}

// headsFrom reports whether a head noun or aircraft name stands at i, and the
// last of the run that it begins: "F-16 fighter jets".
func (d *document) headsFrom(i int) (last int, ok bool) {
	for last = i; last < len(d.tokens) && d.isHead(last); last++ {
		for k := last + 1; d.tokens[last].span != nil && k <= last+3 && modifiers[d.low(k)]; k++ {
			if next := d.low(k + 1); heads[next] != "" && d.tokens[k+1].span == nil && next != "patrol" && next != "reconnaissance" {
				last = k // "Mirage 2000 tactical fighters"
				break
			}
		}
		if d.tokens[last].span != nil && last > i && d.tokens[last-1].span != nil {
			break
		}
	}
	if last == i || d.label(i) != nobody || i > 0 && labelNouns[d.low(i)] && d.label(i-1) != nobody {
		return 0, false
	}
	last--
	low := d.low(last)
	if d.tokens[last].span == nil && (low == "patrol" || low == "reconnaissance" || low == "transport" && d.low(last+1) == "of") {
		return 0, false
	}
	if low == "interceptor" && d.low(last+1) == "missile" || low == "ship" && d.low(last+1) == "-" {
		return 0, false
	}
	return last, true
}

func (d *document) isHead(i int) bool {
	t := d.tokens[i]
	if t.span != nil {
		return true
	}
	if (t.low == "pilots" || t.low == "crews" || t.low == "crew" || t.low == "pilot") && d.nationAt(i-1) != "" {
		return true
	}
	if t.possessive {
		return heads[t.low] == kindShip || heads[t.low] == kindOther
	}
	return heads[t.low] != ""
}

// groupAround widens a run of heads to the left over modifiers, nations and a
// count, and to the right over "of the Royal Norwegian Air Force".
func (d *document) groupAround(first, last int) party {
	p := party{first: first, last: last, head: last, joined: -1}
	for k := first; k <= last; k++ {
		if s := d.tokens[k].span; s != nil {
			p.span = s
			p.head = k
		}
	}
	p.kind = d.kindOf(&p)
	if b := d.low(first); b == "escort" || b == "escorting" {
		p.companion = true
	}
	if next := d.low(p.last + 1); (next == "escort" || next == "escorts") && d.same(p.last+1, p.last) && d.low(p.last+2) != "of" && !d.groupBegins(p.last+2) {
		p.companion, p.last = true, p.last+1
	}
	d.widenLeft(&p)
	d.widenRight(&p)
	d.setParty(&p)
	if len(p.nations) == 0 && p.kind == kindShip {
		for k := p.first; k <= p.last; k++ {
			if code := d.nationAt(k); code != "" {
				p.nations = []nationWord{{code, k}} // USS, HMS
			}
		}
	}
	if len(p.nations) == 0 {
		d.owner(&p)
	}
	if p.span != nil && len(p.nations) == 0 {
		if only := soleNation(p.span); only != "" {
			p.nations = []nationWord{{only, -1}}
		}
	}
	return p
}

// groupBegins reports whether a noun group begins at a token: a count, an
// article, a nation or an aircraft.
func (d *document) groupBegins(i int) bool {
	if i >= len(d.tokens) {
		return false
	}
	_, counted := number(d.low(i))
	low := d.low(i)
	return counted || d.tokens[i].span != nil || low == "a" || low == "an" || low == "the" || d.nationAt(i) != ""
}

// owner takes "its fighters" for those of the country that speaks.
func (d *document) owner(p *party) {
	if low := d.low(p.first - 1); low != "its" && low != "their" && low != "his" {
		return
	}
	if code := d.speaker(p.first); code != "" {
		p.nations = []nationWord{{code, d.speakerAt(p.first)}}
	}
}

func (d *document) kindOf(p *party) string {
	if p.span != nil {
		switch p.span.Types[0].Role {
		case "fighter", "helicopter":
			return kindFighter
		case "civil":
			return kindCivil
		}
		return kindOther
	}
	kind := cmp.Or(heads[d.low(p.last)], kindAir)
	for k := p.first; k <= p.last; k++ {
		if h := heads[d.low(k)]; h == kindFighter || h == kindOther {
			kind = h
		}
	}
	return kind
}

// soleNation is the one nation that flies all the types that a name may mean.
func soleNation(s *aircraft.Span) string {
	only := ""
	for _, t := range s.Types {
		nations := slices.DeleteFunc(slices.Clone(t.Nations), func(n string) bool { return n == "BY" }) // has no coast
		if len(nations) != 1 || only != "" && only != nations[0] || t.Role == "civil" {
			return ""
		}
		only = nations[0]
	}
	return only
}

// stateAt is a country or force that may act by itself.
func (d *document) stateAt(i int) (party, bool) {
	t := d.tokens[i]
	code := d.nationAt(i)
	if code == "" || t.possessive || d.low(i-1) == "," && d.low(i+1) == "," && i > 1 && d.tokens[i-2].upper && d.nationAt(i-2) == "" {
		return party{}, false // Ämari, Estonia,
	}
	last := i
	for k := i + 1; k <= i+2 && (d.low(k) == "air" || d.low(k) == "force" || d.low(k) == "navy" || d.low(k) == "forces" || d.low(k) == "armed"); k++ {
		last = k
	}
	if !countries[t.low] && last == i || heads[d.low(last+1)] != "" || modifiers[d.low(last+1)] || d.low(last+1) == "airspace" {
		return party{}, false
	}
	if last+1 < len(d.tokens) && d.tokens[last+1].span != nil {
		return party{}, false
	}
	return party{first: i, last: last, head: last, kind: kindState, nations: []nationWord{{code, i}}, joined: -1}, true
}

// joinNeighbours links groups that stand side by side: "a Tu-134 with two
// Su-27s". The nation of the first counts for the second when it has none.
func (d *document) joinNeighbours() {
	for k := 1; k < len(d.parties); k++ {
		a, b := &d.parties[k-1], &d.parties[k]
		if !d.same(a.last, b.first) || a.kind == kindState && b.kind != kindState {
			continue
		}
		if d.low(b.last) == "qra" && b.span == nil && a.span != nil && d.low(a.last+1) == "(" && b.first-a.last <= 4 {
			b.joined = k - 1 // "2 x F-16 (Šiauliai QRA) VID"
			continue
		}
		gap := b.first - a.last - 1
		if d.ofType(a, b) {
			b.count = cmp.Or(b.count, a.count)
		} else if gap < 1 || gap > 6 || !d.joins(a.last+1, b.first) {
			continue
		}
		if len(a.nations) > 0 && len(b.nations) > 0 && bloc(a.nations[0].code) != bloc(b.nations[0].code) {
			continue
		}
		b.joined = k - 1
		if len(b.nations) == 0 && len(a.nations) > 0 && flies(b.span, a.nations[0].code) {
			b.nations = []nationWord{{a.nations[0].code, -1}}
		}
	}
	for k := len(d.parties) - 1; k > 0; k-- { // "two Rafales and a C-135 of the French Air Force"
		b := &d.parties[k]
		if b.joined < 0 || len(b.nations) == 0 || b.nations[0].token <= b.head {
			continue
		}
		if a := &d.parties[b.joined]; len(a.nations) == 0 && flies(a.span, b.nations[0].code) {
			a.nations = []nationWord{b.nations[0]}
		}
	}
}

// ofType reports whether the second party says of what type the first is: "two
// bombers of the type Tu-22M3", "two bombers (Tu-95MS)".
func (d *document) ofType(a, b *party) bool {
	if a.span != nil || b.span == nil || b.first-a.last > 4 || b.first-a.last < 2 {
		return false
	}
	for k := a.last + 1; k < b.first; k++ {
		switch d.low(k) {
		case "of", "the", "type", "(", "types", ":":
		default:
			return false
		}
	}
	return true
}

func flies(s *aircraft.Span, nation string) bool {
	return s == nil || slices.ContainsFunc(s.Types, func(t aircraft.Type) bool { return slices.Contains(t.Nations, nation) })
}

// joins reports whether only joining words stand between two tokens.
func (d *document) joins(from, to int) bool {
	with := false
	for k := from; k < to; k++ {
		switch d.low(k) {
		case "from":
			if k+1 >= to || !d.tokens[k+1].upper || d.nationAt(k+1) != "" {
				return false
			}
			k++ // "two Eurofighters from Laage and two F-16s"
		case "accompanied", "escorted", "protected":
			if d.low(k+1) != "by" {
				return false // "F-16s escorted a Su-27"
			}
			with = true
		case "and", "with", "plus", ",", "/", "+", "&", "by", "as", "well", "together", "along", "alongside", "an", "a", "the", "their", "its", "then", "or":
			with = true
		default:
			return false
		}
	}
	return with
}

// bloc tells the two sides of these seas apart.
func bloc(code string) int {
	if code == "RU" || code == "BY" {
		return 1
	}
	return 2
}

// hasNation reports whether a token is one of those that name the nations.
func (p *party) hasNation(i int) bool {
	return slices.ContainsFunc(p.nations, func(n nationWord) bool { return n.token == i })
}

// nation is the party's first nation, empty when none is known.
func (p *party) nation() string {
	if len(p.nations) == 0 {
		return ""
	}
	return p.nations[0].code
}
