package alarm

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// Millis is an instant in UTC, milliseconds since 1970.
type Millis = incidents.Millis

// Kind is what an officer must do about a situation.
type Kind string

// The kinds, from the most urgent to the least. Only the first two sound.
const (
	Alarm   Kind = "alarm"   // act at once
	Warning Kind = "warning" // act soon, or it becomes an alarm
	Caution Kind = "caution" // nothing is due, and something is not as it should be
	Notice  Kind = "notice"  // to know
)

// Kinds are the four kinds with their words.
var Kinds = incidents.Vocabulary{
	{Code: string(Alarm), Word: "alarm", Meaning: "Act at once: the deadline of a high risk incident is in its last quarter or past."},
	{Code: string(Warning), Word: "warning", Meaning: "Act soon: the deadline of a serious incident is in its last quarter or past, or a line test failed or was missed."},
	{Code: string(Caution), Word: "caution", Meaning: "Nothing is due, but a line has been silent too long."},
	{Code: string(Notice), Word: "notice", Meaning: "To know. It makes no sound and needs nobody to acknowledge it."},
}

// Rank is the place of a kind, the most urgent first, from 0.
func (k Kind) Rank() int { return slices.Index(Kinds.Codes(), string(k)) }

// Loud reports whether the kind sounds and wants to be acknowledged.
func (k Kind) Loud() bool { return k == Alarm || k == Warning }

// The stages of a deadline.
const (
	Ahead       = iota // far enough
	LastQuarter        // in the last quarter of the time that the policy gives
	Past
)

// SilentAfter is how long a line that is in use, that has no schedule of tests
// and that somebody here has got through on may be silent.
const SilentAfter = 7 * 24 * time.Hour

// Situation is something that holds now and needs somebody, with the one act
// that it asks for. What it says does not change while time goes by, but at
// its stages: who shows it counts on from Deadline.
type Situation struct {
	Key      string   `json:"key"` // incident/<id>, line/<id>, expectation/<id>
	Kind     Kind     `json:"kind"`
	Title    string   `json:"title"`
	Facts    []string `json:"facts"` // sentences, the one that makes the kind first
	Action   string   `json:"action"`
	Link     string   `json:"link"`               // where that is done
	Deadline Millis   `json:"deadline,omitempty"` // the earliest possible one; 0: none
	Latest   Millis   `json:"latest,omitempty"`   // the latest possible one, where the time is known only roughly
	Stage    int      `json:"stage"`
	Severity string   `json:"severity,omitempty"`
	Exercise bool     `json:"exercise"`
	Marking  string   `json:"marking,omitempty"`
	// Parts are the keys of situations that this one tells with its own, so
	// that they raise no second alert.
	Parts []string `json:"parts,omitempty"`
}

// Owed is an answer that the other side owes, with what it is about.
type Owed struct {
	hotline.Expectation
	Incidents []incidents.Incident
}

// State is what the log knows that situations are made of. The cases have
// their contacts; they may be more than those that are open.
type State struct {
	Cases []hotline.Case
	Lines []hotline.Line // as the register has them
	// Events are what happened to the lines; with the clock they say in which
	// state each is.
	Events []hotline.LineEvent
	Tests  map[hotline.LineID]hotline.Contact // the newest test of each line
	Heard  map[hotline.LineID]hotline.Contact // the newest contact of our own that got through, tests included
	Owed   []Owed
}

// Situations gives what holds now, the most urgent first; one for each thing
// that somebody must do. An incident whose line is down is one, with both
// facts. None is made of what was entered after its deadline, is closed or
// retracted, or asks for no call.
func Situations(now Millis, st State) []Situation {
	lines := lineSituations(now, st)
	retries := map[incidents.ID]hotline.Retry{}
	open := openCases(now, st.Cases)
	for _, r := range hotline.RetriesOf(open) {
		for _, inc := range r.Incidents {
			retries[inc.ID] = r
		}
	}
	var out []Situation
	told := map[string]bool{}
	for _, c := range open {
		s := ofIncident(now, c, retries[c.Incident.ID])
		for _, l := range st.Lines {
			about, bad := lines[l.ID]
			if bad && s.Kind.Loud() && about.Kind.Loud() && serves(l, c) {
				s.Facts = append(s.Facts, about.Facts...)
				s.Parts = append(s.Parts, about.Key)
				s.Action = "Call over another line"
				told[about.Key] = true
			}
		}
		out = append(out, s)
	}
	for _, l := range st.Lines {
		if s, ok := lines[l.ID]; ok && !told[s.Key] {
			out = append(out, s)
		}
	}
	for _, o := range st.Owed {
		if s, ok := ofOwed(now, o); ok {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, ByUrgency)
	return out
}

// ByUrgency orders situations: kind, then what is due first.
func ByUrgency(a, b Situation) int {
	return cmp.Or(cmp.Compare(a.Kind.Rank(), b.Kind.Rank()), cmp.Compare(deadlineOrLast(a), deadlineOrLast(b)), cmp.Compare(a.Key, b.Key))
}

func deadlineOrLast(s Situation) Millis {
	if s.Deadline == 0 {
		return incidents.Forever
	}
	return s.Deadline
}

// openCases judges the cases anew against the clock and keeps those that
// somebody still has to call about.
func openCases(now Millis, cases []hotline.Case) []hotline.Case {
	var open []hotline.Case
	for _, c := range cases {
		c.Assessment = c.Assessment.Facts.At(now)
		if c.Open() && c.Incident.Status != incidents.Closed && c.Assessment.HasDeadline() {
			open = append(open, c)
		}
	}
	return open
}

// kindOf is the kind of what a severity makes urgent.
func kindOf(severity string) Kind {
	switch severity {
	case "high_risk":
		return Alarm
	case "serious":
		return Warning
	}
	return Notice
}

func ofIncident(now Millis, c hotline.Case, retry hotline.Retry) Situation {
	rec, a := c.Incident.Record, c.Assessment
	s := Situation{
		Key: "incident/" + string(c.Incident.ID), Kind: Notice, Title: joinWords(c.Incident.Number, rec.Title), Action: "Call",
		Link: "/contacts/new?incident=" + string(c.Incident.ID), Deadline: a.DeadlineFrom,
		Severity: rec.Severity, Exercise: rec.Exercise, Marking: rec.Marking,
	}
	rough := rec.Start.Precision != incidents.Exact
	if rough {
		s.Latest = a.DeadlineTo
	}
	switch {
	case now >= a.DeadlineFrom:
		s.Stage = Past
	case now >= a.DeadlineFrom-Millis(a.Rule.WithinS)*1000/4:
		s.Stage = LastQuarter
	}
	if s.Stage != Ahead {
		s.Kind = kindOf(rec.Severity)
	}
	s.Facts = append(s.Facts, deadlineFact(s, a, rough))
	if a.Attempts > 0 {
		s.Action = "Call again"
	}
	if retry.At != 0 && now >= retry.At {
		s.Kind = kindOf(rec.Severity)
		s.Facts = append(s.Facts, "The last call did not get through; the next was due at "+incidents.FormatDTG(retry.At.Time())+".")
	}
	return s
}

// deadlineFact says what is asked for and by when, and that the deadline is
// the earliest possible one where the time is known only roughly.
func deadlineFact(s Situation, a hotline.Assessment, rough bool) string {
	what := "A contact"
	if a.Rule.Need == hotline.NeedDirect {
		what = "A direct contact"
	}
	at := incidents.FormatDTG(s.Deadline.Time())
	switch {
	case s.Stage == Past && rough:
		return fmt.Sprintf("%s was to be made by %s at the earliest, by %s at the latest: the time of the incident is known only roughly.", what, at, incidents.FormatDTG(s.Latest.Time()))
	case s.Stage == Past:
		return fmt.Sprintf("%s was to be made by %s.", what, at)
	case rough:
		return fmt.Sprintf("%s is to be made by %s, which is the earliest possible deadline: the time of the incident is known only roughly.", what, at)
	}
	return fmt.Sprintf("%s is to be made by %s.", what, at)
}

// serves reports whether a call about a case would go over the line: the last
// attempt did, or the line is there for the region and joins the two sides.
func serves(l hotline.Line, c hotline.Case) bool {
	for _, k := range c.Contacts {
		if k.LineID == l.ID && !k.Retracted && k.LinkedAs.Linked && k.LinkedAs.Relation != "coincident" {
			return true
		}
	}
	if !slices.Contains(l.Regions, c.Incident.Derived.Region) {
		return false
	}
	a, b := shares(l.Parties, c.Incident.Record.Intercepting.Nations), shares(l.Parties, c.Incident.Record.Intercepted.Nations)
	// A line of the alliance is there for every member; who is one, the log
	// does not say.
	return a && b || (a || b) && slices.Contains(l.Parties, "NATO")
}

func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// lineSituations gives what is the matter with each line; a line with more
// than one thing is one situation.
func lineSituations(now Millis, st State) map[hotline.LineID]Situation {
	out := map[hotline.LineID]Situation{}
	add := func(l hotline.Line, kind Kind, action, fact string) {
		s, ok := out[l.ID]
		if !ok {
			s = Situation{Key: "line/" + string(l.ID), Kind: kind, Title: "Line " + cmp.Or(l.Short, l.Name), Action: action, Exercise: l.Exercise, Link: "/lines/" + string(l.ID)}
			if action == testAction {
				s.Link = "/contacts/new?purpose=line_test&line=" + string(l.ID)
			}
		}
		s.Facts = append(s.Facts, fact)
		out[l.ID] = s
	}
	var testable []hotline.Line
	for _, l := range st.Lines {
		standing := hotline.StateAt(l, st.Events, now)
		l.State = standing.State
		planned := standing.Event != nil && standing.Event.Kind == "planned_outage"
		// What one side has suspended nobody here can mend, and what was
		// planned nobody has to.
		if l.State == "down" && !planned {
			add(l, Warning, "Have the line restored", cmp.Or(l.Short, l.Name)+" is down.")
		}
		if !planned {
			testable = append(testable, l)
		}
	}
	for _, d := range hotline.TestsDue(testable, st.Tests, now) {
		name, at := cmp.Or(d.Line.Short, d.Line.Name), incidents.FormatDTG(d.At.Time())
		switch {
		case d.Failed != nil:
			add(d.Line, Warning, testAction, fmt.Sprintf("The test of %s at %s failed: %s.", name, at, hotline.Outcomes.Word(d.Failed.Outcome)))
		case d.Missed:
			add(d.Line, Warning, testAction, fmt.Sprintf("The test of %s at %s was missed.", name, at))
		default:
			add(d.Line, Notice, testAction, fmt.Sprintf("The test of %s is due at %s.", name, at))
		}
	}
	for _, l := range testable {
		heard, ever := st.Heard[l.ID]
		if l.State != "in_use" || !l.Tests.IsZero() || !ever || now-heard.Start.From < Millis(SilentAfter/time.Millisecond) {
			continue
		}
		add(l, Caution, testAction, fmt.Sprintf("Nobody has got through on %s since %s.", cmp.Or(l.Short, l.Name), incidents.FormatDTG(heard.Start.From.Time())))
	}
	return out
}

const testAction = "Test the line"

// ofOwed is an answer that is past due. It is as urgent as the worst incident
// that it is about.
func ofOwed(now Millis, o Owed) (Situation, bool) {
	if o.State != "open" || now < o.DueAt {
		return Situation{}, false
	}
	s := Situation{
		Key: "expectation/" + string(o.ID), Kind: Notice, Title: "No answer: " + o.Text, Action: "Ask for the answer", Link: "/contacts/" + string(o.ContactID),
		Deadline: o.DueAt, Stage: Past, Exercise: o.Exercise, Facts: []string{"The answer was due at " + incidents.FormatDTG(o.DueAt.Time()) + "."},
	}
	asked := len(o.Incidents) == 0 // one about no incident is owed all the same
	for _, inc := range o.Incidents {
		if inc.Status == incidents.Closed || inc.Status == incidents.Retracted {
			continue
		}
		asked = true
		if k := kindOf(inc.Record.Severity); k.Rank() < s.Kind.Rank() {
			s.Kind, s.Severity = k, inc.Record.Severity
		}
		s.Facts = append(s.Facts, "It is about "+joinWords(inc.Number, inc.Record.Title)+".")
		s.Marking = cmp.Or(s.Marking, inc.Record.Marking)
	}
	return s, asked
}

func joinWords(words ...string) string { return strings.TrimSpace(strings.Join(words, " ")) }
