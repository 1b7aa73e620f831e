package web

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"interceptlog/internal/geo"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// moved says and draws how a position changed between two versions of an
// incident; nil where it did not.
func (s *Server) moved(old, rev incidents.Incident) *view.Moved {
	was, is := old.Record.Geometry, rev.Record.Geometry
	if was.IsNone() && is.IsNone() || sameGeometry(was, is) {
		return nil
	}
	m := &view.Moved{Words: movedWords(was.Geometry, is.Geometry), Was: !was.IsNone(), Now: !is.IsNone()}
	var about orb.Geometry
	var box orb.Bound
	switch {
	case is.IsNone():
		about, box = was.Geometry, surroundings(was.Geometry, 90)
	case was.IsNone():
		about, box = is.Geometry, surroundings(is.Geometry, max(90, uncertainty(rev)*1.6))
	default:
		about = is.Geometry
		reach := max(movedReach(was.Geometry, is.Geometry), uncertainty(rev)*1.6)
		box = surroundings(was.Geometry, reach).Union(surroundings(is.Geometry, reach))
	}
	in := rev
	if is.IsNone() {
		in = old // the region that the old position gave
		in.Record.Geometry = incidents.Geometry{}
	}
	d := s.chartIn(in, about, box)
	d.Was, d.ID = was.Geometry, fmt.Sprintf("moved-%s-%d", rev.ID, rev.Revision)
	d.Title = m.Words
	m.Chart = s.drawing(d)
	return m
}

// movedReach is how many nautical miles about a move are drawn: near enough to
// see a short one.
func movedReach(was, is orb.Geometry) float64 {
	return min(90, max(30, 6*geo.DistanceNM(geo.Representative(was), geo.Representative(is))))
}

// movedWords says how a position changed: from what to what, how far, and which
// way.
func movedWords(was, is orb.Geometry) string {
	switch {
	case was == nil:
		return "Position given for the first time: " + shapeWords(is) + "."
	case is == nil:
		return "Position taken away: it was " + shapeWords(was) + "."
	}
	from, to := geo.Representative(was), geo.Representative(is)
	way := fmt.Sprintf("moved %s, bearing %03d°T", shortNM(geo.DistanceNM(from, to)), int(math.Round(geo.Bearing(from, to)))%360)
	if was.GeoJSONType() == "Point" && is.GeoJSONType() == "Point" {
		return "M" + way[1:] + "."
	}
	if from == to {
		way = "in the same place"
	} else {
		way = "its middle " + way
	}
	a, b := shapeWords(was), shapeWords(is)
	if a == b {
		return "Still " + a + "; " + way + "."
	}
	return "From " + a + " to " + b + "; " + way + "."
}

// shapeWords says what sort of shape a geometry is, and how large.
func shapeWords(g orb.Geometry) string {
	switch g := g.(type) {
	case orb.Point:
		return "a point"
	case orb.LineString:
		length := 0.0
		for i := 1; i < len(g); i++ {
			length += geo.DistanceNM(g[i-1], g[i])
		}
		return fmt.Sprintf("a track of %d points, %s long", len(g), shortNM(length))
	case orb.Polygon:
		if len(g) > 0 && len(g[0]) > 1 {
			return fmt.Sprintf("an area of %d corners", len(g[0])-1) // the first is repeated at the end
		}
	}
	return "a shape"
}

// shortNM writes a distance in nautical miles; what would be 0.0 in metres.
func shortNM(nm float64) string {
	if nm < 0.1 {
		return fmt.Sprintf("%.0f m", nm*geo.MetresPerNM)
	}
	return fmt.Sprintf("%.1f NM", nm)
}
