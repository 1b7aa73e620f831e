package intake

import (
	"slices"

	"interceptlog/internal/aircraft"
)

// settle turns votes into roles: first by party, then by nation, then by the
// rule that of two sides the other one is the other one.
func (d *document) settle(votes []vote) {
	byNation := map[string]*vote{}
	for k := range d.parties {
		for _, n := range d.parties[k].nations {
			if byNation[n.code] == nil {
				byNation[n.code] = &vote{}
			}
			byNation[n.code][interceptor] += votes[k][interceptor]
			byNation[n.code][target] += votes[k][target]
		}
	}
	for k := range d.parties {
		p := &d.parties[k]
		v := votes[k]
		for _, n := range p.nations {
			if w := byNation[n.code]; len(p.nations) == 1 {
				v = *w
			}
		}
		if votes[k] == (vote{}) && (p.kind == kindState || d.background(p.first)) {
			continue
		}
		switch {
		case v[interceptor] > v[target]:
			p.role, p.sure = interceptor, votes[k] != vote{}
		case v[target] > v[interceptor]:
			p.role, p.sure = target, votes[k] != vote{}
		}
	}
	d.sameAgain(interceptor)
	d.sameAgain(target)
	d.opposeBlocs()
	d.otherSide()
	d.reportersOwn()
	d.tankers()
	d.itWas()
	d.unlikeTypes()
	d.easternTypes()
	d.byType()
	d.mission()
	d.homeBases()
}

// itWas takes "It was a Russian Il-38" for the target that the sentence before
// speaks of.
func (d *document) itWas() {
	for k := range d.parties {
		p := &d.parties[k]
		pronoun := d.low(p.first - 2)
		if p.role != nobody || p.span == nil || !beForms[d.low(p.first-1)] || pronoun != "it" && pronoun != "they" && pronoun != "these" && pronoun != "this" {
			continue
		}
		for n := range d.parties {
			if q := d.parties[n]; q.role == target && q.span == nil && d.tokens[q.first].sentence == d.tokens[p.first].sentence-1 {
				p.role = target
			}
		}
	}
}

// easternTypes takes interceptors of types that only Russia and its neighbours
// fly for Russian ones where they met those of a western nation. Of targets it
// says nothing: a Ukrainian Su-27 was once met by Romanian F-16s.
func (d *document) easternTypes() {
	if d.hasSide(interceptor) || !d.hasSide(target) {
		return
	}
	for _, p := range d.parties {
		if p.role == target && (bloc2(p.nation()) == 1 || p.nation() == "UA") {
			return
		}
	}
	for k := range d.parties {
		if p := &d.parties[k]; p.role == interceptor && p.span != nil && p.kind == kindFighter && eastern(p.span) {
			p.nations = []nationWord{{"RU", -1}}
		}
	}
}

// eastern reports whether Russia flies a type and no western nation does.
func eastern(s *aircraft.Span) bool {
	for _, t := range s.Types {
		for _, n := range t.Nations {
			if n != "RU" && n != "UA" && n != "BY" {
				return false
			}
		}
	}
	return flies(s, "RU")
}

// unlikeTypes takes fighters of a type that the target's bloc does not fly, of
// which the same event tells, for the interceptors when none are known.
func (d *document) unlikeTypes() {
	var known, targets []int
	for k, p := range d.parties {
		if p.role == interceptor {
			known = append(known, k)
		}
		if p.role == target && p.sure && p.span != nil && p.nation() == "RU" {
			targets = append(targets, k)
		}
	}
	if len(known) > 0 || len(targets) == 0 {
		return
	}
	labelled := d.labelled() || d.cues() > 1 && d.capitals
	for k := range d.parties {
		p := &d.parties[k]
		if p.role == nobody && p.span != nil && p.kind == kindFighter && bloc2(p.nation()) != 1 && !flies(p.span, "RU") && (labelled || d.inEvent(p)) && !d.background(p.first) {
			p.role = interceptor
		}
	}
}

// shouting reports whether the text is in capitals, as telegrams are.
func (d *document) shouting() bool {
	words, shout := 0, 0
	for _, t := range d.tokens {
		if t.word {
			words++
			if t.shout {
				shout++
			}
		}
	}
	return shout*10 > words*9
}

// tankers gives a tanker that supported the interceptors their side: "supported
// by a Voyager", "with a Voyager tanker in support".
func (d *document) tankers() {
	for k := range d.parties {
		p := &d.parties[k]
		if p.role != nobody || p.span == nil || p.kind == kindFighter || bloc2(p.nation()) == 1 {
			continue
		}
		by := d.low(p.first-1) == "by" && supports[d.low(p.first-2)] || d.low(p.first-1) == "from" && d.low(p.first-2) == "support"
		after := d.low(p.last+1) == "support" || supports[d.low(p.last+1)] && d.groupBegins(p.last+2) || d.inSupport(p.last)
		if (by || after) && d.hasRole(p.first, interceptor) && !d.hypothetical(p.first) {
			p.role = interceptor
		}
	}
}

// inSupport reports whether "in support" stands not far behind a token, before
// any other party.
func (d *document) inSupport(i int) bool {
	for k := i + 1; k <= i+7 && d.same(k, i); k++ {
		if d.low(k) == "in" && d.low(k+1) == "support" {
			return true
		}
		if n := d.partyAt(k); d.low(k) == "," || n >= 0 && d.parties[n].kind != kindState {
			return false
		}
	}
	return false
}

var supports = set("supported refuelled refueled backed assisted supporting refuelling refueling")

// mission gives fighters of no nation to NATO when the text speaks of its air
// policing.
func (d *document) mission() {
	at := -1
	for i := range d.tokens {
		if d.low(i) == "air" && d.low(i+1) == "policing" && (d.low(i-1) == "baltic" || d.low(i-1) == "nato" || d.low(i-1) == "enhanced") {
			at = i - 1
		}
	}
	if at < 0 || d.hasSide(interceptor) {
		return
	}
	for k := range d.parties {
		if p := &d.parties[k]; p.role == interceptor && p.span == nil {
			p.nations = []nationWord{{"NATO", at}}
		}
	}
}

// hasSide reports whether any nation of a side is known.
func (d *document) hasSide(role int) bool {
	return slices.ContainsFunc(d.parties, func(p party) bool { return p.role == role && p.nation() != "" })
}

// background reports whether a token's sentence tells of inventories and the
// past: "the air force also operates P-8As".
func (d *document) background(i int) bool {
	s := d.sentences[d.tokens[i].sentence]
	for k := s[0]; k < s[1]; k++ {
		switch d.low(k) {
		case "operates", "operate", "replaced", "inventory", "able", "capable", "began", "introduced", "built", "bought", "ordered", "delivered", "retired", "history":
			return true
		case "service":
			if d.low(k-1) == "in" || d.low(k-1) == "into" {
				return true
			}
		}
	}
	return false
}

// byType gives types named without a nation to the side whose nations alone fly
// them: Su-24s beside "four Russian aircraft" that Swedish fighters met.
func (d *document) byType() {
	var nations [3][]string
	for _, p := range d.parties {
		for _, n := range p.nations {
			nations[p.role] = append(nations[p.role], n.code)
		}
	}
	for k := range d.parties {
		p := &d.parties[k]
		if p.role != nobody || p.span == nil || len(p.nations) > 0 || !d.inEvent(p) || len(nations[interceptor]) == 0 || len(nations[target]) == 0 {
			continue
		}
		own := slices.ContainsFunc(nations[interceptor], func(n string) bool { return flies(p.span, n) })
		theirs := slices.ContainsFunc(nations[target], func(n string) bool { return flies(p.span, n) })
		switch {
		case own && !theirs && p.kind == kindFighter:
			p.role = interceptor
		case theirs && !own:
			p.role = target
		}
	}
}

// sameAgain takes the nation of "the Russian fighter", "the US crew" for a side
// that no words gave a nation before, when it flies such a type.
func (d *document) sameAgain(role int) {
	var typed []int
	for k, p := range d.parties {
		if p.role == role && p.nation() != "" {
			return
		}
		if p.role == role && p.span != nil {
			typed = append(typed, k)
		}
	}
	if len(typed) == 0 {
		return
	}
	for _, p := range d.parties {
		if p.role != nobody || p.nation() == "" || p.span != nil || d.low(p.first-1) != "the" || d.hasNation(interceptor+target-role, p.nation()) {
			continue
		}
		switch low := d.low(p.last); {
		case low == "pilots" || low == "pilot" || low == "crews" || low == "crew":
		case p.kind == kindFighter && role == interceptor:
		default:
			continue
		}
		given := false
		for _, k := range typed {
			if flies(d.parties[k].span, p.nation()) {
				d.parties[k].nations, given = []nationWord{p.nations[0]}, true
			}
		}
		if given {
			return
		}
	}
}

// hasNation reports whether a side has a nation already.
func (d *document) hasNation(role int, code string) bool {
	return slices.ContainsFunc(d.parties, func(p party) bool { return p.role == role && p.nation() == code })
}

// opposeBlocs drops interceptors of the target's own bloc when there are
// interceptors of the other: who met whom is then told of the others.
func (d *document) opposeBlocs() {
	var seen [3]map[int]bool
	seen[interceptor], seen[target] = map[int]bool{}, map[int]bool{}
	for _, p := range d.parties {
		if p.role != nobody && p.nation() != "" {
			seen[p.role][bloc(p.nation())] = true
		}
	}
	for _, pair := range [][2]int{{interceptor, target}, {target, interceptor}} {
		role, other := pair[0], pair[1]
		if len(seen[role]) != 2 || len(seen[other]) != 1 {
			continue
		}
		for k := range d.parties {
			p := &d.parties[k]
			if p.role == role && p.nation() != "" && seen[other][bloc(p.nation())] {
				p.role = nobody
			}
		}
	}
	if len(seen[interceptor]) == 2 && len(seen[target]) != 1 {
		for k := range d.parties {
			if d.parties[k].role == interceptor {
				d.parties[k].role = nobody
			}
		}
	}
}

// otherSide gives the one other bloc the other role when a single side is known.
func (d *document) otherSide() {
	known := map[int]int{} // role of a bloc
	for _, p := range d.parties {
		if p.role != nobody && p.nation() != "" {
			b := bloc(p.nation())
			if known[b] != nobody && known[b] != p.role {
				return
			}
			known[b] = p.role
		}
	}
	if len(known) != 1 {
		return
	}
	if known[2] == target {
		d.speakersOwn()
	}
	for b, role := range known {
		for k := range d.parties {
			p := &d.parties[k]
			if p.role == nobody && p.nation() != "" && bloc(p.nation()) != b && p.kind != kindState && p.kind != kindCivil && (d.inEvent(p) || p.span == nil && d.low(p.first-1) == "the" || role == interceptor && d.metThem()) {
				p.role = interceptor + target - role
			}
		}
	}
}

// metThem reports whether somebody is told to have met "them" or "it".
func (d *document) metThem() bool {
	return slices.ContainsFunc(d.events, func(e event) bool {
		return e.class == classMeet && !e.passive && e.object < 0 && d.pronounFollows(e.at)
	})
}

// speakersOwn takes fighters of no nation that met a western aircraft for those
// of Moscow when Moscow tells of it.
func (d *document) speakersOwn() {
	for k := range d.parties {
		p := &d.parties[k]
		if p.role == interceptor && p.sure && len(p.nations) == 0 && d.speaker(p.first) == "RU" {
			p.nations = []nationWord{{"RU", d.speakerAt(p.first)}}
		}
	}
}

// reportersOwn takes fighters of no nation that met Russian aircraft for those of
// the country whose forces tell of it, when it flies such a type.
func (d *document) reportersOwn() {
	if d.hasSide(interceptor) || !d.hasNation(target, "RU") {
		return
	}
	for _, m := range d.placeMentions() {
		if m.place.Kind == "air_base" && !homeCountries[m.place.Country] {
			return // allies stand alert there
		}
	}
	for k := range d.parties {
		p := &d.parties[k]
		if p.role != interceptor || !p.sure || p.span == nil || len(p.nations) > 0 {
			continue
		}
		if at := d.speakerAt(p.first); at >= 0 {
			if code := d.speaker(p.first); code != "NATO" && flies(p.span, code) {
				p.nations = []nationWord{{code, at}}
			}
		}
	}
}

// inEvent reports whether a meeting is told of in the party's sentence.
func (d *document) inEvent(p *party) bool {
	for _, e := range d.events {
		if e.class != classHarass && d.same(e.at, p.first) {
			return true
		}
	}
	return false
}
