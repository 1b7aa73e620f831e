package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/alarm"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

func raise(key string, kind alarm.Kind) alarm.Alert {
	return alarm.Alert{ID: alarm.IDOf(key), Action: alarm.Raised, Kind: kind, Active: true, RaisedAt: incidents.MillisOf(Begin),
		Situation: alarm.Situation{Key: key, Kind: kind, Title: "Line " + key, Facts: []string{"It is down."}, Action: "Test the line", Link: "/lines/a"}}
}

// testAlerts: versioned, read as of a moment, in the audit, and shown as long
// as they stand.
func testAlerts(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	ctx := t.Context()
	same(t, "none", must(s.Alerts(ctx, 0))(t), nil)
	first := must(s.WriteAlert(ctx, officer, raise("line/a", alarm.Warning)))(t)
	if first.Revision != 1 || first.RecordedBy != "hansen" || first.RecordedAt == 0 {
		t.Fatalf("%+v", first)
	}
	seen := first
	seen.Action, seen.AckedAt, seen.AckedBy, seen.Remark = alarm.Acknowledged, first.RecordedAt+1, "berg", "calling"
	seen = must(s.WriteAlert(ctx, supervisor, seen))(t)
	_, err := s.WriteAlert(ctx, officer, first)
	wantKind(t, err, fault.Conflict)
	same(t, "now", must(s.Alerts(ctx, 0))(t), []alarm.Alert{seen})
	same(t, "before it was seen", must(s.Alerts(ctx, seen.RecordedAt-1))(t), []alarm.Alert{first})
	same(t, "by id", must(s.Alert(ctx, first.ID, 0))(t), seen)
	same(t, "by id before", must(s.Alert(ctx, first.ID, first.RecordedAt))(t), first)

	over := seen
	over.Action, over.Active = alarm.Rectified, false
	over = must(s.WriteAlert(ctx, officer, over))(t)
	same(t, "over", must(s.Alerts(ctx, 0))(t), nil)
	same(t, "over, as of before", must(s.Alerts(ctx, over.RecordedAt-1))(t), []alarm.Alert{seen})
	_, err = s.Alert(ctx, "nothing", 0)
	wantKind(t, err, fault.NotFound)

	var actions []string
	check(t, s.EachEntry(ctx, 2, func(e access.Entry) error {
		actions = append(actions, fmt.Sprint(e.Actor, " ", e.Action, " ", e.Subject == "alarm/"+first.ID, " ", countRows(e.Detail, "alert_rev")))
		return nil
	}))
	same(t, "entries", actions, []string{"hansen alarm.raised true 1", "berg alarm.acknowledged true 1", "hansen alarm.rectified true 1"})
	whole(t, s)
}

// testAlertOnce: eight who raise the same at once raise it once.
func testAlertOnce(t *testing.T, s *store.Store) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := s.WriteAlert(t.Context(), officer, raise("line/a", alarm.Alarm)); err != nil && !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := must(s.AlertLog(t.Context(), alarm.LogFilter{Exercise: "include"}))(t).Total; n != 1 {
		t.Errorf("%d entries", n)
	}
	whole(t, s)
}

// testAlertLog: filtered, newest first, in pages that join without a gap.
func testAlertLog(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	ctx := t.Context()
	same(t, "first of none", must(s.FirstAlert(ctx))(t), 0)
	var all []alarm.Alert
	for i := range 7 {
		a := raise(fmt.Sprint("line/", i%3), alarm.Warning)
		if i >= 3 {
			a = all[i-3]
			a.Action = []alarm.Action{alarm.Acknowledged, alarm.Escalated, alarm.Changed}[i%3]
		}
		a.Situation.Exercise = i%3 == 2
		by := officer
		if a.Action == alarm.Acknowledged {
			by = supervisor
		}
		all = append(all, must(s.WriteAlert(ctx, by, a))(t))
	}
	log := func(f alarm.LogFilter) (revs []string) {
		for {
			page := must(s.AlertLog(ctx, f))(t)
			for _, a := range page.Entries {
				revs = append(revs, fmt.Sprint(a.Situation.Key, " ", a.Revision))
			}
			if f.After = page.Next; f.After == "" {
				if page.Total != len(revs) && f.Limit == 2 {
					t.Errorf("total %d of %d", page.Total, len(revs))
				}
				return revs
			}
		}
	}
	everything := []string{"line/0 3", "line/2 2", "line/1 2", "line/0 2", "line/2 1", "line/1 1", "line/0 1"}
	same(t, "all", log(alarm.LogFilter{Exercise: "include"}), everything)
	same(t, "by two", log(alarm.LogFilter{Exercise: "include", Limit: 2}), everything)
	same(t, "real", log(alarm.LogFilter{}), []string{"line/0 3", "line/1 2", "line/0 2", "line/1 1", "line/0 1"})
	same(t, "by a person", log(alarm.LogFilter{Exercise: "include", By: "berg"}), []string{"line/0 3", "line/0 2"})
	same(t, "by action", log(alarm.LogFilter{Exercise: "include", Actions: []string{"escalated"}}), []string{"line/1 2"})
	same(t, "of one", log(alarm.LogFilter{Exercise: "include", AlertID: alarm.IDOf("line/2")}), []string{"line/2 2", "line/2 1"})
	same(t, "between", log(alarm.LogFilter{Exercise: "include", From: all[1].RecordedAt, To: all[3].RecordedAt}), []string{"line/2 1", "line/1 1"})
	same(t, "as of", log(alarm.LogFilter{Exercise: "include", AsOf: all[1].RecordedAt}), []string{"line/1 1", "line/0 1"})
	same(t, "kind", log(alarm.LogFilter{Kinds: []string{"alarm"}}), nil)
	_, err := s.AlertLog(ctx, alarm.LogFilter{After: "x"})
	wantKind(t, err, fault.Invalid)

	calls := must(s.AlertCalls(ctx, 0, incidents.Forever, false))(t)
	same(t, "calls", calls, []alarm.Call{{At: all[0].RecordedAt, Kind: alarm.Warning}, {At: all[1].RecordedAt, Kind: alarm.Warning}, {At: all[4].RecordedAt, Kind: alarm.Warning}})
	same(t, "with exercises", len(must(s.AlertCalls(ctx, 0, incidents.Forever, true))(t)), 4)
	same(t, "from and to", len(must(s.AlertCalls(ctx, all[1].RecordedAt, all[4].RecordedAt, false))(t)), 1)
	same(t, "first", must(s.FirstAlert(ctx))(t), all[0].RecordedAt)
}

// testLastHeard: the newest of our own that got through, retracted and
// imported ones left out.
func testLastHeard(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	ctx := t.Context()
	for _, id := range []hotline.LineID{"a", "b"} {
		_, _, err := s.CreateLine(ctx, supervisor, hotline.Line{ID: id, Name: string(id), State: "in_use"})
		check(t, err)
	}
	put := func(id string, hour int, change func(*hotline.Contact)) {
		k := hotline.Contact{ID: hotline.ContactID(id), LineID: "a", Channel: hotline.Channel{Kind: "phone"}, Purpose: "line_test", Outcome: "connected", Start: incidents.At(Begin.Add(time.Duration(hour)*time.Hour), incidents.Exact, "")}
		change(&k)
		_, _, err := s.CreateContact(ctx, officer, k, nil)
		check(t, err)
	}
	put("first", 1, func(*hotline.Contact) {})
	put("second", 2, func(k *hotline.Contact) { k.Purpose = "clarify" })
	put("in vain", 3, func(k *hotline.Contact) { k.Outcome = "no_answer" })
	put("retracted", 4, func(k *hotline.Contact) { k.Retracted = true })
	put("imported", 5, func(k *hotline.Contact) { k.Source, k.SourceID = "research", "x" })
	heard := must(s.LastHeard(ctx))(t)
	if len(heard) != 1 || heard["a"].ID != "second" {
		t.Errorf("%+v", heard)
	}
}
