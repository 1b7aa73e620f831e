package geo

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
)

// Published positions and their grid references.
func TestGridKnownValues(t *testing.T) {
	tests := []struct {
		source   string
		p        orb.Point
		notation string
		want     string
	}{
		{"GeographicLib, GeoConvert(1): Baghdad", orb.Point{44.4, 33.3}, "utm", "38 north 444141 3684706"},
		{"GeographicLib, GeoConvert(1): 1°S on a meridian", orb.Point{3, -1}, "utm", "31M 500000 9889470"},
		{"Wikipedia, UTM: CN Tower, figures cut off", orb.Point{-(79 + 23/60.0 + 13.7/3600), 43 + 38/60.0 + 33.24/3600}, "mgrs", "17T PJ 30084 33438"},
		{"GeographicLib, class Georef: Jutland", orb.Point{10.40744, 57.64911}, "georef", "NKLN24443894"},
		{"TM 8358.2: the north pole", orb.Point{0, 90}, "utm", "Z 2000000 2000000"},
		{"TM 8358.2: the south pole", orb.Point{0, -90}, "utm", "B 2000000 2000000"},
		{"TM 8358.1: the north pole", orb.Point{0, 90}, "mgrs", "Z AH 00000 00000"},
		{"TM 8358.1: the south pole", orb.Point{0, -90}, "mgrs", "B AN 00000 00000"},
		{"the corner of two grids", orb.Point{0, 0}, "utm", "31N 166021 0"},
		{"the corner of two grids", orb.Point{0, 0}, "mgrs", "31N AA 66021 00000"},
	}
	for _, tt := range tests {
		if got := FormatPoint(tt.p, tt.notation); got != tt.want {
			t.Errorf("%s: %v is %q, want %q", tt.source, tt.p, got, tt.want)
		}
	}
	squares := []struct {
		source, text string
		digits       int
		lon, lat     float64
	}{
		{"GeographicLib, GeoConvert(1)", "38S MB 44 88", 2, 44.40363, 33.33424},
		{"GeographicLib, GeoConvert(1)", "32C MS 43 28", 2, 6.1, -79.9},
	}
	for _, tt := range squares {
		if got := FormatMGRS(orb.Point{tt.lon, tt.lat}, tt.digits); got != tt.text {
			t.Errorf("%s: %v %v is %q, want %q", tt.source, tt.lon, tt.lat, got, tt.text)
		}
	}
	r, err := ReadPosition("38SMB4488")
	if p, ok := r.Geometry.(orb.Point); err != nil || !ok || math.Abs(p[0]-44.40363) > 6e-6 || math.Abs(p[1]-33.33424) > 6e-6 {
		t.Errorf("38SMB4488 reads as %v, %v, want 33.33424N 44.40363E (GeoConvert(1))", r.Geometry, err)
	}
}

// The zones that Norway and Svalbard change, at their borders.
func TestZones(t *testing.T) {
	tests := []struct {
		lon, lat float64
		want     int
	}{
		{2.999, 60, 31}, {3, 60, 32}, {5.999, 60, 32}, {11.999, 60, 32}, {12, 60, 33},
		{3, 55.999, 31}, {3, 64, 31}, {6, 64, 32},
		{0, 72, 31}, {8.999, 78, 31}, {9, 78, 33}, {20.999, 78, 33}, {21, 78, 35}, {32.999, 78, 35}, {33, 78, 37}, {41.999, 78, 37}, {42, 78, 38},
		{8, 71.999, 32}, {-0.001, 78, 30}, {9, 83.999, 33}, {9, 84, 0},
		{180, 0, 1}, {-180, 0, 1}, {179.999, 0, 60}, {180, -80, 1}, {0, -80.0001, 0}, {0, -80, 31},
	}
	for _, tt := range tests {
		if got := zoneOf(orb.Point{tt.lon, tt.lat}); got != tt.want {
			t.Errorf("zoneOf(%v, %v) = %d, want %d", tt.lon, tt.lat, got, tt.want)
		}
	}
}

// The projection against what defines it, without any series: true to scale on
// the central meridian, whose length is summed up here, and alike in all
// directions everywhere.
func TestTransverseMercatorDefinition(t *testing.T) {
	arc, last := 0.0, 0.0
	const steps = 90 * 60
	radius := func(lat float64) float64 {
		s := math.Sin(radians(lat))
		return semiMajor * (1 - eccSq) / math.Pow(1-eccSq*s*s, 1.5)
	}
	for i := 1; i < steps; i++ {
		lat := float64(i) / 60
		arc += radians(lat-last) / 6 * (radius(last) + 4*radius((last+lat)/2) + radius(lat))
		last = lat
		if e, n := TransverseMercator(orb.Point{21, lat}, 21); math.Abs(e) > 1e-9 || math.Abs(n-arc) > 1e-6 {
			t.Fatalf("at %v° the meridian is %.7f m long, the projection has %.7f", lat, arc, n)
		}
	}
	const h = 1e-4
	for lat := -83.5; lat < 84; lat += 3.25 {
		for lon := -30.0; lon <= 30; lon += 1.75 {
			e1, n1 := TransverseMercator(orb.Point{lon - h, lat}, 0)
			e2, n2 := TransverseMercator(orb.Point{lon + h, lat}, 0)
			e3, n3 := TransverseMercator(orb.Point{lon, lat - h}, 0)
			e4, n4 := TransverseMercator(orb.Point{lon, lat + h}, 0)
			s := math.Sin(radians(lat))
			x := semiMajor * math.Cos(radians(lat)) / math.Sqrt(1-eccSq*s*s)
			dxE, dxN := (e2-e1)/x, (n2-n1)/x
			dyE, dyN := (e4-e3)/radius(lat), (n4-n3)/radius(lat)
			if scale := math.Hypot(dyE, dyN); math.Abs(dxE-dyN) > 1e-8*scale || math.Abs(dxN+dyE) > 1e-8*scale {
				t.Fatalf("not conformal at %v %v: %v %v, %v %v", lon, lat, dxE, dxN, dyE, dyN)
			}
		}
	}
}
