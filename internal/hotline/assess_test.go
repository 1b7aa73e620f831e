package hotline

import (
	"fmt"
	"testing"
	"time"

	"interceptlog/internal/incidents"
)

const (
	minute = Millis(60_000)
	hour   = 60 * minute
	day    = 24 * hour
)

// noon is the start of most incidents here: Tuesday, 14 March 2023, 12:00Z.
var noon = incidents.MillisOf(time.Date(2023, 3, 14, 12, 0, 0, 0, time.UTC))

var (
	ruleNone   = Rule{Severity: "near_routine", Need: NeedNone}
	ruleAny    = Rule{Severity: "serious", Need: NeedAny, WithinS: 24 * 3600}
	ruleDirect = Rule{Severity: "high_risk", Need: NeedDirect, WithinS: 3600}
)

// moment is a time after noon at a precision.
func moment(after Millis, p incidents.Precision) incidents.Moment {
	return incidents.At((noon + after).Time(), p, "")
}

// incident begins at noon and is recorded ten minutes later.
func incident(p incidents.Precision, absence string) incidents.Incident {
	return incidents.Incident{
		ID:              "i",
		FirstRecordedAt: noon + 10*minute,
		Record:          incidents.Record{Start: moment(0, p), Absence: absence},
	}
}

// contact is a direct call, prompted by the incident, connected, begun at a
// time after noon; each option changes one thing.
func contact(after Millis, options ...func(*Linked)) Linked {
	l := Linked{
		Contact: Contact{
			ID:      "c",
			Channel: Channel{Kind: "phone"},
			Start:   moment(after, incidents.Exact),
			Outcome: "connected",
			Purpose: "clarify",
		},
		LinkedAs: Link{ContactID: "c", IncidentID: "i", Relation: "prompted_by", Linked: true},
	}
	for _, o := range options {
		o(&l)
	}
	return l
}

func outcome(s string) func(*Linked)  { return func(l *Linked) { l.Outcome = s } }
func kind(s string) func(*Linked)     { return func(l *Linked) { l.Channel.Kind = s } }
func purpose(s string) func(*Linked)  { return func(l *Linked) { l.Purpose = s } }
func relation(s string) func(*Linked) { return func(l *Linked) { l.LinkedAs.Relation = s } }
func id(s string) func(*Linked) {
	return func(l *Linked) { l.ID, l.LinkedAs.ContactID = ContactID(s), ContactID(s) }
}
func retracted(l *Linked) { l.Retracted = true }
func unlinked(l *Linked)  { l.LinkedAs.Linked = false }
func known(p incidents.Precision) func(*Linked) {
	return func(l *Linked) { l.Start = incidents.At(l.Start.From.Time(), p, "") }
}
func until(after Millis, p incidents.Precision) func(*Linked) {
	return func(l *Linked) { l.End = moment(after, p) }
}
func unstated(l *Linked) { l.Start = incidents.Moment{} }

// standing writes the four statuses short: the strict pair only where it
// differs.
func standing(s Standing) string {
	pair := func(best, worst Status) string {
		if best == worst {
			return string(best)
		}
		return string(best) + "…" + string(worst)
	}
	link, strict := pair(s.Best, s.Worst), pair(s.StrictBest, s.StrictWorst)
	if link == strict {
		return link
	}
	return link + " (strict " + strict + ")"
}

func TestAssess(t *testing.T) {
	const own, public = "own_log", "public_sources"
	late := func(inc incidents.Incident) incidents.Incident { inc.FirstRecordedAt = noon + 48*hour; return inc }
	unknownStart := incident(incidents.Exact, own)
	unknownStart.Record.Start = incidents.Moment{}

	for _, tt := range []struct {
		name     string
		inc      incidents.Incident
		rule     Rule
		contacts []Linked
		after    Millis // now, after noon
		want     string
		basis    string
		passed   bool
	}{
		// A row of DESIGN §4 each.
		{"not required", incident("exact", own), ruleNone, nil, day, "not_required", "", false},
		{"awaiting", incident("exact", own), ruleDirect, nil, 30 * minute, "awaiting", "", false},
		{"attempted", incident("exact", own), ruleDirect, []Linked{contact(hour/2, outcome("no_answer"))}, hour / 2, "attempted", "clock", false},
		{"attempted, deadline passed", incident("exact", own), ruleDirect, []Linked{contact(hour/2, outcome("line_fault"))}, 2 * hour, "attempted", "clock", true},
		{"followed", incident("exact", own), ruleDirect, []Linked{contact(hour / 2)}, 2 * hour, "followed", "clock", true},
		{"followed late", incident("exact", own), ruleDirect, []Linked{contact(2 * hour)}, 3 * hour, "followed_late", "clock", true},
		{"overdue", incident("exact", own), ruleDirect, nil, 2 * hour, "overdue", "", true},
		{"not known", incident("exact", public), ruleDirect, nil, 2 * hour, "not_known", "", true},
		{"public and still time", incident("exact", public), ruleAny, nil, 2 * hour, "awaiting", "", false},
		{"public and late: late, at best in time", incident("exact", public), ruleDirect, []Linked{contact(2 * hour)}, day, "followed…followed_late", "clock", true},
		{"public and in time", incident("exact", public), ruleDirect, []Linked{contact(hour / 2)}, day, "followed", "clock", true},
		{"public and attempted", incident("exact", public), ruleDirect, []Linked{contact(hour/2, outcome("refused"))}, day, "attempted", "clock", true},

		// The edges of the deadline: known to the minute, so a minute wide.
		{"in time for certain: hi = d", incident("exact", own), ruleDirect, []Linked{contact(59 * minute)}, day, "followed", "clock", true},
		{"cannot be told: lo < d < hi", incident("exact", own), ruleDirect, []Linked{contact(60 * minute)}, day, "followed…followed_late", "clock", true},
		{"benefit of the doubt: lo = d", incident("exact", own), ruleDirect, []Linked{contact(61 * minute)}, day, "followed…followed_late", "clock", true},
		{"late for certain: lo > d", incident("exact", own), ruleDirect, []Linked{contact(62 * minute)}, day, "followed_late", "clock", true},
		{"a moment before the earliest deadline", incident("exact", own), ruleDirect, nil, hour - 1, "awaiting", "", false},
		{"at the earliest deadline", incident("exact", own), ruleDirect, nil, hour, "awaiting…overdue", "", true},
		{"a moment before the latest", incident("exact", own), ruleDirect, nil, hour + minute - 1, "awaiting…overdue", "", true},
		{"at the latest", incident("exact", own), ruleDirect, nil, hour + minute, "overdue", "", true},
		{"between, public", incident("hour", public), ruleDirect, nil, hour + 30*minute, "awaiting…not_known", "", true},

		// Each precision, of both times; the contact 30 h after.
		{"exact", incident("exact", own), ruleAny, []Linked{contact(30 * hour)}, 9 * day, "followed_late", "clock", true},
		{"hour", incident("hour", own), ruleAny, []Linked{contact(30*hour, known("hour"))}, 9 * day, "followed_late", "clock", true},
		{"hour, at the edge", incident("hour", own), ruleAny, []Linked{contact(24*hour, known("hour"))}, 9 * day, "followed…followed_late", "clock", true},
		{"day", incident("day", own), ruleAny, []Linked{contact(30*hour, known("day"))}, 9 * day, "followed…followed_late", "clock", true},
		{"day, two days later", incident("day", own), ruleAny, []Linked{contact(2*day, known("day"))}, 9 * day, "followed…followed_late", "clock", true},
		{"day, three days later", incident("day", own), ruleAny, []Linked{contact(3*day, known("day"))}, 9 * day, "followed_late", "clock", true},
		{"same day", incident("day", own), ruleAny, []Linked{contact(0, known("day"))}, 9 * day, "followed (strict followed…overdue)", "link", true},
		{"same week", incident("week", own), ruleAny, []Linked{contact(2*day, known("week"))}, 20 * day, "followed…followed_late (strict followed…overdue)", "link", true},
		{"same month", incident("month", own), ruleAny, []Linked{contact(0, known("month"))}, 60 * day, "followed…followed_late (strict followed…overdue)", "link", true},
		{"same year", incident("year", own), ruleAny, []Linked{contact(0, known("year"))}, 600 * day, "followed…followed_late (strict followed…overdue)", "link", true},
		{"year, the deadline still unsure", incident("year", own), ruleAny, []Linked{contact(0, known("year"))}, 60 * day, "followed…followed_late (strict followed…overdue)", "link", true},
		{"day and exact", incident("day", own), ruleAny, []Linked{contact(20 * hour)}, 9 * day, "followed…followed_late", "clock", true},
		{"exact and day", incident("exact", own), ruleAny, []Linked{contact(day, known("day"))}, 9 * day, "followed…followed_late", "clock", true},

		// Before, overlapping, after.
		{"ended before", incident("exact", own), ruleAny, []Linked{contact(-2 * hour)}, hour, "awaiting", "", false},
		{"ended the minute before", incident("exact", own), ruleAny, []Linked{contact(-minute)}, hour, "awaiting", "", false},
		{"ended before, known only to the day of the incident", incident("day", own), ruleAny, []Linked{contact(-2 * hour)}, 3 * day, "followed (strict followed…overdue)", "link", true},
		{"under way when it began", incident("exact", own), ruleAny, []Linked{contact(-hour, until(hour, "exact"))}, 3 * day, "followed", "clock", true},
		{"ended in the same minute", incident("exact", own), ruleAny, []Linked{contact(-hour, until(0, "exact"))}, 3 * day, "followed (strict followed…overdue)", "link", true},
		{"began before, end known to the day", incident("exact", own), ruleAny, []Linked{contact(-hour, until(0, "day"))}, 3 * day, "followed (strict followed…overdue)", "link", true},
		{"same minute", incident("exact", own), ruleAny, []Linked{contact(0)}, 3 * day, "followed (strict followed…overdue)", "link", true},
		{"the minute after", incident("exact", own), ruleAny, []Linked{contact(minute)}, 3 * day, "followed", "clock", true},
		{"overlapping attempt while there is time", incident("day", own), ruleAny, []Linked{contact(0, outcome("refused"))}, -12 * hour, "attempted (strict awaiting…attempted)", "link", false},
		{"overlapping attempt past the deadline", incident("day", own), ruleAny, []Linked{contact(0, outcome("refused"))}, 9 * day, "attempted (strict attempted…overdue)", "link", true},
		{"overlapping, then certain and late", incident("day", own), ruleDirect, []Linked{contact(0), contact(40*hour, id("d"))}, 9 * day, "followed…followed_late", "link", true},
		{"an end before the start is taken as not stated", incident("exact", own), ruleAny, []Linked{contact(hour, until(-9*hour, "exact"))}, 3 * day, "followed", "clock", true},

		// What counts for nothing.
		{"line test", incident("exact", own), ruleDirect, []Linked{contact(hour/2, purpose("line_test"))}, 2 * hour, "overdue", "", true},
		{"coincident", incident("exact", own), ruleDirect, []Linked{contact(hour/2, relation("coincident"))}, 2 * hour, "overdue", "", true},
		{"not used", incident("exact", own), ruleDirect, []Linked{contact(hour/2, outcome("not_used"))}, 2 * hour, "overdue", "", true},
		{"announced", incident("exact", public), ruleDirect, []Linked{contact(hour/2, outcome("announced"))}, 2 * hour, "not_known", "", true},
		{"retracted", incident("exact", own), ruleDirect, []Linked{contact(hour/2, retracted)}, 2 * hour, "overdue", "", true},
		{"unlinked", incident("exact", own), ruleDirect, []Linked{contact(hour/2, unlinked)}, 2 * hour, "overdue", "", true},
		{"discussed counts", incident("exact", own), ruleDirect, []Linked{contact(hour/2, relation("discussed"))}, 2 * hour, "followed", "clock", true},

		// Several.
		{"refused, then connected", incident("exact", own), ruleDirect, []Linked{contact(10*minute, outcome("refused")), contact(40*minute, id("d"))}, 2 * hour, "followed", "clock", true},
		{"connected late, then nobody answered", incident("exact", own), ruleDirect, []Linked{contact(3 * hour), contact(4*hour, id("d"), outcome("no_answer"))}, 5 * hour, "followed_late", "clock", true},
		{"late and in time: the first counts, in any order", incident("exact", own), ruleDirect, []Linked{contact(3 * hour), contact(30*minute, id("d"))}, 5 * hour, "followed", "clock", true},

		// The wrong kind.
		{"a summons where a call is asked for", incident("exact", own), ruleDirect, []Linked{contact(hour/2, kind("summons"), outcome("delivered"))}, 2 * hour, "attempted", "clock", true},
		{"a summons where anything will do", incident("exact", own), ruleAny, []Linked{contact(hour/2, kind("summons"), outcome("delivered"))}, 2 * hour, "followed", "clock", false},
		{"a reply by letter", incident("exact", own), ruleAny, []Linked{contact(hour/2, kind("letter"), outcome("replied"))}, 2 * hour, "followed", "clock", false},
		{"a summons in time and a call late", incident("exact", own), ruleDirect, []Linked{contact(hour/2, kind("summons"), outcome("delivered")), contact(5*hour, id("d"))}, 9 * hour, "followed_late", "clock", true},
		{"a call by the clock, an attempt by the link", incident("day", own), ruleAny, []Linked{contact(0, outcome("refused")), contact(13*hour, id("d"))}, 9 * day, "followed…followed_late", "clock", true},
		{"a summons by the clock beside a call by the link", incident("day", own), ruleDirect, []Linked{contact(2*day, kind("summons"), outcome("delivered")), contact(0, id("d"))}, 9 * day, "followed…followed_late (strict followed…attempted)", "link", true},

		// Nothing asked for.
		{"none asked, got through", incident("exact", own), ruleNone, []Linked{contact(99 * hour)}, 999 * hour, "followed", "clock", false},
		{"none asked, diplomatic", incident("exact", public), ruleNone, []Linked{contact(99*hour, kind("summons"), outcome("delivered"))}, 999 * hour, "followed", "clock", false},
		{"none asked, attempted", incident("exact", own), ruleNone, []Linked{contact(hour, outcome("no_answer"))}, day, "attempted", "clock", false},
		{"none asked, a line test", incident("exact", own), ruleNone, []Linked{contact(hour, purpose("line_test"))}, day, "not_required", "", false},
		{"none asked, overlapping", incident("day", own), ruleNone, []Linked{contact(0)}, day, "followed (strict followed…not_required)", "link", false},
		{"none asked, overlapping attempt", incident("day", own), ruleNone, []Linked{contact(0, outcome("refused"))}, day, "attempted (strict not_required…attempted)", "link", false},
		{"none asked, public", incident("day", public), ruleNone, nil, day, "not_required", "", false},
		{"a rule without a need asks for none", incident("day", own), Rule{}, nil, day, "not_required", "", false},

		// Public sources and overlapping times.
		{"public, same day", incident("day", public), ruleAny, []Linked{contact(0, known("day"))}, 9 * day, "followed (strict followed…not_known)", "link", true},
		{"public, late by the link", incident("week", public), ruleDirect, []Linked{contact(0, known("day"))}, 90 * day, "followed…followed_late (strict followed…not_known)", "link", true},

		// Entered late, and times that nobody stated.
		{"entered after its deadline", late(incident("exact", own)), ruleDirect, nil, 49 * hour, "overdue", "", true},
		{"start not stated, none made", unknownStart, ruleDirect, nil, day, "awaiting…overdue", "", false},
		{"start not stated, a call", unknownStart, ruleDirect, []Linked{contact(0)}, day, "followed…followed_late (strict followed…overdue)", "link", false},
		{"contact's start not stated", incident("exact", own), ruleDirect, []Linked{contact(0, unstated)}, day, "followed…followed_late (strict followed…overdue)", "link", true},
		{"contact's start not stated, but its end", incident("exact", own), ruleDirect, []Linked{contact(0, unstated, until(30*minute, "exact"))}, day, "followed…followed_late", "clock", true},
		{"contact's start not stated, ended before", incident("exact", own), ruleDirect, []Linked{contact(0, unstated, until(-30*minute, "exact"))}, day, "overdue", "", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := Assess(tt.inc, tt.rule, tt.contacts, noon+tt.after)
			if got := standing(a.Standing); got != tt.want {
				t.Errorf("standing = %s, want %s", got, tt.want)
			}
			if a.Basis != tt.basis {
				t.Errorf("basis = %q, want %q", a.Basis, tt.basis)
			}
			if a.DeadlinePassed != tt.passed {
				t.Errorf("deadline passed = %v, want %v", a.DeadlinePassed, tt.passed)
			}
			if a.Status() != a.Worst {
				t.Errorf("Status() = %s, want the worst, %s", a.Status(), a.Worst)
			}
			e := Explain(Case{Incident: tt.inc, Assessment: a, Contacts: tt.contacts})
			checkWords(t, e)
		})
	}
}

// Every pair of precisions: the standing is never certain where the true
// delay could be on the other side of the deadline, and the bounds are those
// of DESIGN §4.
func TestPrecisionPairs(t *testing.T) {
	for _, ip := range incidents.Precisions.Codes() {
		for _, cp := range incidents.Precisions.Codes() {
			inc := incident(incidents.Precision(ip), "own_log")
			c := contact(30*hour, known(incidents.Precision(cp)))
			a := Assess(inc, ruleAny, []Linked{c}, noon+999*day)
			i, s := inc.Record.Start, c.Start
			want := Bounds{max(0, s.From-i.To), max(0, s.To-i.From)}
			if *a.FirstContact != want {
				t.Errorf("%s/%s: bounds %v, want %v", ip, cp, *a.FirstContact, want)
			}
			d := 24 * hour
			if certain := a.Best == a.Worst; certain != (want.Max <= d || want.Min > d) {
				t.Errorf("%s/%s: certain = %v with bounds %v", ip, cp, certain, want)
			}
			wantBasis := BasisLink
			if s.From >= i.To {
				wantBasis = BasisClock
			}
			if a.Basis != wantBasis {
				t.Errorf("%s/%s: basis %q, want %q", ip, cp, a.Basis, wantBasis)
			}
			if a.Basis == BasisClock && (a.Best != a.StrictBest || a.Worst != a.StrictWorst) {
				t.Errorf("%s/%s: by the clock, yet strict differs: %+v", ip, cp, a.Standing)
			}
		}
	}
}

func TestFacts(t *testing.T) {
	inc := incident("exact", "own_log")
	f := FactsOf(inc, ruleDirect, []Linked{
		contact(5*minute, id("a"), outcome("no_answer")),
		contact(20*minute, id("b"), kind("summons"), outcome("delivered")),
		contact(40*minute, id("d")),
		contact(40*minute, id("c")),
		contact(50*minute, id("e"), purpose("line_test")),
	})
	want := Facts{
		Rule: ruleDirect, DeadlineFrom: noon + hour, DeadlineTo: noon + hour + minute,
		FirstAttempt:    &Bounds{4 * minute, 6 * minute},
		FirstContact:    &Bounds{19 * minute, 21 * minute},
		FirstDirect:     &Bounds{39 * minute, 41 * minute},
		FirstDiplomatic: &Bounds{19 * minute, 21 * minute},
		SinceKnown:      &Bounds{10 * minute, 11 * minute},
		FirstContactID:  "b",
		Attempts:        4, Through: 3, Direct: 2, Diplomatic: 1, Basis: BasisClock,
	}
	got := fmt.Sprint(f.FirstAttempt, f.FirstContact, f.FirstDirect, f.FirstDiplomatic, f.SinceKnown)
	if w := fmt.Sprint(want.FirstAttempt, want.FirstContact, want.FirstDirect, want.FirstDiplomatic, want.SinceKnown); got != w {
		t.Errorf("bounds = %s, want %s", got, w)
	}
	f.FirstAttempt, f.FirstContact, f.FirstDirect, f.FirstDiplomatic, f.SinceKnown = nil, nil, nil, nil, nil
	want.FirstAttempt, want.FirstContact, want.FirstDirect, want.FirstDiplomatic, want.SinceKnown = nil, nil, nil, nil, nil
	f.Phase = [3]Standing{}
	if f != want {
		t.Errorf("facts = %+v, want %+v", f, want)
	}
	// With equal bounds the id decides, so that every reading names the same.
	f = FactsOf(inc, ruleDirect, []Linked{contact(hour, id("z")), contact(hour, id("y"))})
	if f.FirstContactID != "y" {
		t.Errorf("first contact = %s, want y", f.FirstContactID)
	}
	// Known only after the call: no time passed since we knew.
	inc.FirstRecordedAt = noon + 9*hour
	f = FactsOf(inc, ruleDirect, []Linked{contact(hour)})
	if *f.SinceKnown != (Bounds{}) {
		t.Errorf("since known = %v, want 0", *f.SinceKnown)
	}
}

func TestLateEntry(t *testing.T) {
	for _, tt := range []struct {
		precision incidents.Precision
		recorded  Millis
		rule      Rule
		want      bool
	}{
		{"exact", hour, ruleDirect, false},
		{"exact", hour + minute - 1, ruleDirect, false},
		{"exact", hour + minute, ruleDirect, true},
		{"day", 12*hour + hour - 1, ruleDirect, false},
		{"day", 12*hour + hour, ruleDirect, true},
		{"exact", 99 * day, ruleNone, false},
	} {
		inc := incident(tt.precision, "own_log")
		inc.FirstRecordedAt = noon + tt.recorded
		if got := FactsOf(inc, tt.rule, nil).LateEntry; got != tt.want {
			t.Errorf("%s, recorded %s after: late entry = %v, want %v", tt.precision, FormatDuration(tt.recorded), got, tt.want)
		}
	}
}

// One call about three incidents counts for each by its own clock and link.
func TestSharedContact(t *testing.T) {
	shared := func(rel string) Linked { return contact(30*minute, relation(rel)) }
	first, second, later := incident("exact", "own_log"), incident("exact", "own_log"), incident("exact", "own_log")
	second.Record.Start = moment(-5*hour, "exact")
	later.Record.Start = moment(2*hour, "exact")
	for _, tt := range []struct {
		inc  incidents.Incident
		rel  string
		want Status
	}{
		{first, "prompted_by", Followed},
		{second, "discussed", FollowedLate},
		{second, "coincident", Overdue},
		{later, "discussed", Overdue},
	} {
		if got := Assess(tt.inc, ruleDirect, []Linked{shared(tt.rel)}, noon+day).Status(); got != tt.want {
			t.Errorf("%s, %s: %s, want %s", tt.inc.Record.Start, tt.rel, got, tt.want)
		}
	}
}

// The incident keeps the version that was in force when it was first
// reported; a stricter policy set later changes nothing but the what-if.
func TestPolicyChangedLater(t *testing.T) {
	policies := map[int]Policy{
		1: {Version: 1, Rules: DefaultRules()},
		2: {Version: 2, Rules: append(DefaultRules(), Rule{Severity: "serious", Region: "baltic", Need: NeedDirect, WithinS: 600})},
	}
	inc := incident("exact", "own_log")
	inc.PolicyVersion, inc.Record.Severity, inc.Derived.Region = 1, "serious", "baltic"
	contacts := []Linked{contact(3*hour, kind("summons"), outcome("delivered"))}
	status := func(version int, inc incidents.Incident) Status {
		rule := policies[version].For(inc.Record.Severity, inc.Derived.Region)
		return Assess(inc, rule, contacts, noon+9*hour).Status()
	}
	if got := status(inc.PolicyVersion, inc); got != Followed {
		t.Errorf("under the frozen version: %s, want %s", got, Followed)
	}
	if got := status(2, inc); got != Attempted {
		t.Errorf("under today's: %s, want %s", got, Attempted)
	}
	inc.Derived.Region = "black"
	if got := status(2, inc); got != Followed {
		t.Errorf("in a region without a rule of its own: %s, want %s", got, Followed)
	}
	inc.Record.Severity = "high_risk"
	if got := status(inc.PolicyVersion, inc); got != Attempted {
		t.Errorf("re-rated, against the frozen version: %s, want %s", got, Attempted)
	}
}

// The worked case of the analysis: an incident at 12:00, a call at 10:00 the
// same day does not count. Known to the day only, the strict answer must not
// become "followed, for certain".
func TestKnowingLessIsNoBetter(t *testing.T) {
	call := []Linked{contact(-2 * hour)}
	fine := Assess(incident("exact", "own_log"), ruleAny, call, noon+9*day)
	coarse := Assess(incident("day", "own_log"), ruleAny, call, noon+9*day)
	if fine.Standing != (Standing{Overdue, Overdue, Overdue, Overdue}) {
		t.Errorf("known to the minute: %+v", fine.Standing)
	}
	if coarse.StrictBest != Followed || coarse.StrictWorst != Overdue {
		t.Errorf("known to the day: strict %s to %s, want followed to overdue", coarse.StrictBest, coarse.StrictWorst)
	}
}

func TestBasisOf(t *testing.T) {
	inc := incident("exact", "own_log")
	for _, tt := range []struct {
		l      Linked
		basis  string
		whyNot string
	}{
		{contact(hour), BasisClock, ""},
		{contact(0), BasisLink, ""},
		{contact(-hour), "", "ended before the incident began"},
		{contact(hour, retracted), "", "retracted"},
		{contact(hour, unlinked), "", "no longer linked"},
		{contact(hour, relation("coincident")), "", "coincident"},
		{contact(hour, purpose("line_test")), "", "line test"},
		{contact(hour, outcome("not_used")), "", "not used"},
		{contact(hour, outcome("announced")), "", "announced"},
	} {
		if basis, whyNot := BasisOf(inc, tt.l); basis != tt.basis || whyNot != tt.whyNot {
			t.Errorf("BasisOf = %q, %q; want %q, %q", basis, whyNot, tt.basis, tt.whyNot)
		}
	}
	if !EndedBefore(contact(-hour).Contact, inc) || EndedBefore(contact(0).Contact, inc) {
		t.Error("EndedBefore is wrong about a call an hour before or in the same minute")
	}
}

func TestRank(t *testing.T) {
	order := []Status{Followed, FollowedLate, NotRequired, Awaiting, Attempted, NotKnown, Overdue}
	for i, s := range order {
		if s.Rank() != i {
			t.Errorf("%s has rank %d, want %d", s, s.Rank(), i)
		}
		if !incidents.Deescalations.Has(string(s)) {
			t.Errorf("%s is no word of the vocabulary", s)
		}
	}
	if len(order) != len(incidents.Deescalations) {
		t.Errorf("%d statuses, %d words", len(order), len(incidents.Deescalations))
	}
}

func BenchmarkFactsOf(b *testing.B) {
	inc := incident("day", "public_sources")
	contacts := []Linked{contact(0), contact(hour, id("d"), outcome("refused")), contact(2*day, id("e"), kind("summons"), known("day"))}
	for _, n := range []int{0, 1, 3} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				FactsOf(inc, ruleAny, contacts[:n])
			}
		})
	}
}
