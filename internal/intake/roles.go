package intake

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
			if low := d.low(i); low == "vs" || low == "versus" || low == "on" && i+1 == b.first && b.count != nil && opposed(a, b) {
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
		if !d.pronounFollows(e.at) && !e.base && !d.flight(e.at) && !d.madeIntercept(e.at) {
			return
		}
	}
	for _, k := range doers {
		if k < 0 || done >= 0 && d.oneSide(k, done) {
			return
		}
	}
	for _, k := range doers {
		d.give(votes, k, interceptor, 3)
	}
	if done < 0 && d.flight(e.at) {
		d.give(votes, d.flownWith(e.at), interceptor, 3)
	}
	if done >= 0 && d.parties[done].kind != kindState {
		d.give(votes, done, target, 3)
	}
}

// flight reports whether "flew" has an identification flight as its object.
func (d *document) flight(i int) bool {
	for k := i + 1; k <= i+5 && d.same(k, i); k++ {
		if d.low(k) == "identification" && d.missionAfter(k) {
			return true
		}
	}
	return false
}

// missionAfter reports whether "identification" is that of a flight:
// "identification flight", "identification and escort mission".
func (d *document) missionAfter(k int) bool {
	if d.low(k+1) == "and" {
		k += 2
	}
	switch d.low(k + 1) {
	case "flight", "flights", "mission", "missions":
		return true
	}
	return false
}

// madeIntercept reports whether "conducted", "performed" or "made" has an
// intercept as its object: "conducted an unsafe intercept of".
func (d *document) madeIntercept(i int) bool {
	switch d.low(i) {
	case "conducted", "performed", "made", "executed", "carried":
	default:
		return false
	}
	for k := i + 1; k <= i+7 && d.same(k, i); k++ {
		if low := d.low(k); low == "intercept" || low == "interception" {
			return true
		}
		if d.low(k) == "," || prepose[d.low(k)] || d.partyAt(k) >= 0 {
			return false
		}
	}
	return false
}

// flownWith is the fighter that an identification flight is made with, or -1.
func (d *document) flownWith(i int) int {
	for k := range d.parties {
		if p := d.parties[k]; d.same(p.first, i) && p.first > i && p.first-i < 10 && p.kind == kindFighter && (d.low(p.first-1) == "with" || d.low(p.first-1) == "by") {
			return k
		}
	}
	return -1
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
	case b.kind != kindShip && b.kind != kindOther && b.kind != kindCivil && (a.kind != kindFighter || b.kind == kindFighter && !(a.nation() != "" && b.nation() != "" && d.measured(e.at))):
		return
	case a.nation() == "" && b.nation() == "" && b.kind != kindShip && !opposed(a, b):
		return
	case !d.closeBetween(e.at, b.first) && !d.measured(e.at):
		return
	}
	d.give(votes, e.subject, interceptor, 2)
	d.give(votes, e.object, target, 2)
}

// opposed reports whether no nation flies the types of both parties.
func opposed(a, b party) bool {
	if a.span == nil || b.span == nil {
		return false
	}
	for _, t := range a.span.Types {
		for _, n := range t.Nations {
			if flies(b.span, n) {
				return false
			}
		}
	}
	return true
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
		if _, _, ok := d.lengthAt(k); ok || metresPer[d.low(k)] > 0 {
			return true
		}
	}
	return false
}
