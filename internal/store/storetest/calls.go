package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

func newCall(about ...incidents.ID) hotline.OpenCall {
	return hotline.OpenCall{ID: hotline.ContactID(incidents.NewID()), LineID: "line", Incidents: about}
}

// testOpenCalls: a call is begun once, keeps its notes, says what it is about,
// and goes with a reason.
func testOpenCalls(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	ctx, r := t.Context(), newSource(80)
	a, b := create(t, s, severe(r)), create(t, s, severe(r))
	first, created, err := s.StartCall(ctx, officer, newCall(a.ID))
	check(t, err)
	if !created || first.Owner != "hansen" || first.StartedAt == 0 || first.LineID != "line" {
		t.Fatalf("%v %+v", created, first)
	}
	second, _, err := s.StartCall(ctx, supervisor, newCall())
	check(t, err)
	before := entries(t, s)
	again, created, err := s.StartCall(ctx, supervisor, hotline.OpenCall{ID: first.ID})
	if err != nil || created {
		t.Errorf("begun twice: %v %v", created, err)
	}
	same(t, "begun twice", again, first)
	_, _, err = s.StartCall(ctx, officer, newCall(incidents.NewID()))
	wantKind(t, err, fault.NotFound)

	kept := must(s.SaveCallNotes(ctx, first.ID, "rings\nÅ", 5))(t)
	if kept.Notes != "rings\nÅ" || kept.Seq != 5 || kept.StartedAt != first.StartedAt {
		t.Errorf("kept %+v", kept)
	}
	// Notes that were overtaken on their way change nothing.
	if kept = must(s.SaveCallNotes(ctx, first.ID, "ri", 4))(t); kept.Notes != "rings\nÅ" {
		t.Errorf("older notes won: %+v", kept)
	}
	_, err = s.SaveCallNotes(ctx, "nothing", "x", 1)
	wantKind(t, err, fault.NotFound)
	if n := entries(t, s); n != before {
		t.Errorf("notes left %d audit entries", n-before)
	}
	wide := must(s.SetCallIncidents(ctx, officer, first.ID, []incidents.ID{a.ID, b.ID}))(t)
	same(t, "about", wide.Incidents, []incidents.ID{a.ID, b.ID})
	_, err = s.SetCallIncidents(ctx, officer, first.ID, []incidents.ID{incidents.NewID()})
	wantKind(t, err, fault.NotFound)
	_, err = s.SetCallIncidents(ctx, officer, "nothing", nil)
	wantKind(t, err, fault.NotFound)
	same(t, "all", must(s.OpenCalls(ctx))(t), []hotline.OpenCall{wide, second})

	check(t, s.DropCall(ctx, supervisor, first.ID, "wrong row"))
	wantKind(t, s.DropCall(ctx, supervisor, first.ID, "wrong row"), fault.NotFound)
	same(t, "left", must(s.OpenCalls(ctx))(t), []hotline.OpenCall{second})
	var actions []string
	check(t, s.EachEntry(ctx, 1, func(e access.Entry) error {
		if e.Subject == "call/"+string(first.ID) {
			actions = append(actions, e.Actor+" "+e.Action)
		}
		return nil
	}))
	same(t, "entries", actions, []string{"hansen call.start", "hansen call.incidents", "berg call.drop"})
	whole(t, s)
}

// testFinishedCall: the contact is written and the call gone, or neither; twice
// makes one.
func testFinishedCall(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	ctx, r := t.Context(), newSource(81)
	inc := create(t, s, severe(r))
	open, _, err := s.StartCall(ctx, officer, newCall(inc.ID))
	check(t, err)
	k := call(r, inc, time.Minute)
	k.ID, k.Outcome, k.RetryAt = open.ID, "no_answer", incidents.MillisOf(Begin.Add(11*time.Minute))
	links := []hotline.Link{{IncidentID: inc.ID, Relation: "prompted_by"}}

	// A link that cannot be made leaves the call going on.
	_, _, err = s.FinishCall(ctx, officer, k, []hotline.Link{{IncidentID: incidents.NewID(), Relation: "prompted_by"}})
	wantKind(t, err, fault.NotFound)
	// So does what is written with it and fails.
	failed := errors.New("for the test")
	err = s.InTx(ctx, func(ctx context.Context) error {
		_, _, err := s.FinishCall(ctx, officer, k, links)
		check(t, err)
		return failed
	})
	if !errors.Is(err, failed) {
		t.Fatal(err)
	}
	same(t, "still going on", must(s.OpenCall(ctx, open.ID))(t), open)
	_, err = s.Contact(ctx, open.ID, 0)
	wantKind(t, err, fault.NotFound)

	var made int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			stored, created, err := s.FinishCall(ctx, officer, k, links)
			mu.Lock()
			defer mu.Unlock()
			if err != nil || stored.ID != k.ID {
				t.Errorf("%+v %v", stored, err)
			}
			if created {
				made++
			}
		})
	}
	wg.Wait()
	if made != 1 {
		t.Errorf("made %d times", made)
	}
	_, err = s.OpenCall(ctx, open.ID)
	wantKind(t, err, fault.NotFound)
	_, _, err = s.StartCall(ctx, officer, open)
	wantKind(t, err, fault.Conflict)
	_, _, err = s.FinishCall(ctx, officer, call(r, inc, time.Minute), nil)
	wantKind(t, err, fault.NotFound)

	// When to call again is read wherever the contact is.
	page := must(s.Contacts(ctx, hotline.ContactFilter{}))(t)
	one := must(s.Case(ctx, inc.ID, hotline.At{}))(t)
	if len(page.Contacts) != 1 || page.Contacts[0].RetryAt != k.RetryAt || len(one.Contacts) != 1 || one.Contacts[0].RetryAt != k.RetryAt {
		t.Errorf("page %+v, case %+v", page.Contacts, one.Contacts)
	}
	whole(t, s)
}

// testExpectations: written once, revised by its revision, read in order of
// what is due and as of a moment.
func testExpectations(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	ctx, r := t.Context(), newSource(82)
	inc := create(t, s, severe(r))
	asked, _, err := s.CreateContact(ctx, officer, call(r, inc, time.Minute), nil)
	check(t, err)
	answer, _, err := s.CreateContact(ctx, officer, call(r, inc, 2*time.Minute), nil)
	check(t, err)
	expect := func(due time.Duration, in hotline.ContactID) hotline.Expectation {
		return hotline.Expectation{ID: hotline.ExpectationID(incidents.NewID()), ContactID: in, Text: "why the transponder was off", DueAt: incidents.MillisOf(Begin.Add(due)), State: "open"}
	}
	late, created, err := s.CreateExpectation(ctx, officer, expect(2*time.Hour, asked.ID))
	check(t, err)
	if !created || late.Revision != 1 || late.RecordedBy != "hansen" {
		t.Fatalf("%v %+v", created, late)
	}
	soon, _, err := s.CreateExpectation(ctx, officer, expect(time.Hour, answer.ID))
	check(t, err)
	before := entries(t, s)
	again, created, err := s.CreateExpectation(ctx, supervisor, hotline.Expectation{ID: late.ID, ContactID: answer.ID})
	if err != nil || created || entries(t, s) != before {
		t.Errorf("made twice: %v %v", created, err)
	}
	same(t, "made twice", again, late)
	_, _, err = s.CreateExpectation(ctx, officer, expect(time.Hour, "nothing"))
	wantKind(t, err, fault.NotFound)
	same(t, "open", must(s.Expectations(ctx, hotline.ExpectationFilter{Open: true}))(t), []hotline.Expectation{soon, late})

	done := late
	done.State, done.AnswerID, done.Reason = "answered", answer.ID, "they called back"
	done = must(s.ReviseExpectation(ctx, supervisor, done))(t)
	if done.Revision != 2 || done.FirstRecordedAt != late.FirstRecordedAt || done.RecordedBy != "berg" {
		t.Errorf("%+v", done)
	}
	_, err = s.ReviseExpectation(ctx, officer, late)
	wantKind(t, err, fault.Conflict)
	bad := soon
	bad.AnswerID = "nothing"
	_, err = s.ReviseExpectation(ctx, officer, bad)
	wantKind(t, err, fault.NotFound)
	bad.ID = "nothing"
	_, err = s.ReviseExpectation(ctx, officer, bad)
	wantKind(t, err, fault.NotFound)

	same(t, "one", must(s.Expectation(ctx, late.ID, 0))(t), done)
	same(t, "as it was", must(s.Expectation(ctx, late.ID, done.RecordedAt-1))(t), late)
	same(t, "still open", must(s.Expectations(ctx, hotline.ExpectationFilter{Open: true}))(t), []hotline.Expectation{soon})
	same(t, "open then", must(s.Expectations(ctx, hotline.ExpectationFilter{Open: true, AsOf: done.RecordedAt - 1}))(t), []hotline.Expectation{soon, late})
	same(t, "of a contact", must(s.Expectations(ctx, hotline.ExpectationFilter{ContactID: asked.ID}))(t), []hotline.Expectation{done})
	same(t, "history", must(s.ExpectationRevisions(ctx, late.ID, 0))(t), []hotline.Expectation{late, done})
	_, err = s.ExpectationRevisions(ctx, "nothing", 0)
	wantKind(t, err, fault.NotFound)
	whole(t, s)
}

// testSheets: the first is saved from nothing, every other from the newest.
func testSheets(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	ctx := t.Context()
	if list := must(s.Sheets(ctx, 0))(t); len(list) != 0 {
		t.Fatalf("a new log has sheets: %+v", list)
	}
	first := must(s.SaveSheet(ctx, supervisor, hotline.Sheet{Language: "ru", Phrases: map[string]string{"opening": "Говорит {unit}."}}))(t)
	_, err := s.SaveSheet(ctx, supervisor, hotline.Sheet{Language: "ru"})
	wantKind(t, err, fault.Conflict)
	second := first
	second.ApprovedBy, second.ApprovedAt = "berg", incidents.MillisOf(Begin)
	second = must(s.SaveSheet(ctx, supervisor, second))(t)
	english := must(s.SaveSheet(ctx, supervisor, hotline.Sheet{Language: "en", Phrases: map[string]string{}}))(t)
	same(t, "all", must(s.Sheets(ctx, 0))(t), []hotline.Sheet{english, second})
	same(t, "as they were", must(s.Sheets(ctx, first.RecordedAt))(t), []hotline.Sheet{first})
	same(t, "history", must(s.SheetRevisions(ctx, "ru"))(t), []hotline.Sheet{first, second})
	whole(t, s)
}
