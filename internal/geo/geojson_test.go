package geo

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// TestAppendGeometryAntimeridian cuts an area that crosses 180° in two, each
// within bounds and wound right.
func TestAppendGeometryAntimeridian(t *testing.T) {
	raw := AppendGeometry(nil, orb.Polygon{{{179, 10}, {-179, 10}, {-179, 12}, {179, 12}, {179, 10}}})
	var doc struct {
		Type        string
		Coordinates orb.MultiPolygon
	}
	if err := json.Unmarshal(raw, &doc); err != nil || doc.Type != "MultiPolygon" || len(doc.Coordinates) != 2 {
		t.Fatalf("%s: %v", raw, err)
	}
	for _, p := range doc.Coordinates {
		if a := signedArea(p[0]); math.Abs(a-2) > 1e-6 {
			t.Errorf("a half has %v square degrees, want 2: %v", a, p)
		}
	}
}

func TestParseGeometryRefuses(t *testing.T) {
	tests := []struct{ raw, path, says string }{
		{`[1`, "", "not JSON"},
		{`7`, "", "not a GeoJSON geometry"},
		{`{}`, "type", "is missing"},
		{`{"type":"MultiPoint","coordinates":[]}`, "type", "not accepted"},
		{`{"type":"Point"}`, "coordinates", "are missing"},
		{`{"type":"Point","coordinates":["a",1]}`, "coordinates[0]", "not a number"},
		{`{"type":"Point","coordinates":[181,1]}`, "coordinates[0]", "out of range"},
		{`{"type":"LineString","coordinates":[[1,2]]}`, "coordinates", "at least 2"},
		{`{"type":"LineString","coordinates":[[1,2],[1,91]]}`, "coordinates[1][1]", "out of range"},
		{`{"type":"LineString","coordinates":[[1,2],[1]]}`, "coordinates[1]", "has 1 numbers"},
		{`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}`, "coordinates[0]", "not closed"},
		{`{"type":"Polygon","coordinates":[[[0,0],[1,0],[2,0],[0,0]]]}`, "coordinates[0]", "no area"},
		{`{"type":"LineString","coordinates":[` + strings.Repeat("[1,2],", MaxPositions) + `[1,3]]}`, "coordinates", "more than"},
	}
	for _, tt := range tests {
		_, err := ParseGeometry([]byte(tt.raw))
		var e *GeometryError
		if !errors.As(err, &e) || e.Path != tt.path || !strings.Contains(e.Msg, tt.says) {
			t.Errorf("ParseGeometry(%.60s): %v, want %s: …%s…", tt.raw, err, tt.path, tt.says)
		}
	}
}
