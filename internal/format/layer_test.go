package format

import (
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
