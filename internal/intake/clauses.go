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
			trail tail vid eskorterade identifierade mötte avvisade`,
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
		if low := t.low; (low == "took" || low == "taken") && d.low(i+1) == "off" || low == "went" && d.low(i+1) == "up" || low == "lifted" && d.low(i+1) == "off" || low == "took" && d.low(i+1) == "over" && takesOver[d.low(i+2)] {
			class = classScramble
		}
		if n := len(d.events); n > 0 && d.events[n-1].class == classViolate && i <= d.events[n-1].last {
			continue
		}
		if state, last, ok := d.violationAt(i); ok {
			d.events = append(d.events, event{at: i, class: classViolate, state: state, last: last, subject: d.subjectOf(i, held), object: -1})
			continue
		}
		if class == classScramble && d.noun(i) {
			continue
		}
		if class != "" && d.inName(i) {
			continue
		}
		if class == classHarass && d.flight(i) {
			class = classMeet
		}
		if class == classHarass && d.madeIntercept(i) {
			class = classMeet
		}
		if t.low == "held" && d.low(i+1) == "by" {
			class = classMeet
		}
		if class == "" && telegraph[t.low] == "" || held[i] >= 0 && !d.verbDespiteParty(i, held) {
			continue
		}
		if tele := telegraph[t.low]; tele != "" && t.shout && class == "" {
			class = tele
			if tele == classMeet && !d.telegram(i, held) {
				class = ""
			}
		}
		if class == "" || d.hypothetical(i) || d.negated(i) {
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
		if d.noParty(e) || d.afloat(e) || t.low == "responded" && e.object < 0 && !d.fightersResponded(e) {
			continue
		}
		d.events = append(d.events, e)
	}
	d.shareObjects()
}

// telegraph are verbs that count in capitals only, as chats and telegrams write
// them: "2X F35 AIRBORNE ID 1X IL38".
var telegraph = map[string]string{
	"id": classMeet, "id'd": classMeet, "ided": classMeet, "int": classMeet, "intcp": classMeet, "intcpt": classMeet, "icpt": classMeet, "intcptd": classMeet, "intd": classMeet,
	"esc": classMeet, "escd": classMeet, "shdw": classMeet, "shad": classMeet, "scr": classScramble, "scrd": classScramble, "scrm": classScramble, "a/b": classScramble,
}

// telegram reports whether an abbreviated verb has a party on either side.
func (d *document) telegram(i int, held []int) bool {
	for k := i + 1; k <= i+3 && d.same(k, i); k++ {
		if held[k] >= 0 {
			return true
		}
	}
	return i > 0 && held[i-1] >= 0 && d.low(i+1) != "airspace"
}

// fightersResponded reports whether "responded" tells of fighters that went up,
// not of a crew that answered.
func (d *document) fightersResponded(e event) bool {
	return e.subject >= 0 && d.parties[e.subject].kind == kindFighter && bloc2(d.parties[e.subject].nation()) == 2 && !e.passive && !d.withControl(e.at) && !d.callsNear(e.at)
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

// inName reports whether a verb's word is part of a name: "Arctic Fighter Meet".
func (d *document) inName(i int) bool {
	t := d.tokens[i]
	return t.upper && !t.shout && i > 0 && d.same(i-1, i) && d.tokens[i-1].upper && d.tokens[i-1].word && d.tokens[i-1].span == nil && !d.tokens[i-1].shout && i-1 > d.sentences[t.sentence][0]
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

// takesOver are what follows when fighters take a target over, not a duty.
var takesOver = set("further farther there later when in . ; ,")

// verbDespiteParty lets a verb stand that the noun group before it swallowed.
func (d *document) verbDespiteParty(i int, held []int) bool {
	p := d.parties[held[i]]
	return p.last == i && p.head < i && !p.companion && !p.hasNation(i)
}

// hypothetical reports whether the verb tells of a plan, a drill or an ability.
func (d *document) hypothetical(i int) bool {
	if d.low(i-1) == "to" && d.plannedBefore(i) {
		return true
	}
	for k := i - 1; k >= i-4 && d.same(k, i); k-- {
		low := d.low(k)
		if low == "if" || low == "how" || modals[low] && !(low == "may" && d.tokens[k].upper) || practice[low] {
			return true
		}
		if low == "," || low == ";" || beForms[low] && low != "be" {
			return false
		}
	}
	return false
}

// plannedBefore reports whether a purpose is that of a plan: "they will scramble
// alongside F-16s to intercept".
func (d *document) plannedBefore(i int) bool {
	for k := i - 2; k >= i-14 && d.same(k, i); k-- {
		switch low := d.low(k); {
		case low == "will" || low == "would" || low == "could":
			return true
		case low == "," || low == ";" || beForms[low] && low != "be":
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
