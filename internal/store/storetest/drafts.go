package storetest

import (
	"testing"
	"time"

	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

func testDrafts(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	ctx := t.Context()
	before := entries(t, s)
	key := incidents.NewID()
	first := must(s.SaveDraft(ctx, incidents.Unfinished{Owner: "olsen", Key: key, Form: "start=1630", Place: "start:4:4", Seq: 10}))(t)
	if first.Form != "start=1630" || first.BegunAt == 0 || first.SavedAt != first.BegunAt {
		t.Fatalf("kept as %+v", first)
	}
	// A save that was overtaken on its way changes nothing.
	late := must(s.SaveDraft(ctx, incidents.Unfinished{Owner: "olsen", Key: key, Form: "start=16", Seq: 9}))(t)
	if late.Form != "start=1630" || late.Seq != 10 {
		t.Errorf("an older save won: %+v", late)
	}
	second := must(s.SaveDraft(ctx, incidents.Unfinished{Owner: "olsen", Key: key, Form: "start=1630Z", Seq: 11}))(t)
	if second.Form != "start=1630Z" || second.BegunAt != first.BegunAt || second.SavedAt <= first.SavedAt {
		t.Errorf("kept as %+v", second)
	}
	// The same key of another person is another draft.
	_, err := s.Draft(ctx, "berg", key)
	wantKind(t, err, fault.NotFound)
	must(s.SaveDraft(ctx, incidents.Unfinished{Owner: "berg", Key: key, Form: "start=now", Seq: 1}))(t)
	if own, whole := must(s.Drafts(ctx, "olsen"))(t), must(s.Drafts(ctx, ""))(t); len(own) != 1 || len(whole) != 2 || whole[0].Owner != "berg" {
		t.Errorf("own %+v, of everybody %+v", own, whole)
	}
	check(t, s.DropDraft(ctx, "olsen", key))
	check(t, s.DropDraft(ctx, "olsen", key))
	if own := must(s.Drafts(ctx, "olsen"))(t); len(own) != 0 {
		t.Errorf("dropped, but there: %+v", own)
	}
	for range incidents.MaxDrafts {
		must(s.SaveDraft(ctx, incidents.Unfinished{Owner: "lind", Key: incidents.NewID(), Seq: 1}))(t)
	}
	_, err = s.SaveDraft(ctx, incidents.Unfinished{Owner: "lind", Key: incidents.NewID(), Seq: 1})
	wantKind(t, err, fault.Conflict)

	check(t, s.SetPreference(ctx, "olsen", "keys", "off"))
	check(t, s.SetPreference(ctx, "olsen", "notation", "mgrs"))
	check(t, s.SetPreference(ctx, "olsen", "notation", "utm"))
	check(t, s.SetPreference(ctx, "olsen", "keys", ""))
	if set := must(s.Preferences(ctx, "olsen"))(t); len(set) != 1 || set["notation"] != "utm" {
		t.Errorf("preferences %v", set)
	}
	if after := entries(t, s); after != before {
		t.Errorf("drafts and preferences left %d audit entries", after-before)
	}
}
