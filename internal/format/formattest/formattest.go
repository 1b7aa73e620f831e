// Package formattest is what the tests of the encoders share: a layer with every
// kind of value and every type of geometry, as many features as a test wants,
// and GDAL as the reader whose word counts. Only tests import it.
package formattest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/geo/crs"
	"interceptlog/internal/hotline"
)

// Properties has one of every kind.
var Properties = []feature.Property{
	{Name: "id", Kind: feature.Text, Meaning: "The id."},
	{Name: "title", Kind: feature.Text, Nullable: true, Meaning: "In one line."},
	{Name: "grade", Kind: feature.Text, Nullable: true, Codes: []string{"low", "high"}, Meaning: "How grave."},
	{Name: "number", Kind: feature.Integer, Nullable: true, Meaning: "How many."},
	{Name: "distance_m", Kind: feature.Number, Nullable: true, Unit: "metres", Meaning: "How far."},
	{Name: "open", Kind: feature.Bool, Nullable: true, Meaning: "Whether open."},
	{Name: "recorded_at", Kind: feature.Instant, Nullable: true, Vocabulary: "RFC 3339, UTC", Meaning: "When."},
	{Name: "behaviours", Kind: feature.List, Codes: []string{"close_approach", "flares"}, Meaning: "What was done."},
}

// Layer is one with these properties.
func Layer(name string, g format.Geometry) format.Layer {
	return format.Layer{Name: name, Title: "Title of " + name, Description: "Ereignisse über See", Properties: Properties, Geometry: g}
}

// Meta is what the files of the tests are an export of.
var Meta = format.Meta{AsOf: 1_773_505_800_123, Filter: "region=baltic&q=a%20b", Marking: "NATO RESTRICTED"}

// texts are such as go wrong somewhere.
var texts = []string{"Größe über Gdańsk", "Перехват над Балтикой", "🛩️ at 3 o'clock", `quote " back \ slash <tag> &amp;`, "two\nlines\tand a tab", strings.Repeat("long ", 200)}

// Feature is the i-th feature with a geometry; every fifth has no values but
// its id.
func Feature(i int, g orb.Geometry) feature.Feature {
	f := feature.Feature{ID: fmt.Sprintf("f-%06d", i), Geometry: g}
	if i%5 == 4 {
		f.Values = []feature.Value{{Text: f.ID}, {Null: true}, {Null: true}, {Null: true}, {Null: true}, {Null: true}, {Null: true}, {}}
		return f
	}
	f.Values = []feature.Value{
		{Text: f.ID},
		{Text: texts[i%len(texts)]},
		{Text: []string{"low", "high"}[i%2]},
		{Int: int64(i)*1_000_003 - 500_000},
		{Number: float64(i)*0.1 - 7.3},
		{Bool: i%2 == 0},
		{Int: 1_773_505_800_123 + int64(i)*60_001},
		{List: []string{"close_approach", `a "b", ü`}[:i%3%2+i%2]},
	}
	return f
}

// Geometries are all types, with multiple ones and holes, and a shape on either
// side of the antimeridian; nil is one too.
var Geometries = []orb.Geometry{
	orb.Point{18.25, 57.123456789},
	orb.MultiPoint{{10, 54}, {11, 55}},
	orb.LineString{{20, 58}, {21, 59}, {22, 58.5}},
	orb.MultiLineString{{{179, 70}, {180, 70.5}}, {{-180, 70.5}, {-179, 71}}},
	orb.Polygon{{{10, 54}, {14, 54}, {14, 57}, {10, 57}, {10, 54}}, {{11, 55}, {11, 56}, {12, 56}, {12, 55}, {11, 55}}},
	orb.MultiPolygon{
		{{{179, -10}, {180, -10}, {180, -8}, {179, -8}, {179, -10}}},
		{{{-180, -10}, {-179, -10}, {-179, -8}, {-180, -8}, {-180, -10}}, {{-179.8, -9.5}, {-179.8, -9}, {-179.5, -9}, {-179.5, -9.5}, {-179.8, -9.5}}},
	},
	nil,
	orb.Point{-179.999999, -89.5},
}

// Features are one of each geometry of a kind, all for Mixed; those without one
// are among all.
func Features(kind format.Geometry) []feature.Feature {
	var out []feature.Feature
	for _, g := range Geometries {
		if of := format.GeometryOf(g); kind == format.Mixed || of == kind || of == format.None {
			if kind == format.None {
				g = nil
			}
			out = append(out, Feature(len(out), g))
		}
	}
	return out
}

// Many gives n features between 10 and 30 E, 50 and 70 N: points, and every
// tenth a small triangle if areas is set. They are the same at every run.
func Many(n int, areas bool, fn func(*feature.Feature)) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		p := orb.Point{10 + r.Float64()*20, 50 + r.Float64()*20}
		var g orb.Geometry = p
		if areas && i%10 == 0 {
			g = orb.Polygon{{p, {p[0] + .1, p[1]}, {p[0] + .1, p[1] + .1}, p}}
		}
		f := Feature(i, g)
		fn(&f)
	}
}

// UTM33 is a system other than longitude and latitude.
var UTM33 = &crs.System{URI: "http://www.opengis.net/def/crs/EPSG/0/32633", EPSG: 32633, Name: "WGS 84 / UTM zone 33N",
	WKT: `PROJCS["WGS 84 / UTM zone 33N",` + crs.CRS84.WKT + `,PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",15],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AUTHORITY["EPSG","32633"]]`}

// OtherSystem writes a layer in UTM33 and looks whether GDAL knows it again.
func OtherSystem(t *testing.T, f format.Format, layer string) string {
	t.Helper()
	l := Layer(layer, format.Point)
	l.CRS = UTM33
	path := Write(t, f, []format.Layer{l}, []feature.Feature{Feature(0, orb.Point{500_000, 6_000_000})})
	out := GDAL(t, "ogrinfo", "-ro", "-so", path, layer)
	for _, want := range []string{`ID["EPSG",32633]`, "Extent: (500000.000000, 6000000.000000)"} {
		if !strings.Contains(out, want) {
			t.Errorf("ogrinfo does not say %q:\n%s", want, out)
		}
	}
	return path
}

// Write writes layers into a file of a folder of its own and gives its path.
func Write(t testing.TB, f format.Format, layers []format.Layer, features ...[]feature.Feature) string {
	t.Helper()
	var b bytes.Buffer
	w := f.New(&b, Meta)
	defer w.Abort()
	for i, l := range layers {
		if err := w.Begin(l); err != nil {
			t.Fatal(err)
		}
		for j := range features[i] {
			if err := w.Write(&features[i][j]); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "out."+f.Ext)
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// GDAL runs a program of GDAL; what it says on standard error fails the test.
func GDAL(t testing.TB, name string, args ...string) string {
	t.Helper()
	program, err := exec.LookPath(name)
	if err != nil {
		t.Fatal("install gdal-bin")
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil || stderr.Len() > 0 {
		t.Fatalf("%s %s: %v: %s", name, strings.Join(args, " "), err, stderr.String())
	}
	return stdout.String()
}

// Row is a feature as GDAL read it.
type Row struct {
	Properties map[string]any
	Geometry   map[string]any
}

// Rows are the features of a layer as GDAL reads them; args go to ogr2ogr.
func Rows(t testing.TB, path, layer string, args ...string) []Row {
	t.Helper()
	args = append([]string{"-f", "GeoJSON", "/vsistdout/", path, layer, "-lco", "COORDINATE_PRECISION=15"}, args...)
	var doc struct{ Features []Row }
	if err := json.Unmarshal([]byte(GDAL(t, "ogr2ogr", args...)), &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Features
}

// IDs are the ids of rows.
func IDs(rows []Row) map[string]bool {
	out := map[string]bool{}
	for _, r := range rows {
		out[fmt.Sprint(r.Properties["id"])] = true
	}
	return out
}

// SameGeometry compares what GDAL read with what was written.
func SameGeometry(t testing.TB, id string, got map[string]any, want orb.Geometry) {
	t.Helper()
	if want == nil {
		if got != nil {
			t.Errorf("%s has a geometry: %v", id, got)
		}
		return
	}
	raw, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var coordinates any
	if err := json.Unmarshal(raw, &coordinates); err != nil {
		t.Fatal(err)
	}
	if got["type"] != want.GeoJSONType() || !reflect.DeepEqual(got["coordinates"], coordinates) {
		t.Errorf("%s is %v, want %s %s", id, got, want.GeoJSONType(), raw)
	}
}

// Temporaries are the entries of the folder for temporary files, which the test
// has for itself.
func Temporaries(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// SameValues compares the values that GDAL read with those that were written;
// list says how the format has a list.
func SameValues(t testing.TB, got map[string]any, f *feature.Feature, list func([]string) any) {
	t.Helper()
	for i, p := range Properties {
		want := plain(p.Kind, &f.Values[i], list)
		have := got[p.Name]
		switch x := have.(type) {
		case float64:
			if w, ok := want.(float64); ok && math.Abs(x-w) <= 1e-15*math.Abs(w) {
				continue
			}
		case string:
			if p.Kind == feature.Instant {
				have = strings.NewReplacer("/", "-", "+00", "Z", " ", "T").Replace(x) // 2026/03/14 16:30:00.123+00
			}
		}
		if !reflect.DeepEqual(have, want) {
			t.Errorf("%s: %s is %#v, want %#v", f.ID, p.Name, have, want)
		}
	}
}

// AsList is a list where the format has JSON, which GDAL unpacks.
func AsList(items []string) any {
	list := make([]any, len(items))
	for i, s := range items {
		list[i] = s
	}
	return list
}

func plain(k feature.Kind, v *feature.Value, list func([]string) any) any {
	if v.Null {
		return nil
	}
	switch k {
	case feature.Integer:
		return float64(v.Int)
	case feature.Number:
		return v.Number
	case feature.Bool:
		return v.Bool
	case feature.Instant:
		return format.Instant(v.Int)
	case feature.List:
		return list(v.List)
	}
	return v.Text
}

// window is the box that Spat asks for.
var window = orb.Bound{Min: orb.Point{14, 55}, Max: orb.Point{15.5, 58}}

// Spat are the arguments with which ogr2ogr reads a window only.
var Spat = []string{"-spat", "14", "55", "15.5", "58"}

// Window gives n features and the ids of those that meet the window of Spat,
// found by looking at each.
func Window(n int) ([]feature.Feature, map[string]bool) {
	var all []feature.Feature
	in := map[string]bool{}
	Many(n, true, func(f *feature.Feature) {
		all = append(all, *f)
		if meets(f.Geometry, window) {
			in[f.ID] = true
		}
	})
	return all, in
}

// meets tells whether a point or triangle of Many meets a box. A convex ring is
// clipped against the box, side by side (Sutherland and Hodgman).
func meets(g orb.Geometry, b orb.Bound) bool {
	if p, ok := g.(orb.Point); ok {
		return b.Contains(p)
	}
	r := g.(orb.Polygon)[0]
	points := r[:len(r)-1]
	for side := range 4 {
		axis, limit, sign := side%2, b.Min[side%2], 1.0
		if side > 1 {
			limit, sign = b.Max[axis], -1
		}
		var next orb.Ring
		for i, p := range points {
			q := points[(i+1)%len(points)]
			dp, dq := sign*(p[axis]-limit), sign*(q[axis]-limit)
			if dp >= 0 {
				next = append(next, p)
			}
			if dp*dq < 0 {
				s := dp / (dp - dq)
				next = append(next, orb.Point{p[0] + s*(q[0]-p[0]), p[1] + s*(q[1]-p[1])})
			}
		}
		points = next
	}
	return len(points) > 0
}

// Full is an output that has room for so many bytes.
type Full struct{ Room int }

// Write takes bytes as long as there is room.
func (f *Full) Write(b []byte) (int, error) {
	if f.Room -= len(b); f.Room < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

// HeapOf writes n features and gives by how many bytes the live heap had grown
// at most, looked at ten times and at the end.
func HeapOf(t testing.TB, f format.Format, n int) uint64 {
	t.Helper()
	var most uint64
	live := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := live()
	look := func() {
		if now := live(); now > before {
			most = max(most, now-before)
		}
	}
	w := f.New(io.Discard, Meta)
	defer w.Abort()
	if err := w.Begin(Layer("many", format.Mixed)); err != nil {
		t.Fatal(err)
	}
	written := 0
	Many(n, true, func(f *feature.Feature) {
		if err := w.Write(f); err != nil {
			t.Fatal(err)
		}
		if written++; written%(n/10) == 0 {
			look()
		}
	})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	look()
	return most
}

// Incident is an incident without anything known but where it was.
func Incident() feature.Feature {
	f := feature.OfIncident(&hotline.Case{})
	f.ID, f.Geometry = "incident", orb.Point{20, 57}
	return f
}

// Benchmark writes incidents and tells how many a second.
func Benchmark(b *testing.B, f format.Format) {
	b.Helper()
	w := f.New(io.Discard, Meta)
	defer w.Abort()
	if err := w.Begin(format.Layer{Name: "incidents", Properties: feature.IncidentProperties}); err != nil {
		b.Fatal(err)
	}
	one := Incident()
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Write(&one); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "features/s")
}
