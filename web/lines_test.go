package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// selection keeps the signatures of walks over a page short.
type selection = goquery.Selection

func TestLines(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	if a := s.get(t, access.Viewer, "/lines"); a.status != http.StatusOK || a.doc.Find(".empty").Length() != 2 {
		t.Fatalf("an empty register: %d", a.status)
	}
	line := addLine(t, s, "NJHQ", "phone")
	other := addLine(t, s, "DCL", "message")
	test, _ := logged(t, s, "/contacts/new?purpose=line_test&line="+string(line.ID), url.Values{"outcome": {"connected"}})
	call, _ := logged(t, s, "/contacts/new?line="+string(line.ID), url.Values{"outcome": {"refused"}})
	a := s.get(t, access.Viewer, "/lines")
	row := a.doc.Find("[data-testid=lines] tbody tr").FilterFunction(func(_ int, r *selection) bool { return strings.Contains(r.Text(), "NJHQ") })
	for label, want := range map[string]string{"Last test": "/contacts/" + test, "Last contact": "/contacts/" + call} {
		if got := row.Find("td[data-l='"+label+"'] a").AttrOr("href", ""); got != want {
			t.Errorf("%s: %q, want %q", label, got, want)
		}
	}
	for _, want := range []string{"in use", "phone", "24 h", "weekly", "Line NJHQ"} {
		if !strings.Contains(row.Text(), want) {
			t.Errorf("the row lacks %q", want)
		}
	}
	if rows := a.doc.Find("[data-testid=contacts] tbody tr").Length(); rows != 1 {
		t.Errorf("%d contacts under the register; the test is one too many", rows)
	}
	_ = other
}

func TestLinePage(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	line := addLine(t, s, "NJHQ", "phone")
	path := "/lines/" + string(line.ID)
	for i, outcome := range []string{"connected", "no_answer", "not_used", "refused"} {
		logged(t, s, "/contacts/new?line="+string(line.ID), url.Values{"outcome": {outcome}, "summary": {outcome + " it was"}})
		if i == 0 {
			logged(t, s, "/contacts/new?purpose=line_test&line="+string(line.ID), url.Values{"outcome": {"connected"}})
		}
	}
	logged(t, s, "/contacts/new?exercise=1&line="+string(line.ID), url.Values{"outcome": {"connected"}})
	a := s.get(t, access.Viewer, path)
	share := strings.Join(strings.Fields(a.doc.Find("[data-testid=share]").Text()), " ")
	if a.status != http.StatusOK || share != "1 of 3 6 to 79 %" {
		t.Fatalf("%d, got through %q; want 1 of 3, its bounds and no percentage", a.status, share)
	}
	if tests := wordsOf(a.doc.Find("[data-testid=share-tests]")); tests != "1 of 1 21 to 100 %" {
		t.Errorf("tests %q", tests)
	}
	for _, want := range []string{"Line NJHQ", "24 h", "weekly", "en, ru", "2015-05", "For the two staffs.", "tested", "Baltic", "NATO – Russia", "Where it stands", "A paper", "ch-NJHQ", string(line.ID), "first entry", "no_answer it was"} {
		if !strings.Contains(a.doc.Find("main").Text(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if link := a.doc.Find("a[href='https://example.org/line']"); link.AttrOr("rel", "") != "noopener noreferrer" {
		t.Error("the source is no safe link")
	}
	with := s.get(t, access.Viewer, path+"?exercise=include")
	if share = strings.Join(strings.Fields(with.doc.Find("[data-testid=share]").Text()), " "); share != "2 of 4 15 to 85 %" || !strings.Contains(with.doc.Find(".marking").Text(), "EXERCISE") {
		t.Errorf("with exercises: %q", share)
	}
	changed := line
	changed.State, changed.Reason = "down", "no carrier"
	if _, err := s.store.ReviseLine(t.Context(), access.Actor{Name: "cli:test", Role: access.Administrator}, changed); err != nil {
		t.Fatal(err)
	}
	history := s.get(t, access.Viewer, path).doc.Find("[data-testid=history]").Text()
	if !strings.Contains(history, "no carrier") || !strings.Contains(history, "not working") && !strings.Contains(history, "down") {
		t.Errorf("history: %s", history)
	}
	for _, p := range []string{"/lines/x", "/lines/00000000-0000-7000-8000-000000000000"} {
		if a := s.get(t, access.Viewer, p); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", p, a.status)
		}
	}
}

func TestLineShareBearsAPercentage(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	line := addLine(t, s, "NJHQ", "phone")
	for i := range 20 {
		outcome := "connected"
		if i%4 == 0 {
			outcome = "no_answer"
		}
		logged(t, s, "/contacts/new?line="+string(line.ID), url.Values{"outcome": {outcome}})
	}
	if share := strings.Join(strings.Fields(s.get(t, access.Viewer, "/lines/"+string(line.ID)).doc.Find("[data-testid=share]").Text()), " "); share != "15 of 20 75 % 53 to 89 %" {
		t.Errorf("got through %q", share)
	}
	_ = hotline.Line{}
}

// sendForm fills the form of a page with what is changed, and sends it.
func sendForm(t *testing.T, s *site, role access.Role, page, selector, to string, change url.Values) answer {
	t.Helper()
	a := s.get(t, role, page)
	if a.status != http.StatusOK {
		t.Fatalf("%s: %d %s", page, a.status, saidOf(a))
	}
	v := formOf(t, a.doc, selector)
	for k, x := range change {
		v[k] = x
	}
	if to == "" {
		to = a.doc.Find(selector).AttrOr("action", "")
	}
	return s.post(t, role, to, v)
}

func TestLineIsEnteredAndEdited(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	const form = "form[data-testid=line-form]"
	a := sendForm(t, s, access.Supervisor, "/lines/new", form, "", url.Values{"name": {""}, "parties": {"NO"}, "tests": {"weekly"}})
	if a.status != http.StatusUnprocessableEntity || a.doc.Find("#errors li").Length() != 5 || a.doc.Find("#tests").AttrOr("value", "") != "weekly" || !strings.Contains(wordsOf(a.doc.Find("#errors")), "weekly WED 1000Z") {
		t.Fatalf("%d: %s", a.status, saidOf(a))
	}
	good := url.Values{"name": {"Joint HQ – Northern Fleet"}, "short": {"NJHQ"}, "parties": {"no ru"}, "kind": {"voip"}, "regions": {"norwegian"}, "number": {"+47 1"},
		"notation": {"dms"}, "tests": {"weekly wed 1000z"}, "languages": {"en ru"}, "reach": {"ask for the duty officer"}}
	v := formOf(t, s.get(t, access.Supervisor, "/lines/new").doc, form)
	for k, x := range good {
		v[k] = x
	}
	a = s.post(t, access.Supervisor, "/lines", v)
	path := a.header.Get("Location")
	if again := s.post(t, access.Supervisor, "/lines", v); a.status != http.StatusSeeOther || again.header.Get("Location") != path {
		t.Fatalf("%d %s; sent twice: %s", a.status, path, again.header.Get("Location"))
	}
	page := s.get(t, access.Supervisor, path)
	for _, want := range []string{"Joint HQ – Northern Fleet", "+47 1", "ask for the duty officer", "degrees, minutes and seconds", "weekly WED 1000Z: next Wed "} {
		if !strings.Contains(wordsOf(page.doc.Find("main")), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if page.doc.Find("[data-key=e]").AttrOr("href", "") != path+"/edit" || s.get(t, access.Officer, path).doc.Find("[data-key=e]").Length() != 0 {
		t.Error("the way to the form is not for those who may, and for them alone")
	}

	stale := formOf(t, s.get(t, access.Supervisor, path+"/edit").doc, form)
	if a = sendForm(t, s, access.Supervisor, path+"/edit", form, "", url.Values{"state": {"suspended"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(saidOf(a), "Reason") {
		t.Errorf("without a reason: %d %s", a.status, saidOf(a))
	}
	if a = sendForm(t, s, access.Supervisor, path+"/edit", form, "", url.Values{"state": {"suspended"}, "hours": {"24 h"}, "reason": {"by letter"}}); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, saidOf(a))
	}
	page = s.get(t, access.Viewer, path)
	if history := wordsOf(page.doc.Find("[data-testid=history]")); !strings.Contains(history, "by letter") || !strings.Contains(history, "State in use → suspended") {
		t.Errorf("history: %s", history)
	}
	stale.Set("hours", "office hours")
	stale.Set("number", "+47 2")
	stale.Set("reason", "moved")
	a = s.post(t, access.Supervisor, path, stale)
	if a.status != http.StatusConflict || a.doc.Find("#conflict").Length() != 1 || !strings.Contains(wordsOf(a.doc.Find("#conflict")), "Hours") || a.doc.Find("#number").AttrOr("value", "") != "+47 2" || a.doc.Find("#state option[selected]").AttrOr("value", "") != "suspended" {
		t.Fatalf("an old revision: %d %s", a.status, saidOf(a))
	}
	if a = s.post(t, access.Supervisor, path, formOf(t, a.doc, form)); a.status != http.StatusSeeOther {
		t.Errorf("after it was seen: %d %s", a.status, saidOf(a))
	}
}

func TestLineEvents(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	line := addLine(t, s, "NJHQ", "phone")
	path := "/lines/" + string(line.ID)
	state := func() string {
		t.Helper()
		return wordsOf(s.get(t, access.Viewer, path).doc.Find("[data-testid=line-state]"))
	}
	strip := func() string { return wordsOf(s.get(t, access.Viewer, "/contacts").doc.Find("#lines")) }
	if got := state(); got != "in use" {
		t.Fatalf("at first %q", got)
	}
	const quick, form = "form[data-testid=quick-event]", "form[data-testid=event-form]"
	if a := sendForm(t, s, access.Officer, path, quick, "", nil); a.status != http.StatusSeeOther {
		t.Fatalf("a fault now: %d %s", a.status, saidOf(a))
	}
	since := "fault since " + s.clock.Now().UTC().Format("021504Z")
	if got := state(); got != since {
		t.Errorf("after the fault %q, want %q", got, since)
	}
	if got := strip(); !strings.Contains(got, "NJHQ "+since) {
		t.Errorf("the strip says %q", got)
	}
	board := s.get(t, access.Viewer, "/")
	if got := wordsOf(board.doc.Find("[data-testid=board-lines]")); !strings.Contains(got, since) {
		t.Errorf("the board says %q", got)
	}
	before := s.clock.Now()
	s.clock.Advance(time.Hour)
	if a := sendForm(t, s, access.Officer, path, quick, "", nil); a.status != http.StatusSeeOther {
		t.Fatalf("restored now: %d %s", a.status, saidOf(a))
	}
	if got := state(); got != "in use" {
		t.Errorf("after it was restored %q", got)
	}
	old := s.get(t, access.Viewer, path+"?as_of="+url.QueryEscape(before.Add(time.Minute).UTC().Format(time.RFC3339)))
	if got := wordsOf(old.doc.Find("[data-testid=line-state]")); got != since || old.doc.Find(form).Length() != 0 {
		t.Errorf("as it was %q", got)
	}

	// What is planned is listed, and not in force before its time.
	dtg := func(d time.Duration) string { return incidents.FormatDTG(s.clock.Now().Add(d)) }
	a := sendForm(t, s, access.Officer, path, form, "", url.Values{"kind": {"planned_outage"}, "from": {dtg(3 * time.Hour)}, "to": {dtg(2 * time.Hour)}, "note": {"new cable"}})
	if a.status != http.StatusUnprocessableEntity || a.doc.Find("#note").AttrOr("value", "") != "new cable" || a.doc.Find("#errors a[href='#to']").Length() != 1 {
		t.Fatalf("the wrong way round: %d %s", a.status, saidOf(a))
	}
	if a = sendForm(t, s, access.Officer, path, form, "", url.Values{"kind": {"planned_outage"}, "from": {dtg(3 * time.Hour)}, "to": {dtg(5 * time.Hour)}, "note": {"new cable"}, "who": {"the exchange"}}); a.status != http.StatusSeeOther {
		t.Fatalf("planned: %d %s", a.status, saidOf(a))
	}
	begins := s.clock.Now().Add(3 * time.Hour).UTC().Format("021504Z")
	if got := state(); got != "in use · planned outage "+begins {
		t.Errorf("with a planned outage %q", got)
	}
	s.clock.Advance(4 * time.Hour)
	if got := state(); !strings.HasPrefix(got, "planned outage until ") {
		t.Errorf("within it %q", got)
	}
	s.clock.Advance(2 * time.Hour)
	if got := state(); got != "in use" {
		t.Errorf("behind it %q", got)
	}

	// A correction is a revision with its reason; another line knows nothing of it.
	page := s.get(t, access.Officer, path)
	if n := page.doc.Find("[data-testid=line-events] tbody tr").Length(); n != 3 {
		t.Fatalf("%d events", n)
	}
	event := page.doc.Find("[data-testid=line-events] tbody tr a").First().AttrOr("href", "")
	if a = sendForm(t, s, access.Officer, event, form, "", url.Values{"note": {"a new cable"}}); a.status != http.StatusUnprocessableEntity || a.doc.Find("#errors a[href='#reason']").Length() != 1 {
		t.Errorf("without a reason: %d %s", a.status, saidOf(a))
	}
	if a = sendForm(t, s, access.Officer, event, form, "", url.Values{"note": {"a new cable"}, "reason": {"spelling"}}); a.status != http.StatusSeeOther {
		t.Errorf("corrected: %d %s", a.status, saidOf(a))
	}
	if history := wordsOf(s.get(t, access.Officer, event).doc.Find("[data-testid=history]")); !strings.Contains(history, "spelling") || !strings.Contains(history, "Note new cable → a new cable") {
		t.Errorf("history: %s", history)
	}
	if a = sendForm(t, s, access.Officer, event, form, "", url.Values{"retract": {"yes"}, "reason": {"another line"}}); a.status != http.StatusSeeOther {
		t.Errorf("taken back: %d %s", a.status, saidOf(a))
	}
	if got := wordsOf(s.get(t, access.Officer, path).doc.Find("[data-testid=line-events] tbody tr").First()); !strings.Contains(got, "taken back") || !strings.Contains(got, "another line") {
		t.Errorf("taken back it says %q", got)
	}
	other := addLine(t, s, "DCL", "message")
	if a = s.get(t, access.Officer, strings.Replace(event, string(line.ID), string(other.ID), 1)); a.status != http.StatusNotFound {
		t.Errorf("under another line: %d", a.status)
	}
}

// TestLineTestInTwoKeys: due, made, failed, and what follows.
func TestLineTestInTwoKeys(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	line := addLine(t, s, "NJHQ", "phone")
	s.clock.Advance(time.Hour)
	at := s.clock.Now().Add(10 * time.Minute).UTC()
	line.Tests, line.Reason = hotline.Schedule{At: []int{at.Hour()*60 + at.Minute()}}, "for the test"
	if _, err := s.store.ReviseLine(t.Context(), access.Actor{Name: "cli:test", Role: access.Administrator}, line); err != nil {
		t.Fatal(err)
	}
	strip := func() string { return wordsOf(s.get(t, access.Viewer, "/contacts").doc.Find("#lines")) }
	due := "NJHQ test due " + at.Format("021504Z")
	if got := strip(); !strings.Contains(got, due) {
		t.Fatalf("the strip says %q, want %q", got, due)
	}
	list := s.get(t, access.Officer, "/lines")
	row := list.doc.Find("[data-testid=line-row]")
	if got := wordsOf(row); !strings.Contains(got, "test due") || !strings.Contains(got, "next "+at.Format("021504Z")) || !strings.Contains(wordsOf(list.doc.Find(".count")), "1 test to make") {
		t.Errorf("the register says %q", got)
	}
	link := row.Find("[data-key=t]").AttrOr("href", "")
	page := s.get(t, access.Officer, link)
	for key, outcome := range map[string]string{"o": "connected", "f": "line_fault", "n": "no_answer"} {
		if b := page.doc.Find("button[data-key=" + key + "]"); b.AttrOr("name", "") != "outcome" || b.AttrOr("value", "") != outcome {
			t.Errorf("key %s: %s", key, b.AttrOr("value", "no button"))
		}
	}
	const form = "form[data-testid=test-form]"
	if a := sendForm(t, s, access.Officer, link, form, "", nil); a.status != http.StatusUnprocessableEntity || a.doc.Find("#errors a[href='#outcome']").Length() != 1 {
		t.Errorf("without an outcome: %d %s", a.status, saidOf(a))
	}
	a := sendForm(t, s, access.Officer, link, form, "", url.Values{"outcome": {"connected"}})
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/lines" {
		t.Fatalf("%d to %s: %s", a.status, a.header.Get("Location"), saidOf(a))
	}
	if got := strip(); strings.Contains(got, "test") {
		t.Errorf("after the test the strip says %q", got)
	}
	s.clock.Advance(24 * time.Hour)
	if got := strip(); !strings.Contains(got, due[:len("NJHQ test due")]) {
		t.Errorf("a day later the strip says %q", got)
	}
	s.clock.Advance(time.Hour)
	if got := strip(); !strings.Contains(got, "NJHQ test missed ") {
		t.Errorf("an hour later the strip says %q", got)
	}

	path := "/lines/" + string(line.ID)
	a = sendForm(t, s, access.Officer, path+"/test?from=lines", form, "", url.Values{"outcome": {"line_fault"}, "note": {"a tone"}})
	if a.status != http.StatusSeeOther || a.header.Get("Location") != path {
		t.Fatalf("a failed test: %d to %s", a.status, a.header.Get("Location"))
	}
	if got := strip(); !strings.Contains(got, "NJHQ test failed ") {
		t.Errorf("the strip says %q", got)
	}
	notice := s.get(t, access.Officer, path).doc.Find(".notice")
	if !strings.Contains(wordsOf(notice), "line fault") || notice.Find("form").Length() != 1 {
		t.Fatalf("nothing is offered: %s", wordsOf(notice))
	}
	if a = sendForm(t, s, access.Officer, path, ".notice form", "", nil); a.status != http.StatusSeeOther {
		t.Fatalf("the fault: %d %s", a.status, saidOf(a))
	}
	again := s.get(t, access.Officer, path)
	if got := wordsOf(again.doc.Find("[data-testid=line-state]")); !strings.HasPrefix(got, "fault since ") || !strings.Contains(got, "test failed") {
		t.Errorf("the line says %q", got)
	}
	if again.doc.Find(".notice form").Length() != 0 {
		t.Error("a fault is offered where one is in force")
	}
	if share := wordsOf(again.doc.Find("[data-testid=share-tests]")); !strings.HasPrefix(share, "1 of 2") {
		t.Errorf("tests %q", share)
	}
	if calls := wordsOf(again.doc.Find("[data-testid=share]")); calls != "none on record" {
		t.Errorf("a test counts as a call: %q", calls)
	}
}

// TestLineOverAYear: the table says what the picture does.
func TestLineOverAYear(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	line := addLine(t, s, "NJHQ", "phone")
	path := "/lines/" + string(line.ID)
	actor := access.Actor{Name: "cli:test", Role: access.Officer}
	ago := func(d int) incidents.Millis { return incidents.MillisOf(s.clock.Now().AddDate(0, 0, -d)) }
	event := func(kind string, from, to incidents.Millis) {
		t.Helper()
		if _, _, err := s.store.CreateLineEvent(t.Context(), actor, hotline.LineEvent{ID: hotline.LineEventID(incidents.NewID()), LineID: line.ID, Kind: kind, From: from, To: to}); err != nil {
			t.Fatal(err)
		}
	}
	for d, outcome := range map[int]string{180: "connected", 120: "no_answer", 60: "connected", 1: "no_answer"} {
		k := hotline.Contact{ID: hotline.ContactID(incidents.NewID()), LineID: line.ID, Channel: hotline.Channel{Kind: "phone"}, Outcome: outcome, Purpose: "clarify", Start: incidents.At(ago(d).Time(), incidents.Exact, "")}
		if _, _, err := s.store.CreateContact(t.Context(), actor, k, nil); err != nil {
			t.Fatal(err)
		}
	}
	event("restored", ago(240), 0) // before that nobody knows
	before := s.clock.Now()
	s.clock.Advance(time.Hour)
	event("fault", ago(30), ago(15))
	a := s.get(t, access.Viewer, path)
	use := wordsOf(a.doc.Find("#line-use dl"))
	for _, want := range []string{"Attempts that got through 2 of 4", "down 15 d 4 %", "in use 225 d 62 %", "unknown 124 d 34 %"} {
		if !strings.Contains(use, want) {
			t.Errorf("it lacks %q: %s", want, use)
		}
	}
	if got := wordsOf(a.doc.Find("[data-testid=silence]")); !strings.HasPrefix(got, "120 d") {
		t.Errorf("silence %q", got)
	}
	svg := a.doc.Find("[data-testid=use]")
	if svg.Find(".ok").Length() != 2 || svg.Find(".x").Length() != 2 || svg.Find(".us.down").Length() < 2 || svg.Find(".us").Length() < 53 {
		t.Errorf("the picture: %d through, %d in vain, %d bars down", svg.Find(".ok").Length(), svg.Find(".x").Length(), svg.Find(".us.down").Length())
	}
	if rows := a.doc.Find("[data-testid=use-table] tbody tr"); rows.Length() < 12 || rows.Length() > 13 || !strings.Contains(wordsOf(a.doc.Find("[data-testid=use-table]")), "0 of 1") {
		t.Errorf("%d rows", rows.Length())
	}
	short := s.get(t, access.Viewer, path+"?days=30")
	if got := wordsOf(short.doc.Find("#line-use dl")); !strings.Contains(got, "down 15 d 50 %") || strings.Contains(got, "unknown") {
		t.Errorf("over 30 days: %s", got)
	}
	then := s.get(t, access.Viewer, path+"?as_of="+url.QueryEscape(before.Add(time.Minute).UTC().Format(time.RFC3339)))
	if got := wordsOf(then.doc.Find("#line-use dl")); strings.Contains(got, "down") || !strings.Contains(got, "2 of 4") {
		t.Errorf("as of then: %s", got)
	}
	if a = s.get(t, access.Viewer, path+"?days=7"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("days that are not offered: %d", a.status)
	}
}

func TestReadSchedule(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	for text, want := range map[string]string{"weekly wed 1000z": "weekly WED 1000Z: next Wed ", "": "no test is asked for", "regularly": "neither a day nor a time"} {
		if a := s.get(t, access.Viewer, "/read/schedule?text="+url.QueryEscape(text)); a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("%q: %d %s", text, a.status, a.body)
		}
	}
}
