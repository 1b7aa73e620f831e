package storetest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
	"interceptlog/internal/watch"
)

func newEntry(text string) watch.Entry {
	return watch.Entry{ID: watch.EntryID(incidents.NewID()), Time: incidents.At(Begin, incidents.Exact, ""), Text: text}
}

// testEntries: numbered without a gap, written once, struck once, readable as
// of any moment.
func testEntries(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	ctx := t.Context()
	first, created, err := s.CreateEntry(ctx, officer, newEntry("Radar at Vardø is back."))
	check(t, err)
	second, _, err := s.CreateEntry(ctx, supervisor, newEntry("Watch told."))
	check(t, err)
	if !created || first.Number != 1 || second.Number != 2 || first.Author != "hansen" || first.Revision != 1 {
		t.Errorf("%v %+v %+v", created, first, second)
	}
	before := entries(t, s)
	again, created, err := s.CreateEntry(ctx, supervisor, watch.Entry{ID: first.ID, Text: "another"})
	if err != nil || created || entries(t, s) != before {
		t.Errorf("sent twice: %v %v", created, err)
	}
	same(t, "sent twice", again, first)

	struck := must(s.StrikeEntry(ctx, supervisor, first.ID, "wrong radar"))(t)
	if !struck.Struck || struck.Text != first.Text || struck.Author != "hansen" || struck.RecordedBy != "berg" || struck.Reason != "wrong radar" || struck.Number != 1 || struck.FirstRecordedAt != first.FirstRecordedAt {
		t.Errorf("%+v", struck)
	}
	_, err = s.StrikeEntry(ctx, supervisor, first.ID, "again")
	wantKind(t, err, fault.Conflict)
	_, err = s.StrikeEntry(ctx, supervisor, "nothing", "x")
	wantKind(t, err, fault.NotFound)
	same(t, "before the strike", must(s.Entry(ctx, first.ID, struck.RecordedAt-1))(t), first)
	same(t, "now", must(s.Entry(ctx, first.ID, 0))(t), struck)
	page := must(s.Journal(ctx, watch.JournalFilter{AsOf: struck.RecordedAt - 1}))(t)
	same(t, "the journal before the strike", *page.Rows[1].Entry, first)

	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, _, err := s.CreateEntry(ctx, officer, newEntry("at once")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i, r := range must(s.Journal(ctx, watch.JournalFilter{Oldest: true}))(t).Rows {
		if r.Entry.Number != i+1 {
			t.Errorf("row %d has the number %d", i, r.Entry.Number)
		}
	}
	whole(t, s)
}

// marks lists the events of a page in short.
func marks(rows []watch.Row) (list []string) {
	for _, r := range rows {
		list = append(list, r.Kind+" "+strings.ReplaceAll(r.Mark(), fmt.Sprint("A", r.Seq), "A")+" "+r.Event())
	}
	return list
}

// testJournal: entries of people and what the log itself tells, in the order in
// which they were written down; nothing that an import wrote.
func testJournal(t *testing.T, s *store.Store) {
	c := setClock(s, time.Second)
	ctx, r := t.Context(), newSource(80)
	importer := access.Actor{Name: "cli:import", Role: access.Administrator}
	imported := r.incident()
	imported.Record.Source, imported.Record.SourceID = "research", "7"
	_, _, err := s.CreateIncident(ctx, importer, imported)
	check(t, err)
	line, _, err := s.CreateLine(ctx, officer, hotline.Line{ID: "line", Name: "NATO–RU MIL", Short: "MIL", State: "in_use"})
	check(t, err)
	inc := r.incident()
	inc.Record.Title = "Su-27 over Åland"
	inc.Record.Source, inc.Status = "", incidents.Submitted
	inc = create(t, s, inc)
	_, _, err = s.CreateEntry(ctx, officer, newEntry("Ring from Karup, 12 min."))
	check(t, err)
	_, err = s.SetWorkflow(ctx, officer, incidents.Workflow{IncidentID: inc.ID, Action: "hold", Holder: "hansen"})
	check(t, err)
	c.set(Begin.Add(time.Hour))
	line.State, line.Reason = "down", "no dial tone"
	_, err = s.ReviseLine(ctx, supervisor, line)
	check(t, err)
	_, _, err = s.CreateLineEvent(ctx, officer, hotline.LineEvent{ID: "event", LineID: "line", Kind: "fault", From: incidents.MillisOf(Begin), Note: "mast struck"})
	check(t, err)
	_, _, err = s.CreateContact(ctx, officer, hotline.Contact{ID: "call", Outcome: "no_answer", Purpose: "clarify", Channel: hotline.Channel{Name: "MIL", Kind: "phone"}, Start: incidents.At(Begin, incidents.Exact, "")}, nil)
	check(t, err)

	all := []string{
		"contact A Call MIL: no answer",
		"line A Line MIL: fault from 240300ZNOV26",
		"line A Line MIL: in use, now down",
		"entry 1 Ring from Karup, 12 min.",
		"report A Report " + inc.Number + ": Su-27 over Åland",
		"line A Line MIL entered, in use",
	}
	ask := func(f watch.JournalFilter) []string { return marks(must(s.Journal(ctx, f))(t).Rows) }
	same(t, "all", ask(watch.JournalFilter{}), all)
	same(t, "the oldest first", ask(watch.JournalFilter{Oldest: true, Limit: 1}), all[5:])
	same(t, "by kind", ask(watch.JournalFilter{Kinds: []string{"entry", "report"}}), all[3:5])
	same(t, "by no kind there is", ask(watch.JournalFilter{Kinds: []string{"x"}}), nil)
	same(t, "by who", ask(watch.JournalFilter{Who: "berg"}), all[2:3])
	same(t, "from", ask(watch.JournalFilter{From: incidents.MillisOf(Begin.Add(time.Hour))}), all[:3])
	same(t, "to", ask(watch.JournalFilter{To: incidents.MillisOf(Begin.Add(time.Hour))}), all[3:])
	same(t, "words", ask(watch.JournalFilter{Q: "aland su-27"}), all[4:5])
	same(t, "words of an entry", ask(watch.JournalFilter{Q: "KAR ring"}), all[3:4])
	same(t, "words of what was done", ask(watch.JournalFilter{Q: "dial tone"}), all[2:3])
	same(t, "no words", ask(watch.JournalFilter{Q: "…"}), nil)

	var walked []string
	f := watch.JournalFilter{Limit: 2}
	for range 4 {
		page := must(s.Journal(ctx, f))(t)
		walked = append(walked, marks(page.Rows)...)
		if f.After = page.Next; f.After == "" {
			break
		}
	}
	same(t, "page by page", walked, all)
	_, err = s.Journal(ctx, watch.JournalFilter{After: "x"})
	wantKind(t, err, fault.Invalid)
	_, err = s.Journal(ctx, watch.JournalFilter{Limit: 501})
	wantKind(t, err, fault.Invalid)
}

// testShifts: revised and called off, found by the time in which they run.
func testShifts(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	ctx := t.Context()
	at := func(h int) watch.Millis { return incidents.MillisOf(Begin.Add(time.Duration(h) * time.Hour)) }
	night := watch.Shift{ID: "night", Name: "Night watch", From: at(0), To: at(8), Officers: []string{"hansen"}}
	day := watch.Shift{ID: "day", Name: "Day watch", From: at(8), To: at(16), Officers: []string{"berg"}}
	for _, sh := range []watch.Shift{day, night} {
		_, created, err := s.CreateShift(ctx, supervisor, sh)
		if err != nil || !created {
			t.Fatal(created, err)
		}
	}
	stored, created, err := s.CreateShift(ctx, officer, night)
	if err != nil || created || stored.RecordedBy != "berg" {
		t.Errorf("sent twice: %v %v %+v", created, err, stored)
	}
	names := func(f watch.ShiftFilter) (list []string) {
		for _, sh := range must(s.Shifts(ctx, f))(t) {
			list = append(list, sh.Name)
		}
		return list
	}
	same(t, "all", names(watch.ShiftFilter{}), []string{"Night watch", "Day watch"})
	same(t, "at the change", names(watch.ShiftFilter{From: at(8), To: at(8) + 1}), []string{"Day watch"})
	stored.Officers, stored.Reason = []string{"hansen", "berg"}, "two are needed"
	two := must(s.ReviseShift(ctx, supervisor, stored))(t)
	_, err = s.ReviseShift(ctx, supervisor, stored)
	wantKind(t, err, fault.Conflict)
	two.Cancelled = true
	off := must(s.ReviseShift(ctx, supervisor, two))(t)
	same(t, "without the one called off", names(watch.ShiftFilter{}), []string{"Day watch"})
	same(t, "with it", names(watch.ShiftFilter{Cancelled: true}), []string{"Night watch", "Day watch"})
	same(t, "before that", names(watch.ShiftFilter{AsOf: off.RecordedAt - 1}), []string{"Night watch", "Day watch"})
	_, err = s.Shift(ctx, "nothing", 0)
	wantKind(t, err, fault.NotFound)
	whole(t, s)
}

// testHandovers: one at a time, saved and signed, then frozen.
func testHandovers(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	ctx := t.Context()
	_, err := s.OpenHandover(ctx)
	wantKind(t, err, fault.NotFound)
	h := must(s.SaveHandover(ctx, officer, watch.Handover{ID: "one", State: watch.Draft, Leaving: "nobody yet", Watch: "Two <tankers> off Hanko", Items: []watch.Item{{Key: "incident/x", Name: "2026-0001"}}}))(t)
	if h.Leaving != "" || h.Revision != 1 {
		t.Errorf("a draft is signed: %+v", h)
	}
	same(t, "the open one", must(s.OpenHandover(ctx))(t), h)
	_, err = s.SaveHandover(ctx, supervisor, watch.Handover{ID: "two", State: watch.Draft})
	wantKind(t, err, fault.Conflict)
	stale := h
	h.State, h.Leaving = watch.Offered, "hansen"
	h = must(s.SaveHandover(ctx, officer, h))(t)
	_, err = s.SaveHandover(ctx, officer, stale)
	wantKind(t, err, fault.Conflict)
	h.State, h.Arriving, h.Items[0].Answer = watch.Signed, "berg", "accepted"
	h = must(s.SaveHandover(ctx, supervisor, h))(t)
	if h.OfferedAt == 0 || h.SignedAt <= h.OfferedAt || h.Revision != 3 {
		t.Errorf("%+v", h)
	}
	frozen := must(s.Handover(ctx, "one", 0))(t)
	same(t, "as stored", frozen, h)
	content, err := watch.Canonical(frozen)
	check(t, err)
	if watch.Hash(content) != frozen.SHA256 || !strings.Contains(string(content), "<tankers>") {
		t.Errorf("the hash %s is not that of %s", frozen.SHA256, content)
	}
	_, err = s.SaveHandover(ctx, supervisor, h)
	wantKind(t, err, fault.Conflict)
	detail := ""
	check(t, s.EachEntry(ctx, 1, func(e access.Entry) error {
		if e.Action == "handover.sign" {
			detail = e.Detail
		}
		return nil
	}))
	if !strings.Contains(detail, frozen.SHA256) {
		t.Errorf("the audit entry does not name the hash: %s", detail)
	}

	two := must(s.SaveHandover(ctx, supervisor, watch.Handover{ID: "two", State: watch.Draft}))(t)
	two.State = watch.Dropped
	two = must(s.SaveHandover(ctx, supervisor, two))(t)
	two.State = watch.Draft
	_, err = s.SaveHandover(ctx, supervisor, two)
	wantKind(t, err, fault.Conflict)
	same(t, "the last of berg", must(s.LastHandover(ctx, "berg", 0))(t).ID, watch.HandoverID("one"))
	_, err = s.LastHandover(ctx, "lind", 0)
	wantKind(t, err, fault.NotFound)
	_, err = s.LastHandover(ctx, "", h.SignedAt)
	wantKind(t, err, fault.NotFound)
	if list := must(s.Handovers(ctx, 0, 0))(t); len(list) != 1 || list[0].ID != "one" {
		t.Errorf("%d handovers", len(list))
	}
	whole(t, s)
}
