package geo

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// TestReadGrid reads every form of a grid reference: into the right place, with
// half of the square's side as its uncertainty.
func TestReadGrid(t *testing.T) {
	fl := gridPlace{zone: 34, northern: true, east: 612345.5, north: 6567890.5}.point()
	flKM := gridPlace{zone: 34, northern: true, east: 612500, north: 6567500}.point()
	place := gridPlace{zone: 34, northern: true, east: 482000, north: 6532000}.point()
	south := gridPlace{zone: 34, east: 482000, north: 6532000}.point()
	tests := []struct {
		text, notation string
		want           orb.Point
		halfMetres     float64
	}{
		{"34VFL1234567890", "mgrs", fl, 0.5},
		{"34V FL 12345 67890", "mgrs", fl, 0.5},
		{"34V FL 12345, 67890", "mgrs", fl, 0.5},
		{"34VFL12345,67890", "mgrs", fl, 0.5},
		{"34VFL 12 67", "mgrs", flKM, 500},
		{"34vfl1267", "mgrs", flKM, 500},
		{"MGRS 34V FL 12 67", "mgrs", flKM, 500},
		{"MGRS: 34VFL1267", "mgrs", flKM, 500},
		{"34VFL16", "mgrs", gridPlace{zone: 34, northern: true, east: 615000, north: 6565000}.point(), 5000},
		{"34VFL", "mgrs", gridPlace{zone: 34, northern: true, east: 650000, north: 6550000}.point(), 50000},
		{"4QFJ15", "mgrs", gridPlace{zone: 4, northern: true, east: 615000, north: 2355000}.point(), 5000},
		{"ZAH 12345 67890", "mgrs", gridPlace{northern: true, east: 2012345.5, north: 2067890.5}.point(), 0.5},
		{"MGRS Z AH", "mgrs", gridPlace{northern: true, east: 2050000, north: 2050000}.point(), 50000},
		{"BAN0000000000", "mgrs", gridPlace{east: 2000000.5, north: 2000000.5}.point(), 0.5},
		{"34V 482000 6532000", "utm", place, 0.5},
		{"34V 482000,6532000", "utm", place, 0.5},
		{"34V 482000.0 6532000.0", "utm", place, 0.05},
		{"34V 482000,00 6532000,00", "utm", place, 0.005},
		{"34N 482000mE 6532000mN", "utm", place, 0.5},
		{"34N 482000 m E, 6532000 m N", "utm", place, 0.5},
		{"34N E482000 N6532000", "utm", place, 0.5},
		{"UTM 34 N 482000 6532000", "utm", place, 0.5},
		{"UTM zone 34V 482000 6532000", "utm", place, 0.5},
		{"zone 34N 482000E 6532000N", "utm", place, 0.5},
		{"34V 6532000N 482000E", "utm", place, 0.5},
		{"34 north 482000 6532000", "utm", place, 0.5},
		{"34 south 482000 6532000", "utm", south, 0.5},
		{"34S 482000 6532000", "utm", south, 0.5}, // not in the band S: the hemisphere
		{"34J 482000 6532000", "utm", south, 0.5},
		{"34N 500000 0", "utm", orb.Point{21, 0}, 0.5},
		{"34M 500000 10000000", "utm", orb.Point{21, 0}, 0.5},
		{"Z 2000000 2000000", "ups", orb.Point{0, 90}, 0.5},
		{"UPS N 2000000E 2000000N", "ups", orb.Point{0, 90}, 0.5},
		{"UPS south 2000000 2000000", "ups", orb.Point{0, -90}, 0.5},
		{"MKML5056", "georef", orb.Point{-3 - 9.5/60, 55 + 56.5/60}, 926},
		{"mkml 5056", "georef", orb.Point{-3 - 9.5/60, 55 + 56.5/60}, 926},
		{"MK ML 50 56", "georef", orb.Point{-3 - 9.5/60, 55 + 56.5/60}, 926},
		{"GEOREF MKML 50 56", "georef", orb.Point{-3 - 9.5/60, 55 + 56.5/60}, 926},
		{"UJPE3054", "georef", orb.Point{103 + 30.5/60, 34 + 54.5/60}, 926},
		{"GJPJ372165", "georef", orb.Point{-77 + 37.25/60, 38 + 16.55/60}, 92.6},
		{"NKLN2444638946", "georef", orb.Point{10 + 24.4465/60, 57 + 38.9465/60}, 0.926},
		{"GEOREF MKML", "georef", orb.Point{-3.5, 55.5}, 55560},
		{"GEOREF MK", "georef", orb.Point{-7.5, 52.5}, 833400},
		{"GEOREF EFHK180030", "georef", orb.Point{-113 + 18.05/60, -6 + 3.05/60}, 92.6},
	}
	for _, tt := range tests {
		r, err := ReadPosition(tt.text)
		if err != nil {
			t.Errorf("ReadPosition(%q): %v", tt.text, err)
			continue
		}
		if r.Notation != tt.notation || !near(r.Geometry, tt.want, 1e-9) || len(r.Warnings) != 0 {
			t.Errorf("ReadPosition(%q) = %s %v %q, want %s %v", tt.text, r.Notation, r.Geometry, r.Warnings, tt.notation, tt.want)
		}
		if got := r.UncertaintyNM * MetresPerNM; math.Abs(got-tt.halfMetres) > 1e-6*tt.halfMetres {
			t.Errorf("ReadPosition(%q) is uncertain by %v m, want %v", tt.text, got, tt.halfMetres)
		}
	}
}

// TestReadGridRefuses wants each refusal to say what is wrong, and to suggest
// only what reads.
func TestReadGridRefuses(t *testing.T) {
	tests := []struct{ text, says, try string }{
		{"33U", "names a zone, but not both letters", ""},
		{"34VF", "names a zone, but not both letters", ""},
		{"MGRS 33N", "names a zone, but not both letters", ""},
		{"34VFL123", "3 figures, an odd number", ""},
		{"34VFL 123 4567", "7 figures, an odd number", ""},
		{"34VFL 12 3456", "2 figures for east and 4 for north", ""},
		{"34VFL 12 34 56 78", "4 groups of figures", ""},
		{"34VFL 123456 123456", "12 figures", ""},
		{"34VFL12.5 13.5", "a point between its figures", ""},
		{"34VIL12", "The letter I", ""},
		{"34VFO12", "The letter O", ""},
		{"34OFL12", "The letter O", ""},
		{"34VXY1234", "Square XY does not lie in zone 34V", ""},
		{"34VFW1234", "Square FW does not lie in zone 34V", ""},
		{"34UFL1234", "Square FL does not lie in zone 34U", "34V FL 12 34"},
		{"35VFL1234", "Square FL does not lie in zone 35V", "34V FL 12 34"},
		{"34VAL1234", "Square AL does not lie in zone 34V", ""},
		{"32XMH12", "There is no zone 32X", ""},
		{"34X 500000 8500000", "There is no zone 34X", ""},
		{"99VFL", "There is no zone 99", ""},
		{"0VFL", "There is no zone 0", ""},
		{"34AFL12", "zone number with the letter A", ""},
		{"MGRS VFL12", "no zone number", ""},
		{"MGRS nothing", "is not an MGRS reference", ""},
		{"ZKK12", "Square KK does not lie in the polar zone Z", ""},
		{"ZJA12", "Square JA does not lie in the polar zone Z", ""},
		{"UTM 34 482000 6532000", "Zone 34 has no letter", ""},
		{"UTM 482000 6532000", "has no zone", ""},
		{"UTM V 482000 6532000", "has no zone number", ""},
		{"UTM 34V 482000", "is not a UTM position", ""},
		{"34I 482000 6532000", "The letter I", ""},
		{"34B 482000 6532000", "There is no zone 34B", ""},
		{"61V 482000 6532000", "There is no zone 61", ""},
		{"34V 6532000 482000", "each other's place", "34V 482000 6532000"},
		{"34V 48200 6532000", "Easting 48200 does not lie", ""},
		{"34V 482000 5000000", "Northing 5000000 does not lie in band V", ""},
		{"34V 482000 6200000", "Northing 6200000 does not lie in band V", "34U 482000 6200000"},
		{"34N 482000 9990000", "Northing 9990000 does not lie in zone 34N", ""},
		{"34 south 482000 99999999", "Northing 99999999 does not lie in zone 34 south", ""},
		{"UTM 34V 482000N 6532000N", "which number is east", ""},
		{"Y 2100000 2000000", "Easting 2100000 does not lie in the polar zone Y", "Z 2100000 2000000"},
		{"Z 2900000 2000000", "too far from the pole", ""},
		{"MIML5056", "The letter I", ""},
		{"MZML5056", "The letter Z cannot stand in place 2", ""},
		{"MKMR5056", "The letter R cannot stand in place 4", ""},
		{"MKML6056", "Minutes of the longitude, 60, are 60 or more", ""},
		{"MKML5060", "Minutes of the latitude, 60, are 60 or more", ""},
		{"MKML50567", "5 figures, an odd number", ""},
		{"GEOREF MKML50", "4 letters and 2 figures", ""},
		{"GEOREF MK5056", "2 letters and 4 figures", ""},
		{"MKML505650565056", "4 letters and 12 figures", ""},
		{"GEOREF", "is not a GEOREF", ""},
	}
	for _, tt := range tests {
		r, err := ReadPosition(tt.text)
		var e *PositionError
		if !errors.As(err, &e) {
			t.Errorf("ReadPosition(%q) = %v, %v, want a PositionError", tt.text, r.Geometry, err)
			continue
		}
		if !strings.Contains(e.Msg, tt.says) || e.Accepted == "" || e.Ambiguous {
			t.Errorf("ReadPosition(%q): %+v, want …%s…", tt.text, *e, tt.says)
		}
		if got := strings.Join(e.Suggestions, ", "); got != tt.try {
			t.Errorf("ReadPosition(%q) suggests %q, want %q", tt.text, got, tt.try)
		}
		for _, s := range e.Suggestions {
			if _, err := ReadPosition(s); err != nil {
				t.Errorf("ReadPosition(%q) suggests %q, which is refused: %v", tt.text, s, err)
			}
		}
	}
}

// Band S or the southern hemisphere: the reading is asked for, not guessed.
func TestReadUTMAsks(t *testing.T) {
	for _, text := range []string{"34S 482000 4000000", "UTM zone 34 S 482000mE 4000000mN"} {
		_, err := ReadPosition(text)
		var e *PositionError
		if !errors.As(err, &e) || !e.Ambiguous || !slices.Equal(e.Suggestions, []string{"34 north 482000 4000000", "34 south 482000 4000000"}) {
			t.Errorf("ReadPosition(%q): %v", text, err)
			continue
		}
		for i, want := range []float64{36.145, -54.148} {
			r, err := ReadPosition(e.Suggestions[i])
			if p, ok := r.Geometry.(orb.Point); err != nil || !ok || math.Abs(p[1]-want) > 0.001 {
				t.Errorf("%q reads as %v, %v, want the latitude %v", e.Suggestions[i], r.Geometry, err, want)
			}
		}
	}
}

// A grid of one zone is written over its edge on purpose, but seldom far.
func TestReadUTMWarns(t *testing.T) {
	for text, says := range map[string]string{"34V 882000 6532000": "leads 3.6° out of zone 34", "34V 680000 6532000": ""} {
		r, err := ReadPosition(text)
		if got := strings.Join(r.Warnings, " "); err != nil || !strings.Contains(got, says) || (says == "") != (got == "") {
			t.Errorf("ReadPosition(%q) warns %q, %v, want %q", text, got, err, says)
		}
	}
}

// What looks like a grid reference and is none stays with the other notations.
func TestGridLeavesAlone(t *testing.T) {
	for _, text := range []string{
		"5854N 02230E", "58N022E", "58N E22", "58NW22", "34N 022 30 E", "34N 0223000.5E", "34S 0223000E", "N58 54.0 E022 30.0", "33N", "33S", "33NW", "58.9, 22.5",
		"EYSA", "MKML", "MK", "ZAH", "Riga 45 12", "RIGA 270 120", "EFHK180040", "EFHK 180 040", "Upsala", "Zone", "Utmark",
	} {
		for _, claims := range []func(string) bool{claimsMGRS, claimsUTM, claimsGEOREF} {
			if claims(tidyText(text)) {
				t.Errorf("%q is claimed as a grid reference", text)
			}
		}
	}
}

// Tracks and areas of grid references part as others do.
func TestReadGridTracks(t *testing.T) {
	for _, text := range []string{
		"34V FL 12 67 → 34V FL 13 68", "34VFL1267 to 34VFL1368", "34VFL1267; 34VFL1368", "34VFL1267\n34VFL1368", "34VFL1267 -> 34VFL1368",
		"MKML5056 to MKML5157", "34V 482000 6532000 to 34V 483000 6533000", "34V FL 12 67 to 5900N 02300E",
	} {
		r, err := ReadPosition(text)
		if l, ok := r.Geometry.(orb.LineString); err != nil || !ok || len(l) != 2 {
			t.Errorf("ReadPosition(%q) = %v, %v, want a track of two", text, r.Geometry, err)
		}
	}
	r, err := ReadPosition("area 34VFL1267; 34VFL1367; 34VFL1368")
	if a, ok := r.Geometry.(orb.Polygon); err != nil || !ok || len(a[0]) != 4 {
		t.Errorf("an area reads as %v, %v", r.Geometry, err)
	}
}
