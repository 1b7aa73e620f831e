package hotline

import (
	"cmp"
	"slices"

	"interceptlog/internal/incidents"
)

// Happening is one thing that happened about an incident.
type Happening struct {
	Kind      string           // a code of HappeningKinds
	When      incidents.Moment // when it happened, no finer than it is known
	Known     Millis           // when the log first held it; 0: it follows from a rule
	What      string           // in one line
	By        string           // who wrote it down; empty where Known is 0
	ContactID ContactID        // the contact that it is, or that it came from
}

// HappeningKinds are what a timeline holds.
var HappeningKinds = incidents.Vocabulary{
	{Code: "begin", Word: "incident", Meaning: "The incident began."},
	{Code: "end", Word: "end", Meaning: "The incident ended."},
	{Code: "report", Word: "first report", Meaning: "The log first held it."},
	{Code: "deadline", Word: "deadline", Meaning: "The earliest moment by which the policy asks for a contact."},
	{Code: "attempt", Word: "attempt", Meaning: "A contact was tried and did not get through."},
	{Code: "contact", Word: "contact", Meaning: "A contact got through."},
	{Code: "aside", Word: "aside", Meaning: "A contact at about the same time, a test, or one that was not made: it counts for nothing."},
	{Code: "asked", Word: "answer asked for", Meaning: "The other side was asked for an answer by a given time."},
	{Code: "answer", Word: "answer", Meaning: "The answer came."},
	{Code: "dropped", Word: "given up", Meaning: "Nobody waits for the answer any more."},
}

// TimelineOrders are the orders of a timeline: by when it happened, or by when
// the log knew.
var TimelineOrders = []string{"happened", "known"}

// Timeline puts what happened about an incident into one sequence. The case has
// its contacts; the expectations are the newest revisions of those that its
// contacts opened. What follows from a rule stands last in the order "known".
func Timeline(c Case, expectations []Expectation, order string) []Happening {
	inc := &c.Incident
	out := []Happening{{Kind: "report", When: instant(inc.FirstRecordedAt), Known: inc.FirstRecordedAt, What: "The log first held the incident", By: inc.RecordedBy}}
	if !inc.Record.Start.IsZero() {
		out = append(out, Happening{Kind: "begin", When: inc.Record.Start, Known: inc.FirstRecordedAt, What: inc.Record.Title, By: inc.RecordedBy})
	}
	if !inc.Record.End.IsZero() {
		out = append(out, Happening{Kind: "end", When: inc.Record.End, Known: inc.FirstRecordedAt, What: "The incident ended", By: inc.RecordedBy})
	}
	if c.Assessment.HasDeadline() {
		out = append(out, Happening{Kind: "deadline", When: instant(c.Assessment.DeadlineFrom), What: "Earliest deadline of the policy"})
	}
	for i := range c.Contacts {
		if l := &c.Contacts[i]; !l.Retracted {
			out = append(out, happeningOf(l))
		}
	}
	for _, e := range expectations {
		out = append(out, Happening{Kind: "asked", When: instant(e.FirstRecordedAt), Known: e.FirstRecordedAt, What: e.Text, By: e.RecordedBy, ContactID: e.ContactID})
		switch e.State {
		case "answered":
			out = append(out, Happening{Kind: "answer", When: instant(e.RecordedAt), Known: e.RecordedAt, What: e.Text, By: e.RecordedBy, ContactID: cmp.Or(e.AnswerID, e.ContactID)})
		case "dropped":
			out = append(out, Happening{Kind: "dropped", When: instant(e.RecordedAt), Known: e.RecordedAt, What: e.Reason, By: e.RecordedBy, ContactID: e.ContactID})
		}
	}
	slices.SortStableFunc(out, func(a, b Happening) int {
		if order == "known" {
			return cmp.Or(cmp.Compare(knownAt(a), knownAt(b)), cmp.Compare(a.When.From, b.When.From))
		}
		return cmp.Or(cmp.Compare(a.When.From, b.When.From), cmp.Compare(a.When.To, b.When.To), cmp.Compare(knownAt(a), knownAt(b)))
	})
	return out
}

func knownAt(h Happening) Millis {
	if h.Known == 0 {
		return incidents.Forever
	}
	return h.Known
}

func instant(m Millis) incidents.Moment { return incidents.At(m.Time(), incidents.Exact, "") }

func happeningOf(l *Linked) Happening {
	h := Happening{Kind: "contact", When: l.Start, Known: l.FirstRecordedAt, By: l.RecordedBy, ContactID: l.ID}
	switch {
	case l.Purpose == "line_test" || l.LinkedAs.Relation == "coincident" || !IsAttempt(l.Outcome):
		h.Kind = "aside"
	case !GotThrough(l.Outcome):
		h.Kind = "attempt"
	}
	h.What = Kinds.Word(l.Channel.Kind) + ", " + Outcomes.Word(l.Outcome)
	if l.Channel.Name != "" {
		h.What = l.Channel.Name + ": " + h.What
	}
	return h
}
