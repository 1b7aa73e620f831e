package format

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
)

func TestCheck(t *testing.T) {
	properties := []feature.Property{{Name: "id"}, {Name: "x", Kind: feature.Number}}
	ring := orb.Ring{{0, 0}, {2, 0}, {2, 1}, {0, 1}, {0, 0}}
	values := []feature.Value{{Text: "a"}, {Number: 1}}
	cases := []struct {
		kind Geometry
		give orb.Geometry
		want orb.Geometry
		err  string
	}{
		{Mixed, nil, nil, ""},
		{Point, nil, nil, ""},
		{Mixed, orb.Point{1, 2}, orb.Point{1, 2}, ""},
		{Polygon, ring, orb.Polygon{ring}, ""},
		{Polygon, orb.Bound{Max: orb.Point{2, 1}}, orb.Polygon{ring}, ""},
		{Line, orb.MultiLineString{}, orb.MultiLineString{}, ""},
		{Mixed, orb.Collection{orb.Point{1, 2}}, orb.Collection{orb.Point{1, 2}}, ""},
		{Point, orb.LineString{{1, 2}}, nil, "does not hold"},
		{Line, orb.Collection{}, nil, "does not hold"},
		{None, orb.Point{1, 2}, nil, "does not hold"},
		{Mixed, orb.Collection{orb.MultiPolygon{{{{1, 2}, {math.NaN(), 3}}}}}, nil, "no finite number"},
		{Mixed, orb.MultiPoint{{1, math.Inf(1)}}, nil, "no finite number"},
	}
	for _, c := range cases {
		l := Layer{Name: "l", Properties: properties, Geometry: c.kind}
		got, err := Check(&l, &feature.Feature{ID: "a", Geometry: c.give, Values: values})
		switch {
		case c.err == "" && (err != nil || !reflect.DeepEqual(got, c.want)):
			t.Errorf("%v in a layer of kind %d is %v, %v", c.give, c.kind, got, err)
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err) || !strings.Contains(err.Error(), `"a"`)):
			t.Errorf("%v in a layer of kind %d: error %v, want %q", c.give, c.kind, err, c.err)
		}
	}
	l := Layer{Name: "l", Properties: properties}
	if _, err := Check(&l, &feature.Feature{ID: "a", Values: values[:1]}); err == nil || !strings.Contains(err.Error(), `"a"`) {
		t.Errorf("a value too few: %v", err)
	}
}

func TestTypes(t *testing.T) {
	cases := []struct {
		kind Geometry
		give []orb.Geometry
		want string
	}{
		{Point, nil, "Point"}, {Line, []orb.Geometry{nil}, "LineString"}, {Polygon, nil, "Polygon"}, {Mixed, nil, ""}, {None, nil, ""},
		{Point, []orb.Geometry{orb.MultiPoint{}, nil, orb.MultiPoint{}}, "MultiPoint"},
		{Point, []orb.Geometry{orb.MultiPoint{}, orb.Point{}, orb.MultiPoint{}}, ""},
		{Mixed, []orb.Geometry{orb.Point{}}, ""},
	}
	for _, c := range cases {
		var types Types
		for _, g := range c.give {
			types.Add(g)
		}
		if got := types.Only(c.kind); got != c.want {
			t.Errorf("%v in a layer of kind %d: %q, want %q", c.give, c.kind, got, c.want)
		}
	}
}

func TestBox(t *testing.T) {
	if !BoxOf(nil).Empty() || !BoxOf(orb.Polygon{{}}).Empty() {
		t.Error("nothing has a box")
	}
	if got, want := BoxOf(orb.Collection{orb.Point{179, 3}, orb.LineString{{-179, 1}, {0, 2}}}), (Box{-179, 1, 179, 3}); got != want {
		t.Errorf("box is %v, want %v", got, want)
	}
}

func TestText(t *testing.T) {
	items := []string{`a "b"`, "<ü>&", "line\n"}
	var back []string
	if s := ListJSON(items); json.Unmarshal([]byte(s), &back) != nil || !reflect.DeepEqual(back, items) || !strings.Contains(s, "<ü>&") {
		t.Errorf("list is %s", s)
	}
	if ListJSON(nil) != "[]" {
		t.Error("no list is no empty one")
	}
	if got := (Meta{Filter: "a&b"}).JSON(); got != `{"filter":"a&b"}` {
		t.Errorf("meta is %s", got)
	}
	p := feature.Property{Meaning: "How far.", Unit: "metres", Codes: []string{"a", "b"}}
	if got := About(p); got != "How far. Unit: metres. Values: a, b." {
		t.Errorf("about is %q", got)
	}
}
