package flatgeobuf

import (
	"encoding/binary"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/format/formattest"
)

// TestGDALReadsIt: layers of each kind, each with single and multiple geometries.
func TestGDALReadsIt(t *testing.T) {
	for _, kind := range []format.Geometry{format.Mixed, format.Point, format.Line, format.Polygon, format.None} {
		features := formattest.Of(kind)
		path := formattest.Write(t, Format, []format.Layer{formattest.LayerOf("layer", kind)}, features)
		same(t, path, features)
		out := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", path)
		for _, want := range []string{"Geometry: Unknown (any)", "title: String", "whole: Integer64", "share: Real", "open: Integer(Boolean)", "start_from: DateTime", "names: String", `ID["EPSG",4326]`} {
			if !strings.Contains(out, want) {
				t.Errorf("kind %d: ogrinfo does not say %q:\n%s", kind, want, out)
			}
		}
		if kind == format.Mixed && !strings.Contains(out, "Extent: (-180.000000, -89.500000) - (180.000000, 71.000000)") {
			t.Errorf("wrong extent:\n%s", out)
		}
	}
}

// TestOneTypeIsSaid: a layer that holds one type says so.
func TestOneTypeIsSaid(t *testing.T) {
	for _, g := range formattest.Shapes {
		if g == nil {
			continue
		}
		features := []feature.Feature{formattest.At(0, g), formattest.At(1, nil), formattest.At(2, g)}
		path := formattest.Write(t, Format, []format.Layer{formattest.LayerOf("layer", format.GeometryOf(g))}, features)
		same(t, path, features)
		words := map[string]string{"Point": "Point", "LineString": "Line String", "Polygon": "Polygon", "MultiPoint": "Multi Point", "MultiLineString": "Multi Line String", "MultiPolygon": "Multi Polygon"}
		if out := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", path); !strings.Contains(out, "Geometry: "+words[g.GeoJSONType()]+"\n") {
			t.Errorf("%s: %s", g.GeoJSONType(), out)
		}
	}
}

func same(t *testing.T, path string, features []feature.Feature) {
	t.Helper()
	formattest.Same(t, formattest.Rows(t, path, "layer"), formattest.Layer(), features, nil)
}

// TestEmptyAndWithout: no features, only features without geometry, empty
// geometries.
func TestEmptyAndWithout(t *testing.T) {
	path := formattest.Write(t, Format, []format.Layer{formattest.LayerOf("layer", format.Polygon)}, nil)
	if out := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", path); !strings.Contains(out, "Feature Count: 0") || !strings.Contains(out, "Geometry: Polygon") {
		t.Errorf("an empty layer: %s", out)
	}
	features := []feature.Feature{formattest.At(0, nil), formattest.At(1, nil)}
	same(t, formattest.Write(t, Format, []format.Layer{formattest.LayerOf("layer", format.Mixed)}, features), features)

	hollow := []feature.Feature{formattest.At(0, orb.MultiPoint{}), formattest.At(1, orb.MultiPolygon{}), formattest.At(2, orb.LineString{}),
		formattest.At(3, orb.Polygon{}), formattest.At(4, orb.MultiPolygon{{}, {{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}}), formattest.At(5, orb.Collection{orb.Point{1, 2}})}
	rows := formattest.Rows(t, formattest.Write(t, Format, []format.Layer{formattest.LayerOf("layer", format.Mixed)}, hollow), "layer")
	if len(rows) != len(hollow) {
		t.Errorf("%d of %d features with empty geometries are left", len(rows), len(hollow))
	}
}

// TestIncidents: the real properties.
func TestIncidents(t *testing.T) {
	path := formattest.Write(t, Format, []format.Layer{{Name: "incidents", Properties: feature.IncidentProperties}}, []feature.Feature{formattest.Incident()})
	out := formattest.GDAL(t, "ogrinfo", "-ro", "-al", "-so", path)
	for _, p := range feature.IncidentProperties {
		if !strings.Contains(out, "\n"+p.Name+": ") {
			t.Errorf("ogrinfo shows no field %s", p.Name)
		}
	}
}

// TestIndexAnswersAsEveryRowWould: the rows in a window, by index and without,
// with as many levels as the number of features asks for.
func TestIndexAnswersAsEveryRowWould(t *testing.T) {
	for _, n := range []int{1, 16, 17, 256, 257, 5000} {
		all, want := formattest.Window(n)
		for i := 0; i < n; i += 50 { // a few without geometry
			if n > 1 && !slices.Contains(want, all[i].ID) {
				all[i].Geometry = nil
			}
		}
		path := formattest.Write(t, Format, []format.Layer{formattest.LayerOf("layer", format.Mixed)}, all)
		if got := formattest.IDs(formattest.Rows(t, path, "layer", formattest.Spat...)); !slices.Equal(got, want) {
			t.Errorf("of %d features the index finds %d, there are %d", n, len(got), len(want))
		}
		if rows := formattest.Rows(t, path, "layer"); len(rows) != n {
			t.Errorf("%d of %d features are left", len(rows), n)
		}
	}
}

// TestNeighboursAreNear: the order of the features follows the curve, or the
// index would be right and of no use.
func TestNeighboursAreNear(t *testing.T) {
	seen := map[uint32]bool{}
	for x := range uint32(64) {
		for y := range uint32(64) {
			seen[hilbert(x, y)] = true
		}
	}
	for d := range uint32(64 * 64) {
		if !seen[d] {
			t.Fatalf("no cell at %d", d)
		}
	}
	items, err := format.NewSpool("test")
	if err != nil {
		t.Fatal(err)
	}
	defer items.Drop()
	offset := uint64(0)
	formattest.Many(4096, func(f *feature.Feature) {
		it := item{Box: format.BoxOf(f.Geometry), offset: offset}
		_, _ = items.Write(it.append(nil)) // a spool says it when it is read
		offset++
	})
	walk := func(of *format.Spool) (sum float64) {
		var before *item
		if err := eachRecord(of, itemSize, func(raw []byte) error {
			it := itemOf(raw)
			if before != nil {
				sum += math.Hypot(it.MinX-before.MinX, it.MinY-before.MinY)
			}
			before = &it
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return sum
	}
	before := walk(items)
	sorted, err := sortByHilbert(items, format.Box{MinX: 10, MinY: 50, MaxX: 30, MaxY: 70})
	if err != nil {
		t.Fatal(err)
	}
	defer sorted.Drop()
	if after := walk(sorted); after*20 > before {
		t.Errorf("the way from feature to feature is %.0f degrees, %.0f before", after, before)
	}
}

// TestOtherSystem: coordinates in metres, and which they are.
func TestOtherSystem(t *testing.T) {
	formattest.InUTM(t, Format, "layer")
}

// TestRefused: what cannot stand in a file is refused with the id of the feature,
// and leaves no temporary file.
func TestRefused(t *testing.T) {
	formattest.Contract(t, Format)
	formattest.Refuses(t, Format, formattest.LayerOf("layer", format.Point), map[string]func(*feature.Feature){
		"no finite number": formattest.Placed(orb.Point{1, math.NaN()}),
		"does not hold":    formattest.Placed(orb.LineString{{1, 2}, {3, 4}}),
	})
	formattest.FullDisk(t, Format)
}

// TestCutIsRecognisable: the header says how many features follow, and each how
// long it is; a file without its last byte does not come to that.
func TestCutIsRecognisable(t *testing.T) {
	features := formattest.Of(format.Mixed)
	raw, err := os.ReadFile(formattest.Write(t, Format, []format.Layer{formattest.LayerOf("layer", format.Mixed)}, features))
	if err != nil {
		t.Fatal(err)
	}
	if n := count(raw, len(features)); n != len(features) {
		t.Errorf("the whole file has %d features, want %d", n, len(features))
	}
	for n := range raw {
		if count(raw[:n], len(features)) == len(features) {
			t.Fatalf("a file of %d of %d bytes is taken for a whole one", n, len(raw))
		}
	}
}

// count follows the sizes of the features of a file that has an index for n.
func count(raw []byte, n int) int {
	at := len(magic)
	if len(raw) < at+4 {
		return 0
	}
	at += 4 + int(binary.LittleEndian.Uint32(raw[at:]))
	for level := n; ; level = (level + nodeSize - 1) / nodeSize {
		at += 40 * level
		if level == 1 {
			break
		}
	}
	found := 0
	for at+4 <= len(raw) {
		if at += 4 + int(binary.LittleEndian.Uint32(raw[at:])); at <= len(raw) {
			found++
		}
	}
	return found
}

// TestMemoryIsBounded: nothing grows but one buffer of the sorting, which is full
// long before.
func TestMemoryIsBounded(t *testing.T) {
	formattest.HeapStays(t, Format, 300_000, 10<<20)
}

func BenchmarkWrite(b *testing.B) { formattest.BenchIncidents(b, Format) }
