package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"interceptlog/internal/access"
	"interceptlog/internal/alarm"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

func TestBoardHasTwoAddresses(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	s.putIncident(t, "waits", "serious", s.clock.Now(), incidents.Exact, nil)
	if got := text(s.get(t, access.Viewer, "/board").doc.Find("[data-testid=strip] .tt")); got != "waits" {
		t.Errorf("/board shows %q", got)
	}
}

func TestWallSaysWhatWaits(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	s.putLine(t, hotline.Line{Name: "Line A", Short: "A", State: "in_use"})
	s.putLine(t, hotline.Line{Name: "Line B", Short: "B", State: "down"})
	for _, n := range []string{"1", "2", "3", "4", "5", "6", "7"} {
		s.putIncident(t, "serious "+n, "serious", s.clock.Now(), incidents.Exact, nil)
	}
	s.putIncident(t, "soon", "high_risk", s.clock.Now(), incidents.Exact, nil)
	s.clock.Advance(15 * time.Minute)
	a := s.get(t, access.Viewer, "/board?wall=1")
	for testid, want := range map[string]string{
		"counts": "0 overdue 0 attempted 8 awaiting", "next": "Next 0 h 44 left soon", "wall-lines": "B down Lines 1 in use",
	} {
		if got := wordsOf(a.doc.Find("[data-testid=" + testid + "]")); got != want {
			t.Errorf("%s: %q, want %q", testid, got, want)
		}
	}
	if n := a.doc.Find("[data-testid=rows] li").Length(); n != 5 || !strings.Contains(text(a.doc.Find("#w-rows")), "and 3 more") {
		t.Errorf("%d rows: %s", n, text(a.doc.Find("#w-rows")))
	}
	if n := a.doc.Find("main a, main button, main form, .nav, footer").Length(); n != 0 {
		t.Errorf("%d things to press on a wall", n)
	}
	if a.doc.Find("head noscript").Length() != 1 || a.doc.Find("#stale").Length() != 1 {
		t.Error("without scripts it stands still, or with them it cannot say that it is old")
	}
	if theme := s.get(t, access.Viewer, "/board?wall=1&theme=day").doc.Find("html").AttrOr("data-theme", ""); theme != "day" {
		t.Errorf("theme %q", theme)
	}
	req, _ := http.NewRequest(http.MethodGet, s.URL+"/board?wall=1", nil)
	req.Header.Set("X-Live", "1")
	live := s.do(t, access.Viewer, req)
	for _, part := range a.doc.Find("[data-live]").Map(func(_ int, p *goquery.Selection) string { return p.AttrOr("id", "") }) {
		if live.doc.Find("#"+part).Length() != 1 {
			t.Errorf("%s does not renew itself", part)
		}
	}
}

func TestWallSaysWhatIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	alarms := func() string {
		return wordsOf(s.get(t, access.Viewer, "/board?wall=1").doc.Find("[data-testid=alarms]"))
	}
	if got := alarms(); got != "" {
		t.Errorf("without any: %q", got)
	}
	for _, a := range []alarm.Alert{
		{ID: alarm.IDOf("line/1"), Action: alarm.Raised, Kind: alarm.Warning, Active: true, Situation: alarm.Situation{Key: "line/1", Kind: alarm.Warning, Title: "Test missed"}},
		{ID: alarm.IDOf("incident/1"), Action: alarm.Raised, Kind: alarm.Alarm, Active: true, Situation: alarm.Situation{Key: "incident/1", Kind: alarm.Alarm, Title: "Call about the MiG-31s"}},
		{ID: alarm.IDOf("line/2"), Action: alarm.Raised, Kind: alarm.Caution, Active: true, Situation: alarm.Situation{Key: "line/2", Kind: alarm.Caution, Title: "Silent"}},
	} {
		if _, err := s.store.WriteAlert(t.Context(), officer, a); err != nil {
			t.Fatal(err)
		}
	}
	if got := alarms(); got != "2 not acknowledged: Call about the MiG-31s" {
		t.Errorf("alarms: %q", got)
	}
}

// A screen on the wall sees its board and nothing else.
func TestWallSeesNothingElse(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.putIncident(t, "waits", "serious", s.clock.Now(), incidents.Exact, nil)
	if a := s.get(t, access.Wall, "/"); a.status != http.StatusSeeOther || a.header.Get("Location") != "/board?wall=1" {
		t.Errorf("/ answers %d to %q", a.status, a.header.Get("Location"))
	}
	if a := s.get(t, access.Wall, "/board?wall=1"); a.status != http.StatusOK || a.doc.Find("[data-testid=rows] li").Length() != 1 {
		t.Errorf("its board answers %d", a.status)
	}
	if a := s.get(t, access.Wall, "/events/poll"); a.status != http.StatusOK {
		t.Errorf("what changed: %d", a.status)
	}
	for _, path := range []string{"/board", "/board?wall=0", "/incidents", incidentPathOf(inc), "/lines", "/profile", "/help", "/find?q=waits", "/export/incidents.geojson"} {
		a := s.get(t, access.Wall, path)
		if a.status != http.StatusForbidden {
			t.Errorf("%s answers %d", path, a.status)
		}
		if a.doc != nil && a.doc.Find(".nav, a[href='/incidents']").Length() != 0 {
			t.Errorf("%s shows a screen the way to where it may not go", path)
		}
	}
}

func incidentPathOf(inc incidents.Incident) string { return "/incidents/" + string(inc.ID) }

// The session of a screen outlives every watch, and ends with its user or
// their password.
func TestWallStaysSignedIn(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	s.get(t, access.Viewer, "/")
	wall := func() int { return s.get(t, access.Wall, "/board?wall=1").status }
	for range 3 {
		if got := wall(); got != http.StatusOK {
			t.Fatalf("the screen answers %d", got)
		}
		s.clock.Advance(300 * 24 * time.Hour)
	}
	if got := wall(); got != http.StatusOK {
		t.Errorf("after 900 days: %d", got)
	}
	accounts := access.Accounts{Store: s.store, Now: s.clock.Now}
	admin := access.Actor{Name: "admin", Role: access.Administrator}
	act := func(name string, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if got := wall(); got != http.StatusSeeOther {
			t.Errorf("%s: %d", name, got)
		}
		delete(s.clients, access.Wall)
	}
	act("with another role", accounts.SetRole(t.Context(), admin, "wall", access.Viewer))
	if err := accounts.SetRole(t.Context(), admin, "wall", access.Wall); err != nil {
		t.Fatal(err)
	}
	wall()
	act("disabled", accounts.Disable(t.Context(), admin, "wall"))
	if err := accounts.Enable(t.Context(), admin, "wall"); err != nil {
		t.Fatal(err)
	}
	wall()
	act("with another password", accounts.SetPassword(t.Context(), admin, "wall", "another good one"))
}

// Claim and flag from the board come back to it, and are in the history.
func TestBoardHoldAndFlag(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.putIncident(t, "waits", "serious", s.clock.Now(), incidents.Exact, nil)
	strip := func(role access.Role) *goquery.Selection { return s.get(t, role, "/").doc.Find("[data-testid=strip]") }
	press := func(role access.Role, key string) {
		t.Helper()
		form := strip(role).Find("[data-key=" + key + "]").Closest("form")
		v := url.Values{}
		form.Find("input").Each(func(_ int, in *goquery.Selection) { v.Set(in.AttrOr("name", ""), in.AttrOr("value", "")) })
		if a := s.post(t, role, form.AttrOr("action", ""), v); a.status != http.StatusSeeOther || a.header.Get("Location") != "/#i-"+string(inc.ID) {
			t.Fatalf("%s: %d to %q", key, a.status, a.header.Get("Location"))
		}
	}
	if strip(access.Viewer).Find("form").Length() != 0 {
		t.Error("a viewer may claim")
	}
	press(access.Officer, "h")
	if got := text(strip(access.Viewer).Find(".mark")); got != "held by ● officer" {
		t.Errorf("held: %q", got)
	}
	press(access.Supervisor, "h")
	if got := text(strip(access.Viewer).Find(".mark")); got != "held by ● supervisor" {
		t.Errorf("taken over: %q", got)
	}
	press(access.Supervisor, "h")
	if got := text(strip(access.Viewer).Find(".mark")); got != "" {
		t.Errorf("let go: %q", got)
	}
	press(access.Officer, "u")
	if got := text(strip(access.Viewer).Find(".cocked")); got != "flagged" {
		t.Errorf("flagged: %q", got)
	}
	if got := text(s.get(t, access.Viewer, incidentPathOf(inc)).doc.Find("[data-testid=flag]")); !strings.HasPrefix(got, "flagged by officer at 240312Z") {
		t.Errorf("its page says %q", got)
	}
	list, err := s.store.Flagged(t.Context(), 0)
	if err != nil || len(list) != 1 || list[0].Incident.ID != inc.ID || list[0].Workflow.FlaggedBy != "officer" {
		t.Errorf("for the handover: %+v, %v", list, err)
	}
	before, _ := s.store.ChainHead(t.Context())
	s.post(t, access.Supervisor, incidentPathOf(inc)+"/flag", nil)
	if after, _ := s.store.ChainHead(t.Context()); after.Seq != before.Seq {
		t.Error("flagging what is flagged writes something")
	}
	press(access.Supervisor, "u")
	if got := text(strip(access.Viewer).Find(".cocked")); got != "" {
		t.Errorf("taken off: %q", got)
	}
	history := text(s.get(t, access.Viewer, incidentPathOf(inc)+"/history").doc.Find("main"))
	for _, want := range []string{"Held by officer", "Let go", "Flagged", "Flag taken off", "It was flagged by officer."} {
		if !strings.Contains(history, want) {
			t.Errorf("the history lacks %q", want)
		}
	}
	for _, role := range []access.Role{access.Viewer, access.Analyst, access.Wall} {
		if a := s.post(t, role, incidentPathOf(inc)+"/flag", nil); a.status != http.StatusForbidden {
			t.Errorf("%s flags: %d", role, a.status)
		}
	}
}

func TestBoardLineTests(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	s.putLine(t, hotline.Line{Name: "Tested daily", Short: "DAILY", State: "in_use", Tests: hotline.Schedule{At: []int{4 * 60}}})
	s.putLine(t, hotline.Line{Name: "Never tested", Short: "NONE", State: "in_use"})
	tests := func(role access.Role) []string {
		return texts(s.get(t, role, "/").doc.Find("[data-testid=tests] .task"))
	}
	if got := tests(access.Officer); len(got) != 0 {
		t.Errorf("an hour before: %q", got)
	}
	s.clock.Advance(30 * time.Minute)
	if got := tests(access.Officer); !slices.Equal(got, []string{"Test due DAILY Tested daily 0 h 17 left Log test"}) {
		t.Errorf("17 minutes before: %q", got)
	}
	s.clock.Advance(time.Hour)
	if got := tests(access.Viewer); !slices.Equal(got, []string{"Test missed DAILY Tested daily 0 h 42 late"}) {
		t.Errorf("42 minutes after: %q", got)
	}
	if got := wordsOf(s.get(t, access.Viewer, "/board?wall=1").doc.Find("[data-testid=wall-lines]")); got != "DAILY test missed Lines 1 in use" {
		t.Errorf("on the wall: %q", got)
	}
}
