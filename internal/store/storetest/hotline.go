package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

// severe is an incident that asks for a direct contact within the hour.
func severe(r source) incidents.Incident {
	inc := r.incident()
	inc.Status, inc.Record.Severity, inc.Record.Exercise, inc.Record.Absence = incidents.Submitted, "high_risk", false, "own_log"
	inc.Record.Start = incidents.At(Begin.Add(-10*time.Minute), incidents.Exact, "")
	return inc
}

// call is a direct contact that got through, some time after Begin.
func call(r source, inc incidents.Incident, after time.Duration) hotline.Contact {
	c := r.contact(inc)
	c.Channel.Kind, c.Outcome, c.Purpose, c.Retracted, c.Exercise = "phone", "connected", "clarify", false, false
	c.Start, c.End = incidents.At(Begin.Add(after), incidents.Exact, ""), incidents.Moment{}
	return c
}

func status(t *testing.T, s *store.Store, id incidents.ID, asOf, now incidents.Millis) hotline.Status {
	t.Helper()
	c := must(s.Case(t.Context(), id, hotline.At{AsOf: asOf, Now: now}))(t)
	page := must(s.Cases(t.Context(), everything, hotline.Page{}, hotline.At{AsOf: asOf, Now: now}))(t)
	for _, p := range page.Cases {
		if p.Incident.ID == id && p.Assessment.Status() != c.Assessment.Status() {
			t.Fatalf("%s in the list, %s alone", p.Assessment.Status(), c.Assessment.Status())
		}
	}
	return c.Assessment.Status()
}

// testSharedContact: one call about two incidents changes the facts of both,
// with every change of the call.
func testSharedContact(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	r := newSource(50)
	a, b := create(t, s, severe(r)), create(t, s, severe(r))
	later := incidents.MillisOf(Begin.Add(3 * time.Hour))
	both := func(when string, want hotline.Status) {
		t.Helper()
		for _, id := range []incidents.ID{a.ID, b.ID} {
			if got := status(t, s, id, 0, later); got != want {
				t.Errorf("%s: %s, want %s", when, got, want)
			}
		}
	}
	both("before the call", hotline.Overdue)
	k, _, err := s.CreateContact(t.Context(), officer, call(r, a, 20*time.Minute), []hotline.Link{
		{IncidentID: a.ID, Relation: "prompted_by"}, {IncidentID: b.ID, Relation: "discussed"}})
	check(t, err)
	called := k.RecordedAt
	both("after the call", hotline.Followed)
	k.Outcome = "no_answer"
	k = must(s.ReviseContact(t.Context(), officer, k))(t)
	both("after nobody had answered", hotline.Attempted)
	k.Outcome, k.Start = "connected", incidents.At(Begin.Add(2*time.Hour), incidents.Exact, "")
	k = must(s.ReviseContact(t.Context(), officer, k))(t)
	both("after it had been later", hotline.FollowedLate)
	k.Retracted = true
	k = must(s.ReviseContact(t.Context(), officer, k))(t)
	both("after it was taken back", hotline.Overdue)
	for _, id := range []incidents.ID{a.ID, b.ID} {
		if got := status(t, s, id, called, 0); got != hotline.Followed {
			t.Errorf("as of the call: %s", got)
		}
		if got := status(t, s, id, called-1, 0); got != hotline.Awaiting {
			t.Errorf("as of just before the call: %s", got)
		}
	}
	// Re-rated by its own policy, whatever is in force now.
	must(s.SetPolicy(t.Context(), supervisor, hotline.Policy{Rules: []hotline.Rule{{Severity: "serious", Need: hotline.NeedNone}}}))(t)
	a.Record.Severity = "serious"
	must(s.ReviseIncident(t.Context(), officer, a))(t)
	if got := status(t, s, a.ID, 0, later); got != hotline.Awaiting {
		t.Errorf("rated serious: %s", got)
	}
	whole(t, s)
}

// testFactsKeepStill: a change that touches no fact makes no version of them.
func testFactsKeepStill(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	r := newSource(51)
	inc := create(t, s, severe(r))
	inc.Record.Title = "another title"
	must(s.ReviseIncident(t.Context(), officer, inc))(t)
	head := must(s.ChainHead(t.Context()))(t)
	if n := countRows(head.Detail, "incident_facts"); n != 0 {
		t.Errorf("%d new facts: %s", n, head.Detail)
	}
	c := call(r, inc, time.Minute)
	_, _, err := s.CreateContact(t.Context(), officer, c, []hotline.Link{{IncidentID: inc.ID, Relation: "prompted_by"}})
	check(t, err)
	head = must(s.ChainHead(t.Context()))(t)
	if n := countRows(head.Detail, "incident_facts"); n != 1 {
		t.Errorf("%d new facts: %s", n, head.Detail)
	}
}

func testContactRoundTrip(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	r := newSource(52)
	inc := create(t, s, r.incident())
	c := r.contact(inc)
	c.Source, c.SourceID = "research", "c1"
	stored, created, err := s.CreateContact(t.Context(), officer, c, []hotline.Link{{IncidentID: inc.ID, Relation: "discussed", Meta: hotline.Meta{Reason: "said so"}}})
	check(t, err)
	got := must(s.Contact(t.Context(), c.ID, 0))(t)
	if !created || len(got.Incidents) != 1 || got.Incidents[0].Link.Relation != "discussed" || got.Incidents[0].Link.Reason != "said so" || !got.Incidents[0].Link.Linked {
		t.Fatalf("stored as %+v", got)
	}
	same(t, "contact", got.Contact, stored)
	same(t, "its incident", got.Incidents[0].Incident, inc)
	same(t, "by source", must(s.ContactBySource(t.Context(), "research", "c1"))(t), stored)
	before := entries(t, s)
	again, created, err := s.CreateContact(t.Context(), officer, c, nil)
	check(t, err)
	if created || entries(t, s) != before {
		t.Error("the second try wrote something")
	}
	same(t, "the second try", again, stored)
	other := r.contact(inc)
	other.Source, other.SourceID = "research", "c1"
	_, _, err = s.CreateContact(t.Context(), officer, other, nil)
	wantKind(t, err, fault.Conflict)

	next := stored
	next.Summary, next.Reason = "They explained.", "heard the tape"
	next = must(s.ReviseContact(t.Context(), supervisor, next))(t)
	same(t, "history", must(s.ContactRevisions(t.Context(), c.ID, 0))(t), []hotline.Contact{stored, next})
	_, err = s.ReviseContact(t.Context(), officer, stored)
	wantKind(t, err, fault.Conflict)
	_, err = s.Contact(t.Context(), "nobody", 0)
	wantKind(t, err, fault.NotFound)
	whole(t, s)
}

func testContactPages(t *testing.T, s *store.Store) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	r := newSource(53)
	m := newModel(t, s)
	m.fill(t, s, r, 90)
	for _, f := range []hotline.ContactFilter{
		{}, {Tests: true}, {Exercise: "only"}, {Exercise: "include", Tests: true},
		{Outcomes: []string{"connected", "no_answer"}}, {Kinds: []string{"phone"}}, {LineID: "none"},
	} {
		want := 0
		for _, k := range m.contacts {
			if (f.Tests || k.Purpose != "line_test") && (f.Exercise == "include" || k.Exercise == (f.Exercise == "only")) &&
				(len(f.Outcomes) == 0 || k.Outcome == "connected" || k.Outcome == "no_answer") && (len(f.Kinds) == 0 || k.Channel.Kind == "phone") && f.LineID == "" {
				want++
			}
		}
		seen := map[hotline.ContactID]bool{}
		var order []hotline.ContactID
		last := incidents.Forever
		for f.Limit = 7; ; {
			page := must(s.Contacts(t.Context(), f))(t)
			if page.Total != want {
				t.Fatalf("%+v: total %d, want %d", f, page.Total, want)
			}
			for _, k := range page.Contacts {
				if seen[k.ID] || k.Start.From > last {
					t.Fatalf("%+v: %s twice or out of order", f, k.ID)
				}
				seen[k.ID], last = true, k.Start.From
				order = append(order, k.ID)
				linked := 0
				for _, l := range m.links {
					if l.ContactID == k.ID {
						linked++
					}
				}
				if len(k.Incidents) != linked {
					t.Fatalf("%d incidents, want %d", len(k.Incidents), linked)
				}
			}
			if f.After = page.Next; f.After == "" {
				break
			}
		}
		if len(seen) != want {
			t.Fatalf("%+v: saw %d of %d", f, len(seen), want)
		}
		for from := range min(len(order), 20) {
			var after hotline.ContactID
			if from > 0 {
				after = order[from-1]
			}
			var rest []hotline.ContactID
			check(t, s.EachContact(t.Context(), f, after, func(k *hotline.ContactWithIncidents) error {
				rest = append(rest, k.ID)
				return nil
			}))
			if !slices.Equal(rest, order[from:]) {
				t.Fatalf("%+v: one after the other from %q on: %d, want %d", f, after, len(rest), len(order)-from)
			}
		}
	}
	_, err := s.Contacts(t.Context(), hotline.ContactFilter{After: "x"})
	wantKind(t, err, fault.Invalid)
}

func testLinks(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	r := newSource(54)
	inc := create(t, s, severe(r))
	k, _, err := s.CreateContact(t.Context(), officer, call(r, inc, time.Minute), nil)
	check(t, err)
	l := hotline.Link{ContactID: k.ID, IncidentID: inc.ID, Relation: "discussed", Linked: true}
	now := incidents.MillisOf(Begin.Add(2 * time.Hour))
	set := func(relation string, linked bool, revision int, want hotline.Status) {
		t.Helper()
		l.Relation, l.Linked, l.Revision = relation, linked, revision
		check(t, s.SetLink(t.Context(), officer, l))
		if got := status(t, s, inc.ID, 0, now); got != want {
			t.Errorf("%s, %v: %s, want %s", relation, linked, got, want)
		}
	}
	set("discussed", true, 0, hotline.Followed)
	before := entries(t, s)
	set("discussed", true, 0, hotline.Followed)
	if entries(t, s) != before {
		t.Error("linking twice wrote twice")
	}
	set("coincident", true, 1, hotline.Overdue)
	set("prompted_by", true, 0, hotline.Followed)
	set("prompted_by", false, 3, hotline.Overdue)
	l.Revision, l.Linked = 2, true
	wantKind(t, s.SetLink(t.Context(), officer, l), fault.Conflict)
	history := must(s.LinkRevisions(t.Context(), inc.ID, 0))(t)
	if len(history) != 4 || history[3].Linked || history[3].Revision != 4 || history[0].FirstRecordedAt != history[3].FirstRecordedAt {
		t.Fatalf("history %+v", history)
	}
	if n := len(must(s.LinkRevisions(t.Context(), inc.ID, history[1].RecordedAt))(t)); n != 2 {
		t.Errorf("%d links as of the second", n)
	}
	wantKind(t, s.SetLink(t.Context(), officer, hotline.Link{ContactID: "x", IncidentID: inc.ID, Linked: true}), fault.NotFound)
	wantKind(t, s.SetLink(t.Context(), officer, hotline.Link{ContactID: k.ID, IncidentID: "x", Linked: true}), fault.NotFound)
	whole(t, s)
}

func testLines(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	for i, state := range []string{"down", "in_use", "in_use", "proposed"} {
		l := hotline.Line{ID: hotline.LineID(fmt.Sprint("line", i)), Name: fmt.Sprint("Line ", 9-i), State: state, Parties: []string{"NO", "RU"}, Source: "research", SourceID: fmt.Sprint(i)}
		stored, created, err := s.CreateLine(t.Context(), supervisor, l)
		check(t, err)
		if !created {
			t.Fatal("was there already")
		}
		same(t, "line", must(s.Line(t.Context(), l.ID, 0))(t), stored)
		same(t, "by source", must(s.LineBySource(t.Context(), "research", fmt.Sprint(i)))(t), stored)
		_, created, err = s.CreateLine(t.Context(), supervisor, l)
		check(t, err)
		if created {
			t.Fatal("made twice")
		}
	}
	order := func(asOf incidents.Millis) (list []hotline.LineID) {
		for _, l := range must(s.Lines(t.Context(), asOf))(t) {
			list = append(list, l.ID)
		}
		return list
	}
	same(t, "order", order(0), []string{"line2", "line1", "line0", "line3"})
	first := must(s.Line(t.Context(), "line0", 0))(t)
	l := first
	l.State = "in_use"
	l = must(s.ReviseLine(t.Context(), supervisor, l))(t)
	same(t, "order after repair", order(0), []string{"line2", "line1", "line0", "line3"})
	same(t, "history", must(s.LineRevisions(t.Context(), "line0", 0))(t), []hotline.Line{first, l})
	same(t, "as of", must(s.Line(t.Context(), "line0", l.RecordedAt-1))(t), first)
	same(t, "order as of", order(first.RecordedAt), []string{"line0"})
	_, err := s.ReviseLine(t.Context(), supervisor, first)
	wantKind(t, err, fault.Conflict)
	dup := l
	dup.ID = "other"
	_, _, err = s.CreateLine(t.Context(), supervisor, dup)
	wantKind(t, err, fault.Conflict)
	whole(t, s)
}

func testPolicies(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	first := must(s.Policy(t.Context(), 0))(t)
	same(t, "first rules", first.Rules, hotline.DefaultRules())
	if first.Version != 1 || first.RecordedBy != "system" || entries(t, s) != 1 {
		t.Fatalf("first policy %+v, %d entries", first, entries(t, s))
	}
	inc := create(t, s, severe(newSource(55)))
	p := first
	p.Rules, p.Reason = []hotline.Rule{{Severity: "high_risk", Region: "baltic", Need: hotline.NeedAny, WithinS: 60}}, "new order"
	second := must(s.SetPolicy(t.Context(), supervisor, p))(t)
	if second.Version != 2 || second.RecordedBy != "berg" {
		t.Fatalf("second policy %+v", second)
	}
	same(t, "in force", must(s.Policy(t.Context(), 0))(t), second)
	same(t, "all of them", must(s.Policies(t.Context()))(t), []hotline.Policy{first, second})
	same(t, "the first still", must(s.Policy(t.Context(), 1))(t), first)
	_, err := s.SetPolicy(t.Context(), supervisor, p)
	wantKind(t, err, fault.Conflict)
	_, err = s.Policy(t.Context(), 9)
	wantKind(t, err, fault.NotFound)
	if got := must(s.ReviseIncident(t.Context(), officer, inc))(t); got.PolicyVersion != 1 {
		t.Error("an old incident got the new policy")
	}
	if got := create(t, s, severe(newSource(56))); got.PolicyVersion != 2 {
		t.Error("a new incident got the old policy")
	}
	check(t, s.InTx(t.Context(), func(ctx context.Context) error {
		_, err := s.Policy(ctx, 2)
		return err
	}))
	whole(t, s)
}
