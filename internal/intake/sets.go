package intake

import (
	"strings"
)

// flagLabels are the labels of the three flags in sets and lists: "SQK/OFF//",
// "Flight plan: none", "Radio<tab>no". Longer ones stand before those that they
// begin with.
var flagLabels = []struct{ words, flag string }{
	{"transponder status", flagTransponder}, {"transponder", flagTransponder}, {"xpdr", flagTransponder}, {"xpndr", flagTransponder},
	{"sqk", flagTransponder}, {"squawk", flagTransponder}, {"iff", flagTransponder}, {"ssr", flagTransponder}, {"mode 3", flagTransponder},
	{"flight plan", flagPlan}, {"flightplan", flagPlan}, {"flight-plan", flagPlan}, {"fpl", flagPlan}, {"flt plan", flagPlan}, {"fltpln", flagPlan}, {"fplan", flagPlan},
	{"two-way radio contact", flagRadio}, {"two-way radio", flagRadio}, {"radio contact", flagRadio}, {"radio comms", flagRadio},
	{"radio communication", flagRadio}, {"radio", flagRadio}, {"r / t", flagRadio}, {"rt", flagRadio}, {"comms", flagRadio}, {"atc contact", flagRadio}, {"atc comms", flagRadio},
}

var (
	yesValues = set("on yes y filed pos positive active activated established maintained ok valid")
	noValues  = set("off no n nil none neg negative not without stby standby silent lost missing inactive unfiled dark never")
	// valueFill may stand before the word that decides.
	valueFill = set("switched turned was is were the set has had been")
)

// beginsSet reports whether a label may stand at a token: at the begin of the
// text, of a line, a set or a column.
func (d *document) beginsSet(i int) bool {
	switch d.low(i - 1) {
	case "", "//", "\n", ";", "-", "|", ",", ".", "•", "*":
		return true
	}
	return d.tab(i)
}

// tab reports whether a tab parts a token from the one before it.
func (d *document) tab(i int) bool {
	return i > 0 && i < len(d.tokens) && strings.Contains(d.text[d.tokens[i-1].end:d.tokens[i].start], "\t")
}

// valueAfter is the first token of what a label is given, whose last token is
// i; -1 where no sign parts them.
func (d *document) valueAfter(i int) int {
	if next := d.low(i + 1); next == "/" || next == ":" || next == "=" {
		return i + 2
	}
	if d.tab(i + 1) {
		return i + 1
	}
	return -1
}

// flagLabel reports whether a label of a flag begins at a token
// and what it is given; said is false where that is unknown or nothing.
func (d *document) flagLabel(i int) (s statement, said, ok bool) {
	if !d.beginsSet(i) || !d.tokens[i].upper {
		return s, false, false
	}
	for _, l := range flagLabels {
		n := d.spells(i, l.words)
		if n == 0 {
			continue
		}
		v := d.valueAfter(i + n - 1)
		if v < 0 {
			continue
		}
		s = statement{flag: l.flag, first: i, last: i}
		s.last, s.yes, said = d.yesOrNo(v, l.flag)
		return s, said, true
	}
	return s, false, false
}

// telegramState reads a flag in capitals with its state right behind it: "IFF
// OFF FPL YES RADIO NIL".
func (d *document) telegramState(i int) (s statement, ok bool) {
	if !d.tokens[i].shout {
		return s, false
	}
	for _, l := range flagLabels {
		n := d.spells(i, l.words)
		if n == 0 || !d.tokens[i+n-1].shout {
			continue
		}
		v := i + n
		low := d.low(v)
		if !d.same(v, i) || !d.tokens[v].shout || len(low) < 2 || low == "no" && v+1 < len(d.tokens) && d.tokens[v+1].word || low == "not" || low == "on" && l.flag != flagTransponder {
			return s, false
		}
		s = statement{flag: l.flag, first: i}
		s.last, s.yes, ok = d.yesOrNo(v, l.flag)
		return s, ok
	}
	return s, false
}

// yesOrNo reads the value at a token: yes, off, "none filed", a squawk.
func (d *document) yesOrNo(v int, flag string) (last int, yes, said bool) {
	for ; valueFill[d.low(v)] && d.same(v, v+1); v++ {
	}
	switch low := d.low(v); {
	case noValues[low] && !(low == "n" && d.low(v+1) == "/") && !(low == "not" && (d.low(v+1) == "known" || d.low(v+1) == "reported" || d.low(v+1) == "stated")):
		return v, false, true
	case yesValues[low] && !d.thenOff(v):
		return v, true, true
	case flag == flagTransponder && len(low) == 4 && strings.Trim(low, "01234567") == "":
		return v, true, true
	}
	return v, false, false
}

// thenOff reports whether a value that begins with yes takes it back: "on, later off".
func (d *document) thenOff(v int) bool {
	for k := v + 1; k <= v+6 && d.same(k, v) && d.low(k) != "\n" && d.low(k) != ";" && d.low(k) != "|"; k++ {
		if noValues[d.low(k)] {
			return true
		}
	}
	return false
}

// setParty takes count and nation of an aircraft from the elements beside it in
// its set: "OWN/2/F16/BE", "TGT/RU/IL20/1". An element that is something else,
// or another aircraft, ends the search.
func (d *document) setParty(p *party) {
	if p.span == nil || d.low(p.first-1) != "/" && d.low(p.last+1) != "/" {
		return
	}
	for k := p.first; d.low(k-1) == "/" && d.same(k-2, p.head); k -= 2 {
		if !d.setElement(p, k-2) {
			break
		}
	}
	for k := p.last; d.low(k+1) == "/" && d.same(k+2, p.head); k += 2 {
		if !d.setElement(p, k+2) {
			break
		}
	}
}

// setElement takes one element of a set for a party's count or nation.
func (d *document) setElement(p *party, k int) bool {
	t := d.tokens[k]
	if n, ok := number(t.low); ok && p.count == nil {
		p.count = &n
		return true
	}
	if t.shout && isoCodes[t.low] && t.span == nil {
		if len(p.nations) > 0 {
			return p.nations[0].code == strings.ToUpper(t.low)
		}
		p.nations = []nationWord{{strings.ToUpper(t.low), k}}
		return true
	}
	return false
}

// setLabel is the label of the set, line or column that holds a token: the word
// before its first sign; empty where there is none.
func (d *document) setLabel(i int) string {
	for k := i - 1; k >= 0 && k >= i-30; k-- {
		switch d.low(k) {
		case "//", "\n", ";", "|":
			return ""
		}
		if d.valueAfter(k) > 0 && d.labelBegins(k) {
			return d.low(k)
		}
	}
	return ""
}

// labelBegins reports whether the label that ends at a token begins its set.
func (d *document) labelBegins(k int) bool {
	for n := 0; n < 3 && k >= 0 && d.tokens[k].word; n++ {
		if d.beginsSet(k) {
			return d.tokens[k].upper
		}
		k--
	}
	return false
}

// Labels of sets and lists that say where and when, and that tell what happened.
var (
	placeLabels = set("pos position location loc area place where")
	timeLabels  = set("time dtg when tot start begin")
	proseLabels = set("narr narrative remarks rmks rmk action actions result summary outcome gentext comment comments ampn")
)
