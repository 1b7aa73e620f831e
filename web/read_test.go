package web_test

import (
	"encoding/json"
	"math"
	"net/url"
	"testing"

	"interceptlog/internal/access"
)

// TestReadPosition checks what a map needs of a reading to draw it.
func TestReadPosition(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t)
	tests := []struct {
		name, text    string
		shape, region string // empty where the text cannot be read
		uncertainty   float64
	}{
		{"a point", "5854N 02230E", "Point", "baltic", 0.5},
		{"a finer point", "5854.0N 02230.0E", "Point", "baltic", 0.05},
		{"a track", "5854N 02230E → 5910N 02300E", "LineString", "baltic", 0.5},
		{"an area", "area 5854N 02130E; 5910N 02000E; 5800N 02100E", "Polygon", "baltic", 0.5},
		{"another sea", "7000N 01500E", "Point", "norwegian", 0.5},
		{"none of them", "0000N 00000E", "Point", "outside", 0.5},
		{"not to be read", "9954N 02230E", "", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body := s.get(t, access.Officer, "/read/position?text="+url.QueryEscape(tt.text)).body
			var got struct {
				Reading, Error, Region string
				Geometry               struct{ Type string }
				UncertaintyNM          float64 `json:"uncertainty_nm"`
			}
			if err := json.Unmarshal([]byte(body), &got); err != nil {
				t.Fatalf("%v in %s", err, body)
			}
			if read := tt.shape != ""; (got.Reading != "") != read || (got.Error != "") == read {
				t.Errorf("reading %q, error %q", got.Reading, got.Error)
			}
			if got.Geometry.Type != tt.shape || got.Region != tt.region || math.Abs(got.UncertaintyNM-tt.uncertainty) > 1e-9 {
				t.Errorf("got %s in %s within %g NM, want %s in %s within %g", got.Geometry.Type, got.Region, got.UncertaintyNM, tt.shape, tt.region, tt.uncertainty)
			}
		})
	}
}
