package geojson_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/format/formattest"
	"interceptlog/internal/format/geojson"
	"interceptlog/internal/geo/crs"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// laea is a system in metres.
var laea = &crs.System{URI: "http://www.opengis.net/def/crs/EPSG/0/3035", EPSG: 3035, Name: "ETRS89-extended / LAEA Europe", YFirst: true}

// TestWriterWritesWhatExportWrites: the general writer and the incidents' own
// differ in no byte, whole files of the sample included.
func TestWriterWritesWhatExportWrites(t *testing.T) {
	s, err := openSample()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := geojson.NewWriter(&b, format.Meta{AsOf: at.Now})
	if err := w.Begin(format.Layer{Name: "incidents", Properties: feature.IncidentProperties}); err != nil {
		t.Fatal(err)
	}
	n := 0
	err = s.EachCase(context.Background(), incidents.Filter{}, at, false, func(c *hotline.Case) error {
		n++
		f := feature.OfIncident(c)
		want, err := geojson.AppendFeature(nil, c, geojson.Options{})
		if got := geojson.AppendFeatureOf(nil, feature.IncidentProperties, &f); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v\n%s\n%s", c.Incident.Number, err, got, want)
		}
		return w.Write(&f)
	})
	if err != nil || n != 115 {
		t.Fatalf("%d cases, %v", n, err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if want := export(t, geojson.Options{}); !bytes.Equal(b.Bytes(), want) {
		t.Errorf("%d bytes, the export of incidents has %d", b.Len(), len(want))
	}
}

func TestGDALReadsEveryGeometry(t *testing.T) {
	name := formattest.File(t, "geojson", formattest.Encode(t, geojson.Format, formattest.Layer(), formattest.Features()...))
	formattest.Same(t, formattest.Records(t, formattest.Lines(t, name, "sample")), formattest.Layer(), formattest.Features(), nil)
	info := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", name)
	for _, want := range []string{"Layer name: sample", "Feature Count: 8", "Extent: (-3.500000, -4.500000) - (31.000000, 69.750000)", "start_from: DateTime", "open: Integer(Boolean)", "names: StringList", "whole: Integer", "share: Real"} {
		if !strings.Contains(info, want) {
			t.Errorf("ogrinfo does not say %q:\n%s", want, info)
		}
	}
}

func TestMetresCarryTheirSystem(t *testing.T) {
	l := format.Layer{Name: "sample", CRS: laea}
	var features []feature.Feature
	for _, g := range formattest.Geometries {
		features = append(features, feature.Feature{Geometry: g})
	}
	features[0].Geometry = orb.Point{4321000.12345, 3210000}
	features[3].Geometry = orb.MultiPoint{{-0.0001, math.Inf(1)}} // nowhere
	raw := formattest.Encode(t, geojson.Format, l, features...)
	for _, want := range []string{`"name":"urn:ogc:def:crs:EPSG::3035"`, `[4321000.123,3210000]`, `[0,null]`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("%s is not in %s", want, raw)
		}
	}
	features[3].Geometry = formattest.Geometries[3]
	name := formattest.File(t, "geojson", formattest.Encode(t, geojson.Format, l, features...))
	if info := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", name); !strings.Contains(info, `ID["EPSG",3035]`) || !strings.Contains(info, "(4321000.123000, 3210000.000000)") || !strings.Contains(info, "Feature Count: 8") {
		t.Error(info)
	}
	lines := formattest.Lines(t, name, "sample", "-a_srs", "EPSG:4326") // the numbers as they stand
	for i, r := range formattest.Records(t, lines) {
		if want := features[i].Geometry; i > 0 && want != nil && !orb.Equal(r.Geometry, want) {
			t.Errorf("geometry %d is %v, was %v", i, r.Geometry, want)
		}
	}
	if _, err := geojson.NewReader(bytes.NewReader(raw)).Next(); err == nil || !strings.Contains(err.Error(), "crs") {
		t.Errorf("metres are read as degrees: %v", err)
	}
}

func TestHeadAndEmptyLayer(t *testing.T) {
	raw := formattest.Encode(t, geojson.Format, formattest.Layer())
	want := `{"type":"FeatureCollection","name":"sample","as_of":"` + incidents.FormatInstant(formattest.Meta.AsOf) + `","filter":"region=baltic&q=%3D1","marking":"NATO UNCLASSIFIED","features":[` + "\n\n" + `],"numberReturned":0}` + "\n"
	if string(raw) != want {
		t.Errorf("%s\n%s", raw, want)
	}
	if info := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", formattest.File(t, "geojson", raw)); !strings.Contains(info, "Feature Count: 0") {
		t.Error(info)
	}
	if _, err := geojson.NewReader(bytes.NewReader(raw)).Next(); !errors.Is(err, io.EOF) {
		t.Errorf("reading it gives %v", err)
	}
}

func TestWriterIsHeldToItsContract(t *testing.T) {
	formattest.Contract(t, geojson.Format)
	if got := string(geojson.AppendFeatureOf(nil, formattest.Layer().Properties[:2], &feature.Feature{Values: []feature.Value{{Text: ""}}})); got != `{"type":"Feature","geometry":null,"properties":{"id":"","number":null}}` {
		t.Error(got)
	}
	if got := string(geojson.AppendFeatureOf(nil, formattest.Layer().Properties[8:9], &feature.Feature{Values: []feature.Value{{Number: math.NaN()}}})); !strings.Contains(got, `"share":null`) {
		t.Error(got)
	}
}

// TestCutFileLooksCut: without Close no part of it is JSON.
func TestCutFileLooksCut(t *testing.T) {
	raw := formattest.Cut(t, geojson.Format, 1000)
	if json.Valid(raw) {
		t.Error("a part is JSON")
	}
	r := geojson.NewReader(bytes.NewReader(raw))
	var err error
	for err == nil {
		_, err = r.Next()
	}
	var row *format.RowError
	if !errors.As(err, &row) || row.Row < 100 || !strings.Contains(row.Msg, "cut") {
		t.Errorf("the reader says %v", err)
	}
}

func TestWriterMemoryDoesNotGrow(t *testing.T) {
	formattest.HeapStays(t, geojson.Format, 200_000, 1<<20)
}

func TestWriterAllocatesNothing(t *testing.T) {
	w := geojson.NewWriter(io.Discard, format.Meta{})
	if err := w.Begin(formattest.Layer()); err != nil {
		t.Fatal(err)
	}
	f := formattest.Feature(1)
	if n := testing.AllocsPerRun(1000, func() { _ = w.Write(&f) }); n > 0 {
		t.Errorf("%v allocations a feature", n)
	}
}

func BenchmarkWriter(b *testing.B) { formattest.Bench(b, geojson.Format) }
