package geo

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// What a controller says in words: the point, how far it may be off (nautical
// miles), and by which reader.
func TestReadPositionInWords(t *testing.T) {
	bornholm, gotland := orb.Point{14.92, 55.13}, orb.Point{18.5, 57.5}
	tests := []struct {
		text, notation string
		at             orb.Point
		within         float64
	}{
		{"BORNHOLM", "place", bornholm, 5},
		{"the island of Bornholm", "place", bornholm, 5},
		{"eysa", "place", orb.Point{23.395, 55.8938}, 1},
		{"Siauliai air base", "place", orb.Point{23.395, 55.8938}, 1},
		{"Malmo", "place", orb.Point{13, 55.606}, 3},
		{"near Gotland", "place", gotland, 15},
		{"area of Gotland", "place", gotland, 15},
		{"over Gotland", "place", gotland, 5},
		{"050/35NM BORNHOLM", "bearing_distance", Destination(bornholm, 50, 35), 5.03},
		{"050/35 Bornholm", "bearing_distance", Destination(bornholm, 50, 35), 5.03},
		{"050° 35 NM from Bornholm", "bearing_distance", Destination(bornholm, 50, 35), 5.03},
		{"Bornholm 050/35", "bearing_distance", Destination(bornholm, 50, 35), 5.03},
		{"35 NM on a bearing of 050 from Bornholm", "bearing_distance", Destination(bornholm, 50, 35), 5.03},
		{"EYSA050035", "bearing_distance", Destination(orb.Point{23.395, 55.8938}, 50, 35), 1.16},
		{"35 NM NE of Gotland", "bearing_distance", Destination(gotland, 45, 35), 14.31},
		{"35 nm north-east of Gotland", "bearing_distance", Destination(gotland, 45, 35), 14.31},
		{"35 NM NNE of Gotland", "bearing_distance", Destination(gotland, 22.5, 35), 8.49},
		{"north of Gotland 20 NM", "bearing_distance", Destination(gotland, 0, 20), 10.42},
		{"30 km south of Malmö", "bearing_distance", Destination(orb.Point{13, 55.606}, 180, 30/1.852), 7.4},
		{"180/20NM 5854N 02230E", "bearing_distance", Destination(orb.Point{22.5, 58.9}, 180, 20), 0.73},
		{"58-54-00N 022-30-00E", "dms", orb.Point{22.5, 58.9}, 0.01},
		{"lat 58.9 lon 22.5", "dd", orb.Point{22.5, 58.9}, 3},
		{"Latitude: 5854N, longitude: 02230E", "dm", orb.Point{22.5, 58.9}, 0.5},
		{"35NM/050 from Bornholm", "bearing_distance", Destination(bornholm, 50, 35), 5.03},
		{"58 degrees 54 north 022 degrees 30 east", "dm", orb.Point{22.5, 58.9}, 0.5},
	}
	for _, tt := range tests {
		r, err := ReadPosition(tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		p, _ := r.Geometry.(orb.Point)
		if r.Notation != tt.notation || DistanceNM(p, tt.at) > 0.2 || math.Abs(r.UncertaintyNM-tt.within) > 0.02 {
			t.Errorf("%s: %s %v within %.2f NM, want %s %v within %.2f", tt.text, r.Notation, p, r.UncertaintyNM, tt.notation, tt.at, tt.within)
		}
	}
}

// Two bearings cross where each place sees the point on its own bearing.
func TestCrossingBearings(t *testing.T) {
	a, b := orb.Point{14.92, 55.13}, orb.Point{18.28, 57.635}
	for _, text := range []string{"050 from BORNHOLM and 200 from VISBY", "050 Bornholm 200 Visby", "Bornholm 050, Visby 200", "brg 050/Bornholm x brg 200/Visby", "050 Bornholm; 200 Visby", "BORNHOLM R050 VISBY R200", "from Bornholm 050 and from Visby 200"} {
		r, err := ReadPosition(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		p := r.Geometry.(orb.Point)
		fromA, _ := Default().PlaceNamed("Bornholm")
		fromB, _ := Default().PlaceNamed("Visby")
		if math.Abs(Bearing(fromA.Point, p)-50) > 1e-3 || math.Abs(Bearing(fromB.Point, p)-200) > 1e-3 {
			t.Errorf("%s: %v is seen at %.3f and %.3f", text, p, Bearing(fromA.Point, p), Bearing(fromB.Point, p))
		}
		if r.Notation != "crossing_bearings" || r.UncertaintyNM < 5 {
			t.Errorf("%s: %s within %.1f NM", text, r.Notation, r.UncertaintyNM)
		}
		if DistanceNM(a, fromA.Point) > 1 || DistanceNM(b, fromB.Point) > 5 {
			t.Error("the places moved")
		}
	}
	for text, says := range map[string]string{
		"050 Bornholm 051 Visby": "do not cross", "230 Bornholm 020 Visby": "do not cross", "400 Bornholm 200 Visby": "more than 360", "050M Bornholm 200 Visby": "magnetic",
	} {
		if _, err := ReadPosition(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
}

// Several positions with nothing but spaces between them are a track.
func TestReadPositionSpaced(t *testing.T) {
	for text, want := range map[string]int{
		"5854N 02230E 5900N 02300E": 2, "N5854 E02230 N5900 E02300 N5910 E02310": 3, "58.9,22.5 59.0,22.6": 2, "58.9 22.5 59.0 22.6": 2,
		"Gotland Bornholm": 2, "EYSA Great Belt Visby": 3, "58 54.6 N 022 30.2 E": 1, "58°54.6'N 022°30.2'E": 1, "58 54 22 30": 1, "Jan Mayen": 1,
	} {
		r, err := ReadPosition(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if n := len(flat(r.Geometry)); n != want {
			t.Errorf("%s: %d positions, want %d", text, n, want)
		}
	}
}

func TestReadCircle(t *testing.T) {
	for text, radius := range map[string]float64{"circle 20NM at 5854N 02230E": 20, "Circle 20 km around Gotland": 20 / 1.852, "within 20 NM of Visby": 20, "20nm radius of Visby": 20} {
		r, err := ReadPosition(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		for _, p := range r.Geometry.(orb.Polygon)[0] {
			if d := DistanceNM(r.circle.centre, p); math.Abs(d-radius) > 0.01 {
				t.Fatalf("%s: a corner lies %.2f NM from the middle", text, d)
			}
		}
		again, err := ReadPosition(r.Text)
		if err != nil || again.Text != r.Text {
			t.Errorf("%s: %q reads as %q, %v", text, r.Text, again.Text, err)
		}
	}
}

// What may be meant in two ways is asked, with the readings to choose from.
func TestReadPositionAsks(t *testing.T) {
	for text, want := range map[string][]string{
		"10,5":          {"10N 5E", "10.5N …"},
		"22.5, 58.9":    {"58.9N 22.5E", "22.5N 58.9E"},
		"22.5 58.9":     {"58.9N 22.5E", "22.5N 58.9E"},
		"02230N 5854E":  {"5854N 02230E", "2230N 05854E"},
		"5854 02230":    {"5854N 02230E"},
		"7000 01000":    {"7000N 01000E", "7000N 01000W"},
		"58,9;22,5":     {"58.9, 22.5", "58, 9 → 22, 5"},
		"585400 223000": nil, // six digits of longitude are none
	} {
		_, err := ReadPosition(text)
		var e *PositionError
		if !errors.As(err, &e) || e.Ambiguous != (want != nil) || want != nil && !slices.Equal(e.Suggestions, want) {
			t.Errorf("%s: %v, want the readings %q", text, err, want)
		}
	}
	for text, says := range map[string]string{
		"Gotlund": "Try Gotland", "NE of Gotland": "How far NE", "35NM from Gotland": "which direction", "050/35NM Atlantis": "“Atlantis”", "2000/35NM BORNHOLM": "", "050/700NM BORNHOLM": "too far",
	} {
		_, err := ReadPosition(text)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
}

// Every place of the list is found by each of its names.
func TestPlaceNamed(t *testing.T) {
	a := Default()
	for _, p := range a.Places() {
		if got, ok := a.PlaceNamed(p.Name); !ok || got.ID != p.ID {
			t.Errorf("%s gives %q", p.Name, got.ID)
		}
		for _, name := range append(p.Aliases, p.ICAO) {
			if _, ok := a.PlaceNamed(name); !ok && name != "" {
				t.Errorf("%s is not found as %s", p.Name, name)
			}
		}
	}
	if like := a.PlacesLike("Born", 3); len(like) == 0 || !strings.HasPrefix(like[0].Name, "Bornholm") {
		t.Errorf("Born gives %v", like)
	}
}
