package hotline

import (
	"testing"
	"time"

	"interceptlog/internal/incidents"
)

// TestTimeline: one incident, tried in vain, then answered, with an answer that
// was asked for and came; in both orders.
func TestTimeline(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	at := func(minutes int) Millis { return incidents.MillisOf(noon.Add(time.Duration(minutes) * time.Minute)) }
	contact := func(id string, start, recorded int, outcome, relation, purpose string) Linked {
		return Linked{Contact: Contact{ID: ContactID(id), Meta: Meta{FirstRecordedAt: at(recorded)}, Channel: Channel{Name: "NJHQ", Kind: "phone"}, Start: instant(at(start)), Outcome: outcome, Purpose: purpose},
			LinkedAs: Link{Relation: relation}}
	}
	c := Case{Incident: incidents.Incident{ID: "i", FirstRecordedAt: at(30), Record: incidents.Record{Title: "Su-27 passes P-8", Start: instant(at(0)), End: instant(at(5))}},
		Assessment: Assessment{Facts: Facts{Rule: Rule{Need: NeedDirect, WithinS: 3600}, DeadlineFrom: at(60), DeadlineTo: at(61)}},
		Contacts: []Linked{
			contact("late", 50, 200, "no_answer", "prompted_by", "notify"), // logged long after
			contact("through", 70, 71, "connected", "prompted_by", "clarify"),
			contact("test", 40, 41, "connected", "coincident", "line_test"),
		}}
	gone := contact("gone", 45, 46, "connected", "prompted_by", "notify")
	gone.Retracted = true
	c.Contacts = append(c.Contacts, gone)
	expectations := []Expectation{{Meta: Meta{FirstRecordedAt: at(72), RecordedAt: at(100)}, ContactID: "through", Text: "Who flew", State: "answered", AnswerID: "answer"}}
	for order, want := range map[string][]string{
		"happened": {"begin", "end", "report", "aside", "attempt", "deadline", "contact", "asked", "answer"},
		"known":    {"begin", "end", "report", "aside", "contact", "asked", "answer", "attempt", "deadline"},
	} {
		got := Timeline(c, expectations, order)
		if len(got) != len(want) {
			t.Fatalf("%s: %d happenings, want %d: %+v", order, len(got), len(want), got)
		}
		for i, kind := range want {
			if got[i].Kind != kind {
				t.Errorf("%s: %d is %s, want %s", order, i, got[i].Kind, kind)
			}
			if !HappeningKinds.Has(got[i].Kind) || got[i].What == "" {
				t.Errorf("%s: %d has no word or says nothing: %+v", order, i, got[i])
			}
		}
	}
	if got := Timeline(Case{}, nil, "happened"); len(got) != 1 || got[0].Kind != "report" {
		t.Errorf("of an incident of which nothing is known: %+v", got)
	}
}
