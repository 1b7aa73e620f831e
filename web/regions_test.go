package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

const mapRows = "[data-testid=map-row]"

// mapPages are the pages of the seas with how many real records each has.
var mapPages = map[string]int{"baltic": 48, "norwegian": 35, "black": 32}

// featuresOf reads what the script of a map would draw.
func (s *site) featuresOf(t testing.TB, role access.Role, address string) (ids []string, places int) {
	t.Helper()
	a := s.get(t, role, address)
	if a.status != http.StatusOK {
		t.Fatalf("%s: status %d", address, a.status)
	}
	var collection struct {
		Features []struct {
			ID       string
			Geometry *struct{ Type string }
		}
	}
	if err := json.Unmarshal([]byte(a.body), &collection); err != nil {
		t.Fatal(err)
	}
	for _, f := range collection.Features {
		ids = append(ids, f.ID)
		if f.Geometry != nil {
			places++
		}
	}
	return ids, places
}

// Map, list and the script's features hold the same incidents.
func TestRegionPageMapAndListAgree(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for region, total := range mapPages {
		doc := s.page(t, access.Viewer, "/regions/"+region)
		listed := attrs(doc.Find(mapRows), "data-id")
		if len(listed) != total {
			t.Errorf("%s: %d rows, not %d", region, len(listed), total)
		}
		ids, places := s.featuresOf(t, access.Viewer, doc.Find("[data-testid=map]").AttrOr("data-features", ""))
		slices.Sort(listed)
		slices.Sort(ids)
		if !slices.Equal(listed, ids) {
			t.Errorf("%s: the list has %d incidents, the map %d", region, len(listed), len(ids))
		}
		if places == 0 || doc.Find("[data-testid=map] svg.chart [data-mark]").Length() == 0 {
			t.Errorf("%s: nothing is drawn", region)
		}
		for _, id := range attrs(doc.Find("[data-testid=map] svg.chart [data-mark]"), "data-mark") {
			if !slices.Contains(listed, id) {
				t.Errorf("%s: %s is drawn and not listed", region, id)
			}
		}
	}
}

// What the script needs to draw the same map is on the page.
func TestRegionPageSaysTheProjection(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for region := range mapPages {
		doc := s.page(t, access.Viewer, "/regions/"+region)
		box := doc.Find("[data-testid=map]")
		for _, name := range []string{"data-region", "data-code", "data-proj4", "data-view", "data-features", "data-seas"} {
			if box.AttrOr(name, "") == "" {
				t.Errorf("%s: no %s", region, name)
			}
		}
		if doc.Find("script[src*=map]").Length() != 1 || doc.Find("link[href*=map][rel=stylesheet]").Length() != 1 {
			t.Errorf("%s: the bundle of the map is not linked", region)
		}
	}
}

func TestRegionPageFilters(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	doc := s.page(t, access.Analyst, "/regions/baltic?severity=high_risk")
	if n := doc.Find(mapRows).Length(); n != 3 {
		t.Errorf("%d rows", n)
	}
	for _, selector := range []string{"[data-testid=export-link]", ".right a[href^='/incidents']", ".seas a[href^='/regions/black']", "nav.seas a[href^='/map']"} {
		href := doc.Find(selector).AttrOr("href", "")
		if queryOf(t, href).Get("severity") != "high_risk" {
			t.Errorf("%s leads to %q", selector, href)
		}
	}
	if v := queryOf(t, doc.Find("[data-testid=export-link]").AttrOr("href", "")); v.Get("region") != "baltic" {
		t.Error("the export leaves out the sea")
	}
	if s.page(t, access.Viewer, "/regions/baltic").Find("[data-testid=export-link]").Length() != 0 {
		t.Error("a viewer is offered the export")
	}
}

func TestMapPagesKeepWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, path := range []string{"/map", "/regions/black"} {
		a := s.get(t, access.Viewer, path+"?from=yesterdayish&q=Bear")
		if a.status != http.StatusUnprocessableEntity || a.doc == nil {
			t.Fatalf("%s: status %d", path, a.status)
		}
		if a.doc.Find("[name=from]").AttrOr("value", "") != "yesterdayish" || a.doc.Find("#f-q").AttrOr("value", "") != "Bear" {
			t.Errorf("%s: what was typed is gone", path)
		}
		if a.doc.Find("#errors a[href='#from']").Length() != 1 {
			t.Errorf("%s: the summary does not lead to the field", path)
		}
	}
	if a := s.get(t, access.Viewer, "/regions/black?region=baltic"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("two regions in one address: status %d", a.status)
	}
	if a := s.get(t, access.Viewer, "/regions/pacific"); a.status != http.StatusNotFound {
		t.Errorf("a region that there is not: status %d", a.status)
	}
}

// The page of all seas counts what the pages of each show.
func TestMapCountsTheSeas(t *testing.T) {
	t.Parallel()
	doc := newSite(t).page(t, access.Viewer, "/map")
	if got := text(doc.Find("[data-testid=total] b")); got != "115" {
		t.Errorf("total %q", got)
	}
	for region, total := range mapPages {
		sea := doc.Find("[data-sea=" + region + "]")
		if got := text(sea.Find(".rh b")); got != strconv.Itoa(total) {
			t.Errorf("%s: %q", region, got)
		}
		if sea.Find("svg.chart").Length() != 1 || sea.Find(mapRows).Length() == 0 || sea.Find("a[href='/regions/"+region+"']").Length() == 0 {
			t.Errorf("%s: no chart, no newest, or no way to its map", region)
		}
	}
}

// Exercises are shown only where they are asked for, and then under a banner.
func TestMapLeavesExercisesOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if n := s.page(t, access.Viewer, "/regions/baltic").Find(mapRows + " .mark").Length(); n != 0 {
		t.Errorf("%d exercises", n)
	}
	shown := 0
	for region := range mapPages {
		doc := s.page(t, access.Viewer, "/regions/"+region+"?exercise=only")
		n := doc.Find(mapRows).Length()
		shown += n
		if n > 0 && doc.Find(".marking:contains(EXERCISE)").Length() == 0 {
			t.Errorf("%s: exercises without their banner", region)
		}
	}
	if shown != 7 {
		t.Errorf("%d exercises over the three seas", shown)
	}
}

// An incident without a place stands in the list, and says so; as of a moment
// before it, it stands nowhere.
func TestMapListsWhatHasNoPlaceAndReadsAsOf(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	before := incidents.FormatInstant(incidents.MillisOf(s.clock.Now().Add(time.Minute)))
	s.clock.Advance(2 * time.Hour)
	inc := s.putIncident(t, "Somewhere", "serious", s.clock.Now(), incidents.Exact, func(rec *incidents.Record) {
		rec.Geometry, rec.PositionBasis, rec.Region = incidents.Geometry{}, "", "baltic"
	})
	row := "[data-id='" + string(inc.ID) + "']"
	doc := s.page(t, access.Viewer, "/regions/baltic")
	if got := text(doc.Find(mapRows + row + " .unk")); got != "no position" {
		t.Errorf("the row says %q", got)
	}
	past := s.page(t, access.Viewer, "/regions/baltic?as_of="+url.QueryEscape(before))
	if past.Find(row).Length() != 0 || past.Find(mapRows).Length() != mapPages["baltic"] {
		t.Error("the map as of a moment is not that of the moment")
	}
	for _, href := range attrs(past.Find(mapRows+" a, [data-testid=map] svg a, .seas a"), "href") {
		if queryOf(t, href).Get("as_of") == "" {
			t.Errorf("%s leaves the moment", href)
		}
	}
}
