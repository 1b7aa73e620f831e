package shapefile

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/format/formattest"
)

func write(t testing.TB, kind format.Geometry, features []feature.Feature) string {
	t.Helper()
	return formattest.Write(t, Format, []format.Layer{formattest.LayerOf("layer", kind)}, features)
}

// TestGDALReadsIt: every feature stands in one of the sets, with its shape and
// its values.
func TestGDALReadsIt(t *testing.T) {
	sets := map[format.Geometry][]string{
		format.Mixed:   {"layer_points", "layer_multipoints", "layer_lines", "layer_areas", "layer_none"},
		format.Point:   {"layer", "layer_multipoints"},
		format.Line:    {"layer"},
		format.Polygon: {"layer"},
		format.None:    {"layer"},
	}
	for kind, names := range sets {
		features := formattest.Of(kind)
		path := write(t, kind, features)
		var rows []*format.Record
		for _, name := range names {
			rows = append(rows, formattest.Rows(t, path, name, "-a_srs", "EPSG:4326")...) // a table has none
		}
		formattest.SortByID(rows)
		for _, r := range rows {
			long(t, r)
		}
		formattest.Same(t, rows, formattest.Layer(), features, asGDAL) // GDAL turns the rings back
	}
}

// turnedAll are features with areas as a shapefile has them.
func turnedAll(features []feature.Feature) []feature.Feature {
	out := slices.Clone(features)
	for i := range out {
		out[i].Geometry = clockwise(out[i].Geometry)
	}
	return out
}

// clockwise gives areas as a shapefile has them.
func clockwise(g orb.Geometry) orb.Geometry {
	switch x := g.(type) {
	case orb.Polygon:
		out := make(orb.Polygon, len(x))
		for i, r := range x {
			out[i] = turned(r, i == 0)
		}
		return out
	case orb.MultiPolygon:
		out := make(orb.MultiPolygon, len(x))
		for i, p := range x {
			out[i] = clockwise(p).(orb.Polygon)
		}
		return out
	}
	return g
}

// long gives a row of GDAL the names of the properties, and truth values their
// meaning: GDAL takes them for texts.
func long(t *testing.T, r *format.Record) {
	t.Helper()
	columns, err := columnsOf(formattest.Layer().Properties)
	if err != nil {
		t.Fatal(err)
	}
	properties := map[string]any{}
	for _, c := range columns {
		v := r.Properties[c.short]
		if s, ok := v.(string); ok && c.Kind == feature.Bool {
			v = map[string]any{"T": true, "F": false}[s]
		}
		properties[c.Name] = v
	}
	r.Properties = properties
}

// asGDAL is what GDAL makes of a value: texts are cut and lose their blanks, and
// what is empty is null.
func asGDAL(p feature.Property, plain string) string {
	if p.Kind == feature.Text && plain != formattest.Null {
		plain, _ = fit(plain)
		plain = strings.TrimSpace(plain)
	}
	if plain == "" {
		return formattest.Null
	}
	return plain
}

// TestFieldsAndTypes: what the head of the table says, in a layer with features
// and in one without.
func TestFieldsAndTypes(t *testing.T) {
	for _, features := range [][]feature.Feature{nil, formattest.Of(format.Point)} {
		path := write(t, format.Point, features)
		out := formattest.GDAL(t, "ogrinfo", "-ro", "-so", path, "layer")
		count, extent := "Feature Count: 0", ""
		if features != nil {
			count, extent = "Feature Count: 3", "Extent: (-179.999999, -89.500000) - (18.250000, 57.123457)"
		}
		for _, want := range []string{count, extent, "Geometry: Point", "id: String", "whole: Integer64 (18.0)", "share: Real (24.15)", "start_from: String", "names: String", `ID["EPSG",4326]`} {
			if !strings.Contains(out, want) {
				t.Errorf("ogrinfo does not say %q:\n%s", want, out)
			}
		}
	}
	for kind, want := range map[format.Geometry]string{format.Mixed: "layer_points", format.Line: "layer", format.Polygon: "layer", format.None: "layer"} {
		if out := formattest.GDAL(t, "ogrinfo", "-ro", "-so", write(t, kind, nil), want); !strings.Contains(out, "Feature Count: 0") {
			t.Errorf("an empty layer of kind %d: %s", kind, out)
		}
	}
}

// TestIncidents: names of the real properties are short, different and the same
// at every run, and the ZIP says which is which.
func TestIncidents(t *testing.T) {
	columns, err := columnsOf(feature.IncidentProperties)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range columns {
		if len(c.short) > 10 || seen[c.short] {
			t.Errorf("%s is called %q", c.Name, c.short)
		}
		seen[c.short] = true
	}
	path := formattest.Write(t, Format, []format.Layer{{Name: "incidents", Properties: feature.IncidentProperties}}, []feature.Feature{formattest.Incident()})
	out := formattest.GDAL(t, "ogrinfo", "-ro", "-so", path, "incidents_points")
	fields := unpack(t, path, "incidents_fields.csv")
	for _, c := range columns {
		if !strings.Contains(out, "\n"+c.short+": ") {
			t.Errorf("ogrinfo shows no field %s", c.short)
		}
		if !strings.Contains(fields, "\n"+c.short+","+c.Name+",") {
			t.Errorf("no word of %s in\n%s", c.short, fields)
		}
	}
}

func unpack(t *testing.T, path, name string) string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	raw, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestWhatIsCutIsCounted: at a whole character, and with its number.
func TestWhatIsCutIsCounted(t *testing.T) {
	for _, s := range []string{strings.Repeat("ü", 200), "x" + strings.Repeat("ü", 200), strings.Repeat("🛩", 70), strings.Repeat("a", 255)} {
		got, cut := fit(s)
		if !cut || len(got) > 254 || len(got) < 251 || !utf8.ValidString(got) || !strings.HasPrefix(s, got) {
			t.Errorf("%d bytes are cut to %d: %q", len(s), len(got), got)
		}
	}
	if got, cut := fit(strings.Repeat("ü", 127)); cut || len(got) != 254 {
		t.Errorf("254 bytes are cut to %d", len(got))
	}
	features := []feature.Feature{formattest.At(0, orb.Point{1, 2}), formattest.At(1, orb.LineString{{1, 2}, {3, 4}})}
	for i := range features {
		features[i].Values[2].Text = strings.Repeat("ü", 200)
	}
	limits := unpack(t, write(t, format.Mixed, features), "layer_limits.txt")
	for _, want := range []string{"Cut in title (title): 2\r\n", "Values cut in all: 2\r\n", "Marking: NATO UNCLASSIFIED\r\n", "As of: 2026-03-14T14:53:20.250Z\r\n", "Filter: region=baltic&q=%3D1\r\n"} {
		if !strings.Contains(limits, want) {
			t.Errorf("the limits do not say %q:\n%s", want, limits)
		}
	}
}

// TestNumbersReadBack: every number has its own form of at most 24 characters.
func TestNumbersReadBack(t *testing.T) {
	for _, x := range []float64{0, 0.1, 1.0 / 3, -1e300 / 7, math.SmallestNonzeroFloat64, -math.MaxFloat64, 123456789.123456789, 1e23} {
		cell, _, err := appendCell(nil, feature.Number, &feature.Value{Number: x})
		var back float64
		if _, e := fmt.Sscan(string(cell), &back); err != nil || e != nil || len(cell) > 24 || back != x {
			t.Errorf("%v is %q, %v %v", x, cell, err, e)
		}
	}
	if _, _, err := appendCell(nil, feature.Integer, &feature.Value{Int: math.MaxInt64}); err == nil {
		t.Error("a number of 19 digits fits into 18")
	}
}

// TestRings: the shell clockwise, holes the other way, whatever they were; what
// was given is left as it was.
func TestRings(t *testing.T) {
	p := orb.Polygon{{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}}, {{1, 1}, {1, 2}, {2, 2}, {2, 1}, {1, 1}}}
	for _, g := range []orb.Polygon{p, clockwise(p).(orb.Polygon), {{{0, 0}, {4, 0}, {4, 4}, {0, 4}}, {{1, 1}, {1, 2}, {2, 2}, {2, 1}}}} {
		before := fmt.Sprint(g)
		parts := partsOf(g)
		if orb.Ring(parts[0]).Orientation() != orb.CW || orb.Ring(parts[1]).Orientation() != orb.CCW || parts[0][0] != parts[0][len(parts[0])-1] {
			t.Errorf("%v became %v", g, parts)
		}
		if fmt.Sprint(g) != before {
			t.Errorf("%v was changed", before)
		}
	}
}

// TestOtherSystem: coordinates in metres, and which they are.
func TestOtherSystem(t *testing.T) {
	records, source := readAll(t, formattest.InUTM(t, Format, "layer"), "")
	if source.EPSG != 32633 || source.WKT == "" || records[0].Geometry != (orb.Point{500_000, 6_000_000}) {
		t.Errorf("%+v, %+v", source, records)
	}
}

// TestRefused: what cannot stand in a file is refused with the id of the feature,
// and leaves no temporary file.
func TestRefused(t *testing.T) {
	formattest.Refuses(t, Format, formattest.LayerOf("layer", format.Mixed), map[string]func(*feature.Feature){
		"no finite number":      formattest.Placed(orb.Point{1, math.Inf(-1)}),
		"no GeometryCollection": formattest.Placed(orb.Collection{orb.Point{1, 2}}),
	})
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	w := Format.New(io.Discard, formattest.Meta)
	if err := w.Begin(formattest.LayerOf("layer", format.Mixed)); err != nil {
		t.Fatal(err)
	}
	for i, g := range formattest.Shapes {
		f := formattest.At(i, g)
		if err := w.Write(&f); err != nil {
			t.Fatal(err)
		}
	}
	w.Abort()
	if left := formattest.Temporaries(t, dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	for _, name := range []string{"", "../x", "a b", ".x"} {
		if err := Format.New(io.Discard, format.Meta{}).Begin(formattest.LayerOf(name, format.Point)); err == nil {
			t.Errorf("a layer may be called %q", name)
		}
	}
}

// TestTooLarge: no file grows past its limit, neither shapes nor table.
func TestTooLarge(t *testing.T) {
	for name, g := range map[string]orb.Geometry{"shapes": orb.Point{1, 2}, "table": nil} {
		w := newWriter(io.Discard, formattest.Meta)
		w.limit = 2000
		if err := w.Begin(formattest.LayerOf("layer", format.Mixed)); err != nil {
			t.Fatal(err)
		}
		var err error
		for i := 0; i < 100 && err == nil; i++ {
			f := formattest.At(i, g)
			err = w.Write(&f)
		}
		if err == nil {
			err = w.Close()
		}
		w.Abort()
		if !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCutIsRecognisable: a ZIP without its directory does not open.
func TestCutIsRecognisable(t *testing.T) {
	path := write(t, format.Mixed, formattest.Of(format.Mixed))
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 1, len(raw) / 2, len(raw) - 30, len(raw) - 1} {
		if _, err := zip.NewReader(bytes.NewReader(raw[:n]), int64(n)); err == nil {
			t.Errorf("%d of %d bytes are taken for a whole file", n, len(raw))
		}
	}
	formattest.FullDisk(t, Format)
}

// TestMemoryIsBounded: rows and shapes lie in files.
func TestMemoryIsBounded(t *testing.T) {
	formattest.HeapStays(t, Format, 50_000, 2<<20)
}

func BenchmarkWrite(b *testing.B) { formattest.BenchIncidents(b, Format) }
