package format

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
)

// Check says whether a feature may stand in a layer, and gives its geometry in
// the types that files have: a ring and a box are polygons, everything else is
// as it was. Errors name the id of the feature.
func Check(l *Layer, f *feature.Feature) (orb.Geometry, error) {
	if err := l.Fits(f); err != nil {
		return nil, err
	}
	g := f.Geometry
	switch x := g.(type) {
	case nil:
		return nil, nil
	case orb.Ring:
		g = orb.Polygon{x}
	case orb.Bound:
		g = x.ToPolygon()
	}
	if !FinitePoints(g) {
		return nil, fmt.Errorf("feature %q: a coordinate is no finite number", f.ID)
	}
	if got := GeometryOf(g); l.Geometry != Mixed && got != l.Geometry {
		return nil, fmt.Errorf("feature %q is a %s, which layer %s does not hold", f.ID, g.GeoJSONType(), l.Name)
	}
	return g, nil
}

// GeometryOf is the sort of layer that holds a geometry and nothing else; a
// collection is Mixed.
func GeometryOf(g orb.Geometry) Geometry {
	switch g.(type) {
	case nil:
		return None
	case orb.Point, orb.MultiPoint:
		return Point
	case orb.LineString, orb.MultiLineString:
		return Line
	case orb.Polygon, orb.MultiPolygon, orb.Ring, orb.Bound:
		return Polygon
	}
	return Mixed
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// FinitePoints tells whether every coordinate is a number that a file can hold.
func FinitePoints(g orb.Geometry) bool {
	ok := true
	EachPoint(g, func(p orb.Point) { ok = ok && finite(p[0]) && finite(p[1]) })
	return ok
}

// EachPoint gives every point of a geometry, in its order.
func EachPoint(g orb.Geometry, fn func(orb.Point)) {
	switch x := g.(type) {
	case orb.Point:
		fn(x)
	case orb.MultiPoint:
		eachOf(x, fn)
	case orb.LineString:
		eachOf(x, fn)
	case orb.Ring:
		eachOf(x, fn)
	case orb.MultiLineString:
		for _, l := range x {
			eachOf(l, fn)
		}
	case orb.Polygon:
		for _, r := range x {
			eachOf(r, fn)
		}
	case orb.MultiPolygon:
		for _, p := range x {
			EachPoint(p, fn)
		}
	case orb.Collection:
		for _, part := range x {
			EachPoint(part, fn)
		}
	case orb.Bound:
		fn(x.Min)
		fn(x.Max)
	}
}

func eachOf(points []orb.Point, fn func(orb.Point)) {
	for _, p := range points {
		fn(p)
	}
}

// Box is the smallest box around points as they stand: nothing is wrapped at
// the antimeridian. Begin with EmptyBox.
type Box struct{ MinX, MinY, MaxX, MaxY float64 }

// EmptyBox holds nothing and meets nothing.
var EmptyBox = Box{MinX: math.Inf(1), MinY: math.Inf(1), MaxX: math.Inf(-1), MaxY: math.Inf(-1)}

// BoxOf is the box of a geometry.
func BoxOf(g orb.Geometry) Box {
	b := EmptyBox
	EachPoint(g, func(p orb.Point) { b.Extend(Box{p[0], p[1], p[0], p[1]}) })
	return b
}

// Empty tells whether the box holds no point.
func (b Box) Empty() bool { return b.MinX > b.MaxX }

// Extend makes the box hold another one too.
func (b *Box) Extend(o Box) {
	b.MinX, b.MinY = min(b.MinX, o.MinX), min(b.MinY, o.MinY)
	b.MaxX, b.MaxY = max(b.MaxX, o.MaxX), max(b.MaxY, o.MaxY)
}

// ListJSON is a list of texts as a JSON array; no list is an empty one.
func ListJSON(items []string) string {
	if len(items) == 0 {
		return "[]"
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // the reader is no page
	_ = enc.Encode(items)    // texts into memory: cannot fail
	return strings.TrimSuffix(b.String(), "\n")
}

// About is what a property means, with its unit and where its values come from,
// for formats that have one field for all of it.
func About(p feature.Property) string {
	s := p.Meaning
	if p.Unit != "" {
		s += " Unit: " + p.Unit + "."
	}
	if v := p.Values(); v != "" {
		s += " Values: " + v + "."
	}
	return strings.TrimSpace(s)
}

// JSON is what a file is an export of, as an object with the members as_of,
// filter and marking; those that are not stated are left out.
func (m Meta) JSON() string {
	var doc struct {
		AsOf    string `json:"as_of,omitempty"`
		Filter  string `json:"filter,omitempty"`
		Marking string `json:"marking,omitempty"`
	}
	if m.AsOf != 0 {
		doc.AsOf = string(AppendInstant(nil, int64(m.AsOf)))
	}
	doc.Filter, doc.Marking = m.Filter, m.Marking
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(doc)
	return strings.TrimSuffix(b.String(), "\n")
}

// Types gathers which types of geometry a layer turned out to hold.
type Types struct {
	one     string
	several bool
}

// Add takes a geometry into account; nil is none.
func (t *Types) Add(g orb.Geometry) {
	if g == nil {
		return
	}
	if name := g.GeoJSONType(); t.one == "" {
		t.one = name
	} else if t.one != name {
		t.several = true
	}
}

// Only is the one type (Point, MultiPoint …) that a layer of a kind holds, for
// formats that tell single geometries from multiple ones. It is empty where it
// holds both, and for a Mixed layer always: what such a layer says of itself
// must not hang on what it happens to hold today.
func (t *Types) Only(kind Geometry) string {
	if kind == Mixed || t.several {
		return ""
	}
	if t.one == "" {
		return map[Geometry]string{Point: "Point", Line: "LineString", Polygon: "Polygon"}[kind]
	}
	return t.one
}
