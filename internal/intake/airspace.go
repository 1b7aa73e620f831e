package intake

// enterWords are the verbs of an entry into an airspace; the value tells whether
// "into" or "through" must follow.
var enterWords = map[string]bool{}

func init() {
	for _, w := range []string{"violated", "violate", "violates", "violating", "entered", "enter", "enters", "entering", "breached", "breaching",
		"breach", "penetrated", "penetrating", "infringed", "infringing", "invaded", "violation", "violations", "breaches", "incursion", "intrusion", "kränkning", "kränkt", "kränkte", "kränkningen"} {
		enterWords[w] = false
	}
	for _, w := range []string{"crossed", "crossing", "crosses", "flew", "flown", "flying", "strayed", "straying", "intruded", "intruding", "cut", "passed", "came", "turned", "went", "moved"} {
		enterWords[w] = true
	}
}

// insideVerbs tell of a stay within: "spent about a minute in Estonian airspace".
var insideVerbs = set("inside spent stayed remained was were flew stay staying lasting")

// violationAt reports whether an entry into a state's airspace is told of at a
// token, whose (empty when the words name none) and the last token of it. A
// negated, planned or feared one is none.
func (d *document) violationAt(i int) (state string, last int, ok bool) {
	low := d.low(i)
	into, enters := enterWords[low]
	if low == "followed" && (d.low(i+1) == "it" || d.low(i+1) == "them") {
		into, enters = true, true
	}
	if !enters && !insideVerbs[low] {
		return "", 0, false
	}
	k, code := d.airspaceAfter(i, enters, into)
	if k < 0 || d.violationDenied(i) {
		return "", 0, false
	}
	return code, k, true
}

// airspaceAfter is the airspace that a verb of entry takes as its object.
func (d *document) airspaceAfter(i int, enters, into bool) (last int, state string) {
	inward := !into && enters || d.low(i) == "inside"
	for k := i + 1; k <= i+16 && d.same(k, i); k++ {
		low := d.low(k)
		switch {
		case low == "into" || low == "through" || low == "inside" || low == "within" && !enters:
			inward = true
		case low == "in" && (!enters || into):
			inward = inward || !enters
		case low == "border" && into && enters && (d.low(i) == "crossed" || d.low(i) == "crossing") && d.low(k-1) != "vulnerable":
			if k-i <= 3 {
				return k, d.stateBetween(i, k)
			}
			return -1, ""
		case low == "airspace" || low == "luftrum":
			code := d.stateBetween(i, k)
			if d.low(k+1) == "of" {
				for j := k + 2; j <= k+4; j++ {
					if c := d.nationAt(j); c != "" {
						code, k = c, j
						break
					}
				}
			}
			if (inward || d.low(i) == "crossed" || d.low(i) == "crossing") && code != "NATO" && code != "-" {
				return k, code
			}
			return -1, ""
		case breaks[low] || low == "," && !inward && !enters || low == "near" || low == "towards" || low == "toward" || low == "close" || low == "international" || low == "fir" || low == "zone" || low == "approached" || low == "outside" || low == "from" && !inward:
			return -1, ""
		case verbs[low] == classMeet && low != "meeting", low == "and" && k > i+1 && isEntry(d.low(k+1)):
			return -1, ""
		}
	}
	return -1, ""
}

func isEntry(low string) bool {
	_, ok := enterWords[low]
	return ok
}

// stateBetween is whose airspace two tokens enclose; "-" when the words say that
// it is nobody's.
func (d *document) stateBetween(i, k int) string {
	code := ""
	for j := i + 1; j < k; j++ {
		if d.low(j) == "international" || d.low(j) == "own" || d.low(j) == "information" || d.low(j) == "area" && d.low(j-1) != "the" && d.low(j+1) != "of" {
			return "-"
		}
		if c := d.nationAt(j); c != "" {
			code = c
		}
	}
	return code
}

// violationDenied reports whether a negation, a fear or a plan governs an entry.
func (d *document) violationDenied(i int) bool {
	if d.claimDenied(i) {
		return true
	}
	for k := d.sentences[d.tokens[i].sentence][0]; k < i; k++ {
		low, next := d.low(k), d.low(k+1)
		if low == "if" || low == "unless" || low == "no" && (next == "point" || next == "time" || next == "stage" || next == "moment") {
			return true
		}
	}
	for k := i - 1; k >= i-7 && d.same(k, i); k-- {
		low := d.low(k)
		switch {
		case negations[low] && !(low == "no" && d.low(i) != "violation") || low == "didn't" || low == "wasn't" || modals[low] && !(low == "may" && d.tokens[k].upper):
			return true
		case low == "denied" || low == "denies" || low == "prevent" || low == "preventing" || low == "avoid" || low == "threatened" || low == "before" || low == "alleged" || low == "refuted":
			return true
		case low == "," || low == ";" || low == "and":
			return false
		}
	}
	return false
}

// claimDenied reports whether an entry is what one side claims and another
// denies: "Bucharest claims that it entered …; Moscow denies it".
func (d *document) claimDenied(i int) bool {
	n := d.tokens[i].sentence
	claim := false
	for k := d.sentences[n][0]; k < i; k++ {
		low := d.low(k)
		claim = claim || low == "claims" || low == "claimed" || low == "alleges" || low == "alleged"
	}
	if !claim {
		return false
	}
	for k := i + 1; k < d.sentences[min(n+1, len(d.sentences)-1)][1]; k++ {
		switch d.low(k) {
		case "denies", "denied", "rejects", "rejected", "disputes", "disputed":
			return true
		}
	}
	return false
}

// airspace gives the kind of airspace and its state. An entry counts more than
// words about where the flight was before.
func (d *document) airspace() []Field {
	states := map[string]bool{}
	var first *event
	for n := range d.events {
		e := &d.events[n]
		if e.class != classViolate || e.subject >= 0 && d.parties[e.subject].kind == kindState {
			continue
		}
		if e.state == "" {
			e.state = d.ownState(e)
		}
		if e.state != "" {
			states[e.state] = true
		}
		if first == nil || first.state == "" && e.state != "" {
			first = e
		}
	}
	if first == nil {
		return d.international()
	}
	out := []Field{d.fieldOf("airspace.kind", "territorial", first.at, first.last)}
	if len(states) == 1 && first.state != "" {
		out = append(out, d.fieldOf("airspace.state", first.state, first.at, first.last))
	}
	return out
}

// ownState is whose "its airspace" is: the country that reports.
func (d *document) ownState(e *event) string {
	for k := e.last - 1; k > e.at; k-- {
		if low := d.low(k); low == "its" || low == "our" || low == "their" {
			for j := e.at; j >= d.sentences[d.tokens[e.at].sentence][0]; j-- {
				c := d.nationAt(j)
				if c != "" && countries[d.low(j)] && bloc(c) != 1 {
					return c
				}
			}
		}
	}
	return ""
}

// international finds "in international airspace", "over neutral waters".
func (d *document) international() []Field {
	for i := range d.tokens {
		low, next := d.low(i), d.low(i+1)
		if low == "and" || d.notThere(i) {
			continue
		}
		switch {
		case (low == "international" || low == "int'l" || low == "int’l" || low == "intl" || low == "neutral") && (next == "airspace" || next == "waters"),
			low == "internationellt" && next == "luftrum":
			return []Field{d.fieldOf("airspace.kind", "international", i, i+1)}
		case (low == "outside") && (next == "national" || next == "nato" || next == "territorial" || next == "sovereign") && d.low(i+2) == "airspace":
			return []Field{d.fieldOf("airspace.kind", "international", i, i+2)}
		}
	}
	return nil
}

// notThere reports whether "left", "meant to stay in" or a negation stands
// before the words for an airspace.
func (d *document) notThere(i int) bool {
	for k := i - 1; k >= i-5 && d.same(k, i); k-- {
		switch low := d.low(k); {
		case low == "left" || low == "leaving" || low == "meant" || low == "intended" || low == "supposed" || low == "not" || low == "never" || low == "right" || low == "rules" || low == "law":
			return true
		case low == ",":
			return false
		}
	}
	return false
}
