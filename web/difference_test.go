package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// turnTo gets the page behind a link.
func (s *site) turnTo(t *testing.T, doc *goquery.Document, link string) *goquery.Document {
	t.Helper()
	href, ok := doc.Find(link).Attr("href")
	if !ok {
		t.Fatalf("no link %s", link)
	}
	return s.page(t, access.Viewer, href)
}

// differs gives the ids and, in one line each, the words of a part of the page.
func differs(doc *goquery.Document, part string) (ids, words []string) {
	found := doc.Find("[data-testid=difference-" + part + "] [data-testid=difference-row]")
	found.Each(func(_ int, row *goquery.Selection) { words = append(words, text(row)) })
	return attrs(found, "data-id"), words
}

// TestDifference pins a search, changes the log in every way, and asks what the
// search gives otherwise.
func TestDifference(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx := t.Context()
	by := access.Actor{Name: "supervisor", Role: access.Supervisor}
	s.clock.Advance(time.Hour)
	const search = "/incidents?severity=high_risk&exercise=include&limit=500"
	pinned := s.turnTo(t, s.page(t, access.Viewer, search), "[data-testid=pin-link]")
	before := attrs(pinned.Find(rows), "data-id")
	if pinned.Find("[data-copy][hidden]").Length() != 1 || !strings.Contains(text(pinned.Find(".past")), "Back to now") {
		t.Error("a pinned search does not say how to go on")
	}

	s.clock.Advance(time.Minute)
	quiet := s.turnTo(t, pinned, "[data-testid=difference-link]")
	if got := text(quiet.Find("main")); !strings.Contains(got, "Nothing differs") || quiet.Find("[data-part=same] b").Text() != strconv.Itoa(len(before)) {
		t.Errorf("a quiet minute: %s", got)
	}

	read := func(id string) incidents.Incident {
		inc, err := s.store.Incident(ctx, incidents.ID(id), 0)
		if err != nil {
			t.Fatal(err)
		}
		return inc
	}
	revise := func(inc incidents.Incident, reason string) {
		inc.Reason = reason
		if _, err := s.store.ReviseIncident(ctx, by, inc); err != nil {
			t.Fatal(err)
		}
	}
	merged, gone, milder, renamed, called := read(before[0]), read(before[1]), read(before[2]), read(before[3]), read(before[4])
	s.clock.Advance(time.Minute)
	gone.Status = incidents.Retracted
	revise(gone, "reported twice")
	merged.Status, merged.MergedInto = incidents.Retracted, renamed.ID
	revise(merged, "the same aircraft")
	milder.Record.Severity = "serious"
	revise(milder, "rated again")
	renamed.Record.Title = "A Su-27 and a frigate"
	revise(renamed, "a better title")
	s.putContact(t, called, "letter", "no_answer", s.clock.Now())
	s.clock.Advance(time.Minute)
	fresh := s.putIncident(t, "Su-30 over the bow", "high_risk", s.clock.Now(), incidents.Exact, func(*incidents.Record) {})
	worse := s.putIncident(t, "Rated up later", "serious", s.clock.Now(), incidents.Exact, func(*incidents.Record) {})
	s.clock.Advance(time.Second)
	between := s.clock.Now()
	s.clock.Advance(time.Minute)
	worse.Record.Severity = "high_risk"
	revise(worse, "rated up")

	now := s.turnTo(t, pinned, "[data-testid=difference-link]")
	want := map[string]map[string]string{
		"came":    {string(fresh.ID): "First recorded", string(worse.ID): "First recorded"},
		"fell":    {string(gone.ID): "Retracted", string(merged.ID): "Merged into " + renamed.Number, string(milder.ID): "Its record changed, so that it no longer fits"},
		"changed": {string(renamed.ID): "Its record changed", string(called.ID): "Its contacts changed"},
	}
	for part, rows := range want {
		ids, words := differs(now, part)
		if len(ids) != len(rows) {
			t.Errorf("%s: %d rows, want %d: %q", part, len(ids), len(rows), words)
		}
		for i, id := range ids {
			if why := rows[id]; why == "" || !strings.Contains(words[i], why) {
				t.Errorf("%s: %q does not say %q", part, words[i], why)
			}
		}
		if got := now.Find("[data-part=" + part + "] b").Text(); got != strconv.Itoa(len(rows)) {
			t.Errorf("%s: the count is %s", part, got)
		}
	}
	_, words := differs(now, "changed")
	for _, say := range []string{"A Su-27 and a frigate", "“a better title”", "Contact linked", "as it was then"} {
		if !strings.Contains(strings.Join(words, "\n"), say) {
			t.Errorf("what changed does not say %q: %q", say, words)
		}
	}
	if got, want := text(now.Find("[data-testid=difference-total]")), strconv.Itoa(len(before))+" then "+strconv.Itoa(len(before)-3+2)+" today"; got != want {
		t.Errorf("totals %q, want %q", got, want)
	}
	if got := now.Find("[data-part=same] b").Text(); got != strconv.Itoa(len(before)-5) {
		t.Errorf("%s the same, want %d", got, len(before)-5)
	}
	for _, link := range attrs(now.Find("[data-testid=difference-row] a"), "href") {
		s.page(t, access.Viewer, link)
	}

	// From the moment between, what was rated up comes in although it was there.
	v := url.Values{"severity": {"high_risk"}, "exercise": {"include"}, "as_of": {between.UTC().Format(time.RFC3339)}}
	late := s.page(t, access.Viewer, "/incidents/difference?"+v.Encode())
	ids, words := differs(late, "came")
	if len(ids) != 1 || ids[0] != string(worse.ID) || !strings.Contains(words[0], "Its record changed, so that it fits now") {
		t.Errorf("since the moment between: %q", words)
	}
	// The pinned difference stands when the log goes on.
	fixed, _ := now.Find("[data-testid=pin-difference]").Attr("href")
	s.clock.Advance(time.Minute)
	s.putIncident(t, "Once more", "high_risk", s.clock.Now(), incidents.Exact, func(*incidents.Record) {})
	if n := s.page(t, access.Viewer, fixed).Find("[data-part=came] b").Text(); n != "2" {
		t.Errorf("the pinned difference now has %s that came in", n)
	}
}

// TestDifferenceByTheClock: nothing is written, a deadline passes.
func TestDifferenceByTheClock(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.putIncident(t, "Close pass", "high_risk", s.clock.Now(), incidents.Exact, func(r *incidents.Record) { r.Absence = "own_log" })
	s.clock.Advance(time.Minute)
	all := s.turnTo(t, s.page(t, access.Viewer, "/incidents"), "[data-testid=pin-link]")
	waiting := s.turnTo(t, s.page(t, access.Viewer, "/incidents?deescalation=awaiting"), "[data-testid=pin-link]")
	s.clock.Advance(3 * time.Hour)
	ids, words := differs(s.turnTo(t, all, "[data-testid=difference-link]"), "changed")
	if len(ids) != 1 || ids[0] != string(inc.ID) || !strings.Contains(words[0], "A deadline passed") || !strings.Contains(words[0], "Overdue") {
		t.Errorf("of all: %q", words)
	}
	if _, words := differs(s.turnTo(t, waiting, "[data-testid=difference-link]"), "fell"); len(words) != 1 || !strings.Contains(words[0], "A deadline passed, so that it no longer fits") {
		t.Errorf("of those that wait: %q", words)
	}
}

func TestDifferenceRefused(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	for query, says := range map[string]string{
		"":                        "say since when",
		"as_of=soon":              "As of",
		"as_of=2030-01-01T00:00Z": "is not before",
		"as_of=2020-01-01T00:00Z&until=2030-01-01T00:00Z": "lies ahead",
		"as_of=2020-01-01T00:00Z&until=then":              "Compared with",
		"as_of=2020-01-01T00:00Z&page=0":                  "1 and up",
		"as_of=2020-01-01T00:00Z&region=arctic":           "baltic",
		"as_of=2020-01-01T00:00Z&limit=5":                 "is no filter",
	} {
		a := s.get(t, access.Viewer, "/incidents/difference?"+query)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(text(a.doc.Find("#errors")), says) {
			t.Errorf("%q: status %d, %s", query, a.status, text(a.doc.Find("#errors")))
		}
	}
}

// TestDifferencePages: more rows than a page shows are on the next, none twice.
func TestDifferencePages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.clock.Advance(time.Hour)
	seen := map[string]bool{}
	at := "/incidents/difference?as_of=2020-01-01T00:00Z"
	for pages := 1; at != ""; pages++ {
		doc := s.page(t, access.Viewer, at)
		ids, _ := differs(doc, "came")
		for _, id := range ids {
			if seen[id] {
				t.Fatalf("%s stands on two pages", id)
			}
			seen[id] = true
		}
		if got := doc.Find("[data-part=came] b").Text(); got != "115" || pages > 3 {
			t.Fatalf("page %d counts %s", pages, got)
		}
		at = doc.Find("a[rel=next]").AttrOr("href", "")
	}
	if len(seen) != 115 {
		t.Errorf("%d on all pages", len(seen))
	}
}
