package hotline_test

import (
	"testing"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

func TestRetries(t *testing.T) {
	attempt := func(id string, at, retry hotline.Millis, outcome string) hotline.Linked {
		k := hotline.Linked{Contact: hotline.Contact{ID: hotline.ContactID(id), Outcome: outcome, RetryAt: retry, Start: incidents.Moment{Interval: incidents.Interval{From: at, To: at + 60_000}}}}
		k.LinkedAs.Relation = "prompted_by"
		return k
	}
	open := func(id string, contacts ...hotline.Linked) hotline.Case {
		c := hotline.Case{Contacts: contacts}
		c.Incident.ID = incidents.ID(id)
		c.Assessment.Rule.Need = hotline.NeedAny
		c.Assessment.Best, c.Assessment.Worst = hotline.Attempted, hotline.Attempted
		return c
	}
	one := attempt("one", 100, 900, "no_answer")
	got := hotline.RetriesOf([]hotline.Case{
		open("a", one),
		open("b", one), // the same call was about both
		open("c", attempt("early", 50, 700, "no_answer"), attempt("late", 200, 0, "refused")), // the later one asks for none
		open("d", attempt("first", 10, 500, "line_fault")),
		open("e", attempt("through", 10, 500, "connected")),
	})
	if len(got) != 2 || got[0].Contact.ID != "first" || got[1].Contact.ID != "one" || len(got[1].Incidents) != 2 {
		t.Errorf("retries %+v", got)
	}
	settled := open("f", one)
	settled.Assessment.Best, settled.Assessment.Worst = hotline.Followed, hotline.Followed
	if got := hotline.RetriesOf([]hotline.Case{settled}); got != nil {
		t.Errorf("a settled incident wakes somebody: %+v", got)
	}
}
