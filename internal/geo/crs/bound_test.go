package crs_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/geo"
	"interceptlog/internal/geo/crs"
)

// boxesTried in every system; more find no more.
const boxesTried = 80

var globe = orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}

// lattice is many positions all over a box, its corners among them.
func lattice(b orb.Bound) []orb.Point {
	const n = 200
	var out []orb.Point
	for i := range n + 1 {
		for j := range n + 1 {
			out = append(out, orb.Point{b.Min[0] + (b.Max[0]-b.Min[0])*float64(i)/n, b.Min[1] + (b.Max[1]-b.Min[1])*float64(j)/n})
		}
	}
	return out
}

func anyHolds(boxes []orb.Bound, p orb.Point) bool {
	for _, b := range boxes {
		if b.Contains(p) {
			return true
		}
	}
	return false
}

// Boxes of every size, many of them over the pole, the antimeridian and the rim:
// no position whose projection lies in the box is left out.
func TestUnprojectBoundCovers(t *testing.T) {
	for i, s := range crs.All() {
		rng := rand.New(rand.NewPCG(6, uint64(i)))
		for range boxesTried {
			at := somewhere(rng, globe, 1)[0]
			if rng.IntN(3) == 0 {
				at = somewhere(rng, s.Area, 1)[0]
			}
			centre := s.Project(at).(orb.Point)
			size := math.Pow(10, 2+5.2*rng.Float64())
			if s.Degrees {
				size /= 1e5
			}
			w, h := size*rng.Float64(), size*rng.Float64()
			box := orb.Bound{Min: orb.Point{centre[0] - w, centre[1] - h}, Max: orb.Point{centre[0] + w, centre[1] + h}}
			boxes := s.UnprojectBound(box)
			checkBoxes(t, s, box, boxes)
			for _, xy := range somewhere(rng, box, 300) {
				p := xy
				if s.Degrees {
					if math.Abs(p[1]) > 90 {
						continue
					}
					p[0] = math.Remainder(p[0], 360)
				} else {
					p = s.Unproject(xy).(orb.Point)
					if apart(s, s.Project(p).(orb.Point), xy) > 0.001 && s.EPSG != 3857 {
						continue // nothing lies there
					}
				}
				if !anyHolds(boxes, p) {
					t.Fatalf("%s: %v, at %v in %v, is in none of %v", s.URI, p, xy, box, boxes)
				}
			}
			for _, p := range somewhere(rng, globe, 300) {
				if box.Contains(s.Project(p).(orb.Point)) && !anyHolds(boxes, p) {
					t.Fatalf("%s: %v is in %v and in none of %v", s.URI, p, box, boxes)
				}
			}
		}
	}
}

// checkBoxes holds boxes to their form.
func checkBoxes(t *testing.T, s *crs.System, box orb.Bound, boxes []orb.Bound) {
	t.Helper()
	if len(boxes) == 0 && !s.Degrees || len(boxes) > 2 {
		t.Fatalf("%s: %v is in %d boxes", s.URI, box, len(boxes))
	}
	for _, b := range boxes {
		if !(b.Min[0] <= b.Max[0] && b.Min[1] <= b.Max[1]) || !globe.Contains(b.Min) || !globe.Contains(b.Max) {
			t.Fatalf("%s: %v is in %v", s.URI, box, boxes)
		}
	}
}

// Small and far from a pole, the boxes are hardly larger than they must be.
func TestUnprojectBoundIsTight(t *testing.T) {
	for _, name := range []string{"EPSG:3857", "EPSG:3035", "EPSG:3575", "EPSG:3995", "EPSG:32634"} {
		s := byCode(t, name)
		centre := s.Project(orb.Point{20, 60}).(orb.Point)
		box := orb.Bound{Min: centre, Max: centre}.Pad(50_000)
		boxes := s.UnprojectBound(box)
		least := orb.Bound{Min: orb.Point{20, 60}, Max: orb.Point{20, 60}}
		for _, xy := range lattice(box) {
			least = least.Extend(s.Unproject(xy).(orb.Point))
		}
		if len(boxes) != 1 || math.Abs(boxes[0].Min[0]-least.Min[0]) > 0.001 || math.Abs(boxes[0].Max[0]-least.Max[0]) > 0.001 ||
			math.Abs(boxes[0].Min[1]-least.Min[1]) > 0.001 || math.Abs(boxes[0].Max[1]-least.Max[1]) > 0.001 {
			t.Errorf("%s: %v, and the least is %v", name, boxes, least)
		}
	}
}

func TestUnprojectBound(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		what, system string
		box          [4]float64 // least x, least y, greatest x, greatest y
		want         string
	}{
		{"in degrees", "OGC:CRS84", [4]float64{10, 55, 20, 60}, "10.00 55.00 20.00 60.00"},
		{"over the antimeridian", "OGC:CRS84", [4]float64{170, 55, -170, 60}, "170.00 55.00 180.00 60.00, -180.00 55.00 -170.00 60.00"},
		{"over it, x first whatever the axes", "EPSG:4326", [4]float64{170, 55, -170, 60}, "170.00 55.00 180.00 60.00, -180.00 55.00 -170.00 60.00"},
		{"past 180", "OGC:CRS84", [4]float64{170, 55, 190, 60}, "170.00 55.00 180.00 60.00, -180.00 55.00 -170.00 60.00"},
		{"the world", "OGC:CRS84", [4]float64{-180, -90, 180, 90}, "-180.00 -90.00 180.00 90.00"},
		{"upside down", "OGC:CRS84", [4]float64{10, 60, 20, 55}, ""},
		{"beyond the pole", "OGC:CRS84", [4]float64{10, 91, 20, 95}, ""},
		{"no number", "OGC:CRS84", [4]float64{10, nan, 20, 60}, ""},
		{"no number", "EPSG:3035", [4]float64{nan, 3e6, 4e6, 4e6}, ""},
		{"no number", "EPSG:3857", [4]float64{0, 0, 1, nan}, ""},
		{"the wrong way round", "EPSG:3035", [4]float64{5e6, 3e6, 4e6, 4e6}, ""},
		{"Mercator", "EPSG:3857", [4]float64{0, 0, 20037508.342789244, 20037508.342789244}, "-0.00 -0.00 180.00 85.05, -180.00 -0.00 -180.00 85.05"},
		{"Mercator past 180", "EPSG:3857", [4]float64{19037508.342789244, 0, 21037508.342789244, 1e6}, "171.02 -0.00 180.00 8.95, -180.00 -0.00 -171.02 8.95"},
		{"Mercator to the pole", "EPSG:3857", [4]float64{-1e6, 0, 1e6, 1e9}, "-8.98 -0.00 8.98 90.00"},
		{"round the pole", "EPSG:3575", [4]float64{-1e6, -1e6, 1e6, 1e6}, "-180.00 77.31 180.00 90.00"},
		{"round the pole", "EPSG:3995", [4]float64{-1e6, -1e6, 1e6, 1e6}, "-180.00 77.04 180.00 90.00"},
		{"one step from the pole", "EPSG:3995", [4]float64{10, -1e6, 1e6, 1e6}, "-180.00 76.89 180.00 90.00"},
		{"over the antimeridian", "EPSG:3995", [4]float64{-1e5, 1e6, 1e5, 2e6}, "174.29 71.72 180.00 80.82, -180.00 71.72 -174.29 80.82"},
		{"the pole in 3035", "EPSG:3035", [4]float64{3e6, 6e6, 5e6, 8e6}, "-180.00 73.15 180.00 90.00"},
		{"beyond the disc", "EPSG:3575", [4]float64{-13e6, -1e6, 0, 1e6}, "-180.00 -90.00 180.00 90.00"},
		{"a corner beyond the disc", "EPSG:3575", [4]float64{1e6, 1e6, 12e6, 12e6}, "-180.00 -90.00 180.00 90.00"},
		{"far from the zone", "EPSG:32634", [4]float64{0, 0, 3e7, 1e6}, "-180.00 -90.00 180.00 90.00"},
		{"a zone over its pole", "EPSG:32634", [4]float64{4e5, 9e6, 6e5, 11e6}, "-180.00 80.97 180.00 90.00"},
	} {
		got := ""
		for i, b := range byCode(t, c.system).UnprojectBound(orb.Bound{Min: orb.Point{c.box[0], c.box[1]}, Max: orb.Point{c.box[2], c.box[3]}}) {
			if i > 0 {
				got += ", "
			}
			got += fmt.Sprintf("%.2f %.2f %.2f %.2f", b.Min[0], b.Min[1], b.Max[0], b.Max[1])
		}
		if got != c.want {
			t.Errorf("%s, %s: %s, want %s", c.system, c.what, got, c.want)
		}
	}
}

func TestProjectBoundHolds(t *testing.T) {
	for i, s := range crs.All() {
		rng := rand.New(rand.NewPCG(8, uint64(i)))
		for range boxesTried {
			a, b := somewhere(rng, globe, 1)[0], somewhere(rng, globe, 1)[0]
			if rng.IntN(2) == 0 {
				a, b = somewhere(rng, s.Area, 1)[0], somewhere(rng, s.Area, 1)[0]
			}
			box := orb.Bound{Min: orb.Point{a[0], math.Min(a[1], b[1])}, Max: orb.Point{b[0], math.Max(a[1], b[1])}}
			in := box
			if a[0] > b[0] { // over the antimeridian
				in.Max[0] += 360
			}
			xy := s.ProjectBound(box)
			for _, p := range somewhere(rng, in, 300) {
				if s.Degrees {
					continue
				}
				if at := s.Project(p).(orb.Point); !xy.Contains(at) {
					t.Fatalf("%s: %v in %v is at %v, outside %v", s.URI, p, box, at, xy)
				}
			}
			if s.Degrees && xy != box {
				t.Fatalf("%s: %v becomes %v", s.URI, box, xy)
			}
		}
		// Everywhere at once, the torn places with it.
		xy := s.ProjectBound(globe)
		for _, p := range somewhere(rng, globe, 20_000) {
			if at := s.Project(p).(orb.Point); !xy.Contains(at) {
				t.Fatalf("%s: %v is at %v, outside %v", s.URI, p, at, xy)
			}
		}
	}
}

func TestProjectBoundIsTight(t *testing.T) {
	box := orb.Bound{Min: orb.Point{10, 55}, Max: orb.Point{25, 65}}
	for _, name := range []string{"EPSG:3857", "EPSG:3035", "EPSG:3575", "EPSG:3995", "EPSG:32634"} {
		s := byCode(t, name)
		got := s.ProjectBound(box)
		var least orb.MultiPoint
		for _, p := range lattice(box) {
			least = append(least, s.Project(p).(orb.Point))
		}
		l := least.Bound()
		for axis := range 2 {
			if d := math.Max(l.Min[axis]-got.Min[axis], got.Max[axis]-l.Max[axis]); d > 300 {
				t.Errorf("%s: %v is %v m wider than %v", name, got, d, l)
			}
		}
	}
}

// A box among the geometries is treated as a box: what comes back holds it.
func TestBoundOfGeometry(t *testing.T) {
	box := orb.Bound{Min: orb.Point{18, 57}, Max: orb.Point{20, 59}}
	for _, s := range crs.All() {
		xy, ok := s.Project(box).(orb.Bound)
		back, okBack := s.Unproject(xy).(orb.Bound)
		if !ok || !okBack || !back.Contains(box.Min) || !back.Contains(box.Max) || back.Max[1] > 60 {
			t.Errorf("%s: %v becomes %v, and that %v", s.URI, box, xy, back)
		}
		own := s.Swap(xy).(orb.Bound)
		if s.YFirst != (own != xy) || s.YFirst && own.Min != (orb.Point{xy.Min[1], xy.Min[0]}) {
			t.Errorf("%s: %v in its own order is %v", s.URI, xy, own)
		}
		if s.Degrees {
			continue
		}
		if g := s.Unproject(orb.Bound{Min: xy.Max, Max: xy.Min}); g != nil {
			t.Errorf("%s: an empty box becomes %v", s.URI, g)
		}
	}
	polar := byCode(t, "EPSG:3995")
	over := polar.Unproject(orb.Bound{Min: orb.Point{-1e5, 1e6}, Max: orb.Point{1e5, 2e6}}).(orb.Bound)
	if over.Min[0] != -180 || over.Max[0] != 180 {
		t.Errorf("a box over the antimeridian becomes %v", over)
	}
}

// What the boxes of a service are for: they hold no less than the incidents that
// lie in the box itself, here the three seas by a grid.
func TestBoxesAsFilter(t *testing.T) {
	for _, s := range crs.All() {
		centre := s.Project(orb.Point{20, 68}).(orb.Point)
		box := orb.Bound{Min: centre, Max: centre}.Pad(400_000)
		if s.Degrees {
			box = orb.Bound{Min: centre, Max: centre}.Pad(4)
		}
		boxes, in, kept := s.UnprojectBound(box), 0, 0
		for lat := 40.0; lat < 85; lat += 0.25 {
			for lon := -20.0; lon < 45; lon += 0.25 {
				p := orb.Point{lon, lat}
				if anyHolds(boxes, p) {
					kept++
				}
				if box.Contains(s.Project(p).(orb.Point)) {
					in++
					if !anyHolds(boxes, p) {
						t.Fatalf("%s leaves out %v", s.URI, p)
					}
				}
			}
		}
		if in == 0 || kept > 3*in {
			t.Errorf("%s: %d kept for %d", s.URI, kept, in)
		}
	}
}

func TestProjectKeepsIdentityInDegrees(t *testing.T) {
	line := orb.LineString{{170, 60}, {190, 61}}
	for _, s := range crs.All() {
		if !s.Degrees {
			continue
		}
		if !reflect.DeepEqual(s.Project(line), orb.Geometry(line)) || !reflect.DeepEqual(s.Unproject(line), orb.Geometry(line)) {
			t.Errorf("%s changes coordinates", s.URI)
		}
	}
	// In metres, too, a line that runs on past 180 stays one line.
	xy := byCode(t, "EPSG:3857").Project(line).(orb.LineString)
	if d := xy[1][0] - xy[0][0]; math.Abs(d-20*math.Pi/180*6378137) > millimetre {
		t.Errorf("20° of longitude are %v m", d)
	}
	if back := byCode(t, "EPSG:3857").Unproject(xy).(orb.LineString); geo.Distance(back[1], line[1]) > millimetre || back[1][0] > 180 {
		t.Errorf("%v comes back as %v", line, back)
	}
}
