package csv_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/unicode"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/format/csv"
	"interceptlog/internal/format/formattest"
	"interceptlog/internal/geo/crs"
)

var update = flag.Bool("update", false, "write the golden files again")

var ours = csv.Mapping{Properties: formattest.Layer().Properties}

func TestGolden(t *testing.T) {
	formattest.Golden(t, "sample.csv", formattest.Encode(t, csv.Format, formattest.Layer(), formattest.Features()...), *update)
}

func TestReaderReadsWhatWriterWrites(t *testing.T) {
	raw := formattest.Encode(t, csv.Format, formattest.Layer(), formattest.Features()...)
	big, little := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder(), unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()
	for name, src := range map[string]io.Reader{
		"UTF-8": bytes.NewReader(raw), "a byte at a time": iotest.OneByteReader(bytes.NewReader(raw)), "with marks": io.MultiReader(strings.NewReader("\ufeff\ufeff"), bytes.NewReader(raw)),
		"LF":        strings.NewReader(strings.ReplaceAll(string(raw), "\r\n", "\n")),
		"UTF-16 BE": strings.NewReader(encode(t, big.String, raw)), "UTF-16 LE": strings.NewReader(encode(t, little.String, raw)),
	} {
		got, err := formattest.ReadAll(csv.NewReader(src, ours))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		formattest.Same(t, got, formattest.Layer(), formattest.Features(), nil)
		if got[3].ID != formattest.Features()[3].ID || got[3].Row != 5 {
			t.Errorf("%s: id %q in row %d", name, got[3].ID, got[3].Row)
		}
	}
}

func encode(t *testing.T, by func(string) (string, error), raw []byte) string {
	t.Helper()
	s, err := by(string(raw))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestEveryTextComesBack: a text that a formula, an apostrophe, a line break or
// nothing begins is the same after it was written and read, and no cell begins
// as a formula does.
func TestEveryTextComesBack(t *testing.T) {
	l := format.Layer{Name: "texts", Geometry: format.None, Properties: []feature.Property{{Name: "a"}, {Name: "b", Nullable: true}}}
	texts := []string{"", "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'=1", "''=1", "'", "''", "'x", "'t Hooft", "a\r\nb", "a\nb", `"`, `a"b`, " a ", "a,b;c", "⚡ Ж"}
	var features []feature.Feature
	for _, s := range texts {
		features = append(features, feature.Feature{Values: []feature.Value{{Text: s}, {Null: true}}})
	}
	raw := formattest.Encode(t, csv.Format, l, features...)
	for line := range strings.SplitSeq(string(raw), "\r\n") {
		if cell := strings.TrimPrefix(line, `"`); cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			t.Errorf("%q is a formula", line)
		}
	}
	got, err := formattest.ReadAll(csv.NewReader(bytes.NewReader(raw), csv.Mapping{}))
	if err != nil || len(got) != len(texts) {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	for i, s := range texts {
		if got[i].Properties["a"] != s || got[i].Properties["b"] != nil {
			t.Errorf("%q came back as %#v", s, got[i].Properties)
		}
	}
	one := format.Layer{Name: "one", Geometry: format.None, Properties: l.Properties[1:]}
	if got, err := formattest.ReadAll(csv.NewReader(bytes.NewReader(formattest.Encode(t, csv.Format, one, feature.Feature{Values: []feature.Value{{Null: true}}})), csv.Mapping{})); err != nil || len(got) != 1 || got[0].Properties["b"] != nil {
		t.Errorf("a row of one empty cell: %v, %v", got, err)
	}
}

func TestGDALReadsIt(t *testing.T) {
	raw := formattest.Encode(t, csv.Format, formattest.Layer(), formattest.Features()...)
	name := formattest.File(t, "csv", raw)
	lines := formattest.Lines(t, name, "sample", "-oo", "GEOM_POSSIBLE_NAMES=geometry_wkt", "-oo", "AUTODETECT_TYPE=YES", "-oo", "EMPTY_STRING_AS_NULL=YES", "-s_srs", "EPSG:4326", "-t_srs", "EPSG:4326")
	as := func(p feature.Property, plain string) string {
		switch {
		case p.Name == "title" && (strings.HasPrefix(plain, "=") || strings.HasPrefix(plain, "-") || strings.HasPrefix(plain, "'")):
			return "'" + plain // GDAL knows nothing of the guard
		case p.Kind == feature.List && plain == "":
			return formattest.Null
		case p.Kind == feature.Bool && plain != formattest.Null:
			return map[string]string{"true": "true", "false": "false"}[plain]
		}
		return plain
	}
	records := formattest.Records(t, lines)
	for _, r := range records {
		for name, v := range r.Properties {
			if s, ok := v.(string); ok && strings.Contains(name, "start") || name == "end_to" && ok {
				r.Properties[name] = strings.NewReplacer("/", "-", " ", "T").Replace(s)
			}
		}
	}
	formattest.Same(t, records, formattest.Layer(), formattest.Features(), as)
	info := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", name, "-oo", "X_POSSIBLE_NAMES=longitude", "-oo", "Y_POSSIBLE_NAMES=latitude")
	if !strings.Contains(info, "Feature Count: 8") || !strings.Contains(info, "Extent: (10.250000, 69.500000) - (10.250000, 69.500000)") {
		t.Error(info)
	}
}

func TestMetresHaveOtherNames(t *testing.T) {
	l := format.Layer{Name: "x", CRS: &crs.System{EPSG: 3035}}
	raw := string(formattest.Encode(t, csv.Format, l, feature.Feature{Geometry: orb.Point{4321000.5, 3210000}}, feature.Feature{}))
	if want := "geometry_wkt,easting,northing\r\nPOINT(4.3210005e+06 3.21e+06),4321000.5,3210000\r\n,,\r\n"; raw != want {
		t.Errorf("%q, want %q", raw, want)
	}
	if info := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", formattest.File(t, "csv", []byte(raw)), "-oo", "GEOM_POSSIBLE_NAMES=geometry_wkt"); !strings.Contains(info, "Extent: (4321000.500000, 3210000.000000)") {
		t.Error(info)
	}
	if _, err := formattest.ReadAll(csv.NewReader(strings.NewReader(raw), csv.Mapping{})); err == nil || !strings.Contains(err.Error(), "metres") {
		t.Errorf("metres are read as degrees: %v", err)
	}
}

func TestEmptyLayerAndContract(t *testing.T) {
	raw := formattest.Encode(t, csv.Format, formattest.Layer())
	if want := "id,number,title,severity,start_from,start_to,end_to,whole,share,open,names,geometry_wkt,longitude,latitude\r\n"; string(raw) != want {
		t.Errorf("%q", raw)
	}
	if got, err := formattest.ReadAll(csv.NewReader(bytes.NewReader(raw), ours)); len(got) != 0 || err != nil {
		t.Errorf("%d rows, %v", len(got), err)
	}
	formattest.Contract(t, csv.Format)
	w := csv.NewWriter(io.Discard, format.Meta{})
	if err := w.Begin(format.Layer{Properties: []feature.Property{{Name: "latitude"}}}); err == nil {
		t.Error("two columns of one name are taken")
	}
}

func TestReaderTakesTablesOfOthers(t *testing.T) {
	m := csv.Mapping{Names: map[string]string{"Titel": "title", "Anzahl": "whole"}, Longitude: "Länge", Latitude: "Breite", ID: "Nr", Properties: formattest.Layer().Properties}
	for name, doc := range map[string]string{
		"semicolons": "Nr;Titel;Anzahl;Länge;Breite;ok\n7;a, b;4;18.5;57.25;x\n\n",
		"tabs":       "Nr\tTitel\tAnzahl\tLänge\tBreite\tok\r\n7\ta, b\t 4 \t18.5\t57.25\tx",
		"commas":     "Nr,Titel,Anzahl,Länge,Breite,\" ok \"\n\n7,\"a, b\",4,18.5,57.25,x\n",
	} {
		got, err := formattest.ReadAll(csv.NewReader(strings.NewReader(doc), m))
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %v, %v", name, got, err)
			continue
		}
		if s := fmt.Sprintf("%s %v %#v", got[0].ID, got[0].Geometry, got[0].Properties); s != `7 [18.5 57.25] map[string]interface {}{"Nr":"7", "ok":"x", "title":"a, b", "whole":4}` {
			t.Errorf("%s: %s", name, s)
		}
	}
	r := csv.NewReader(strings.NewReader("a;b\n1;2"), csv.Mapping{})
	if h, err := r.Header(); err != nil || strings.Join(h, "|") != "a|b" {
		t.Errorf("header %q, %v", h, err)
	}
	if got, err := formattest.ReadAll(r); err != nil || len(got) != 1 || got[0].Properties["b"] != "2" {
		t.Errorf("%v, %v", got, err)
	}
	got, err := formattest.ReadAll(csv.NewReader(strings.NewReader("geometry_wkt,longitude,latitude\nPOINT EMPTY,1,2\n\" LINESTRING (1 2, 3 4) \",,\n"), csv.Mapping{}))
	if err != nil || !orb.Equal(got[0].Geometry, orb.Point{1, 2}) || !orb.Equal(got[1].Geometry, orb.LineString{{1, 2}, {3, 4}}) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestReaderSaysWhatIsWrongAndWhere(t *testing.T) {
	typed := func(name, text string) string { return "id," + name + "\n1,\n2," + text + "\n" }
	formattest.Complains(t, func(r io.Reader) format.Reader { return csv.NewReader(r, ours) }, map[string]string{
		"":                                    "the file is empty",
		"a,,b\n":                              "row 1: column 2 has no name",
		"a,b,a\n":                             "row 1, a: stands twice in the header",
		"a,b\n1,2\n3\n":                       "row 3: has 1 cells, the header has 2",
		"a\n\"x":                              "row 2: the file ends within quotation marks",
		"a\nx\"y\n":                           "row 2: has a quotation mark within a cell",
		"a\n\"x\"y\n":                         "row 2: has something behind the quotation mark",
		"a\nx\ry\n":                           "row 2: has a carriage return alone",
		"a,b\n\xef\xa6,\xbf\n":                "row 2: is not UTF-8", // UTF-8 without the comma
		"a\n\xff\n":                           "row 2: is not UTF-8",
		"a\x00\n":                             "row 1: holds a byte 0",
		"longitude\n":                         "row 1, longitude: stands alone",
		strings.Repeat("a,", 20_000):          "more than 16384 columns",
		"longitude,latitude\n1,\n":            "row 2, latitude: is empty. Accepted are degrees from -90 to 90",
		"longitude,latitude\n1,91\n":          "row 2, latitude: \"91\" is not accepted. Accepted are degrees from -90 to 90",
		"longitude,latitude\nNaN,1":           "row 2, longitude: \"NaN\"",
		"longitude,latitude\n1e308,1":         "row 2, longitude: \"1e308\"",
		typed("whole", "1.5"):                 `row 3, whole: "1.5" is no whole number. Accepted is 42.`,
		typed("share", "NaN"):                 `row 3, share: "NaN" is no number`,
		typed("share", "1e999"):               `row 3, share: "1e999" is no number`,
		typed("share", "0x1p3"):               "is no number",
		typed("share", `"1,5"`):               `"1,5" is no number. Accepted is 54.25.`,
		typed("open", "yes"):                  `"yes" is neither true nor false`,
		typed("geometry_wkt", "POINT(1 NaN)"): "row 3, geometry_wkt: \"POINT(1 NaN)\" holds a number that is no degree",
		typed("geometry_wkt", `"POLYGON((0 0,1 0,1 1,0 0),(0 0,1e308 0,1 1,0 0))"`):                           "holds a number that is no degree",
		typed("geometry_wkt", "POINT Z (1 2 3)"):                                                              "Accepted is Well-Known Text in two dimensions",
		typed("geometry_wkt", "here"):                                                                         `"here" is not accepted`,
		typed("geometry_wkt", strings.Repeat("GEOMETRYCOLLECTION(", 40)+"POINT(1 2)"+strings.Repeat(")", 40)): "nested deeper than 32",
		typed("geometry_wkt", `"LINESTRING(`+strings.Repeat("1 2,", 1_000_000)+`1 2)"`):                       "more than 1000000 positions",
	})
}

// TestRowHasALimit: an opened quotation mark does not gather the whole file.
func TestRowHasALimit(t *testing.T) {
	src := io.MultiReader(strings.NewReader("a\n\""), io.LimitReader(formattest.Endless{}, 80<<20))
	if _, err := formattest.ReadAll(csv.NewReader(src, csv.Mapping{})); err == nil || !strings.Contains(err.Error(), "row 2: is longer than 64 MB") {
		t.Error(err)
	}
}

func TestWriterMemoryDoesNotGrow(t *testing.T) {
	formattest.HeapStays(t, csv.Format, 200_000, 1<<20)
}

func TestReaderMemoryDoesNotGrow(t *testing.T) {
	formattest.ReaderHeapStays(t, csv.Format, func(r io.Reader) format.Reader { return csv.NewReader(r, ours) }, 200_000, 1<<20)
}

// TestCutRowIsNoticed: a table that ends within a row does not read as whole.
func TestCutRowIsNoticed(t *testing.T) {
	raw := formattest.Encode(t, csv.Format, formattest.Layer(), formattest.Features()...)
	if _, err := formattest.ReadAll(csv.NewReader(bytes.NewReader(raw[:len(raw)-5]), ours)); err == nil {
		t.Error("a cut table reads as whole")
	}
}

// FuzzReader: no input panics, and what is read can be written and reads again
// as it was.
func FuzzReader(f *testing.F) {
	f.Add(formattest.Encode(f, csv.Format, formattest.Layer(), formattest.Features()...))
	for _, doc := range []string{"a;b\n'=1;\"\"\n", "\xff\xfea\x00", "geometry_wkt\n\"MULTIPOLYGON(((0 0,1 0,1 1,0 0)))\"", "geometry_wkt\nGEOMETRYCOLLECTION(POINT(1 2))", "\ufefflongitude\tlatitude\n1\t2"} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := csv.NewReader(bytes.NewReader(raw), csv.Mapping{})
		got, err := formattest.ReadAll(r)
		var row *format.RowError
		if err != nil && !errors.As(err, &row) {
			t.Fatalf("%v is no RowError", err)
		}
		if len(got) == 0 {
			return
		}
		var l format.Layer
		for name := range got[0].Properties {
			l.Properties = append(l.Properties, feature.Property{Name: name})
		}
		var again []feature.Feature
		for _, rec := range got {
			one := feature.Feature{Geometry: rec.Geometry}
			for _, p := range l.Properties {
				s, ok := rec.Properties[p.Name].(string)
				one.Values = append(one.Values, feature.Value{Null: !ok, Text: s})
			}
			again = append(again, one)
		}
		var b bytes.Buffer
		w := csv.NewWriter(&b, format.Meta{})
		if err := w.Begin(l); err != nil {
			return // a column named as one of ours
		}
		for i := range again {
			if err := w.Write(&again[i]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		back, err := formattest.ReadAll(csv.NewReader(&b, csv.Mapping{Separator: ','}))
		if err != nil {
			t.Fatalf("%v in %q", err, b.Bytes())
		}
		formattest.Same(t, back, l, again, nil)
	})
}

func BenchmarkWriter(b *testing.B) { formattest.Bench(b, csv.Format) }

func BenchmarkReader(b *testing.B) {
	r := csv.NewReader(formattest.Stream(csv.Format, 1<<40), ours)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Next(); err != nil {
			b.Fatal(err)
		}
	}
}
