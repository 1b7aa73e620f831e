package storetest

import (
	"strings"
	"testing"
	"time"

	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

func testIncidentRoundTrip(t *testing.T, s *store.Store) {
	r := newSource(1)
	c := setClock(s, 0)
	for range 20 {
		inc := r.incident()
		// A millisecond that no coarser unit can hold.
		inc.Record.Start.Interval = incidents.Interval{From: inc.Record.Start.From + 123, To: inc.Record.Start.To + 457}
		c.set(Begin.Add(789 * time.Millisecond))
		stored := create(t, s, inc)
		same(t, "incident", must(s.Incident(t.Context(), inc.ID, 0))(t), stored)
		same(t, "record", stored.Record, inc.Record)
		same(t, "place", stored.Derived, inc.Derived)
		if stored.RecordedBy != "hansen" || stored.Revision != 1 || stored.PolicyVersion != 1 {
			t.Fatalf("stored as %+v", stored)
		}
		if inc.Record.SourceID != "" {
			same(t, "by source", must(s.IncidentBySource(t.Context(), inc.Record.Source, inc.Record.SourceID))(t), stored)
		}
		if stored.Number != "" {
			same(t, "by number", must(s.IncidentByNumber(t.Context(), stored.Number))(t), stored)
		}
	}
	bare := create(t, s, incidents.Incident{ID: incidents.NewID(), Status: incidents.Submitted})
	same(t, "bare incident", must(s.Incident(t.Context(), bare.ID, 0))(t), bare)

	_, err := s.Incident(t.Context(), incidents.NewID(), 0)
	wantKind(t, err, fault.NotFound)
	_, err = s.IncidentByNumber(t.Context(), "")
	wantKind(t, err, fault.NotFound)
	_, err = s.IncidentBySource(t.Context(), "", "")
	wantKind(t, err, fault.NotFound)
	whole(t, s)
}

func testIncidentSameIDTwice(t *testing.T, s *store.Store) {
	r := newSource(2)
	inc := r.incident()
	first := create(t, s, inc)
	before := entries(t, s)
	other := r.incident()
	other.ID = inc.ID
	got, created, err := s.CreateIncident(t.Context(), supervisor, other)
	check(t, err)
	if created || entries(t, s) != before {
		t.Fatal("the second try wrote something")
	}
	same(t, "answer to the second try", got, first)
}

func testIncidentRevisions(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	inc := create(t, s, newSource(3).incident())
	want := []incidents.Incident{inc}
	for _, title := range []string{"second", "third"} {
		inc.Record.Title, inc.Reason = title, "because"
		inc.Number, inc.PolicyVersion = "1999-0001", 77 // settled before; not to be changed
		inc = must(s.ReviseIncident(t.Context(), supervisor, inc))(t)
		if inc.Number != want[0].Number || inc.PolicyVersion != 1 || inc.FirstRecordedAt != want[0].FirstRecordedAt || inc.RecordedBy != "berg" {
			t.Fatalf("revised to %+v", inc)
		}
		want = append(want, inc)
	}
	same(t, "history", must(s.IncidentRevisions(t.Context(), inc.ID, 0))(t), want)
	for i, w := range want {
		same(t, "history as of", must(s.IncidentRevisions(t.Context(), inc.ID, w.RecordedAt))(t), want[:i+1])
		same(t, "as of its moment", must(s.Incident(t.Context(), inc.ID, w.RecordedAt))(t), w)
		if i > 0 {
			same(t, "a millisecond before", must(s.Incident(t.Context(), inc.ID, w.RecordedAt-1))(t), want[i-1])
		}
	}
	_, err := s.Incident(t.Context(), inc.ID, want[0].RecordedAt-1)
	wantKind(t, err, fault.NotFound)
	_, err = s.IncidentRevisions(t.Context(), incidents.NewID(), 0)
	wantKind(t, err, fault.NotFound)
	whole(t, s)
}

func testStaleVersion(t *testing.T, s *store.Store) {
	inc := create(t, s, newSource(4).incident())
	_, err := s.ReviseIncident(t.Context(), officer, inc)
	check(t, err)
	before := entries(t, s)
	_, err = s.ReviseIncident(t.Context(), supervisor, inc)
	wantKind(t, err, fault.Conflict)
	if !strings.Contains(err.Error(), "hansen") {
		t.Errorf("the answer does not say who was faster: %v", err)
	}
	if entries(t, s) != before {
		t.Error("a refused change left an entry")
	}
	_, err = s.ReviseIncident(t.Context(), officer, incidents.Incident{ID: incidents.NewID(), Revision: 1})
	wantKind(t, err, fault.NotFound)
}

func testNumbers(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	r := newSource(5)
	file := func(status incidents.Status) incidents.Incident {
		inc := r.incident()
		inc.Status = status
		return create(t, s, inc)
	}
	want := func(inc incidents.Incident, number string) {
		t.Helper()
		if inc.Number != number {
			t.Fatalf("number %q, want %q", inc.Number, number)
		}
	}
	want(file(incidents.Submitted), "2026-0001")
	draft := file(incidents.Draft)
	want(draft, "")
	want(file(incidents.Submitted), "2026-0002")
	draft = must(s.ReviseIncident(t.Context(), officer, draft))(t)
	want(draft, "")
	draft.Status = incidents.Submitted
	draft = must(s.ReviseIncident(t.Context(), officer, draft))(t)
	want(draft, "2026-0003")
	draft.Status = incidents.Retracted
	want(must(s.ReviseIncident(t.Context(), officer, draft))(t), "2026-0003")
	want(file(incidents.Verified), "2026-0004")
	twice := r.incident()
	twice.Status, twice.Record.Source, twice.Record.SourceID = incidents.Submitted, "research", "x"
	want(create(t, s, twice), "2026-0005")
	twice.ID = incidents.NewID()
	_, _, err := s.CreateIncident(t.Context(), officer, twice)
	wantKind(t, err, fault.Conflict)
	want(file(incidents.Submitted), "2026-0006")
}

func testNumbersAcrossYears(t *testing.T, s *store.Store) {
	c := setClock(s, 0)
	r := newSource(6)
	inc := r.incident()
	inc.Status = incidents.Draft
	c.set(time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC))
	inc = create(t, s, inc)
	c.set(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))
	inc.Status = incidents.Submitted
	inc = must(s.ReviseIncident(t.Context(), officer, inc))(t)
	if inc.Number != "2027-0001" {
		t.Fatalf("number %q", inc.Number)
	}
}

func testSourcesAreUnique(t *testing.T, s *store.Store) {
	r := newSource(7)
	file := func(id incidents.ID, source, sourceID string) error {
		inc := r.incident()
		inc.ID, inc.Record.Source, inc.Record.SourceID = id, source, sourceID
		_, _, err := s.CreateIncident(t.Context(), officer, inc)
		return err
	}
	a := incidents.NewID()
	check(t, file(a, "research", "7"))
	wantKind(t, file(incidents.NewID(), "research", "7"), fault.Conflict)
	check(t, file(incidents.NewID(), "other", "7"))
	check(t, file(incidents.NewID(), "research", ""))
	check(t, file(incidents.NewID(), "research", ""))
	inc := must(s.Incident(t.Context(), a, 0))(t)
	inc.Record.Title = "changed"
	_, err := s.ReviseIncident(t.Context(), officer, inc)
	check(t, err)
	wantKind(t, file(incidents.NewID(), "research", "7"), fault.Conflict)
	whole(t, s)
}

// testCollation: ids, sources and user names are compared exactly.
func testCollation(t *testing.T, s *store.Store) {
	r := newSource(8)
	for _, sourceID := range []string{"abc", "ABC", "abc ", "äbc", "a\u0308bc"} {
		inc := r.incident()
		inc.Record.Source, inc.Record.SourceID = "research", sourceID
		stored := create(t, s, inc)
		if got := must(s.IncidentBySource(t.Context(), "research", sourceID))(t); got.ID != stored.ID {
			t.Fatalf("%q found another incident", sourceID)
		}
	}
	_, err := s.IncidentBySource(t.Context(), "Research", "abc")
	wantKind(t, err, fault.NotFound)
	inc := create(t, s, r.incident())
	_, err = s.Incident(t.Context(), incidents.ID(strings.ToUpper(string(inc.ID))), 0)
	wantKind(t, err, fault.NotFound)
}

func testRecordedNeverGoesBack(t *testing.T, s *store.Store) {
	c := setClock(s, 0)
	r := newSource(9)
	first := create(t, s, r.incident())
	second := create(t, s, r.incident())
	if second.RecordedAt != first.RecordedAt+1 {
		t.Fatalf("with a clock that stands: %d after %d", second.RecordedAt, first.RecordedAt)
	}
	c.set(Begin.Add(-time.Hour))
	third := create(t, s, r.incident())
	if third.RecordedAt != second.RecordedAt+1 {
		t.Fatalf("with a clock set back: %d after %d", third.RecordedAt, second.RecordedAt)
	}
	whole(t, s)
}
