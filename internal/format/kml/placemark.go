package kml

import (
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
	gokml "github.com/twpayne/go-kml/v3"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
)

// placemark makes the element of a feature, its children in the order that the
// schema asks for.
func (w *Writer) placemark(f *feature.Feature) gokml.Element {
	p := gokml.Placemark(gokml.Name(w.name(f)))
	if d := w.description(f); d != "" {
		p.Append(gokml.Description(d))
	}
	if span := w.span(f); span != nil {
		p.Append(span)
	}
	p.Append(gokml.StyleURL("#" + styleOf(w.text(f, "severity"))))
	data := gokml.SchemaData("#properties")
	for i := range f.Values {
		if s, ok := valueText(w.layer.Properties[i].Kind, &f.Values[i]); ok {
			data.Append(gokml.SimpleData(w.layer.Properties[i].Name, s))
		}
	}
	p.Append(gokml.ExtendedData(data))
	if g := geometry(f.Geometry); g != nil {
		p.Append(g)
	}
	return p
}

// text is the value of a property, empty for one that the layer lacks.
func (w *Writer) text(f *feature.Feature, name string) string {
	i, ok := w.at[name]
	if !ok {
		return ""
	}
	s, _ := valueText(w.layer.Properties[i].Kind, &f.Values[i])
	return s
}

func (w *Writer) name(f *feature.Feature) string {
	if s := strings.TrimSpace(w.text(f, "number") + " " + w.text(f, "title")); s != "" {
		return s
	}
	if s := w.text(f, "name"); s != "" {
		return s
	}
	return f.ID
}

// described are the properties that a description shows, where the layer has
// them.
var described = []string{"date", "description", "region", "location", "near", "severity", "severity_reason", "deescalation", "report", "marking"}

func (w *Writer) description(f *feature.Feature) string {
	var lines []string
	for _, name := range described {
		if s := w.text(f, name); s != "" {
			lines = append(lines, feature.Words(name)+": "+s)
		}
	}
	return plain(lines)
}

// span is the time within which it happened; nil when none is known.
func (w *Writer) span(f *feature.Feature) gokml.Element {
	span := gokml.TimeSpan()
	if t, ok := w.instant(f, "start_from"); ok {
		span.Append(gokml.Begin(t))
	}
	for _, name := range []string{"end_to", "start_to"} {
		if t, ok := w.instant(f, name); ok {
			span.Append(gokml.End(t))
			break
		}
	}
	if len(span.Children) == 0 {
		return nil
	}
	return span
}

func (w *Writer) instant(f *feature.Feature, name string) (time.Time, bool) {
	i, ok := w.at[name]
	if !ok || w.layer.Properties[i].Kind != feature.Instant || f.Values[i].Null {
		return time.Time{}, false
	}
	return time.UnixMilli(f.Values[i].Int).UTC(), true
}

// valueText writes a value; null has none.
func valueText(k feature.Kind, v *feature.Value) (string, bool) {
	if format.IsNull(k, v) {
		return "", false
	}
	switch k {
	case feature.Integer:
		return strconv.FormatInt(v.Int, 10), true
	case feature.Number:
		return strconv.FormatFloat(v.Number, 'f', -1, 64), true
	case feature.Bool:
		if v.Bool {
			return "1", true
		}
		return "0", true
	case feature.Instant:
		return string(format.AppendInstant(nil, v.Int)), true
	case feature.List:
		return format.JoinList(v.List), len(v.List) > 0
	}
	return v.Text, true
}

// geometry makes the element of a geometry; one without a position has none.
func geometry(g orb.Geometry) gokml.Element {
	switch g := g.(type) {
	case orb.Point:
		return gokml.Point(gokml.Coordinates(coordinates([]orb.Point{g})...))
	case orb.LineString:
		if len(g) == 0 {
			return nil
		}
		return gokml.LineString(gokml.Tessellate(true), gokml.Coordinates(coordinates(g)...))
	case orb.Ring:
		return geometry(orb.Polygon{g})
	case orb.Bound:
		return geometry(g.ToPolygon())
	case orb.Polygon:
		return polygon(g)
	case orb.MultiPoint:
		return several(g)
	case orb.MultiLineString:
		return several(g)
	case orb.MultiPolygon:
		return several(g)
	case orb.Collection:
		return several(g)
	}
	return nil
}

func polygon(p orb.Polygon) gokml.Element {
	if len(p) == 0 || len(p[0]) == 0 {
		return nil
	}
	out := gokml.Polygon(gokml.Tessellate(true))
	for i, r := range p {
		ring := gokml.LinearRing(gokml.Coordinates(coordinates(r)...))
		if i == 0 {
			out.Append(gokml.OuterBoundaryIs(ring))
		} else {
			out.Append(gokml.InnerBoundaryIs(ring))
		}
	}
	return out
}

func several[G orb.Geometry](parts []G) gokml.Element {
	out := gokml.MultiGeometry()
	for _, part := range parts {
		if e := geometry(part); e != nil {
			out.Append(e)
		}
	}
	if len(out.Children) == 0 {
		return nil
	}
	return out
}

func coordinates(points []orb.Point) []gokml.Coordinate {
	out := make([]gokml.Coordinate, len(points))
	for i, p := range points {
		out[i] = gokml.Coordinate{Lon: p[0], Lat: p[1]}
	}
	return out
}
