package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

const callForm = `[data-testid="call-form"]`

// exercise finds one of the exercise incidents, which are set around the start.
func (s *site) exercise(t *testing.T, sourceID string) incidents.Incident {
	t.Helper()
	inc, err := s.store.IncidentBySource(context.Background(), "exercise", sourceID)
	if err != nil {
		t.Fatal(err)
	}
	return inc
}

// startCall opens the page before a call and presses its first button.
func startCall(t *testing.T, s *site, role access.Role, ask string) (id string) {
	t.Helper()
	a := s.get(t, role, ask)
	if a.status != http.StatusOK {
		t.Fatalf("%s: %d", ask, a.status)
	}
	form := formOf(t, a.doc, `[data-testid="call-new"]`)
	line, _ := a.doc.Find(`[data-testid="start"]`).Attr("value")
	form.Set("line", line)
	got := s.post(t, role, "/calls", form)
	id, ok := strings.CutPrefix(got.header.Get("Location"), "/calls/")
	if got.status != http.StatusSeeOther || !ok {
		t.Fatalf("start: %d %s\n%s", got.status, got.header.Get("Location"), got.body)
	}
	if again := s.post(t, role, "/calls", form); again.header.Get("Location") != got.header.Get("Location") {
		t.Errorf("a second click began another call: %s", again.header.Get("Location"))
	}
	return id
}

// endCall fills the form of a call and sends it.
func endCall(t *testing.T, s *site, role access.Role, id string, with url.Values) answer {
	t.Helper()
	form := formOf(t, s.get(t, role, "/calls/"+id).doc, callForm)
	for name, values := range with {
		form[name] = values
	}
	return s.post(t, role, "/calls/"+id, form)
}

// TestCallNoAnswer: the line that is proposed, nobody answers, the next one is
// proposed and the retry is on record.
func TestCallNoAnswer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	inc := s.exercise(t, "2022-09-29-raf-rc135-missile")
	ask := "/calls/new?incident=" + string(inc.ID)
	first := s.get(t, access.Officer, ask).doc.Find(`[data-testid="proposed"] h2`).Text()
	id := startCall(t, s, access.Officer, ask)
	if text := s.get(t, access.Viewer, "/").doc.Find("#calls").Text(); !strings.Contains(text, "officer, "+first) {
		t.Errorf("the board does not say who is in a call: %q", text)
	}
	s.clock.Advance(90*time.Second + 500*time.Millisecond)
	if text := s.get(t, access.Officer, "/calls/"+id).doc.Find(`[data-testid="running"]`).Text(); strings.TrimSpace(text) != "1:30" {
		t.Errorf("the clock says %q", text)
	}
	a := endCall(t, s, access.Officer, id, url.Values{"outcome": {"no_answer"}})
	next := a.header.Get("Location")
	if a.status != http.StatusSeeOther || !strings.HasPrefix(next, "/calls/new?after="+id) {
		t.Fatalf("%d %s\n%s", a.status, next, a.body)
	}
	k, err := s.store.Contact(context.Background(), hotline.ContactID(id), 0)
	if err != nil || k.Outcome != "no_answer" || k.RetryAt != incidents.MillisOf(start.Add(90*time.Second+500*time.Millisecond+10*time.Minute)) || len(k.Incidents) != 1 || k.Incidents[0].Link.Relation != "prompted_by" || !k.Exercise {
		t.Errorf("%v %+v", err, k)
	}
	page := s.get(t, access.Officer, next).doc
	if text := page.Find(`[data-testid="after"]`).Text(); !strings.Contains(text, "No answer: ") || !strings.Contains(text, "Call again at") {
		t.Errorf("after it: %q", text)
	}
	if second := page.Find(`[data-testid="proposed"] h2`).Text(); second == first || second == "" {
		t.Errorf("after %q the next line is %q", first, second)
	}
	if a := s.get(t, access.Officer, "/calls/"+id); a.header.Get("Location") != "/contacts/"+id {
		t.Errorf("the page of a call that is over: %d %s", a.status, a.header.Get("Location"))
	}
	// Sent twice it is the same contact.
	if a := s.post(t, access.Officer, "/calls/"+id, url.Values{"outcome": {"refused"}}); a.header.Get("Location") != next {
		t.Errorf("sent twice: %d %s", a.status, a.header.Get("Location"))
	}
	if text := s.get(t, access.Viewer, "/").doc.Find("#calls").Text(); strings.TrimSpace(text) != "" {
		t.Errorf("a call that is over is on the board: %q", text)
	}
}

// TestCallServesThree: one call, three incidents, all linked, and an answer
// that is awaited.
func TestCallServesThree(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	inc := s.exercise(t, "2018-02-14-mock-attack-vardo")
	id := startCall(t, s, access.Officer, "/calls/new?incident="+string(inc.ID))
	page := s.get(t, access.Officer, "/calls/"+id).doc
	offered := page.Find(`[data-testid="waiting"] button`)
	if offered.Length() == 0 {
		t.Fatal("no other incident of the region is offered")
	}
	form := formOf(t, page, callForm)
	form.Set("summary", "They are listening.")
	form.Set("callee", "Lt Petrov")
	add, _ := offered.First().Attr("value")
	form.Set("add", add)
	a := s.post(t, access.Officer, "/calls/"+id, form)
	if a.status != http.StatusOK || a.doc.Find(`[data-testid="about"]`).Length() < 2 || a.doc.Find("#summary").Text() != "They are listening." {
		t.Fatalf("add: %d, %d about, notes %q", a.status, a.doc.Find(`[data-testid="about"]`).Length(), a.doc.Find("#summary").Text())
	}
	if v, _ := a.doc.Find("#callee").Attr("value"); v != "Lt Petrov" {
		t.Errorf("what was typed is gone: %q", v)
	}
	third := s.exercise(t, "2025-09-19-ee-mig31-vaindloo")
	form = formOf(t, a.doc, callForm)
	form.Set("incidents", third.Number)
	form.Set("do", "add")
	if a = s.post(t, access.Officer, "/calls/"+id, form); a.status != http.StatusOK {
		t.Fatalf("add by number: %d", a.status)
	}
	form.Set("incidents", "2026-9999")
	if bad := s.post(t, access.Officer, "/calls/"+id, form); bad.status != http.StatusUnprocessableEntity || !strings.Contains(bad.doc.Find("#errors").Text(), "no incident") {
		t.Errorf("a number that nobody has: %d", bad.status)
	}
	s.clock.Advance(4 * time.Minute)
	end := endCall(t, s, access.Officer, id, url.Values{"outcome": {"connected"}, "expect_what": {"why the transponder was off"}, "expect_by": {"2 h"}})
	if end.status != http.StatusSeeOther || end.header.Get("Location") != "/incidents/"+string(inc.ID) {
		t.Fatalf("end: %d %s\n%s", end.status, end.header.Get("Location"), end.doc.Find("#errors").Text())
	}
	ctx := context.Background()
	k, err := s.store.Contact(ctx, hotline.ContactID(id), 0)
	if err != nil || len(k.Incidents) != 3 || k.Summary != "They are listening." || k.RetryAt != 0 || k.Start.From >= k.End.From {
		t.Errorf("%v %+v", err, k)
	}
	list, err := s.store.Expectations(ctx, hotline.ExpectationFilter{ContactID: k.ID})
	if err != nil || len(list) != 1 || list[0].State != "open" || list[0].DueAt != incidents.MillisOf(start.Add(4*time.Minute+2*time.Hour)) {
		t.Errorf("%v %+v", err, list)
	}
}

// TestCallRefusals: everything that is wrong is said at once, what was typed
// stays, and the call goes on.
func TestCallRefusals(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := startCall(t, s, access.Officer, "/calls/new")
	a := endCall(t, s, access.Officer, id, url.Values{"outcome": {"connected"}, "expect_what": {"why"}, "expect_by": {"soon"}, "callee": {"Petrov"}})
	text := a.doc.Find("#errors").Text()
	for _, want := range []string{"say in a sentence what was said", "“soon” is no time to come"} {
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(text, want) {
			t.Errorf("%d lacks %q: %s", a.status, want, text)
		}
	}
	if v, _ := a.doc.Find("#callee").Attr("value"); v != "Petrov" {
		t.Errorf("what was typed is gone: %q", v)
	}
	if a := endCall(t, s, access.Officer, id, url.Values{"outcome": {"no_answer"}, "retry_at": {"230000ZNOV26"}}); !strings.Contains(a.doc.Find("#retry_at-err").Text(), "is past") {
		t.Errorf("a retry in the past: %d %s", a.status, a.doc.Find("#errors").Text())
	}
	if a := endCall(t, s, access.Officer, id, url.Values{"outcome": {"refused"}, "expect_what": {"why"}, "expect_by": {"1 h"}}); !strings.Contains(a.doc.Find("#errors").Text(), "Nobody was asked") {
		t.Errorf("an answer from nobody: %d %s", a.status, a.doc.Find("#errors").Text())
	}
	if a := endCall(t, s, access.Officer, id, url.Values{"outcome": {"announced"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("announced: %d", a.status)
	}
	if a := s.post(t, access.Officer, "/calls/"+id+"/drop", url.Values{}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.doc.Find("#reason-err").Text(), "wrong row") {
		t.Errorf("dropped without a reason: %d", a.status)
	}
	if a := s.post(t, access.Officer, "/calls/"+id+"/drop", url.Values{"reason": {"wrong row"}}); a.status != http.StatusSeeOther {
		t.Errorf("drop: %d", a.status)
	}
	if a := s.get(t, access.Officer, "/calls/"+id); a.status != http.StatusNotFound {
		t.Errorf("a dropped call: %d", a.status)
	}
	// Real and exercise never share a call.
	real, exercise := s.bySource(t, "2022-09-29-raf-rc135-missile"), s.exercise(t, "2022-09-29-raf-rc135-missile")
	both := s.post(t, access.Officer, "/calls", url.Values{"id": {string(incidents.NewID())}, "incidents": {real.Number + ", " + exercise.Number}})
	if both.status != http.StatusUnprocessableEntity || !strings.Contains(both.doc.Find("#errors").Text(), "exercise") {
		t.Errorf("an exercise and a real one: %d", both.status)
	}
}

// TestCallNotes: kept as they are typed, by their owner, and the later ones
// hold.
func TestCallNotes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := startCall(t, s, access.Officer, "/calls/new")
	put := func(role access.Role, notes, seq, owner string) int {
		return s.put(t, role, "/calls/"+id+"/notes", url.Values{"summary": {notes}, "seq": {seq}, "owner": {owner}}).status
	}
	for _, tt := range []struct {
		role              access.Role
		notes, seq, owner string
		want              int
	}{
		{access.Officer, "rings", "5", "officer", http.StatusOK},
		{access.Officer, "ri", "4", "officer", http.StatusOK},
		{access.Supervisor, "x", "9", "officer", http.StatusConflict},
		{access.Officer, "x", "later", "", http.StatusUnprocessableEntity},
		{access.Viewer, "x", "9", "", http.StatusForbidden},
	} {
		if got := put(tt.role, tt.notes, tt.seq, tt.owner); got != tt.want {
			t.Errorf("%s, %q: %d, want %d", tt.role, tt.notes, got, tt.want)
		}
	}
	if text := s.get(t, access.Officer, "/calls/"+id).doc.Find("#summary").Text(); text != "rings" {
		t.Errorf("notes are %q", text)
	}
	// The button of a page without scripts is later than what was sent before.
	a := endCall(t, s, access.Officer, id, url.Values{"summary": {"rings still"}, "do": {"keep"}})
	if call, err := s.store.OpenCall(context.Background(), hotline.ContactID(id)); err != nil || call.Notes != "rings still" || a.status != http.StatusOK {
		t.Errorf("%d %v %+v", a.status, err, call)
	}
	// A supervisor may end the call of another.
	if a := endCall(t, s, access.Supervisor, id, url.Values{"outcome": {"no_answer"}, "retry_at": {""}}); a.status != http.StatusSeeOther {
		t.Errorf("by a supervisor: %d", a.status)
	}
	if k, _ := s.store.Contact(context.Background(), hotline.ContactID(id), 0); k.RetryAt != 0 || k.Summary != "rings still" {
		t.Errorf("%+v", k.Contact)
	}
}

// TestSheetsOfTheSample: the sheets of every incident on record leave no slot
// open, in any language.
func TestSheetsOfTheSample(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	s := newSite(t)
	n := 0
	err := s.store.EachCase(context.Background(), incidents.Filter{Exercise: "include"}, hotline.At{Now: incidents.MillisOf(start)}, false, func(c *hotline.Case) error {
		for _, l := range hotline.SheetLanguages {
			sheet, _ := hotline.Shipped(l.Code)
			for _, notation := range []string{"", "dms", "mgrs", "georef"} {
				n++
				for _, p := range sheet.Render(hotline.SheetFacts{Caller: "Lind", Line: "NATO–RU MIL", Notation: notation, Incidents: []incidents.Incident{c.Incident}}) {
					for _, line := range p.Lines {
						if strings.ContainsAny(line, "{}") || strings.TrimSpace(line) == "" || strings.Contains(line, "  ") || strings.Contains(line, ": .") || strings.Contains(line, ", .") {
							t.Errorf("%s of %s: %q", l.Code, c.Incident.Number, line)
						}
					}
				}
			}
		}
		return nil
	})
	if err != nil || n < 115*8 {
		t.Errorf("%d sheets, %v", n, err)
	}
}

// TestExpectations: opened on the page of a contact, answered by another one,
// dropped with a reason, all errors at once.
func TestExpectations(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	asked, _ := logged(t, s, "/contacts/new", url.Values{"kind": {"phone"}, "outcome": {"connected"}})
	form := func() url.Values {
		return formOf(t, s.get(t, access.Officer, "/contacts/"+asked).doc, `[data-testid="expect"]`)
	}
	at := "/contacts/" + asked + "/expectations"
	bad := s.post(t, access.Officer, at, form())
	if text := bad.doc.Find("#errors").Text(); bad.status != http.StatusUnprocessableEntity || !strings.Contains(text, "What is to be answered") || !strings.Contains(text, "By") {
		t.Errorf("empty: %d %s", bad.status, text)
	}
	for _, what := range []string{"why the transponder was off", "who flew it"} {
		f := form()
		f.Set("expect_what", what)
		f.Set("expect_by", "2 h")
		for range 2 {
			if a := s.post(t, access.Officer, at, f); a.status != http.StatusSeeOther {
				t.Fatalf("open: %d", a.status)
			}
		}
	}
	list, err := s.store.Expectations(context.Background(), hotline.ExpectationFilter{Open: true})
	if err != nil || len(list) != 2 {
		t.Fatalf("%v %+v", err, list)
	}
	page := s.get(t, access.Viewer, "/contacts/"+asked).doc.Find(`[data-testid="expected"]`)
	if page.Find("[data-countdown]").Length() != 2 || page.Find("form").Length() != 0 {
		t.Errorf("a viewer sees %d countdowns and %d forms", page.Find("[data-countdown]").Length(), page.Find("form").Length())
	}
	s.clock.Advance(time.Minute)
	reply, _ := logged(t, s, "/contacts/new", url.Values{"kind": {"letter"}, "outcome": {"replied"}})
	settle := func(i int, with url.Values) answer {
		with.Set("base", "1")
		return s.post(t, access.Officer, "/expectations/"+string(list[i].ID), with)
	}
	if a := settle(0, url.Values{"do": {"answer"}, "answer": {"x"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.doc.Find("#errors").Text(), "Choose the contact") {
		t.Errorf("answered by nothing: %d", a.status)
	}
	if a := settle(0, url.Values{"do": {"answer"}, "answer": {reply}}); a.status != http.StatusSeeOther {
		t.Errorf("answered: %d", a.status)
	}
	if a := settle(0, url.Values{"do": {"drop"}, "reason": {"x"}}); a.status != http.StatusConflict {
		t.Errorf("dropped after it was answered: %d", a.status)
	}
	if a := settle(1, url.Values{"do": {"drop"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("dropped without a reason: %d", a.status)
	}
	if a := settle(1, url.Values{"do": {"drop"}, "reason": {"said in public"}}); a.status != http.StatusSeeOther {
		t.Errorf("dropped: %d", a.status)
	}
	text := s.get(t, access.Viewer, "/contacts/"+asked).doc.Find(`[data-testid="expected"]`).Text()
	for _, want := range []string{"answered by officer", "dropped by officer", "said in public"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q: %s", want, text)
		}
	}
	if list, _ := s.store.Expectations(context.Background(), hotline.ExpectationFilter{Open: true}); len(list) != 0 {
		t.Errorf("still open: %+v", list)
	}
}

// TestSheetApproval: Russian ships as a draft and says so in a call until a
// supervisor approves it; changed words are a draft again.
func TestSheetApproval(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := startCall(t, s, access.Officer, "/calls/new?incident="+string(s.exercise(t, "2025-09-19-ee-mig31-vaindloo").ID))
	draft := func() bool {
		sheet := s.get(t, access.Officer, "/calls/"+id).doc.Find(`[data-testid="sheet-ru"]`)
		if !strings.Contains(sheet.Text(), "Говорит дежурный офицер") {
			t.Fatalf("no Russian sheet: %q", sheet.Text())
		}
		return strings.Contains(sheet.Text(), "draft, not approved")
	}
	if !draft() {
		t.Error("it ships as approved")
	}
	if a := s.post(t, access.Officer, "/sheets/ru/approve", url.Values{"base": {"0"}}); a.status != http.StatusForbidden {
		t.Errorf("approved by an officer: %d", a.status)
	}
	if a := s.post(t, access.Supervisor, "/sheets/ru/approve", url.Values{"base": {"0"}}); a.status != http.StatusSeeOther {
		t.Fatalf("approve: %d", a.status)
	}
	if a := s.post(t, access.Supervisor, "/sheets/ru/approve", url.Values{"base": {"0"}}); a.status != http.StatusConflict {
		t.Errorf("approved twice: %d", a.status)
	}
	if draft() || !strings.Contains(s.get(t, access.Viewer, "/sheets").doc.Find(`[data-testid="card-ru"]`).Text(), "approved by supervisor") {
		t.Error("approved, and does not say so")
	}
	form := formOf(t, s.get(t, access.Supervisor, "/sheets/ru/edit").doc, `[data-testid="sheet-form"]`)
	form.Set("number", "Номер {numero}.")
	form.Set("closing", "")
	bad := s.post(t, access.Supervisor, "/sheets/ru", form)
	if text := bad.doc.Find("#errors").Text(); bad.status != http.StatusUnprocessableEntity || !strings.Contains(text, "{numero}") || !strings.Contains(text, "Say something") || !strings.Contains(text, "Say in a few words why") {
		t.Errorf("%d %s", bad.status, text)
	}
	form.Set("number", "Номер {number}.")
	form.Set("closing", "Конец.")
	form.Set("reason", "shorter")
	if a := s.post(t, access.Supervisor, "/sheets/ru", form); a.status != http.StatusSeeOther {
		t.Fatalf("save: %d", a.status)
	}
	if !draft() || !strings.Contains(s.get(t, access.Officer, "/calls/"+id).doc.Find(`[data-testid="sheet-ru"]`).Text(), "Конец.") {
		t.Error("changed words are not a draft, or not there")
	}
	if a := s.post(t, access.Supervisor, "/sheets/ru", form); a.status != http.StatusConflict {
		t.Errorf("saved from an old revision: %d", a.status)
	}
}
