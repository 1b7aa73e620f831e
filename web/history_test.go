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
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

func TestHistory(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	ctx := context.Background()
	inc := s.putIncident(t, "first", "serious", s.clock.Now(), incidents.Exact, func(r *incidents.Record) { r.Behaviours = []string{"flares", "escort"} })
	s.clock.Advance(time.Minute)
	c := s.putContact(t, inc, "phone", "no_answer", s.clock.Now())
	s.clock.Advance(time.Minute)
	inc.Record.Title, inc.Record.Behaviours, inc.Reason = "second", []string{"escort", "jamming"}, "seen again"
	inc.Record.Geometry = incidents.Geometry{Geometry: orb.Point{21, 58}}
	inc, err := s.store.ReviseIncident(ctx, officer, inc)
	if err != nil {
		t.Fatal(err)
	}
	s.clock.Advance(time.Minute)
	c.Summary, c.Reason = "rang for ten minutes", "what was heard"
	if _, err := s.store.ReviseContact(ctx, officer, c); err != nil {
		t.Fatal(err)
	}
	beforeUnlink := s.clock.Now()
	s.clock.Advance(time.Minute)
	links, err := s.store.LinkRevisions(ctx, inc.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	link := links[0]
	link.Linked, link.Reason = false, "another case"
	if err := s.store.SetLink(ctx, officer, link); err != nil {
		t.Fatal(err)
	}

	path := "/incidents/" + string(inc.ID) + "/history"
	a := s.get(t, access.Viewer, path)
	want := []string{"Contact unlinked: Test line", "Contact changed, revision 2: Test line", "Revision 2", "Contact linked: Test line", "Revision 1: first report"}
	if got := texts(a.doc.Find("[data-testid=event] h2")); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("events:\n%s", strings.Join(got, "\n"))
	}
	second := a.doc.Find("[data-testid=event]").Eq(2)
	if got := text(second); !strings.Contains(got, "“seen again”") || !strings.Contains(got, "officer") {
		t.Errorf("why and who: %q", got)
	}
	if got := texts(second.Find("tbody tr").First().Find("td")); strings.Join(got, " > ") != "first > second" {
		t.Errorf("title: %q", got)
	}
	behaviours := texts(second.Find("tbody tr").FilterFunction(func(_ int, s *goquery.Selection) bool { return strings.HasPrefix(text(s), "Behaviours") }))
	if len(behaviours) != 1 || behaviours[0] != "Behaviours 1 stays as it was flares jamming" {
		t.Errorf("behaviours: %q", behaviours)
	}
	if href := second.Find("a.asit").AttrOr("href", ""); !strings.HasPrefix(href, "/incidents/"+string(inc.ID)+"?as_of=2026-11-24T03") {
		t.Errorf("the page as it stood: %q", href)
	}

	past := s.get(t, access.Viewer, path+"?as_of="+url.QueryEscape(beforeUnlink.Format(time.RFC3339)))
	if got := texts(past.doc.Find("[data-testid=event] h2")); len(got) != 4 || got[0] != want[1] {
		t.Errorf("before the link was cut:\n%s", strings.Join(got, "\n"))
	}
	if href := past.doc.Find(".inch a.btn").AttrOr("href", ""); !strings.Contains(href, "as_of=") {
		t.Errorf("the way back loses the moment: %q", href)
	}
}

func TestHistoryOfARetraction(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.putIncident(t, "taken back", "serious", s.clock.Now(), incidents.Exact, nil)
	s.post(t, access.Supervisor, "/incidents/"+string(inc.ID)+"/retract", url.Values{"base": {"1"}, "reason": {"entered twice"}})
	a := s.get(t, access.Viewer, "/incidents/"+string(inc.ID)+"/history")
	if got := text(a.doc.Find("[data-testid=event]").First()); !strings.Contains(got, "Revision 2: retracted") || !strings.Contains(got, "entered twice") || !strings.Contains(got, "State of the report submitted retracted") {
		t.Errorf("the retraction reads %q", got)
	}
}

func TestHistoryOfARelation(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	inc := s.putIncident(t, "related", "serious", s.clock.Now(), incidents.Exact, nil)
	c := s.putContact(t, inc, "phone", "connected", s.clock.Now())
	if err := s.store.SetLink(context.Background(), officer, hotline.Link{ContactID: c.ID, IncidentID: inc.ID, Relation: "coincident", Linked: true, Meta: hotline.Meta{Revision: 1, Reason: "about weather"}}); err != nil {
		t.Fatal(err)
	}
	a := s.get(t, access.Viewer, "/incidents/"+string(inc.ID)+"/history")
	if got := text(a.doc.Find("[data-testid=event]").First()); !strings.Contains(got, "Relation changed: Test line") || !strings.Contains(got, "prompted by coincident") {
		t.Errorf("the change reads %q", got)
	}
}
