package geo

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// TestReadPositionForms reads every form into its geometry and the canonical
// text of it back.
func TestReadPositionForms(t *testing.T) {
	at := orb.Point{22.5, 58.9}
	tests := []struct {
		text, notation string
		want           orb.Geometry
	}{
		{"5854N 02230E", "dm", at},
		{"5854N02230E", "dm", at},
		{"585400N0223000E", "dms", at},
		{"58N022E", "dd", orb.Point{22, 58}},
		{"58°54.0'N 022°30.0'E", "dm", at},
		{`58°54'00"N 022°30'00"E`, "dms", at},
		{"58º54′00″ N, 22º30′00″ E", "dms", at},
		{"58 54 N 22 30 E", "dm", at},
		{"N58 54.0 E022 30.0", "dm", at},
		{"58.9N 22.5E", "dd", at},
		{"58.9, 22.5", "dd", at},
		{"58,9 22,5", "dd", at},
		{"58,9, 22,5", "dd", at},
		{"58.9 -22.5", "dd", orb.Point{-22.5, 58.9}},
		{"33.5S 151.25E", "dd", orb.Point{151.25, -33.5}},
		{"90N 0E", "dd", orb.Point{0, 90}},
		{"0N 180W", "dd", orb.Point{-180, 0}},
		{"02230E 5854N", "dm", at},
		{"5854N 02230E → 5900N 02300E", "dm", orb.LineString{at, {23, 59}}},
		{"5854N 02230E to 5900N 02300E; 5930N 02300E", "dm", orb.LineString{at, {23, 59}, {23, 59.5}}},
		{"5854N02230E 5900N02300E", "dm", orb.LineString{at, {23, 59}}},
		{"5854N 02230E\n5854N 02230E", "dm", at},
		{"area 5800N 02200E; 5800N 02300E; 5900N 02300E", "dm", orb.Polygon{{{22, 58}, {23, 58}, {23, 59}, {22, 58}}}},
		{`{"type":"Point","coordinates":[22.5,58.9]}`, "geojson", at},
	}
	for _, tt := range tests {
		got, err := ReadPosition(tt.text)
		if err != nil {
			t.Errorf("ReadPosition(%q): %v", tt.text, err)
			continue
		}
		if got.Notation != tt.notation || !near(got.Geometry, tt.want, 1e-9) {
			t.Errorf("ReadPosition(%q) = %s %v, want %s %v", tt.text, got.Notation, got.Geometry, tt.notation, tt.want)
		}
		if back, err := ReadPosition(got.Text); err != nil || !near(back.Geometry, tt.want, 1.0/1200+1e-9) {
			t.Errorf("the canonical %q of %q reads as %v, %v", got.Text, tt.text, back.Geometry, err)
		}
	}
}

// TestReadPositionNamesPart wants each refusal to name the part at fault.
func TestReadPositionNamesPart(t *testing.T) {
	tests := []struct{ text, part, says string }{
		{"", "position", "no position"},
		{"somewhere", "position", "is not a position"},
		{"58.9", "position", "only one number"},
		{"5854N", "longitude", "Longitude is missing"},
		{"5854N 02230", "longitude", "no hemisphere"},
		{"5854N 02230N", "longitude", "two latitudes"},
		{"5854N 19848E", "longitude", "more than 180°"},
		{"9100N 02230E", "latitude", "more than 90°"},
		{"5860N 02230E", "latitude", "60 or more"},
		{"5854N 2230E", "longitude", "4 digits"},
		{"58.5°30'N 22°E", "latitude", "have decimals"},
		{"-58N 22E", "latitude", "both a minus sign and N"},
		{"02230N 5854E", "position", "each other's place"},
		{"area 58N 22E; 59N 23E", "position", "encloses nothing"},
		{"5854N 02230E; nowhere", "position", "Position 2"},
		{`{"type":"Point","coordinates":[222,58]}`, "geometry", "coordinates[0]"},
		{strings.Repeat("5", maxText+1), "position", "too long"},
	}
	for _, tt := range tests {
		_, err := ReadPosition(tt.text)
		var e *PositionError
		switch {
		case !errors.As(err, &e):
			t.Errorf("ReadPosition(%.40q): %v, want a PositionError", tt.text, err)
		case e.Part != tt.part || !strings.Contains(e.Msg, tt.says):
			t.Errorf("ReadPosition(%.40q): %s: %q, want %s: …%s…", tt.text, e.Part, e.Msg, tt.part, tt.says)
		}
	}
}

// near compares geometries point by point within degrees, longitudes round the
// globe.
func near(a, b orb.Geometry, within float64) bool {
	p, q := flat(a), flat(b)
	if len(p) != len(q) || a == nil || b == nil || a.GeoJSONType() != b.GeoJSONType() {
		return false
	}
	for i := range p {
		if math.Abs(halfCircle(p[i][0]-q[i][0])) > within && math.Abs(math.Abs(halfCircle(p[i][0]-q[i][0]))-360) > within || math.Abs(p[i][1]-q[i][1]) > within {
			return false
		}
	}
	return true
}

func flat(g orb.Geometry) []orb.Point {
	if g == nil {
		return nil
	}
	return vertices(g)
}
