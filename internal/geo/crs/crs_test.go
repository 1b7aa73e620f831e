package crs_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/geo"
	"interceptlog/internal/geo/crs"
)

func TestAll(t *testing.T) {
	all := crs.All()
	if len(all) != 18 || all[0] != crs.CRS84 {
		t.Fatalf("%d systems, the first %s", len(all), all[0].URI)
	}
	uris := map[string]bool{}
	for _, s := range all {
		if s.Name == "" || s.WKT == "" || s.ESRI == "" || s.Area.IsEmpty() || s.Area.IsZero() || uris[s.URI] {
			t.Errorf("%s is not whole, or there twice", s.URI)
		}
		uris[s.URI] = true
		for _, text := range []string{s.WKT, s.ESRI} {
			if strings.Count(text, "[") != strings.Count(text, "]") || strings.Count(text, `"`)%2 != 0 || strings.Contains(text, "%!") {
				t.Errorf("%s: brackets or quotes do not pair, or a value is missing: %s", s.URI, text)
			}
		}
	}
	all[0] = nil
	if crs.All()[0] != crs.CRS84 {
		t.Error("a caller changed the list of the package")
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text string
		epsg int // 0: refused
	}{
		{"http://www.opengis.net/def/crs/EPSG/0/3035", 3035},
		{"https://www.opengis.net/def/crs/EPSG/0/3035", 3035},
		{"EPSG:3035", 3035},
		{"[EPSG:3035]", 3035},
		{"urn:ogc:def:crs:EPSG::3035", 3035},
		{"http://www.opengis.net/def/crs/EPSG/0/32631", 32631},
		{"EPSG:32638", 32638},
		{"EPSG:4326", 4326},
		{"EPSG:4258", 4258},
		{"http://www.opengis.net/def/crs/EPSG/9.9.1/3035", 0},
		{"http://www.opengis.net/def/crs/EPSG/3035", 0},
		{"http://www.opengis.net/def/crs/EPSG/0/3035/", 0},
		{"http://www.opengis.net/def/crs/OGC/0/CRS84h", 0},
		{"urn:ogc:def:crs:EPSG:0:3035", 0},
		{"[EPSG:3035", 0},
		{"EPSG:3035 ", 0},
		{"epsg:3035", 0},
		{"EPSG:32627", 0},
		{"EPSG:32639", 0},
		{"EPSG:0", 0},
		{"3035", 0},
		{"", 0},
	} {
		s, err := crs.Parse(c.text)
		switch {
		case c.epsg == 0 && err == nil:
			t.Errorf("%q is taken for %s", c.text, s.URI)
		case c.epsg != 0 && err != nil:
			t.Errorf("%q: %v", c.text, err)
		case c.epsg != 0 && (s.EPSG != c.epsg || s == crs.CRS84):
			t.Errorf("%q is taken for %s", c.text, s.URI)
		}
	}
	for _, text := range []string{
		"http://www.opengis.net/def/crs/OGC/1.3/CRS84", "https://www.opengis.net/def/crs/OGC/1.3/CRS84",
		"OGC:CRS84", "[OGC:CRS84]", "urn:ogc:def:crs:OGC:1.3:CRS84",
	} {
		if s, err := crs.Parse(text); s != crs.CRS84 {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Who asks for what is not there learns what is.
func TestParseError(t *testing.T) {
	_, err := crs.Parse("EPSG:25833")
	for _, want := range []string{`"EPSG:25833"`, "OGC:CRS84", "EPSG:4326", "EPSG:32638", "[EPSG:3035]", "http://www.opengis.net/def/crs/EPSG/0/3035"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %s", err, want)
		}
	}
	if _, err := crs.Parse(strings.Repeat("é", 1<<20)); err == nil || len(err.Error()) > 1000 {
		t.Errorf("a long text is answered in %d bytes", len(err.Error()))
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range crs.All() {
		f.Add(s.URI)
	}
	for _, text := range []string{"[EPSG:3035]", "urn:ogc:def:crs:EPSG::4326", "OGC:CRS84", "EPSG:9999999999999999999", "\xff\x00", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := crs.Parse(text)
		if (s == nil) == (err == nil) {
			t.Fatalf("%q: %v and %v", text, s, err)
		}
		if err != nil {
			if len(err.Error()) > 1000 {
				t.Fatalf("%q is answered in %d bytes", text, len(err.Error()))
			}
			return
		}
		if again, err := crs.Parse(s.URI); again != s {
			t.Fatalf("%q leads to %s, which leads elsewhere: %v", text, s.URI, err)
		}
	})
}

// There and back, and far out of the area of use as well.
func TestRoundTrip(t *testing.T) {
	for i, s := range crs.All() {
		rng := rand.New(rand.NewPCG(3, uint64(i)))
		points := somewhere(rng, s.Area, 2000)
		for _, p := range somewhere(rng, s.Area, 20) { // as near to the pole as the area lets
			points = append(points, orb.Point{p[0], s.Area.Max[1]}, orb.Point{p[0], s.Area.Max[1] - 1e-9}, orb.Point{p[0], s.Area.Max[1] - 1e-5})
		}
		for _, p := range points {
			xy := s.Project(p).(orb.Point)
			if back := s.Unproject(xy).(orb.Point); !(geo.Distance(back, p) < 1e-6) {
				t.Fatalf("%s: %v comes back as %v, %v m off", s.URI, p, back, geo.Distance(back, p))
			}
		}
	}
}

// A position near a pole is as good as one elsewhere.
func TestAtThePole(t *testing.T) {
	for _, name := range []string{"EPSG:3575", "EPSG:3995"} {
		s := byCode(t, name)
		if p := s.Project(orb.Point{33, 90}).(orb.Point); p != (orb.Point{}) {
			t.Errorf("%s: the pole is at %v", name, p)
		}
		for _, metres := range []float64{0.001, 1, 1000} {
			p := geo.Destination(orb.Point{0, 90}, 180-100, metres/geo.MetresPerNM) // along 100°E
			xy := s.Project(p).(orb.Point)
			if got := math.Hypot(xy[0], xy[1]); math.Abs(got-metres) > 0.01*metres && name == "EPSG:3575" {
				t.Errorf("%s: %v m from the pole is %v m on the plane", name, metres, got)
			}
			if d := geo.Distance(s.Unproject(xy).(orb.Point), p); !(d < 1e-6) {
				t.Errorf("%s: %v comes back %v m off", name, p, d)
			}
		}
	}
	// The first axis of 3575 is along 100°E, its second along 170°W.
	s := byCode(t, "EPSG:3575")
	for _, c := range []struct{ lon, x, y float64 }{{100, 1, 0}, {-170, 0, 1}, {10, 0, -1}, {-80, -1, 0}} {
		xy := s.Project(orb.Point{c.lon, 70}).(orb.Point)
		r := math.Hypot(xy[0], xy[1])
		if math.Abs(xy[0]/r-c.x) > 1e-12 || math.Abs(xy[1]/r-c.y) > 1e-12 {
			t.Errorf("3575: %v°E is in direction %v", c.lon, xy)
		}
	}
}

// Whatever is asked, there is a number, and a position on the Earth.
func TestFiniteEverywhere(t *testing.T) {
	var lonlat []orb.Point
	for lat := -90.0; lat <= 90; lat += 5 {
		for lon := -540.0; lon <= 540; lon += 3 {
			lonlat = append(lonlat, orb.Point{lon, lat}, orb.Point{lon + 1e-12, lat})
		}
	}
	far := []float64{0, 1, -1, 6e6, -6e6, 1.2742e7, -1.2742e7, 2.1e7, -2.1e7, 1e9, -1e9, 1e300, -1e300, math.MaxFloat64, -math.MaxFloat64}
	for _, s := range crs.All() {
		if s.Degrees {
			continue
		}
		for _, p := range lonlat {
			if xy := s.Project(p).(orb.Point); !finite(xy) {
				t.Fatalf("%s: %v is projected to %v", s.URI, p, xy)
			}
		}
		for _, x := range far {
			for _, y := range far {
				p := s.Unproject(orb.Point{x, y}).(orb.Point)
				if !finite(p) || math.Abs(p[0]) > 180 || math.Abs(p[1]) > 90 {
					t.Fatalf("%s: %v, %v is at %v", s.URI, x, y, p)
				}
			}
		}
	}
}

// What a system cannot show is shown at its rim, and read back from there.
func TestAtTheRim(t *testing.T) {
	for _, c := range []struct {
		system    string
		given, at orb.Point
	}{
		{"EPSG:3857", orb.Point{20, 90}, orb.Point{20, 89.9}},
		{"EPSG:3857", orb.Point{20, -89.95}, orb.Point{20, -89.9}},
		{"EPSG:3857", orb.Point{20, 89.8}, orb.Point{20, 89.8}},
		{"EPSG:3995", orb.Point{50, -90}, orb.Point{50, -80}},
		{"EPSG:3995", orb.Point{50, -79}, orb.Point{50, -79}},
		{"EPSG:3575", orb.Point{50, -90}, orb.Point{50, -90}},
		{"EPSG:32634", orb.Point{101, 0}, orb.Point{81, 0}},
		{"EPSG:32634", orb.Point{111, 0}, orb.Point{81, 0}},
		{"EPSG:32634", orb.Point{121, 0}, orb.Point{141, 0}},
		{"EPSG:32634", orb.Point{-79, 10}, orb.Point{-97.431706, 10}},
		{"EPSG:32634", orb.Point{101, 45}, orb.Point{101, 45}},
		{"EPSG:32634", orb.Point{-159, 60}, orb.Point{-159, 60}},
	} {
		s := byCode(t, c.system)
		// At the rim of a disc a hair on the plane is decimetres on the Earth.
		if got := s.Unproject(s.Project(c.given)).(orb.Point); !(geo.Distance(got, c.at) < 1) {
			t.Errorf("%s: %v is shown at %v, want %v", c.system, c.given, got, c.at)
		}
	}
	for _, c := range []struct {
		system string
		xy, at orb.Point
	}{
		{"EPSG:3857", orb.Point{0, 1e9}, orb.Point{0, 89.9}},
		{"EPSG:3995", orb.Point{1e9, 1e9}, orb.Point{135, -80}},
		{"EPSG:3995", orb.Point{1e9, 0}, orb.Point{90, -80}},
		{"EPSG:3575", orb.Point{1e9, 0}, orb.Point{100, -90}},
		{"EPSG:3035", orb.Point{1e9, 0}, orb.Point{-170, -52}},
		{"EPSG:32634", orb.Point{5e5, 1e9}, orb.Point{-159, 0}},
	} {
		if got := byCode(t, c.system).Unproject(c.xy).(orb.Point); !(geo.Distance(got, c.at) < 1) {
			t.Errorf("%s: %v is at %v, want %v", c.system, c.xy, got, c.at)
		}
	}
}

func finite(p orb.Point) bool { return math.Abs(p[0]) < 1e9 && math.Abs(p[1]) < 1e9 }

func TestEveryGeometry(t *testing.T) {
	path := []orb.Point{{18, 57}, {20, 59}, {19, 60}, {18, 57}}
	geometries := []orb.Geometry{
		path[0], orb.MultiPoint(path), orb.LineString(path), orb.MultiLineString{path, path[:2]}, orb.Ring(path),
		orb.Polygon{path, path}, orb.MultiPolygon{{path}, {path}}, orb.Collection{path[0], nil, orb.Collection{orb.Ring(path)}},
	}
	for _, g := range append(geometries, orb.AllGeometries...) {
		if b, ok := g.(orb.Bound); ok && b.IsZero() {
			continue // grows by a hair: see TestBoundOfGeometry
		}
		before := fmt.Sprintf("%#v", g)
		for _, s := range crs.All() {
			xy := s.Project(g)
			back := s.Unproject(xy)
			own := s.Swap(xy)
			if reflect.TypeOf(xy) != reflect.TypeOf(g) || reflect.TypeOf(back) != reflect.TypeOf(g) || reflect.TypeOf(own) != reflect.TypeOf(g) {
				t.Fatalf("%s: %T becomes %T, %T, %T", s.URI, g, xy, back, own)
			}
			if fmt.Sprintf("%#v", g) != before {
				t.Fatalf("%s changed its argument to %v", s.URI, g)
			}
			if !reflect.DeepEqual(s.Swap(own), xy) {
				t.Errorf("%s: %v is not what was swapped", s.URI, s.Swap(own))
			}
			was, is, of, at := corners(g), corners(back), corners(own), corners(xy)
			if len(is) != len(was) || len(of) != len(was) {
				t.Fatalf("%s: %v becomes %v", s.URI, g, back)
			}
			for i := range was {
				if geo.Distance(was[i], is[i]) > 1e-6 {
					t.Errorf("%s: %v comes back as %v", s.URI, was[i], is[i])
				}
				if s.YFirst && (of[i] != orb.Point{at[i][1], at[i][0]}) || !s.YFirst && of[i] != at[i] {
					t.Errorf("%s: %v in its own order is %v", s.URI, at[i], of[i])
				}
			}
		}
	}
}

// corners is every position of a geometry, in order.
func corners(g orb.Geometry) []orb.Point {
	var out []orb.Point
	switch g := g.(type) {
	case orb.Point:
		out = append(out, g)
	case orb.MultiPoint:
		out = append(out, g...)
	case orb.LineString:
		out = append(out, g...)
	case orb.Ring:
		out = append(out, g...)
	case orb.MultiLineString:
		for _, m := range g {
			out = append(out, m...)
		}
	case orb.Polygon:
		for _, m := range g {
			out = append(out, m...)
		}
	case orb.MultiPolygon:
		for _, m := range g {
			out = append(out, corners(m)...)
		}
	case orb.Collection:
		for _, m := range g {
			out = append(out, corners(m)...)
		}
	}
	return out
}

// disguised has all that a geometry has, and is none that this package knows.
type disguised struct{ orb.Point }

func TestUnknownGeometry(t *testing.T) {
	for _, s := range crs.All() {
		for what, g := range map[string]orb.Geometry{"Project": s.Project(disguised{}), "Unproject": s.Unproject(disguised{}), "Swap": s.Swap(disguised{})} {
			if g != nil {
				t.Errorf("%s, %s: %v", s.URI, what, g)
			}
		}
	}
}

func BenchmarkProject(b *testing.B) {
	rng := rand.New(rand.NewPCG(4, 4))
	for _, s := range crs.All() {
		if s.EPSG > 32631 {
			continue
		}
		line := orb.LineString(somewhere(rng, s.Area, 100))
		b.Run(code(s), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Project(line)
			}
		})
	}
}

func BenchmarkUnproject(b *testing.B) {
	rng := rand.New(rand.NewPCG(5, 5))
	for _, s := range crs.All() {
		if s.EPSG > 32631 {
			continue
		}
		xy := s.Project(orb.LineString(somewhere(rng, s.Area, 100)))
		b.Run(code(s), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Unproject(xy)
			}
		})
	}
}
