package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/paulmach/orb"

	"interceptlog/internal/access"
	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// officer is who writes in these tests.
var officer = access.Actor{Name: "officer", Role: access.Officer}

// putIncident writes an incident into the log as if it was reported now.
func (s *site) putIncident(t testing.TB, title, severity string, began time.Time, precision incidents.Precision, change func(*incidents.Record)) incidents.Incident {
	t.Helper()
	rec := incidents.Record{Title: title, Start: incidents.At(began, precision, ""), Severity: severity, Absence: "own_log", Marking: "NATO UNCLASSIFIED",
		Geometry: incidents.Geometry{Geometry: orb.Point{20, 57}}, PositionBasis: "radar",
		Intercepting: incidents.Party{Nations: []string{"NO"}}, Intercepted: incidents.Party{Nations: []string{"RU"}}}
	if change != nil {
		change(&rec)
	}
	inc, _, err := s.store.CreateIncident(context.Background(), officer, incidents.Incident{ID: incidents.NewID(), Status: incidents.Submitted, Record: rec, Derived: incidents.Derive(geo.Default(), &rec)})
	if err != nil {
		t.Fatal(err)
	}
	return inc
}

// putContact writes a contact that belongs to an incident.
func (s *site) putContact(t testing.TB, inc incidents.Incident, kind, outcome string, began time.Time) hotline.Contact {
	t.Helper()
	c := hotline.Contact{ID: hotline.ContactID(incidents.NewID()), Channel: hotline.Channel{Name: "Test line", Kind: kind}, Start: incidents.At(began, incidents.Exact, ""),
		Outcome: outcome, Purpose: "clarify", Initiators: []string{"NO"}, Answerers: []string{"RU"}, Marking: "NATO UNCLASSIFIED"}
	c, _, err := s.store.CreateContact(context.Background(), officer, c, []hotline.Link{{ContactID: c.ID, IncidentID: inc.ID, Relation: "prompted_by", Linked: true}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func texts(sel *goquery.Selection) []string {
	return sel.Map(func(_ int, s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") })
}

func text(sel *goquery.Selection) string { return strings.Join(texts(sel), " | ") }

func TestEmptyBoardIsCalm(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	a := s.get(t, access.Viewer, "/")
	if a.status != 200 {
		t.Fatalf("status %d", a.status)
	}
	if got := text(a.doc.Find("[data-testid=calm]")); !strings.Contains(got, "Nobody waits for a call.") {
		t.Errorf("an empty board says %q", got)
	}
	if n := a.doc.Find("[data-testid=strip]").Length(); n != 0 {
		t.Errorf("%d strips on an empty board", n)
	}
	for _, region := range []string{"baltic", "norwegian", "black"} {
		if got := text(a.doc.Find("[data-testid=region-" + region + "] .rh .small")); got != "0 open · 0 overdue · 0 in 7 d · 0 on record" {
			t.Errorf("%s: %q", region, got)
		}
	}
}

// fillBoard writes one incident of every sort that the board tells apart and
// gives the time at which they are looked at.
func fillBoard(t *testing.T, s *site) {
	now := s.clock.Now()
	s.putIncident(t, "serious, long ahead", "serious", now.Add(-2*time.Hour), incidents.Exact, nil)
	s.putIncident(t, "serious, soon", "serious", now.Add(-23*time.Hour-50*time.Minute), incidents.Exact, nil)
	s.putIncident(t, "serious, day only", "serious", now.Add(-24*time.Hour), incidents.Day, nil)
	s.putIncident(t, "high risk, awaiting", "high_risk", now, incidents.Exact, nil)
	tried := s.putIncident(t, "high risk, tried", "high_risk", now.Add(-10*time.Minute), incidents.Exact, nil)
	s.putContact(t, tried, "phone", "no_answer", now.Add(-5*time.Minute))
	s.putContact(t, tried, "phone", "refused", now.Add(-4*time.Minute))
	done := s.putIncident(t, "called in time", "serious", now.Add(-3*time.Hour), incidents.Exact, nil)
	s.putContact(t, done, "summons", "delivered", now.Add(-time.Hour))
	s.putIncident(t, "routine", "near_routine", now.Add(-time.Hour), incidents.Exact, nil)
	s.putIncident(t, "entered too late", "high_risk", now.Add(-48*time.Hour), incidents.Exact, nil)
	s.putIncident(t, "known from the papers", "serious", now.AddDate(-3, 0, 0), incidents.Exact, func(r *incidents.Record) { r.Absence = "public_sources" })
	s.putIncident(t, "papers, this week, day only", "serious", now.Add(-24*time.Hour), incidents.Day, func(r *incidents.Record) { r.Absence = "public_sources" })
	s.putIncident(t, "an exercise", "serious", now.Add(-4*time.Hour), incidents.Hour, func(r *incidents.Record) { r.Exercise = true })
}

func TestBoardOrder(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	fillBoard(t, s)
	s.clock.Advance(20 * time.Minute)
	a := s.get(t, access.Officer, "/")
	want := []string{"high risk, tried", "high risk, awaiting", "serious, day only", "papers, this week, day only", "serious, soon", "an exercise", "serious, long ahead"}
	if got := texts(a.doc.Find("[data-testid=strip] .tt")); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("order:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := texts(a.doc.Find(".strips .band")); strings.Join(got, "|") != "HIGH RISK direct contact within 1 h|SERIOUS any contact within 24 h" {
		t.Errorf("bands: %q", got)
	}
	for title, class := range map[string]string{"high risk, tried": "attempted", "high risk, awaiting": "awaiting", "serious, day only": "split", "serious, soon": "overdue"} {
		strip := a.doc.Find("[data-testid=strip]").FilterFunction(func(_ int, sel *goquery.Selection) bool { return sel.Find(".tt").Text() == title })
		if !strip.HasClass(class) {
			t.Errorf("%s has the classes %q, want %s", title, strip.AttrOr("class", ""), class)
		}
	}
	if got := text(a.doc.Find("[data-testid=counts] li")); got != "1 overdue | 1 attempted | 3 awaiting | 2 awaiting or late, time too coarse to tell" {
		t.Errorf("counts: %q", got)
	}
	if !strings.HasPrefix(text(a.doc.Find(".marking").First()), "EXERCISE") {
		t.Error("an exercise incident is on the board and no banner says so")
	}
}

func TestBoardFigures(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	fillBoard(t, s)
	s.clock.Advance(20 * time.Minute)
	a := s.get(t, access.Officer, "/")
	left := map[string]string{}
	a.doc.Find("[data-testid=strip]").Each(func(_ int, sel *goquery.Selection) { left[sel.Find(".tt").Text()] = text(sel.Find(".left")) })
	for title, want := range map[string]string{
		"high risk, tried":    "0 h 29 left, tried 2×",
		"high risk, awaiting": "0 h 39 left",
		"serious, soon":       "0 h 10 late",
		"serious, day only":   "≤ 20 h 27 at worst 3 h 32 late",
		"an exercise":         "19 h 39 to 20 h 39 left",
	} {
		if left[title] != want {
			t.Errorf("%s: %q, want %q", title, left[title], want)
		}
	}
	clock := a.doc.Find("[data-testid=strip] time[data-countdown]").First()
	if d, err := time.Parse(time.RFC3339, clock.AttrOr("data-deadline", "")); err != nil || !d.Equal(time.Date(2026, 11, 24, 4, 2, 0, 0, time.UTC)) {
		t.Errorf("the first countdown runs to %q", clock.AttrOr("data-deadline", ""))
	}
}

func TestBoardLateAndSilent(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	fillBoard(t, s)
	a := s.get(t, access.Viewer, "/")
	if got := text(a.doc.Find("[data-testid=late-entries] li a")); got != "High risk: entered too late" {
		t.Errorf("late entries: %q", got)
	}
	if got := text(a.doc.Find("[data-testid=silent]")); !strings.Contains(got, "1 further incident known from public sources") {
		t.Errorf("silence: %q", got)
	}
	if got := text(a.doc.Find("[data-testid=region-baltic] .rh .small")); got != "7 open · 0 overdue · 10 in 7 d · 11 on record" {
		t.Errorf("Baltic: %q", got)
	}
	if got := texts(a.doc.Find("[data-testid=region-baltic] .rl > li > a")); len(got) != 4 {
		t.Errorf("newest: %q", got)
	}
}

func TestBoardContactButtons(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.putIncident(t, "waits", "serious", s.clock.Now(), incidents.Exact, nil)
	want := "/calls/new?incident=" + string(inc.ID)
	if got := s.get(t, access.Officer, "/").doc.Find("[data-testid=strip] .c-act a").AttrOr("href", ""); got != want {
		t.Errorf("the button of an officer leads to %q, want %q", got, want)
	}
	if n := s.get(t, access.Viewer, "/").doc.Find("[data-testid=strip] .c-act a").Length(); n != 0 {
		t.Error("a viewer gets a button that leads to a page they may not see")
	}
}

func TestBoardAsOf(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.putIncident(t, "waited", "high_risk", s.clock.Now(), incidents.Exact, nil)
	s.clock.Advance(30 * time.Minute)
	between := s.clock.Now()
	s.clock.Advance(time.Minute)
	s.putContact(t, inc, "phone", "connected", s.clock.Now())
	if n := s.get(t, access.Officer, "/").doc.Find("[data-testid=strip]").Length(); n != 0 {
		t.Errorf("%d strips after the call", n)
	}
	a := s.get(t, access.Officer, "/?as_of="+url.QueryEscape(between.Format(time.RFC3339)))
	if got := texts(a.doc.Find("[data-testid=strip] .tt")); len(got) != 1 || got[0] != "waited" {
		t.Errorf("before the call: %q", got)
	}
	if a.doc.Find(".c-act a").Length() != 0 {
		t.Error("a contact can be logged into the past")
	}
	if href := a.doc.Find("[data-testid=strip] .tt").AttrOr("href", ""); !strings.Contains(href, "as_of=") {
		t.Errorf("the way on loses the moment: %s", href)
	}
}

func TestBoardOfTheSample(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.get(t, access.Viewer, "/")
	if a.doc.Find("[data-testid=strip]").Length() == 0 {
		t.Error("the exercise does not make the board live")
	}
	if n := a.doc.Find("[data-testid=board-lines] li").Length(); n != 15 {
		t.Errorf("%d lines, want 15", n)
	}
	if n := a.doc.Find("[style], script:not([src])").Length(); n != 0 {
		t.Errorf("%d inline styles or scripts", n)
	}
}
