// Package formattest is what the tests of the file formats have in common: a
// layer with every kind of value and of geometry, the tools of others that open
// what was written, and a look at the heap. Nothing but tests may import it.
package formattest

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/incidents"
)

// Meta is that of the files that tests write.
var Meta = format.Meta{AsOf: 1_773_500_000_250, Filter: "region=baltic&q=%3D1", Marking: "NATO UNCLASSIFIED"}

// Layer gives a layer with every kind of property.
func Layer() format.Layer {
	return format.Layer{Name: "sample", Title: "Sample", Description: "Every kind of value.", Properties: []feature.Property{
		{Name: "id", Kind: feature.Text, Meaning: "Id of the feature."},
		{Name: "number", Kind: feature.Text, Nullable: true, Meaning: "What people call it."},
		{Name: "title", Kind: feature.Text, Nullable: true, Meaning: "In one line."},
		{Name: "severity", Kind: feature.Text, Nullable: true, Codes: incidents.Severities.Codes(), Meaning: "How grave."},
		{Name: "start_from", Kind: feature.Instant, Nullable: true, Vocabulary: "RFC 3339, UTC", Meaning: "Earliest start."},
		{Name: "start_to", Kind: feature.Instant, Nullable: true, Vocabulary: "RFC 3339, UTC", Meaning: "Latest start."},
		{Name: "end_to", Kind: feature.Instant, Nullable: true, Vocabulary: "RFC 3339, UTC", Meaning: "Latest end."},
		{Name: "whole", Kind: feature.Integer, Nullable: true, Meaning: "A count."},
		{Name: "share", Kind: feature.Number, Nullable: true, Unit: "metres", Meaning: "A number."},
		{Name: "open", Kind: feature.Bool, Nullable: true, Meaning: "Yes or no."},
		{Name: "names", Kind: feature.List, Meaning: "Several."},
	}}
}

// Geometries are one of every type, and none.
var Geometries = []orb.Geometry{
	orb.Point{10.25, 69.5},
	orb.LineString{{10, 69.5}, {11.25, 69.75}, {-3.5, 54.125}},
	orb.Polygon{{{20, 55}, {22, 55}, {22, 57}, {20, 57}, {20, 55}}, {{20.5, 55.5}, {20.5, 56}, {21, 56}, {21, 55.5}, {20.5, 55.5}}},
	orb.MultiPoint{{1, 2}, {-3, -4.5}},
	orb.MultiLineString{{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}, {9, 10}}},
	orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}, {{{10, 10}, {12, 10}, {12, 12}, {10, 10}}}},
	orb.Collection{orb.Point{30, 44}, orb.LineString{{30, 44}, {31, 45}}, orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}},
	nil,
}

// Texts are hard to carry.
var Texts = []string{
	"Су-27 над Балтикой", "🛩️ “close” – Ørland", "=HYPERLINK(\"http://x\";\"y\")", "line one\nline two, \"quoted\"; a\ttab",
	"'=1", "<b>&amp; ]]> -- </b>", "-5 is a text", "  kept  ",
}

// Features give one feature for each geometry; the last but the id is null.
func Features() []feature.Feature {
	var out []feature.Feature
	for i, g := range Geometries {
		f := Feature(i)
		f.Geometry = g
		f.Values[2].Text = Texts[i]
		out = append(out, f)
	}
	last := &out[len(out)-1]
	for i := range last.Values[1:] {
		last.Values[i+1] = feature.Value{Null: Layer().Properties[i+1].Kind != feature.List}
	}
	return out
}

// Feature makes one of many, a point; its texts need no care.
func Feature(i int) feature.Feature {
	id := fmt.Sprintf("018f3c1e-0000-7000-8000-%012d", i)
	start := int64(1_773_500_000_000) + int64(i)*60_000
	return feature.Feature{ID: id, Geometry: orb.Point{float64(i%360) - 179.5, float64(i%170) - 84.75}, Values: []feature.Value{
		{Text: id}, {Text: fmt.Sprintf("2026-%04d", i)}, {Text: "title"}, {Text: incidents.Severities.Codes()[i%3]},
		{Int: start}, {Int: start + 60_500}, {Null: i%2 == 0, Int: start + 3_600_000}, {Int: int64(i) - 3}, {Number: float64(i) + 0.125}, {Bool: i%2 == 1},
		{List: [][]string{{"NO", "DK"}, {"a;b", `c\d`}, nil}[i%3]},
	}}
}

// Encode writes a layer into memory.
func Encode(t testing.TB, f format.Format, l format.Layer, features ...feature.Feature) []byte {
	t.Helper()
	var b bytes.Buffer
	w := f.New(&b, Meta)
	defer w.Abort()
	if err := w.Begin(l); err != nil {
		t.Fatal(err)
	}
	for i := range features {
		if err := w.Write(&features[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// File writes bytes to a file named after the test's layer.
func File(t testing.TB, ext string, raw []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "sample."+ext)
	if err := os.WriteFile(name, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// GDAL runs a tool of GDAL and gives what it says. A complaint fails the test.
func GDAL(t testing.TB, tool string, args ...string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("GDAL is asked in the first time zone")
	}
	path, err := exec.LookPath(tool)
	if err != nil {
		t.Fatal("install gdal-bin")
	}
	var out, complaints bytes.Buffer
	cmd := exec.Command(path, args...)
	cmd.Stdout, cmd.Stderr = &out, &complaints
	err = cmd.Run()
	for line := range strings.Lines(complaints.String()) {
		// The form in which a test asks for the answer has no type for times.
		if !strings.Contains(line, "The output driver does not natively support DateTime") {
			t.Errorf("%s %s: %s", tool, strings.Join(args, " "), line)
		}
	}
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", tool, strings.Join(args, " "), err, out.String())
	}
	return out.String()
}

// Lines gives the features of a layer as GDAL reads them, each as GeoJSON.
func Lines(t testing.TB, name, layer string, options ...string) []string {
	t.Helper()
	args := []string{"-f", "GeoJSONSeq", "/vsistdout/", name, layer, "-lco", "COORDINATE_PRECISION=9"}
	out := strings.TrimSpace(GDAL(t, "ogr2ogr", append(args, options...)...))
	if out == "" {
		return nil
	}
	return strings.Split(out, "\n")
}

// HeapStays writes n features and fails when the heap grows meanwhile by more
// than limit bytes.
func HeapStays(t *testing.T, f format.Format, n int, limit uint64) {
	t.Helper()
	if testing.Short() {
		t.Skip("volume is tested in the first time zone")
	}
	w := f.New(io.Discard, Meta)
	defer w.Abort()
	if err := w.Begin(Layer()); err != nil {
		t.Fatal(err)
	}
	var h Heap
	for i := range n {
		one := Feature(i)
		if err := w.Write(&one); err != nil {
			t.Fatal(err)
		}
		h.Look(i, n)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d features, the heap grew by %d KB", n, h.Grown()>>10)
	if h.Grown() > limit {
		t.Errorf("the heap grew by %d bytes over %d features", h.Grown(), n)
	}
}

// Heap watches the heap while something is streamed.
type Heap struct{ first, most uint64 }

// Look measures at ten moments of n steps.
func (h *Heap) Look(i, n int) {
	if i%(n/10) != n/200 {
		return
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if h.first == 0 {
		h.first = m.HeapAlloc
	}
	h.most = max(h.most, m.HeapAlloc)
}

// Grown is by how many bytes it grew after the first look.
func (h *Heap) Grown() uint64 { return h.most - h.first }

// Bench writes features of a layer to nowhere.
func Bench(b *testing.B, f format.Format) {
	one := Feature(7)
	w := f.New(io.Discard, Meta)
	defer w.Abort()
	if err := w.Begin(Layer()); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Write(&one); err != nil {
			b.Fatal(err)
		}
	}
}

// Golden compares with a small file under testdata; with update it is written.
func Golden(t *testing.T, name string, got []byte, update bool) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; look at it, then run the test with -update:\n%s", name, got)
	}
}

// Stream gives a file of n features while it is written.
func Stream(f format.Format, n int) io.Reader {
	out, in := io.Pipe()
	go func() {
		w := f.New(in, Meta)
		defer w.Abort()
		err := w.Begin(Layer())
		for i := 0; i < n && err == nil; i++ {
			one := Feature(i)
			err = w.Write(&one)
		}
		if err == nil {
			err = w.Close()
		}
		in.CloseWithError(err)
	}()
	return out
}
