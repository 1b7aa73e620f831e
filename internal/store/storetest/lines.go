package storetest

import (
	"testing"
	"time"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
	"interceptlog/internal/watch"
)

func newLine(t *testing.T, s *store.Store, id hotline.LineID, exercise bool) hotline.Line {
	t.Helper()
	l, _, err := s.CreateLine(t.Context(), supervisor, hotline.Line{ID: id, Name: string(id), State: "in_use", Exercise: exercise})
	check(t, err)
	return l
}

// testLastTests: of each line the newest test that stands, as of any moment.
func testLastTests(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	newLine(t, s, "a", false)
	newLine(t, s, "b", false)
	newLine(t, s, "x", true)
	contact := func(id hotline.ContactID, line hotline.LineID, purpose string, hour int, exercise bool) hotline.Contact {
		k, _, err := s.CreateContact(t.Context(), officer, hotline.Contact{ID: id, LineID: line, Channel: hotline.Channel{Kind: "phone"}, Outcome: "connected", Purpose: purpose,
			Exercise: exercise, Start: incidents.At(Begin.Add(time.Duration(hour)*time.Hour), incidents.Exact, "")}, nil)
		check(t, err)
		return k
	}
	want := func(what string, asOf hotline.Millis, tests ...hotline.Contact) {
		t.Helper()
		m := map[hotline.LineID]hotline.Contact{}
		for _, k := range tests {
			m[k.LineID] = k
		}
		same(t, what, must(s.LastTests(t.Context(), asOf))(t), m)
	}
	want("none yet", 0)
	second := contact("second", "a", "line_test", -2, false)
	first := contact("first", "a", "line_test", -9, false)
	contact("call", "a", "clarify", -1, false)
	contact("drill", "a", "line_test", -1, true)
	other := contact("other", "b", "line_test", -3, false)
	drill := contact("exercise", "x", "line_test", -3, true)
	contact("nowhere", "", "line_test", -1, false)
	want("the newest by when they were made", 0, second, other, drill)
	want("before the others were logged", second.RecordedAt, second)
	back := second
	back.Retracted, back.Reason = true, "the wrong line"
	back = must(s.ReviseContact(t.Context(), supervisor, back))(t)
	want("one taken back", 0, first, other, drill)
	want("before it was taken back", back.RecordedAt-1, second, other, drill)
	first.Outcome, first.Reason = "line_fault", "heard nothing"
	first = must(s.ReviseContact(t.Context(), officer, first))(t)
	want("as it was corrected", 0, first, other, drill)
	whole(t, s)
}

// testLineEvents: written once, corrected by revisions, found by line, time and
// moment.
func testLineEvents(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	ctx := t.Context()
	newLine(t, s, "a", false)
	newLine(t, s, "b", false)
	hour := func(h int) hotline.Millis { return incidents.MillisOf(Begin.Add(time.Duration(h) * time.Hour)) }
	log := func(id hotline.LineEventID, line hotline.LineID, kind string, from, to hotline.Millis) hotline.LineEvent {
		t.Helper()
		e, created, err := s.CreateLineEvent(ctx, officer, hotline.LineEvent{ID: id, LineID: line, Kind: kind, From: from, To: to, Note: "a digger", Who: "the exchange"})
		check(t, err)
		if !created || e.Revision != 1 || e.RecordedBy != "hansen" {
			t.Fatalf("%v %+v", created, e)
		}
		return e
	}
	find := func(f hotline.LineEventFilter) (ids []hotline.LineEventID) {
		for _, e := range must(s.LineEvents(ctx, f))(t) {
			ids = append(ids, e.ID)
		}
		return ids
	}
	planned := log("planned", "a", "planned_outage", hour(20), hour(22))
	fault1 := log("fault", "a", "fault", hour(-5), 0)
	elsewhere := log("elsewhere", "b", "suspended", hour(-9), hour(-8))
	same(t, "one", must(s.LineEvent(ctx, "fault", 0))(t), fault1)
	same(t, "all, as they begin", must(s.LineEvents(ctx, hotline.LineEventFilter{}))(t), []hotline.LineEvent{elsewhere, fault1, planned})
	same(t, "of a line", find(hotline.LineEventFilter{LineID: "a"}), []string{"fault", "planned"})
	same(t, "within a time", find(hotline.LineEventFilter{From: hour(-8), To: hour(20)}), []string{"fault"})
	same(t, "to the end", find(hotline.LineEventFilter{From: hour(21)}), []string{"fault", "planned"})
	same(t, "as of the first", find(hotline.LineEventFilter{AsOf: planned.RecordedAt}), []string{"planned"})

	n := entries(t, s)
	again, created, err := s.CreateLineEvent(ctx, supervisor, hotline.LineEvent{ID: "fault", LineID: "a", Kind: "degraded", From: 1})
	check(t, err)
	if created || entries(t, s) != n {
		t.Error("a retry made a second event")
	}
	same(t, "the one that stands", again, fault1)
	_, _, err = s.CreateLineEvent(ctx, officer, hotline.LineEvent{ID: "fault", LineID: "b", Kind: "fault", From: 1})
	wantKind(t, err, fault.Conflict)
	_, _, err = s.CreateLineEvent(ctx, officer, hotline.LineEvent{ID: "x", LineID: "nowhere", Kind: "fault", From: 1})
	wantKind(t, err, fault.NotFound)

	next := fault1
	next.To, next.Reason, next.LineID = hour(-1), "the exchange called", "b"
	next = must(s.ReviseLineEvent(ctx, supervisor, next))(t)
	if next.LineID != "a" || next.Revision != 2 || next.FirstRecordedAt != fault1.RecordedAt || next.RecordedBy != "berg" {
		t.Errorf("corrected: %+v", next)
	}
	same(t, "history", must(s.LineEventRevisions(ctx, "fault", 0))(t), []hotline.LineEvent{fault1, next})
	same(t, "as of", must(s.LineEvent(ctx, "fault", next.RecordedAt-1))(t), fault1)
	_, err = s.ReviseLineEvent(ctx, officer, fault1)
	wantKind(t, err, fault.Conflict)
	_, err = s.ReviseLineEvent(ctx, officer, hotline.LineEvent{ID: "x", LineID: "a", Kind: "fault", From: 1})
	wantKind(t, err, fault.NotFound)
	next.Retracted, next.Reason = true, "it was another line"
	next = must(s.ReviseLineEvent(ctx, supervisor, next))(t)
	same(t, "without the one taken back", find(hotline.LineEventFilter{LineID: "a"}), []string{"planned"})
	same(t, "with it", find(hotline.LineEventFilter{LineID: "a", Retracted: true}), []string{"fault", "planned"})
	same(t, "before it was", find(hotline.LineEventFilter{LineID: "a", AsOf: next.RecordedAt - 1}), []string{"fault", "planned"})
	var told []string
	for _, r := range must(s.Journal(ctx, watch.JournalFilter{Kinds: []string{"line"}, Limit: 3}))(t).Rows {
		told = append(told, r.Event()+" ("+r.Done()+")")
	}
	same(t, "the journal", told, []string{
		"Line a: fault from 232200ZNOV26 to 240200ZNOV26, taken back (it was another line)",
		"Line a: fault from 232200ZNOV26 to 240200ZNOV26, corrected (the exchange called)",
		"Line b: suspended from 231800ZNOV26 to 231900ZNOV26 (a digger. the exchange)",
	})
	whole(t, s)
}
