package gpkg

import (
	"bytes"
	"database/sql"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/format/formattest"
)

// TestGDALReadsIt: layers of all geometries, of one kind, of none, without rows.
func TestGDALReadsIt(t *testing.T) {
	layers := []format.Layer{formattest.LayerOf("every", format.Mixed), formattest.LayerOf("areas", format.Polygon), formattest.LayerOf("calls", format.None), formattest.LayerOf("empty", format.Point), formattest.LayerOf("more", format.Mixed)}
	features := [][]feature.Feature{formattest.Of(format.Mixed), formattest.Of(format.Polygon), formattest.Of(format.None), nil, formattest.Features()}
	path := formattest.Write(t, Format, layers, features...)

	out := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", path)
	for _, want := range []string{
		"Layer name: every", "Layer name: areas", "Layer name: calls", "Layer name: empty", "Feature Count: 8", "Feature Count: 0",
		"Geometry: Unknown (any)", "Geometry: None", "Geometry: Point", "Extent: (-180.000000, -89.500000) - (180.000000, 71.000000)",
		"title: String", "severity: String (0.0), domain name=every_severity", "whole: Integer64", "share: Real", "open: Integer(Boolean)", "start_from: DateTime", "names: String(JSON)",
		`"as_of":"2026-03-14T14:53:20.250Z","filter":"region=baltic&q=%3D1","marking":"NATO UNCLASSIFIED"`,
		"DESCRIPTION=Every kind of value.", "IDENTIFIER=Title of every", `ID["EPSG",4326]`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("ogrinfo does not say %q", want)
		}
	}
	if t.Failed() {
		t.Log(out)
	}
	for i, l := range layers {
		formattest.Same(t, formattest.Records(t, formattest.Lines(t, path, l.Name, "-a_srs", "EPSG:4326")), l, features[i], nil)
	}
}

// TestValid: GDAL's validator finds nothing in mixed and single geometries, in
// tables with and without rows, in keys and references, in metres.
func TestValid(t *testing.T) {
	incidents := format.Layer{Name: "incidents", Title: "Incidents", Properties: feature.IncidentProperties, Key: []string{"id"}}
	links := format.Layer{Name: "links", Geometry: format.None, Properties: feature.LinkProperties, Key: []string{"contact_id", feature.IncidentKey}, Refs: []format.Ref{{Property: feature.IncidentKey, Layer: "incidents", Key: "id"}}}
	one := formattest.Incident()
	one.Values[0] = feature.Value{Text: one.ID}
	layers := []format.Layer{incidents, links, formattest.LayerOf("every", format.Mixed), formattest.LayerOf("tracks", format.Line), formattest.LayerOf("areas", format.Polygon), formattest.LayerOf("calls", format.None), formattest.LayerOf("empty", format.Point), formattest.LayerOf("empty_table", format.None)}
	path := formattest.Write(t, Format, layers, []feature.Feature{one}, []feature.Feature{feature.OfLink("contact", one.ID, "prompted_by")}, formattest.Of(format.Mixed), formattest.Of(format.Line), formattest.Of(format.Polygon), formattest.Of(format.None), nil, nil)
	formattest.Valid(t, path)
	formattest.Valid(t, formattest.InUTM(t, Format, "metres"))

	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var broken int
	if err := db.QueryRow(`select count(*) from pragma_foreign_key_check`).Scan(&broken); err != nil || broken > 0 {
		t.Errorf("%d references to nothing (%v)", broken, err)
	}
	if _, err := db.Exec(`insert into links values (2, 'contact', 'incident', 'discussed')`); err == nil {
		t.Error("a key stands twice")
	}
	if out := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", path); !strings.Contains(out, "id: String (0.0) UNIQUE") {
		t.Errorf("GDAL knows of no key: %s", out)
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
	path := formattest.Write(t, Format, []format.Layer{formattest.LayerOf("all", format.Mixed)}, all)
	got := formattest.IDs(formattest.Rows(t, path, "all", formattest.Spat...))
	if len(want) < 20 || !slices.Equal(got, want) {
		t.Errorf("the index finds %d rows, there are %d", len(got), len(want))
	}
	out := formattest.GDAL(t, "ogrinfo", "-ro", path, "-sql", "select count(*) as n from rtree_all_geom")
	if !strings.Contains(out, "n (Integer) = 3000") {
		t.Errorf("the index does not hold every row: %s", out)
	}
}

// TestOtherSystem: coordinates in metres, and which they are.
func TestOtherSystem(t *testing.T) {
	records, source, err := drain(formattest.InUTM(t, Format, "layer"), "")
	if err != nil || source.EPSG != 32633 || source.WKT == "" || records[0].Geometry != (orb.Point{500_000, 6_000_000}) {
		t.Errorf("%+v, %+v, %v", source, records, err)
	}
}

// TestRefused: what cannot stand in a file is refused with the id of the feature,
// and leaves no temporary file.
func TestRefused(t *testing.T) {
	formattest.Refuses(t, Format, formattest.LayerOf("p", format.Point), map[string]func(*feature.Feature){
		"no finite number": formattest.Placed(orb.Point{math.NaN(), 1}),
		"does not hold":    formattest.Placed(orb.LineString{{1, 2}, {3, 4}}),
		"has 2 values":     func(f *feature.Feature) { f.Values = f.Values[:2] },
	})
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	for _, name := range []string{"", "a b", "gpkg_x", "1st", "p\"; drop table x"} {
		w := Format.New(io.Discard, format.Meta{})
		if err := w.Begin(formattest.LayerOf(name, format.Point)); err == nil {
			t.Errorf("a layer may be called %q", name)
		}
		w.Abort()
	}
	w := Format.New(io.Discard, format.Meta{})
	if err := errors.Join(w.Begin(formattest.LayerOf("a", format.Point)), w.Begin(formattest.LayerOf("A", format.Point))); err == nil || !strings.Contains(err.Error(), "twice") {
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
	formattest.FullDisk(t, Format)
	path := formattest.Write(t, Format, []format.Layer{formattest.LayerOf("all", format.Mixed)}, formattest.Of(format.Mixed))
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
		path := formattest.Write(t, Format, []format.Layer{formattest.LayerOf("all", format.Mixed)}, formattest.Of(format.Mixed))
		var err error
		if files[i], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("two exports of the same moment differ")
	}
}

// TestMemoryIsBounded: rows lie in the file, not in memory.
func TestMemoryIsBounded(t *testing.T) {
	formattest.HeapStays(t, Format, 50_000, 2<<20)
}

func BenchmarkWrite(b *testing.B) { formattest.BenchIncidents(b, Format) }
