package intake

import (
	"slices"
	"strings"
)

// vote gives a party a role; a party that was given both by verbs of equal
// weight keeps none.
type vote [3]int

// assignRoles decides who intercepted whom.
func (d *document) assignRoles() {
	votes := make([]vote, len(d.parties))
	d.labelVotes(votes)
	for _, e := range d.events {
		switch e.class {
		case classMeet, classNominal:
			d.meetVotes(e, votes)
		case classScramble:
			d.scrambleVotes(e, votes)
		case classHarass:
			d.harassVotes(e, votes)
		case classViolate:
			d.give(votes, e.subject, target, 1)
		}
	}
	d.versus(votes)
	d.settle(votes)
}

// versus reads "2x F-16 vs 3x MiG-31": the own side stands first.
func (d *document) versus(votes []vote) {
	for k := 1; k < len(d.parties); k++ {
		a, b := d.parties[k-1], d.parties[k]
		for i := a.last + 1; i < b.first && b.first-a.last < 5; i++ {
			if low := d.low(i); low == "vs" || low == "versus" {
				votes[k-1][interceptor] += 3
				votes[k][target] += 3
			}
		}
	}
}

// give votes for a party and those that stand beside it.
func (d *document) give(votes []vote, k, role, weight int) {
	if k < 0 || d.parties[k].kind == kindCivil && role == interceptor {
		return
	}
	votes[k][role] += weight
	for n := k + 1; n < len(d.parties) && d.parties[n].joined == n-1; n++ {
		votes[n][role] += weight
	}
	for n := k; d.parties[n].joined >= 0; n = d.parties[n].joined {
		votes[d.parties[n].joined][role] += weight
	}
}

func (d *document) meetVotes(e event, votes []vote) {
	doers, done := []int{e.subject}, e.object
	if e.passive || e.class == classNominal {
		doers, done = e.agents, e.subject
		if e.class == classNominal {
			done = e.object
		}
	}
	if !e.passive && e.class == classMeet && done < 0 {
		if !d.pronounFollows(e.at) && !e.base && !d.flight(e.at) {
			return
		}
	}
	for _, k := range doers {
		if k < 0 || done >= 0 && d.oneSide(k, done) {
			return
		}
		if d.parties[k].kind == kindState && !d.mayAct(k) {
			return
		}
	}
	for _, k := range doers {
		d.give(votes, k, interceptor, 3)
	}
	if done >= 0 && d.parties[done].kind != kindState {
		d.give(votes, done, target, 3)
	}
}

// mayAct keeps countries that only speak, and lands that are flown over, out.
func (d *document) mayAct(k int) bool { return d.parties[k].kind == kindState }

// flight reports whether "flew" has an identification flight as its object.
func (d *document) flight(i int) bool {
	for k := i + 1; k <= i+5 && d.same(k, i); k++ {
		if d.low(k) == "identification" && (d.low(k+1) == "flight" || d.low(k+1) == "mission" || d.low(k+1) == "flights") {
			return true
		}
	}
	return false
}

func (d *document) pronounFollows(i int) bool {
	for k := i + 1; k <= i+3 && d.same(k, i); k++ {
		if low := d.low(k); low == "it" || low == "them" {
			return true
		}
	}
	return false
}

// oneSide reports whether two parties belong to one side: Su-27s that escort a
// Tu-95 of their own.
func (d *document) oneSide(a, b int) bool {
	p, q := d.parties[a], d.parties[b]
	if p.nation() == "" || q.nation() == "" {
		return p.companion || q.companion || q.nation() == "" && q.kind == kindOther && q.span == nil && p.kind == kindFighter && p.nation() == "RU" && d.reduced(b, a)
	}
	return bloc(p.nation()) == 1 && bloc(q.nation()) == 1 || p.nation() == q.nation()
}

// reduced reports whether a is named as the escort of b in passing: "bombers
// escorted by Su-27s were met by".
func (d *document) reduced(b, a int) bool {
	for k := d.parties[b].last + 1; k < d.parties[a].first; k++ {
		if low := d.low(k); low == "escorted" || low == "accompanied" {
			return !beForms[d.low(k-1)]
		}
	}
	return false
}

func (d *document) scrambleVotes(e event, votes []vote) {
	if e.subject >= 0 && d.parties[e.subject].kind != kindShip && d.parties[e.subject].kind != kindCivil {
		if k := d.parties[e.subject].kind; k != kindOther || e.passive {
			d.give(votes, e.subject, interceptor, 3)
		}
	}
	if e.object < 0 {
		return
	}
	role := interceptor
	for k := e.at + 1; k < d.parties[e.object].first; k++ {
		switch d.low(k) {
		case "for", "against", "toward", "towards", "after", "to", "response":
			role = target
		}
	}
	if role == interceptor && d.parties[e.object].kind == kindState {
		return
	}
	d.give(votes, e.object, role, 3)
}

// harassVotes takes an aircraft that flies close to another party's aircraft or
// ship as the interceptor, as the log does.
func (d *document) harassVotes(e event, votes []vote) {
	if low := d.low(e.at); len(e.agents) > 0 && e.subject >= 0 && (low == "approached" || low == "buzzed" || low == "harassed" || low == "overflown" || low == "circled") {
		d.give(votes, e.agents[0], interceptor, 2)
		d.give(votes, e.subject, target, 2)
		return
	}
	if e.subject < 0 || e.object < 0 || e.passive {
		return
	}
	a, b := d.parties[e.subject], d.parties[e.object]
	switch {
	case a.kind == kindState || a.kind == kindShip || a.kind == kindCivil || b.kind == kindState:
		return
	case a.nation() != "" && b.nation() != "" && bloc(a.nation()) == bloc(b.nation()):
		return
	case b.kind != kindShip && b.kind != kindOther && b.kind != kindCivil && (a.kind != kindFighter || b.kind == kindFighter):
		return
	case a.nation() == "" && b.nation() == "" && b.kind != kindShip:
		return
	case !d.closeBetween(e.at, b.first) && !d.measured(e.at):
		return
	}
	d.give(votes, e.subject, interceptor, 2)
	d.give(votes, e.object, target, 2)
}

// closeBetween reports whether words of nearness stand between two tokens.
func (d *document) closeBetween(from, to int) bool {
	if nearVerbs[d.low(from)] {
		return true
	}
	for k := from + 1; k < to; k++ {
		if nearWords[d.low(k)] {
			return true
		}
	}
	return false
}

var (
	nearVerbs = set("buzzed buzzing circled circling harassed overflew approached approaching struck trailed collided")
	nearWords = set("within close alongside around past over beneath below ahead nose wing wingtip bow passes pass near metres feet yards meters m ft yd front towards toward closely attack attacks")
)

// measured reports whether a distance stands in the clause of a verb.
func (d *document) measured(i int) bool {
	for k := i + 1; k <= i+14 && d.same(k, i); k++ {
		if metresPer[d.low(k)] > 0 {
			return true
		}
	}
	return false
}

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
		if p.kind == kindState && votes[k] == (vote{}) {
			continue
		}
		switch {
		case v[interceptor] > v[target]:
			p.role, p.sure = interceptor, votes[k] != vote{}
		case v[target] > v[interceptor]:
			p.role, p.sure = target, votes[k] != vote{}
		}
	}
	d.sameAgain()
	d.opposeBlocs()
	d.otherSide()
	d.byType()
	d.homeBases()
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

// sameAgain takes the nation of "the Russian fighter" for interceptors that no
// words gave a nation before, when they fly such a type.
func (d *document) sameAgain() {
	var fighters []int
	for k, p := range d.parties {
		if p.role == interceptor && p.nation() != "" {
			return
		}
		if p.role == interceptor && p.span != nil {
			fighters = append(fighters, k)
		}
	}
	for _, p := range d.parties {
		if p.role != nobody || p.nation() != "RU" || p.span != nil || p.kind != kindFighter && d.low(p.last) != "pilots" && d.low(p.last) != "crews" || d.low(p.first-1) != "the" {
			continue
		}
		for _, k := range fighters {
			if flies(d.parties[k].span, "RU") {
				d.parties[k].nations = []nationWord{p.nations[0]}
			}
		}
	}
}

// homeBases gives fighters of no nation that of the base that they came from,
// where no allies stand alert.
func (d *document) homeBases() {
	for _, m := range d.placeMentions() {
		if m.place.Kind != "air_base" || !homeCountries[m.place.Country] || d.low(m.first-1) != "from" && d.low(m.first-1) != "ex" && d.low(m.first-2) != "from" && d.low(m.last+1) != "qra" {
			continue
		}
		for k := range d.parties {
			p := &d.parties[k]
			if p.role == interceptor && len(p.nations) == 0 && p.last < m.first && m.first-p.last <= 4 {
				p.nations = []nationWord{{m.place.Country, m.first}}
			}
		}
	}
}

var homeCountries = map[string]bool{"NO": true, "SE": true, "FI": true, "DK": true, "GB": true, "TR": true}

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
			if p.role == nobody && p.nation() != "" && bloc(p.nation()) != b && p.kind != kindState && p.kind != kindCivil && (d.inEvent(p) || p.span == nil && d.low(p.first-1) == "the") {
				p.role = interceptor + target - role
			}
		}
	}
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

// inEvent reports whether a meeting is told of in the party's sentence.
func (d *document) inEvent(p *party) bool {
	for _, e := range d.events {
		if e.class != classHarass && d.same(e.at, p.first) {
			return true
		}
	}
	return false
}

// sides gives the fields of both parties.
func (d *document) sides() []Field {
	var out []Field
	for role, name := range map[int]string{interceptor: "intercepting", target: "intercepted"} {
		out = append(out, d.nationsOf(role, name)...)
		out = append(out, d.aircraftOf(role, name)...)
	}
	return append(out, d.base()...)
}

func (d *document) nationsOf(role int, name string) []Field {
	var codes []string
	first := -1
	for _, p := range d.parties {
		if p.role != role {
			continue
		}
		for _, n := range p.nations {
			if !slices.Contains(codes, n.code) {
				codes = append(codes, n.code)
			}
			at := n.token
			if at < 0 {
				at = p.head
			}
			if first < 0 || first != at && d.parties[0].nations == nil && at < first {
				first = at
			}
		}
	}
	if len(codes) > 1 {
		codes = slices.DeleteFunc(codes, func(c string) bool { return c == "NATO" })
	}
	if len(codes) == 0 {
		return nil
	}
	return []Field{d.fieldOf(name+".nations", codes, first, first)}
}

func (d *document) aircraftOf(role int, name string) []Field {
	type entry struct{ key, designator string }
	var seen []entry
	var list []Aircraft
	start, end := -1, -1
	for _, p := range d.parties {
		if p.role != role || p.span == nil || p.span.Designator() == "ZZZZ" {
			continue
		}
		e := entry{p.span.Types[0].Name, p.span.Designator()}
		at := slices.IndexFunc(seen, func(s entry) bool { return s == e || s.designator == e.designator && !p.span.Model })
		if at >= 0 {
			if list[at].Count == nil && d.counts(p) {
				list[at].Count = p.count
			}
			continue
		}
		var count *int
		if d.counts(p) {
			count = p.count
		}
		seen, list = append(seen, e), append(list, Aircraft{e.designator, count})
		if start < 0 {
			start, end = d.tokens[p.first].start, d.tokens[max(p.head, p.last)].end
			if p.count == nil || d.tokens[p.first].low == "a" || d.tokens[p.first].low == "an" {
				start = d.tokens[p.head].start
			}
			if p.last > p.head {
				end = d.tokens[p.head].end
			}
		}
	}
	if len(list) == 0 {
		return nil
	}
	return []Field{d.field(name+".aircraft", list, min(start, end), end)}
}

// counts reports whether the party's number counts aircraft of the incident.
func (d *document) counts(p party) bool { return p.count != nil }

// base is where the interceptors came from.
func (d *document) base() []Field {
	var names []string
	first := -1
	for _, m := range d.placeMentions() {
		if m.place.Kind != "air_base" && !m.raf || slices.Contains(names, m.name) || !d.startsFrom(m) {
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
	from := before == "from" || before == "of" && d.low(m.first-2) == "out" || before == "ex" || before == "at" || before == "in" || before == "of" && qra
	if before == "and" || before == "," {
		from = true // a list of bases: the nearest party decides
	}
	label := before == "/" || before == ":" && m.place.Country != "RU"
	if !from && d.low(m.last+1) != "qra" && !label {
		return false
	}
	if (before == "in" || before == "and" || before == "," || before == "at") && m.place.Kind == "air_base" && !qra && !m.raf && before != "at" && !d.based(m) {
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
		if p.last < i || best == nil {
			best = p
		}
	}
	return best
}
