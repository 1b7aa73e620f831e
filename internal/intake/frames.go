package intake

import (
	"strings"
)

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
	if e.subject < 0 {
		e.subject = d.they(i, held, d.passive(i))
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
	if e.class == classHarass && !e.passive && e.subject >= 0 {
		if k := d.whoseNose(e); k >= 0 {
			e.object = k
		}
	}
	e.agents = d.agentsOf(i, held)
	if len(e.agents) > 0 && e.object < 0 && e.class == classMeet {
		e.passive = true
	}
	if e.passive && e.object >= 0 && len(e.agents) > 0 {
		e.object = -1
	}
}

// whoseNose is the party of the other side that stands before a clause such as
// "when a MiG-31 passed 20 m ahead of its nose", or -1.
func (d *document) whoseNose(e *event) int {
	its := false
	for k := e.at + 1; k <= e.at+14 && d.same(k, e.at); k++ {
		if low := d.low(k); (low == "its" || low == "her" || low == "their" || low == "his") && craftParts[d.low(k+1)] {
			its = true
		}
	}
	if !its {
		return -1
	}
	before := -1
	for n := e.subject - 1; n >= 0 && d.same(d.parties[n].first, e.at); n-- {
		if d.parties[n].kind != kindState {
			if before >= 0 {
				return -1
			}
			before = n
		}
	}
	if before < 0 || d.parties[e.subject].span == nil || bloc2(d.parties[before].nation()) == 0 || bloc2(d.parties[before].nation()) == bloc2(d.parties[e.subject].nation()) {
		return -1
	}
	return before
}

// craftParts are parts of an aircraft or ship that another comes close to.
var craftParts = set("nose wing wings wingtip bow tail cockpit path flight port starboard stern")

// they is whom "they" means as a subject: the fighters that the sentence before
// begins with.
func (d *document) they(i int, held []int, passive bool) int {
	k := i - 1
	for adverb(d.low(k)) || passive && beForms[d.low(k)] {
		k--
	}
	if (d.low(k) != "they" || !d.same(k, i)) && i != d.sentences[d.tokens[i].sentence][0] || d.tokens[i].sentence == 0 {
		return -1
	}
	s := d.sentences[d.tokens[i].sentence-1]
	for j := s[0]; j < s[1]; j++ {
		if p := held[j]; p >= 0 {
			if kind := d.parties[p].kind; kind == kindFighter || passive && (kind == kindOther || kind == kindAir) {
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
		if e.class == classScramble && (telegraph[low] == classMeet || low == "vid") && d.tokens[k].shout {
			return -1
		}
		switch {
		case low == "out" && d.low(k+1) == "of" && d.low(k+5) == "responsibility":
			k += 5
		case low == "as" && strings.HasPrefix(d.low(e.at), "identif") || low == "of" && k < e.at+8 && d.madeIntercept(e.at):
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
		if (low == "from" || low == "of") && len(out) > 0 && k+1 < len(held) && held[k+1] < 0 && d.tokens[k+1].upper {
			k++ // "by an F-16 from Bodø and later by two Tornados"
			continue
		}
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
