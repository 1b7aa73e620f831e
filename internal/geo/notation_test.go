package geo_test

import (
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/geo"
)

func TestReadPosition(t *testing.T) {
	tests := []struct {
		text     string
		lon, lat float64
	}{
		{"58.9N 022.5E", 22.5, 58.9}, {"58.9, 22.5", 22.5, 58.9}, {"N58.9 E22.5", 22.5, 58.9}, {"58,9N 22,5E", 22.5, 58.9}, {"-58.9 22.5", 22.5, -58.9},
		{"5854N 02230E", 22.5, 58.9}, {"58°54.6'N 022°30.2'E", 22 + 30.2/60, 58.91}, {"58 54.6 N 022 30.2 E", 22 + 30.2/60, 58.91}, {"5854n 02230w", -22.5, 58.9},
		{"59N022E", 22, 59}, {"5854N02230E", 22.5, 58.9}, {"585412N0223005E", 22 + 30.0/60 + 5.0/3600, 58 + 54.0/60 + 12.0/3600},
		{`58°54'12"N 022°30'05"E`, 22 + 30.0/60 + 5.0/3600, 58 + 54.0/60 + 12.0/3600}, {"58°54′12″N 022°30′05″E", 22 + 30.0/60 + 5.0/3600, 58 + 54.0/60 + 12.0/3600},
		{"90N 000E", 0, 90}, {"0000S 18000W", -180, 0},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			r, err := geo.ReadPosition(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			p, ok := r.Geometry.(orb.Point)
			if !ok || math.Abs(p[0]-tt.lon) > 1e-6 || math.Abs(p[1]-tt.lat) > 1e-6 {
				t.Errorf("read as %v, want %g %g", r.Geometry, tt.lon, tt.lat)
			}
			if r.Text == "" || r.Notation == "" {
				t.Errorf("no words for it: %+v", r)
			}
		})
	}
	track, err := geo.ReadPosition("5854N 02230E → 5900N 02300E → 5910N 02330E")
	if err != nil {
		t.Fatal(err)
	}
	if l, ok := track.Geometry.(orb.LineString); !ok || len(l) != 3 {
		t.Errorf("a track was read as %v", track.Geometry)
	}
}

func TestReadPositionRefuses(t *testing.T) {
	for text, says := range map[string]string{
		"": "", "somewhere": "", "5512N 19848E": "180", "5560N 01848E": "", "9912N 01848E": "", "58.9": "", "58.9N 22.5N": "", "NaN, 3": "", "1e308, 2": "",
	} {
		r, err := geo.ReadPosition(text)
		if err == nil {
			t.Errorf("%q was read as %v", text, r.Geometry)
			continue
		}
		if !strings.Contains(err.Error(), says) || len(err.Error()) < 10 {
			t.Errorf("%q: %q does not say %q", text, err, says)
		}
	}
}

// What is written is read back, within the last figure of the notation.
func TestFormatReadsBack(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	points := []orb.Point{{0, 90}, {0, -90}, {180, 0}, {-180, 0}, {179.99999, 89.99999}, {-0.00001, -0.00001}, {12.5, 59.999999}}
	for range 2000 {
		points = append(points, orb.Point{rng.Float64()*360 - 180, rng.Float64()*180 - 90})
	}
	for notation, precision := range map[string]float64{"dd": 1e-4, "dm": 0.1 / 60, "dms": 1.0 / 3600} {
		for _, p := range points {
			text := geo.FormatPoint(p, notation)
			r, err := geo.ReadPosition(text)
			if err != nil {
				t.Fatalf("%s %v: %q: %v", notation, p, text, err)
			}
			q := r.Geometry.(orb.Point)
			dLon := math.Mod(math.Abs(q[0]-p[0]), 360)
			if math.Min(dLon, 360-dLon) > precision || math.Abs(q[1]-p[1]) > precision {
				t.Errorf("%s: %v became %q, which reads %v", notation, p, text, q)
			}
		}
	}
}

func FuzzReadPosition(f *testing.F) {
	for _, s := range []string{"5854N 02230E", "58.9, 22.5", "58°54'12\"N 022°30'05\"E", "585412N0223005E", "a → b", `{"type":"Point","coordinates":[1,2]}`, "area 1N 1E; 2N 1E; 2N 2E; 1N 1E"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := geo.ReadPosition(text)
		if err == nil && geo.Validate(r.Geometry) != nil {
			t.Errorf("%q was read as %v, which is no geometry", text, r.Geometry)
		}
	})
}
