package web_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	served "interceptlog/internal/collection"
	"interceptlog/internal/feature"
	"interceptlog/internal/geo/crs"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// Here questions made at random are asked of the collections as the API asks
// them, and answered once more by looking at every feature: by arithmetic that
// shares nothing with the code under test but the projections.

// oracle is a site with shapes of every kind in it, and all its features.
type oracle struct {
	*site
	col *served.Collection
	at  hotline.At
	all []*feature.Feature
}

func newOracle(t *testing.T, id string) *oracle {
	t.Helper()
	o := &oracle{site: newSite(t)}
	o.col, _ = served.ByID(id)
	r := rand.New(rand.NewPCG(1, 9))
	model := o.features(t, itemsPath+"?limit=1")[0]["properties"]
	for i := range 48 {
		f := map[string]any{"type": "Feature", "id": string(incidents.NewID()), "properties": model, "geometry": shapeAt(r, i)}
		if a := o.write(t, http.MethodPost, itemsPath, f); a.status != http.StatusCreated {
			t.Fatalf("%v: %d %s", f["geometry"], a.status, a.body)
		}
	}
	head, err := o.store.ChainHead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	now := max(incidents.MillisOf(o.clock.Now()), incidents.Millis(head.At))
	o.at = hotline.At{AsOf: now, Now: now}
	o.all = o.found(t, url.Values{"exercise": {"include"}})
	if len(o.all) < 40 {
		t.Fatalf("only %d features", len(o.all))
	}
	return o
}

// shapeAt is a track or an area as GeoJSON, every third of them on one side or
// the other of the antimeridian.
func shapeAt(r *rand.Rand, i int) map[string]any {
	x, y, w, h := -20+60*r.Float64(), 35+40*r.Float64(), 0.1+4*r.Float64(), 0.1+3*r.Float64()
	ring := func(x0, x1 float64) [][][2]float64 {
		return [][][2]float64{{{x0, y}, {x1, y}, {x1, y + h}, {x0, y + h}, {x0, y}}}
	}
	switch i % 6 {
	case 0:
		return map[string]any{"type": "LineString", "coordinates": [][2]float64{{180 - w, y}, {180, y + h}}}
	case 1:
		return map[string]any{"type": "Polygon", "coordinates": ring(-180, -180+w)}
	case 2, 3:
		return map[string]any{"type": "LineString", "coordinates": [][2]float64{{x, y}, {x + w, y + h}, {x + 2*w, y - h}}}
	case 4:
		return map[string]any{"type": "Polygon", "coordinates": [][][2]float64{{{x, y}, {x + w, y - h}, {x + w, y + h}, {x, y}}}}
	}
	whole := ring(x, x+w)
	hole := [][2]float64{{x + w/4, y + h/4}, {x + w/4, y + h/2}, {x + w/2, y + h/2}, {x + w/2, y + h/4}, {x + w/4, y + h/4}}
	return map[string]any{"type": "Polygon", "coordinates": append(whole, hole)}
}

// found asks the collection.
func (o *oracle) found(t *testing.T, v url.Values) (list []*feature.Feature) {
	t.Helper()
	q, err := served.ReadQuery(o.col, v)
	if err != nil {
		t.Fatalf("%v: %v", v, err)
	}
	q.At, q.Narrow.AsOf, q.Count = o.at, o.at.AsOf, true
	p, err := o.col.Read(t.Context(), o.store, q, func(f *feature.Feature) error {
		list = append(list, f)
		return nil
	})
	if err != nil {
		t.Fatalf("%v: %v", v, err)
	}
	if p.Matched != len(list) || p.Returned != len(list) {
		t.Errorf("%v: %d match, %d are given, %d came", v, p.Matched, p.Returned, len(list))
	}
	return list
}

// compare asks, and looks at every feature itself.
func (o *oracle) compare(t *testing.T, v url.Values, holds func(*feature.Feature) bool) int {
	t.Helper()
	v.Set("exercise", "include")
	var got, want []string
	for _, f := range o.found(t, v) {
		got = append(got, f.ID)
	}
	for _, f := range o.all {
		if holds(f) {
			want = append(want, f.ID)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%v:\n%d found, %d hold\nonly found: %v\nonly hold: %v", v, len(got), len(want), without(got, want), without(want, got))
	}
	return len(want)
}

func without(a, b []string) (list []string) {
	for _, s := range a {
		if !slices.Contains(b, s) {
			list = append(list, s)
		}
	}
	return list
}

// touches reports whether a shape has a point in common with a box.
func touches(g orb.Geometry, b orb.Bound) bool {
	switch g := g.(type) {
	case orb.Point:
		return b.Min[0] <= g[0] && g[0] <= b.Max[0] && b.Min[1] <= g[1] && g[1] <= b.Max[1]
	case orb.MultiPoint:
		return slices.ContainsFunc(g, func(p orb.Point) bool { return touches(p, b) })
	case orb.LineString:
		for i := range g {
			if touches(g[i], b) || i > 0 && passes(g[i-1], g[i], b) {
				return true
			}
		}
	case orb.MultiLineString:
		return slices.ContainsFunc(g, func(l orb.LineString) bool { return touches(l, b) })
	case orb.Polygon:
		inside := false
		for _, ring := range g {
			if touches(orb.LineString(ring), b) {
				return true
			}
			for i := range ring[1:] { // a ray to the east from a corner of the box
				p, q := ring[i], ring[i+1]
				if (p[1] > b.Min[1]) != (q[1] > b.Min[1]) && b.Min[0] < p[0]+(q[0]-p[0])*(b.Min[1]-p[1])/(q[1]-p[1]) {
					inside = !inside
				}
			}
		}
		return inside
	case orb.MultiPolygon:
		return slices.ContainsFunc(g, func(p orb.Polygon) bool { return touches(p, b) })
	}
	return false
}

// passes reports whether a stretch passes through a box (Liang and Barsky).
func passes(p, q orb.Point, b orb.Bound) bool {
	from, to := 0.0, 1.0
	for axis := range 2 {
		d := q[axis] - p[axis]
		low, high := b.Min[axis]-p[axis], b.Max[axis]-p[axis]
		if d == 0 {
			if low > 0 || high < 0 {
				return false
			}
			continue
		}
		if d < 0 {
			low, high = high, low
		}
		from, to = math.Max(from, low/d), math.Min(to, high/d)
	}
	return from <= to
}

func bboxText(n ...float64) string {
	return strings.Trim(strings.Join(strings.Fields(fmt.Sprint(n)), ","), "[]")
}

func TestBoxesAgainstOracle(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	for _, id := range []string{"incidents", "contacts"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			o := newOracle(t, id)
			r := rand.New(rand.NewPCG(3, 4))
			hits := 0
			for i := range 150 {
				x, y := -180+360*r.Float64(), -90+180*r.Float64()
				w, h := 40*r.Float64(), 30*r.Float64()
				if i%2 == 0 {
					x, y = -20+60*r.Float64(), 35+40*r.Float64()
				}
				if g := o.all[r.IntN(len(o.all))].Geometry; g != nil && i%5 == 0 { // on the corner of a shape, and of no size
					x, y = g.Bound().Min[0], g.Bound().Min[1]
					if i%10 == 0 {
						w, h = 0, 0
					}
				}
				if i%7 == 0 {
					x = 150 + 30*r.Float64()
				}
				south, north := y, math.Min(90, y+h)
				east := x + w
				parts := []orb.Bound{{Min: orb.Point{x, south}, Max: orb.Point{east, north}}}
				if east > 180 {
					east -= 360
					parts = []orb.Bound{{Min: orb.Point{x, south}, Max: orb.Point{180, north}}, {Min: orb.Point{-180, south}, Max: orb.Point{east, north}}}
				}
				hits += o.compare(t, url.Values{"bbox": {bboxText(x, south, east, north)}}, func(f *feature.Feature) bool {
					return f.Geometry == nil || slices.ContainsFunc(parts, func(b orb.Bound) bool { return touches(f.Geometry, b) })
				})
			}
			if hits < 200 {
				t.Errorf("only %d features were met", hits)
			}
		})
	}
}

func TestProjectedBoxesAgainstOracle(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	o := newOracle(t, "incidents")
	r := rand.New(rand.NewPCG(5, 6))
	hits := 0
	for i := range 150 {
		sys := crs.All()[i%len(crs.All())]
		p := o.all[r.IntN(len(o.all))].Geometry
		if p == nil {
			continue
		}
		at := sys.Project(p).Bound().Center()
		size := math.Pow(10, 4+2.5*r.Float64())
		if sys.Degrees {
			size = 5 * r.Float64()
		}
		b := orb.Bound{Min: orb.Point{at[0] - size*r.Float64(), at[1] - size*r.Float64()}, Max: orb.Point{at[0] + size*r.Float64(), at[1] + size*r.Float64()}}
		if sys.Degrees && (b.Min[0] < -180 || b.Max[0] > 180) {
			continue
		}
		n := []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
		if sys.YFirst {
			n = []float64{b.Min[1], b.Min[0], b.Max[1], b.Max[0]}
		}
		hits += o.compare(t, url.Values{"bbox": {bboxText(n...)}, "bbox-crs": {sys.URI}}, func(f *feature.Feature) bool {
			return f.Geometry == nil || touches(sys.Project(f.Geometry), b)
		})
	}
	if hits < 200 {
		t.Errorf("only %d features were met", hits)
	}
}

func TestIntervalsAgainstOracle(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same, on one goroutine")
	}
	t.Parallel()
	for _, id := range []string{"incidents", "contacts"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			o := newOracle(t, id)
			r := rand.New(rand.NewPCG(7, 8))
			value := func(f *feature.Feature, name string) (int64, bool) {
				v, ok := o.col.Value(f, name)
				return v.Int, ok && !v.Null
			}
			// a moment at an end of some feature, or one millisecond beside it
			moment := func() int64 {
				for {
					names := []string{"start_from", "start_to", "end_from", "end_to"}
					if at, ok := value(o.all[r.IntN(len(o.all))], names[r.IntN(4)]); ok {
						return at + int64(r.IntN(3)) - 1
					}
				}
			}
			text := func(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z") }
			hits := 0
			for i := range 200 {
				from, to := moment(), moment()
				if from > to {
					from, to = to, from
				}
				v := text(from) + "/" + text(to)
				switch i % 5 {
				case 0:
					v, to = text(from)+"/..", math.MaxInt64
				case 1:
					v, from = "/"+text(to), math.MinInt64
				case 2:
					v, to = text(from), from
				case 3:
					day := time.UnixMilli(from).UTC().Truncate(24 * time.Hour)
					v, from, to = day.Format("2006-01-02"), day.UnixMilli(), day.UnixMilli()+86_399_999
				}
				hits += o.compare(t, url.Values{"datetime": {v}}, func(f *feature.Feature) bool {
					first, known := value(f, "start_from")
					end, ok := value(f, "end_to")
					if !ok {
						end, ok = value(f, "start_to")
					}
					if !known || !ok {
						return true
					}
					for _, at := range []int64{first, end - 1} { // an end of the one lies in the other
						if from <= at && at <= to {
							return true
						}
					}
					return first <= from && from < end
				})
			}
			if hits < 200 {
				t.Errorf("only %d features were met", hits)
			}
		})
	}
}
