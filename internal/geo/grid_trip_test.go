package geo

import (
	"fmt"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// gridPoints are positions over the globe, most of them where grids change:
// poles, the antimeridian, zone and band borders, 84°N, 80°S, Norway, Svalbard.
func gridPoints() []orb.Point {
	rng := rand.New(rand.NewSource(3))
	var out []orb.Point
	for range 3000 {
		out = append(out, orb.Point{rng.Float64()*360 - 180, degrees(math.Asin(rng.Float64()*2 - 1))})
	}
	lats := []float64{-90, 90, 84, -80, 0, 56, 64, 72, -89.999999, 89.999999}
	for lat := -80.0; lat <= 84; lat += 8 {
		lats = append(lats, lat)
	}
	lons := []float64{0, 3, 6, 9, 12, 21, 33, 42, 180, -180, 179.999999, -179.999999}
	for lon := -180.0; lon <= 180; lon += 6 {
		lons = append(lons, lon)
	}
	for _, lat := range lats {
		for _, lon := range lons {
			for _, step := range [5]float64{0, 1e-12, -1e-12, 3e-6, -3e-6} {
				p := orb.Point{lon + step, lat - step}
				if checkPosition(p) == nil {
					out = append(out, p)
				}
			}
		}
	}
	for range 500 {
		out = append(out, orb.Point{rng.Float64()*14 - 1, 55 + rng.Float64()*10}, orb.Point{rng.Float64()*44 - 1, 71 + rng.Float64()*14},
			orb.Point{rng.Float64()*360 - 180, 83 + rng.Float64()*7}, orb.Point{rng.Float64()*360 - 180, -79 - rng.Float64()*11})
	}
	return out
}

// Metres to degrees and back, within the arithmetic.
func TestGridRoundTrip(t *testing.T) {
	for _, p := range gridPoints() {
		if d := Distance(gridOf(p).point(), p); !(d < 2e-8) {
			t.Fatalf("%v comes back as %v, %v m off", p, gridOf(p).point(), d)
		}
	}
}

// Within 40° of the meridian the series still close.
func TestTransverseMercatorFarOut(t *testing.T) {
	for lat := -88.0; lat <= 88; lat += 2 {
		for lon := -40.0; lon <= 40; lon += 2 {
			e, n := TransverseMercator(orb.Point{lon, lat}, 0)
			if p := FromTransverseMercator(e, n, 0); math.Abs(p[0]-lon) > 1e-9 || math.Abs(p[1]-lat) > 1e-9 {
				t.Fatalf("%v %v comes back as %v", lon, lat, p)
			}
		}
	}
}

// What is written reads back: MGRS as the square that holds the position, at
// every size; UTM and UPS within half a metre each way; GEOREF within the cell.
func TestGridReadsBack(t *testing.T) {
	for _, p := range gridPoints() {
		for digits := range 6 {
			if err := mgrsReadsBack(p, digits); err != nil {
				t.Fatal(err)
			}
		}
		text := FormatPoint(p, "utm")
		r, err := ReadPosition(text)
		if err != nil || len(r.Warnings) > 0 {
			t.Fatalf("%v became %q: %v %q", p, text, err, r.Warnings)
		}
		if d := Distance(r.Geometry.(orb.Point), p); d > math.Sqrt2/2/upsScale+1e-3 {
			t.Fatalf("%v became %q, %v m off", p, text, d)
		}
		for digits := 2; digits <= 5; digits++ {
			text := formatGEOREF(p, digits)
			r, err := ReadPosition("GEOREF " + text)
			half := math.Pow10(2-digits)/120 + 1e-9
			if err != nil || !near(r.Geometry, p, half) {
				t.Fatalf("%v became %q, which reads %v, %v", p, text, r.Geometry, err)
			}
		}
	}
}

// mgrsReadsBack wants the position inside the square read, on the square's grid.
func mgrsReadsBack(p orb.Point, digits int) error {
	text := FormatMGRS(p, digits)
	if digits == 0 {
		text = "MGRS " + text
	}
	r, err := ReadPosition(text)
	if err != nil {
		return fmt.Errorf("%v became %q: %w", p, text, err)
	}
	half := gridSquare * math.Pow10(-digits) / 2
	if got := r.UncertaintyNM * MetresPerNM; math.Abs(got-half) > 1e-6 {
		return fmt.Errorf("%q is uncertain by %v m, want %v", text, got, half)
	}
	ref, err := partMGRS(text)
	if err != nil {
		return err
	}
	corner, err := ref.corner()
	if err != nil {
		return err
	}
	g := gridOf(p)
	q := r.Geometry.(orb.Point)
	centre := gridPlace{zone: corner.zone, northern: corner.northern}
	if centre.zone == 0 {
		e, n := PolarStereographic(q, centre.northern)
		centre.east, centre.north = upsPole+upsScale*e, upsPole+upsScale*n
	} else {
		e, n := TransverseMercator(q, meridianOf(centre.zone))
		centre.east, centre.north = utmEast+utmScale*e, utmScale*n
		if !centre.northern {
			centre.north += utmSouth
		}
	}
	if g.zone != centre.zone || g.northern != centre.northern || math.Abs(g.east-centre.east) > half+1e-5 || math.Abs(g.north-centre.north) > half+1e-5 {
		return fmt.Errorf("%v at %+v became %q, whose centre is at %+v", p, g, text, centre)
	}
	return nil
}

// Tracks and areas read back too, over the antimeridian and round the poles.
func TestFormatGeometryGrids(t *testing.T) {
	shapes := []orb.Geometry{
		orb.Point{180, 10}, orb.Point{-180, -10}, orb.Point{0, 90}, orb.Point{12, -90},
		orb.LineString{{22.5, 58.9}, {23, 59}, {24.5, 59.5}},
		orb.LineString{{179, 10}, {180, 10.5}, {-179, 11}},
		orb.LineString{{-180, -45}, {178, -44}},
		orb.LineString{{10, 83}, {12, 84}, {14, 86}, {100, 90}},
		orb.LineString{{-60, -79}, {-60, -80}, {-61, -82}},
		orb.LineString{{21, 36}, {22, 35}, {25, 33}}, // band S
		orb.Polygon{{{22, 58}, {23, 58}, {23, 59}, {22, 58}}},
		orb.Polygon{{{179, -1}, {-179, -1}, {-179, 1}, {179, 1}, {179, -1}}},
		orb.Polygon{{{0, 85}, {90, 85}, {-179, 85}, {-90, 85}, {0, 85}}},
		orb.Polygon{{{2, 71}, {5, 71}, {5, 73}, {2, 73}, {2, 71}}},
	}
	for _, notation := range []string{"mgrs", "utm", "ups", "georef"} {
		for _, g := range shapes {
			text := FormatGeometry(g, notation)
			r, err := ReadPosition(text)
			if err != nil || len(r.Warnings) > 0 {
				t.Errorf("%s: %v became %q: %v %q", notation, g, text, err, r.Warnings)
				continue
			}
			if r.Geometry.GeoJSONType() != g.GeoJSONType() {
				t.Errorf("%s: %v became %q, which reads %v", notation, g, text, r.Geometry)
				continue
			}
			within := 0.72
			if notation == "georef" {
				within = 0.005 * math.Sqrt2 * 1870
			}
			back := vertices(r.Geometry)
			for i, p := range vertices(g) {
				if d := Distance(p, back[i]); d > within {
					t.Errorf("%s: %v became %q: corner %d is %v m off", notation, g, text, i, d)
				}
			}
		}
	}
}

// What is no position is written in degrees, as it stands.
func TestFormatGridNowhere(t *testing.T) {
	p := orb.Point{10, 95}
	for _, notation := range []string{"mgrs", "utm", "ups", "georef"} {
		if got := FormatPoint(p, notation); got != FormatPoint(p, "dm") {
			t.Errorf("%s: %q", notation, got)
		}
		FormatPoint(orb.Point{math.NaN(), math.Inf(1)}, notation) // no panic
	}
	if a, b := FormatMGRS(orb.Point{190, 10}, 5), FormatMGRS(orb.Point{-170, 10}, 5); a != b {
		t.Errorf("190°E is %q, 170°W is %q", a, b)
	}
	if a, b := FormatMGRS(orb.Point{22, 58}, -3), FormatMGRS(orb.Point{22, 58}, 9); a != "34V EK" || b != "34V EK 59107 29147" {
		t.Errorf("digits out of bounds give %q and %q", a, b)
	}
}

// Every square of 100 km on the globe that touches its zone reads, and no other.
func TestEverySquare(t *testing.T) {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	accepted := map[string]bool{}
	for zone := 1; zone <= 60; zone++ {
		for band := range len(bandLetters) {
			if _, _, ok := zoneEdges(zone, band); !ok {
				continue
			}
			for _, a := range letters {
				for _, b := range letters {
					if _, ok := squareCorner(zone, band, string(a)+string(b)); ok {
						accepted[fmt.Sprintf("%02d%c %c%c", zone, bandLetters[band], a, b)] = true
					}
				}
			}
		}
	}
	met := map[string]bool{}
	for lat := -80.0; lat < 84; lat += 0.25 {
		for lon := -180.0; lon < 180; lon += 0.25 {
			met[FormatMGRS(orb.Point{lon, lat}, 0)] = true
		}
	}
	for square := range met {
		if !accepted[square] {
			t.Errorf("%s is written but not read", square)
		}
	}
	// The raster misses squares that reach into a zone by a corner.
	worst := 0.0
	for square := range accepted {
		if !met[square] {
			worst = math.Max(worst, outside(t, square))
		}
	}
	t.Logf("%d squares read, %d written, the others at most %.4f° outside", len(accepted), len(met), worst)
	if worst > 0.001 || len(accepted)-len(met) > len(met)/8 {
		t.Errorf("%d squares read, %d written, the others up to %.4f° outside", len(accepted), len(met), worst)
	}
}

// outside is how far the nearest part of a square lies outside its zone and band,
// degrees.
func outside(t *testing.T, square string) float64 {
	ref, err := partMGRS("MGRS " + square)
	if err != nil {
		t.Fatal(err)
	}
	corner, err := ref.corner()
	if err != nil {
		t.Fatal(err)
	}
	band := strings.IndexByte(bandLetters, ref.letter)
	west, east, _ := zoneEdges(ref.zone, band)
	south, north := bandEdges(band)
	nearest := math.Inf(1)
	for i := 0.0; i <= 10; i++ {
		for j := 0.0; j <= 10; j++ {
			g := corner
			g.east += i / 10 * gridSquare
			g.north += j / 10 * gridSquare
			p := g.point()
			lon := math.Abs(math.Remainder(p[0]-(west+east)/2, 360)) - (east-west)/2
			nearest = math.Min(nearest, max(lon, south-p[1], p[1]-north))
		}
	}
	return math.Max(0, nearest)
}

func BenchmarkReadMGRS(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadPosition("34V FL 12345 67890"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFormatMGRS(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		FormatMGRS(orb.Point{22.5, 58.9}, 5)
	}
}
