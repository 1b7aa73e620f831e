package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// putLine writes a line into the register.
func (s *site) putLine(t testing.TB, l hotline.Line) hotline.Line {
	t.Helper()
	l.ID = hotline.LineID(incidents.NewID())
	if l.Kind == "" {
		l.Kind, l.Parties = "phone", []string{"NO", "RU"}
	}
	l, _, err := s.store.CreateLine(context.Background(), officer, l)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// putRetry writes an attempt over a line that is to be made again at a time.
func (s *site) putRetry(t testing.TB, inc incidents.Incident, line hotline.Line, again time.Time) hotline.Contact {
	t.Helper()
	c := hotline.Contact{ID: hotline.ContactID(incidents.NewID()), LineID: line.ID, Channel: hotline.Channel{Name: line.Name, Kind: line.Kind}, Start: incidents.At(s.clock.Now(), incidents.Exact, ""),
		Outcome: "no_answer", Purpose: "clarify", Initiators: []string{"NO"}, Answerers: []string{"RU"}, Marking: "NATO UNCLASSIFIED", RetryAt: incidents.MillisOf(again)}
	c, _, err := s.store.CreateContact(context.Background(), officer, c, []hotline.Link{{ContactID: c.ID, IncidentID: inc.ID, Relation: "prompted_by", Linked: true}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBoardHasNoSectionOfNothing(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	a := s.get(t, access.Supervisor, "/")
	if n := a.doc.Find("#tasks").Children().Length(); n != 0 {
		t.Errorf("%d sections on an empty board", n)
	}
	if got := text(a.doc.Find("[data-testid=tell]")); got != "Nobody waits no line is down" {
		t.Errorf("head line: %q", got)
	}
}

func TestBoardCallAgain(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	line := s.putLine(t, hotline.Line{Name: "Bodø to Severomorsk", Short: "NJHQ–N FLEET", State: "in_use"})
	inc := s.putIncident(t, "tried once", "serious", s.clock.Now().Add(-time.Hour), incidents.Exact, nil)
	s.putRetry(t, inc, line, s.clock.Now().Add(15*time.Minute))
	row := s.get(t, access.Officer, "/").doc.Find("[data-testid=again] .task")
	if got := text(row); got != "Planned tried once Bodø to Severomorsk · no answer 240312ZNOV26 0 h 15 left Call" {
		t.Errorf("before its time: %q", got)
	}
	href, err := url.Parse(row.Find("[data-key=c]").AttrOr("href", ""))
	if err != nil || href.Query().Get("incident") != string(inc.ID) || href.Query().Get("line") != string(line.ID) {
		t.Errorf("the call begins at %q", href)
	}
	if n := s.get(t, access.Officer, href.String()).status; n != 200 {
		t.Errorf("the page of the call answers %d", n)
	}
	if s.get(t, access.Viewer, "/").doc.Find("[data-testid=again] .t-act a").Length() != 0 {
		t.Error("a viewer gets a button that leads to a page they may not see")
	}
	s.clock.Advance(20 * time.Minute)
	row = s.get(t, access.Officer, "/").doc.Find("[data-testid=again] .task")
	if got := text(row); !strings.HasPrefix(got, "Call now tried once") || !strings.Contains(got, "0 h 05 late") || !row.HasClass("due") {
		t.Errorf("after its time: %q", got)
	}
	if got := text(s.get(t, access.Officer, "/").doc.Find("[data-testid=region-baltic] .rh .small")); !strings.Contains(got, "1 to call again") {
		t.Errorf("the region says %q", got)
	}
	s.putContact(t, inc, "phone", "connected", s.clock.Now())
	if s.get(t, access.Officer, "/").doc.Find("[data-testid=again]").Length() != 0 {
		t.Error("the call got through and is to be made again")
	}
}

func TestBoardReportsToVerify(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	s.putIncident(t, "the oldest", "near_routine", s.clock.Now(), incidents.Exact, nil)
	s.clock.Advance(3*time.Hour + time.Minute)
	s.putIncident(t, "a newer one", "near_routine", s.clock.Now(), incidents.Exact, nil)
	row := s.get(t, access.Supervisor, "/").doc.Find("[data-testid=unverified] .task")
	if got := text(row); !strings.HasPrefix(got, "Oldest 2 reports wait for a second person") || !strings.Contains(got, "the oldest") || !strings.HasSuffix(got, " 3 h") {
		t.Errorf("to verify: %q", got)
	}
	if got := row.Find("a").AttrOr("href", ""); got != "/verify" {
		t.Errorf("leads to %q", got)
	}
	if s.get(t, access.Officer, "/").doc.Find("[data-testid=unverified]").Length() != 0 {
		t.Error("an officer is told to verify")
	}
}

func TestBoardTellsWhoWalksUp(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	s.putLine(t, hotline.Line{Name: "Line A", Short: "A", State: "in_use"})
	s.putLine(t, hotline.Line{Name: "Line B", Short: "B", State: "down"})
	now := s.clock.Now()
	s.putIncident(t, "long overdue", "high_risk", now, incidents.Exact, nil)
	s.clock.Advance(2 * time.Hour)
	if got := text(s.get(t, access.Viewer, "/").doc.Find("[data-testid=tell]")); got != "1 waits next long overdue 1 h 00 late lines out: B down" {
		t.Errorf("all late: %q", got)
	}
	s.putIncident(t, "runs out later", "serious", now, incidents.Exact, nil)
	s.putIncident(t, "runs out first", "high_risk", s.clock.Now().Add(-30*time.Minute), incidents.Exact, nil)
	if got := text(s.get(t, access.Viewer, "/").doc.Find("[data-testid=tell]")); got != "3 wait next runs out first 0 h 29 left lines out: B down" {
		t.Errorf("head line: %q", got)
	}
}

func TestBoardAnswersAwaited(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.putIncident(t, "asked about", "near_routine", s.clock.Now(), incidents.Exact, nil)
	call := s.putContact(t, inc, "phone", "connected", s.clock.Now())
	e := hotline.Expectation{ID: hotline.ExpectationID(incidents.NewID()), ContactID: call.ID, Text: "Why was the transponder off?", DueAt: incidents.MillisOf(s.clock.Now().Add(2 * time.Hour)), State: "open"}
	e, _, err := s.store.CreateExpectation(t.Context(), officer, e)
	if err != nil {
		t.Fatal(err)
	}
	row := s.get(t, access.Viewer, "/").doc.Find("[data-testid=answers] .task")
	if got := text(row); got != "Awaited Why was the transponder off? Test line · asked 240312ZNOV26 2 h 00 left" {
		t.Errorf("before it is due: %q", got)
	}
	if got := row.Find("a").AttrOr("href", ""); got != "/contacts/"+string(call.ID) {
		t.Errorf("leads to %q", got)
	}
	s.clock.Advance(3 * time.Hour)
	if got := text(s.get(t, access.Viewer, "/").doc.Find("[data-testid=answers] .task")); !strings.HasPrefix(got, "No answer Why") || !strings.HasSuffix(got, "1 h 00 late") {
		t.Errorf("past due: %q", got)
	}
	e.State, e.Reason = "dropped", "The ministry answered in public."
	if _, err := s.store.ReviseExpectation(t.Context(), officer, e); err != nil {
		t.Fatal(err)
	}
	if s.get(t, access.Viewer, "/").doc.Find("[data-testid=answers]").Length() != 0 {
		t.Error("an answer that nobody waits for stands there")
	}
}
