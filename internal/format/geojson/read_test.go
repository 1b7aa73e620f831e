package geojson_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/format/formattest"
	"interceptlog/internal/format/geojson"
)

func TestReaderReadsWhatWriterWrites(t *testing.T) {
	raw := formattest.Encode(t, geojson.Format, formattest.Layer(), formattest.Features()...)
	for _, src := range []io.Reader{bytes.NewReader(raw), iotest.OneByteReader(bytes.NewReader(append([]byte("\ufeff"), raw...)))} {
		got, err := formattest.ReadAll(geojson.NewReader(src))
		if err != nil {
			t.Fatal(err)
		}
		formattest.Same(t, got, formattest.Layer(), formattest.Features(), nil)
		if got[2].ID != formattest.Features()[2].ID || got[2].Row != 3 {
			t.Errorf("id %q in row %d", got[2].ID, got[2].Row)
		}
	}
}

func point(props string) string {
	return `{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2,99]},"properties":` + props + `}`
}

func fileOf(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

func TestReaderTakesForms(t *testing.T) {
	for name, doc := range map[string]string{
		"a single feature":     point(`{"a":1}`),
		"members in any order": `{"features":[` + point(`{"a":1}`) + `],"x":{"y":[1]},"numberReturned":1,"type":"FeatureCollection"}`,
		"feature, turned":      ` { "properties" : {"a" : 1 } , "geometry":{"coordinates":[1 , 2],"type":"Point"}, "type":"Feature" } `,
		"a crs that is WGS 84": `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[` + point(`{"a":1}`) + `]}`,
	} {
		got, err := formattest.ReadAll(geojson.NewReader(strings.NewReader(doc)))
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %d, %v", name, len(got), err)
			continue
		}
		if g, want := fmt.Sprint(got[0].Geometry), "[1 2]"; g != want || got[0].Properties["a"] != int64(1) {
			t.Errorf("%s: %v", name, got[0])
		}
	}
	got, err := formattest.ReadAll(geojson.NewReader(strings.NewReader(fileOf(`{"type":"Feature","id":7,"geometry":null,"properties":null}`,
		`{"type":"Feature","id":"\u00d8","geometry":{"type":"GeometryCollection","geometries":[]},"properties":{"i":9007199254740993,"x":1e3,"t":true,"n":null,"l":[1,"a",[]],"o":{"k":"\ud83d\ude00"}}}`))))
	if err != nil || got[0].ID != "7" || got[0].Geometry != nil || len(got[0].Properties) != 0 || got[1].ID != "Ø" {
		t.Fatalf("%+v, %v", got, err)
	}
	if s := fmt.Sprintf("%#v", got[1].Properties); s != `map[string]interface {}{"i":9007199254740993, "l":[]interface {}{1, "a", []interface {}{}}, "n":interface {}(nil), "o":map[string]interface {}{"k":"😀"}, "t":true, "x":1000}` {
		t.Error(s)
	}
}

func TestReaderSaysWhatIsWrongAndWhere(t *testing.T) {
	good := point(`{"a":1}`)
	geometry := func(g string) string { return fileOf(good, `{"type":"Feature","geometry":`+g+`,"properties":{}}`) }
	formattest.Complains(t, func(r io.Reader) format.Reader { return geojson.NewReader(r) }, map[string]string{
		``:                              "the file is empty",
		`1e999`:                         "no JSON object",
		`[]`:                            "no JSON object",
		`{"type":"Topology"}`:           `type: is "Topology". Accepted is GeoJSON`,
		`{"type":"FeatureCollection"}`:  "type: is",
		`{"type":"X","features":[]}`:    `type: is "X"`,
		`{"features":{},"type":"F"}`:    "features: is no list",
		`{"a":1,"a":2}`:                 "a: stands twice",
		`{"features":[],"features":[]}`: "features: stands twice",
		fileOf(good) + "{":              "something follows the end",
		fileOf(good)[:60]:               "row 1: the file ends here",
		`{"type":"FeatureCollection","features":[` + good:                                                         "row 1: the file ends here",
		fileOf(good, `{"type":"Feature" "a":1}`):                                                                  "row 2: not JSON at byte",
		fileOf(good, `7`):                                                                                         "row 2: is no object",
		fileOf(good, `{"type":"Point"}`):                                                                          `row 2, type: is "Point". Accepted is Feature.`,
		fileOf(good, point(`{"a":1,"b":2,"\u0061":3}`)):                                                           "row 2, a: stands twice",
		fileOf(good, point(`{"a":{"b":1,"b":1}}`)):                                                                "row 2, a.b: stands twice",
		fileOf(good, point(`{"a":1e999}`)):                                                                        "row 2, a: 1e999 is out of range",
		fileOf(good, point("{\"a\":\"\xff\"}")):                                                                   "row 2, properties: is not UTF-8",
		fileOf(good, point(`[]`)):                                                                                 "row 2, properties: is no object",
		fileOf(good, point(strings.Repeat(`{"a":`, 40)+`1`+strings.Repeat(`}`, 40))):                              "nested deeper than 32",
		fileOf(`{"type":"Feature","id":[],"geometry":null,"properties":null}`):                                    "row 1, id: is neither",
		geometry(`{"type":"Point","coordinates":[1e308,2]}`):                                                      "row 2, geometry.coordinates: hold 1e308. Accepted are degrees.",
		geometry(`{"type":"Point","coordinates":[NaN,2]}`):                                                        "row 2: not JSON at byte",
		geometry(`{"type":"Point","coordinates":["1",2]}`):                                                        `hold "1" where a number belongs`,
		geometry(`{"type":"Point","coordinates":[null,2]}`):                                                       `hold null where a number belongs`,
		geometry(`{"type":"Point","coordinates":[1]}`):                                                            "a position of 1 numbers",
		geometry(`{"type":"Point","coordinates":[]}`):                                                             "a position of 0 numbers",
		geometry(`{"type":"Point","coordinates":[1,2,3,4]}`):                                                      "a position of 4 numbers",
		geometry(`{"type":"Point","coordinates":[[1,2]]}`):                                                        `hold [1,2] where a number belongs`,
		geometry(`{"type":"Point"}`):                                                                              "a list is missing",
		geometry(`{"type":"Polygon","coordinates":[[1,2]]}`):                                                      "a list is missing",
		geometry(`{"type":"Circle","coordinates":[1,2]}`):                                                         `geometry.type: "Circle" is not accepted`,
		geometry(`{"type":"Point","type":"Point","coordinates":[1,2]}`):                                           "geometry.type: stands twice",
		geometry(`{"type":"GeometryCollection"}`):                                                                 "geometry.geometries: is no list",
		geometry(strings.Repeat(`{"type":"GeometryCollection","geometries":[`, 40) + strings.Repeat(`]}`, 40)):    "nested deeper than 32",
		geometry(`{"type":"LineString","coordinates":[` + strings.Repeat("[1,2],", 1_000_000) + `[1,2]]}`):        "more than 1000000 positions",
		`{"numberReturned":2,"type":"FeatureCollection","features":[` + good + `]}`:                               "numberReturned: says 2, and the file has 1 features",
		`{"type":"FeatureCollection","features":[` + good + `],"crs":{"properties":{"name":"urn:x:EPSG::3035"}}}`: "crs: is",
	})
}

// TestOneFeatureHasALimit: a file of one endless text is not gathered.
func TestOneFeatureHasALimit(t *testing.T) {
	src := io.MultiReader(strings.NewReader(`{"type":"FeatureCollection","features":[{"a":"`), formattest.Endless{})
	_, err := formattest.ReadAll(geojson.NewReader(src))
	if err == nil || !strings.Contains(err.Error(), "row 1: is larger than 64 MB") {
		t.Error(err)
	}
}

// TestReaderMemoryDoesNotGrow reads 200,000 features through a pipe.
func TestReaderMemoryDoesNotGrow(t *testing.T) {
	formattest.ReaderHeapStays(t, geojson.Format, func(r io.Reader) format.Reader { return geojson.NewReader(r) }, 200_000, 1<<20)
}

// FuzzReader: no input panics; what is read can be written, and reads again as
// it was.
func FuzzReader(f *testing.F) {
	for _, doc := range []string{fileOf(point(`{"a":[1,{"b":null}]}`)), point(`{}`), fileOf(), `{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}}`, `{"crs":null}`, "{\"\\", fileOf(point(`{"":"\ud800"}`))} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := formattest.ReadAll(geojson.NewReader(bytes.NewReader(raw)))
		var row *format.RowError
		if err != nil && !errors.As(err, &row) {
			t.Fatalf("%v is no RowError", err)
		}
		for _, r := range got {
			again := geojson.AppendFeatureOf(nil, nil, &feature.Feature{ID: r.ID, Geometry: r.Geometry})
			back, err := geojson.ReadFeature(r.Row, again)
			if err != nil || back.ID != r.ID || (back.Geometry == nil) != (r.Geometry == nil) {
				t.Errorf("%v of %s", err, again)
			}
		}
	})
}

func BenchmarkReader(b *testing.B) {
	raw := formattest.Encode(b, geojson.Format, formattest.Layer(), formattest.Feature(7))
	line := raw[bytes.IndexByte(raw, '\n')+1 : bytes.LastIndexByte(raw[:len(raw)-1], '\n')]
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := geojson.ReadFeature(1, line); err != nil {
			b.Fatal(err)
		}
	}
}
