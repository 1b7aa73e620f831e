package web

import (
	"encoding/json"
	"net/http"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// mapRows is how many incidents a map page lists and draws; beyond it the page
// says so, and the log has the rest.
const mapRows = 500

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
	p := view.RegionPage{Frame: s.frame(c, region.Name, "map"), Name: region.ShortName, Projection: region.Projection.Name()}
	at := s.at(&p.Frame, q.AsOf)
	status := http.StatusOK
	if q.err != nil {
		status, p.Frame.Title = http.StatusUnprocessableEntity, "Error: "+region.Name
	} else if err := s.fillRegion(c, &p, q, region, at); err != nil {
		return err
	}
	p.Filter = q.form()
	p.Filter.Clear = "/regions/" + region.ID
	for _, other := range s.Atlas.Regions() {
		v := q.values()
		p.Filter.Seas = append(p.Filter.Seas, view.SeaLink{Label: other.ShortName, Href: withQuery("/regions/"+other.ID, v), Count: q.counts["region"][other.ID], Current: other.ID == region.ID})
	}
	p.Frame.Scripts = []string{"map.js"}
	p.Frame.Keys = []view.Key{{Key: "J", Label: "K next incident"}, {Key: "U", Label: "uncertainty"}, {Key: "+", Label: "− zoom"}, {Key: "F", Label: "filters"}}
	return page(c, status, view.RegionMap(p))
}

// fillRegion reads the incidents of a sea and draws them.
func (s *Server) fillRegion(c echo.Context, p *view.RegionPage, q *question, region geo.Region, at hotline.At) error {
	ctx := c.Request().Context()
	cases, err := s.Store.Cases(ctx, q.Filter, hotline.Page{Sort: "-start", Limit: mapRows}, at)
	if err != nil {
		return err
	}
	if err := s.count(ctx, q, at, "region", "severity", "deescalation", "report"); err != nil {
		return err
	}
	asOf := asOfQuery(q.AsOf)
	var shown []incidents.Incident
	d := geo.MapDrawing{Region: region, Width: 780, Height: 584, Graticule: true, Territorial: true, Outline: true, Places: true, SeaNames: true, ScaleBar: true,
		Title: "Map of the region " + region.Name, ID: "map"}
	for _, one := range cases.Cases {
		row := listRow(one, asOf)
		p.Rows = append(p.Rows, row)
		shown = append(shown, one.Incident)
		d.Marks = append(d.Marks, markOf(one, row.Href))
		if one.Incident.Record.Severity != "near_routine" {
			p.Serious++
		}
		if one.Assessment.Through > 0 {
			p.Through++
		}
	}
	s.mark(&p.Frame, shown...)
	p.Total = cases.Total
	p.Drawing = s.drawing(d)
	p.Export, p.Log = withQuery("/export/incidents.geojson", q.whole()), withQuery("/incidents", q.whole())
	p.Features = withQuery("/map/incidents.geojson", q.whole())
	p.Proj4 = region.Projection.Proj4()
	p.Code = region.Projection.Code()
	box := region.View
	view, err := json.Marshal([]float64{box.Min[0], box.Min[1], box.Max[0], box.Max[1]})
	p.View, p.Region = string(view), region.ID
	return err
}

// showMap is the way to the three seas: each drawn, with its counts.
func (s *Server) showMap(c echo.Context) error {
	q := ask(c)
	if address, ok := q.tidy(); ok && q.err == nil {
		return c.Redirect(http.StatusSeeOther, address)
	}
	if q.err != nil {
		return q.err
	}
	ctx := c.Request().Context()
	p := view.MapsPage{Frame: s.frame(c, "Maps", "map")}
	at := s.at(&p.Frame, q.AsOf)
	var shown []incidents.Incident
	for _, region := range s.Atlas.Regions() {
		f := q.Filter
		f.Regions = []string{region.ID}
		cases, err := s.Store.Cases(ctx, f, hotline.Page{Sort: "-start", Limit: mapRows}, at)
		if err != nil {
			return err
		}
		v := q.values()
		v.Del("region")
		sea := view.SeaPanel{Name: region.Name, Href: withQuery("/regions/"+region.ID, v), Total: cases.Total, Projection: region.Projection.Name()}
		if sea.Severities, err = s.tally(c, f, "severity", at, severityOrder); err != nil {
			return err
		}
		if sea.Statuses, err = s.tally(c, f, "deescalation", at, statusOrder); err != nil {
			return err
		}
		d := geo.MapDrawing{Region: region, Width: 440, Height: 400, Graticule: true, SeaNames: true, ScaleBar: true, Title: "Map of the region " + region.Name, ID: "sea-" + region.ID}
		for _, one := range cases.Cases {
			shown = append(shown, one.Incident)
			m := markOf(one, "")
			m.UncertaintyNM = 0
			d.Marks = append(d.Marks, m)
		}
		sea.Drawing = s.drawing(d)
		p.Seas = append(p.Seas, sea)
	}
	s.mark(&p.Frame, shown...)
	return page(c, http.StatusOK, view.Maps(p))
}

// tally counts by one column, in the order of the codes, zeros left out.
func (s *Server) tally(c echo.Context, f incidents.Filter, column string, at hotline.At, order []string) ([]view.Choice, error) {
	counts, err := s.Store.CountBy(c.Request().Context(), f, column, at)
	var out []view.Choice
	for _, code := range order {
		if counts[code] > 0 {
			out = append(out, view.Choice{Value: code, Count: counts[code]})
		}
	}
	return out, err
}

// mapFeatures feeds the map's script: the same features as an export, for
// everybody who may see the page, and not audited as an export.
func (s *Server) mapFeatures(c echo.Context) error {
	f, opts, err := exportQuery(c)
	if err != nil {
		return err
	}
	opts.NoAudit = true
	return s.streamIncidents(c, f, opts)
}
