package shapefile

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/format/formattest"
)

func readAll(t testing.TB, path, layer string) ([]*format.Record, format.Source) {
	t.Helper()
	r, err := Open(path, layer)
	if err != nil {
		t.Fatal(err)
	}
	source := r.Source()
	records, err := formattest.Read(r)
	if err != nil {
		t.Fatal(err)
	}
	return records, source
}

// TestRoundTrip: what was written is read, with the names of the properties and
// with lists, but for what a shapefile cannot hold.
func TestRoundTrip(t *testing.T) {
	for _, kind := range []format.Geometry{format.Mixed, format.Point, format.Line, format.Polygon, format.None} {
		features := formattest.Of(kind)
		records, source := readAll(t, write(t, kind, features), "")
		if len(records) != len(features) {
			t.Fatalf("kind %d: %d records, want %d", kind, len(records), len(features))
		}
		if kind != format.None && source.EPSG != 4326 || source.Layer != "layer" || len(source.Fields) != len(formattest.Layer().Properties) {
			t.Errorf("kind %d: source is %+v", kind, source)
		}
		for i, r := range records {
			if r.Row != int64(i+1) || r.ID != r.Properties["id"] {
				t.Errorf("row %d has number %d and id %s", i+1, r.Row, r.ID)
			}
		}
		formattest.SortByID(records)
		formattest.Same(t, records, formattest.Layer(), turnedAll(features), func(p feature.Property, plain string) string {
			if p.Kind == feature.Text && plain != formattest.Null {
				plain, _ = fit(plain)
				plain = strings.TrimRight(plain, " ")
			}
			return plain
		})
	}
}

// TestReadsWhatGDALWrites: heights, measures, code pages, dates, a folder.
func TestReadsWhatGDALWrites(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in.geojson")
	const doc = `{"type":"FeatureCollection","features":[
		{"type":"Feature","properties":{"name":"Größe","n":7,"x":1.5,"day":"2026-03-14","big":12345678901},"geometry":{"type":"MultiPolygon","coordinates":[
			[[[0,0,5],[10,0,5],[10,10,5],[0,10,5],[0,0,5]],[[1,1,5],[1,9,5],[9,9,5],[9,1,5],[1,1,5]]],[[[2,2,5],[8,2,5],[8,8,5],[2,8,5],[2,2,5]],[[3,3,5],[3,4,5],[4,4,5],[4,3,5],[3,3,5]]],[[[20,20,1],[21,20,1],[21,21,1],[20,20,1]]]]}},
		{"type":"Feature","properties":{"name":null,"n":null,"x":null,"day":null,"big":null},"geometry":null}]}`
	if err := os.WriteFile(in, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, encoding := range []string{"UTF-8", "ISO-8859-1", "CP1252"} {
		sub := filepath.Join(dir, "data-"+encoding)
		formattest.GDAL(t, "ogr2ogr", "-f", "ESRI Shapefile", sub, in, "-nln", "zone", "-lco", "ENCODING="+encoding)
		packed := filepath.Join(dir, encoding+".zip")
		packFolder(t, packed, sub)
		records, source := readAll(t, packed, "")
		if len(records) != 2 || source.EPSG != 4326 || source.Layer != "data/zone" {
			t.Fatalf("%s: %d records, %+v", encoding, len(records), source)
		}
		want := map[string]any{"name": "Größe", "n": int64(7), "x": 1.5, "day": "2026-03-14", "big": int64(12345678901)}
		if !reflect.DeepEqual(records[0].Properties, want) {
			t.Errorf("%s: %v", encoding, records[0].Properties)
		}
		areas, ok := records[0].Geometry.(orb.MultiPolygon)
		if !ok || len(areas) != 3 {
			t.Fatalf("%s: %v", encoding, records[0].Geometry)
		}
		for i, holes := range []int{1, 1, 0} {
			if len(areas[i]) != 1+holes {
				t.Errorf("area %d has %d rings", i, len(areas[i]))
			}
		}
		if records[1].Geometry != nil || records[1].Properties["n"] != nil {
			t.Errorf("%s: the empty row is %+v", encoding, records[1])
		}
	}
}

func packFolder(t *testing.T, to, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if files["data/"+e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(to, packed(t, files), 0o600); err != nil {
		t.Fatal(err)
	}
}

func packed(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range files {
			if !yield(name) {
				return
			}
		}
	}) {
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write(files[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sample are the files of a set of two rows.
func sample(t testing.TB, kind format.Geometry, g ...orb.Geometry) map[string][]byte {
	t.Helper()
	var features []feature.Feature
	for i, x := range g {
		features = append(features, formattest.At(i, x))
	}
	z, err := zip.OpenReader(write(t, kind, features))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	files := map[string][]byte{}
	for _, f := range z.File {
		if files[f.Name], err = small(f); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// drain reads everything and gives the error that comes instead of the end.
func drain(raw []byte, layer string) error {
	r, err := open(bytes.NewReader(raw), int64(len(raw)), layer)
	if err != nil {
		return err
	}
	_, err = formattest.Read(r)
	return err
}

// TestRefusedFiles: each is refused with a word that says why.
func TestRefusedFiles(t *testing.T) {
	line := orb.LineString{{1, 2}, {3, 4}}
	change := func(name string, fn func(b []byte) []byte) map[string][]byte {
		files := sample(t, format.Line, line, line)
		files[name] = fn(files[name])
		return files
	}
	put32 := func(at int, n uint32) func([]byte) []byte {
		return func(b []byte) []byte { binary.LittleEndian.PutUint32(b[at:], n); return b }
	}
	const first = headerSize + 8 // the content of the first shape
	cases := []struct {
		want  string
		files map[string][]byte
	}{
		{"holds no .dbf", map[string][]byte{"readme.txt": nil}},
		{"with the name", map[string][]byte{"../layer.dbf": nil}},
		{"with the name", map[string][]byte{"/etc/layer.dbf": nil}},
		{"with the name", map[string][]byte{`a\b.dbf`: nil}},
		{"twice", map[string][]byte{"a.dbf": nil, "A.DBF": nil}},
		{"several layers", map[string][]byte{"a.dbf": nil, "b.dbf": nil}},
		{"times its size", map[string][]byte{"a.dbf": bytes.Repeat([]byte(" "), 20<<20)}},
		{"more than 1024 kB", map[string][]byte{"a.dbf": nil, "a.cpg": make([]byte, 2<<20)}},
		{"head is cut", change("layer.dbf", func(b []byte) []byte { return b[:40] })},
		{"ends before its last row", change("layer.dbf", func(b []byte) []byte { return b[:len(b)-10] })},
		{"more than 5000000", change("layer.dbf", put32(4, 1<<30))},
		{"type 'M'", change("layer.dbf", func(b []byte) []byte { b[32+11] = 'M'; return b })},
		{"two columns", change("layer.dbf", func(b []byte) []byte { copy(b[64:75], b[32:43]); return b })},
		{`row 1, whole: "1a"`, change("layer.dbf", func(b []byte) []byte { return bytes.Replace(b, []byte(" -3"), []byte(" 1a"), 1) })},
		{"row 1, title: ", change("layer.dbf", func(b []byte) []byte { return bytes.Replace(b, []byte("С"), []byte("\xff\xff"), 1) })},
		{"code page", change("layer.cpg", func([]byte) []byte { return []byte("KLINGON") })},
		{"no shapefile", change("layer.shp", put32(28, 7))},
		{"row 1: layer.shp: the shape has number 9", change("layer.shp", func(b []byte) []byte { b[headerSize+3] = 9; return b })},
		{"row 1: layer.shp: the shape has 4294967294 bytes", change("layer.shp", func(b []byte) []byte { copy(b[headerSize+4:], "\x7f\xff\xff\xff"); return b })},
		{"row 1: layer.shp: shapes of type 31", change("layer.shp", put32(first, 31))},
		{"row 1: layer.shp: shapes of type 2", change("layer.shp", put32(first, 2))},
		{"row 1: layer.shp: the shape has 1000001 points", change("layer.shp", put32(first+40, 1_000_001))},
		{"row 1: layer.shp: the shape is cut", change("layer.shp", put32(first+40, 900_000))},
		{"row 1: layer.shp: the shape has 4294967295 parts", change("layer.shp", put32(first+36, math.MaxUint32))},
		{"row 1: layer.shp: the parts", change("layer.shp", put32(first+44, 7))},
		{"row 1: layer.shp: point 1: a coordinate", change("layer.shp", func(b []byte) []byte { copy(b[first+48:], "\xff\xff\xff\xff\xff\xff\xff\xff"); return b })},
		{"row 2: layer.shp: the file is cut", change("layer.shp", func(b []byte) []byte { return b[:len(b)-3] })},
		{"more shapes than", change("layer.dbf", put32(4, 1))},
		{"no shape for this row", change("layer.shp", func(b []byte) []byte { b[27] -= 44; return b })},
	}
	for _, c := range cases {
		if err := drain(packed(t, c.files), ""); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error is %v, want %q", err, c.want)
		}
	}
	if err := drain(packed(t, sample(t, format.Line, line)), "other"); err == nil || !strings.Contains(err.Error(), "layer") {
		t.Errorf("another layer: %v", err)
	}
	if err := drain(packed(t, sample(t, format.Mixed, line, orb.Point{1, 2})), "layer_lines"); err != nil {
		t.Errorf("one set of several: %v", err)
	}
}

// TestLyingSize: a file that unpacks to more than the directory says is cut there.
func TestLyingSize(t *testing.T) {
	raw := packed(t, map[string][]byte{"a.dbf": bytes.Repeat([]byte("0123456789"), 1000)})
	at := bytes.LastIndex(raw, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(raw[at+24:], 64)
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := small(z.File[0]); len(got) > 64 {
		t.Errorf("%d bytes come out of a file of 64: %v", len(got), err)
	}
}

// TestNamesOfOtherSystems: what the Finder adds is passed over, and a name in the
// letters of DOS is read.
func TestNamesOfOtherSystems(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, raw := range sample(t, format.Line, orb.LineString{{1, 2}, {3, 4}}) {
		for _, prefix := range []string{"\x9abung/", "__MACOSX/._"} { // Übung
			f, err := z.CreateHeader(&zip.FileHeader{Name: prefix + name, NonUTF8: true})
			if err == nil {
				_, err = f.Write(raw)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := open(bytes.NewReader(b.Bytes()), int64(b.Len()), "")
	if err != nil {
		t.Fatal(err)
	}
	if records, err := formattest.Read(r); err != nil || len(records) != 1 || r.Source().Layer != "Übung/layer" {
		t.Errorf("%d records, %+v, %v", len(records), r.Source(), err)
	}
}

// TestDeletedRows are skipped with their shapes.
func TestDeletedRows(t *testing.T) {
	files := sample(t, format.Point, orb.Point{1, 2}, orb.Point{3, 4})
	b := files["layer.dbf"]
	b[binary.LittleEndian.Uint16(b[8:])] = '*'
	path := filepath.Join(t.TempDir(), "x.zip")
	if err := os.WriteFile(path, packed(t, files), 0o600); err != nil {
		t.Fatal(err)
	}
	records, _ := readAll(t, path, "")
	if len(records) != 1 || records[0].Geometry != (orb.Point{3, 4}) || records[0].ID != formattest.At(1, nil).ID || records[0].Row != 2 {
		t.Errorf("%+v", records)
	}
}

// TestEntangledRings: the work is bounded.
func TestEntangledRings(t *testing.T) {
	var rings [][]orb.Point
	shell := make([]orb.Point, 0, 1001)
	for i := range 1001 {
		sin, cos := math.Sincos(-2 * math.Pi * float64(i%1000) / 1000)
		shell = append(shell, orb.Point{100 * cos, 100 * sin})
	}
	for i := range 1000 {
		grown := make([]orb.Point, len(shell))
		for j, p := range shell {
			grown[j] = orb.Point{p[0] * (2 - float64(i)/1000), p[1] * (2 - float64(i)/1000)}
		}
		rings = append(rings, grown, []orb.Point{{0, 0}, {1, 0}, {1, 1}, {0, 0}})
	}
	if _, err := areas(rings); !errors.Is(err, errEntangled) {
		t.Errorf("error is %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(packed(f, sample(f, format.Mixed, formattest.Shapes...)))
	f.Add(packed(f, sample(f, format.Polygon, formattest.Shapes[4])))
	f.Fuzz(func(t *testing.T, raw []byte) { _ = drain(raw, "") })
}

// FuzzParts goes past the checksums of the ZIP.
func FuzzParts(f *testing.F) {
	for _, kind := range []format.Geometry{format.Mixed, format.Polygon} {
		for name, shp := range sample(f, kind, formattest.Shapes[4], formattest.Shapes[5]) {
			if base, ok := strings.CutSuffix(name, ".shp"); ok {
				f.Add(shp, sample(f, kind, formattest.Shapes[4], formattest.Shapes[5])[base+".dbf"])
			}
		}
	}
	f.Fuzz(func(t *testing.T, shp, dbf []byte) {
		_ = drain(packed(t, map[string][]byte{"a.shp": shp, "a.dbf": dbf}), "")
	})
}

func BenchmarkRead(b *testing.B) {
	var all []feature.Feature
	formattest.Many(10_000, func(f *feature.Feature) { all = append(all, *f) })
	path := write(b, format.Mixed, all)
	n := 0
	for b.Loop() {
		records, _ := readAll(b, path, "")
		n += len(records)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "features/s")
}
