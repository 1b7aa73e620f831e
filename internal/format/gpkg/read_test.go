package gpkg

import (
	"bytes"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
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

// drain reads everything and gives the error that comes instead of the end.
func drain(path, layer string) ([]*format.Record, format.Source, error) {
	r, err := Open(path, layer)
	if err != nil {
		return nil, format.Source{}, err
	}
	source := r.Source()
	records, err := formattest.Read(r)
	return records, source, err
}

// TestRoundTrip: what was written is read, all of it.
func TestRoundTrip(t *testing.T) {
	kinds := []format.Geometry{format.Mixed, format.Point, format.Line, format.Polygon, format.None}
	var layers []format.Layer
	var features [][]feature.Feature
	for i, kind := range kinds {
		layers = append(layers, formattest.LayerOf(fmt.Sprintf("layer_%d", i), kind))
		features = append(features, formattest.Of(kind))
	}
	path := formattest.Write(t, Format, layers, features...)
	for i, l := range layers {
		records, source, err := drain(path, l.Name)
		if err != nil || len(records) != len(features[i]) {
			t.Fatalf("%s: %d records, want %d: %v", l.Name, len(records), len(features[i]), err)
		}
		if l.Geometry != format.None && source.EPSG != 4326 || source.Layer != l.Name || len(source.Layers) != len(layers) || len(source.Fields) != len(formattest.Layer().Properties) {
			t.Errorf("%s: source is %+v", l.Name, source)
		}
		formattest.Same(t, records, l, features[i], func(p feature.Property, plain string) string {
			if p.Kind == feature.Instant && plain != formattest.Null && !strings.Contains(plain, ".") {
				return strings.TrimSuffix(plain, "Z") + ".000Z"
			}
			return plain
		})
		for j, r := range records {
			if r.ID != features[i][j].ID || r.Row != int64(j+1) {
				t.Errorf("row %d has number %d and id %s", j+1, r.Row, r.ID)
			}
		}
	}
	if _, err := Open(path, ""); err == nil || !strings.Contains(err.Error(), "layer_0, layer_1") {
		t.Errorf("no layer chosen: %v", err)
	}
	if _, err := Open(path, "other"); err == nil || !strings.Contains(err.Error(), `"other"`) {
		t.Errorf("another layer: %v", err)
	}
}

// TestReadsWhatGDALWrites: with heights, dates, a picture and its own names.
func TestReadsWhatGDALWrites(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.geojson"), filepath.Join(dir, "out ä?.gpkg")
	const doc = `{"type":"FeatureCollection","features":[
		{"type":"Feature","properties":{"name":"Größe","n":7,"x":1.5,"day":"2026-03-14","at":"2026-03-14T16:30:00Z","ok":true},"geometry":{"type":"LineString","coordinates":[[1,2,3],[4,5,6]]}},
		{"type":"Feature","properties":{"name":null},"geometry":null}]}`
	if err := os.WriteFile(in, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	formattest.GDAL(t, "ogr2ogr", "-f", "GPKG", out, in, "-nln", "My layer", "-lco", "FID=key", "-lco", "GEOMETRY_NAME=shape")
	records, source, err := drain(out, "")
	if err != nil || len(records) != 2 || source.Layer != "My layer" || source.EPSG != 4326 {
		t.Fatalf("%d records, %+v, %v", len(records), source, err)
	}
	want := map[string]any{"name": "Größe", "n": int64(7), "x": 1.5, "day": "2026-03-14", "at": "2026-03-14T16:30:00.000Z", "ok": true}
	if r := records[0]; !reflect.DeepEqual(r.Properties, want) || r.ID != "1" || !reflect.DeepEqual(r.Geometry, orb.LineString{{1, 2}, {4, 5}}) {
		t.Errorf("%+v", r)
	}
	if r := records[1]; r.Geometry != nil || r.Properties["n"] != nil || r.ID != "2" {
		t.Errorf("%+v", r)
	}
}

// sample writes a file and changes it by SQL.
func sample(t testing.TB, change ...string) string {
	t.Helper()
	path := formattest.Write(t, Format, []format.Layer{formattest.LayerOf("layer", format.Mixed)}, formattest.Of(format.Mixed))
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range append([]string{"drop trigger rtree_layer_geom_insert", "drop trigger rtree_layer_geom_update1", "drop trigger rtree_layer_geom_update2", "drop trigger rtree_layer_geom_update3", "drop trigger rtree_layer_geom_update4"}, change...) {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	return path
}

// TestRefusedFiles: each is refused with a word that says why, and nothing in it
// is run.
func TestRefusedFiles(t *testing.T) {
	const endless = ` as with recursive n(i) as (select 1 union all select i + 1 from n) select 'layer' as table_name, 'features' as data_type, i from n`
	geom := func(hex string) string { return `update layer set geom = x'` + hex + `' where fid = 2` }
	cases := map[string][]string{
		"no table of contents":                          {`drop table gpkg_contents`, `create view gpkg_contents` + endless},
		"it holds no layer":                             {`delete from gpkg_contents`},
		"is no table":                                   {`drop table layer`, `create view layer` + endless},
		"is no table; only tables":                      {`drop table layer`, `create virtual table layer using rtree(id, a, b)`},
		"no table of reference systems":                 {`drop table gpkg_spatial_ref_sys`},
		"the reference system":                          {`delete from gpkg_spatial_ref_sys`},
		"row 2, geom: it is no geometry of":             {geom(`00`)},
		"row 2, geom: it is no geometry":                {`update layer set geom = 'POINT (1 2)' where fid = 2`},
		"row 2, geom: the geometry is cut":              {geom(`4750000100000000` + `0101000000` + `00`)},
		"row 2, geom: it is a geometry of an extension": {geom(`4750002100000000` + `0101000000`)},
		"row 2, geom: its envelope":                     {geom(`4750000B00000000` + `0101000000`)},
		"row 2, geom: its byte order":                   {geom(`4750000100000000` + `0701000000`)},
		"row 2, geom: geometries of type 17":            {geom(`4750000100000000` + `0111000000`)},
		"row 2, geom: a coordinate":                     {geom(`4750000100000000` + `0101000000` + `000000000000F07F` + `0000000000000000`)},
		"row 2, severity: it is a binary value":         {`update layer set severity = x'00' where fid = 2`},
		"row 2, names: it is no JSON":                   {`update layer set names = '{' where fid = 2`},
		"row 2, share: it is no finite number":          {`update layer set share = 9e999 where fid = 2`},
		"row 2, title: it is no UTF-8":                  {`update layer set title = cast(x'ff' as text) where fid = 2`},
		"row 2, geom: collections lie more than 8":      {geom(`4750000100000000` + strings.Repeat(`010700000001000000`, 9) + `010700000000000000`)},
		"string or blob too big":                        {`update layer set title = replace(hex(zeroblob(34000000)), '0', 'x') where fid = 2`},
		"row 2, geom: a part has type 2, not 1":         {geom(`4750000100000000` + `010400000001000000` + `010200000000000000`)},
	}
	for want, change := range cases {
		if _, _, err := drain(sample(t, change...), ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want %q", err, want)
		}
	}
	text := filepath.Join(t.TempDir(), "x.gpkg")
	if err := os.WriteFile(text, bytes.Repeat([]byte("no database"), 100), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{text: "not a SQLite file", t.TempDir(): "it is no file", text + ".none": "no such file"} {
		if _, err := Open(path, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}

// TestComputedColumnsAreNotRead, nor are pictures.
func TestComputedColumnsAreNotRead(t *testing.T) {
	path := sample(t, `alter table layer add column picture BLOB`, `update layer set picture = x'00'`, `alter table layer add column sum INTEGER as (whole * 2)`)
	records, source, err := drain(path, "")
	if err != nil || len(records) != len(formattest.Shapes) || len(source.Fields) != len(formattest.Layer().Properties) {
		t.Errorf("%d records, %v, %v", len(records), source.Fields, err)
	}
}

// TestFileIsLeftAlone: reading changes no byte and leaves nothing beside.
func TestFileIsLeftAlone(t *testing.T) {
	path := sample(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := drain(path, ""); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file was changed: %v", err)
	}
	if names := formattest.Temporaries(t, filepath.Dir(path)); len(names) != 1 {
		t.Errorf("beside it lies %v", names)
	}
}

// TestTooManyPoints: the number is looked at before memory is taken.
func TestTooManyPoints(t *testing.T) {
	head := []byte{'G', 'P', 0, 1, 0, 0, 0, 0, 1, 2, 0, 0, 0}
	long := append(binary.LittleEndian.AppendUint32(bytes.Clone(head), format.MaxPoints+1), make([]byte, 16*(format.MaxPoints+1))...)
	if _, err := geometryOf(long); !errors.Is(err, errPoints) {
		t.Errorf("a line of %d points: %v", format.MaxPoints+1, err)
	}
	if _, err := geometryOf(binary.LittleEndian.AppendUint32(bytes.Clone(head), math.MaxUint32)); !errors.Is(err, errCut) {
		t.Errorf("a line that claims to be long: %v", err)
	}
}

// TestByteOrders: a geometry of either order and with measures is the same.
func TestByteOrders(t *testing.T) {
	big := []byte{'G', 'P', 0, 0, 0, 0, 0, 0, 0}
	big = binary.BigEndian.AppendUint32(big, 3000+wkbPoint)
	for _, x := range []float64{1.5, -2.5, 9, 9} {
		big = binary.BigEndian.AppendUint64(big, math.Float64bits(x))
	}
	if g, err := geometryOf(big); err != nil || g != (orb.Point{1.5, -2.5}) {
		t.Errorf("%v, %v", g, err)
	}
	for _, g := range formattest.Shapes {
		if g == nil {
			continue
		}
		got, err := geometryOf(appendGeometry(nil, g, format.BoxOf(g), 4326))
		if err != nil || !reflect.DeepEqual(got, g) {
			t.Errorf("%v came back as %v, %v", g, got, err)
		}
	}
	for _, g := range []orb.Geometry{orb.MultiPoint{}, orb.LineString{}, orb.Polygon{}, orb.MultiPolygon{}, orb.Collection{}} {
		if got, err := geometryOf(appendGeometry(nil, g, format.BoxOf(g), 4326)); err != nil || got != nil {
			t.Errorf("an empty %s came back as %v, %v", g.GeoJSONType(), got, err)
		}
	}
}

// FuzzGeometry: what is read can be written, and reads as the same.
func FuzzGeometry(f *testing.F) {
	for _, g := range append(formattest.Shapes, orb.Collection{orb.Point{1, 2}, orb.MultiPoint{}}) {
		if g != nil {
			f.Add(appendGeometry(nil, g, format.BoxOf(g), 4326))
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		g, err := geometryOf(raw)
		if err != nil || g == nil {
			return
		}
		again, err := geometryOf(appendGeometry(nil, g, format.BoxOf(g), 4326))
		if err != nil || again.GeoJSONType() != g.GeoJSONType() || format.BoxOf(again) != format.BoxOf(g) {
			t.Errorf("%v became %v, %v", g, again, err)
		}
	})
}

// FuzzOpen: whatever stands in a file, reading it ends.
func FuzzOpen(f *testing.F) {
	raw, err := os.ReadFile(sample(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	path := filepath.Join(f.TempDir(), fmt.Sprintf("fuzz-%d.gpkg", os.Getpid()))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, _ = drain(path, "") // an error is as good as the end
	})
}

func BenchmarkRead(b *testing.B) {
	var all []feature.Feature
	formattest.Many(10_000, func(f *feature.Feature) { all = append(all, *f) })
	path := formattest.Write(b, Format, []format.Layer{formattest.LayerOf("layer", format.Mixed)}, all)
	n := 0
	for b.Loop() {
		records, _, err := drain(path, "")
		if err != nil {
			b.Fatal(err)
		}
		n += len(records)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "features/s")
}
