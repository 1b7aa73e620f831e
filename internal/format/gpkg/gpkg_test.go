package gpkg

import (
	"bytes"
	"database/sql"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/format/formattest"
)

// TestGDALReadsIt: three layers of all geometries, one of none.
func TestGDALReadsIt(t *testing.T) {
	layers := []format.Layer{formattest.Layer("all", format.Mixed), formattest.Layer("areas", format.Polygon), formattest.Layer("calls", format.None), formattest.Layer("empty", format.Point)}
	features := [][]feature.Feature{formattest.Features(format.Mixed), formattest.Features(format.Polygon), formattest.Features(format.None), nil}
	path := formattest.Write(t, Format, layers, features...)

	out := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", path)
	for _, want := range []string{
		"Layer name: all", "Layer name: areas", "Layer name: calls", "Layer name: empty", "Feature Count: 8", "Feature Count: 0",
		"Geometry: Unknown (any)", "Geometry: None", "Geometry: Point", "Extent: (-180.000000, -89.500000) - (180.000000, 71.000000)",
		"title: String", "grade: String (0.0), domain name=all_grade", "number: Integer64", "distance_m: Real", "open: Integer(Boolean)", "recorded_at: DateTime", "behaviours: String(JSON)",
		`"as_of":"2026-03-14T16:30:00.123Z","filter":"region=baltic&q=a%20b","marking":"NATO RESTRICTED"`,
		"DESCRIPTION=Ereignisse über See", "IDENTIFIER=Title of all", `ID["EPSG",4326]`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("ogrinfo does not say %q", want)
		}
	}
	if t.Failed() {
		t.Log(out)
	}
	for i, l := range layers {
		rows := formattest.Rows(t, path, l.Name)
		if len(rows) != len(features[i]) {
			t.Fatalf("%s has %d rows, want %d", l.Name, len(rows), len(features[i]))
		}
		for j, f := range features[i] {
			formattest.SameGeometry(t, f.ID, rows[j].Geometry, f.Geometry)
			formattest.SameValues(t, rows[j].Properties, &f, formattest.AsList)
		}
	}
}

// TestIncidents: the real properties, each with its meaning beside it.
func TestIncidents(t *testing.T) {
	l := format.Layer{Name: "incidents", Properties: feature.IncidentProperties}
	path := formattest.Write(t, Format, []format.Layer{l}, []feature.Feature{formattest.Incident()})
	out := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", path)
	for _, p := range feature.IncidentProperties {
		if !strings.Contains(out, "\n"+p.Name+": ") {
			t.Errorf("ogrinfo shows no field %s", p.Name)
		}
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var about string
	var codes int
	if err := db.QueryRow(`select c.description, (select count(*) from gpkg_data_column_constraints k where k.constraint_name = c.constraint_name and constraint_type = 'enum')
		from gpkg_data_columns c where table_name = 'incidents' and column_name = 'policy_need'`).Scan(&about, &codes); err != nil {
		t.Fatal(err)
	}
	if codes != 3 || !strings.Contains(about, "policy frozen") {
		t.Errorf("policy_need has %d codes and means %q", codes, about)
	}
}

// TestIndexAnswersAsEveryRowWould: the rows in a window, by index and without.
func TestIndexAnswersAsEveryRowWould(t *testing.T) {
	all, want := formattest.Window(3000)
	path := formattest.Write(t, Format, []format.Layer{formattest.Layer("all", format.Mixed)}, all)
	got := formattest.IDs(formattest.Rows(t, path, "all", formattest.Spat...))
	if len(want) < 20 || !reflect.DeepEqual(got, want) {
		t.Errorf("the index finds %d rows, there are %d", len(got), len(want))
	}
	out := formattest.GDAL(t, "ogrinfo", "-ro", path, "-sql", "select count(*) as n from rtree_all_geom")
	if !strings.Contains(out, "n (Integer) = 3000") {
		t.Errorf("the index does not hold every row: %s", out)
	}
}

// TestOtherSystem: coordinates in metres, and which they are.
func TestOtherSystem(t *testing.T) {
	path := formattest.OtherSystem(t, Format, "layer")
	records, source, err := drain(path, "")
	if err != nil || source.EPSG != 32633 || source.WKT != formattest.UTM33.WKT || records[0].Geometry != (orb.Point{500_000, 6_000_000}) {
		t.Errorf("%+v, %+v, %v", source, records, err)
	}
}

// TestRefused: what cannot stand in a file is refused with the id of the feature,
// and leaves no temporary file.
func TestRefused(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	bad := map[string]func(*feature.Feature){
		"no finite number":      func(f *feature.Feature) { f.Geometry = orb.Point{math.NaN(), 1} },
		"distance_m is no":      func(f *feature.Feature) { f.Values[4] = feature.Value{Number: math.Inf(1)} },
		"does not hold":         func(f *feature.Feature) { f.Geometry = orb.LineString{{1, 2}, {3, 4}} },
		"has 2 values, layer p": func(f *feature.Feature) { f.Values = f.Values[:2] },
	}
	for want, change := range bad {
		var out bytes.Buffer
		w := Format.New(&out, formattest.Meta)
		if err := w.Begin(formattest.Layer("p", format.Point)); err != nil {
			t.Fatal(err)
		}
		f := formattest.Feature(0, orb.Point{1, 2})
		change(&f)
		err := w.Write(&f)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `"f-000000"`) {
			t.Errorf("error is %v, want %q and the id", err, want)
		}
		w.Abort()
		w.Abort()
		if out.Len() > 0 {
			t.Error("an aborted file has bytes")
		}
	}
	for _, name := range []string{"", "a b", "gpkg_x", "1st", "p\"; drop table x"} {
		w := Format.New(io.Discard, format.Meta{})
		if err := w.Begin(formattest.Layer(name, format.Point)); err == nil {
			t.Errorf("a layer may be called %q", name)
		}
		w.Abort()
	}
	w := Format.New(io.Discard, format.Meta{})
	if err := errors.Join(w.Begin(formattest.Layer("a", format.Point)), w.Begin(formattest.Layer("A", format.Point))); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("two layers of one name: %v", err)
	}
	w.Abort()
	if left := formattest.Temporaries(t, dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestCutIsRecognisable: an output that fails is an error and leaves nothing, and
// a file that lost its end is refused.
func TestCutIsRecognisable(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	w := Format.New(&formattest.Full{Room: 1000}, formattest.Meta)
	if err := w.Begin(formattest.Layer("p", format.Point)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("close into a full disk: %v", err)
	}
	if left := formattest.Temporaries(t, dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	path := formattest.Write(t, Format, []format.Layer{formattest.Layer("all", format.Mixed)}, formattest.Features(format.Mixed))
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 50, len(raw) / 2, len(raw) - 4096, len(raw) - 1} {
		cut := filepath.Join(t.TempDir(), "cut.gpkg")
		if err := os.WriteFile(cut, raw[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		if r, err := Open(cut, ""); err == nil {
			r.Close()
			t.Errorf("a file of %d of %d bytes is taken for a whole one", n, len(raw))
		}
	}
}

// TestSameQuestionSameFile: with the same moment the file is the same to the byte.
func TestSameQuestionSameFile(t *testing.T) {
	var files [2][]byte
	for i := range files {
		path := formattest.Write(t, Format, []format.Layer{formattest.Layer("all", format.Mixed)}, formattest.Features(format.Mixed))
		var err error
		if files[i], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("two exports of the same moment differ")
	}
}

// TestMemoryIsBounded: 50,000 features cost no more than 10,000.
func TestMemoryIsBounded(t *testing.T) {
	grown := formattest.HeapOf(t, Format, 50_000)
	t.Logf("heap grew by %d kB at most", grown>>10)
	if grown > 4<<20 {
		t.Errorf("50,000 features take %d kB of heap", grown>>10)
	}
}

func BenchmarkWrite(b *testing.B) { formattest.Benchmark(b, Format) }
