package web

import (
	"github.com/a-h/templ"

	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// farChart shows the place of an incident in its whole sea, beside the chart of
// its surroundings; nil where there is no place or no sea.
func (s *Server) farChart(c hotline.Case) templ.Component {
	region, ok := s.Atlas.Region(c.Incident.Derived.Region)
	if !ok || c.Incident.Record.Geometry.IsNone() {
		return nil
	}
	mark := markOf(c, "")
	mark.Current, mark.UncertaintyNM = true, 0
	return s.drawing(geo.MapDrawing{Region: region, Width: 330, Height: 300, Marks: []geo.Mark{mark}, Graticule: true, SeaNames: true,
		Title: "The same place in the region " + incidents.RegionCodes.Word(c.Incident.Derived.Region), ID: "far-" + string(c.Incident.ID)})
}
