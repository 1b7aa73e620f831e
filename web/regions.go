package web

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/format/geojson"
	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// Limits of a map. More symbols tell nobody anything; the page says how many
// are left out, and the table and the file have them all.
const (
	mostMarks = 2000
	mapRows   = 100 // of the list beside the map
	seaRows   = 3   // of the newest, on the page of all seas
)

// Drawings are made for the width that they are shown at, as their text must
// stay legible.
var (
	wideChart = [2]int{806, 584}
	tallChart = [2]int{366, 416}
	seaChart  = [2]int{364, 300}
)

// showMap is the page of all seas: a chart, counts and the newest of each.
func (s *Server) showMap(c echo.Context) error {
	q := ask(c)
	if address, ok := q.tidy(); ok && q.err == nil {
		return c.Redirect(http.StatusSeeOther, address)
	}
	p := view.MapPage{Frame: s.frame(c, "Map", "map")}
	at := s.at(&p.Frame, q.AsOf)
	if q.err == nil {
		if err := s.fillSeas(c.Request().Context(), &p, q, at); err != nil {
			return err
		}
		var err error
		if p.Pin, err = s.pin(c.Request().Context(), q); err != nil {
			return err
		}
		p.List = withQuery("/incidents", q.values())
		p.Export = withQuery("/export/incidents.geojson", q.values())
	}
	p.Filter = q.form()
	p.Frame.Keys = []view.Key{{Key: "F", Label: "filter"}, {Key: "J", Label: "K move"}, {Key: "Enter", Label: "open"}}
	return page(c, q.status(&p.Frame), view.Map(p))
}

// status is that of a page whose filter could be read, or could not.
func (q *question) status(f *view.Frame) int {
	if q.err == nil {
		return http.StatusOK
	}
	f.Title = "Error: " + f.Title
	return http.StatusUnprocessableEntity
}

// fillSeas draws each sea that is asked for.
func (s *Server) fillSeas(ctx context.Context, p *view.MapPage, q *question, at hotline.At) error {
	if err := s.count(ctx, q, at, "region", "severity", "deescalation", "report"); err != nil {
		return err
	}
	var shown []incidents.Incident
	for _, region := range s.Atlas.Regions() {
		if len(q.Regions) > 0 && !slices.Contains(q.Regions, region.ID) {
			continue
		}
		sea, cases, err := s.seaPanel(ctx, q, region, at)
		if err != nil {
			return err
		}
		p.Seas, p.Total = append(p.Seas, sea), p.Total+sea.Total
		for _, one := range cases {
			shown = append(shown, one.Incident)
		}
	}
	s.mark(&p.Frame, shown...)
	if n := q.counts["region"]["outside"]; n > 0 && (len(q.Regions) == 0 || slices.Contains(q.Regions, "outside")) {
		v := q.values()
		v.Set("region", "outside")
		p.Outside, p.OutsideHref, p.Total = n, withQuery("/incidents", v), p.Total+n
	}
	return nil
}

// seaPanel is one sea on the page of all.
func (s *Server) seaPanel(ctx context.Context, q *question, region geo.Region, at hotline.At) (view.SeaPanel, []hotline.Case, error) {
	in := *q
	in.Regions = []string{region.ID}
	cases, total, err := s.newest(ctx, in.Filter, at, mostMarks)
	if err != nil {
		return view.SeaPanel{}, nil, err
	}
	v := q.values()
	v.Del("region")
	sea := view.SeaPanel{ID: region.ID, Name: incidents.RegionCodes.Word(region.ID), Href: withQuery("/regions/"+region.ID, v), Total: total}
	severities, err := s.Store.CountBy(ctx, in.Filter, "severity", at)
	if err != nil {
		return sea, nil, err
	}
	statuses, err := s.Store.CountBy(ctx, in.Filter, "deescalation", at)
	if err != nil {
		return sea, nil, err
	}
	sea.Severities = tallied(severities, severityOrder, view.SeverityWord)
	sea.Statuses = tallied(statuses, statusOrder, view.StatusWord)
	for _, one := range cases[:min(seaRows, len(cases))] {
		sea.Newest = append(sea.Newest, listRow(one, asOfQuery(q.AsOf)))
	}
	sea.Chart = s.chart(region, cases, chartOf{size: seaChart, id: "sea-" + region.ID, small: true, asOf: q.AsOf})
	return sea, cases, nil
}

// tallied are counts in order, without those of which there are none.
func tallied(counts tallies, order []string, word func(string) string) []view.Choice {
	var list []view.Choice
	for _, code := range order {
		if n := counts[code]; n > 0 {
			list = append(list, view.Choice{Value: code, Label: word(code), Count: n})
		}
	}
	return list
}

// newest reads the newest cases of a filter, at most so many, and how many
// there are in all.
func (s *Server) newest(ctx context.Context, f incidents.Filter, at hotline.At, most int) (cases []hotline.Case, total int, err error) {
	p := hotline.Page{Sort: "-start", Limit: min(most, 500)}
	for {
		part, err := s.Store.Cases(ctx, f, p, at)
		if err != nil {
			return nil, 0, err
		}
		if cases == nil {
			cases, total = part.Cases, part.Total
		} else {
			cases = append(cases, part.Cases...)
		}
		if part.Next == "" || len(cases) >= most {
			return cases[:min(most, len(cases))], total, nil
		}
		p.After = part.Next
	}
}

// showRegion is the map of one sea with its filters and its list.
func (s *Server) showRegion(c echo.Context) error {
	region, ok := s.Atlas.Region(c.Param("region"))
	if !ok {
		return fault.New(fault.NotFound, "There is no such region; there are baltic, black and norwegian.")
	}
	q := askIn(c, region.ID)
	if address, ok := q.tidy(); ok && q.err == nil {
		return c.Redirect(http.StatusSeeOther, address)
	}
	name := incidents.RegionCodes.Word(region.ID)
	p := view.RegionPage{Frame: s.frame(c, name, "map"), Name: name, Projection: region.Projection.Name()}
	at := s.at(&p.Frame, q.AsOf)
	if q.err == nil {
		if err := s.fillRegion(c.Request().Context(), &p, q, region, at); err != nil {
			return err
		}
	}
	p.Filter = q.form()
	p.Filter.Seas = q.seaLinks()
	p.Frame.Scripts = []string{"map.js"}
	p.Frame.Keys = []view.Key{{Key: "← →", Label: "↑ ↓ pan"}, {Key: "+", Label: "− zoom"}, {Key: "J", Label: "K next incident"}, {Key: "F", Label: "filters"}, {Key: "U", Label: "all uncertainties"}, {Key: "0", Label: "whole sea"}}
	return page(c, q.status(&p.Frame), view.Region(p))
}

// fillRegion reads what the map and the list show, which is the same.
func (s *Server) fillRegion(ctx context.Context, p *view.RegionPage, q *question, region geo.Region, at hotline.At) error {
	if err := s.count(ctx, q, at, "region", "severity", "deescalation", "report"); err != nil {
		return err
	}
	statuses, err := s.Store.CountBy(ctx, q.Filter, "deescalation", at)
	if err != nil {
		return err
	}
	severities, err := s.Store.CountBy(ctx, q.Filter, "severity", at)
	if err != nil {
		return err
	}
	cases, total, err := s.newest(ctx, q.Filter, at, mostMarks)
	if err != nil {
		return err
	}
	p.Total, p.Drawn = total, len(cases)
	p.Serious = severities["serious"] + severities["high_risk"]
	p.Followed = statuses["followed"] + statuses["followed_late"]
	shown := make([]incidents.Incident, 0, len(cases))
	for i, one := range cases {
		shown = append(shown, one.Incident)
		if i < mapRows {
			p.Rows = append(p.Rows, listRow(one, asOfQuery(q.AsOf)))
		}
	}
	s.mark(&p.Frame, shown...)
	if p.Pin, err = s.pin(ctx, q); err != nil {
		return err
	}
	p.List = withQuery("/incidents", q.whole())
	p.Export = withQuery("/export/incidents.geojson", q.whole())
	return s.drawRegion(p, q, region, cases)
}

// drawRegion draws the map for wide and for narrow windows, and says what the
// script needs to draw it again.
func (s *Server) drawRegion(p *view.RegionPage, q *question, region geo.Region, cases []hotline.Case) error {
	p.Wide = s.chart(region, cases, chartOf{size: wideChart, id: "wide", asOf: q.AsOf})
	p.Narrow = s.chart(region, cases, chartOf{size: tallChart, id: "narrow", asOf: q.AsOf})
	names, err := json.Marshal(s.seaNames())
	p.Live = view.LiveMap{
		Region: region.ID, Code: region.Projection.Code(), Proj4: region.Projection.Proj4(),
		View:     incidents.BBox{West: region.View.Min[0], South: region.View.Min[1], East: region.View.Max[0], North: region.View.Max[1]}.String(),
		Features: withQuery("/map/incidents.geojson", q.whole()), Seas: string(names),
	}
	return err
}

// seaNames are the names of the waters, for the script of a map.
func (s *Server) seaNames() []view.SeaName {
	names := make([]view.SeaName, 0, len(s.Atlas.Seas()))
	for _, sea := range s.Atlas.Seas() {
		names = append(names, view.SeaName{Name: sea.Name, Lon: sea.Label[0], Lat: sea.Label[1]})
	}
	return names
}

// drawSeas says what the script needs to draw a position on the map of any of
// the seas.
func (s *Server) drawSeas() view.DrawSeas {
	d := view.DrawSeas{Names: s.seaNames()}
	for _, region := range s.Atlas.Regions() {
		b := region.View
		d.Seas = append(d.Seas, view.DrawSea{Region: region.ID, Name: region.ShortName, Code: region.Projection.Code(), Proj4: region.Projection.Proj4(),
			View: [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}})
	}
	return d
}

// chartOf is what differs between the drawings of a sea.
type chartOf struct {
	size  [2]int
	id    string
	small bool
	asOf  incidents.Millis
}

// chart draws cases on the map of a region.
func (s *Server) chart(region geo.Region, cases []hotline.Case, how chartOf) templ.Component {
	d := geo.MapDrawing{Region: region, Width: how.size[0], Height: how.size[1], ID: how.id,
		Graticule: true, Territorial: !how.small, Places: !how.small, SeaNames: !how.small, ScaleBar: true,
		Title: "Map of the region " + region.Name}
	for _, one := range worstFirst(cases) {
		m := markOf(one, withAsOf(incidentPath(one.Incident.ID), how.asOf))
		if how.small {
			m.UncertaintyNM = 0 // rings would hide the symbols
		}
		d.Marks = append(d.Marks, m)
	}
	return s.drawing(d)
}

// worstFirst puts the symbols that must not be hidden on top.
func worstFirst(cases []hotline.Case) []hotline.Case {
	list := slices.Clone(cases)
	slices.SortStableFunc(list, func(a, b hotline.Case) int { return weight(b) - weight(a) })
	return list
}

// weight orders symbols: the severity first, then whether anybody waits.
func weight(one hotline.Case) int {
	w := 4 * (len(severityOrder) - indexOf(severityOrder, one.Incident.Record.Severity))
	switch frameOf(one) {
	case "late":
		return w + 3
	case "tried":
		return w + 2
	case "due":
		return w + 1
	}
	return w
}

// frameOf is the frame round a symbol: who waits. A call that was tried in vain
// keeps its frame after the case is settled, without the colour.
func frameOf(one hotline.Case) string {
	switch open, worst := one.Open(), one.Assessment.Worst; {
	case open && one.Assessment.Best == hotline.Awaiting:
		return "due" // late at worst only: as the board has it
	case open && worst == hotline.Overdue:
		return "late"
	case open && worst == hotline.Attempted:
		return "tried"
	case worst == hotline.Attempted:
		return "vain"
	}
	return ""
}

// underOf is the bar under a symbol: a whole one for a call in time, a broken
// one for a late one, dots where the sources are silent.
func underOf(one hotline.Case) string {
	switch one.Assessment.Worst {
	case hotline.Followed, hotline.FollowedLate, hotline.NotKnown:
		return string(one.Assessment.Worst)
	}
	return ""
}

// seaLinks lead from sea to sea with the same filter.
func (q *question) seaLinks() []view.SeaLink {
	v := q.values()
	counts := q.counts["region"]
	list := []view.SeaLink{{Label: "All seas", Href: withQuery("/map", v), Count: counts.sum()}}
	for _, code := range seaOrder[:3] {
		list = append(list, view.SeaLink{Label: incidents.RegionCodes.Word(code), Href: withQuery("/regions/"+code, v), Count: counts[code], Current: code == q.sea})
	}
	return list
}

// mapFeatures feeds the map's script: the features of an export, for everybody
// who may see the page, no more of them than the page draws, and not audited as
// an export.
func (s *Server) mapFeatures(c echo.Context) error {
	q := ask(c)
	if q.err != nil {
		return q.err
	}
	at := hotline.At{AsOf: q.AsOf, Now: incidents.MillisOf(s.Now())}
	if q.AsOf != 0 {
		at.Now = q.AsOf
	}
	cases, _, err := s.newest(c.Request().Context(), q.Filter, at, mostMarks)
	if err != nil {
		return err
	}
	body := []byte(`{"type":"FeatureCollection","features":[`)
	for i := range cases {
		if i > 0 {
			body = append(body, ',')
		}
		if body, err = geojson.AppendFeature(body, &cases[i], geojson.Options{}); err != nil {
			return err
		}
	}
	return c.Blob(http.StatusOK, geojson.MediaType, append(body, "]}"...))
}
