package geo_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/geo"
)

// A position at a pole can be filed, so a map centred there must be drawn.
func TestDrawMapAtThePoles(t *testing.T) {
	for _, p := range []orb.Point{{0, 90}, {0, -90}} {
		view := orb.Bound{Min: p, Max: p}
		for _, bearing := range []float64{0, 90, 180, 270} {
			view = view.Extend(geo.Destination(p, bearing, 90))
		}
		var b bytes.Buffer
		err := geo.Default().DrawMap(&b, geo.MapDrawing{
			Region: geo.Region{Projection: geo.LAEA(p[1], p[0], 0, 0, "ILOG:HERE")}, View: &view, Width: 330, Height: 236,
			Marks: []geo.Mark{{Geometry: p, UncertaintyNM: 20, Current: true, Symbol: "s"}}, Graticule: true,
		})
		if err != nil || strings.Contains(b.String(), "NaN") || !strings.Contains(b.String(), "#s") {
			t.Errorf("%v: %v %s", p, err, b.String())
		}
	}
}
