package storetest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/store"
)

// testAuditEntries asks the chain by every filter, against the same worked out
// from all of it.
func testAuditEntries(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	ctx := t.Context()
	rules := hotline.DefaultRules()
	for _, reason := range []string{"agreed at the yearly consultation", "Sjøgrense moved, agreed again"} {
		must(s.SetPolicy(ctx, supervisor, hotline.Policy{Rules: rules, Reason: reason}))(t)
	}
	for i := range 130 {
		who, action, subject := officer, "incident.create", "incident/a"
		switch i % 5 {
		case 1:
			who, action, subject = supervisor, "incident.verify", "incident/b"
		case 2:
			action, subject = "export.start", "incidents"
		case 3:
			action, subject = "contact.create", "contact/a"
		}
		check(t, s.Audit(ctx, who, action, subject, nil))
	}
	var chain []access.Entry
	check(t, s.EachEntry(ctx, 1, func(e access.Entry) error {
		chain = append(chain, e)
		return nil
	}))
	middle := chain[60].At
	for name, c := range map[string]struct {
		f    access.AuditFilter
		fits func(e access.Entry) bool
	}{
		"all":        {access.AuditFilter{}, func(access.Entry) bool { return true }},
		"actor":      {access.AuditFilter{Actor: "berg"}, func(e access.Entry) bool { return e.Actor == "berg" }},
		"action":     {access.AuditFilter{Action: "export.start"}, func(e access.Entry) bool { return e.Action == "export.start" }},
		"kind":       {access.AuditFilter{Kind: "incident"}, func(e access.Entry) bool { return strings.HasPrefix(e.Subject, "incident/") }},
		"whole kind": {access.AuditFilter{Kind: "incidents"}, func(e access.Entry) bool { return e.Subject == "incidents" }},
		"subjects": {access.AuditFilter{Subjects: []string{"incident/b", "contact/a"}}, func(e access.Entry) bool {
			return e.Subject == "incident/b" || e.Subject == "contact/a"
		}},
		"from":    {access.AuditFilter{From: middle}, func(e access.Entry) bool { return e.At >= middle }},
		"to":      {access.AuditFilter{To: middle}, func(e access.Entry) bool { return e.At < middle }},
		"between": {access.AuditFilter{From: middle + 1, To: middle + 9000, Actor: "hansen"}, func(e access.Entry) bool { return e.At > middle && e.At < middle+9000 && e.Actor == "hansen" }},
		"later":   {access.AuditFilter{From: chain[len(chain)-1].At + 1}, func(access.Entry) bool { return false }},
		"three":   {access.AuditFilter{Actor: "hansen", Action: "incident.create", Kind: "incident"}, func(e access.Entry) bool { return e.Action == "incident.create" }},
		"none":    {access.AuditFilter{Actor: "berg", Action: "export.start"}, func(access.Entry) bool { return false }},
		"word":    {access.AuditFilter{Words: "AGREED"}, func(e access.Entry) bool { return e.Action == "policy.set" && e.Actor == "berg" }},
		"words":   {access.AuditFilter{Words: "sjogrense agr", Actor: "berg"}, func(e access.Entry) bool { return e.Subject == "policy/3" }},
		"no word": {access.AuditFilter{Words: "hansen"}, func(access.Entry) bool { return false }},
		"no sign": {access.AuditFilter{Words: "—"}, func(access.Entry) bool { return false }},
	} {
		var want, got []int64
		for _, e := range slices.Backward(chain) {
			if c.fits(e) {
				want = append(want, e.Seq)
			}
		}
		// Forward by pages of seven, and back again from the last of them.
		f, pages := c.f, 0
		f.Limit = 7
		var last access.AuditPage
		for {
			page := must(s.AuditEntries(ctx, f))(t)
			if page.Newer != (pages > 0) {
				t.Errorf("%s: page %d says newer %v", name, pages, page.Newer)
			}
			for _, e := range page.Entries {
				got = append(got, e.Seq)
			}
			pages, last = pages+1, page
			if !page.Older {
				break
			}
			f.Before = page.Entries[len(page.Entries)-1].Seq
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		if pages < 2 {
			continue
		}
		f.Before, f.After = 0, last.Entries[0].Seq
		back := must(s.AuditEntries(ctx, f))(t)
		at := slices.Index(want, last.Entries[0].Seq)
		if len(back.Entries) != 7 || back.Entries[0].Seq != want[at-7] || back.Newer != (at > 7) || !back.Older {
			t.Errorf("%s: back from %d: %+v", name, f.After, back)
		}
	}
	page := must(s.AuditEntries(ctx, access.AuditFilter{Action: "policy.set"}))(t)
	reasons := make([]string, len(page.Entries))
	for i, e := range page.Entries {
		reasons[i] = e.Reason
	}
	if want := []string{"Sjøgrense moved, agreed again", "agreed at the yearly consultation", "the default rules of a new log"}; !slices.Equal(reasons, want) {
		t.Errorf("reasons %q", reasons)
	}
	if !strings.Contains(page.Entries[0].Detail, `"reason":"Sjøgrense moved, agreed again"`) {
		t.Errorf("the entry does not hold its reason: %s", page.Entries[0].Detail)
	}
	_, err := s.AuditEntries(ctx, access.AuditFilter{Limit: 501})
	wantKind(t, err, fault.Invalid)
	same(t, "words", must(s.AuditWords(ctx))(t), access.AuditWords{Actors: []string{"berg", "hansen", "system"},
		Actions: []string{"contact.create", "export.start", "incident.create", "incident.verify", "policy.set"}, Kinds: []string{"contact", "incident", "incidents", "policy"}})
	whole(t, s)
}
