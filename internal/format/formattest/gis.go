package formattest

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/geo/crs"
	"interceptlog/internal/hotline"
)

// This file is for the formats that know layers of one kind, indexes and other
// reference systems.

// LayerOf is Layer under another name, of one kind.
func LayerOf(name string, g format.Geometry) format.Layer {
	l := Layer()
	l.Name, l.Title, l.Geometry = name, "Title of "+name, g
	return l
}

// Shapes are single and multiple geometries of all kinds, with a hole, with shapes
// on either side of the antimeridian, and none.
var Shapes = []orb.Geometry{
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

// At is Feature with a geometry and a text that is hard to carry; of every fifth
// nothing is known but its id.
func At(i int, g orb.Geometry) feature.Feature {
	f := Feature(i)
	f.Geometry = g
	f.Values[2].Text = append(Texts, strings.Repeat("Größe ", 100))[i%(len(Texts)+1)]
	if i%5 == 4 {
		for j, p := range Layer().Properties[1:] {
			f.Values[j+1] = feature.Value{Null: p.Kind != feature.List}
		}
	}
	return f
}

// Of gives a feature for each of Shapes that a layer of a kind holds, and one
// without geometry.
func Of(kind format.Geometry) []feature.Feature {
	var out []feature.Feature
	for _, g := range Shapes {
		if of := format.GeometryOf(g); kind == format.Mixed || of == kind || of == format.None {
			out = append(out, At(len(out), g))
		}
	}
	return out
}

// Write writes layers into a file and gives its path.
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
	return File(t, f.Ext, b.Bytes())
}

// Rows are the features of a layer as GDAL reads them, in the order of their ids;
// options go to ogr2ogr.
func Rows(t testing.TB, path, layer string, options ...string) []*format.Record {
	t.Helper()
	records := Records(t, Lines(t, path, layer, options...))
	SortByID(records)
	return records
}

// SortByID sorts records by their property id.
func SortByID(records []*format.Record) {
	slices.SortFunc(records, func(a, b *format.Record) int {
		return cmp.Compare(fmt.Sprint(a.Properties["id"]), fmt.Sprint(b.Properties["id"]))
	})
}

// Read reads everything and gives the error that comes instead of the end. A
// reader that goes on after an error is one too.
func Read(r format.Reader) ([]*format.Record, error) {
	defer r.Close()
	var out []*format.Record
	for {
		rec, err := r.Next()
		switch {
		case err == io.EOF:
			return out, nil
		case err != nil:
			if _, again := r.Next(); again == nil || again == io.EOF {
				return out, fmt.Errorf("after %w the reader goes on", err)
			}
			return out, err
		}
		out = append(out, rec)
	}
}

// Many gives n features between 10 and 30 E, 50 and 70 N: points, and every
// tenth a small triangle. They are the same at every run.
func Many(n int, fn func(*feature.Feature)) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		p := orb.Point{10 + r.Float64()*20, 50 + r.Float64()*20}
		f := Feature(i)
		f.Geometry = p
		if i%10 == 0 {
			f.Geometry = orb.Polygon{{p, {p[0] + .1, p[1]}, {p[0] + .1, p[1] + .1}, p}}
		}
		fn(&f)
	}
}

// window is the box that Spat asks for.
var window = orb.Bound{Min: orb.Point{14, 55}, Max: orb.Point{15.5, 58}}

// Spat are the options with which ogr2ogr reads a window only.
var Spat = []string{"-spat", "14", "55", "15.5", "58"}

// Window gives n features and the ids of those that meet the window of Spat,
// found by looking at each.
func Window(n int) (all []feature.Feature, in []string) {
	Many(n, func(f *feature.Feature) {
		all = append(all, *f)
		if meets(f.Geometry, window) {
			in = append(in, f.ID)
		}
	})
	return all, in
}

// IDs are the ids of records.
func IDs(records []*format.Record) (ids []string) {
	for _, r := range records {
		ids = append(ids, fmt.Sprint(r.Properties["id"]))
	}
	return ids
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

// InUTM writes a point in zone 33 of UTM, looks whether GDAL knows the system, and
// gives the path.
func InUTM(t testing.TB, f format.Format, layer string) string {
	t.Helper()
	l := LayerOf(layer, format.Point)
	var err error
	if l.CRS, err = crs.Parse("EPSG:32633"); err != nil {
		t.Fatal(err)
	}
	path := Write(t, f, []format.Layer{l}, []feature.Feature{At(0, orb.Point{500_000, 6_000_000})})
	out := GDAL(t, "ogrinfo", "-ro", "-so", path, layer)
	for _, want := range []string{`ID["EPSG",32633]`, "Extent: (500000.000000, 6000000.000000)"} {
		if !strings.Contains(out, want) {
			t.Errorf("ogrinfo does not say %q:\n%s", want, out)
		}
	}
	return path
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

// Temporaries are the entries of a folder, such as that for temporary files, if
// the test has it for itself.
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

// Incident is an incident of which nothing is known but where it was.
func Incident() feature.Feature {
	f := feature.OfIncident(&hotline.Case{})
	f.ID, f.Geometry = "incident", orb.Point{20, 57}
	return f
}

// BenchIncidents writes incidents to nowhere and tells how many a second.
func BenchIncidents(b *testing.B, f format.Format) {
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

// Valid lets the validator of GDAL look at a GeoPackage: every requirement of the
// standard that it knows, warnings too.
func Valid(t testing.TB, path string) {
	t.Helper()
	if testing.Short() {
		t.Skip("GDAL is asked in the first time zone")
	}
	const python = "/usr/bin/python3" // for which the system's packages are
	if err := exec.Command(python, "-c", "import osgeo_utils.samples.validate_gpkg").Run(); err != nil {
		t.Fatal("install gdal-bin with python3-gdal")
	}
	out, err := exec.Command(python, "-m", "osgeo_utils.samples.validate_gpkg", "-k", "--extra", "--warning-as-error", path).CombinedOutput()
	if said := strings.TrimSpace(string(out)); err != nil || said != "" {
		t.Errorf("the validator says (%v): %s", err, said)
	}
}
