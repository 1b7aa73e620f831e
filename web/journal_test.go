package web_test

import (
	"encoding/csv"
	"net/url"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
	"interceptlog/internal/watch"
)

// entry fills the form of a journal entry.
func entry(text string) url.Values {
	return url.Values{"id": {string(incidents.NewID())}, "time": {"240310ZNOV26"}, "text": {text}, "marking": {"NATO UNCLASSIFIED"}}
}

// events lists what a page of the journal says happened.
func events(a answer) (list []string) {
	for _, row := range a.doc.Find("[data-testid=journal-row] .told").EachIter() {
		list = append(list, strings.Join(strings.Fields(row.Text()), " "))
	}
	return list
}

func TestJournal(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if a := s.get(t, access.Viewer, "/journal"); a.status != 200 || len(events(a)) != 0 {
		t.Errorf("an import is in the journal: %d %v", a.status, events(a))
	}
	inc, err := s.store.IncidentBySource(t.Context(), "exercise", "2018-02-14-mock-attack-vardo")
	if err != nil {
		t.Fatal(err)
	}
	s.clock.Advance(45 * time.Minute)
	f := entry("Radar at Vardø reports a fault.")
	f.Set("done", "Asked the operator")
	f.Set("told", "the duty technician")
	f.Set("incidents", inc.Number)
	a := s.post(t, access.Officer, "/journal", f)
	if a.status != 303 || a.header.Get("Location") != "/journal#entry-1" {
		t.Fatalf("%d %s", a.status, a.header.Get("Location"))
	}
	if a := s.post(t, access.Officer, "/journal", f); a.status != 303 {
		t.Errorf("sent twice: %d", a.status)
	}
	s.post(t, access.Supervisor, "/journal", entry("Understood."))
	page := s.get(t, access.Viewer, "/journal")
	if got := page.doc.Find("[data-testid=journal-row]").Length(); got != 2 {
		t.Fatalf("%d rows, want 2: %v", got, events(page))
	}
	row := page.doc.Find("#row-" + strings.TrimPrefix(page.doc.Find("[data-testid=journal-row]").Last().AttrOr("id", ""), "row-"))
	for _, want := range []string{"1", "240310Z", "entered 47 min after", "Radar at Vardø", inc.Number, "Asked the operator. Told the duty technician", "officer", "exercise"} {
		if !strings.Contains(row.Text(), want) {
			t.Errorf("the row lacks %q: %s", want, row.Text())
		}
	}
	if page.doc.Find(".marking.exercise").Length() == 0 {
		t.Error("no exercise banner over an entry of an exercise")
	}
	for query, want := range map[string]int{"?q=vardo": 1, "?q=technician+radar": 1, "?q=nothing": 0, "?who=supervisor": 1, "?kind=entry": 2, "?kind=line": 0, "?from=240350ZNOV26": 2, "?to=240350ZNOV26": 0} {
		if got := len(events(s.get(t, access.Viewer, "/journal"+query))); got != want {
			t.Errorf("%s: %d rows, want %d", query, got, want)
		}
	}
	for _, query := range []string{"?kind=x", "?from=tomorrowish", "?colour=red", "?form=1595", "?as_of=x"} {
		if a := s.get(t, access.Viewer, "/journal"+query); a.status != 422 || a.doc.Find("#errors").Length() == 0 {
			t.Errorf("%s: %d", query, a.status)
		}
	}
	// A report, a call and a line follow by themselves.
	s.post(t, access.Officer, "/contacts", aCall("no_answer"))
	if got := events(s.get(t, access.Viewer, "/journal?kind=contact")); len(got) != 1 || !strings.Contains(got[0], "no answer") {
		t.Errorf("calls: %v", got)
	}
}

// aCall fills the form of a call by telephone.
func aCall(outcome string) url.Values {
	return url.Values{"id": {string(incidents.NewID())}, "kind": {"phone"}, "channel": {"desk to desk"}, "start": {"240350ZNOV26"}, "outcome": {outcome}, "purpose": {"clarify"}, "marking": {"NATO UNCLASSIFIED"}}
}

func TestJournalEntryRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	f := entry("")
	f.Set("time", "yesterdayish")
	f.Set("incidents", "2099-0001")
	f.Set("contacts", "/contacts/nonsense")
	f.Set("told", "the chief")
	a := s.post(t, access.Officer, "/journal", f)
	if a.status != 422 {
		t.Fatal(a.status)
	}
	for _, id := range []string{"time", "text", "incidents", "contacts"} {
		if a.doc.Find(`#errors a[href="#`+id+`"]`).Length() != 1 || a.doc.Find("#"+id+"[aria-invalid]").Length() != 1 {
			t.Errorf("no message leads to %s", id)
		}
	}
	if a.doc.Find("#told").AttrOr("value", "") != "the chief" || a.doc.Find("#time").AttrOr("value", "") != "yesterdayish" {
		t.Error("what was typed is gone")
	}
	f = entry("x")
	f.Set("time", "250310ZNOV26")
	if a := s.post(t, access.Officer, "/journal", f); a.status != 422 || !strings.Contains(a.body, "lies in the future") {
		t.Errorf("a time to come: %d", a.status)
	}
	f.Set("id", "lost")
	f.Set("time", "now")
	if a := s.post(t, access.Officer, "/journal", f); a.status != 422 || !strings.Contains(a.body, "new id now") {
		t.Errorf("a lost id: %d", a.status)
	}
	inc, err := s.store.IncidentBySource(t.Context(), "exercise", "2018-02-14-mock-attack-vardo")
	if err != nil {
		t.Fatal(err)
	}
	a = s.get(t, access.Officer, "/journal/new?incident="+string(inc.ID))
	if a.doc.Find("#incidents").AttrOr("value", "") != inc.Number || a.doc.Find("[name=exercise][checked]").Length() != 1 {
		t.Error("the form is not about the incident of the page")
	}
	if got := s.get(t, access.Officer, "/incidents/"+string(inc.ID)).doc.Find(`#onwatch [data-key="w"]`).AttrOr("href", ""); got != "/journal/new?incident="+string(inc.ID) {
		t.Errorf("w leads to %q", got)
	}
}

func TestJournalStrike(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	f := entry("Line 3 is down.")
	s.post(t, access.Officer, "/journal", f)
	path := "/journal/" + f.Get("id")
	before := s.clock.Now().Add(30 * time.Second)
	s.clock.Advance(time.Minute)
	if a := s.post(t, access.Officer, path+"/strike", url.Values{}); a.status != 422 || a.doc.Find("#reason[aria-invalid]").Length() != 1 {
		t.Errorf("without a reason: %d", a.status)
	}
	if a := s.post(t, access.Officer, path+"/strike", url.Values{"reason": {"it was line 4"}}); a.status != 303 {
		t.Fatal(a.status)
	}
	if a := s.post(t, access.Supervisor, path+"/strike", url.Values{"reason": {"again"}}); a.status != 409 {
		t.Errorf("struck twice: %d", a.status)
	}
	for _, address := range []string{"/journal", "/journal?form=1594", path} {
		a := s.get(t, access.Viewer, address)
		if a.doc.Find("del").Text() != "Line 3 is down." || !strings.Contains(a.body, "it was line 4") {
			t.Errorf("%s does not show the struck entry with its reason", address)
		}
	}
	if a := s.get(t, access.Viewer, "/journal?as_of="+before.Format(time.RFC3339)); a.doc.Find("del").Length() != 0 || len(events(a)) != 1 {
		t.Error("as of before, the entry is struck or missing")
	}
	other := entry("Mine.")
	s.post(t, access.Supervisor, "/journal", other)
	if a := s.post(t, access.Officer, "/journal/"+other.Get("id")+"/strike", url.Values{"reason": {"not mine"}}); a.status != 403 {
		t.Errorf("an officer strikes a supervisor's entry: %d", a.status)
	}
}

func TestJournal1594(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	now := incidents.MillisOf(s.clock.Now())
	_, _, err := s.store.CreateShift(t.Context(), access.Actor{Name: "supervisor", Role: access.Supervisor}, watch.Shift{ID: watch.ShiftID(incidents.NewID()), Name: "Night watch", From: now - 3_600_000, To: now + 3_600_000, Officers: []string{"officer"}})
	if err != nil {
		t.Fatal(err)
	}
	s.post(t, access.Officer, "/journal", entry("First."))
	s.clock.Advance(time.Minute)
	s.post(t, access.Supervisor, "/journal", entry("Second."))
	a := s.get(t, access.Viewer, "/journal?form=1594")
	var heads, cells []string
	for _, th := range a.doc.Find("[data-testid=form-1594] thead th").EachIter() {
		heads = append(heads, th.Text())
	}
	if got := strings.Join(heads, "|"); got != "Item|Time|Incidents, messages, orders, etc.|Action taken|Initials" {
		t.Errorf("columns %s", got)
	}
	for _, td := range a.doc.Find("[data-testid=form-1594] tbody td").EachIter() {
		cells = append(cells, strings.Join(strings.Fields(td.Text()), " "))
	}
	if got := strings.Join(cells, "|"); got != "1|240310ZNOV26|First.||OFFI|2|240310ZNOV26|Second.||SUPE" {
		t.Errorf("cells %s", got)
	}
	if got := a.doc.Find("[data-testid=form-head]").Text(); !strings.Contains(got, "Night watch") || !strings.Contains(got, "240212Z") {
		t.Errorf("head %s", got)
	}
	if got := a.doc.Find("[data-testid=watch]").Text(); got != "Night watch: officer until 0412Z" {
		t.Errorf("the strip says %q", got)
	}
}

func TestJournalCSV(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	f := entry("=1+1, \"so he said\"")
	f.Set("told", "the chief")
	s.post(t, access.Officer, "/journal", f)
	for range 3 {
		s.post(t, access.Officer, "/journal", entry("more"))
	}
	if a := s.get(t, access.Viewer, "/journal/csv"); a.status != 403 {
		t.Errorf("a viewer exports: %d", a.status)
	}
	a := s.get(t, access.Analyst, "/journal/csv?q=said")
	records, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil || len(records) != 2 {
		t.Fatalf("%v %v", err, records)
	}
	if got := strings.Join(append(records[1][:3], records[1][4:10]...), "|"); got != `1|entry|240310ZNOV26||'=1+1, "so he said"||the chief|OFFI|officer` {
		t.Errorf("record %s", got)
	}
	var actions []string
	err = s.store.EachEntry(t.Context(), 1, func(e access.Entry) error {
		if strings.HasPrefix(e.Action, "export.") {
			actions = append(actions, e.Action+" "+e.Detail)
		}
		return nil
	})
	if err != nil || len(actions) != 2 || !strings.Contains(actions[1], `"count":1`) {
		t.Errorf("audit: %v %v", err, actions)
	}
}
