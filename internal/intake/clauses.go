package intake

import (
	"sort"
	"strings"
)

// Classes of event verbs.
const (
	classMeet     = "meet"     // intercept, identify, escort, shadow …
	classScramble = "scramble" // scramble, launch, take off
	classHarass   = "harass"   // fly close to somebody
	classViolate  = "violate"  // enter an airspace
	classNominal  = "nominal"  // "an interception of"
)

// event is a verb, or a noun made of one, that tells who did what to whom.
type event struct {
	at      int // token
	class   string
	passive bool
	base    bool // "to intercept"
	subject int  // party, -1 for none
	object  int  // party, -1 for none
	agents  []int
	state   string // violate: whose airspace; empty when the words name none
	last    int    // violate: the last token of "entered Estonian airspace"
}

// verbs are the words of the events, by class.
var verbs = map[string]string{}

func init() {
	for class, words := range map[string]string{
		classMeet: `intercept intercepts intercepted intercepting identify identifies identified identifying escort escorts escorted escorting
			shadow shadows shadowed shadowing follow follows followed following trailed trailing tailed tailing track tracks tracked
			tracking monitor monitors monitored monitoring accompany accompanied accompanying met meet meeting photographed visually-identified chased
			trail tail eskorterade identifierade mötte avvisade`,
		classScramble: `scramble scrambles scrambled scrambling launched launch launches dispatched despatched vectored took-off airborne sent responded`,
		classHarass: `flew flown flies fly flying came come coming passed passing approached approaching approach closed closing crossed crossing buzzed buzzing
			circled circling rolled rolling made making harassed harassing overflew overflown struck collided dumped dumping conducted performed swept
			dropped executed carried pulled turned sat drew`,
		classNominal: `interception intercept interceptions intercepts identification`,
	} {
		for _, w := range strings.Fields(words) {
			if verbs[w] == "" || class == classMeet {
				verbs[w] = class
			}
		}
	}
}

var (
	beForms  = set("was were been being are is be got get blev blevs")
	haveWord = set("has have had having")
	modals   = set("would could can may might will should must cannot ready able prepared trained")
	// practice words make an event a drill, a plan or a show.
	practice = set(`practised practiced practise practice practising training train trained trains rehearse rehearsed simulate simulated
		demonstrate demonstrated drill drills exercised learn learned learning taught capable`)
	negations = set("not never no without nor neither n't didn't wasn't weren't hasn't haven't cannot none nobody")
	between   = set("also then later first safely quickly again both all only subsequently promptly finally immediately not never successfully repeatedly")
	breaks    = set("; as while when after before which who until although though because whereas since once if")
	prepose   = set("of from to toward towards near over off at on against around into for between past under below behind beneath in by through along inside outside within across above during")
)

func adverb(low string) bool { return between[low] || len(low) > 4 && strings.HasSuffix(low, "ly") }

// partyAt is the party that begins at a token or holds it, or -1.
func (d *document) partyAt(i int) int {
	k := sort.Search(len(d.parties), func(k int) bool { return d.parties[k].last >= i })
	if k < len(d.parties) && d.parties[k].first <= i {
		return k
	}
	return -1
}

// index tells for each token the party that holds it, or -1.
func (d *document) index() []int {
	held := make([]int, len(d.tokens))
	for i := range held {
		held[i] = -1
	}
	for k, p := range d.parties {
		for i := p.first; i <= p.last; i++ {
			held[i] = k
		}
	}
	return held
}

// findEvents finds the verbs and nouns that tell of the meeting.
func (d *document) findEvents() {
	held := d.index()
	for i, t := range d.tokens {
		class := verbs[t.low]
		if low := t.low; (low == "took" || low == "taken") && d.low(i+1) == "off" || low == "went" && d.low(i+1) == "up" || low == "lifted" && d.low(i+1) == "off" {
			class = classScramble
		}
		if state, last, ok := d.violationAt(i); ok {
			d.events = append(d.events, event{at: i, class: classViolate, state: state, last: last, subject: d.subjectOf(i, held), object: -1})
			continue
		}
		if class == classScramble && d.noun(i) {
			continue
		}
		if class == classHarass && d.flight(i) {
			class = classMeet
		}
		if t.low == "held" && d.low(i+1) == "by" {
			class = classMeet
		}
		if class == "" || held[i] >= 0 && !d.verbDespiteParty(i, held) {
			continue
		}
		if d.hypothetical(i) || d.negated(i) {
			continue
		}
		e := event{at: i, class: class, subject: -1, object: -1, last: i}
		switch {
		case class == classNominal && d.nominal(&e, held):
		case class == classNominal:
			continue
		default:
			d.frame(&e, held)
		}
		if d.noParty(e) || d.afloat(e) || t.low == "responded" && e.object < 0 {
			continue
		}
		d.events = append(d.events, e)
	}
	d.shareObjects()
}

// shareObjects gives verbs that stand in one row the object behind the last:
// "intercepted, identified and escorted a Russian Il-20".
func (d *document) shareObjects() {
	for n := len(d.events) - 2; n >= 0; n-- {
		e, next := &d.events[n], &d.events[n+1]
		if e.class != classMeet || next.class != classMeet || e.passive || next.passive || e.object >= 0 || next.object < 0 || e.subject != next.subject || !d.same(e.at, next.at) {
			continue
		}
		if next.at-e.at <= 3 {
			e.object = next.object
		}
	}
}

// noParty reports whether the words say that there was none: "no fighters were
// scrambled".
func (d *document) noParty(e event) bool {
	return e.subject >= 0 && d.low(d.parties[e.subject].first-1) == "no"
}

// afloat reports whether a verb is about ships alone: a navy that escorts a
// tanker, a coast guard that follows a vessel.
func (d *document) afloat(e event) bool {
	if e.class != classMeet || e.object < 0 {
		return false
	}
	p, q := party{}, d.parties[e.object]
	if e.subject >= 0 {
		p = d.parties[e.subject]
	}
	if q.span != nil || p.span != nil {
		return false
	}
	for k := q.first - 3; k <= q.last; k++ {
		switch d.low(k) {
		case "shadow-fleet", "unflagged", "oil", "merchant", "vessel", "ship", "ships", "submarine":
			return p.kind != kindAir && p.kind != kindFighter && p.kind != kindOther
		}
	}
	return p.kind == kindState && d.low(p.last) == "navy" || p.kind == kindShip && q.kind == kindShip
}

// noun reports whether "scramble" or "launch" is a noun here: "the 41st scramble".
func (d *document) noun(i int) bool {
	switch d.low(i) {
	case "scramble", "scrambles", "launch", "launches":
	default:
		return false
	}
	before := d.low(i - 1)
	_, counted := number(before)
	return counted || before == "a" || before == "the" || strings.HasSuffix(before, "st") || strings.HasSuffix(before, "th") || strings.HasSuffix(before, "rd") || before == "second" || before == "live" || before == "qra" || before == "this"
}

// verbDespiteParty lets a verb stand that the noun group before it swallowed.
func (d *document) verbDespiteParty(i int, held []int) bool {
	p := d.parties[held[i]]
	return p.last == i && p.head < i && !p.companion && !p.hasNation(i)
}

// hypothetical reports whether the verb tells of a plan, a drill or an ability.
func (d *document) hypothetical(i int) bool {
	for k := i - 1; k >= i-4 && d.same(k, i); k-- {
		low := d.low(k)
		if low == "if" || modals[low] && !(low == "may" && d.tokens[k].upper) || practice[low] {
			return true
		}
		if low == "," || low == ";" || beForms[low] && low != "be" {
			return false
		}
	}
	return false
}

// negated reports whether a negation governs the verb.
func (d *document) negated(i int) bool {
	for k := i - 1; k >= i-4 && d.same(k, i); k-- {
		low := d.low(k)
		if negations[low] && low != "no" || strings.HasSuffix(low, "n't") || strings.HasSuffix(low, "n’t") {
			return true
		}
		if !adverb(low) && !beForms[low] && !haveWord[low] && low != "did" && low != "does" && low != "do" && low != "and" && low != "or" && verbs[low] == "" {
			return false
		}
	}
	return false
}

// frame finds voice, subject and object of a verb.
func (d *document) frame(e *event, held []int) {
	i := e.at
	e.base = d.low(i-1) == "to" || adverb(d.low(i-1)) && d.low(i-2) == "to" || d.low(i-1) == "and" && d.low(i-3) == "to" && verbs[d.low(i-2)] != ""
	e.subject = d.subjectOf(i, held)
	e.passive = d.passive(i)
	if prev := d.coordinated(i); prev != nil && !e.passive {
		e.passive, e.subject = prev.passive && !e.base, prev.subject
		if e.passive && len(d.agentsOf(i, held)) == 0 && d.objectOf(e, held) >= 0 {
			e.passive = false // "were scrambled and identified an Il-20"
		}
		if e.base && prev.class == classScramble {
			e.subject = d.subjectOf(i, held)
		}
	}
	if e.class == classScramble && i > 0 && held[i-1] >= 0 {
		e.subject = held[i-1] // "of two fighters sent to"
	}
	if e.subject < 0 && !e.passive {
		e.subject = d.they(i, held)
	}
	if s := d.sender(e); s != nil && e.base {
		e.subject = s.subject
		if s.object >= 0 && !s.passive {
			e.subject = s.object
		}
	}
	if !e.passive {
		e.object = d.objectOf(e, held)
	}
	e.agents = d.agentsOf(i, held)
	if len(e.agents) > 0 && e.object < 0 && e.class == classMeet {
		e.passive = true
	}
	if e.passive && e.object >= 0 && len(e.agents) > 0 {
		e.object = -1
	}
}

// they is whom "they" means as a subject: the fighters that the sentence before
// begins with.
func (d *document) they(i int, held []int) int {
	k := i - 1
	for adverb(d.low(k)) {
		k--
	}
	if d.low(k) != "they" || !d.same(k, i) || d.tokens[i].sentence == 0 {
		return -1
	}
	s := d.sentences[d.tokens[i].sentence-1]
	for j := s[0]; j < s[1]; j++ {
		if p := held[j]; p >= 0 {
			if d.parties[p].kind == kindFighter {
				return p
			}
			return -1
		}
	}
	return -1
}

// sender is the scramble whose purpose a verb tells: "sent up to identify".
func (d *document) sender(e *event) *event {
	if n := len(d.events); n > 0 {
		last := &d.events[n-1]
		if last.class == classScramble && d.same(last.at, e.at) && e.at-last.at <= 12 {
			return last
		}
	}
	return nil
}

// passive reports whether a form of "be" governs the verb: "were then safely
// intercepted", "was met and escorted".
func (d *document) passive(i int) bool {
	if strings.HasSuffix(d.low(i), "ing") {
		return false
	}
	for k := i - 1; k >= i-6 && d.same(k, i); k-- {
		low := d.low(k)
		if beForms[low] {
			return true
		}
		if !adverb(low) && low != "and" && low != "," && verbs[low] == "" {
			return false
		}
	}
	return false
}

// coordinated is the event whose subject a verb shares: "intercepted and escorted".
func (d *document) coordinated(i int) *event {
	k := i - 1
	for adverb(d.low(k)) && d.same(k, i) {
		k--
	}
	if low := d.low(k); low != "and" && low != "," && low != "or" && low != "&" && low != "but" || !d.same(k, i) {
		return nil
	}
	for n := len(d.events) - 1; n >= 0; n-- {
		e := &d.events[n]
		if !d.same(e.at, i) {
			return nil
		}
		if e.class != classNominal {
			return e
		}
	}
	return nil
}

// subjectOf is the nearest party to the left that no preposition governs.
func (d *document) subjectOf(i int, held []int) int {
	for k := i - 1; k >= 0 && d.same(k, i); k-- {
		low := d.low(k)
		if low == ";" {
			return -1
		}
		p := held[k]
		if p < 0 {
			continue
		}
		first := d.parties[p].first
		before := d.low(first - 1)
		if before == "the" || before == "a" || before == "an" || before == "its" || before == "their" || before == "this" || before == "these" {
			before = d.low(first - 2)
		}
		if !prepose[before] && !(d.parties[p].joined >= 0 && before == "with") || before == "of" && (d.low(first-2) == "pair" || d.low(first-2) == "formation" || d.low(first-2) == "group") {
			if d.parties[p].companion && d.parties[p].joined >= 0 {
				return d.parties[p].joined
			}
			return p
		}
		k = first
	}
	return -1
}

// objectOf is the party that the verb acts on, to its right.
func (d *document) objectOf(e *event, held []int) int {
	limit, harass := 8, e.class == classHarass
	if harass {
		limit = 16
	}
	for k := e.at + 1; k <= e.at+limit && d.same(k, e.at); k++ {
		if p := held[k]; p >= 0 && p != e.subject {
			return p
		}
		low := d.low(k)
		switch {
		case low == "out" && d.low(k+1) == "of" && d.low(k+5) == "responsibility":
			k += 5
		case low == "as" && strings.HasPrefix(d.low(e.at), "identif"):
		case breaks[low] || low == ":" || low == "that" || low == "(" && !harass || beForms[low]:
			return -1
		case !harass && (prepose[low] && !d.towards(e, low) || low == "," || low == "it" || low == "them"):
			return -1
		}
	}
	return -1
}

// towards lets "scrambled for two bombers" and "launched in response to" pass.
func (d *document) towards(e *event, low string) bool {
	return e.class == classScramble && (low == "for" || low == "against" || low == "toward" || low == "towards" || low == "after" || low == "to" || low == "in" || low == "at" || low == "of")
}

// agentsOf are the parties behind "by": "met first by Norway and then by the RAF".
func (d *document) agentsOf(i int, held []int) []int {
	var out []int
	for k := i + 1; k <= i+14 && d.same(k, i); k++ {
		low := d.low(k)
		if held[k] >= 0 {
			return nil
		}
		if low == "by" {
			return d.chain(k+1, held)
		}
		if breaks[low] || low == "that" || verbs[low] != "" && verbs[low] != verbs[d.low(i)] {
			return nil
		}
	}
	return out
}

// chain gives the parties that follow one another from a token on.
func (d *document) chain(k int, held []int) []int {
	var out []int
	for from := k; k < len(d.tokens) && d.same(k, from); k++ {
		if p := held[k]; p >= 0 {
			out = append(out, p)
			k = d.parties[p].last
			continue
		}
		low := d.low(k)
		if !adverb(low) && low != "and" && low != "," && low != "by" && low != "the" && low != "then" && low != "later" && low != "its" && !modifiers[low] && !(len(out) == 0 && k-from < 3 && !prepose[low]) {
			break
		}
	}
	return out
}

// nominal reads "an interception of two Tu-95 by Norwegian F-16s".
func (d *document) nominal(e *event, held []int) bool {
	i := e.at
	if d.low(i+1) != "of" {
		return false
	}
	for k := i + 2; k <= i+7 && d.same(k, i); k++ {
		if p := held[k]; p >= 0 {
			e.object = p
			e.agents = d.agentsOf(d.parties[p].last, held)
			return true
		}
	}
	return false
}
