package kml_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/format/formattest"
	"interceptlog/internal/format/kml"
	"interceptlog/internal/incidents"
)

var update = flag.Bool("update", false, "write the golden files again")

func TestGolden(t *testing.T) {
	formattest.Golden(t, "sample.kml", formattest.Encode(t, kml.Format, formattest.Layer(), formattest.Features()...), *update)
}

func TestGDALReadsIt(t *testing.T) {
	name := formattest.File(t, "kml", formattest.Encode(t, kml.Format, formattest.Layer(), formattest.Features()...))
	records := formattest.Records(t, formattest.Lines(t, name, "sample", "-dim", "XY"))
	as := func(p feature.Property, plain string) string {
		switch {
		case p.Kind == feature.Bool && plain != formattest.Null:
			return map[string]string{"true": "1", "false": "0"}[plain]
		case p.Kind == feature.List && plain == "":
			return formattest.Null
		}
		return plain
	}
	for _, r := range records { // GDAL makes times of the texts that look like some, with its own punctuation
		for name, v := range r.Properties {
			if s, ok := v.(string); ok && (strings.HasPrefix(name, "start_") || strings.HasPrefix(name, "end_")) {
				r.Properties[name] = strings.Replace(s, "+00", "Z", 1)
			}
		}
	}
	formattest.Same(t, records, formattest.Layer(), formattest.Features(), as)
	if got := records[0].Properties["Name"]; got != "2026-0000 Су-27 над Балтикой" {
		t.Errorf("the name is %q", got)
	}
	info := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", name)
	for _, want := range []string{"Feature Count: 8", "Extent: (-3.500000, -4.500000) - (31.000000, 69.750000)", "whole: Integer", "share: Real", "title: String", `ID["EPSG",4326]`} {
		if !strings.Contains(info, want) {
			t.Errorf("ogrinfo does not say %q:\n%s", want, info)
		}
	}
}

// TestOrderOfTheSchema: OGC 07-147r2 gives the children of an element an order,
// and validators insist on it.
func TestOrderOfTheSchema(t *testing.T) {
	for _, raw := range [][]byte{formattest.Encode(t, kml.Format, formattest.Layer(), formattest.Features()...), formattest.Encode(t, kml.Format, regional(), inRegions()...)} {
		inOrder(t, raw)
	}
}

func inOrder(t *testing.T, raw []byte) {
	t.Helper()
	order := map[string][]string{
		"Document":  {"name", "description", "Style", "ExtendedData", "Schema", "Placemark Folder"},
		"Folder":    {"name", "Placemark"},
		"Placemark": {"name", "description", "TimeSpan", "styleUrl", "ExtendedData", "Point LineString Polygon MultiGeometry"},
	}
	var path []string
	last := map[int]int{}
	dec := xml.NewDecoder(bytes.NewReader(raw))
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Space != "http://www.opengis.net/kml/2.2" {
				t.Errorf("%s is in the namespace %q", e.Name.Local, e.Name.Space)
			}
			if len(path) > 0 {
				if list, ok := order[path[len(path)-1]]; ok {
					i := slices.IndexFunc(list, func(s string) bool { return slices.Contains(strings.Fields(s), e.Name.Local) })
					if i < last[len(path)] {
						t.Errorf("%s stands wrong in %s", e.Name.Local, path[len(path)-1])
					}
					last[len(path)] = i
				}
			}
			path = append(path, e.Name.Local)
			last[len(path)] = 0
		case xml.EndElement:
			path = path[:len(path)-1]
		}
	}
}

// regional is a layer that is parted by regions.
func regional() format.Layer {
	return format.Layer{Name: "incidents", Properties: []feature.Property{{Name: "name"}, {Name: "region", Nullable: true, Codes: incidents.RegionCodes.Codes()}}}
}

// inRegions gives features whose regions come in no order, one without, and one
// that no list has.
func inRegions() (out []feature.Feature) {
	for i, region := range []string{"norwegian", "baltic", "", "norwegian", "black", "baltic", "pacific"} {
		f := formattest.Feature(i)
		f.Values = []feature.Value{{Text: fmt.Sprintf("%d %s", i, region)}, {Text: region, Null: region == ""}}
		out = append(out, f)
	}
	return out
}

// TestFolderARegion: every placemark stands once, in the folder of its region,
// and GDAL has a layer for each.
func TestFolderARegion(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	raw := formattest.Encode(t, kml.Format, regional(), inRegions()...)
	if left := formattest.Temporaries(t, dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	var doc struct {
		Folders []struct {
			Name  string   `xml:"name"`
			Names []string `xml:"Placemark>name"`
		} `xml:"Document>Folder"`
		Loose []string `xml:"Document>Placemark>name"`
	}
	if err := xml.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(doc); got != "{[{Norwegian [0 norwegian 3 norwegian]} {Baltic [1 baltic 5 baltic]} {Black [4 black]} {Region not known [2  6 pacific]}] []}" {
		t.Errorf("the folders are %s", got)
	}
	name := formattest.File(t, "kml", raw)
	for layer, want := range map[string]string{"Norwegian": "2", "Baltic": "2", "Black": "1", "Region not known": "2"} {
		if info := formattest.GDAL(t, "ogrinfo", "-ro", "-so", name, layer); !strings.Contains(info, "Feature Count: "+want+"\n") {
			t.Errorf("%s: %s", layer, info)
		}
	}
	w := kml.NewWriter(io.Discard, formattest.Meta)
	features := inRegions()
	if err := errors.Join(w.Begin(regional()), w.Write(&features[0]), w.Write(&features[1])); err != nil || len(formattest.Temporaries(t, dir)) != 1 {
		t.Errorf("%v, %v wait", err, formattest.Temporaries(t, dir))
	}
	w.Abort()
	if left := formattest.Temporaries(t, dir); len(left) > 0 {
		t.Errorf("an aborted file leaves %v", left)
	}
}

func TestTimeDescriptionAndStyle(t *testing.T) {
	l := format.Layer{Name: "incidents", Properties: []feature.Property{{Name: "name"}, {Name: "severity"}, {Name: "location"}, {Name: "start_from", Kind: feature.Instant}, {Name: "start_to", Kind: feature.Instant}, {Name: "end_to", Kind: feature.Instant}}}
	one := func(sev, location string, from, to, end int64) string {
		at := func(ms int64) feature.Value { return feature.Value{Null: ms == 0, Int: ms} }
		return string(formattest.Encode(t, kml.Format, l, feature.Feature{Values: []feature.Value{{Text: "N"}, {Text: sev}, {Text: location}, at(from), at(to), at(end)}}))
	}
	for doc, want := range map[string]string{
		one("high_risk", "<img src=x>\x01", 1000, 61_000, 0): "<name>N</name><description>location: &amp;lt;img src=x&gt;\ufffd\nseverity: high_risk</description><TimeSpan><begin>1970-01-01T00:00:01Z</begin><end>1970-01-01T00:01:01Z</end></TimeSpan><styleUrl>#severity-high_risk</styleUrl>",
		one("x", "", 1000, 61_000, 120_000):                  "<begin>1970-01-01T00:00:01Z</begin><end>1970-01-01T00:02:00Z</end></TimeSpan><styleUrl>#unrated</styleUrl>",
		one("", "", 0, 0, 0):                                 "<Placemark><name>N</name><styleUrl>#unrated</styleUrl>",
	} {
		if !strings.Contains(doc, want) {
			t.Errorf("%s is not in\n%s", want, doc)
		}
	}
	doc := one("serious", "", 0, 0, 0)
	for _, code := range append(incidents.Severities.Codes(), "as_of", "NATO UNCLASSIFIED", "region=baltic&amp;q=%3D1") {
		if !strings.Contains(doc, code) {
			t.Errorf("%s is not in the document", code)
		}
	}
}

func TestEmptyThings(t *testing.T) {
	name := formattest.File(t, "kml", formattest.Encode(t, kml.Format, formattest.Layer()))
	// GDAL opens it, and lists a document as a layer only when it has placemarks.
	if info := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", name); !strings.Contains(info, "successful") || strings.Contains(info, "Layer name") {
		t.Error(info)
	}
	l := format.Layer{Name: "sample"}
	var features []feature.Feature
	for _, g := range []orb.Geometry{orb.LineString{}, orb.Polygon{}, orb.Polygon{{}}, orb.MultiPoint{}, orb.Collection{orb.MultiPolygon{}}, orb.Bound{Max: orb.Point{1, 1}}, orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 0}}} {
		features = append(features, feature.Feature{ID: "x", Geometry: g})
	}
	raw := string(formattest.Encode(t, kml.Format, l, features...))
	if n := strings.Count(raw, "<coordinates>"); n != 2 || strings.Contains(raw, "MultiGeometry") || strings.Count(raw, "<name>x</name>") != 7 {
		t.Errorf("%d geometries: %s", n, raw)
	}
}

func TestWriterIsHeldToItsContract(t *testing.T) { formattest.Contract(t, kml.Format) }

// TestCutFileLooksCut: without Close it is no XML.
func TestCutFileLooksCut(t *testing.T) {
	raw := formattest.Cut(t, kml.Format, 1000)
	if bytes.Contains(raw, []byte("</kml>")) {
		t.Errorf("%d bytes", len(raw))
	}
	var doc struct{}
	if err := xml.Unmarshal(raw, &doc); err == nil {
		t.Error("a part is XML")
	}
}

func TestMemoryDoesNotGrow(t *testing.T) {
	formattest.HeapStays(t, kml.Format, 200_000, 1<<20)
}

func BenchmarkWriter(b *testing.B) { formattest.Bench(b, kml.Format) }
