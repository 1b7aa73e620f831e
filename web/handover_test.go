package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/watch"
)

// sheet reads the form of the handover as the page has it, so that a test posts
// what a browser would.
func sheet(t *testing.T, a answer) (form url.Values, keys []string) {
	t.Helper()
	form = url.Values{}
	f := a.doc.Find("[data-testid=handover-form]")
	for _, in := range f.Find("input, textarea").EachIter() {
		name, kind := in.AttrOr("name", ""), in.AttrOr("type", "")
		_, checked := in.Attr("checked")
		switch {
		case (kind == "radio" || kind == "checkbox") && !checked:
		case in.Is("textarea"):
			form.Add(name, in.Text())
		default:
			form.Add(name, in.AttrOr("value", ""))
		}
	}
	if len(form) == 0 {
		t.Fatalf("no form on the page: %d", a.status)
	}
	return form, form["item"]
}

// acceptAll answers every item of the sheet.
func acceptAll(form url.Values) {
	for _, key := range form["item"] {
		form.Set(watch.Field("answer", key), "accepted")
	}
}

func signAs(form url.Values, name, word string) {
	form.Set("do", "sign")
	form.Set("name", name)
	form.Set("password", word)
}

// TestHandover: made from the log, written, signed by the one who leaves,
// answered item by item and signed by the one who arrives, then frozen.
func TestHandover(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	line, err := s.store.LineBySource(t.Context(), "research", "ch-nato-ru-mil")
	if err != nil {
		t.Fatal(err)
	}
	line.State, line.Reason = "down", "no dial tone"
	line.Tests = hotline.Schedule{At: []int{10 * 60}}
	if _, err := s.store.ReviseLine(t.Context(), access.Actor{Name: "supervisor"}, line); err != nil {
		t.Fatal(err)
	}
	s.post(t, access.Officer, "/journal", entry("Two tankers anchor off Hanko."))
	a := s.get(t, access.Officer, "/handover")
	form, keys := sheet(t, a)
	kinds := map[string]int{}
	for _, li := range a.doc.Find("[data-testid=item]").EachIter() {
		kinds[li.AttrOr("data-kind", "")]++
	}
	if kinds["incident"] < 4 || kinds["line"] != 1 || len(keys) != a.doc.Find("[data-testid=item]").Length() {
		t.Fatalf("items: %v", kinds)
	}
	if !strings.Contains(a.doc.Find("main").Text(), "Two tankers anchor off Hanko.") {
		t.Error("the journal of the watch is not on the sheet")
	}
	form.Set("watch", "Ice off Vardø.")
	form.Set(watch.Field("note", keys[0]), "ring them at six")
	form.Set(watch.Field("cocked", keys[1]), "yes")
	form.Set("do", "save")
	if a := s.post(t, access.Officer, "/handover", form); a.status != 303 {
		t.Fatal(a.status, a.doc.Find("#errors").Text())
	}

	a = s.get(t, access.Supervisor, "/handover")
	form, _ = sheet(t, a)
	if form.Get("watch") != "Ice off Vardø." || form.Get(watch.Field("note", keys[0])) != "ring them at six" || !a.doc.Find("[data-testid=item]").Eq(1).HasClass("cock") {
		t.Error("the draft has lost what was saved")
	}
	// The viewer holds no page; the supervisor does, and the officer signs on it.
	signAs(form, "officer", "wrong")
	if a := s.post(t, access.Supervisor, "/handover", form); a.status != 422 || a.doc.Find("#password[aria-invalid]").Length() != 1 || a.doc.Find("#name").AttrOr("value", "") != "officer" {
		t.Errorf("a wrong password: %d", a.status)
	}
	signAs(form, "viewer", password)
	if a := s.post(t, access.Supervisor, "/handover", form); a.status != 422 || a.doc.Find("#name[aria-invalid]").Length() != 1 {
		t.Errorf("one who may not write signs: %d", a.status)
	}
	signAs(form, "officer", password)
	if a := s.post(t, access.Supervisor, "/handover", form); a.status != 303 {
		t.Fatal(a.status, a.doc.Find("#errors").Text())
	}

	a = s.get(t, access.Supervisor, "/handover")
	form, _ = sheet(t, a)
	signAs(form, "officer", password)
	acceptAll(form)
	if a := s.post(t, access.Supervisor, "/handover/sign", form); a.status != 422 || a.doc.Find("#name[aria-invalid]").Length() != 1 {
		t.Errorf("one person signs twice: %d", a.status)
	}
	// Nothing open can be left without an answer, and a question needs its words.
	signAs(form, "supervisor", password)
	form.Del(watch.Field("answer", keys[2]))
	form.Set(watch.Field("answer", keys[3]), "questioned")
	a = s.post(t, access.Supervisor, "/handover/sign", form)
	missing, question := watch.Field("answer", keys[2]), watch.Field("remark", keys[3])
	if a.status != 422 || a.doc.Find("#errors li").Length() != 2 || a.doc.Find("#"+missing+"[aria-invalid]").Length() != 1 || a.doc.Find("#"+question+"[aria-invalid]").Length() != 1 {
		t.Errorf("items left without an answer: %d %s", a.status, a.doc.Find("#errors").Text())
	}
	form, _ = sheet(t, a)
	if form.Get(watch.Field("answer", keys[4])) != "accepted" || form.Get("password") != "" {
		t.Error("the answers that were given are gone, or the password is still there")
	}
	signAs(form, "supervisor", password)
	form.Set(missing, "noted")
	form.Set(watch.Field("remark", keys[2]), "seen it")
	form.Set(question, "who holds the translator?")
	a = s.post(t, access.Supervisor, "/handover/sign", form)
	if a.status != 303 {
		t.Fatal(a.status, a.doc.Find("#errors").Text())
	}

	path := a.header.Get("Location")
	a = s.get(t, access.Viewer, path)
	text := a.doc.Find("[data-testid=sheet]").Text()
	for _, want := range []string{"signed by both", "officer", "supervisor", "ring them at six", "COCKED", "who holds the translator?", "seen it", "Ice off Vardø.", "Two tankers", "the audit chain names this hash"} {
		if !strings.Contains(text, want) {
			t.Errorf("the frozen sheet lacks %q", want)
		}
	}
	if a.doc.Find("[data-testid=sheet] input, [data-testid=sheet] textarea").Length() != 0 {
		t.Error("the frozen sheet has fields")
	}
	if a := s.post(t, access.Supervisor, "/handover/sign", form); a.status != 409 {
		t.Errorf("signed again: %d", a.status)
	}
	// What happens later does not change it.
	s.clock.Advance(time.Hour)
	if line, err = s.store.Line(t.Context(), line.ID, 0); err != nil {
		t.Fatal(err)
	}
	line.State, line.Reason = "in_use", "mended"
	if _, err := s.store.ReviseLine(t.Context(), access.Actor{Name: "supervisor"}, line); err != nil {
		t.Fatal(err)
	}
	if again := s.get(t, access.Viewer, path).doc.Find("[data-testid=sheet]").Text(); again != text {
		t.Error("the frozen sheet has changed")
	}
	if a := s.get(t, access.Viewer, "/handovers"); a.doc.Find("[data-testid=handovers] tbody tr").Length() != 1 || !strings.Contains(a.body, "1 question") {
		t.Error("the list of handovers")
	}
	seal := strings.Fields(a.doc.Find("[data-testid=seal] code").Text())[0]
	if got := watch.Hash([]byte(s.get(t, access.Analyst, path+"/json").body)); got != seal {
		t.Errorf("the content has the hash %s, the sheet says %s", got, seal)
	}
	if got := events(s.get(t, access.Viewer, "/journal?kind=handover")); len(got) != 2 || got[0] != "Handover from officer to supervisor, signed by both" {
		t.Errorf("the journal: %v", got)
	}
	if n, err := s.store.VerifyAudit(t.Context()); err != nil {
		t.Errorf("the chain after %d: %v", n, err)
	}
}

// TestHandoverMeanwhile: nobody signs what they did not see, and a signature can
// be taken back until the second is given.
func TestHandoverMeanwhile(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	form, keys := sheet(t, s.get(t, access.Officer, "/handover"))
	if len(keys) != 0 {
		t.Fatalf("items of an empty log: %v", keys)
	}
	inc := incidents.Incident{ID: incidents.NewID(), Status: incidents.Submitted, Record: incidents.Record{Title: "Su-27 buzzes a frigate", Severity: "high_risk", Absence: "own_log",
		Start: incidents.At(s.clock.Now(), incidents.Exact, ""), Marking: "NATO UNCLASSIFIED"}, Derived: incidents.Place{Region: "baltic"}}
	if _, _, err := s.store.CreateIncident(t.Context(), access.Actor{Name: "officer", Role: access.Officer}, inc); err != nil {
		t.Fatal(err)
	}
	signAs(form, "officer", password)
	a := s.post(t, access.Officer, "/handover", form)
	if a.status != 422 || !strings.Contains(a.doc.Find("#errors").Text(), "has come up since this page was drawn") {
		t.Fatalf("%d %s", a.status, a.doc.Find("#errors").Text())
	}
	form, keys = sheet(t, a)
	if len(keys) != 1 {
		t.Fatalf("items: %v", keys)
	}
	signAs(form, "officer", password)
	if a := s.post(t, access.Officer, "/handover", form); a.status != 303 {
		t.Fatal(a.status)
	}
	// The draft of somebody else's old page is refused, with what was typed.
	form.Set("watch", "typed on an old page")
	form.Set("do", "save")
	if a := s.post(t, access.Supervisor, "/handover", form); a.status != 409 {
		t.Errorf("saved on a signed sheet: %d", a.status)
	}
	form, _ = sheet(t, s.get(t, access.Supervisor, "/handover"))
	if a := s.post(t, access.Viewer, "/handover/back", url.Values{"id": form["id"]}); a.status != 403 {
		t.Errorf("a viewer takes the signature back: %d", a.status)
	}
	if a := s.post(t, access.Officer, "/handover/back", url.Values{"id": form["id"]}); a.status != 303 {
		t.Errorf("taken back: %d", a.status)
	}
	acceptAll(form)
	signAs(form, "supervisor", password)
	if a := s.post(t, access.Supervisor, "/handover/sign", form); a.status != 409 || !strings.Contains(a.body, "is a draft again") {
		t.Errorf("signed what was taken back: %d", a.status)
	}
	if a := s.post(t, access.Officer, "/handover/drop", url.Values{"id": form["id"]}); a.status != 303 {
		t.Errorf("thrown away: %d", a.status)
	}
	if form, _ = sheet(t, s.get(t, access.Officer, "/handover")); form.Get("base") != "0" {
		t.Error("the next one does not begin anew")
	}
}

// TestHandoverThrottle: guessing a signer's password is slowed like signing in.
func TestHandoverThrottle(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	form, _ := sheet(t, s.get(t, access.Officer, "/handover"))
	if a := s.get(t, access.Viewer, "/handover"); a.status != 200 || a.doc.Find("#password").Length() != 0 {
		t.Error("a viewer is asked for a signature")
	}
	status := 0
	for range 7 {
		signAs(form, "supervisor", "guess")
		status = s.post(t, access.Officer, "/handover", form).status
	}
	if status != 429 {
		t.Errorf("the seventh guess: %d", status)
	}
}
