package web

import (
	"context"
	"io"

	"github.com/a-h/templ"
	"github.com/paulmach/orb"

	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// drawing makes a component of a map that the server draws.
func (s *Server) drawing(d geo.MapDrawing) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error { return s.Atlas.DrawMap(w, d) })
}

// markOf shows an incident on a map: shape for the severity, frame and bar for
// the status.
func markOf(one hotline.Case, href string) geo.Mark {
	inc := one.Incident
	m := geo.Mark{ID: string(inc.ID), Href: href, Geometry: inc.Record.Geometry.Geometry, Inferred: inc.Record.PositionBasis == "inferred",
		Symbol: "sev-" + inc.Record.Severity, Frame: frameOf(one), Under: underOf(one),
		Title: inc.Record.Title + ", " + inc.Record.Start.String() + ", " + view.SeverityWord(inc.Record.Severity) + ", " + view.StatusWords(string(one.Assessment.Worst), string(one.Assessment.Best))}
	if inc.Record.UncertaintyNM != nil {
		m.UncertaintyNM = *inc.Record.UncertaintyNM
	}
	return m
}

// addChart draws where the incident of a page was.
func (s *Server) addChart(p *view.IncidentPage, one hotline.Case) {
	p.Chart = s.smallChart(one.Incident)
}

func uncertainty(inc incidents.Incident) float64 {
	if inc.Record.UncertaintyNM == nil {
		return 0
	}
	return *inc.Record.UncertaintyNM
}

// smallChart draws the surroundings of one incident; nil without a position.
func (s *Server) smallChart(inc incidents.Incident) templ.Component {
	g := inc.Record.Geometry.Geometry
	if g == nil {
		return nil
	}
	return s.drawing(s.chartIn(inc, g, surroundings(g, max(90, uncertainty(inc)*1.6))))
}

// chartIn is the chart of an incident about a place, in a box of degrees.
func (s *Server) chartIn(inc incidents.Incident, about orb.Geometry, view orb.Bound) geo.MapDrawing {
	region, ok := s.Atlas.Region(inc.Derived.Region)
	if !ok {
		// Outside the three seas: a projection about the place itself.
		at := geo.Representative(about)
		region = geo.Region{Name: "Outside the three regions", Projection: geo.LAEA(at[1], at[0], 0, 0, "ILOG:HERE")}
	}
	mark := markOf(hotline.Case{Incident: inc}, "")
	mark.Current, mark.Title, mark.Frame, mark.Under = true, inc.Record.Title, "", ""
	if inc.Record.Severity == "" {
		mark.Symbol = "sev-near_routine"
	}
	return geo.MapDrawing{Region: region, View: &view, Width: 330, Height: 236, Marks: []geo.Mark{mark}, Graticule: true, Territorial: true,
		Places: true, SeaNames: true, ScaleBar: true, Title: "Map: " + inc.Record.Title, ID: "chart-" + string(inc.ID)}
}

// surroundings is a box that shows a shape and so many nautical miles about it:
// enough coast to know where that is.
func surroundings(g orb.Geometry, reach float64) orb.Bound {
	box := geo.Bounds(g)
	for _, corner := range []orb.Point{box.Min, box.Max} {
		for _, bearing := range []float64{0, 90, 180, 270} {
			box = box.Extend(geo.Destination(corner, bearing, reach))
		}
	}
	return box
}

// regionChart draws a sea for the board: what still waits there, and the
// newest reports.
func (s *Server) regionChart(id string, b *board) templ.Component {
	region, ok := s.Atlas.Region(id)
	if !ok {
		return nil
	}
	d := geo.MapDrawing{Region: region, Width: 168, Height: 172, Title: "Map of the region " + region.ShortName, ID: "board-" + id}
	seen := map[incidents.ID]bool{}
	for _, list := range [][]hotline.Case{b.open, b.newest[id]} {
		for _, one := range list {
			if one.Incident.Derived.Region == id && !seen[one.Incident.ID] {
				seen[one.Incident.ID] = true
				m := markOf(one, "")
				m.UncertaintyNM = 0 // too small to be true to scale
				d.Marks = append(d.Marks, m)
			}
		}
	}
	return s.drawing(d)
}
