package format

import (
	"testing"

	"github.com/paulmach/orb"
)

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
