package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// changed lists a section of the page in short.
func changed(a answer, section string) string {
	return strings.Join(strings.Fields(a.doc.Find("[data-testid=changes-"+section+"]").Text()), " ")
}

// TestChanges: new, changed and retracted reports, calls, lines, clocks and the
// journal, since one's last sign-off or between two moments.
func TestChanges(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx := t.Context()
	by := access.Actor{Name: "supervisor", Role: access.Supervisor}
	find := func(id string) incidents.Incident {
		inc, err := s.store.IncidentBySource(ctx, "exercise", id)
		if err != nil {
			t.Fatal(err)
		}
		return inc
	}
	a := s.get(t, access.Officer, "/changes")
	if got := a.doc.Find("[data-testid=since]").Text(); !strings.Contains(got, "7 d") || strings.Contains(got, "sign-off") {
		t.Errorf("without a sign-off: %q", got)
	}
	if !strings.Contains(changed(a, "new"), "the first 50") {
		t.Errorf("an import is not told: %.80s", changed(a, "new"))
	}
	s.clock.Advance(time.Hour)
	form, _ := sheet(t, s.get(t, access.Officer, "/handover"))
	signAs(form, "officer", password)
	s.post(t, access.Officer, "/handover", form)
	form, _ = sheet(t, s.get(t, access.Supervisor, "/handover"))
	acceptAll(form)
	signAs(form, "supervisor", password)
	if a := s.post(t, access.Supervisor, "/handover/sign", form); a.status != 303 {
		t.Fatal(a.status, a.doc.Find("#errors").Text())
	}
	quiet := s.get(t, access.Officer, "/changes")
	if !strings.Contains(quiet.doc.Find("[data-testid=since]").Text(), "your last sign-off") || !strings.Contains(quiet.body, "Nothing has changed") {
		t.Errorf("right after the sign-off: %s", quiet.doc.Find("main").Text())
	}
	between := s.clock.Now().Add(time.Minute)

	s.clock.Advance(10 * time.Minute)
	waiting := find("2025-09-19-ee-mig31-vaindloo")
	s.post(t, access.Officer, "/contacts", url.Values{"id": {string(incidents.NewID())}, "kind": {"phone"}, "channel": {"desk to desk"}, "start": {incidents.FormatDTG(s.clock.Now())}, "outcome": {"connected"},
		"purpose": {"clarify"}, "marking": {"NATO UNCLASSIFIED"}, "exercise": {"yes"}, "incidents": {waiting.Number}, "relation": {"prompted_by"}})
	gone := find("2022-09-29-raf-rc135-missile")
	if a := s.post(t, access.Supervisor, "/incidents/"+string(gone.ID)+"/retract", url.Values{"reason": {"reported twice"}, "base": {"1"}}); a.status != 303 {
		t.Fatal(a.status)
	}
	edited := find("2024-06-14-se-su24-gotland")
	edited.Record.Title, edited.Reason = "Su-24 near Gotland", "title"
	if _, err := s.store.ReviseIncident(ctx, by, edited); err != nil {
		t.Fatal(err)
	}
	fresh := incidents.Incident{ID: incidents.NewID(), Status: incidents.Submitted, Record: incidents.Record{Title: "Su-27 buzzes a frigate", Severity: "high_risk", Absence: "own_log",
		Start: incidents.At(s.clock.Now(), incidents.Exact, ""), Marking: "NATO RESTRICTED"}, Derived: incidents.Place{Region: "baltic"}}
	if _, _, err := s.store.CreateIncident(ctx, by, fresh); err != nil {
		t.Fatal(err)
	}
	line, err := s.store.LineBySource(ctx, "research", "ch-nato-ru-mil")
	if err != nil {
		t.Fatal(err)
	}
	line.State, line.Reason = "down", "no dial tone"
	if _, err := s.store.ReviseLine(ctx, by, line); err != nil {
		t.Fatal(err)
	}
	s.post(t, access.Officer, "/journal", entry("Asked for the tower."))

	a = s.get(t, access.Officer, "/changes")
	for section, wants := range map[string][]string{
		"new": {"1 ", "Su-27 buzzes a frigate"}, "changed": {"1 ", "Su-24 near Gotland", "history"}, "retracted": {"1 ", gone.Number, "reported twice"},
		"contacts": {"1 ", "connected"}, "lines": {"in use, now down", "no dial tone"}, "entries": {"Asked for the tower."},
		"started": {"1 ", "Su-27 buzzes a frigate", "deadline"}, "stopped": {waiting.Number, "a call got through", gone.Number, "retracted"},
	} {
		for _, want := range wants {
			if got := changed(a, section); !strings.Contains(got, want) {
				t.Errorf("%s lacks %q: %s", section, want, got)
			}
		}
	}
	if got := a.doc.Find(".marking").First().Text(); !strings.Contains(got, "EXERCISE") || !strings.Contains(got, "NATO RESTRICTED") {
		t.Errorf("the banner says %s", got)
	}
	q := url.Values{"from": {incidents.FormatInstant(incidents.MillisOf(between.Add(-time.Minute)))}, "to": {between.Format(time.RFC3339)}}
	if a := s.get(t, access.Viewer, "/changes?"+q.Encode()); !strings.Contains(a.body, "Nothing has changed") {
		t.Errorf("between two moments: %s", a.doc.Find(".changes").Text())
	}
	for _, query := range []string{"?from=x", "?to=24+NOV+26", "?from=240400ZNOV26&to=240300ZNOV26", "?colour=red"} {
		if a := s.get(t, access.Viewer, "/changes"+query); a.status != 422 || a.doc.Find("#errors").Length() == 0 {
			t.Errorf("%s: %d", query, a.status)
		}
	}
}
