package intake

import (
	"slices"
	"strings"
)

// The three flags are independent: real reports have every mix of them.
const (
	flagTransponder = "transponder"
	flagPlan        = "flight_plan"
	flagRadio       = "radio_contact"
)

// flagValues are the words of the form for yes and no.
var flagValues = map[string][2]string{
	flagTransponder: {"off", "on"},
	flagPlan:        {"none", "filed"},
	flagRadio:       {"no", "yes"},
}

// statement is what one place in the text says of a flag.
type statement struct {
	flag        string
	yes         bool
	first, last int
}

// flags gives what the text says of transponder, flight plan and radio. Where
// it says two things, or one side only claims it of the other, the field stays
// empty; so it does where meetings on several days are told of and it is said of
// one alone.
func (d *document) flags(several bool) []Field {
	said := map[string][]statement{}
	for i := range d.tokens {
		s, ok := d.statementAt(i)
		if !ok || d.claimedOfOther(s.first) {
			continue
		}
		said[s.flag] = append(said[s.flag], s)
		if d.ofSome(s.first) { // "two of the three": the others were otherwise
			said[s.flag] = append(said[s.flag], statement{flag: s.flag, yes: !s.yes})
		}
	}
	var out []Field
	for _, flag := range []string{flagTransponder, flagPlan, flagRadio} {
		all := said[flag]
		if len(all) == 0 || flag == flagTransponder && d.rivalSwitch(all[0].first) || slices.ContainsFunc(all, func(s statement) bool { return s.yes != all[0].yes }) {
			continue
		}
		if several && len(all) == 1 && !d.ofAll(all[0].first) {
			continue
		}
		value := flagValues[flag][0]
		if all[0].yes {
			value = flagValues[flag][1]
		}
		out = append(out, d.fieldOf(flag, value, all[0].first, all[0].last))
	}
	return out
}

// ofAll reports whether the sentence speaks of all the aircraft.
func (d *document) ofAll(i int) bool {
	s := d.sentences[d.tokens[i].sentence]
	for k := s[0]; k < s[1]; k++ {
		switch d.low(k) {
		case "all", "both", "none", "neither", "each", "every":
			return true
		}
	}
	return false
}

// ofSome reports whether what stands at i is said of some of the aircraft only.
func (d *document) ofSome(i int) bool {
	for k := i - 1; k >= i-6 && d.same(k, i); k-- {
		if d.low(k) == ";" {
			return false
		}
		if d.low(k) != "of" || d.low(k+1) != "the" && d.low(k+1) != "them" {
			continue
		}
		n, counted := number(d.low(k - 1))
		m, of := number(d.low(k + 2))
		if counted && (!of || n < m) {
			return true
		}
	}
	return false
}

func (d *document) statementAt(i int) (statement, bool) {
	if s, said, ok := d.flagLabel(i); ok {
		return s, said
	}
	if s, ok := d.telegramState(i); ok {
		return s, true
	}
	if s, ok := d.transponderAt(i); ok {
		return s, true
	}
	if s, ok := d.planAt(i); ok {
		return s, true
	}
	return d.radioAt(i)
}

// transponderAt reads "squawking" and "transponder" with their negations.
func (d *document) transponderAt(i int) (statement, bool) {
	low := d.low(i)
	s := statement{flag: flagTransponder, first: i, last: i}
	switch low {
	case "squawking", "squawked", "squawk", "squawks", "transponding":
		if modals[d.low(i-1)] || d.low(i-1) == "to" && d.low(i-2) != "failed" && d.low(i-2) != "refused" {
			return s, false
		}
		s.first, s.yes = d.negation(i)
		for k := i + 1; k <= i+2; k++ {
			if s.yes && (offWords[d.low(k)] || k == i+1 && (d.low(k) == "nothing" || d.low(k) == "no")) {
				s.yes, s.last = false, k
			}
		}
		if d.low(i-2) == "failed" || d.low(i-2) == "refused" {
			s.first, s.yes = i-2, false
		}
		return s, low != "squawk" && low != "squawks" || !s.yes || d.low(i+1) != "" && d.low(i+1) != "/"
	case "non-squawking", "non-transponding":
		return s, true
	case "transmitting":
		s.first, s.yes = d.negation(i)
		return s, !s.yes && (d.low(i+1) == ";" || d.low(i+1) == "." || d.low(i+1) == ",")
	case "transponder", "transponders", "xpdr", "xpndr", "xponder", "iff":
	case "sqk", "ssr":
		if next := d.low(i + 1); len(next) == 4 && strings.Trim(next, "01234567") == "" {
			s.last, s.yes = i+1, true
			return s, true
		}
	case "mode":
		if next := d.low(i + 1); next != "3" && next != "3a" && next != "iii" && next != "c" && next != "s" || !offWords[d.low(i+2)] && !onWords[d.low(i+2)] && d.low(i-1) != "no" {
			return s, false
		}
		i++
	default:
		return s, false
	}
	if first, yes := d.negation(i); !yes {
		s.first = first
		_, on, ok := d.switched(i, 1)
		return s, !ok || !on || d.low(i+1) != "off"
	}
	if last, on, ok := d.switched(i, 1); ok {
		s.last, s.yes = last, on
		return s, true
	}
	if first, on, ok := d.switched(i, -1); ok {
		s.first, s.yes = first, on
		return s, true
	}
	return s, false
}

var (
	onWords  = set("on active activated operating working transmitting operational enabled operative order functioning correctly normally")
	offWords = set("off inactive deactivated disabled silent nil none neg negative switched-off inoperative unserviceable dark missing stby standby")
	// switchFill may stand between a transponder and its state.
	switchFill = set(`of three two four either jets three was were is are had been being switched turned not and code codes , : / - = signal signals signalling its their the a an on-board onboard kept
		in with flight plan radio contact communications communication working flying flew aircraft both all all's transmit transmitted transmitting used use using by mode or plans two-way throughout remained left leaving having completely`)
)

// switched looks for "on" or "off" beside a transponder.
func (d *document) switched(i, step int) (at int, on, ok bool) {
	not := false
	for n := 1; n <= 9; n++ {
		k := i + n*step
		if !d.same(k, i) {
			return 0, false, false
		}
		low := d.low(k)
		if step < 0 && (low == "transmitted" || low == "using" || low == "used" || low == "activated" || low == "operating" || low == "transmitting") && n <= 4 {
			_, yes := d.negation(k)
			return k, yes, true
		}
		switch {
		case low == "not" || low == "n't" || low == "wasn't" || low == "weren't":
			not = true
		case low == "off" && step < 0 && d.low(k-1) != "switched" && d.low(k-1) != "turned" && d.low(k-1) != "switching" && d.low(k-1) != "turning" && d.low(k-1) != "shut":
			return 0, false, false
		case offWords[low]:
			return k, not, true
		case low == "on" && step > 0 && n > 1 && d.planFollows(k), low == "on" && step < 0 && d.low(k-1) != "switched" && d.low(k-1) != "turned" && d.low(k-1) != "switching" && d.low(k-1) != "turn" && d.low(k-1) != "switch":
			return 0, false, false
		case onWords[low] && (low != "order" || d.low(k-1) == "in") && (step > 0 || low == "on" || low == "active" || low == "working"):
			if step < 0 {
				_, yes := d.negation(k)
				not = !yes
			}
			return k, !not, true
		case !switchFill[low] && !(d.nationAt(k) != "" && (heads[d.low(k+1)] != "" || k+1 < len(d.tokens) && d.tokens[k+1].span != nil)):
			return 0, false, false
		case step < 0 && n > 4:
			return 0, false, false
		}
	}
	return 0, false, false
}

// planFollows tells "and on a flight plan" from "switched on".
func (d *document) planFollows(k int) bool {
	return d.low(k+1) == "a" || d.low(k+1) == "an" || d.low(k+1) == "its" || d.low(k+1) == "the"
}

// planAt reads "flight plan" and "filed".
func (d *document) planAt(i int) (statement, bool) {
	low := d.low(i)
	s := statement{flag: flagPlan, first: i, last: i}
	switch low {
	case "filed":
		s.last = i + 1
		return s, d.low(i+1) == "nothing" || d.low(i+1) == "none"
	case "fpl", "fplan", "flightplan", "flight-plan", "flightplans", "flight-plans":
	case "plan", "plans":
		if d.low(i-1) == "flight" || d.low(i-1) == "flight-" {
			s.first = i - 1
		} else if !d.planWords(i) {
			return s, false
		}
	default:
		return s, false
	}
	if next := d.low(i + 1); next == "filed" || next == "yes" {
		if d.low(s.first-1) != "no" && d.low(s.first-1) != "without" {
			s.last, s.yes = i+1, true
			return s, true
		}
	}
	if first, yes := d.negation(s.first); !yes {
		s.first = first
		return s, true
	}
	if d.low(i+1) == "no" && (i+2 >= len(d.tokens) || !d.tokens[i+2].word) {
		s.last = i + 1
		return s, true
	}
	for k := i + 1; k <= i+7 && d.same(k, i); k++ {
		switch low := d.low(k); low {
		case "nil", "none", "neg", "negative", "missing", "unfiled", "lacking":
			s.last = k
			return s, true
		case "not":
			s.last = k
			return s, d.low(k+1) == "filed" || d.low(k+2) == "filed" || d.low(k+1) == "submitted" || d.low(k+2) == "submitted"
		case "filed", "submitted", "yes", "valid", "order":
			s.last, s.yes = k, true
			return s, true
		case "had", "was", "been", "were", "has", "is", ":", "/", "and", "=", "radio", "contact", "transponder", "in", "two-way", "both", ",", "communication", "communications", "-":
			continue
		}
		break
	}
	for k := s.first - 1; k >= s.first-4 && d.same(k, i); k-- {
		switch low := d.low(k); low {
		case "filed", "pre-filed", "prefiled", "presented", "on", "with", "had", "submitted", "valid", "according", "having", "per", "filing", "has", "have", "has/":
			s.first, s.yes = k, true
			return s, true
		case "a", "an", "the", "its", "their", "valid,", "to", "approved", "and", ",", "transponder", "transponders", "radio", "contact", "ifr", "civil":
			continue
		}
		break
	}
	return s, false
}

// planWords reports whether a bare "plan" is a flight plan.
func (d *document) planWords(i int) bool {
	for k := i - 5; k <= i+4; k++ {
		if !d.same(k, i) {
			continue
		}
		switch d.low(k) {
		case "filed", "pre-filed", "published", "valid", "transponder", "transponders", "squawked", "squawking", "file", "radio":
			return true
		}
	}
	return false
}

// radioAt reads "radio contact", "communicate with controllers" and the like.
func (d *document) radioAt(i int) (statement, bool) {
	low := d.low(i)
	s := statement{flag: flagRadio, first: i, last: i}
	switch low {
	case "comms":
		s.last = i
	case "rt":
		if !d.tokens[i].shout {
			return s, false
		}
	case "silent":
		if d.low(i-1) == "radio" || d.low(i+1) == "on" && (d.low(i+2) == "radio" || d.low(i+3) == "radio") {
			s.first = i - 1
			return s, !d.negated(i)
		}
		return s, false
	case "radio":
		if !d.radioNoun(i) && !d.telegraphic(i) {
			return s, false
		}
		if strings.HasPrefix(d.low(i+1), "co") || d.low(i+1) == "link" {
			s.last = i + 1
		}
	case "contact", "communication", "communications", "communicating":
		if d.low(i-1) == "no" && d.low(i-2) == ":" && d.low(i-3) == "radio" {
			s.first = i - 1
			return s, true
		}
		if d.low(i-1) == "radio" || d.low(i-1) == "two-way" && d.low(i-2) == "radio" || !d.withControl(i) && !(d.low(i-1) == "in" && d.flagNear(i)) {
			return s, false
		}
	case "communicate", "communicated", "talk", "talked", "talking", "speak", "spoke", "spoken", "speaking", "contacted", "answered", "answering", "answer", "responded", "responding", "respond", "replied", "reply", "replying", "reporting":
		if !d.withControl(i) {
			return s, false
		}
	case "ignored", "ignoring":
		if !d.callsNear(i) {
			return s, false
		}
		return s, true
	default:
		return s, false
	}
	if first, yes := d.negation(i); !yes {
		s.first = first
		return s, true
	}
	if d.failed(i) {
		return s, true
	}
	for k := s.last + 1; k <= s.last+3 && d.same(k, i); k++ {
		switch d.low(k) {
		case "nil", "none", "neg", "negative", "lost", "no", "silent":
			s.last = k
			return s, true
		}
	}
	if low == "radio" || low == "rt" || low == "comms" || low == "contact" || strings.HasPrefix(low, "communication") {
		s.yes = d.upheld(i, s.last)
		return s, s.yes
	}
	s.yes = low == "talking" || low == "communicating" || low == "spoke" || low == "talked" || low == "communicated" || low == "answered" || (low == "answer" || low == "respond" || low == "reply") && d.low(i-1) == "did" || low == "responded" || low == "reporting" || low == "replied" || low == "speaking"
	return s, s.yes
}

// telegraphic reports whether a word in capitals stands among the states of a
// telegram: "RADIO NIL", "IFF OFF NO FPL NO RADIO".
func (d *document) telegraphic(i int) bool {
	next := d.low(i + 1)
	return d.tokens[i].shout && (noValues[next] && next != "n" || yesValues[next] && next != "on" || d.low(i-1) == "no" && (i+1 >= len(d.tokens) || !d.tokens[i+1].word || d.tokens[i+1].sentence != d.tokens[i].sentence || flagWord[next]))
}

func (d *document) radioNoun(i int) bool {
	switch d.low(i + 1) {
	case "contact", "communication", "communications", "comms", "connection", "link":
		return true
	case ".", ";", ",", "and", "crossed", "with", "or", "was", "entered", "", "in", "flew", "spent":
		return d.flagNear(i)
	}
	return false
}

// withControl reports whether air traffic control is what a verb is about.
func (d *document) withControl(i int) bool {
	for k := i + 1; k <= i+9 && d.same(k, i); k++ {
		switch low := d.low(k); low {
		case "controllers", "controller", "acc", "atc", "atcos", "control", "calls", "call", "hails", "traffic", "centre", "center", "warnings", "ats", "air-traffic":
			return true
		case "to", "with", "the", "from", "of", "any", "civil", "regional", "air", "lithuanian", "estonian", "latvian", "swedish", "finnish", "polish", "danish", "norwegian", "romanian", "radio", "safety", "relevant", "civilian", "ground", "national", "local", "maintain", "area", "repeated", "its", "their", "two-way", "for", "and", "german", "british", "any of", "bulgarian", "turkish", "bodo", "responsible", "military", "uk":
		default:
			if !d.tokens[k].upper {
				return false
			}
		}
	}
	return false
}

func (d *document) callsNear(i int) bool {
	for k := i - 4; k <= i+5; k++ {
		if d.same(k, i) && (d.low(k) == "calls" || d.low(k) == "call" || d.low(k) == "hails" || d.low(k) == "warnings" || d.low(k) == "controllers") {
			return true
		}
	}
	return false
}

// flagNear reports whether another flag is spoken of in the sentence.
func (d *document) flagNear(i int) bool {
	s := d.sentences[d.tokens[i].sentence]
	for k := s[0]; k < s[1]; k++ {
		switch d.low(k) {
		case "transponder", "transponders", "squawking", "squawked", "plan", "plans", "xpdr", "fpl", "iff", "sqk", "rt":
			return true
		}
	}
	return false
}

// failed reports whether "failed to", "refused to" or "ignored" governs.
func (d *document) failed(i int) bool {
	for k := i - 1; k >= i-5 && d.same(k, i); k-- {
		switch d.low(k) {
		case "failed", "refused", "failing", "refusing", "lost", "declined", "lacked", "lacking":
			return true
		}
	}
	return false
}

// upheld reports whether words before or after say that there was contact.
func (d *document) upheld(i, last int) bool {
	for k := i - 1; k >= i-9 && d.same(k, i); k-- {
		switch d.low(k) {
		case "maintained", "in", "established", "had", "with", "kept", "maintaining", "was", "were", "having", "keeping", "held", "has", "remained":
			return true
		case "two-way", "radio", "a", "and", ",", "transponder", "flight", "plan", "filed", "plans", "both", "constant", "on", "the", "normal", "good", "pre-filed", "its", "full", "regular", "continuous", "an":
			continue
		}
		break
	}
	for k := last + 1; k <= last+4; k++ {
		if low := d.low(k); low == "maintained" || low == "established" || low == "yes" || low == "order" || low == "ok" || low == "kept" {
			return true
		}
	}
	return false
}
