package formattest

import (
	"fmt"
	"strings"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// Meta is that of the files that tests write.
var Meta = format.Meta{AsOf: 1_773_500_000_250, Filter: "region=baltic&q=%3D1", Marking: "NATO UNCLASSIFIED"}

// Layer gives a layer with every kind of property.
func Layer() format.Layer {
	return format.Layer{Name: "sample", Title: "Sample", Description: "Every kind of value.", Properties: []feature.Property{
		{Name: "id", Kind: feature.Text, Meaning: "Id of the feature."},
		{Name: "number", Kind: feature.Text, Nullable: true, Meaning: "What people call it."},
		{Name: "title", Kind: feature.Text, Nullable: true, Meaning: "In one line."},
		{Name: "severity", Kind: feature.Text, Nullable: true, Codes: incidents.Severities.Codes(), Meaning: "How grave."},
		{Name: "start_from", Kind: feature.Instant, Nullable: true, Vocabulary: "RFC 3339, UTC", Meaning: "Earliest start."},
		{Name: "start_to", Kind: feature.Instant, Nullable: true, Vocabulary: "RFC 3339, UTC", Meaning: "Latest start."},
		{Name: "end_to", Kind: feature.Instant, Nullable: true, Vocabulary: "RFC 3339, UTC", Meaning: "Latest end."},
		{Name: "whole", Kind: feature.Integer, Nullable: true, Meaning: "A count."},
		{Name: "share", Kind: feature.Number, Nullable: true, Unit: "metres", Meaning: "A number."},
		{Name: "open", Kind: feature.Bool, Nullable: true, Meaning: "Yes or no."},
		{Name: "names", Kind: feature.List, Meaning: "Several."},
	}}
}

// LayerOf is Layer under another name, of one kind.
func LayerOf(name string, g format.Geometry) format.Layer {
	l := Layer()
	l.Name, l.Title, l.Geometry = name, "Title of "+name, g
	return l
}

// Geometries are one of every type, and none.
var Geometries = []orb.Geometry{
	orb.Point{10.25, 69.5},
	orb.LineString{{10, 69.5}, {11.25, 69.75}, {-3.5, 54.125}},
	orb.Polygon{{{20, 55}, {22, 55}, {22, 57}, {20, 57}, {20, 55}}, {{20.5, 55.5}, {20.5, 56}, {21, 56}, {21, 55.5}, {20.5, 55.5}}},
	orb.MultiPoint{{1, 2}, {-3, -4.5}},
	orb.MultiLineString{{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}, {9, 10}}},
	orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}, {{{10, 10}, {12, 10}, {12, 12}, {10, 10}}}},
	orb.Collection{orb.Point{30, 44}, orb.LineString{{30, 44}, {31, 45}}, orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}},
	nil,
}

// Texts are hard to carry.
var Texts = []string{
	"Су-27 над Балтикой", "🛩️ “close” – Ørland", "=HYPERLINK(\"http://x\";\"y\")", "line one\nline two, \"quoted\"; a\ttab",
	"'=1", "<b>&amp; ]]> -- </b>", "-5 is a text", "  kept  ",
}

// Features give one feature for each geometry; the last but the id is null.
func Features() []feature.Feature {
	var out []feature.Feature
	for i, g := range Geometries {
		f := Feature(i)
		f.Geometry = g
		f.Values[2].Text = Texts[i]
		out = append(out, f)
	}
	last := &out[len(out)-1]
	for i := range last.Values[1:] {
		last.Values[i+1] = feature.Value{Null: Layer().Properties[i+1].Kind != feature.List}
	}
	return out
}

// Feature makes one of many, a point; its texts need no care.
func Feature(i int) feature.Feature {
	id := fmt.Sprintf("018f3c1e-0000-7000-8000-%012d", i)
	start := int64(1_773_500_000_000) + int64(i)*60_000
	return feature.Feature{ID: id, Geometry: orb.Point{float64(i%360) - 179.5, float64(i%170) - 84.75}, Values: []feature.Value{
		{Text: id}, {Text: fmt.Sprintf("2026-%04d", i)}, {Text: "title"}, {Text: incidents.Severities.Codes()[i%3]},
		{Int: start}, {Int: start + 60_500}, {Null: i%2 == 0, Int: start + 3_600_000}, {Int: int64(i) - 3}, {Number: float64(i) + 0.125}, {Bool: i%2 == 1},
		{List: [][]string{{"NO", "DK"}, {"a;b", `c\d`}, nil}[i%3]},
	}}
}

// Shapes are single and multiple geometries of all kinds, with a hole, with shapes
// on either side of the antimeridian, and none.
var Shapes = []orb.Geometry{
	orb.Point{18.25, 57.123456789},
	orb.MultiPoint{{10, 54}, {11, 55}},
	orb.LineString{{20, 58}, {21, 59}, {22, 58.5}},
	orb.MultiLineString{{{179, 70}, {180, 70.5}}, {{-180, 70.5}, {-179, 71}}},
	orb.Polygon{{{10, 54}, {14, 54}, {14, 57}, {10, 57}, {10, 54}}, {{11, 55}, {11, 56}, {12, 56}, {12, 55}, {11, 55}}},
	orb.MultiPolygon{
		{{{179, -10}, {180, -10}, {180, -8}, {179, -8}, {179, -10}}},
		{{{-180, -10}, {-179, -10}, {-179, -8}, {-180, -8}, {-180, -10}}, {{-179.8, -9.5}, {-179.8, -9}, {-179.5, -9}, {-179.5, -9.5}, {-179.8, -9.5}}},
	},
	nil,
	orb.Point{-179.999999, -89.5},
}

// At is Feature with a geometry and a text that is hard to carry; of every fifth
// nothing is known but its id.
func At(i int, g orb.Geometry) feature.Feature {
	f := Feature(i)
	f.Geometry = g
	f.Values[2].Text = append(Texts, strings.Repeat("Größe ", 100))[i%(len(Texts)+1)]
	if i%5 == 4 {
		for j, p := range Layer().Properties[1:] {
			f.Values[j+1] = feature.Value{Null: p.Kind != feature.List}
		}
	}
	return f
}

// Of gives a feature for each of Shapes that a layer of a kind holds, and one
// without geometry.
func Of(kind format.Geometry) []feature.Feature {
	var out []feature.Feature
	for _, g := range Shapes {
		if of := format.GeometryOf(g); kind == format.Mixed || of == kind || of == format.None {
			out = append(out, At(len(out), g))
		}
	}
	return out
}

// Incident is an incident of which nothing is known but where it was.
func Incident() feature.Feature {
	f := feature.OfIncident(&hotline.Case{})
	f.ID, f.Geometry = "incident", orb.Point{20, 57}
	return f
}
