package web_test

import (
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/paulmach/orb"

	"interceptlog/internal/access"
	"interceptlog/internal/geo"
	"interceptlog/internal/incidents"
)

// TestMoved takes a position through every sort of change and looks at what the
// history draws and says of each.
func TestMoved(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	from := orb.Point{20, 57}
	to := geo.Destination(from, 45, 12.4)
	track := orb.LineString{to, geo.Destination(to, 90, 20), geo.Destination(to, 90, 50)}
	area := orb.Polygon{{{19, 56}, {21, 56}, {20, 58}, {19, 56}}}
	inc := s.putIncident(t, "moves", "serious", s.clock.Now(), incidents.Exact, func(r *incidents.Record) { r.Geometry = incidents.Geometry{} })
	steps := []struct {
		shape    orb.Geometry
		says     string
		was, now int // drawn: dotted, and with a symbol
	}{
		{from, "Position given for the first time: a point.", 0, 1},
		{to, "Moved 12.4 NM, bearing 045°T.", 1, 1},
		{geo.Destination(to, 181, 0.02), "Moved 37 m, bearing 181°T.", 1, 1},
		{track, "From a point to a track of 3 points, 50.0 NM long; its middle moved 25.0 NM, bearing 090°T.", 1, 1},
		{track[:2], "From a track of 3 points, 50.0 NM long to a track of 2 points, 20.0 NM long; its middle moved 15.0 NM, bearing 271°T.", 1, 1},
		{area, "From a track of 2 points, 20.0 NM long to an area of 3 corners;", 1, 1},
		{nil, "Position taken away: it was an area of 3 corners.", 1, 0},
	}
	for _, step := range steps {
		s.clock.Advance(time.Minute)
		inc.Record.Geometry, inc.Reason = incidents.Geometry{Geometry: step.shape}, "found out more"
		var err error
		if inc, err = s.store.ReviseIncident(t.Context(), officer, inc); err != nil {
			t.Fatal(err)
		}
		event := s.page(t, access.Viewer, "/incidents/"+string(inc.ID)+"/history").Find("[data-testid=event]").First()
		moved := event.Find("[data-testid=moved]")
		if got := text(moved.Find("figcaption b")); !strings.HasPrefix(got, step.says) {
			t.Errorf("says %q, want %q", got, step.says)
		}
		if was, now := moved.Find("svg.chart circle.c-was").Length(), moved.Find("svg.chart .c-sym").Length(); was != step.was || now != step.now {
			t.Errorf("%s: %d dotted and %d symbols, want %d and %d", step.says, was, now, step.was, step.now)
		}
		if legend := moved.Find(".legend li").Length(); legend != step.was+step.now {
			t.Errorf("%s: %d lines of legend", step.says, legend)
		}
		if got := moved.Find("svg.chart").AttrOr("aria-label", ""); !strings.HasPrefix(got, step.says) {
			t.Errorf("the picture is called %q", got)
		}
	}
	// What was a track or an area is drawn as one.
	charts := s.page(t, access.Viewer, "/incidents/"+string(inc.ID)+"/history").Find("[data-testid=moved] svg.chart")
	shapes := charts.FilterFunction(func(_ int, chart *goquery.Selection) bool { return chart.Find("path.c-was").Length() > 1 })
	if charts.Length() != len(steps) || shapes.Length() != 3 {
		t.Errorf("%d charts, %d with the old shape", charts.Length(), shapes.Length())
	}
	// A change of something else draws nothing.
	s.clock.Advance(time.Minute)
	inc.Record.Title = "moves no more"
	if _, err := s.store.ReviseIncident(t.Context(), officer, inc); err != nil {
		t.Fatal(err)
	}
	if n := s.page(t, access.Viewer, "/incidents/"+string(inc.ID)+"/history").Find("[data-testid=event]").First().Find("[data-testid=moved]").Length(); n != 0 {
		t.Error("a new title draws a map")
	}
}
